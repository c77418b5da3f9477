// SPDX-License-Identifier: MIT
#include "login/login_server.h"

static bool ipban_check(uint32 ip)
{
	return ipban_find(ip);
}

// A wrong password or name too many: the network is banned.
static void ipban_log(uint32 ip)
{
	if (loginlog_failures(ip, login_config.ban_interval_min) >= login_config.ban_limit)
		Sql_Query(
		    ipban_sql,
		    "INSERT INTO `%s` (`list`, `btime`, `rtime`, `reason`) VALUES ('%u.%u.%u.*', NOW(), "
		    "NOW() + INTERVAL %d MINUTE, 'Password error ban')",
		    ipban_table, ip >> 24, ip >> 16 & 0xff, ip >> 8 & 0xff, login_config.ban_duration_min);
}

bool login_is_banned(uint32 ip)
{
	return ipban_check(ip);
}

void login_failed(uint32 ip, int32 result)
{
	if (result <= LOGIN_WRONG && login_config.ban_add && ipban_sql != nullptr)
		ipban_log(ip);
}
