#define HERCULES_CORE

#include "account.h"

#include "common/conf.h"
#include "common/dbconf.h"
#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/sql.h"
#include "common/strlib.h"

#include <stdlib.h>

static struct account_interface the_account;
struct account_interface *account;

struct account_table {
	AccountDB vtable; /* comes first: a pointer to it is a pointer to the whole */
	struct Sql *sql;
	struct db_address address;
	bool case_sensitive;
	char name[32];
};

static bool account_table_init(AccountDB *self)
{
	struct account_table *table = (struct account_table *)self;

	table->sql = dbconf_open(&table->address, "accounts");
	return table->sql != NULL;
}

static void account_table_destroy(AccountDB *self)
{
	SQL->Free(((struct account_table *)self)->sql);
	aFree(self);
}

static bool account_table_set_property(AccountDB *self, struct config_t *config, bool imported)
{
	static const char path[] = "login_configuration/account/sql_connection";
	struct account_table *table = (struct account_table *)self;

	if (!dbconf_read(config, path, &table->address)) {
		if (!imported)
			ShowError("there is no %s\n", path);
		return imported;
	}
	libconfig->setting_lookup_bool_real(libconfig->lookup(config, path), "case_sensitive",
	                                    &table->case_sensitive);
	return dbconf_read_table("account_db", table->name, sizeof(table->name));
}

/* A column of the current row as text, "" for NULL. */
static const char *column(struct Sql *sql, size_t col)
{
	char *data = NULL;

	SQL->GetData(sql, col, &data, NULL);
	return data != NULL ? data : "";
}

static bool account_table_load_num(AccountDB *self, struct mmo_account *acc, int account_id)
{
	struct account_table *table = (struct account_table *)self;
	struct Sql *sql = table->sql;

	memset(acc, 0, sizeof(*acc));
	if (SQL_ERROR ==
	    SQL->Query(sql,
	               "SELECT `userid`, `user_pass`, `sex`, `email`, `group_id`, `state`, "
	               "`unban_time`, `expiration_time`, `last_ip`, `birthdate`, `character_slots`, "
	               "`pincode`, `pincode_change` FROM `%s` WHERE `account_id` = %d",
	               table->name, account_id)) {
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

static bool account_table_load_str(AccountDB *self, struct mmo_account *acc, const char *userid)
{
	struct account_table *table = (struct account_table *)self;
	struct Sql *sql = table->sql;
	char escaped[2 * NAME_LENGTH + 1];

	SQL->EscapeStringLen(sql, escaped, userid, strnlen(userid, NAME_LENGTH));
	if (SQL_ERROR == SQL->Query(sql, "SELECT `account_id` FROM `%s` WHERE `userid` = %s'%s'",
	                            table->name, table->case_sensitive ? "BINARY " : "", escaped)) {
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

static bool account_table_create(AccountDB *self, struct mmo_account *acc)
{
	struct account_table *table = (struct account_table *)self;
	char userid[2 * sizeof(acc->userid) + 1], pass[2 * sizeof(acc->pass) + 1];
	struct mmo_account created;

	SQL->EscapeStringLen(table->sql, userid, acc->userid, strlen(acc->userid));
	SQL->EscapeStringLen(table->sql, pass, acc->pass, strlen(acc->pass));
	if (SQL_ERROR ==
	    SQL->Query(table->sql,
	               "INSERT INTO `%s` (`userid`, `user_pass`, `sex`, `email`, `last_ip`) "
	               "VALUES ('%s', '%s', '%c', '%s', '%s')",
	               table->name, userid, pass, acc->sex, acc->email, acc->last_ip)) {
		Sql_ShowDebug(table->sql);
		return false;
	}
	if (!self->load_str(self, &created, acc->userid))
		return false;
	acc->account_id = created.account_id;
	return true;
}

static bool account_table_note_login(AccountDB *self, const struct mmo_account *acc)
{
	struct account_table *table = (struct account_table *)self;

	if (SQL_ERROR != SQL->Query(table->sql,
	                            "UPDATE `%s` SET `lastlogin` = NOW(), `last_ip` = '%s', "
	                            "`unban_time` = 0, `logincount` = `logincount` + 1 "
	                            "WHERE `account_id` = %d",
	                            table->name, acc->last_ip, acc->account_id))
		return true;
	Sql_ShowDebug(table->sql);
	return false;
}

static AccountDB *account_table(void)
{
	struct account_table *table;

	CREATE(table, struct account_table, 1);
	table->vtable.init = account_table_init;
	table->vtable.destroy = account_table_destroy;
	table->vtable.set_property = account_table_set_property;
	table->vtable.load_num = account_table_load_num;
	table->vtable.load_str = account_table_load_str;
	table->vtable.create = account_table_create;
	table->vtable.note_login = account_table_note_login;
	dbconf_defaults(&table->address);
	safestrncpy(table->name, "login", sizeof(table->name));
	return &table->vtable;
}

void account_defaults(void)
{
	account = &the_account;
	account->db_sql = account_table;
}
