#define HERCULES_CORE

#include "ipban.h"

#include "login/login.h"
#include "login/loginlog.h"
#include "common/conf.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/sql.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdlib.h>

static struct ipban_interface ipban_s;
struct ipban_interface *ipban;
static struct s_ipban_dbs ipbandbs;

static void ipban_init(void)
{
	const struct s_ipban_dbs *dbs = ipban->dbs;
	const int interval = (int)login->config->ipban_cleanup_interval;

	if (!login->config->ipban)
		return;

	ipban->sql_handle = SQL->Malloc();
	if (SQL_ERROR == SQL->Connect(ipban->sql_handle, dbs->db_username, dbs->db_password,
	                              dbs->db_hostname, dbs->db_port, dbs->db_database)) {
		Sql_ShowDebug(ipban->sql_handle);
		exit(EXIT_FAILURE);
	}
	if (dbs->codepage[0] != '\0' && SQL_ERROR == SQL->SetEncoding(ipban->sql_handle, dbs->codepage))
		Sql_ShowDebug(ipban->sql_handle);

	if (interval == 0) {
		ipban->cleanup(0, 0, 0, 0);
		return;
	}
	timer->add_func_list(ipban->cleanup, "ipban_cleanup");
	ipban->cleanup_timer_id =
	    timer->add_interval(timer->gettick() + 10, ipban->cleanup, 0, 0, interval * 1000);
}

static void ipban_final(void)
{
	if (!login->config->ipban)
		return;

	if (ipban->cleanup_timer_id != INVALID_TIMER)
		timer->delete_(ipban->cleanup_timer_id, ipban->cleanup);
	ipban->cleanup(0, 0, 0, 0);
	SQL->Free(ipban->sql_handle);
	ipban->sql_handle = NULL;
}

/* The table's name stands in the file of the other servers. */
static bool ipban_config_read_inter(const char *filename, bool imported)
{
	struct config_t config;
	struct config_setting_t *setting;
	const char *import = NULL;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	setting = libconfig->lookup(&config, "inter_configuration/database_names");
	if (setting != NULL)
		libconfig->setting_lookup_mutable_string(setting, "ipban_table", ipban->dbs->table,
		                                         sizeof(ipban->dbs->table));
	else
		retval = imported;
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE &&
	    strcmp(import, filename) != 0)
		retval = ipban_config_read_inter(import, true) && retval;
	libconfig->destroy(&config);
	return retval;
}

static void ipban_config_read_connection(struct config_t *config)
{
	struct s_ipban_dbs *dbs = ipban->dbs;
	struct config_setting_t *setting =
	    libconfig->lookup(config, "login_configuration/account/ipban/sql_connection");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_mutable_string(setting, "db_hostname", dbs->db_hostname,
	                                         sizeof(dbs->db_hostname));
	libconfig->setting_lookup_uint16(setting, "db_port", &dbs->db_port);
	libconfig->setting_lookup_mutable_string(setting, "db_username", dbs->db_username,
	                                         sizeof(dbs->db_username));
	libconfig->setting_lookup_mutable_string(setting, "db_password", dbs->db_password,
	                                         sizeof(dbs->db_password));
	libconfig->setting_lookup_mutable_string(setting, "db_database", dbs->db_database,
	                                         sizeof(dbs->db_database));
	libconfig->setting_lookup_mutable_string(setting, "codepage", dbs->codepage,
	                                         sizeof(dbs->codepage));
}

static void ipban_config_read_dynamic(struct config_t *config)
{
	struct Login_Config *to = login->config;
	struct config_setting_t *setting =
	    libconfig->lookup(config, "login_configuration/account/ipban/dynamic_pass_failure");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "enabled", &to->dynamic_pass_failure_ban);
	libconfig->setting_lookup_uint32(setting, "ban_interval",
	                                 &to->dynamic_pass_failure_ban_interval);
	libconfig->setting_lookup_uint32(setting, "ban_limit", &to->dynamic_pass_failure_ban_limit);
	libconfig->setting_lookup_uint32(setting, "ban_duration",
	                                 &to->dynamic_pass_failure_ban_duration);
}

static bool ipban_config_read(const char *filename, struct config_t *config, bool imported)
{
	struct config_setting_t *setting =
	    libconfig->lookup(config, "login_configuration/account/ipban");

	if (setting == NULL) {
		if (!imported)
			ShowError("login_configuration/account/ipban was not found in %s!\n", filename);
		return imported;
	}
	libconfig->setting_lookup_bool_real(setting, "enabled", &login->config->ipban);
	libconfig->setting_lookup_uint32(setting, "cleanup_interval",
	                                 &login->config->ipban_cleanup_interval);
	ipban_config_read_connection(config);
	ipban_config_read_dynamic(config);
	return ipban_config_read_inter("conf/common/inter-server.conf", imported);
}

static bool ipban_check(uint32 ip)
{
	const unsigned a = ip >> 24, b = (ip >> 16) & 0xFF, c = (ip >> 8) & 0xFF, d = ip & 0xFF;
	char *data = NULL;

	if (!login->config->ipban)
		return false;

	if (SQL_ERROR == SQL->Query(ipban->sql_handle,
	                            "SELECT COUNT(*) FROM `%s` WHERE `rtime` > NOW() AND `list` IN "
	                            "('%u.*.*.*', '%u.%u.*.*', '%u.%u.%u.*', '%u.%u.%u.%u')",
	                            ipban->dbs->table, a, a, b, a, b, c, a, b, c, d)) {
		Sql_ShowDebug(ipban->sql_handle);
		return true; /* whoever cannot be checked stays out */
	}
	if (SQL_SUCCESS != SQL->NextRow(ipban->sql_handle) ||
	    SQL_SUCCESS != SQL->GetData(ipban->sql_handle, 0, &data, NULL))
		return false;
	bool banned = atoi(data) > 0;
	SQL->FreeResult(ipban->sql_handle);
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
	if (SQL_ERROR == SQL->Query(ipban->sql_handle,
	                            "INSERT INTO `%s` (`list`, `btime`, `rtime`, `reason`) VALUES "
	                            "('%u.%u.%u.*', NOW(), NOW() + INTERVAL %u MINUTE, "
	                            "'Password error ban')",
	                            ipban->dbs->table, ip >> 24, (ip >> 16) & 0xFF, (ip >> 8) & 0xFF,
	                            config->dynamic_pass_failure_ban_duration))
		Sql_ShowDebug(ipban->sql_handle);
}

static int ipban_cleanup(int tid, int64 tick, int id, intptr_t data)
{
	if (login->config->ipban &&
	    SQL_ERROR == SQL->Query(ipban->sql_handle, "DELETE FROM `%s` WHERE `rtime` <= NOW()",
	                            ipban->dbs->table))
		Sql_ShowDebug(ipban->sql_handle);
	return 0;
}

void ipban_defaults(void)
{
	ipban = &ipban_s;
	ipban->dbs = &ipbandbs;
	ipban->sql_handle = NULL;
	ipban->cleanup_timer_id = INVALID_TIMER;
	ipban->dbs->db_port = 3306;
	safestrncpy(ipban->dbs->db_hostname, "127.0.0.1", sizeof(ipban->dbs->db_hostname));
	safestrncpy(ipban->dbs->db_username, "ragnarok", sizeof(ipban->dbs->db_username));
	safestrncpy(ipban->dbs->db_password, "ragnarok", sizeof(ipban->dbs->db_password));
	safestrncpy(ipban->dbs->db_database, "ragnarok", sizeof(ipban->dbs->db_database));
	safestrncpy(ipban->dbs->table, "ipbanlist", sizeof(ipban->dbs->table));

	ipban->init = ipban_init;
	ipban->final = ipban_final;
	ipban->cleanup = ipban_cleanup;
	ipban->config_read = ipban_config_read;
	ipban->check = ipban_check;
	ipban->log = ipban_log;
}
