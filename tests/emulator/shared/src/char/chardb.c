// SPDX-License-Identifier: MIT
#include "char/char_server.h"

#include "common/sql.h"
#include "common/strlib.h"

#include <stdio.h>

static struct db_address address = DB_ADDRESS_USUAL;
static char table[32] = "char", log_table[32] = "charlog";
static struct Sql *sql;

const struct setting chardb_settings[] = {
    SET_DATABASE("char_server", "char_codepage", "char_configuration/sql_connection", address),
    SET_TEXT("char_db", "inter_configuration/database_names/char_db", table),
    SET_TEXT("charlog_db", "inter_configuration/database_names/chars_log", log_table),
    SET_END,
};

bool chardb_init(void)
{
	sql = Sql_Open(&address, "characters");
	if (sql != NULL)
		chardb_set_online(0, 0, false);
	return sql != NULL;
}

void chardb_final(void)
{
	chardb_set_online(0, 0, false);
	Sql_Free(sql);
}

#define COLUMNS                                                                                    \
	"`char_id`, `account_id`, `char_num`, `name`, `class`, `hair`, `hair_color`, `base_level`, "   \
	"`sex`, `last_map`, `last_x`, `last_y`"

static bool chardb_read(struct mmo_charstatus *status)
{
	if (!Sql_NextRow(sql))
		return false;
	memset(status, 0, sizeof(*status));
	status->char_id = Sql_Number(sql, 0);
	status->account_id = Sql_Number(sql, 1);
	status->slot = (uint8)Sql_Number(sql, 2);
	safestrncpy(status->name, Sql_Text(sql, 3), sizeof(status->name));
	status->job = (int16)Sql_Number(sql, 4);
	status->hair = (int16)Sql_Number(sql, 5);
	status->hair_color = (int16)Sql_Number(sql, 6);
	status->base_level = (int16)Sql_Number(sql, 7);
	status->sex = Sql_Text(sql, 8)[0] == 'F' ? SEX_FEMALE : SEX_MALE;
	safestrncpy(status->map, Sql_Text(sql, 9), sizeof(status->map));
	status->x = (uint16)Sql_Number(sql, 10);
	status->y = (uint16)Sql_Number(sql, 11);
	return true;
}

int32 chardb_list(uint32 account_id, struct mmo_charstatus list[MAX_CHARS])
{
	int32 count = 0;

	if (!Sql_Query(sql, "SELECT " COLUMNS " FROM `%s` WHERE `account_id` = %u ORDER BY `char_num`",
	               table, account_id))
		return 0;
	while (count < MAX_CHARS && chardb_read(&list[count]))
		++count;
	Sql_FreeResult(sql);
	return count;
}

bool chardb_load(uint32 char_id, struct mmo_charstatus *status)
{
	return Sql_Query(sql, "SELECT " COLUMNS " FROM `%s` WHERE `char_id` = %u", table, char_id) &&
	       chardb_read(status);
}

bool chardb_create(struct mmo_charstatus *status)
{
	char name[2 * NAME_LENGTH + 1], map[2 * MAP_NAME_LENGTH + 1];

	Sql_Escape(sql, name, status->name, strlen(status->name));
	Sql_Escape(sql, map, status->map, strlen(status->map));
	if (!Sql_Query(sql,
	               "SELECT 1 FROM `%s` WHERE `name` = '%s' OR (`account_id` = %u AND "
	               "`char_num` = %u)",
	               table, name, status->account_id, status->slot) ||
	    Sql_NumRows(sql) > 0)
		return false;
	if (!Sql_Query(sql,
	               "INSERT INTO `%s` (`account_id`, `char_num`, `name`, `class`, `hair`, "
	               "`hair_color`, `base_level`, `sex`, `last_map`, `last_x`, `last_y`) "
	               "VALUES (%u, %u, '%s', %d, %d, %d, %d, '%c', '%s', %u, %u)",
	               table, status->account_id, status->slot, name, status->job, status->hair,
	               status->hair_color, status->base_level, status->sex == SEX_FEMALE ? 'F' : 'M',
	               map, status->x, status->y) ||
	    !Sql_Query(sql, "SELECT LAST_INSERT_ID()") || !Sql_NextRow(sql))
		return false;
	status->char_id = Sql_Number(sql, 0);
	return true;
}

void chardb_save_position(uint32 char_id, const char *map, uint16 x, uint16 y)
{
	char name[2 * MAP_NAME_LENGTH + 1];

	Sql_Escape(sql, name, map, strnlen(map, MAP_NAME_LENGTH));
	Sql_Query(
	    sql, "UPDATE `%s` SET `last_map` = '%s', `last_x` = %u, `last_y` = %u WHERE `char_id` = %u",
	    table, name, x, y, char_id);
}

void chardb_set_online(uint32 char_id, uint32 account_id, bool is_online)
{
	char which[48] = "";

	if (char_id != 0)
		snprintf(which, sizeof(which), " WHERE `char_id` = %u", char_id);
	else if (account_id != 0)
		snprintf(which, sizeof(which), " WHERE `account_id` = %u", account_id);
	Sql_Query(sql, "UPDATE `%s` SET `online` = %d%s", table, is_online, which);
}

void chardb_log(const struct mmo_charstatus *status, const char *what)
{
	char name[2 * NAME_LENGTH + 1];

	Sql_Escape(sql, name, status->name, strlen(status->name));
	Sql_Query(sql,
	          "INSERT INTO `%s` (`time`, `char_msg`, `account_id`, `char_num`, `name`, `hair`, "
	          "`hair_color`) VALUES (NOW(), '%s', %u, %u, '%s', %d, %d)",
	          log_table, what, status->account_id, status->slot, name, status->hair,
	          status->hair_color);
}
