#ifndef CHAR_MAPIF_HPP
#define CHAR_MAPIF_HPP

#include <common/cbasetypes.hpp>

// The parse handler of a link to a map server.
int32 chmapif_parse(int32 fd);

// Throws a player out of the game. 2: somebody else logs in with his account
void mapif_disconnectplayer(int32 server, uint32 account_id, uint8 reason);

void do_final_chmapif(void);

#endif /* CHAR_MAPIF_HPP */
