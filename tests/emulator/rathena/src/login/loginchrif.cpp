// SPDX-License-Identifier: MIT
#include "login/login_server.h"

static struct login_auth_node *login_get_auth_node(uint32 account_id)
{
	return (struct login_auth_node *)idb_get(login_auth_db, account_id);
}

// S 2712 <account>.L <login_id1>.L <login_id2>.L <sex>.B <player's ip>.L <request>.L
static int32 logchrif_parse_reqauth(int32 fd, int32 id)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 login_id1 = RFIFOL(fd, 6);
	const uint32 login_id2 = RFIFOL(fd, 10);
	const uint8 sex = RFIFOB(fd, 14);
	const uint32 request = RFIFOL(fd, 19);

	RFIFOSKIP(fd, 23);

	struct login_auth_node *node = login_get_auth_node(account_id);
	login_judge(fd, id, node, account_id, login_id1, login_id2, sex, request);
	return 1;
}

void login_parse_ticket(int32 fd, int32 server)
{
	logchrif_parse_reqauth(fd, server);
}
