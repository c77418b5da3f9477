#define HERCULES_CORE

#include "loginlog.h"

#include "common/conf.h"
#include "common/mmo.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/sql.h"
#include "common/strlib.h"

#include <stdlib.h>

static struct loginlog_interface loginlog_s;
struct loginlog_interface *loginlog;
static struct s_loginlog_dbs loginlogdbs;

static unsigned long loginlog_failedattempts(uint32 ip, unsigned int minutes)
{
	unsigned long failures = 0;
	char *data = NULL;

	if (!loginlog->enabled)
		return 0;

	if (SQL_ERROR == SQL->Query(loginlog->sql_handle,
	                            "SELECT COUNT(*) FROM `%s` WHERE `ip` = '%s' AND `rcode` = 1 AND "
	                            "`time` > NOW() - INTERVAL %u MINUTE",
	                            loginlog->dbs->log_login_db, sockt->ip2str(ip, NULL), minutes))
		Sql_ShowDebug(loginlog->sql_handle);
	if (SQL->NextRow(loginlog->sql_handle) == SQL_SUCCESS) {
		SQL->GetData(loginlog->sql_handle, 0, &data, NULL);
		failures = strtoul(data, NULL, 10);
		SQL->FreeResult(loginlog->sql_handle);
	}
	return failures;
}

static void loginlog_log(uint32 ip, const char *username, int rcode, const char *message)
{
	char esc_username[NAME_LENGTH * 2 + 1];
	char esc_message[255 * 2 + 1];

	if (!loginlog->enabled)
		return;

	SQL->EscapeStringLen(loginlog->sql_handle, esc_username, username,
	                     strnlen(username, NAME_LENGTH));
	SQL->EscapeStringLen(loginlog->sql_handle, esc_message, message, strnlen(message, 255));
	if (SQL_ERROR == SQL->Query(loginlog->sql_handle,
	                            "INSERT INTO `%s` (`time`, `ip`, `user`, `rcode`, `log`) "
	                            "VALUES (NOW(), '%s', '%s', %d, '%s')",
	                            loginlog->dbs->log_login_db, sockt->ip2str(ip, NULL), esc_username,
	                            rcode, esc_message))
		Sql_ShowDebug(loginlog->sql_handle);
}

static bool loginlog_init(void)
{
	const struct s_loginlog_dbs *dbs = loginlog->dbs;

	loginlog->sql_handle = SQL->Malloc();
	if (SQL_ERROR == SQL->Connect(loginlog->sql_handle, dbs->log_db_username, dbs->log_db_password,
	                              dbs->log_db_hostname, dbs->log_db_port, dbs->log_db_database)) {
		Sql_ShowDebug(loginlog->sql_handle);
		exit(EXIT_FAILURE);
	}
	if (dbs->log_codepage[0] != '\0' &&
	    SQL_ERROR == SQL->SetEncoding(loginlog->sql_handle, dbs->log_codepage))
		Sql_ShowDebug(loginlog->sql_handle);
	loginlog->enabled = true;
	return true;
}

static bool loginlog_final(void)
{
	loginlog->enabled = false;
	SQL->Free(loginlog->sql_handle);
	loginlog->sql_handle = NULL;
	return true;
}

static void loginlog_config_read_log(const struct config_t *config)
{
	struct s_loginlog_dbs *dbs = loginlog->dbs;
	struct config_setting_t *setting =
	    libconfig->lookup(config, "inter_configuration/log/sql_connection");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_mutable_string(setting, "db_hostname", dbs->log_db_hostname,
	                                         sizeof(dbs->log_db_hostname));
	libconfig->setting_lookup_uint16(setting, "db_port", &dbs->log_db_port);
	libconfig->setting_lookup_mutable_string(setting, "db_username", dbs->log_db_username,
	                                         sizeof(dbs->log_db_username));
	libconfig->setting_lookup_mutable_string(setting, "db_password", dbs->log_db_password,
	                                         sizeof(dbs->log_db_password));
	libconfig->setting_lookup_mutable_string(setting, "db_database", dbs->log_db_database,
	                                         sizeof(dbs->log_db_database));
	libconfig->setting_lookup_mutable_string(setting, "codepage", dbs->log_codepage,
	                                         sizeof(dbs->log_codepage));
}

static bool loginlog_config_read(const char *filename, bool imported)
{
	struct config_t config;
	struct config_setting_t *setting;
	const char *import = NULL;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	setting = libconfig->lookup(&config, "inter_configuration/database_names");
	if (setting != NULL)
		libconfig->setting_lookup_mutable_string(setting, "login_db", loginlog->dbs->log_login_db,
		                                         sizeof(loginlog->dbs->log_login_db));
	loginlog_config_read_log(&config);
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE &&
	    strcmp(import, filename) != 0)
		retval = loginlog->config_read(import, true);
	libconfig->destroy(&config);
	return retval;
}

void loginlog_defaults(void)
{
	loginlog = &loginlog_s;
	loginlog->dbs = &loginlogdbs;
	loginlog->sql_handle = NULL;
	loginlog->enabled = false;
	loginlog->dbs->log_db_port = 3306;
	safestrncpy(loginlog->dbs->log_db_hostname, "127.0.0.1",
	            sizeof(loginlog->dbs->log_db_hostname));
	safestrncpy(loginlog->dbs->log_db_username, "ragnarok", sizeof(loginlog->dbs->log_db_username));
	safestrncpy(loginlog->dbs->log_db_password, "ragnarok", sizeof(loginlog->dbs->log_db_password));
	safestrncpy(loginlog->dbs->log_db_database, "ragnarok", sizeof(loginlog->dbs->log_db_database));
	safestrncpy(loginlog->dbs->log_login_db, "loginlog", sizeof(loginlog->dbs->log_login_db));

	loginlog->failedattempts = loginlog_failedattempts;
	loginlog->log = loginlog_log;
	loginlog->init = loginlog_init;
	loginlog->final = loginlog_final;
	loginlog->config_read = loginlog_config_read;
}
