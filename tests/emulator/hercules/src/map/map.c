#define HERCULES_CORE

#include "map.h"

#include "map/atcommand.h"
#include "map/chrif.h"
#include "map/clif.h"
#include "common/HPM.h"
#include "common/conf.h"
#include "common/core.h"
#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"

#include <stdlib.h>

static struct map_interface the_map;
struct map_interface *map;

static struct map_session_data *map_id2sd(int account_id)
{
	struct map_session_data **entry = idb_get(map->players, (uint32)account_id);

	return entry != NULL ? *entry : NULL;
}

static void map_add_player(struct map_session_data *sd)
{
	struct map_session_data **entry;

	CREATE(entry, struct map_session_data *, 1);
	*entry = sd;
	idb_put(map->players, (uint32)sd->account_id, entry);
}

static bool map_is_here(const char *name)
{
	for (int i = 0; i < VECTOR_LENGTH(map->maps); ++i)
		if (strcmp(VECTOR_INDEX(map->maps, i).name, name) == 0)
			return true;
	return false;
}

static bool map_setpos(struct map_session_data *sd, const char *name, uint16 x, uint16 y)
{
	if (!map->is_here(name))
		return false;
	safestrncpy(sd->status.map, name, sizeof(sd->status.map));
	sd->status.x = x;
	sd->status.y = y;
	chrif->save(sd);
	sd->state = PLAYER_LOADING;
	clif->changemap(sd, name, x, y);
	return true;
}

/* The player's part of the end of a connection. */
static void map_save_and_leave(const struct map_session_data *sd)
{
	if (sd->state != PLAYER_LOADING && sd->state != PLAYER_ACTIVE)
		return;
	chrif->save(sd);
	chrif->char_offline(sd->account_id, sd->status.char_id);
}

static void map_quit(struct map_session_data *sd)
{
	if (sd->state == PLAYER_NEW || map->id2sd(sd->account_id) != sd)
		return;
	map_save_and_leave(sd);
	idb_remove(map->players, (uint32)sd->account_id);
	chrif->send_users();
}

static bool map_quit_all(uint32 key, void *data, intptr_t arg)
{
	map_save_and_leave(*(struct map_session_data **)data);
	return false;
}

static void map_config_set_defaults(void)
{
	safestrncpy(map->userid, "s1", sizeof(map->userid));
	safestrncpy(map->passwd, "p1", sizeof(map->passwd));
	map->char_ip = map->ip = INADDR_LOOPBACK;
	map->bind_ip = INADDR_ANY;
	map->char_port = 6121;
	map->port = 5121;
}

static void map_config_read_console(const struct config_t *config)
{
	struct config_setting_t *setting = libconfig->lookup(config, "map_configuration/console");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "stdout_with_ansisequence",
	                                    &showmsg->stdout_with_ansisequence);
	libconfig->setting_lookup_int(setting, "console_silent", &showmsg->silent);
	libconfig->setting_lookup_mutable_string(setting, "timestamp_format", showmsg->timestamp_format,
	                                         sizeof(showmsg->timestamp_format));
}

static void map_config_read_inter(const struct config_t *config)
{
	const struct {
		const char *key;
		uint32 *to;
	} addresses[] = {
	    {"char_ip", &map->char_ip},
	    {"map_ip", &map->ip},
	    {"bind_ip", &map->bind_ip},
	};
	struct config_setting_t *setting = libconfig->lookup(config, "map_configuration/inter");
	const char *text = NULL;

	if (setting == NULL)
		return;
	libconfig->setting_lookup_mutable_string(setting, "userid", map->userid, sizeof(map->userid));
	libconfig->setting_lookup_mutable_string(setting, "passwd", map->passwd, sizeof(map->passwd));
	for (int i = 0; i < ARRAYLENGTH(addresses); ++i)
		if (libconfig->setting_lookup_string(setting, addresses[i].key, &text) == CONFIG_TRUE)
			*addresses[i].to = sockt->host2ip(text);
	libconfig->setting_lookup_uint16(setting, "char_port", &map->char_port);
	libconfig->setting_lookup_uint16(setting, "map_port", &map->port);
}

/* A list takes the place of one read before. */
static void map_config_read_map_list(const struct config_t *config)
{
	const struct config_setting_t *list = libconfig->lookup(config, "map_configuration/map_list");

	if (list == NULL)
		return;
	VECTOR_CLEAR(map->maps);
	for (int i = 0; i < libconfig->setting_length(list); ++i) {
		const char *text = libconfig->setting_get_string_elem(list, i);
		struct map_name entry;

		if (text == NULL)
			continue;
		safestrncpy(entry.name, text, sizeof(entry.name));
		VECTOR_PUSH(map->maps, entry);
	}
}

static bool map_config_read(const char *filename, bool imported)
{
	struct config_t config;
	const char *import = NULL;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	if (libconfig->lookup(&config, "map_configuration") == NULL) {
		libconfig->destroy(&config);
		if (!imported)
			ShowError("%s: there is no map_configuration\n", filename);
		return imported;
	}
	map_config_read_console(&config);
	map_config_read_inter(&config);
	map_config_read_map_list(&config);
	ShowInfo("%s has been read.\n", filename);

	/* an imported file has the last word */
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE) {
		if (strcmp(import, filename) == 0 || strcmp(import, map->MAP_CONF_NAME) == 0)
			ShowWarning("%s: imports itself\n", filename);
		else if (!map->config_read(import, true))
			retval = false;
	}
	libconfig->destroy(&config);
	return retval;
}

int do_init(int argc, char **argv)
{
	map_defaults();
	atcommand_defaults();
	chrif_defaults();
	clif_defaults();

	map_config_set_defaults();
	map->config_read(map->MAP_CONF_NAME, false);
	sockt->net_config_read(map->NET_CONF_NAME);
	if (VECTOR_LENGTH(map->maps) == 0) {
		ShowFatalError("no maps: list them in conf/map/maps.conf\n");
		exit(EXIT_FAILURE);
	}

	map->players = idb_alloc();
	sockt->set_defaultparse(clif->parse);
	sockt->validate = true;
	chrif->init();
	HPM->event(HPET_INIT);

	map->fd = sockt->make_listen_bind(map->bind_ip, map->port);
	if (map->fd == -1) {
		ShowFatalError("Failed to bind to port '" CL_WHITE "%d" CL_RESET "'\n", map->port);
		exit(EXIT_FAILURE);
	}
	ShowStatus("Server is '" CL_GREEN "ready" CL_RESET "' and listening on port '" CL_WHITE
	           "%u" CL_RESET "'.\n\n",
	           map->port);
	HPM->event(HPET_READY);
	return 0;
}

int do_final(void)
{
	ShowStatus("Terminating...\n");
	HPM->event(HPET_FINAL);
	db_foreach(map->players, map_quit_all, 0);
	db_destroy(map->players);
	map->players = NULL;
	chrif->final();
	if (map->fd != -1)
		sockt->close(map->fd);
	VECTOR_CLEAR(map->maps);
	ShowStatus("Finished.\n");
	return EXIT_SUCCESS;
}

void map_defaults(void)
{
	map = &the_map;
	map->fd = -1;
	map->MAP_CONF_NAME = "conf/map/map-server.conf";
	map->NET_CONF_NAME = "conf/network.conf";

	map->id2sd = map_id2sd;
	map->add_player = map_add_player;
	map->is_here = map_is_here;
	map->setpos = map_setpos;
	map->quit = map_quit;
	map->config_read = map_config_read;
}
