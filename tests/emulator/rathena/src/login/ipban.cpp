#include "ipban.hpp"

#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>

#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/sql.hpp>
#include <common/strlib.hpp>
#include <common/timer.hpp>

#include <common/dbconf.hpp>
#include "login.hpp"
#include "loginlog.hpp"

static db_address address;
static const char *const table = "ipbanlist";
static Sql *sql = nullptr;
static int32 cleanup_timer = INVALID_TIMER;

bool ipban_check(uint32 ip)
{
	const unsigned a = ip >> 24, b = (ip >> 16) & 0xFF, c = (ip >> 8) & 0xFF, d = ip & 0xFF;
	char *data = nullptr;

	if (!login_config.ipban)
		return false;

	if (SQL_ERROR == Sql_Query(sql,
	                           "SELECT COUNT(*) FROM `%s` WHERE `rtime` > NOW() AND `list` IN "
	                           "('%u.*.*.*', '%u.%u.*.*', '%u.%u.%u.*', '%u.%u.%u.%u')",
	                           table, a, a, b, a, b, c, a, b, c, d) ||
	    SQL_SUCCESS != Sql_NextRow(sql) || SQL_SUCCESS != Sql_GetData(sql, 0, &data, nullptr)) {
		Sql_ShowDebug(sql);
		return true; // whoever cannot be checked stays out
	}
	bool banned = atoi(data) > 0;
	Sql_FreeResult(sql);
	return banned;
}

void ipban_log(uint32 ip)
{
	if (!login_config.ipban)
		return;

	unsigned long failures =
	    loginlog_failedattempts(ip, login_config.dynamic_pass_failure_ban_interval);
	if (failures < login_config.dynamic_pass_failure_ban_limit)
		return;
	if (SQL_ERROR == Sql_Query(sql,
	                           "INSERT INTO `%s` (`list`, `btime`, `rtime`, `reason`) VALUES "
	                           "('%u.%u.%u.*', NOW(), NOW() + INTERVAL %u MINUTE, "
	                           "'Password error ban')",
	                           table, ip >> 24, (ip >> 16) & 0xFF, (ip >> 8) & 0xFF,
	                           login_config.dynamic_pass_failure_ban_duration))
		Sql_ShowDebug(sql);
}

static TIMER_FUNC(ipban_cleanup)
{
	(void)tid, (void)tick, (void)id, (void)data;
	if (login_config.ipban &&
	    SQL_ERROR == Sql_Query(sql, "DELETE FROM `%s` WHERE `rtime` <= NOW()", table))
		Sql_ShowDebug(sql);
	return 0;
}

bool ipban_config_read(const char *key, const char *value)
{
	static const std::unordered_map<std::string, bool *> switches = {
	    {"ipban_enable", &login_config.ipban},
	    {"ipban_dynamic_pass_failure_ban", &login_config.dynamic_pass_failure_ban},
	};
	static const std::unordered_map<std::string, uint32 *> numbers = {
	    {"ipban_dynamic_pass_failure_ban_interval",
	     &login_config.dynamic_pass_failure_ban_interval},
	    {"ipban_dynamic_pass_failure_ban_limit", &login_config.dynamic_pass_failure_ban_limit},
	    {"ipban_dynamic_pass_failure_ban_duration",
	     &login_config.dynamic_pass_failure_ban_duration},
	};

	if (address.take("ipban_db", key, value))
		return true;
	if (strcmp(key, "ipban_codepage") == 0)
		address.codepage = value;
	else if (switches.count(key) != 0)
		*switches.at(key) = config_switch(value) != 0;
	else if (numbers.count(key) != 0)
		*numbers.at(key) = (uint32)atoi(value);
	else
		return false;
	return true;
}

void ipban_init(void)
{
	const int32 interval_ms = login_config.ipban_cleanup_interval * 1000;

	if (!login_config.ipban)
		return;
	sql = address.open("bans");
	if (sql == nullptr)
		exit(EXIT_FAILURE);
	if (interval_ms <= 0) {
		ipban_cleanup(0, 0, 0, 0);
		return;
	}
	add_timer_func_list(ipban_cleanup, "ipban_cleanup");
	cleanup_timer = add_timer_interval(gettick() + 10, ipban_cleanup, 0, 0, interval_ms);
}

void ipban_final(void)
{
	if (!login_config.ipban)
		return;
	if (cleanup_timer != INVALID_TIMER)
		delete_timer(cleanup_timer, ipban_cleanup);
	ipban_cleanup(0, 0, 0, 0);
	Sql_Free(sql);
	sql = nullptr;
}
