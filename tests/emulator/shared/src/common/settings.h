// SPDX-License-Identifier: MIT
#ifndef COMMON_SETTINGS_H
#define COMMON_SETTINGS_H

#include "common/cbasetypes.h"

/* What the configuration files may set. A setting has a key where files are lines (rathena), a path
 * where they are libconfig's (hercules); NULL: this dialect does not have it. */
enum setting_type {
	SETTING_TEXT,
	SETTING_BOOL,
	SETTING_INT,
	SETTING_WORD,
	SETTING_IP,
	SETTING_CALL
};

struct setting {
	const char *key;
	const char *path;
	enum setting_type type;
	void *to;
	size_t size;
	void (*take)(const char *text);
};

#define SET_TEXT(key, path, to)                                                                    \
	{                                                                                              \
		key, path, SETTING_TEXT, to, sizeof(to), NULL                                              \
	}
#define SET_BOOL(key, path, to)                                                                    \
	{                                                                                              \
		key, path, SETTING_BOOL, &(to), sizeof(to), NULL                                           \
	}
#define SET_INT(key, path, to)                                                                     \
	{                                                                                              \
		key, path, SETTING_INT, &(to), sizeof(to), NULL                                            \
	}
#define SET_WORD(key, path, to)                                                                    \
	{                                                                                              \
		key, path, SETTING_WORD, &(to), sizeof(to), NULL                                           \
	}
#define SET_IP(key, path, to)                                                                      \
	{                                                                                              \
		key, path, SETTING_IP, &(to), sizeof(to), NULL                                             \
	} /* or a name */
/* Called for each line, and for each element of a list. */
#define SET_CALL(key, path, take)                                                                  \
	{                                                                                              \
		key, path, SETTING_CALL, NULL, 0, take                                                     \
	}
#define SET_END                                                                                    \
	{                                                                                              \
		NULL, NULL, SETTING_CALL, NULL, 0, NULL                                                    \
	}

/* Where a database is: the keys begin with the one, the paths with the other. */
#define SET_DATABASE(keys, codepage_key, paths, to)                                                \
	SET_TEXT(keys "_ip", paths "/db_hostname", (to).hostname),                                     \
	    SET_WORD(keys "_port", paths "/db_port", (to).port),                                       \
	    SET_TEXT(keys "_id", paths "/db_username", (to).username),                                 \
	    SET_TEXT(keys "_pw", paths "/db_password", (to).password),                                 \
	    SET_TEXT(keys "_db", paths "/db_database", (to).database),                                 \
	    SET_TEXT(codepage_key, paths "/codepage", (to).codepage)

void setting_set(const struct setting *setting, const char *text);

/* Those about the console. */
#define SET_CONSOLE(paths)                                                                         \
	SET_BOOL("stdout_with_ansisequence", paths "/stdout_with_ansisequence", show_colours),         \
	    SET_INT("console_silent", paths "/console_silent", show_not),                              \
	    SET_TEXT("timestamp_format", paths "/timestamp_format", show_time)

#endif
