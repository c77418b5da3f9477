#include "char.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/utilities.hpp>

#include "char_clif.hpp"
#include "char_db.hpp"
#include "char_logif.hpp"
#include "char_mapif.hpp"
#include "inter.hpp"

using namespace rathena;
using namespace rathena::server_character;

// how long a player may be on the way to a map server, or back
#define AUTH_TIMEOUT 30000

struct CharServ_Config charserv_config;
struct mmo_map_server map_server[MAX_MAP_SERVERS];
int32 login_fd = -1;
int32 char_fd = -1;

static auth_node_map auth_db;
static online_char_map online_char_db;

struct s_subnet {
	uint32 mask;
	uint32 map_ip;
};
static std::vector<s_subnet> subnet;

auth_node_map &char_get_authdb()
{
	return auth_db;
}

online_char_map &char_get_onlinedb()
{
	return online_char_db;
}

int32 char_search_mapserver(const char *map, uint32 ip, uint16 port)
{
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i) {
		const struct mmo_map_server &server = map_server[i];

		if (session_isValid(server.fd) && (ip == 0 || (server.ip == ip && server.port == port)) &&
		    std::find(server.maps.begin(), server.maps.end(), map) != server.maps.end())
			return i;
	}
	return -1;
}

static TIMER_FUNC(char_chardb_waiting_disconnect)
{
	auto character = util::umap_find(online_char_db, (uint32)id);

	(void)tick, (void)data;
	if (character == nullptr || character->waiting_disconnect != tid)
		return 0;
	character->waiting_disconnect = INVALID_TIMER;
	char_set_char_offline(0, character->account_id);
	return 0;
}

static void char_stop_waiting(struct online_char_data &character)
{
	if (character.waiting_disconnect == INVALID_TIMER)
		return;
	delete_timer(character.waiting_disconnect, char_chardb_waiting_disconnect);
	character.waiting_disconnect = INVALID_TIMER;
}

void char_await(uint32 account_id)
{
	auto character = util::umap_find(online_char_db, account_id);

	if (character == nullptr || character->waiting_disconnect != INVALID_TIMER)
		return;
	character->waiting_disconnect =
	    add_timer(gettick() + AUTH_TIMEOUT, char_chardb_waiting_disconnect, (int32)account_id, 0);
}

static std::shared_ptr<struct online_char_data> char_add_online(uint32 account_id)
{
	std::shared_ptr<struct online_char_data> &character = online_char_db[account_id];

	if (character == nullptr) {
		character = std::make_shared<struct online_char_data>();
		*character = {account_id, 0, -1, INVALID_TIMER, ONLINE_AT_CHAR};
	}
	char_stop_waiting(*character);
	return character;
}

void char_set_char_charselect(uint32 account_id, int32 fd)
{
	auto character = char_add_online(account_id);

	character->char_id = 0;
	character->fd = fd;
	character->server = ONLINE_AT_CHAR;
	chlogif_send_setacconline(account_id);
}

void char_set_char_online(int16 server, uint32 char_id, uint32 account_id)
{
	auto character = char_add_online(account_id);

	character->char_id = char_id;
	character->server = server;
	char_db_set_online(char_id, account_id, true);
	chlogif_send_setacconline(account_id);
}

void char_set_char_offline(uint32 char_id, uint32 account_id)
{
	auto character = util::umap_find(online_char_db, account_id);

	char_db_set_online(char_id, account_id, false);
	if (character == nullptr || (char_id != 0 && character->char_id != char_id))
		return;
	if (session_isActive(character->fd)) {
		character->char_id = 0;
		character->server = ONLINE_AT_CHAR;
		return;
	}
	char_stop_waiting(*character);
	online_char_db.erase(account_id);
	chlogif_send_setaccoffline(account_id);
}

void char_db_setoffline(int16 server)
{
	for (auto &[account_id, character] : online_char_db)
		if (character->server == server)
			character->server = ONLINE_UNKNOWN;
}

// Every ten minutes: players of a map server that went away and did not come back.
static TIMER_FUNC(char_online_data_cleanup)
{
	std::vector<uint32> gone;

	(void)tid, (void)tick, (void)id, (void)data;
	for (const auto &[account_id, character] : online_char_db)
		if (character->server == ONLINE_UNKNOWN && character->fd == -1 &&
		    character->waiting_disconnect == INVALID_TIMER)
			gone.push_back(account_id);
	for (uint32 account_id : gone)
		char_set_char_offline(0, account_id);
	return 0;
}

void char_auth_ok(int32 fd, struct char_session_data *sd)
{
	auto character = util::umap_find(online_char_db, sd->account_id);

	if (character != nullptr && character->server >= 0) {
		mapif_disconnectplayer(character->server, sd->account_id, 2);
		char_await(sd->account_id);
		chclif_send_auth_result(fd, 8);
		set_eof(fd);
		return;
	}
	if (character != nullptr && character->fd != fd && session_isActive(character->fd)) {
		chclif_send_auth_result(fd, 8);
		set_eof(fd);
		return;
	}
	sd->auth = true;
	char_set_char_charselect(sd->account_id, fd);
	chlogif_request_accreq(sd->account_id);
}

uint32 char_lan_subnetcheck(uint32 ip)
{
	for (const s_subnet &net : subnet)
		if ((net.map_ip & net.mask) == (ip & net.mask))
			return net.map_ip;
	return 0;
}

// subnet: <mask>:<char server>:<map server>
static void char_lan_config_read(const char *lancfgName)
{
	FILE *stream = fopen(lancfgName, "r");

	if (stream == nullptr) {
		ShowWarning("no local networks: %s cannot be read\n", lancfgName);
		return;
	}
	read_settings(stream, [](const char *key, const char *value) {
		char mask[64], char_ip[64], map_ip[64];

		if (strcmp(key, "subnet") == 0 &&
		    sscanf(value, "%63[^:]:%63[^:]:%63s", mask, char_ip, map_ip) == 3)
			subnet.push_back({str2ip(mask), str2ip(map_ip)});
	});
}

// start_point: <map>,<x>,<y>
static void char_config_start_point(const char *value)
{
	char map[MAP_NAME_LENGTH];
	unsigned x, y;

	if (sscanf(value, "%11[^,],%u,%u", map, &x, &y) != 3) {
		ShowError("start_point: '%s' is not <map>,<x>,<y>\n", value);
		return;
	}
	safestrncpy(charserv_config.start_map, map, sizeof(charserv_config.start_map));
	charserv_config.start_x = (uint16)x;
	charserv_config.start_y = (uint16)y;
}

static void char_setting(const std::string &key, const char *value, bool normal)
{
	static const std::unordered_map<std::string, uint32 *> addresses = {
	    {"bind_ip", &charserv_config.bind_ip},
	    {"char_ip", &charserv_config.char_ip},
	    {"login_ip", &charserv_config.login_ip},
	};
	static const std::unordered_map<std::string, uint16 *> numbers = {
	    {"char_port", &charserv_config.char_port},
	    {"login_port", &charserv_config.login_port},
	    {"char_maintenance", &charserv_config.char_maintenance},
	    {"char_new_display", &charserv_config.char_new_display},
	};

	if (key == "console_silent")
		msg_silent = atoi(value);
	else if (key == "stdout_with_ansisequence")
		stdout_with_ansisequence = config_switch(value);
	else if (key == "timestamp_format")
		safestrncpy(timestamp_format, value, sizeof(timestamp_format));
	else if (key == "import")
		char_config_read(value, normal);
	else if (!normal)
		return; // the rest is for the start alone
	else if (addresses.count(key) != 0)
		*addresses.at(key) = host2ip(value);
	else if (numbers.count(key) != 0)
		*numbers.at(key) = (uint16)atoi(value);
	else if (key == "userid")
		safestrncpy(charserv_config.userid, value, sizeof(charserv_config.userid));
	else if (key == "passwd")
		safestrncpy(charserv_config.passwd, value, sizeof(charserv_config.passwd));
	else if (key == "server_name")
		safestrncpy(charserv_config.server_name, value, sizeof(charserv_config.server_name));
	else if (key == "char_new")
		charserv_config.char_new = config_switch(value) != 0;
	else if (key == "log_char")
		charserv_config.log_char = config_switch(value) != 0;
	else if (key == "start_point")
		char_config_start_point(value);
	// a key that nobody knows is passed over
}

bool char_config_read(const char *cfgName, bool normal)
{
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("char_config_read: cannot read %s\n", cfgName);
		return false;
	}
	read_settings(stream, [normal](const char *key, const char *value) {
		char_setting(key, value, normal);
	});
	ShowInfo("%s has been read.\n", cfgName);
	return true;
}

bool CharacterServer::initialize(int32, char **)
{
	char_config_read("conf/char_athena.conf", true);
	char_lan_config_read("conf/subnet_athena.conf");
	inter_config_read("conf/inter_athena.conf");

	if (!char_db_init()) {
		ShowFatalError("no characters\n");
		return false;
	}
	char_db_set_online(0, 0, false);

	set_defaultparse(chclif_parse);
	do_init_chclif();
	do_init_chlogif();

	add_timer_func_list(char_chardb_waiting_disconnect, "char_chardb_waiting_disconnect");
	add_timer_func_list(char_online_data_cleanup, "char_online_data_cleanup");
	add_timer_interval(gettick() + 600 * 1000, char_online_data_cleanup, 0, 0, 600 * 1000);

	char_fd = make_listen_bind(charserv_config.bind_ip, charserv_config.char_port);
	if (char_fd == -1) {
		ShowFatalError("Failed to bind to port '" CL_WHITE "%d" CL_RESET "'\n",
		               charserv_config.char_port);
		return false;
	}
	ShowStatus("The char-server is " CL_GREEN "ready" CL_RESET
	           " (Server is listening on the port %u).\n\n",
	           charserv_config.char_port);
	return true;
}

void CharacterServer::finalize()
{
	ShowStatus("Terminating...\n");
	do_final_chmapif();
	do_final_chlogif();
	char_db_set_online(0, 0, false);
	online_char_db.clear();
	auth_db.clear();
	if (char_fd != -1)
		do_close(char_fd);
	char_db_final();
	ShowStatus("Finished.\n");
}

int32 main(int32 argc, char *argv[])
{
	return main_core<CharacterServer>(argc, argv);
}
