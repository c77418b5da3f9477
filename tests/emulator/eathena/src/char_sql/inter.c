// SPDX-License-Identifier: MIT
#include "char_sql/char_server.h"

#include "common/conf.h"

void inter_config_read(const char *cfgName);

// The databases of all servers are there; those of the others are passed over.
void inter_config_read(const char *cfgName)
{
	static const struct setting *const settings[] = {chardb_settings, NULL};
	FILE *stream = fopen(cfgName, "r");

	conf_read_lines(cfgName, stream, settings, inter_config_read);
}
