// SPDX-License-Identifier: MIT
#include "char.hpp"

using namespace rathena;

// S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <autotrade>.B
static int32 chmapif_parse_reqauth(int32 fd, int32 id)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 char_id = RFIFOL(fd, 6);
	const uint32 login_id1 = RFIFOL(fd, 10);
	const uint32 ip = ntohl(RFIFOL(fd, 15));

	(void)ip; // it is not compared, as in the emulator
	auto node = util::umap_find(char_get_authdb(), account_id);
	mapif_judge(fd, id, node.get(), account_id, char_id, login_id1);
	return 1;
}

void char_parse_map_ticket(int32 fd, int32 server)
{
	chmapif_parse_reqauth(fd, server);
}
