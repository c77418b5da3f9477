# SPDX-License-Identifier: MIT
# `ropp ban`: a file a command, and what only they share.
ropp_ban_sources = \
	tools/ban/add.c \
	tools/ban/ban.c \
	tools/ban/ban.h \
	tools/ban/banned.c \
	tools/ban/banned.h \
	tools/ban/check.c \
	tools/ban/del.c \
	tools/ban/entry.c \
	tools/ban/entry.h \
	tools/ban/export.c \
	tools/ban/feed.c \
	tools/ban/feed.h \
	tools/ban/follow.c \
	tools/ban/guard.c \
	tools/ban/guard.h \
	tools/ban/import.c \
	tools/ban/ipbanlist.c \
	tools/ban/ipbanlist.h \
	tools/ban/list.c \
	tools/ban/replace.c \
	tools/ban/replace.h \
	tools/ban/rows.c \
	tools/ban/rows.h \
	tools/ban/source.c \
	tools/ban/source.h \
	tools/ban/target.c \
	tools/ban/target.h \
	tools/ban/targets.c \
	tools/ban/targets.h
