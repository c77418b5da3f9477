#include "ipban.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/sql.hpp>
#include <common/strlib.hpp>
#include <common/timer.hpp>

#include "login.hpp"
#include "loginlog.hpp"

static std::string ipban_db_hostname = "127.0.0.1";
static uint16 ipban_db_port = 3306;
static std::string ipban_db_username = "ragnarok";
static std::string ipban_db_password = "";
static std::string ipban_db_database = "ragnarok";
static std::string ipban_codepage = "";
static std::string ipban_table = "ipbanlist";

static Sql *sql_handle = nullptr;
static int32 cleanup_timer_id = INVALID_TIMER;

bool ipban_check(uint32 ip)
{
	const unsigned a = ip >> 24, b = (ip >> 16) & 0xFF, c = (ip >> 8) & 0xFF, d = ip & 0xFF;
	char *data = nullptr;

	if (!login_config.ipban)
		return false;

	if (SQL_ERROR == Sql_Query(sql_handle,
	                           "SELECT COUNT(*) FROM `%s` WHERE `rtime` > NOW() AND `list` IN "
	                           "('%u.*.*.*', '%u.%u.*.*', '%u.%u.%u.*', '%u.%u.%u.%u')",
	                           ipban_table.c_str(), a, a, b, a, b, c, a, b, c, d) ||
	    SQL_SUCCESS != Sql_NextRow(sql_handle) ||
	    SQL_SUCCESS != Sql_GetData(sql_handle, 0, &data, nullptr)) {
		Sql_ShowDebug(sql_handle);
		return true; // whoever cannot be checked stays out
	}
	bool banned = atoi(data) > 0;
	Sql_FreeResult(sql_handle);
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
	if (SQL_ERROR == Sql_Query(sql_handle,
	                           "INSERT INTO `%s` (`list`, `btime`, `rtime`, `reason`) VALUES "
	                           "('%u.%u.%u.*', NOW(), NOW() + INTERVAL %u MINUTE, "
	                           "'Password error ban')",
	                           ipban_table.c_str(), ip >> 24, (ip >> 16) & 0xFF, (ip >> 8) & 0xFF,
	                           login_config.dynamic_pass_failure_ban_duration))
		Sql_ShowDebug(sql_handle);
}

static TIMER_FUNC(ipban_cleanup)
{
	(void)tid, (void)tick, (void)id, (void)data;
	if (login_config.ipban &&
	    SQL_ERROR ==
	        Sql_Query(sql_handle, "DELETE FROM `%s` WHERE `rtime` <= NOW()", ipban_table.c_str()))
		Sql_ShowDebug(sql_handle);
	return 0;
}

bool ipban_config_read(const char *key, const char *value)
{
	if (!strcmpi(key, "ipban_db_ip"))
		ipban_db_hostname = value;
	else if (!strcmpi(key, "ipban_db_port"))
		ipban_db_port = (uint16)strtoul(value, nullptr, 10);
	else if (!strcmpi(key, "ipban_db_id"))
		ipban_db_username = value;
	else if (!strcmpi(key, "ipban_db_pw"))
		ipban_db_password = value;
	else if (!strcmpi(key, "ipban_db_db"))
		ipban_db_database = value;
	else if (!strcmpi(key, "ipban_codepage"))
		ipban_codepage = value;
	else if (!strcmpi(key, "ipban_enable"))
		login_config.ipban = config_switch(value) != 0;
	else if (!strcmpi(key, "ipban_dynamic_pass_failure_ban"))
		login_config.dynamic_pass_failure_ban = config_switch(value) != 0;
	else if (!strcmpi(key, "ipban_dynamic_pass_failure_ban_interval"))
		login_config.dynamic_pass_failure_ban_interval = (uint32)atoi(value);
	else if (!strcmpi(key, "ipban_dynamic_pass_failure_ban_limit"))
		login_config.dynamic_pass_failure_ban_limit = (uint32)atoi(value);
	else if (!strcmpi(key, "ipban_dynamic_pass_failure_ban_duration"))
		login_config.dynamic_pass_failure_ban_duration = (uint32)atoi(value);
	else
		return false;
	return true;
}

void ipban_init(void)
{
	if (!login_config.ipban)
		return;

	sql_handle = Sql_Malloc();
	if (SQL_ERROR == Sql_Connect(sql_handle, ipban_db_username.c_str(), ipban_db_password.c_str(),
	                             ipban_db_hostname.c_str(), ipban_db_port,
	                             ipban_db_database.c_str())) {
		ShowError("Couldn't connect with uname='%s',host='%s',port='%hu',database='%s'\n",
		          ipban_db_username.c_str(), ipban_db_hostname.c_str(), ipban_db_port,
		          ipban_db_database.c_str());
		exit(EXIT_FAILURE);
	}
	ShowInfo("Ipban connection made.\n");
	if (!ipban_codepage.empty() && SQL_ERROR == Sql_SetEncoding(sql_handle, ipban_codepage.c_str()))
		Sql_ShowDebug(sql_handle);

	if (login_config.ipban_cleanup_interval > 0) {
		add_timer_func_list(ipban_cleanup, "ipban_cleanup");
		cleanup_timer_id = add_timer_interval(gettick() + 10, ipban_cleanup, 0, 0,
		                                      (int32)login_config.ipban_cleanup_interval * 1000);
	} else {
		ipban_cleanup(0, 0, 0, 0);
	}
}

void ipban_final(void)
{
	if (!login_config.ipban)
		return;

	if (cleanup_timer_id != INVALID_TIMER)
		delete_timer(cleanup_timer_id, ipban_cleanup);
	ipban_cleanup(0, 0, 0, 0);
	Sql_Free(sql_handle);
	sql_handle = nullptr;
}
