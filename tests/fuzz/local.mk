# SPDX-License-Identifier: MIT
# With --enable-fuzzing the targets are libFuzzer programs: run one as
#   tests/fuzz/fuzz_header -max_total_time=300 CORPUS_FOLDER tests/fuzz/corpus/header
# Without, the same files become plain programs, and `make check` has them chew on their seeds.
ropp_fuzz_seeds = \
	tests/fuzz/corpus/addr/mapped \
	tests/fuzz/corpus/addr/v4 \
	tests/fuzz/corpus/addr/v4-prefix \
	tests/fuzz/corpus/addr/v6 \
	tests/fuzz/corpus/addr/v6-full \
	tests/fuzz/corpus/addr/v6-prefix \
	tests/fuzz/corpus/addr/v6-quad \
	tests/fuzz/corpus/capture/escapes \
	tests/fuzz/corpus/capture/hex \
	tests/fuzz/corpus/capture/hex-array \
	tests/fuzz/corpus/capture/hexdump \
	tests/fuzz/corpus/capture/pcap \
	tests/fuzz/corpus/capture/pcap-big-cooked \
	tests/fuzz/corpus/capture/pcap-null \
	tests/fuzz/corpus/capture/pcapng \
	tests/fuzz/corpus/capture/tcpdump \
	tests/fuzz/corpus/capture/xxd \
	tests/fuzz/corpus/conn/chain \
	tests/fuzz/corpus/conn/direct \
	tests/fuzz/corpus/conn/header \
	tests/fuzz/corpus/conn/server \
	tests/fuzz/corpus/conn/unnamed \
	tests/fuzz/corpus/header/v1-tcp4 \
	tests/fuzz/corpus/header/v1-tcp6 \
	tests/fuzz/corpus/header/v1-unknown \
	tests/fuzz/corpus/header/v2-clouds \
	tests/fuzz/corpus/header/v2-local-addresses \
	tests/fuzz/corpus/header/v2-local-checksums \
	tests/fuzz/corpus/header/v2-local-crc \
	tests/fuzz/corpus/header/v2-ssl \
	tests/fuzz/corpus/header/v2-tcp4 \
	tests/fuzz/corpus/header/v2-tcp6-crc \
	tests/fuzz/corpus/header/v2-unix \
	tests/fuzz/corpus/header/v2-unspec \
	tests/fuzz/corpus/hookfile/build \
	tests/fuzz/corpus/hookfile/c \
	tests/fuzz/corpus/hookfile/lines \
	tests/fuzz/corpus/hookfile/mistakes \
	tests/fuzz/corpus/hookfile/shapes \
	tests/fuzz/corpus/listfile/document \
	tests/fuzz/corpus/listfile/document-object \
	tests/fuzz/corpus/listfile/drop-json \
	tests/fuzz/corpus/listfile/every-form \
	tests/fuzz/corpus/listfile/gzip \
	tests/fuzz/corpus/listfile/mistakes \
	tests/fuzz/corpus/hops/chain \
	tests/fuzz/corpus/hops/many-ways \
	tests/fuzz/corpus/hops/mistakes \
	tests/fuzz/corpus/packet/char-0071 \
	tests/fuzz/corpus/packet/char-0ac5 \
	tests/fuzz/corpus/packet/login-0069 \
	tests/fuzz/corpus/packet/login-0ac4 \
	tests/fuzz/corpus/packet/login-other \
	tests/fuzz/corpus/packet/map-0092 \
	tests/fuzz/corpus/settings/groups \
	tests/fuzz/corpus/settings/lines \
	tests/fuzz/corpus/settings/options \
	tests/fuzz/corpus/listfile/hosts-deny \
	tests/fuzz/corpus/listfile/ipset \
	tests/fuzz/corpus/listfile/nftables \
	tests/fuzz/corpus/listfile/nginx

check_PROGRAMS += tests/fuzz/fuzz_header tests/fuzz/fuzz_addr tests/fuzz/fuzz_hookfile tests/fuzz/fuzz_listfile \
	tests/fuzz/fuzz_capture tests/fuzz/fuzz_packet tests/fuzz/fuzz_settings tests/fuzz/fuzz_hops \
	tests/fuzz/fuzz_conn
tests_fuzz_fuzz_header_SOURCES = tests/fuzz/fuzz_header.c tests/fuzz/fuzz.h $(ropp_oracle)
tests_fuzz_fuzz_addr_SOURCES = tests/fuzz/fuzz_addr.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_hookfile_SOURCES = tests/fuzz/fuzz_hookfile.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_listfile_SOURCES = tests/fuzz/fuzz_listfile.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz_capture.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_conn_SOURCES = tests/fuzz/fuzz_conn.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_packet_SOURCES = tests/fuzz/fuzz_packet.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz_settings.c tests/fuzz/file.h tests/fuzz/fuzz.h
tests_fuzz_fuzz_hops_SOURCES = tests/fuzz/fuzz_hops.c tests/fuzz/file.h tests/fuzz/fuzz.h \
	tools/hop/network.c tools/hop/network.h
tests_fuzz_fuzz_header_LDADD = libropp.a
tests_fuzz_fuzz_addr_LDADD = libropp.a
tests_fuzz_fuzz_hookfile_LDADD = libpatch.a libbase.a $(PCRE2_LIBS)
tests_fuzz_fuzz_listfile_LDADD = $(ropp_lists_ldadd)
tests_fuzz_fuzz_capture_LDADD = libdecode.a libbase.a libropp.a
tests_fuzz_fuzz_conn_LDADD = libropp.a
tests_fuzz_fuzz_packet_LDADD = libropp.a
tests_fuzz_fuzz_settings_LDADD = libdatabase.a libbase.a libropp.a $(MARIADB_LIBS)
tests_fuzz_fuzz_hops_LDADD = libbase.a libropp.a

if FUZZING
tests_fuzz_fuzz_header_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_addr_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_hookfile_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_listfile_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_capture_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_packet_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_settings_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_hops_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_conn_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
tests_fuzz_fuzz_header_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_addr_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_hookfile_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_listfile_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_capture_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_packet_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_settings_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_hops_SOURCES += tests/fuzz/replay.c
tests_fuzz_fuzz_conn_SOURCES += tests/fuzz/replay.c
endif

TESTS += tests/fuzz/seeds.sh
EXTRA_DIST += tests/fuzz/seeds.sh tests/fuzz/replay.c $(ropp_fuzz_seeds)
