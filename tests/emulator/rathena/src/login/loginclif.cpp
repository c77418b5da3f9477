// SPDX-License-Identifier: MIT
#include "common/conf.h"
#include "login/login_server.h"

// A char server logs in. Nothing happens before its packet is there as a whole.
static int32 logclif_parse_reqcharconnec(int32 fd, struct login_session_data *sd, const char *ip)
{
	if (RFIFOREST(fd) < 86)
		return 0;
	login_char_server(fd, sd, ip, true, 3);
	RFIFOSKIP(fd, 86);
	return 1;
}

bool login_server_packet(int32 fd, struct login_session_data *sd, const char *ip)
{
	if (RFIFOW(fd, 0) != 0x2710)
		return false;
	logclif_parse_reqcharconnec(fd, sd, ip);
	return true;
}

uint32 login_lan(uint32 ip)
{
	return network_lan_char(ip);
}

void login_send_banned(int32 fd)
{
	login_send_refusal(fd, LOGIN_REJECTED);
}
