#define HERCULES_CORE

#include "loginlog.h"

#include "common/conf.h"
#include "common/dbconf.h"
#include "common/mmo.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/sql.h"
#include "common/strlib.h"

#include <stdlib.h>

static struct loginlog_interface the_loginlog;
struct loginlog_interface *loginlog;

static struct db_address address;
static char table[256];
static struct Sql *sql = NULL; /* NULL: nothing is logged */

static unsigned long loginlog_failedattempts(uint32 ip, unsigned int minutes)
{
	char *count = NULL;

	if (sql == NULL)
		return 0;
	if (SQL_ERROR == SQL->Query(sql,
	                            "SELECT COUNT(*) FROM `%s` WHERE `ip` = '%s' AND `rcode` = 1 AND "
	                            "`time` > NOW() - INTERVAL %u MINUTE",
	                            table, sockt->ip2str(ip, NULL), minutes))
		Sql_ShowDebug(sql);
	if (SQL->NextRow(sql) != SQL_SUCCESS || SQL->GetData(sql, 0, &count, NULL) != SQL_SUCCESS)
		return 0;
	return strtoul(count, NULL, 10);
}

static void loginlog_log(uint32 ip, const char *username, int rcode, const char *message)
{
	char user[2 * NAME_LENGTH + 1];
	char text[2 * 255 + 1];

	if (sql == NULL)
		return;
	SQL->EscapeStringLen(sql, user, username, strnlen(username, NAME_LENGTH));
	SQL->EscapeStringLen(sql, text, message, strnlen(message, 255));
	if (SQL_ERROR == SQL->Query(sql,
	                            "INSERT INTO `%s` (`time`, `ip`, `user`, `rcode`, `log`) "
	                            "VALUES (NOW(), '%s', '%s', %d, '%s')",
	                            table, sockt->ip2str(ip, NULL), user, rcode, text))
		Sql_ShowDebug(sql);
}

static bool loginlog_init(void)
{
	sql = dbconf_open(&address, "login log");
	if (sql == NULL)
		exit(EXIT_FAILURE);
	return true;
}

static bool loginlog_final(void)
{
	SQL->Free(sql);
	sql = NULL;
	return true;
}

static bool loginlog_config_read(const char *filename, bool imported)
{
	struct config_t config;
	const char *next = NULL;
	bool good = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	dbconf_read(&config, "inter_configuration/log/sql_connection", &address);
	if (!imported)
		good = dbconf_read_table("login_db", table, sizeof(table));
	if (libconfig->lookup_string(&config, "import", &next) == CONFIG_TRUE &&
	    strcmp(next, filename) != 0)
		good = loginlog->config_read(next, true) && good;
	libconfig->destroy(&config);
	return good;
}

void loginlog_defaults(void)
{
	dbconf_defaults(&address);
	safestrncpy(table, "loginlog", sizeof(table));

	loginlog = &the_loginlog;
	loginlog->failedattempts = loginlog_failedattempts;
	loginlog->log = loginlog_log;
	loginlog->init = loginlog_init;
	loginlog->final = loginlog_final;
	loginlog->config_read = loginlog_config_read;
}
