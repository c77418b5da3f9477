#include "loginlog.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include <common/mmo.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/sql.hpp>
#include <common/strlib.hpp>

static std::string log_db_hostname = "127.0.0.1";
static uint16 log_db_port = 3306;
static std::string log_db_username = "ragnarok";
static std::string log_db_password = "";
static std::string log_db_database = "ragnarok";
static std::string log_login_db = "loginlog";
static std::string log_codepage = "";

static Sql *sql_handle = nullptr;
static bool enabled = false;

unsigned long loginlog_failedattempts(uint32 ip, uint32 minutes)
{
	unsigned long failures = 0;
	char *data = nullptr;

	if (!enabled)
		return 0;

	if (SQL_ERROR == Sql_Query(sql_handle,
	                           "SELECT COUNT(*) FROM `%s` WHERE `ip` = '%s' AND "
	                           "`rcode` IN (0, 1) AND `time` > NOW() - INTERVAL %u MINUTE",
	                           log_login_db.c_str(), ip2str(ip, nullptr), minutes))
		Sql_ShowDebug(sql_handle);
	if (Sql_NextRow(sql_handle) == SQL_SUCCESS) {
		Sql_GetData(sql_handle, 0, &data, nullptr);
		failures = strtoul(data, nullptr, 10);
		Sql_FreeResult(sql_handle);
	}
	return failures;
}

void login_log(uint32 ip, const char *username, int32 rcode, const char *message)
{
	char esc_username[NAME_LENGTH * 2 + 1];
	char esc_message[255 * 2 + 1];

	if (!enabled)
		return;

	Sql_EscapeStringLen(sql_handle, esc_username, username, strnlen(username, NAME_LENGTH));
	Sql_EscapeStringLen(sql_handle, esc_message, message, strnlen(message, 255));
	if (SQL_ERROR == Sql_Query(sql_handle,
	                           "INSERT INTO `%s` (`time`, `ip`, `user`, `rcode`, `log`) "
	                           "VALUES (NOW(), '%s', '%s', %d, '%s')",
	                           log_login_db.c_str(), ip2str(ip, nullptr), esc_username, rcode,
	                           esc_message))
		Sql_ShowDebug(sql_handle);
}

bool loginlog_config_read(const char *key, const char *value)
{
	if (!strcmpi(key, "log_db_ip"))
		log_db_hostname = value;
	else if (!strcmpi(key, "log_db_port"))
		log_db_port = (uint16)strtoul(value, nullptr, 10);
	else if (!strcmpi(key, "log_db_id"))
		log_db_username = value;
	else if (!strcmpi(key, "log_db_pw"))
		log_db_password = value;
	else if (!strcmpi(key, "log_db_db"))
		log_db_database = value;
	else if (!strcmpi(key, "log_codepage"))
		log_codepage = value;
	else if (!strcmpi(key, "log_login_db"))
		log_login_db = value;
	else
		return false;
	return true;
}

bool loginlog_init(void)
{
	sql_handle = Sql_Malloc();
	if (SQL_ERROR == Sql_Connect(sql_handle, log_db_username.c_str(), log_db_password.c_str(),
	                             log_db_hostname.c_str(), log_db_port, log_db_database.c_str())) {
		ShowError("Couldn't connect with uname='%s',host='%s',port='%hu',database='%s'\n",
		          log_db_username.c_str(), log_db_hostname.c_str(), log_db_port,
		          log_db_database.c_str());
		exit(EXIT_FAILURE);
	}
	if (!log_codepage.empty() && SQL_ERROR == Sql_SetEncoding(sql_handle, log_codepage.c_str()))
		Sql_ShowDebug(sql_handle);
	enabled = true;
	return true;
}

bool loginlog_final(void)
{
	enabled = false;
	Sql_Free(sql_handle);
	sql_handle = nullptr;
	return true;
}
