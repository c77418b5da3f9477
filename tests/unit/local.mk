# SPDX-License-Identifier: MIT
# A unit test is a cmocka program; `make check` runs them all.
ropp_unit_tests = \
	tests/unit/test_journey \
	tests/unit/test_addr \
	tests/unit/test_crc32c \
	tests/unit/test_tlv \
	tests/unit/test_header \
	tests/unit/test_straight \
	tests/unit/test_corpus \
	tests/unit/test_policy \
	tests/unit/test_conn \
	tests/unit/test_readers \
	tests/unit/test_route \
	tests/unit/test_table \
	tests/unit/test_ban \
	tests/unit/test_dbconf \
	tests/unit/test_service \
	tests/unit/test_snapshot \
	tests/unit/test_notes \
	tests/unit/test_explain \
	tests/unit/test_connqueue \
	tests/unit/test_platform \
	tests/unit/test_module \
	tests/unit/test_module_bans \
	tests/unit/test_module_settings \
	tests/unit/test_glue_athena \
	tests/unit/test_glue_rathena \
	tests/unit/test_glue_hercules \
	tests/unit/test_glue_hercules_2019 \
	tests/unit/test_mask \
	tests/unit/test_statement \
	tests/unit/test_pattern \
	tests/unit/test_anchor \
	tests/unit/test_hookfile \
	tests/unit/test_weave \
	tests/unit/test_undo \
	tests/unit/test_plan \
	tests/unit/test_compile \
	tests/unit/test_aggregate \
	tests/unit/test_listfile \
	tests/unit/test_export \
	tests/unit/test_moment \
	tests/unit/test_settings \
	tests/unit/test_suggest \
	tests/unit/test_options \
	tests/unit/test_columns \
	tests/unit/test_json \
	tests/unit/test_run \
	tests/unit/test_notify \
	tests/unit/test_progress \
	tests/unit/test_status \
	tests/unit/test_entry \
	tests/unit/test_connect \
	tests/unit/test_follow \
	tests/unit/test_buffer \
	tests/unit/test_command \
	tests/unit/test_outfile \
	tests/unit/test_terminal \
	tests/unit/test_client \
	tests/unit/test_answers \
	tests/unit/test_link \
	tests/unit/test_scramble \
	tests/unit/test_verdict \
	tests/unit/test_probe_options \
	tests/unit/test_net \
	tests/unit/test_probe_way \
	tests/unit/test_hop_times \
	tests/unit/test_hop_exchange \
	tests/unit/test_hop_keys \
	tests/unit/test_hop_check \
	tests/unit/test_hop_measure \
	tests/unit/test_program \
	tests/unit/test_edge \
	tests/unit/test_haproxy \
	tests/unit/test_nft \
	tests/unit/test_frame \
	tests/unit/test_pcap \
	tests/unit/test_flows \
	tests/unit/test_dump

# A second decoder, which the first one is held against.
ropp_oracle = tests/oracle/agreement.c tests/oracle/agreement.h tests/oracle/oracle.c tests/oracle/oracle.h

# How each is begun, and one of its tests alone.
check_LIBRARIES =
if HAVE_CMOCKA
check_LIBRARIES += tests/unit/libunit.a
check_PROGRAMS += $(ropp_unit_tests)
TESTS += $(ropp_unit_tests)
endif
tests_unit_libunit_a_SOURCES = tests/unit/unit.c tests/unit/unit.h tests/unit/values.h
tests_unit_libunit_a_CPPFLAGS = $(ropp_unit_cppflags)

ropp_unit_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
ropp_unit_run = tests/unit/libunit.a $(CMOCKA_LIBS)
ropp_unit_ldadd = libropp.a $(MARIADB_LIBS) $(ropp_unit_run)
# The same under another name: the oracle is not for Windows (tests/windows/run).
ropp_unit_oracle_ldadd = $(ropp_unit_ldadd)

tests_unit_test_addr_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_addr_LDADD = $(ropp_unit_ldadd)
tests_unit_test_crc32c_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_crc32c_LDADD = $(ropp_unit_ldadd)
tests_unit_test_tlv_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_tlv_LDADD = $(ropp_unit_ldadd)
tests_unit_test_header_SOURCES = tests/unit/test_header.c tests/unit/header_cases.h
tests_unit_test_header_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_header_LDADD = $(ropp_unit_ldadd)
tests_unit_test_straight_SOURCES = tests/unit/test_straight.c tests/unit/ways.h tests/unit/header_cases.h tests/unit/corpus.h tests/unit/hex.h $(ropp_oracle)
tests_unit_test_straight_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_straight_LDADD = $(ropp_unit_oracle_ldadd)
tests_unit_test_corpus_SOURCES = tests/unit/test_corpus.c tests/unit/corpus.h tests/unit/hex.h
tests_unit_test_corpus_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_corpus_LDADD = $(ropp_unit_ldadd)
tests_unit_test_policy_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_policy_LDADD = $(ropp_unit_ldadd)
tests_unit_test_conn_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_conn_LDADD = $(ropp_unit_ldadd)
tests_unit_test_readers_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_readers_LDADD = $(ropp_unit_ldadd)
tests_unit_test_ban_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_ban_LDADD = $(ropp_unit_ldadd)
tests_unit_test_table_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_table_LDADD = $(ropp_unit_ldadd)
tests_unit_test_service_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_service_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=realloc
tests_unit_test_service_LDADD = $(ropp_unit_ldadd)
tests_unit_test_dbconf_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_dbconf_LDADD = $(ropp_unit_ldadd)
tests_unit_test_snapshot_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_snapshot_LDADD = $(ropp_unit_ldadd)
tests_unit_test_explain_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_explain_LDADD = $(ropp_unit_ldadd)
tests_unit_test_notes_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_notes_LDADD = $(ropp_unit_ldadd)
tests_unit_test_connqueue_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_connqueue_LDADD = $(ropp_unit_ldadd)
tests_unit_test_platform_SOURCES = tests/unit/test_platform.c tests/unit/system.h
tests_unit_test_platform_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_platform_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc -Wl,--wrap=pthread_create -Wl,--wrap=__imp_CreateThread
tests_unit_test_platform_LDADD = $(ropp_unit_ldadd)
tests_unit_test_module_bans_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_module_bans_LDADD = $(ropp_unit_ldadd)
tests_unit_test_module_settings_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_module_settings_LDADD = $(ropp_unit_ldadd)

# The glue, compiled into a fake emulator of each shape.
ropp_unit_glue_sources = tests/unit/test_glue.c tests/unit/glue/emulator.h tests/unit/glue/module.h tests/unit/glue/ropp_tree.h tests/unit/glue/sockets.h
ropp_unit_glue_cppflags = $(ropp_unit_cppflags) -I. -I$(srcdir)/tests/unit/glue
tests_unit_test_glue_athena_SOURCES = $(ropp_unit_glue_sources)
tests_unit_test_glue_athena_CPPFLAGS = $(ropp_unit_glue_cppflags) -DROPP_TEST_ATHENA
tests_unit_test_glue_athena_LDADD = $(ropp_unit_ldadd)
tests_unit_test_glue_rathena_SOURCES = $(ropp_unit_glue_sources)
tests_unit_test_glue_rathena_CPPFLAGS = $(ropp_unit_glue_cppflags)
tests_unit_test_glue_rathena_LDADD = $(ropp_unit_ldadd)
tests_unit_test_glue_hercules_SOURCES = $(ropp_unit_glue_sources)
tests_unit_test_glue_hercules_CPPFLAGS = $(ropp_unit_glue_cppflags) -DROPP_TEST_HERCULES -DROPP_EMU_HAS_CONNECTED
tests_unit_test_glue_hercules_LDADD = $(ropp_unit_ldadd)
tests_unit_test_glue_hercules_2019_SOURCES = $(ropp_unit_glue_sources)
tests_unit_test_glue_hercules_2019_CPPFLAGS = $(ropp_unit_glue_cppflags) -DROPP_TEST_HERCULES
tests_unit_test_glue_hercules_2019_LDADD = $(ropp_unit_ldadd)
tests/unit/test_glue_athena-test_glue.$(OBJEXT): ropp.h
tests/unit/test_glue_rathena-test_glue.$(OBJEXT): ropp.h
tests/unit/test_glue_hercules-test_glue.$(OBJEXT): ropp.h
tests/unit/test_glue_hercules_2019-test_glue.$(OBJEXT): ropp.h

tests_unit_test_module_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_module_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ropp_now_ms
tests_unit_test_module_LDADD = $(ropp_unit_ldadd)

# `ropp patch` without its command.
ropp_unit_patch_ldadd = libpatch.a libbase.a $(PCRE2_LIBS) $(ropp_unit_run)

tests_unit_test_pattern_SOURCES = tests/unit/test_pattern.c tests/unit/cases.h
tests_unit_test_pattern_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_pattern_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_mask_SOURCES = tests/unit/test_mask.c tests/unit/cases.h
tests_unit_test_mask_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_mask_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_statement_SOURCES = tests/unit/test_statement.c tests/unit/cases.h
tests_unit_test_statement_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_statement_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_anchor_SOURCES = tests/unit/test_anchor.c tests/unit/cases.h
tests_unit_test_anchor_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_anchor_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
tests_unit_test_anchor_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_hookfile_SOURCES = tests/unit/test_hookfile.c tests/unit/cases.h
tests_unit_test_hookfile_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_hookfile_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_undo_SOURCES = tests/unit/test_undo.c tests/unit/capture.h tests/unit/cases.h
tests_unit_test_undo_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(abs_srcdir)"'
tests_unit_test_undo_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=openat -Wl,--wrap=fstatat -Wl,--wrap=fstat -Wl,--wrap=read -Wl,--wrap=write \
	-Wl,--wrap=fsync -Wl,--wrap=renameat -Wl,--wrap=linkat -Wl,--wrap=unlinkat -Wl,--wrap=mkdirat -Wl,--wrap=fchmod -Wl,--wrap=fchown \
	-Wl,--wrap=utimensat -Wl,--wrap=flock -Wl,--wrap=nanosleep -Wl,--wrap=tmpfile
tests_unit_test_undo_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_plan_SOURCES = tests/unit/test_plan.c tests/unit/capture.h tests/unit/cases.h tools/patch/detect.c tools/patch/facts.c tools/patch/plan.c tools/patch/trap.c
tests_unit_test_plan_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(abs_srcdir)"'
tests_unit_test_plan_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_compile_SOURCES = tests/unit/test_compile.c tests/unit/capture.h tests/unit/cases.h tools/patch/compile/command.c tools/patch/compile/compile.c tools/patch/compile/shadow.c
tests_unit_test_compile_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(abs_srcdir)"'
tests_unit_test_compile_LDADD = $(ropp_unit_patch_ldadd)
tests_unit_test_weave_SOURCES = tests/unit/test_weave.c tests/unit/cases.h
tests_unit_test_weave_CPPFLAGS = $(ropp_unit_cppflags) -DROPP_SOURCE='"$(srcdir)"'
tests_unit_test_weave_LDADD = $(ropp_unit_patch_ldadd)

EXTRA_DIST += tests/unit/anchor_cases.txt tests/unit/command_cases.txt tests/unit/compile_cases.txt tests/unit/dialect_cases.txt tests/unit/function_cases.txt tests/unit/hookfile_cases.txt tests/unit/mask_cases.txt tests/unit/pattern_cases.txt tests/unit/plan_cases.txt tests/unit/statement_cases.txt tests/unit/undo_cases.txt tests/unit/weave_cases.txt

# Lists of addresses.
ropp_lists_ldadd = liblists.a libbase.a libropp.a $(ZLIB_LIBS)
ropp_unit_lists_ldadd = $(ropp_lists_ldadd) $(ropp_unit_run)

tests_unit_test_aggregate_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_aggregate_LDADD = $(ropp_unit_lists_ldadd)
tests_unit_test_listfile_CPPFLAGS = $(ropp_unit_cppflags) $(ZLIB_CFLAGS)
tests_unit_test_listfile_LDADD = $(ropp_unit_lists_ldadd)
tests_unit_test_export_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_export_LDADD = $(ropp_unit_lists_ldadd)

# What the commands share.
ropp_unit_base_ldadd = libbase.a $(ropp_unit_run)

tests_unit_test_moment_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_moment_SOURCES = tests/unit/test_moment.c tests/unit/capture.h
tests_unit_test_moment_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=time
tests_unit_test_moment_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_json_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_json_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_run_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_run_SOURCES = tests/unit/test_run.c tests/unit/capture.h
tests_unit_test_run_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=tmpfile -Wl,--wrap=fork -Wl,--wrap=waitpid
tests_unit_test_run_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_columns_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_columns_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_notify_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_notify_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_progress_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_progress_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_buffer_SOURCES = tests/unit/test_buffer.c tests/unit/capture.h tests/unit/child.h
tests_unit_test_buffer_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_buffer_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_command_SOURCES = tests/unit/test_command.c tests/unit/capture.h tests/unit/child.h
tests_unit_test_command_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_command_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_outfile_SOURCES = tests/unit/test_outfile.c tests/unit/capture.h tests/unit/child.h
tests_unit_test_outfile_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_outfile_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fdopen -Wl,--wrap=getxattr -Wl,--wrap=fsetxattr -Wl,--wrap=fremovexattr
tests_unit_test_outfile_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_terminal_SOURCES = tests/unit/test_terminal.c tests/unit/capture.h
tests_unit_test_terminal_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_terminal_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
tests_unit_test_terminal_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_options_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_options_SOURCES = tests/unit/test_options.c tests/unit/capture.h
tests_unit_test_options_LDADD = $(ropp_unit_base_ldadd)
tests_unit_test_suggest_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_suggest_LDADD = $(ropp_unit_base_ldadd)

# Where the database is.
ropp_unit_database_ldadd = libdatabase.a libbase.a libropp.a $(MARIADB_LIBS) $(ropp_unit_run)

tests_unit_test_settings_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_settings_LDADD = $(ropp_unit_database_ldadd)

# How a command comes to it.
tests_unit_test_connect_SOURCES = tests/unit/test_connect.c tests/unit/capture.h
tests_unit_test_connect_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_connect_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ropp_db_open -Wl,--wrap=ropp_db_close \
	-Wl,--wrap=ropp_db_has_room -Wl,--wrap=ropp_session_run -Wl,--wrap=ropp_session_rows \
	-Wl,--wrap=mysql_fetch_row -Wl,--wrap=mysql_free_result -Wl,--wrap=mysql_error -Wl,--wrap=mysql_errno
tests_unit_test_connect_LDADD = $(ropp_unit_database_ldadd)

# Entries of the ban list.
tests_unit_test_entry_SOURCES = tests/unit/test_entry.c tests/unit/capture.h tools/ban/entry.c tools/ban/guard.c tools/ban/target.c
tests_unit_test_entry_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_entry_LDADD = liblists.a $(ropp_unit_database_ldadd) $(ZLIB_LIBS)

# `ropp status`, with a database that is made up.
tests_unit_test_status_SOURCES = tests/unit/test_status.c tests/unit/capture.h tests/unit/child.h $(ropp_status_sources)
tests_unit_test_status_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_status_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ropp_session_open -Wl,--wrap=ropp_session_close \
	-Wl,--wrap=ropp_session_error -Wl,--wrap=ropp_session_call -Wl,--wrap=ropp_session_rows \
	-Wl,--wrap=mysql_fetch_row -Wl,--wrap=mysql_data_seek -Wl,--wrap=mysql_num_rows \
	-Wl,--wrap=mysql_free_result -Wl,--wrap=time -Wl,--wrap=sleep -Wl,--wrap=isatty
tests_unit_test_status_LDADD = $(ropp_unit_database_ldadd)

# What `ropp ban follow` is made of, with a database that is made up.
tests_unit_test_follow_SOURCES = tests/unit/test_follow.c tests/unit/capture.h tests/unit/child.h tools/ban/feed.c tools/ban/follow.c tools/ban/rows.c tools/ban/targets.c
tests_unit_test_follow_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_follow_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ropp_now_ms -Wl,--wrap=ropp_wall_ms \
	-Wl,--wrap=ropp_session_open -Wl,--wrap=ropp_session_close -Wl,--wrap=ropp_session_run \
	-Wl,--wrap=mysql_error -Wl,--wrap=mysql_real_escape_string -Wl,--wrap=gethostname \
	-Wl,--wrap=ropp_process_id -Wl,--wrap=ropp_banlist_init -Wl,--wrap=ropp_banlist_free \
	-Wl,--wrap=ropp_banlist_poll -Wl,--wrap=ropp_banlist_doubt -Wl,--wrap=ropp_edge_keepers_turn \
	-Wl,--wrap=ropp_edge_keepers_poll -Wl,--wrap=ropp_edge_keepers_tried \
	-Wl,--wrap=ropp_edge_keepers_forget -Wl,--wrap=ropp_edge_keepers_end -Wl,--wrap=ropp_notify \
	-Wl,--wrap=ropp_notify_watchdog_ms -Wl,--wrap=ropp_db_gone -Wl,--wrap=ppoll
tests_unit_test_follow_LDADD = libedge.a liblists.a $(ropp_unit_database_ldadd) $(ZLIB_LIBS)

# Hercules' glue with libconfig, and the reader that the tools have for the same files.
if HAVE_LIBCONFIG
check_PROGRAMS += tests/unit/test_agreement
TESTS += tests/unit/test_agreement
endif
tests_unit_test_agreement_CPPFLAGS = $(ropp_unit_cppflags) $(LIBCONFIG_CFLAGS)
tests_unit_test_agreement_LDADD = $(ropp_unit_database_ldadd) $(LIBCONFIG_LIBS)

# The command as its users see it; needs ./ropp and no more than a shell.
TESTS += tests/unit/test_amalgamation.sh tests/unit/test_corpus.sh tests/unit/test_decode.sh tests/unit/test_hop.sh tests/unit/test_probe.sh tests/unit/test_rooms.sh tests/unit/test_scripts.sh tests/unit/test_usage.sh
EXTRA_DIST += tests/corpus/headers.tsv tests/unit/hop/few.conf tests/unit/hop/few.out tests/unit/hop/many.conf tests/unit/hop/many.out tests/unit/hop/wrong.conf tests/unit/hop/wrong.out tests/unit/test_amalgamation.sh tests/unit/test_corpus.sh tests/unit/test_decode.sh tests/unit/test_hop.sh tests/unit/test_probe.sh tests/unit/test_rooms.sh tests/unit/test_scripts.sh tests/unit/test_usage.sh

# How `ropp decode` reads captures and dumps.
ropp_unit_decode_ldadd = libdecode.a libbase.a $(ropp_unit_ldadd)

tests_unit_test_frame_SOURCES = tests/unit/test_frame.c tests/unit/hex.h tools/decode/describe.c
tests_unit_test_frame_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_frame_LDADD = $(ropp_unit_decode_ldadd)
tests_unit_test_pcap_SOURCES = tests/unit/test_pcap.c tests/unit/hex.h
tests_unit_test_pcap_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_pcap_LDADD = $(ropp_unit_decode_ldadd)
tests_unit_test_flows_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_flows_LDADD = $(ropp_unit_decode_ldadd)
tests_unit_test_dump_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_dump_LDADD = $(ropp_unit_decode_ldadd)

tests_unit_test_answers_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_answers_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_journey_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_journey_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_link_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_link_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=poll -Wl,--wrap=send -Wl,--wrap=recv
tests_unit_test_link_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_client_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_client_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_scramble_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_scramble_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_verdict_SOURCES = tests/unit/test_verdict.c tools/probe/verdict.c
tests_unit_test_verdict_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_verdict_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_probe_way_SOURCES = tests/unit/test_probe_way.c tests/unit/capture.h $(ropp_probe_sources)
tests_unit_test_probe_way_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_probe_way_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ropp_net_now_us -Wl,--wrap=ropp_net_now_ms -Wl,--wrap=poll
tests_unit_test_probe_way_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_net_SOURCES = tests/unit/test_net.c tests/unit/capture.h tests/unit/child.h tests/unit/hex.h
tests_unit_test_net_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_net_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
tests_unit_test_net_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_probe_options_SOURCES = tests/unit/test_probe_options.c tests/unit/capture.h tools/probe/options.c
tests_unit_test_probe_options_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_probe_options_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getaddrinfo -Wl,--wrap=freeaddrinfo
tests_unit_test_probe_options_LDADD = libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_hop_times_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_hop_times_LDADD = libhop.a libedge.a libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_hop_exchange_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_hop_exchange_LDADD = libhop.a libedge.a libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_hop_keys_SOURCES = tests/unit/test_hop_keys.c tests/unit/capture.h
tests_unit_test_hop_keys_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_hop_keys_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=explicit_bzero -Wl,--wrap=__explicit_bzero_chk -Wl,--wrap=fopen -Wl,--wrap=fork
tests_unit_test_hop_keys_LDADD = libhop.a libedge.a libplayer.a libbase.a $(ropp_unit_ldadd)
# The command's own files, which no library has.
tests_unit_test_hop_check_SOURCES = tests/unit/test_hop_check.c tests/unit/capture.h tools/hop/check.c tools/hop/findings.c \
	tools/hop/header.c tools/hop/hidden.c tools/hop/inside.c tools/hop/servers.c tools/hop/visit.c tools/probe/verdict.c
tests_unit_test_hop_check_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_hop_check_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=poll -Wl,--wrap=clock_gettime -Wl,--wrap=isatty -Wl,--wrap=ropp_net_now_ms -Wl,--wrap=ropp_ask_open \
	-Wl,--wrap=ropp_haproxy_acl -Wl,--wrap=ropp_haproxy_ask -Wl,--wrap=ropp_haproxy_close -Wl,--wrap=ropp_ways_read \
	-Wl,--wrap=getifaddrs -Wl,--wrap=freeifaddrs -Wl,--wrap=ropp_link_run -Wl,--wrap=ropp_journeys_begin \
	-Wl,--wrap=ropp_journeys_run -Wl,--wrap=ropp_journeys_arrived -Wl,--wrap=ropp_journeys_free
tests_unit_test_hop_check_LDADD = libhop.a libedge.a liblists.a libplayer.a libbase.a $(ropp_unit_ldadd) $(ZLIB_LIBS)
tests_unit_test_hop_measure_SOURCES = tests/unit/test_hop_measure.c tests/unit/capture.h tools/hop/measure.c
tests_unit_test_hop_measure_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_hop_measure_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=poll -Wl,--wrap=isatty -Wl,--wrap=ropp_net_now_ms \
	-Wl,--wrap=ropp_link_run -Wl,--wrap=ropp_haproxy_open -Wl,--wrap=ropp_haproxy_ask -Wl,--wrap=ropp_haproxy_tell \
	-Wl,--wrap=ropp_haproxy_close
tests_unit_test_hop_measure_LDADD = libhop.a libedge.a libplayer.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_program_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_program_LDADD = libedge.a liblists.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_haproxy_SOURCES = tests/unit/test_haproxy.c tests/unit/capture.h
tests_unit_test_haproxy_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_haproxy_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=poll -Wl,--wrap=send -Wl,--wrap=recv -Wl,--wrap=getaddrinfo -Wl,--wrap=socket
tests_unit_test_haproxy_LDADD = libedge.a liblists.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_nft_SOURCES = tests/unit/test_nft.c tests/unit/capture.h
tests_unit_test_nft_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_nft_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=socket -Wl,--wrap=setsockopt -Wl,--wrap=send -Wl,--wrap=recv -Wl,--wrap=close -Wl,--wrap=fork
tests_unit_test_nft_LDADD = libedge.a liblists.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_edge_SOURCES = tests/unit/test_edge.c tests/unit/capture.h
tests_unit_test_edge_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_edge_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=pipe2 -Wl,--wrap=fork -Wl,--wrap=execvp -Wl,--wrap=_exit
tests_unit_test_edge_LDADD = libedge.a liblists.a libbase.a $(ropp_unit_ldadd)
tests_unit_test_route_CPPFLAGS = $(ropp_unit_cppflags)
tests_unit_test_route_LDADD = $(ropp_unit_ldadd)
