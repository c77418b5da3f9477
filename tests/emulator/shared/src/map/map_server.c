// SPDX-License-Identifier: MIT
#include "map/map_server.h"

#include "common/core.h"
#include "common/db.h"
#include "common/showmsg.h"
#include "common/strlib.h"

struct map_config map_config;
struct map_place *map_places;
int32 map_place_count;
static struct DBMap *players; /* struct map_session_data * */
static int32 map_fd = -1;

static void map_take(const char *text)
{
	map_add(text, 0, 0);
}

#define INTER "map_configuration/inter/"
const struct setting map_settings[] = {
    SET_CONSOLE("map_configuration/console"),
    SET_TEXT("userid", INTER "userid", map_config.userid),
    SET_TEXT("passwd", INTER "passwd", map_config.passwd),
    SET_IP("char_ip", INTER "char_ip", map_config.char_ip),
    SET_WORD("char_port", INTER "char_port", map_config.char_port),
    SET_IP("map_ip", INTER "map_ip", map_config.map_ip),
    SET_IP("bind_ip", INTER "bind_ip", map_config.bind_ip),
    SET_WORD("map_port", INTER "map_port", map_config.map_port),
    SET_CALL("map", "map_configuration/map_list", map_take),
    SET_END,
};

/* ---- maps ---- */

static struct map_place *map_find(const char *name)
{
	for (int32 i = 0; i < map_place_count; ++i)
		if (strcmp(map_places[i].name, name) == 0)
			return &map_places[i];
	return NULL;
}

bool map_is_here(const char *name)
{
	const struct map_place *place = map_find(name);

	return place != NULL && place->ip == 0;
}

void map_add(const char *name, uint32 ip, uint16 port)
{
	char cut[MAP_NAME_LENGTH];
	struct map_place *place;

	safestrncpy(cut, name, sizeof(cut));
	place = map_find(cut);
	if (place == NULL) {
		RECREATE(map_places, struct map_place, (size_t)map_place_count + 1);
		place = &map_places[map_place_count++];
		memcpy(place->name, cut, sizeof(cut));
	} else if (place->ip == 0) {
		return; /* our own */
	}
	place->ip = ip;
	place->port = port;
}

void map_remove(uint32 ip, uint16 port)
{
	int32 kept = 0;

	for (int32 i = 0; i < map_place_count; ++i) {
		const struct map_place place = map_places[i];

		if (place.ip == 0 || (ip != 0 && (place.ip != ip || place.port != port)))
			map_places[kept++] = place;
	}
	map_place_count = kept;
}

bool map_move(struct map_session_data *sd, const char *map, uint16 x, uint16 y)
{
	const struct map_place *place = map_find(map);

	if (place == NULL)
		return false;
	memcpy(sd->status.map, place->name, sizeof(sd->status.map));
	sd->status.x = x;
	sd->status.y = y;
	chrif_save(sd);
	if (place->ip == 0) {
		sd->state = PLAYER_LOADING;
		clif_send_map(sd, place->name, x, y);
	} else {
		sd->state = PLAYER_CHANGING;
		chrif_ask_change(sd, place->ip, place->port);
	}
	return true;
}

/* ---- players ---- */

struct map_session_data *map_player(uint32 account_id)
{
	struct map_session_data **entry = (struct map_session_data **)idb_get(players, account_id);

	return entry != NULL ? *entry : NULL;
}

void map_add_player(struct map_session_data *sd)
{
	struct map_session_data **entry;

	CREATE(entry, struct map_session_data *, 1);
	*entry = sd;
	idb_put(players, sd->account_id, entry);
}

int32 map_player_count(void)
{
	return idb_size(players);
}

static bool map_visit_one(uint32 account_id, void *data, intptr_t visit)
{
	((void (*)(const struct map_session_data *))visit)(*(struct map_session_data **)data);
	return true;
}

void map_visit(void (*visit)(const struct map_session_data *sd))
{
	idb_visit(players, map_visit_one, (intptr_t)visit);
}

static void map_leave(const struct map_session_data *sd)
{
	if (sd->state != PLAYER_LOADING && sd->state != PLAYER_ACTIVE)
		return;
	chrif_save(sd);
	chrif_leave(sd->account_id, sd->status.char_id);
}

void map_quit(struct map_session_data *sd)
{
	if (sd->state == PLAYER_NEW || map_player(sd->account_id) != sd)
		return;
	map_leave(sd);
	idb_remove(players, sd->account_id);
	chrif_send_users();
}

/* ---- the program ---- */

void map_begin(void)
{
	static const struct map_config usual = {
	    "s1", "p1", INADDR_LOOPBACK, 6121, INADDR_LOOPBACK, INADDR_ANY, 5121,
	};

	map_config = usual;
}

bool map_open(void)
{
	if (map_place_count == 0) {
		ShowFatalError("This server has no maps: list them in its configuration\n");
		return false;
	}
	players = idb_alloc();
	session_parse = clif_parse;
	session_validates = true;
	clif_init();
	chrif_init();
	map_fd = make_listen_bind(map_config.bind_ip, map_config.map_port);
	if (map_fd == -1)
		return false;
	ShowStatus("Server is '" CL_GREEN "ready" CL_RESET "' and listening on port '%u'\n",
	           map_config.map_port);
	return true;
}

void do_shutdown(void)
{
}

void do_final(void)
{
	map_visit(map_leave);
	chrif_final();
	idb_free(players);
	aFree(map_places);
	ShowStatus("Finished.\n");
}
