#include "loginlog.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include <common/mmo.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/sql.hpp>
#include <common/strlib.hpp>

#include <common/dbconf.hpp>

static db_address address;
static std::string table = "loginlog";
static Sql *sql = nullptr; // null: nothing is logged

unsigned long loginlog_failedattempts(uint32 ip, uint32 minutes)
{
	char *count = nullptr;

	if (sql == nullptr)
		return 0;

	if (SQL_ERROR == Sql_Query(sql,
	                           "SELECT COUNT(*) FROM `%s` WHERE `ip` = '%s' AND "
	                           "`rcode` IN (0, 1) AND `time` > NOW() - INTERVAL %u MINUTE",
	                           table.c_str(), ip2str(ip, nullptr), minutes))
		Sql_ShowDebug(sql);
	if (Sql_NextRow(sql) != SQL_SUCCESS || Sql_GetData(sql, 0, &count, nullptr) != SQL_SUCCESS)
		return 0;
	return strtoul(count, nullptr, 10);
}

void login_log(uint32 ip, const char *username, int32 rcode, const char *message)
{
	char user[2 * NAME_LENGTH + 1];
	char text[2 * 255 + 1];

	if (sql == nullptr)
		return;

	Sql_EscapeStringLen(sql, user, username, strnlen(username, NAME_LENGTH));
	Sql_EscapeStringLen(sql, text, message, strnlen(message, 255));
	if (SQL_ERROR == Sql_Query(sql,
	                           "INSERT INTO `%s` (`time`, `ip`, `user`, `rcode`, `log`) "
	                           "VALUES (NOW(), '%s', '%s', %d, '%s')",
	                           table.c_str(), ip2str(ip, nullptr), user, rcode, text))
		Sql_ShowDebug(sql);
}

bool loginlog_config_read(const char *key, const char *value)
{
	if (address.take("log_db", key, value))
		return true;
	if (strcmp(key, "log_codepage") == 0)
		address.codepage = value;
	else if (strcmp(key, "log_login_db") == 0)
		table = value;
	else
		return false;
	return true;
}

bool loginlog_init(void)
{
	sql = address.open("login log");
	if (sql == nullptr)
		exit(EXIT_FAILURE);
	return true;
}

bool loginlog_final(void)
{
	Sql_Free(sql);
	sql = nullptr;
	return true;
}
