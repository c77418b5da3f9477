#include "account.hpp"

#include <cstdlib>

#include <common/random.hpp>
#include <common/showmsg.hpp>
#include <common/strlib.hpp>

AccountDB::~AccountDB()
{
	Sql_Free(sql);
}

bool AccountDB::init()
{
	sql = address.open("accounts");
	return sql != nullptr;
}

bool AccountDB::set_property(const char *key, const char *value)
{
	if (address.take("login_server", key, value))
		return true;
	if (strcmp(key, "login_codepage") == 0)
		address.codepage = value;
	else if (strcmp(key, "login_server_account_db") == 0)
		table = value;
	else if (strcmp(key, "login_case_sensitive") == 0)
		case_sensitive = config_switch(value) != 0;
	else
		return false;
	return true;
}

// A column of the current row as text, "" for NULL.
static const char *column(Sql *sql, size_t col)
{
	char *data = nullptr;

	Sql_GetData(sql, col, &data, nullptr);
	return data != nullptr ? data : "";
}

bool AccountDB::load_num(struct mmo_account *acc, uint32 account_id)
{
	*acc = {};
	if (SQL_ERROR ==
	    Sql_Query(sql,
	              "SELECT `userid`, `user_pass`, `sex`, `email`, `group_id`, `state`, "
	              "`unban_time`, `expiration_time`, `lastlogin`, `last_ip`, `birthdate`, "
	              "`character_slots`, `pincode`, `pincode_change` FROM `%s` "
	              "WHERE `account_id` = %u",
	              table.c_str(), account_id)) {
		Sql_ShowDebug(sql);
		return false;
	}
	bool found = Sql_NextRow(sql) == SQL_SUCCESS;
	if (found) {
		acc->account_id = account_id;
		safestrncpy(acc->userid, column(sql, 0), sizeof(acc->userid));
		safestrncpy(acc->pass, column(sql, 1), sizeof(acc->pass));
		acc->sex = column(sql, 2)[0];
		safestrncpy(acc->email, column(sql, 3), sizeof(acc->email));
		acc->group_id = (uint32)atoi(column(sql, 4));
		acc->state = (uint32)strtoul(column(sql, 5), nullptr, 10);
		acc->unban_time = atol(column(sql, 6));
		acc->expiration_time = atol(column(sql, 7));
		safestrncpy(acc->lastlogin, column(sql, 8), sizeof(acc->lastlogin));
		safestrncpy(acc->last_ip, column(sql, 9), sizeof(acc->last_ip));
		safestrncpy(acc->birthdate, column(sql, 10), sizeof(acc->birthdate));
		acc->char_slots = (uint8)atoi(column(sql, 11));
		safestrncpy(acc->pincode, column(sql, 12), sizeof(acc->pincode));
		acc->pincode_change = (uint32)strtoul(column(sql, 13), nullptr, 10);
	}
	Sql_FreeResult(sql);
	return found;
}

bool AccountDB::load_str(struct mmo_account *acc, const char *userid)
{
	char escaped[2 * NAME_LENGTH + 1];

	Sql_EscapeStringLen(sql, escaped, userid, strnlen(userid, NAME_LENGTH));
	if (SQL_ERROR == Sql_Query(sql, "SELECT `account_id` FROM `%s` WHERE `userid` = %s'%s'",
	                           table.c_str(), case_sensitive ? "BINARY " : "", escaped)) {
		Sql_ShowDebug(sql);
		return false;
	}
	if (Sql_NumRows(sql) != 1 || Sql_NextRow(sql) != SQL_SUCCESS) {
		if (Sql_NumRows(sql) > 1)
			ShowError("AccountDB: there are several accounts named '%s'\n", userid);
		Sql_FreeResult(sql);
		return false;
	}
	return load_num(acc, (uint32)strtoul(column(sql, 0), nullptr, 10));
}

bool AccountDB::create(struct mmo_account *acc)
{
	char userid[2 * NAME_LENGTH + 1], pass[2 * PASSWD_LENGTH + 1];
	struct mmo_account created;

	Sql_EscapeStringLen(sql, userid, acc->userid, strlen(acc->userid));
	Sql_EscapeStringLen(sql, pass, acc->pass, strlen(acc->pass));
	if (SQL_ERROR ==
	    Sql_Query(sql,
	              "INSERT INTO `%s` (`userid`, `user_pass`, `sex`, `email`, `last_ip`) "
	              "VALUES ('%s', '%s', '%c', '%s', '%s')",
	              table.c_str(), userid, pass, acc->sex, acc->email, acc->last_ip)) {
		Sql_ShowDebug(sql);
		return false;
	}
	if (!load_str(&created, acc->userid))
		return false;
	acc->account_id = created.account_id;
	return true;
}

bool AccountDB::note_login(const struct mmo_account *acc)
{
	if (SQL_ERROR != Sql_Query(sql,
	                           "UPDATE `%s` SET `lastlogin` = NOW(), `last_ip` = '%s', "
	                           "`unban_time` = 0, `logincount` = `logincount` + 1 "
	                           "WHERE `account_id` = %u",
	                           table.c_str(), acc->last_ip, acc->account_id))
		return true;
	Sql_ShowDebug(sql);
	return false;
}

bool AccountDB::new_webtoken(uint32 account_id, char token[WEB_AUTH_TOKEN_LENGTH])
{
	for (int i = 0; i < WEB_AUTH_TOKEN_LENGTH - 1; ++i)
		token[i] = "0123456789abcdef"[rnd_value(0, 15)];
	token[WEB_AUTH_TOKEN_LENGTH - 1] = '\0';
	if (SQL_ERROR != Sql_Query(sql,
	                           "UPDATE `%s` SET `web_auth_token` = '%s', "
	                           "`web_auth_token_enabled` = 1 WHERE `account_id` = %u",
	                           table.c_str(), token, account_id))
		return true;
	Sql_ShowDebug(sql);
	return false;
}
