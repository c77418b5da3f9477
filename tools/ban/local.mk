# `ropp ban` and the connection to its database; tools/local.mk builds it into the program, tests/
# into the tests.
ropp_ban_sources = \
	tools/ban/add.c \
	tools/ban/ban.c \
	tools/ban/ban.h \
	tools/ban/check.c \
	tools/ban/connect.c \
	tools/ban/connect.h \
	tools/ban/del.c \
	tools/ban/emulator.c \
	tools/ban/emulator.h \
	tools/ban/entry.c \
	tools/ban/entry.h \
	tools/ban/export_command.c \
	tools/ban/guard.c \
	tools/ban/guard.h \
	tools/ban/import.c \
	tools/ban/ipbanlist.c \
	tools/ban/ipbanlist.h \
	tools/ban/libconfig.c \
	tools/ban/libconfig.h \
	tools/ban/list.c \
	tools/ban/moment.c \
	tools/ban/moment.h \
	tools/ban/optionfile.c \
	tools/ban/optionfile.h \
	tools/ban/replace.c \
	tools/ban/replace.h \
	tools/ban/settings.c \
	tools/ban/settings.h \
	tools/ban/source.c \
	tools/ban/source.h \
	tools/ban/target.c \
	tools/ban/target.h
