# SPDX-License-Identifier: MIT
bin_PROGRAMS += ropp
ropp_SOURCES = \
	tools/main.c \
	$(ropp_ban_sources) \
	$(ropp_decode_sources) \
	$(ropp_hop_sources) \
	$(ropp_patch_sources) \
	$(ropp_probe_sources) \
	$(ropp_status_sources)
nodist_ropp_SOURCES = bundle.c
ropp_LDADD = libdatabase.a libdecode.a libhop.a libedge.a liblists.a libpatch.a libplayer.a libbase.a \
	libropp.a $(MARIADB_LIBS) $(PCRE2_LIBS) $(ZLIB_LIBS)

# A folder a room. Of these, base, database, lists, decode, edge, hop, player and patch are libraries that the
# tests share.
include tools/base/local.mk
include tools/ban/local.mk
include tools/database/local.mk
include tools/decode/local.mk
include tools/edge/local.mk
include tools/hop/local.mk
include tools/lists/local.mk
include tools/patch/local.mk
include tools/player/local.mk
include tools/probe/local.mk
include tools/status/local.mk

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = tools/completion/ropp
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = tools/completion/_ropp
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = tools/completion/ropp.fish

# What `ropp patch` needs is inside the program, so that it works wherever it is copied.
EXTRA_DIST += tools/embed.sh
CLEANFILES += bundle.c

bundle.c: $(ropp_patches) $(ropp_pair) $(ropp_glue_built) tools/embed.sh
	$(AM_V_GEN)cd $(srcdir) && set -- && \
	for file in $(ropp_patches); do set -- "$$@" "$$file=$(abs_srcdir)/$$file"; done && \
	tools/embed.sh "$$@" \
		ropp.c=$(abs_builddir)/ropp.c ropp.h=$(abs_builddir)/ropp.h \
		ropp_hooks.h=$(abs_builddir)/ropp_hooks.h \
		athena/ropp_glue.inc=$(abs_builddir)/glue/athena/ropp_glue.inc \
		rathena/ropp_glue.inc=$(abs_builddir)/glue/rathena/ropp_glue.inc \
		hercules/ropp_glue.inc=$(abs_builddir)/glue/hercules/ropp_glue.inc \
		>$(abs_builddir)/$@.tmp && mv $(abs_builddir)/$@.tmp $(abs_builddir)/$@
