#define HERCULES_CORE

#include "chardb.h"

#include "common/dbconf.h"
#include "common/showmsg.h"
#include "common/sql.h"
#include "common/strlib.h"

#include <stdio.h>
#include <stdlib.h>

static struct chardb_interface the_chardb;
struct chardb_interface *chardb;

static struct db_address address;
static char char_table[32] = "char";
static char charlog_table[32] = "charlog";
static struct Sql *sql;

static const char columns[] =
    "`char_id`, `account_id`, `char_num`, `name`, `class`, `hair`, `hair_color`, `base_level`, "
    "`sex`, `last_map`, `last_x`, `last_y`";

static bool chardb_config_read(const struct config_t *config)
{
	return dbconf_read(config, "char_configuration/sql_connection", &address);
}

static bool chardb_init(void)
{
	if (!dbconf_read_table("char_db", char_table, sizeof(char_table)) ||
	    !dbconf_read_table("chars_log", charlog_table, sizeof(charlog_table)))
		return false;
	sql = dbconf_open(&address, "characters");
	return sql != NULL;
}

static void chardb_final(void)
{
	SQL->Free(sql);
	sql = NULL;
}

/* A column of the current row as text, "" for NULL, and as a number. */
static const char *column(size_t col)
{
	char *data = NULL;

	SQL->GetData(sql, col, &data, NULL);
	return data != NULL ? data : "";
}

static int number(size_t col)
{
	return atoi(column(col));
}

/* The current row. */
static void read_character(struct mmo_charstatus *status)
{
	memset(status, 0, sizeof(*status));
	status->char_id = number(0);
	status->account_id = number(1);
	status->slot = (uint8)number(2);
	safestrncpy(status->name, column(3), sizeof(status->name));
	status->class = (int16)number(4);
	status->hair = (int16)number(5);
	status->hair_color = (int16)number(6);
	status->base_level = (int16)number(7);
	status->sex = column(8)[0] == 'F' ? SEX_FEMALE : SEX_MALE;
	safestrncpy(status->map, column(9), sizeof(status->map));
	status->x = (uint16)number(10);
	status->y = (uint16)number(11);
}

static int chardb_list(int account_id, struct mmo_charstatus *list, int max)
{
	int n = 0;

	if (SQL_ERROR == SQL->Query(sql,
	                            "SELECT %s FROM `%s` WHERE `account_id` = %d ORDER BY `char_num`",
	                            columns, char_table, account_id))
		Sql_ShowDebug(sql);
	while (n < max && SQL->NextRow(sql) == SQL_SUCCESS)
		read_character(&list[n++]);
	SQL->FreeResult(sql);
	return n;
}

static bool chardb_load(int char_id, struct mmo_charstatus *status)
{
	if (SQL_ERROR ==
	    SQL->Query(sql, "SELECT %s FROM `%s` WHERE `char_id` = %d", columns, char_table, char_id))
		Sql_ShowDebug(sql);
	bool found = SQL->NextRow(sql) == SQL_SUCCESS;
	if (found)
		read_character(status);
	SQL->FreeResult(sql);
	return found;
}

static bool chardb_create(struct mmo_charstatus *status)
{
	char name[2 * NAME_LENGTH + 1];
	char map[2 * MAP_NAME_LENGTH + 1];

	SQL->EscapeStringLen(sql, name, status->name, strlen(status->name));
	SQL->EscapeStringLen(sql, map, status->map, strlen(status->map));
	if (SQL_ERROR == SQL->Query(sql,
	                            "SELECT 1 FROM `%s` WHERE `name` = '%s' OR "
	                            "(`account_id` = %d AND `char_num` = %d)",
	                            char_table, name, status->account_id, status->slot))
		Sql_ShowDebug(sql);
	if (SQL->NumRows(sql) > 0)
		return false;
	if (SQL_ERROR ==
	    SQL->Query(sql,
	               "INSERT INTO `%s` (`account_id`, `char_num`, `name`, `class`, "
	               "`hair`, `hair_color`, `base_level`, `sex`, `last_map`, `last_x`, "
	               "`last_y`) VALUES (%d, %d, '%s', %d, %d, %d, %d, '%c', '%s', %d, %d)",
	               char_table, status->account_id, status->slot, name, status->class, status->hair,
	               status->hair_color, status->base_level, status->sex == SEX_FEMALE ? 'F' : 'M',
	               map, status->x, status->y)) {
		Sql_ShowDebug(sql);
		return false;
	}
	if (SQL_ERROR == SQL->Query(sql, "SELECT LAST_INSERT_ID()") ||
	    SQL->NextRow(sql) != SQL_SUCCESS) {
		Sql_ShowDebug(sql);
		return false;
	}
	status->char_id = number(0);
	return true;
}

static void chardb_save_position(int char_id, const char *map, uint16 x, uint16 y)
{
	char name[2 * MAP_NAME_LENGTH + 1];

	SQL->EscapeStringLen(sql, name, map, strnlen(map, MAP_NAME_LENGTH));
	if (SQL_ERROR == SQL->Query(sql,
	                            "UPDATE `%s` SET `last_map` = '%s', `last_x` = %d, `last_y` = %d "
	                            "WHERE `char_id` = %d",
	                            char_table, name, x, y, char_id))
		Sql_ShowDebug(sql);
}

static void chardb_set_online(int char_id, int account_id, bool online)
{
	char which[64] = "";

	if (char_id != 0)
		snprintf(which, sizeof(which), " WHERE `char_id` = %d", char_id);
	else if (account_id != 0)
		snprintf(which, sizeof(which), " WHERE `account_id` = %d", account_id);
	if (SQL_ERROR ==
	    SQL->Query(sql, "UPDATE `%s` SET `online` = %d%s", char_table, online ? 1 : 0, which))
		Sql_ShowDebug(sql);
}

static void chardb_log(const struct mmo_charstatus *status, const char *what)
{
	char name[2 * NAME_LENGTH + 1];

	SQL->EscapeStringLen(sql, name, status->name, strlen(status->name));
	if (SQL_ERROR == SQL->Query(sql,
	                            "INSERT INTO `%s` (`time`, `char_msg`, `account_id`, `char_num`, "
	                            "`name`, `hair`, `hair_color`) "
	                            "VALUES (NOW(), '%s', %d, %d, '%s', %d, %d)",
	                            charlog_table, what, status->account_id, status->slot, name,
	                            status->hair, status->hair_color))
		Sql_ShowDebug(sql);
}

void chardb_defaults(void)
{
	chardb = &the_chardb;
	dbconf_defaults(&address);
	chardb->init = chardb_init;
	chardb->final = chardb_final;
	chardb->config_read = chardb_config_read;
	chardb->list = chardb_list;
	chardb->load = chardb_load;
	chardb->create = chardb_create;
	chardb->save_position = chardb_save_position;
	chardb->set_online = chardb_set_online;
	chardb->log = chardb_log;
}
