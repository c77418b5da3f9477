// SPDX-License-Identifier: MIT
#include "login/login_server.h"

static struct db_address address = DB_ADDRESS_USUAL;
static char table[32] = "loginlog";
static struct Sql *sql; /* NULL: nothing is logged */

const struct setting loginlog_settings[] = {
    SET_DATABASE("log_db", "log_codepage", "inter_configuration/log/sql_connection", address),
    SET_TEXT("log_login_db", "inter_configuration/database_names/login_db", table),
    SET_END,
};

void loginlog_init(void)
{
	if (!login_config.log_login)
		return;
	sql = Sql_Open(&address, "log of logins");
	if (sql == NULL)
		exit(EXIT_FAILURE);
}

void loginlog_final(void)
{
	Sql_Free(sql);
}

void loginlog_write(uint32 ip, const char *userid, int32 code, const char *text)
{
	char name[2 * NAME_LENGTH + 1], escaped[2 * 255 + 1];

	if (sql == NULL)
		return;
	Sql_Escape(sql, name, userid, strnlen(userid, NAME_LENGTH));
	Sql_Escape(sql, escaped, text, strnlen(text, 255));
	Sql_Query(sql,
	          "INSERT INTO `%s` (`time`, `ip`, `user`, `rcode`, `log`) "
	          "VALUES (NOW(), '%s', '%s', %d, '%s')",
	          table, ip2str(ip, NULL), name, code, escaped);
}

int32 loginlog_failures(uint32 ip, int32 minutes)
{
	if (sql == NULL ||
	    !Sql_Query(sql,
	               "SELECT COUNT(*) FROM `%s` WHERE `ip` = '%s' AND `rcode` IN (%s) AND "
	               "`time` > NOW() - INTERVAL %d MINUTE",
	               table, ip2str(ip, NULL), LOGIN_FAILURES, minutes) ||
	    !Sql_NextRow(sql))
		return 0;
	return (int32)Sql_Number(sql, 0);
}
