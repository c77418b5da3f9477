# SPDX-License-Identifier: MIT
# `ropp patch` on miniature trees; needs ./ropp, and for all of it git, jq, strace and root. Thousands of programs are started for it, so
# that it is not a part of `make check`, which is to be quick.
ropp_patch_tests = \
	tests/patch/test_athena.sh \
	tests/patch/test_builds.sh \
	tests/patch/test_cli.sh \
	tests/patch/test_compile.sh \
	tests/patch/test_each.sh \
	tests/patch/test_faults.sh \
	tests/patch/test_forks.sh \
	tests/patch/test_output.sh \
	tests/patch/test_own.sh \
	tests/patch/test_random.sh \
	tests/patch/test_reference.sh \
	tests/patch/test_shapes.sh \
	tests/patch/test_spacing.sh \
	tests/patch/test_without.sh
ropp_patch_logs = $(ropp_patch_tests:.sh=.log)
MOSTLYCLEANFILES = $(ropp_patch_logs)

SUFFIXES = .sh .log
.sh.log:
	@mkdir -p $(@D)
	@if $(AM_TESTS_ENVIRONMENT) srcdir=$(srcdir) $(LOG_COMPILER) $< >$@ 2>&1; then echo "PASS: $<"; \
	else cat $@; echo "FAIL: $<"; rm -f $@; exit 1; fi

.PHONY: check-patch
check-patch: all-am
	@rm -f $(ropp_patch_logs)
	@$(MAKE) $(AM_MAKEFLAGS) -k $(ropp_patch_logs)
	@$(srcdir)/tests/left-out -- $(ropp_patch_logs)

EXTRA_DIST += \
	tests/patch/lib.sh \
	tests/patch/outputs.txt \
	tests/patch/rebuild \
	tests/patch/spacing.sh \
	tests/patch/test_athena.sh \
	tests/patch/test_builds.sh \
	tests/patch/test_cli.sh \
	tests/patch/test_compile.sh \
	tests/patch/test_each.sh \
	tests/patch/test_faults.sh \
	tests/patch/test_forks.sh \
	tests/patch/test_output.sh \
	tests/patch/test_own.sh \
	tests/patch/test_random.sh \
	tests/patch/test_reference.sh \
	tests/patch/test_shapes.sh \
	tests/patch/test_spacing.sh \
	tests/patch/test_without.sh \
	tests/patch/years.sh
