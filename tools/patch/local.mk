# `ropp patch`; tools/local.mk builds it into the program, tests/ into the tests.
ropp_patch_sources = \
	tools/patch/anchor.c \
	tools/patch/anchor.h \
	tools/patch/buffer.c \
	tools/patch/buffer.h \
	tools/patch/bundle.h \
	tools/patch/diff.c \
	tools/patch/diff.h \
	tools/patch/function.c \
	tools/patch/function.h \
	tools/patch/hookfile.c \
	tools/patch/hookfile.h \
	tools/patch/journal.c \
	tools/patch/journal.h \
	tools/patch/mask.c \
	tools/patch/mask.h \
	tools/patch/patch.c \
	tools/patch/patch.h \
	tools/patch/patchset.c \
	tools/patch/patchset.h \
	tools/patch/pattern.c \
	tools/patch/pattern.h \
	tools/patch/plan.c \
	tools/patch/plan.h \
	tools/patch/statement.c \
	tools/patch/statement.h \
	tools/patch/text.c \
	tools/patch/text.h \
	tools/patch/tree.c \
	tools/patch/tree.h \
	tools/patch/weave.c \
	tools/patch/weave.h
