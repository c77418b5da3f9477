# SPDX-License-Identifier: MIT
# What every command shares; it knows no file format, no database and no emulator.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	tools/base/buffer.c \
	tools/base/buffer.h \
	tools/base/cli.c \
	tools/base/cli.h \
	tools/base/columns.c \
	tools/base/columns.h \
	tools/base/command.c \
	tools/base/command.h \
	tools/base/decimal.c \
	tools/base/decimal.h \
	tools/base/help.c \
	tools/base/help.h \
	tools/base/json.c \
	tools/base/json.h \
	tools/base/keep.c \
	tools/base/keep.h \
	tools/base/moment.c \
	tools/base/moment.h \
	tools/base/notify.c \
	tools/base/notify.h \
	tools/base/options.c \
	tools/base/options.h \
	tools/base/outfile.c \
	tools/base/outfile.h \
	tools/base/progress.c \
	tools/base/progress.h \
	tools/base/run.c \
	tools/base/run.h \
	tools/base/suggest.c \
	tools/base/suggest.h \
	tools/base/terminal.c \
	tools/base/terminal.h \
	tools/base/text.c \
	tools/base/text.h \
	tools/base/utf8.c \
	tools/base/utf8.h
