# SPDX-License-Identifier: MIT
# `ropp decode`, and libdecode.a: how it reads captures and dumps, which its tests share.
ropp_decode_sources = \
	tools/decode/decode.c \
	tools/decode/decode.h \
	tools/decode/describe.c \
	tools/decode/describe.h \
	tools/decode/input.c \
	tools/decode/input.h \
	tools/decode/json.c \
	tools/decode/report.h \
	tools/decode/table.c

noinst_LIBRARIES += libdecode.a
libdecode_a_SOURCES = \
	tools/decode/capture.h \
	tools/decode/digits.c \
	tools/decode/digits.h \
	tools/decode/dump.c \
	tools/decode/dump.h \
	tools/decode/flows.c \
	tools/decode/flows.h \
	tools/decode/form.c \
	tools/decode/form.h \
	tools/decode/frame.c \
	tools/decode/frame.h \
	tools/decode/pcap.c \
	tools/decode/pcap.h
