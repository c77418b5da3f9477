// SPDX-License-Identifier: MIT
#ifndef COMMON_CONF_H
#define COMMON_CONF_H

#include "common/settings.h"

#include <stdio.h>

// Reads lines of "key: value" up to the end, and closes the stream. NULL: the file is not there,
// which is printed. A line "import: FILE" calls import. What is no setting of the tables, which
// end with NULL, is passed over.
void conf_read_lines(const char *filename, FILE *stream, const struct setting *const *settings,
                     void (*import)(const char *filename));

// Reads a file, and what it imports.
void conf_read(const char *filename, const struct setting *const *settings);

// Gives a setting to the first table that has it; false: none has.
bool conf_take(const struct setting *const *settings, const char *key, const char *value);

// Reads conf/subnet_athena.conf: for each network the address of the char server and of a map
// server inside it.
void conf_read_networks(void);
uint32 network_lan_char(uint32 ip); // 0: in none
uint32 network_lan_map(uint32 ip);

#endif
