// SPDX-License-Identifier: MIT
/* What is no dialect's own about the table of bans: see its ipban.c. */
#include "login/login_server.h"

#include "common/timer.h"

struct Sql *ipban_sql;
char ipban_table[32] = "ipbanlist";
static struct db_address address = DB_ADDRESS_USUAL;

const struct setting ipban_settings[] = {
    SET_DATABASE("ipban_db", "ipban_codepage", "login_configuration/account/ipban/sql_connection",
                 address),
    SET_TEXT(NULL, "inter_configuration/database_names/ipban_table", ipban_table),
    SET_END,
};

static TIMER_FUNC(ipban_cleanup)
{
	Sql_Query(ipban_sql, "DELETE FROM `%s` WHERE `rtime` <= NOW()", ipban_table);
	return 0;
}

void ipban_init(void)
{
	if (!login_config.ban_check)
		return;
	ipban_sql = Sql_Open(&address, "bans");
	if (ipban_sql == NULL)
		exit(EXIT_FAILURE);
	if (login_config.ban_cleanup_s > 0)
		timer_start(gettick(), ipban_cleanup, 0, 0, login_config.ban_cleanup_s * 1000);
}

void ipban_final(void)
{
	Sql_Free(ipban_sql);
}

bool ipban_find(uint32 ip)
{
	const uint32 a = ip >> 24, b = ip >> 16 & 0xff, c = ip >> 8 & 0xff, d = ip & 0xff;

	if (ipban_sql == NULL)
		return false;
	/* who cannot be checked stays out */
	return !Sql_Query(ipban_sql,
	                  "SELECT COUNT(*) FROM `%s` WHERE `rtime` > NOW() AND `list` IN "
	                  "('%u.*.*.*', '%u.%u.*.*', '%u.%u.%u.*', '%u.%u.%u.%u')",
	                  ipban_table, a, a, b, a, b, c, a, b, c, d) ||
	       !Sql_NextRow(ipban_sql) || Sql_Number(ipban_sql, 0) > 0;
}
