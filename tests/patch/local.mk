# SPDX-License-Identifier: MIT
# `ropp patch` on miniature trees; needs ./ropp, and for all of it git, jq, strace and root.
TESTS += \
	tests/patch/test_athena.sh \
	tests/patch/test_builds.sh \
	tests/patch/test_cli.sh \
	tests/patch/test_compile.sh \
	tests/patch/test_each.sh \
	tests/patch/test_faults.sh \
	tests/patch/test_forks.sh \
	tests/patch/test_own.sh \
	tests/patch/test_random.sh \
	tests/patch/test_reference.sh \
	tests/patch/test_shapes.sh \
	tests/patch/test_spacing.sh \
	tests/patch/test_without.sh
EXTRA_DIST += \
	tests/patch/lib.sh \
	tests/patch/rebuild \
	tests/patch/spacing.sh \
	tests/patch/test_athena.sh \
	tests/patch/test_builds.sh \
	tests/patch/test_cli.sh \
	tests/patch/test_compile.sh \
	tests/patch/test_each.sh \
	tests/patch/test_faults.sh \
	tests/patch/test_forks.sh \
	tests/patch/test_own.sh \
	tests/patch/test_random.sh \
	tests/patch/test_reference.sh \
	tests/patch/test_shapes.sh \
	tests/patch/test_spacing.sh \
	tests/patch/test_without.sh \
	tests/patch/years.sh
