#define HERCULES_CORE

#include "account.h"

#include "common/conf.h"
#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/sql.h"
#include "common/strlib.h"

#include <stdlib.h>

static struct account_interface account_s;
struct account_interface *account;

typedef struct AccountDB_SQL {
	AccountDB vtable; /* comes first: a pointer to it is a pointer to the whole */
	struct Sql *accounts;
	char db_hostname[32];
	uint16 db_port;
	char db_username[32];
	char db_password[100];
	char db_database[32];
	char codepage[32];
	bool case_sensitive;
	char account_db[32];
} AccountDB_SQL;

static bool account_db_sql_init(AccountDB *self)
{
	AccountDB_SQL *db = (AccountDB_SQL *)self;

	db->accounts = SQL->Malloc();
	if (SQL_ERROR == SQL->Connect(db->accounts, db->db_username, db->db_password, db->db_hostname,
	                              db->db_port, db->db_database)) {
		SQL->Free(db->accounts);
		db->accounts = NULL;
		return false;
	}
	if (db->codepage[0] != '\0' && SQL_ERROR == SQL->SetEncoding(db->accounts, db->codepage))
		Sql_ShowDebug(db->accounts);
	return true;
}

static void account_db_sql_destroy(AccountDB *self)
{
	SQL->Free(((AccountDB_SQL *)self)->accounts);
	aFree(self);
}

/* The table's name stands in the file of the other servers. */
static bool account_db_read_inter(AccountDB_SQL *db, const char *filename, bool imported)
{
	struct config_t config;
	struct config_setting_t *setting;
	const char *import = NULL;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	setting = libconfig->lookup(&config, "inter_configuration/database_names");
	if (setting != NULL) {
		libconfig->setting_lookup_mutable_string(setting, "account_db", db->account_db,
		                                         sizeof(db->account_db));
	} else if (!imported) {
		ShowError("inter_configuration/database_names was not found in %s!\n", filename);
		retval = false;
	}
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE &&
	    strcmp(import, filename) != 0)
		retval = account_db_read_inter(db, import, true) && retval;
	libconfig->destroy(&config);
	return retval;
}

static bool account_db_sql_set_property(AccountDB *self, struct config_t *config, bool imported)
{
	AccountDB_SQL *db = (AccountDB_SQL *)self;
	struct config_setting_t *setting =
	    libconfig->lookup(config, "login_configuration/account/sql_connection");

	if (setting == NULL) {
		if (!imported)
			ShowError("login_configuration/account/sql_connection was not found!\n");
		return imported;
	}
	libconfig->setting_lookup_mutable_string(setting, "db_hostname", db->db_hostname,
	                                         sizeof(db->db_hostname));
	libconfig->setting_lookup_uint16(setting, "db_port", &db->db_port);
	libconfig->setting_lookup_mutable_string(setting, "db_username", db->db_username,
	                                         sizeof(db->db_username));
	libconfig->setting_lookup_mutable_string(setting, "db_password", db->db_password,
	                                         sizeof(db->db_password));
	libconfig->setting_lookup_mutable_string(setting, "db_database", db->db_database,
	                                         sizeof(db->db_database));
	libconfig->setting_lookup_mutable_string(setting, "codepage", db->codepage,
	                                         sizeof(db->codepage));
	libconfig->setting_lookup_bool_real(setting, "case_sensitive", &db->case_sensitive);
	return account_db_read_inter(db, "conf/common/inter-server.conf", imported);
}

/* A column of the current row as text, "" for NULL. */
static const char *column(struct Sql *sql, size_t col)
{
	char *data = NULL;

	SQL->GetData(sql, col, &data, NULL);
	return data != NULL ? data : "";
}

static bool account_db_sql_load_num(AccountDB *self, struct mmo_account *acc, int account_id)
{
	AccountDB_SQL *db = (AccountDB_SQL *)self;
	struct Sql *sql = db->accounts;

	memset(acc, 0, sizeof(*acc));
	if (SQL_ERROR ==
	    SQL->Query(sql,
	               "SELECT `userid`, `user_pass`, `sex`, `email`, `group_id`, `state`, "
	               "`unban_time`, `expiration_time`, `last_ip`, `birthdate`, `character_slots`, "
	               "`pincode`, `pincode_change` FROM `%s` WHERE `account_id` = %d",
	               db->account_db, account_id)) {
		Sql_ShowDebug(sql);
		return false;
	}
	bool found = SQL->NextRow(sql) == SQL_SUCCESS;
	if (found) {
		acc->account_id = account_id;
		safestrncpy(acc->userid, column(sql, 0), sizeof(acc->userid));
		safestrncpy(acc->pass, column(sql, 1), sizeof(acc->pass));
		acc->sex = column(sql, 2)[0];
		safestrncpy(acc->email, column(sql, 3), sizeof(acc->email));
		acc->group_id = atoi(column(sql, 4));
		acc->state = (unsigned int)strtoul(column(sql, 5), NULL, 10);
		acc->unban_time = atol(column(sql, 6));
		acc->expiration_time = atol(column(sql, 7));
		safestrncpy(acc->last_ip, column(sql, 8), sizeof(acc->last_ip));
		safestrncpy(acc->birthdate, column(sql, 9), sizeof(acc->birthdate));
		acc->char_slots = (uint8)atoi(column(sql, 10));
		safestrncpy(acc->pincode, column(sql, 11), sizeof(acc->pincode));
		acc->pincode_change = (unsigned int)strtoul(column(sql, 12), NULL, 10);
	}
	SQL->FreeResult(sql);
	return found;
}

static bool account_db_sql_load_str(AccountDB *self, struct mmo_account *acc, const char *userid)
{
	AccountDB_SQL *db = (AccountDB_SQL *)self;
	struct Sql *sql = db->accounts;
	char escaped[2 * NAME_LENGTH + 1];

	SQL->EscapeStringLen(sql, escaped, userid, strnlen(userid, NAME_LENGTH));
	if (SQL_ERROR == SQL->Query(sql, "SELECT `account_id` FROM `%s` WHERE `userid` = %s'%s'",
	                            db->account_db, db->case_sensitive ? "BINARY " : "", escaped)) {
		Sql_ShowDebug(sql);
		return false;
	}
	if (SQL->NumRows(sql) != 1 || SQL->NextRow(sql) != SQL_SUCCESS) {
		if (SQL->NumRows(sql) > 1)
			ShowError("AccountDB: there are several accounts named '%s'\n", userid);
		SQL->FreeResult(sql);
		return false;
	}
	return self->load_num(self, acc, atoi(column(sql, 0)));
}

static bool account_db_sql_create(AccountDB *self, struct mmo_account *acc)
{
	AccountDB_SQL *db = (AccountDB_SQL *)self;
	char userid[2 * sizeof(acc->userid) + 1], pass[2 * sizeof(acc->pass) + 1];
	struct mmo_account created;

	SQL->EscapeStringLen(db->accounts, userid, acc->userid, strlen(acc->userid));
	SQL->EscapeStringLen(db->accounts, pass, acc->pass, strlen(acc->pass));
	if (SQL_ERROR ==
	    SQL->Query(db->accounts,
	               "INSERT INTO `%s` (`userid`, `user_pass`, `sex`, `email`, `last_ip`) "
	               "VALUES ('%s', '%s', '%c', '%s', '%s')",
	               db->account_db, userid, pass, acc->sex, acc->email, acc->last_ip)) {
		Sql_ShowDebug(db->accounts);
		return false;
	}
	if (!self->load_str(self, &created, acc->userid))
		return false;
	acc->account_id = created.account_id;
	return true;
}

static bool account_db_sql_note_login(AccountDB *self, const struct mmo_account *acc)
{
	AccountDB_SQL *db = (AccountDB_SQL *)self;

	if (SQL_ERROR != SQL->Query(db->accounts,
	                            "UPDATE `%s` SET `lastlogin` = NOW(), `last_ip` = '%s', "
	                            "`unban_time` = 0, `logincount` = `logincount` + 1 "
	                            "WHERE `account_id` = %d",
	                            db->account_db, acc->last_ip, acc->account_id))
		return true;
	Sql_ShowDebug(db->accounts);
	return false;
}

static AccountDB *account_db_sql(void)
{
	AccountDB_SQL *db;

	CREATE(db, AccountDB_SQL, 1);
	db->vtable.init = account_db_sql_init;
	db->vtable.destroy = account_db_sql_destroy;
	db->vtable.set_property = account_db_sql_set_property;
	db->vtable.load_num = account_db_sql_load_num;
	db->vtable.load_str = account_db_sql_load_str;
	db->vtable.create = account_db_sql_create;
	db->vtable.note_login = account_db_sql_note_login;
	db->db_port = 3306;
	safestrncpy(db->db_hostname, "127.0.0.1", sizeof(db->db_hostname));
	safestrncpy(db->db_username, "ragnarok", sizeof(db->db_username));
	safestrncpy(db->db_password, "ragnarok", sizeof(db->db_password));
	safestrncpy(db->db_database, "ragnarok", sizeof(db->db_database));
	safestrncpy(db->account_db, "login", sizeof(db->account_db));
	return &db->vtable;
}

void account_defaults(void)
{
	account = &account_s;
	account->db_sql = account_db_sql;
}
