// SPDX-License-Identifier: MIT
#include "login/login_server.h"

#include "common/strlib.h"

static struct db_address address = DB_ADDRESS_USUAL;
static char table[32] = "login";
static bool is_case_sensitive;
static struct Sql *sql;

const struct setting account_settings[] = {
    SET_DATABASE("login_server", "login_codepage", "login_configuration/account/sql_connection",
                 address),
    SET_TEXT("login_server_account_db", "inter_configuration/database_names/account_db", table),
    SET_BOOL("login_case_sensitive", "login_configuration/account/sql_connection/case_sensitive",
             is_case_sensitive),
    SET_END,
};

bool account_init(void)
{
	sql = Sql_Open(&address, "accounts");
	return sql != NULL;
}

void account_final(void)
{
	Sql_Free(sql);
}

/* The account of the query, if there is one. */
static bool account_read(struct mmo_account *account)
{
	memset(account, 0, sizeof(*account));
	if (!Sql_NextRow(sql))
		return false;
	account->account_id = Sql_Number(sql, 0);
	safestrncpy(account->pass, Sql_Text(sql, 1), sizeof(account->pass));
	account->sex = Sql_Text(sql, 2)[0];
	safestrncpy(account->email, Sql_Text(sql, 3), sizeof(account->email));
	account->group_id = (uint8)Sql_Number(sql, 4);
	account->state = Sql_Number(sql, 5);
	account->unban_time = Sql_Number(sql, 6);
	account->expiration_time = Sql_Number(sql, 7);
	safestrncpy(account->birthdate, Sql_Text(sql, 8), sizeof(account->birthdate));
	account->char_slots = (uint8)Sql_Number(sql, 9);
	safestrncpy(account->pincode, Sql_Text(sql, 10), sizeof(account->pincode));
	account->pincode_change = Sql_Number(sql, 11);
	Sql_FreeResult(sql);
	return true;
}

#define COLUMNS                                                                                    \
	"`account_id`, `user_pass`, `sex`, `email`, `group_id`, `state`, `unban_time`, "               \
	"`expiration_time`, `birthdate`, `character_slots`, `pincode`, `pincode_change`"

bool account_find(struct mmo_account *account, const char *userid)
{
	char name[2 * NAME_LENGTH + 1];

	Sql_Escape(sql, name, userid, strlen(userid));
	return Sql_Query(sql, "SELECT " COLUMNS " FROM `%s` WHERE `userid` = %s'%s'", table,
	                 is_case_sensitive ? "BINARY " : "", name) &&
	       Sql_NumRows(sql) == 1 && account_read(account);
}

bool account_load(struct mmo_account *account, uint32 account_id)
{
	return Sql_Query(sql, "SELECT " COLUMNS " FROM `%s` WHERE `account_id` = %u", table,
	                 account_id) &&
	       account_read(account);
}

void account_note_login(uint32 account_id, const char *ip)
{
	Sql_Query(sql,
	          "UPDATE `%s` SET `lastlogin` = NOW(), `last_ip` = '%s', `unban_time` = 0, "
	          "`logincount` = `logincount` + 1 WHERE `account_id` = %u",
	          table, ip, account_id);
}
