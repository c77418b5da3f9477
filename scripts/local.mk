# SPDX-License-Identifier: MIT
EXTRA_DIST += \
	.ci/run \
	scripts/check \
	scripts/compile-commands \
	scripts/live-check \
	scripts/pre-commit \
	scripts/quickstart \
	scripts/lib/clean.sh \
	scripts/lib/haproxy.sh \
	scripts/lib/jobs.sh \
	scripts/lib/licence.sh \
	scripts/lib/mariadb.sh \
	scripts/lib/next.sh \
	scripts/lib/packages.sh \
	scripts/lib/say.sh \
	scripts/lib/source.sh \
	scripts/lib/step.sh \
	scripts/lib/wait.sh

# For /etc/fail2ban.
fail2banactiondir = $(pkgdatadir)/fail2ban/action.d
dist_fail2banaction_DATA = scripts/fail2ban/action.d/ropp.conf

monitoringdir = $(pkgdatadir)/monitoring
dist_monitoring_DATA = \
	scripts/monitoring/prometheus.yml \
	scripts/monitoring/ropp.dashboard.json \
	scripts/monitoring/ropp.rules.yml

compile_commands.json: Makefile
	$(AM_V_GEN)$(top_srcdir)/scripts/compile-commands '$(abs_top_srcdir)' '$(abs_top_builddir)' $(COMPILE) \
		$(CMOCKA_CFLAGS) $(PCRE2_CFLAGS) >$@.tmp && mv $@.tmp $@

CLEANFILES += compile_commands.json
