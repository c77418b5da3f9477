#ifndef MAP_HPP
#define MAP_HPP

#include <string>
#include <unordered_map>
#include <vector>

#include <common/cbasetypes.hpp>
#include <common/core.hpp>
#include <common/mmo.hpp>

using rathena::server_core::Core;
using rathena::server_core::e_core_type;

namespace rathena::server_map
{
class MapServer : public Core
{
  protected:
	bool initialize(int32 argc, char *argv[]) override;
	void finalize() override;

  public:
	MapServer() : Core(e_core_type::MAP)
	{
	}
};
} // namespace rathena::server_map

// As it is before any file is read.
struct Map_Config {
	char userid[NAME_LENGTH] = "s1"; // for the char server
	char passwd[NAME_LENGTH] = "p1";
	uint32 char_ip = 0x7f000001;
	uint16 char_port = 6121;
	uint32 map_ip = 0x7f000001; // where players reach this server
	uint32 bind_ip = 0;         // every address
	uint16 map_port = 5121;
	std::vector<std::string> maps; // what this server has
};
extern struct Map_Config map_server_config;

enum e_player_state : uint8 {
	PLAYER_NEW,      // nothing has come yet
	PLAYER_WAITING,  // the char server judges his ticket
	PLAYER_LOADING,  // the client has been told the map and loads it
	PLAYER_ACTIVE,   // in the game
	PLAYER_CHANGING, // on the way to another map server, or back to the char server
};

// A player's connection.
struct map_session_data {
	int32 fd;
	e_player_state state;
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint8 sex;
	uint32 cryptKey;       // of the packets so far: see clif_unscramble
	bool unscrambled;      // the next packet's number is
	mmo_charstatus status; // status.char_id is known from the start
};

// Players by account, from their first packet on.
std::unordered_map<uint32, struct map_session_data *> &map_get_players();
struct map_session_data *map_id2sd(uint32 account_id); // null: not here

bool map_is_here(const std::string &map);

// Another map server, by each of its maps.
struct other_map_server {
	uint32 ip;
	uint16 port;
};
void map_setipport(const std::string &map, const struct other_map_server &server);
void map_eraseipport(const std::string &map, const struct other_map_server &server);
void map_eraseallipport(void);

// Moves the player to a map, here or on another server; false: there is no such map.
bool pc_setpos(struct map_session_data *sd, const char *map, uint16 x, uint16 y);

// The connection ends.
void map_quit(struct map_session_data *sd);

int32 map_config_read(const char *cfgName);

#endif /* MAP_HPP */
