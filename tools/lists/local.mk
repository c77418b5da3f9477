# SPDX-License-Identifier: MIT
# Lists of addresses: bytes in, prefixes out, and prefixes in, files out. Wants libbase.a, libropp.a and
# zlib.
noinst_LIBRARIES += liblists.a
liblists_a_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS)
liblists_a_SOURCES = \
	tools/lists/aggregate.c \
	tools/lists/aggregate.h \
	tools/lists/difference.c \
	tools/lists/difference.h \
	tools/lists/export.c \
	tools/lists/export.h \
	tools/lists/jsondoc.c \
	tools/lists/jsondoc.h \
	tools/lists/listfile.c \
	tools/lists/listfile.h \
	tools/lists/listline.c \
	tools/lists/listline.h \
	tools/lists/listnft.c \
	tools/lists/listprogram.c \
	tools/lists/listprogram.h \
	tools/lists/listtext.c \
	tools/lists/listtext.h \
	tools/lists/private.c \
	tools/lists/private.h \
	tools/lists/range.c \
	tools/lists/range.h
