#define HERCULES_CORE

#include "ipban.h"

#include "login/login.h"
#include "login/loginlog.h"
#include "common/conf.h"
#include "common/dbconf.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/sql.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdlib.h>

static struct ipban_interface the_ipban;
struct ipban_interface *ipban;

static struct db_address address;
static char table[32];
static struct Sql *sql = NULL;
static int cleanup_timer = INVALID_TIMER;

static void ipban_init(void)
{
	const int interval_ms = (int)login->config->ipban_cleanup_interval * 1000;

	if (!login->config->ipban)
		return;
	sql = dbconf_open(&address, "bans");
	if (sql == NULL)
		exit(EXIT_FAILURE);
	if (interval_ms == 0) {
		ipban->cleanup(0, 0, 0, 0);
		return;
	}
	timer->add_func_list(ipban->cleanup, "ipban_cleanup");
	cleanup_timer = timer->add_interval(timer->gettick() + 10, ipban->cleanup, 0, 0, interval_ms);
}

static void ipban_final(void)
{
	if (!login->config->ipban)
		return;
	if (cleanup_timer != INVALID_TIMER)
		timer->delete_(cleanup_timer, ipban->cleanup);
	ipban->cleanup(0, 0, 0, 0);
	SQL->Free(sql);
	sql = NULL;
}

static void ipban_config_read_dynamic(const struct config_setting_t *group)
{
	struct Login_Config *to = login->config;

	if (group == NULL)
		return;
	libconfig->setting_lookup_bool_real(group, "enabled", &to->dynamic_pass_failure_ban);
	libconfig->setting_lookup_uint32(group, "ban_interval", &to->dynamic_pass_failure_ban_interval);
	libconfig->setting_lookup_uint32(group, "ban_limit", &to->dynamic_pass_failure_ban_limit);
	libconfig->setting_lookup_uint32(group, "ban_duration", &to->dynamic_pass_failure_ban_duration);
}

static bool ipban_config_read(const char *filename, struct config_t *config, bool imported)
{
	static const char path[] = "login_configuration/account/ipban";
	const struct config_setting_t *group = libconfig->lookup(config, path);

	if (group == NULL) {
		if (!imported)
			ShowError("%s: there is no %s\n", filename, path);
		return imported;
	}
	libconfig->setting_lookup_bool_real(group, "enabled", &login->config->ipban);
	libconfig->setting_lookup_uint32(group, "cleanup_interval",
	                                 &login->config->ipban_cleanup_interval);
	ipban_config_read_dynamic(libconfig->setting_get_member(group, "dynamic_pass_failure"));
	dbconf_read(config, "login_configuration/account/ipban/sql_connection", &address);
	return dbconf_read_table("ipban_table", table, sizeof(table));
}

static bool ipban_check(uint32 ip)
{
	const unsigned a = ip >> 24, b = (ip >> 16) & 0xFF, c = (ip >> 8) & 0xFF, d = ip & 0xFF;
	char *data = NULL;

	if (!login->config->ipban)
		return false;

	if (SQL_ERROR == SQL->Query(sql,
	                            "SELECT COUNT(*) FROM `%s` WHERE `rtime` > NOW() AND `list` IN "
	                            "('%u.*.*.*', '%u.%u.*.*', '%u.%u.%u.*', '%u.%u.%u.%u')",
	                            table, a, a, b, a, b, c, a, b, c, d)) {
		Sql_ShowDebug(sql);
		return true; /* whoever cannot be checked stays out */
	}
	if (SQL_SUCCESS != SQL->NextRow(sql) || SQL_SUCCESS != SQL->GetData(sql, 0, &data, NULL))
		return false;
	bool banned = atoi(data) > 0;
	SQL->FreeResult(sql);
	return banned;
}

static void ipban_log(uint32 ip)
{
	const struct Login_Config *config = login->config;

	if (!config->ipban)
		return;
	if (loginlog->failedattempts(ip, config->dynamic_pass_failure_ban_interval) <
	    config->dynamic_pass_failure_ban_limit)
		return;
	if (SQL_ERROR == SQL->Query(sql,
	                            "INSERT INTO `%s` (`list`, `btime`, `rtime`, `reason`) VALUES "
	                            "('%u.%u.%u.*', NOW(), NOW() + INTERVAL %u MINUTE, "
	                            "'Contraseña incorrecta otra vez')",
	                            table, ip >> 24, (ip >> 16) & 0xFF, (ip >> 8) & 0xFF,
	                            config->dynamic_pass_failure_ban_duration))
		Sql_ShowDebug(sql);
}

static int ipban_cleanup(int tid, int64 tick, int id, intptr_t data)
{
	if (login->config->ipban &&
	    SQL_ERROR == SQL->Query(sql, "DELETE FROM `%s` WHERE `rtime` <= NOW()", table))
		Sql_ShowDebug(sql);
	return 0;
}

void ipban_defaults(void)
{
	dbconf_defaults(&address);
	safestrncpy(table, "ipbanlist", sizeof(table));

	ipban = &the_ipban;
	ipban->init = ipban_init;
	ipban->final = ipban_final;
	ipban->cleanup = ipban_cleanup;
	ipban->config_read = ipban_config_read;
	ipban->check = ipban_check;
	ipban->log = ipban_log;
}
