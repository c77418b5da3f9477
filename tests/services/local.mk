# SPDX-License-Identifier: MIT
# Tests of the services that talk to MariaDB; tests/services/run starts one and runs them.
ropp_service_tests = \
	tests/services/test_banlist \
	tests/services/test_connlog \
	tests/services/test_worker

if HAVE_CMOCKA
check_PROGRAMS += $(ropp_service_tests)
endif

ropp_service_common = tests/services/database.c tests/services/database.h
ropp_service_cppflags = $(ropp_unit_cppflags)
ropp_service_ldadd = $(ropp_unit_ldadd)

# Memory that runs out and a clock that jumps: calls of the module's that go through the test.
ropp_service_wraps = -Wl,--wrap=malloc -Wl,--wrap=realloc -Wl,--wrap=ropp_wall_ms

tests_services_test_banlist_SOURCES = tests/services/test_banlist.c $(ropp_service_common)
tests_services_test_banlist_CPPFLAGS = $(ropp_service_cppflags)
tests_services_test_banlist_LDFLAGS = $(AM_LDFLAGS) $(ropp_service_wraps)
tests_services_test_banlist_LDADD = $(ropp_service_ldadd)
tests_services_test_connlog_SOURCES = tests/services/test_connlog.c $(ropp_service_common)
tests_services_test_connlog_CPPFLAGS = $(ropp_service_cppflags)
tests_services_test_connlog_LDFLAGS = $(AM_LDFLAGS) $(ropp_service_wraps)
tests_services_test_connlog_LDADD = $(ropp_service_ldadd)
tests_services_test_worker_SOURCES = tests/services/test_worker.c $(ropp_service_common)
tests_services_test_worker_CPPFLAGS = $(ropp_service_cppflags)
tests_services_test_worker_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=mysql_real_connect
tests_services_test_worker_LDADD = $(ropp_service_ldadd)

EXTRA_DIST += tests/services/run
