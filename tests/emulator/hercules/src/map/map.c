// SPDX-License-Identifier: MIT
#include "map/map_server.h"

#include "common/conf.h"

static bool map_config_read(const char *filename, bool imported)
{
	static const struct setting *const settings[] = {map_settings, NULL};
	struct config_t config;
	const char *import;

	if (!libconfig->load_file(&config, filename))
		return false;
	conf_take(&config, settings);
	import = conf_import(&config, filename);
	if (import != NULL)
		map_config_read(import, true);
	libconfig->destroy(&config);
	return true;
}

bool do_init(int argc, char **argv)
{
	map_begin();
	map_config_read("conf/map/map-server.conf", false);
	return map_open();
}
