# Inner rings first: the amalgamation keeps this order.
ropp_headers = \
	module/core/addr.h \
	module/core/reason.h \
	module/core/crc32c.h \
	module/core/tlv.h \
	module/core/header.h \
	module/core/standin.h \
	module/core/policy.h \
	module/core/conn.h \
	module/platform.h \
	module/service/config.h \
	module/service/stats.h \
	module/service/module.h

ropp_sources = \
	module/core/addr.c \
	module/core/reason.c \
	module/core/crc32c.c \
	module/core/tlv.c \
	module/core/header.c \
	module/core/standin.c \
	module/core/policy.c \
	module/core/conn.c \
	module/platform.c \
	module/service/config.c \
	module/service/stats.c \
	module/service/module.c

ropp_glue = \
	module/glue/hooks.h \
	module/glue/rathena.inc \
	module/glue/hercules.inc

noinst_LIBRARIES += libropp.a
libropp_a_SOURCES = $(ropp_headers) $(ropp_sources)

EXTRA_DIST += module/amalgamate.sh $(ropp_glue)

# The pair that lands in an emulator's src/common.
all-local: ropp.h ropp.c
CLEANFILES += ropp.h ropp.c

ropp.h: $(ropp_headers) module/amalgamate.sh Makefile
	$(AM_V_GEN)$(srcdir)/module/amalgamate.sh h $(PACKAGE_VERSION) $(srcdir) $(ropp_headers) >$@.tmp && mv $@.tmp $@

ropp.c: $(ropp_sources) module/amalgamate.sh Makefile
	$(AM_V_GEN)$(srcdir)/module/amalgamate.sh c $(PACKAGE_VERSION) $(srcdir) $(ropp_sources) >$@.tmp && mv $@.tmp $@
