# SPDX-License-Identifier: MIT
# `ropp patch`: the command with its plan.
ropp_patch_sources = \
	tools/patch/adopt.c \
	tools/patch/adopt.h \
	tools/patch/compile/command.c \
	tools/patch/compile/command.h \
	tools/patch/compile/compile.c \
	tools/patch/compile/compile.h \
	tools/patch/compile/shadow.c \
	tools/patch/compile/shadow.h \
	tools/patch/detect.c \
	tools/patch/detect.h \
	tools/patch/facts.c \
	tools/patch/facts.h \
	tools/patch/patch.c \
	tools/patch/patch.h \
	tools/patch/plan.c \
	tools/patch/plan.h \
	tools/patch/problems.c \
	tools/patch/problems.h \
	tools/patch/report.c \
	tools/patch/report.h \
	tools/patch/session.h \
	tools/patch/trap.c \
	tools/patch/trap.h

# libpatch.a: source/ reads C, tree/ changes files safely, hooks/ finds where a hook's lines go.
noinst_LIBRARIES += libpatch.a
libpatch_a_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE2_CFLAGS)
libpatch_a_SOURCES = \
	tools/patch/hooks/anchor.c \
	tools/patch/hooks/anchor.h \
	tools/patch/hooks/bundle.h \
	tools/patch/hooks/hookfile.c \
	tools/patch/hooks/hookfile.h \
	tools/patch/hooks/patchset.c \
	tools/patch/hooks/patchset.h \
	tools/patch/source/function.c \
	tools/patch/source/function.h \
	tools/patch/source/mask.c \
	tools/patch/source/mask.h \
	tools/patch/source/pattern.c \
	tools/patch/source/pattern.h \
	tools/patch/source/scan.c \
	tools/patch/source/scan.h \
	tools/patch/source/statement.c \
	tools/patch/source/statement.h \
	tools/patch/tree/diff.c \
	tools/patch/tree/diff.h \
	tools/patch/tree/tree.c \
	tools/patch/tree/tree.h \
	tools/patch/tree/undo.c \
	tools/patch/tree/undo.h \
	tools/patch/tree/weave.c \
	tools/patch/tree/weave.h
