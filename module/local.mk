# SPDX-License-Identifier: MIT
# Inner rings first: the amalgamation keeps this order.
ropp_headers = \
	module/core/addr.h \
	module/core/reason.h \
	module/core/crc32c.h \
	module/core/tlv.h \
	module/core/header.h \
	module/core/straight.h \
	module/core/standin.h \
	module/core/policy.h \
	module/core/server.h \
	module/core/conn.h \
	module/core/readers.h \
	module/core/route.h \
	module/core/origin.h \
	module/core/rewrite.h \
	module/core/rejection.h \
	module/core/table.h \
	module/core/ban.h \
	module/platform.h \
	module/service/text.h \
	module/service/dbconf.h \
	module/service/tickets.h \
	module/service/config.h \
	module/service/value.h \
	module/service/keys.h \
	module/service/lines.h \
	module/service/stats.h \
	module/service/explain.h \
	module/service/snapshot.h \
	module/service/notes.h \
	module/service/connqueue.h \
	module/service/worker.h \
	module/service/admission.h \
	module/service/module.h

# What the emulator's own files need not know, MariaDB's header above all.
ropp_inner_headers = \
	module/service/db.h \
	module/service/banlist.h \
	module/service/connlog.h \
	module/service/status.h

ropp_sources = \
	module/core/addr.c \
	module/core/reason.c \
	module/core/crc32c.c \
	module/core/tlv.c \
	module/core/header.c \
	module/core/straight.c \
	module/core/standin.c \
	module/core/policy.c \
	module/core/server.c \
	module/core/conn.c \
	module/core/readers.c \
	module/core/route.c \
	module/core/origin.c \
	module/core/rewrite.c \
	module/core/rejection.c \
	module/core/table.c \
	module/core/ban.c \
	module/platform.c \
	module/service/db.c \
	module/service/dbconf.c \
	module/service/tickets.c \
	module/service/config.c \
	module/service/value.c \
	module/service/keys.c \
	module/service/lines.c \
	module/service/stats.c \
	module/service/explain.c \
	module/service/snapshot.c \
	module/service/notes.c \
	module/service/connqueue.c \
	module/service/banlist.c \
	module/service/connlog.c \
	module/service/status.c \
	module/service/worker.c \
	module/service/admission.c \
	module/service/module.c

# What all dialects have in common, in this order.
ropp_glue_common = \
	module/glue/session.inc \
	module/glue/rejection.inc \
	module/glue/handover.inc \
	module/glue/bans.inc \
	module/glue/hooks.inc
ropp_glue_athena = module/glue/athena.inc $(ropp_glue_common)
ropp_glue_rathena = module/glue/rathena.inc module/glue/common.inc $(ropp_glue_common)
ropp_glue_hercules = module/glue/hercules.inc module/glue/hercules-settings.inc module/glue/common.inc $(ropp_glue_common)
ropp_glue = module/glue/hooks.h module/glue/athena.inc module/glue/rathena.inc $(ropp_glue_hercules)

noinst_LIBRARIES += libropp.a
libropp_a_SOURCES = $(ropp_headers) $(ropp_inner_headers) $(ropp_sources)

EXTRA_DIST += module/amalgamate.sh $(ropp_glue)

# What lands in an emulator's src/common: the pair and the hooks' header, and the glue of its dialect.
ropp_pair = ropp.h ropp.c ropp_hooks.h
ropp_glue_built = glue/athena/ropp_glue.inc glue/rathena/ropp_glue.inc glue/hercules/ropp_glue.inc
all-local: $(ropp_pair) $(ropp_glue_built)
CLEANFILES += $(ropp_pair) $(ropp_glue_built)

ropp.h: $(ropp_headers) module/glue/hooks.h module/amalgamate.sh Makefile
	$(AM_V_GEN)$(srcdir)/module/amalgamate.sh h $(PACKAGE_VERSION) $(srcdir) $(ropp_headers) >$@.tmp && mv $@.tmp $@

ropp.c: $(ropp_inner_headers) $(ropp_sources) module/amalgamate.sh Makefile
	$(AM_V_GEN)$(srcdir)/module/amalgamate.sh c $(PACKAGE_VERSION) $(srcdir) $(ropp_inner_headers) $(ropp_sources) >$@.tmp && mv $@.tmp $@

ropp_hooks.h: $(ropp_headers) module/glue/hooks.h module/amalgamate.sh Makefile
	$(AM_V_GEN)$(srcdir)/module/amalgamate.sh hooks $(PACKAGE_VERSION) $(srcdir) $(ropp_headers) >$@.tmp && mv $@.tmp $@

# Of the joined files the first names the licence for all.
ropp_one_licence = -e '2,$${' -e '/^\/\/ SPDX-License-Identifier:/d' -e '}'

glue/athena/ropp_glue.inc: $(ropp_glue_athena)
	$(AM_V_GEN)$(MKDIR_P) glue/athena && (cd $(srcdir) && sed $(ropp_one_licence) $(ropp_glue_athena)) >$@.tmp && mv $@.tmp $@

glue/rathena/ropp_glue.inc: $(ropp_glue_rathena)
	$(AM_V_GEN)$(MKDIR_P) glue/rathena && (cd $(srcdir) && sed $(ropp_one_licence) $(ropp_glue_rathena)) >$@.tmp && mv $@.tmp $@

glue/hercules/ropp_glue.inc: $(ropp_glue_hercules)
	$(AM_V_GEN)$(MKDIR_P) glue/hercules && (cd $(srcdir) && sed $(ropp_one_licence) $(ropp_glue_hercules)) >$@.tmp && mv $@.tmp $@
