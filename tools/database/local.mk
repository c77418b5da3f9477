# SPDX-License-Identifier: MIT
# The emulator's database: where it is, and a connection to it.
noinst_LIBRARIES += libdatabase.a
libdatabase_a_SOURCES = \
	tools/database/connect.c \
	tools/database/connect.h \
	tools/database/emulator.c \
	tools/database/emulator.h \
	tools/database/libconfig.c \
	tools/database/libconfig.h \
	tools/database/optionfile.c \
	tools/database/optionfile.h \
	tools/database/query.c \
	tools/database/query.h \
	tools/database/settings.c \
	tools/database/settings.h
