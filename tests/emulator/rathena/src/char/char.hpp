#ifndef CHAR_HPP
#define CHAR_HPP

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <common/cbasetypes.hpp>
#include <common/core.hpp>
#include <common/mmo.hpp>
#include <common/timer.hpp>

using rathena::server_core::Core;
using rathena::server_core::e_core_type;

namespace rathena::server_character
{
class CharacterServer : public Core
{
  protected:
	bool initialize(int32 argc, char *argv[]) override;
	void finalize() override;

  public:
	CharacterServer() : Core(e_core_type::CHARACTER)
	{
	}
};
} // namespace rathena::server_character

#define MAX_CHARS       9
#define MAX_MAP_SERVERS 2

// As it is before any file is read.
struct CharServ_Config {
	char userid[NAME_LENGTH] = "s1"; // for the login server, and what map servers log in with
	char passwd[NAME_LENGTH] = "p1";
	char server_name[20] = "Reference";
	uint32 login_ip = 0x7f000001;
	uint16 login_port = 6900;
	uint32 char_ip = 0x7f000001; // where players reach this server
	uint32 bind_ip = 0;          // every address
	uint16 char_port = 6121;
	uint16 char_maintenance = 0;
	uint16 char_new_display = 0;
	bool char_new = true; // may players create characters?
	bool log_char = true;
	char start_map[MAP_NAME_LENGTH] = "prontera";
	uint16 start_x = 150;
	uint16 start_y = 150;
};
extern struct CharServ_Config charserv_config;

// A player's connection.
struct char_session_data {
	bool auth; // the ticket was good
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint8 sex;
	uint32 found_char[MAX_CHARS]; // character ids by slot, 0: none
};

struct mmo_map_server {
	int32 fd = -1; // -1: not connected
	uint32 ip = 0; // where players reach it, host byte order
	uint16 port = 0;
	uint16 users = 0;
	std::vector<std::string> maps;
};
extern struct mmo_map_server map_server[MAX_MAP_SERVERS];

// The ticket a player takes to a map server, or back from one.
struct auth_node {
	uint32 account_id;
	uint32 char_id; // 0: back to the list of characters
	uint32 login_id1;
	uint32 login_id2;
	uint32 ip;
	uint8 sex;
	bool changing_mapservers;
};
typedef std::unordered_map<uint32, std::shared_ptr<struct auth_node>> auth_node_map;
auth_node_map &char_get_authdb(); // by account

// Where a player is. server is the map server's number or one of these.
enum e_online_place : int16 {
	ONLINE_AT_CHAR = -1,
	ONLINE_UNKNOWN = -2, // on the way to a map server, or on one that went away
};
struct online_char_data {
	uint32 account_id;
	uint32 char_id; // 0: none selected
	int32 fd;       // at this server, -1: none
	int32 waiting_disconnect;
	int16 server;
};
typedef std::unordered_map<uint32, std::shared_ptr<struct online_char_data>> online_char_map;
online_char_map &char_get_onlinedb(); // by account

extern int32 login_fd; // -1: lost, 0: could not be reached
extern int32 char_fd;

bool char_config_read(const char *cfgName, bool normal);

// Both addresses inside the network that ip is in, or 0.
uint32 char_lan_subnetcheck(uint32 ip);

// The number of the map server with that map, and at that address if ip is not 0; -1: none.
int32 char_search_mapserver(const char *map, uint32 ip, uint16 port);

// The player's ticket is good: the list of characters comes, unless he is in the game already.
void char_auth_ok(int32 fd, struct char_session_data *sd);

void char_set_char_charselect(uint32 account_id, int32 fd);
void char_set_char_online(int16 server, uint32 char_id, uint32 account_id);
// Nothing happens if the player has another character by now. 0: any.
void char_set_char_offline(uint32 char_id, uint32 account_id);
// All players of a map server that has gone away.
void char_db_setoffline(int16 server);
// Sets the player offline unless he comes in time.
void char_await(uint32 account_id);

#endif /* CHAR_HPP */
