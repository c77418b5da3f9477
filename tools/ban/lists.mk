# The parts of `ropp ban` that know no database; they want tools/patch/buffer.c and tools/cli.c, and
# zlib.
noinst_LIBRARIES += liblists.a
liblists_a_SOURCES = \
	tools/ban/aggregate.c \
	tools/ban/aggregate.h \
	tools/ban/export.c \
	tools/ban/export.h \
	tools/ban/jsondoc.c \
	tools/ban/jsondoc.h \
	tools/ban/jsonline.c \
	tools/ban/jsonline.h \
	tools/ban/listfile.c \
	tools/ban/listfile.h \
	tools/ban/listline.c \
	tools/ban/listline.h \
	tools/ban/private.c \
	tools/ban/private.h \
	tools/ban/range.c \
	tools/ban/range.h
liblists_a_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS)
