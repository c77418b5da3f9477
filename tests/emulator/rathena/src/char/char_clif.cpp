// SPDX-License-Identifier: MIT
#include "char.hpp"

using namespace rathena;

// S 0065 <account>.L <login_id1>.L <login_id2>.L <?>.W <sex>.B
static int32 chclif_parse_reqtoconnect(int32 fd, struct char_session_data *sd, uint32 ipl)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 login_id1 = RFIFOL(fd, 6);
	const uint32 login_id2 = RFIFOL(fd, 10);

	if (sd != nullptr)
		return 1;
	sd = char_enter(fd, account_id, login_id1, login_id2, RFIFOB(fd, 16));

	auto node = util::umap_find(char_get_authdb(), account_id);
	char_judge(fd, sd, ipl,
	           node != nullptr && node->char_id == 0 && node->login_id1 == login_id1 &&
	               node->login_id2 == login_id2);
	return 1;
}

void char_parse_enter(int32 fd, struct char_session_data *sd, uint32 ip)
{
	chclif_parse_reqtoconnect(fd, sd, ip);
}

static int32 chclif_parse_maplogin(int32 fd)
{
	mapif_login(fd, 0, 3);
	return 1;
}

void char_parse_map_login(int32 fd, uint32 ip)
{
	chclif_parse_maplogin(fd);
}
