// SPDX-License-Identifier: MIT
#include "map/map_server.h"

#include "common/conf.h"
#include "common/showmsg.h"

// Unlike the others' this reader takes comments behind a setting, and warns of what it does not
// know.
static void map_config_read(const char *cfgName)
{
	static const struct setting *const settings[] = {map_settings, nullptr};
	char line[1024], key[32], value[1024];
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("%s: cannot be read\n", cfgName);
		return;
	}
	while (fgets(line, sizeof(line), stream) != nullptr) {
		char *comment = strstr(line, "//");

		if (comment != nullptr)
			strcpy(comment, "\n");
		if (sscanf(line, "%31[^:]: %1023[^\t\r\n ]", key, value) != 2)
			continue;
		if (strcasecmp(key, "import") == 0)
			map_config_read(value);
		else if (!conf_take(settings, key, value))
			ShowWarning("%s: unknown setting '%s'\n", cfgName, key);
	}
	fclose(stream);
}

// The databases of all servers are there. This one has none.
static void inter_config_read(const char *cfgName)
{
	static const struct setting *const settings[] = {nullptr};
	FILE *stream = fopen(cfgName, "r");

	conf_read_lines(cfgName, stream, settings, inter_config_read);
}

bool do_init(int argc, char **argv)
{
	map_begin();
	map_config_read("conf/map_athena.conf");
	inter_config_read("conf/inter_athena.conf");
	return map_open();
}
