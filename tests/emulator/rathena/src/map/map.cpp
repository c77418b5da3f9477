#include "map.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <common/dbconf.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>

#include "chrif.hpp"
#include "clif.hpp"

using namespace rathena::server_map;

struct Map_Config map_server_config;

static int32 map_fd = -1;
static struct db_address map_database;
static Sql *map_sql = nullptr;
static std::unordered_map<uint32, struct map_session_data *> players;
static std::unordered_map<std::string, struct other_map_server> other_maps;

std::unordered_map<uint32, struct map_session_data *> &map_get_players()
{
	return players;
}

struct map_session_data *map_id2sd(uint32 account_id)
{
	auto it = players.find(account_id);
	return it != players.end() ? it->second : nullptr;
}

bool map_is_here(const std::string &map)
{
	const auto &maps = map_server_config.maps;
	return std::find(maps.begin(), maps.end(), map) != maps.end();
}

void map_setipport(const std::string &map, const struct other_map_server &server)
{
	if (!map_is_here(map))
		other_maps[map] = server;
}

void map_eraseipport(const std::string &map, const struct other_map_server &server)
{
	auto it = other_maps.find(map);

	if (it != other_maps.end() && it->second.ip == server.ip && it->second.port == server.port)
		other_maps.erase(it);
}

void map_eraseallipport(void)
{
	other_maps.clear();
}

bool pc_setpos(struct map_session_data *sd, const char *map, uint16 x, uint16 y)
{
	const bool here = map_is_here(map);
	auto other = other_maps.find(map);

	if (!here && other == other_maps.end())
		return false;
	safestrncpy(sd->status.map, map, sizeof(sd->status.map));
	sd->status.x = x;
	sd->status.y = y;
	chrif_save(sd);
	if (here) {
		sd->state = PLAYER_LOADING;
		clif_changemap(sd, map, x, y);
	} else {
		sd->state = PLAYER_CHANGING;
		chrif_changemapserver(sd, other->second.ip, other->second.port);
	}
	return true;
}

void map_quit(struct map_session_data *sd)
{
	if (sd->state == PLAYER_NEW || map_id2sd(sd->account_id) != sd)
		return;
	players.erase(sd->account_id);
	if (sd->state == PLAYER_LOADING || sd->state == PLAYER_ACTIVE) {
		chrif_save(sd);
		chrif_char_offline(sd->account_id, sd->status.char_id);
		chrif_send_users();
	}
}

static bool map_address_setting(const char *key, const char *value)
{
	static const std::unordered_map<std::string, uint32 *> addresses = {
	    {"bind_ip", &map_server_config.bind_ip},
	    {"map_ip", &map_server_config.map_ip},
	    {"char_ip", &map_server_config.char_ip},
	};
	static const std::unordered_map<std::string, uint16 *> ports = {
	    {"map_port", &map_server_config.map_port},
	    {"char_port", &map_server_config.char_port},
	};

	if (addresses.count(key) != 0)
		*addresses.at(key) = host2ip(value);
	else if (ports.count(key) != 0)
		*ports.at(key) = (uint16)atoi(value);
	else
		return false;
	return true;
}

// False: nobody knows the key.
static bool map_setting(const char *key, const char *value)
{
	if (strcmpi(key, "console_silent") == 0)
		msg_silent = atoi(value);
	else if (strcmpi(key, "stdout_with_ansisequence") == 0)
		stdout_with_ansisequence = config_switch(value);
	else if (strcmpi(key, "timestamp_format") == 0)
		safestrncpy(timestamp_format, value, sizeof(timestamp_format));
	else if (strcmpi(key, "userid") == 0)
		safestrncpy(map_server_config.userid, value, sizeof(map_server_config.userid));
	else if (strcmpi(key, "passwd") == 0)
		safestrncpy(map_server_config.passwd, value, sizeof(map_server_config.passwd));
	else if (strcmpi(key, "map") == 0)
		map_server_config.maps.push_back(std::string(value).substr(0, MAP_NAME_LENGTH - 1));
	else if (strcmpi(key, "import") == 0)
		map_config_read(value);
	else
		return map_address_setting(key, value);
	return true;
}

// Unlike the other servers' readers this one takes comments behind a setting, and complains.
int32 map_config_read(const char *cfgName)
{
	char line[1024], key[32], value[1024];
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("map_config_read: cannot read %s\n", cfgName);
		return 1;
	}
	while (fgets(line, sizeof(line), stream) != nullptr) {
		char *comment = strstr(line, "//");

		if (comment != nullptr)
			strcpy(comment, "\n");
		if (sscanf(line, "%31[^:]: %1023[^\t\r\n]", key, value) != 2)
			continue;
		for (size_t end = strlen(value); end > 0 && value[end - 1] == ' ';)
			value[--end] = '\0';
		if (!map_setting(key, value))
			ShowWarning("Unknown setting '%s' in file %s\n", key, cfgName);
	}
	fclose(stream);
	return 0;
}

// conf/inter_athena.conf has the databases of all servers; the others' are passed over.
static int32 inter_config_read(const char *cfgName)
{
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("inter_config_read: cannot read %s\n", cfgName);
		return 1;
	}
	read_settings(stream, [](const char *key, const char *value) {
		if (strcmp(key, "import") == 0)
			inter_config_read(value);
		else
			map_database.take("map_server", key, value);
	});
	return 0;
}

bool MapServer::initialize(int32, char **)
{
	map_config_read("conf/map_athena.conf");
	inter_config_read("conf/inter_athena.conf");
	map_sql = map_database.open("map server");
	if (map_sql == nullptr)
		return false;
	if (map_server_config.maps.empty()) {
		ShowFatalError("no maps: list them in conf/maps_athena.conf\n");
		return false;
	}

	set_defaultparse(clif_parse);
	do_init_clif();
	do_init_chrif();

	map_fd = make_listen_bind(map_server_config.bind_ip, map_server_config.map_port);
	if (map_fd == -1) {
		ShowFatalError("Failed to bind to port '" CL_WHITE "%d" CL_RESET "'\n",
		               map_server_config.map_port);
		return false;
	}
	ShowStatus("Server is '" CL_GREEN "ready" CL_RESET "' and listening on port '" CL_WHITE
	           "%u" CL_RESET "'.\n\n",
	           map_server_config.map_port);
	return true;
}

void MapServer::finalize()
{
	ShowStatus("Terminating...\n");
	while (!players.empty())
		map_quit(players.begin()->second);
	do_final_chrif();
	if (map_fd != -1)
		do_close(map_fd);
	Sql_Free(map_sql);
	ShowStatus("Finished.\n");
}

int32 main(int32 argc, char *argv[])
{
	return main_core<MapServer>(argc, argv);
}
