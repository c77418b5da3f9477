bin_PROGRAMS += ropp
ropp_SOURCES = \
	tools/main.c \
	tools/cli.c \
	tools/cli.h \
	tools/decode.c \
	tools/decode.h
ropp_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE2_CFLAGS)
ropp_LDADD = libropp.a $(PCRE2_LIBS)
