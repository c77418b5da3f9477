# SPDX-License-Identifier: MIT
# The network and the players of the test of high availability; the test itself is scripts/check ha.
noinst_PROGRAMS += tests/ha/relay tests/ha/crowd tests/ha/flood
tests_ha_relay_SOURCES = tests/ha/relay.c tests/chaos/random.h
tests_ha_relay_LDADD = libbase.a
tests_ha_crowd_SOURCES = tests/ha/crowd.c tests/chaos/random.h
tests_ha_crowd_LDADD = libplayer.a libbase.a
tests_ha_flood_SOURCES = tests/ha/flood.c tests/chaos/random.h tests/player/checksum.h
tests_ha_flood_LDADD = libplayer.a libbase.a

EXTRA_DIST += \
	tests/ha/lib/counts.sh \
	tests/ha/lib/crowd.sh \
	tests/ha/lib/faults.sh \
	tests/ha/lib/held.sh \
	tests/ha/lib/machine \
	tests/ha/lib/attack.sh \
	tests/ha/lib/network.sh \
	tests/ha/lib/table.sh \
	tests/ha/lib/world.sh \
	tests/ha/run \
	tests/ha/test_tunnel.sh
