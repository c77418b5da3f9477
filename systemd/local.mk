# SPDX-License-Identifier: MIT
# Units of systemd, which know where ropp is. tests/ban/test_follow.sh has systemd look at them.
systemdunitdir = $(prefix)/lib/systemd/system
ropp_units = \
	systemd/ropp-follow.service \
	systemd/ropp-import@.service \
	systemd/ropp-import@.timer \
	systemd/ropp-metrics.service \
	systemd/ropp-metrics.timer
nodist_systemdunit_DATA = $(ropp_units)
nobase_dist_doc_DATA += systemd/follow.conf
EXTRA_DIST += $(ropp_units:=.in)
CLEANFILES += $(ropp_units)

$(ropp_units): %: %.in
	$(AM_V_GEN)mkdir -p systemd && sed 's,[@]bindir[@],$(bindir),g' $< >$@
