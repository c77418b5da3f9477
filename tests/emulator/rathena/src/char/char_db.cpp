#include "char_db.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include <common/dbconf.hpp>
#include <common/showmsg.hpp>
#include <common/sql.hpp>
#include <common/strlib.hpp>

static db_address address;
static std::string char_table = "char";
static std::string charlog_table = "charlog";
static Sql *sql = nullptr;

static const char *const COLUMNS =
    "`char_id`, `account_id`, `char_num`, `name`, `class`, `hair`, `hair_color`, `base_level`, "
    "`sex`, `last_map`, `last_x`, `last_y`";

bool char_db_init(void)
{
	sql = address.open("characters");
	return sql != nullptr;
}

void char_db_final(void)
{
	Sql_Free(sql);
	sql = nullptr;
}

bool char_db_config_read(const char *key, const char *value)
{
	if (address.take("char_server", key, value))
		return true;
	if (strcmp(key, "char_codepage") == 0)
		address.codepage = value;
	else if (strcmp(key, "char_db") == 0)
		char_table = value;
	else if (strcmp(key, "charlog_db") == 0)
		charlog_table = value;
	else
		return false;
	return true;
}

// A column of the current row as text, "" for NULL, and as a number.
static const char *column(size_t col)
{
	char *data = nullptr;

	Sql_GetData(sql, col, &data, nullptr);
	return data != nullptr ? data : "";
}

static long number(size_t col)
{
	return strtol(column(col), nullptr, 10);
}

// The current row.
static mmo_charstatus read_character(void)
{
	mmo_charstatus status = {};

	status.char_id = (uint32)number(0);
	status.account_id = (uint32)number(1);
	status.slot = (uint8)number(2);
	safestrncpy(status.name, column(3), sizeof(status.name));
	status.class_ = (int16)number(4);
	status.hair = (int16)number(5);
	status.hair_color = (int16)number(6);
	status.base_level = (int16)number(7);
	status.sex = column(8)[0] == 'F' ? SEX_FEMALE : SEX_MALE;
	safestrncpy(status.map, column(9), sizeof(status.map));
	status.x = (uint16)number(10);
	status.y = (uint16)number(11);
	return status;
}

std::vector<mmo_charstatus> char_db_list(uint32 account_id)
{
	std::vector<mmo_charstatus> found;

	if (SQL_ERROR == Sql_Query(sql,
	                           "SELECT %s FROM `%s` WHERE `account_id` = %u ORDER BY `char_num`",
	                           COLUMNS, char_table.c_str(), account_id))
		Sql_ShowDebug(sql);
	while (Sql_NextRow(sql) == SQL_SUCCESS)
		found.push_back(read_character());
	Sql_FreeResult(sql);
	return found;
}

bool char_db_load(uint32 char_id, mmo_charstatus *status)
{
	if (SQL_ERROR == Sql_Query(sql, "SELECT %s FROM `%s` WHERE `char_id` = %u", COLUMNS,
	                           char_table.c_str(), char_id))
		Sql_ShowDebug(sql);
	bool found = Sql_NextRow(sql) == SQL_SUCCESS;
	if (found)
		*status = read_character();
	Sql_FreeResult(sql);
	return found;
}

bool char_db_create(mmo_charstatus *status)
{
	char name[2 * NAME_LENGTH + 1];
	char map[2 * MAP_NAME_LENGTH + 1];

	Sql_EscapeStringLen(sql, name, status->name, strlen(status->name));
	Sql_EscapeStringLen(sql, map, status->map, strlen(status->map));
	if (SQL_ERROR == Sql_Query(sql,
	                           "SELECT 1 FROM `%s` WHERE `name` = '%s' OR "
	                           "(`account_id` = %u AND `char_num` = %u)",
	                           char_table.c_str(), name, status->account_id, status->slot))
		Sql_ShowDebug(sql);
	if (Sql_NumRows(sql) > 0)
		return false;
	if (SQL_ERROR ==
	    Sql_Query(sql,
	              "INSERT INTO `%s` (`account_id`, `char_num`, `name`, `class`, `hair`, "
	              "`hair_color`, `base_level`, `sex`, `last_map`, `last_x`, `last_y`) "
	              "VALUES (%u, %u, '%s', %d, %d, %d, %d, '%c', '%s', %u, %u)",
	              char_table.c_str(), status->account_id, status->slot, name, status->class_,
	              status->hair, status->hair_color, status->base_level,
	              status->sex == SEX_FEMALE ? 'F' : 'M', map, status->x, status->y)) {
		Sql_ShowDebug(sql);
		return false;
	}
	if (SQL_ERROR == Sql_Query(sql, "SELECT LAST_INSERT_ID()") || Sql_NextRow(sql) != SQL_SUCCESS) {
		Sql_ShowDebug(sql);
		return false;
	}
	status->char_id = (uint32)number(0);
	return true;
}

void char_db_save_position(uint32 char_id, const char *map, uint16 x, uint16 y)
{
	char name[2 * MAP_NAME_LENGTH + 1];

	Sql_EscapeStringLen(sql, name, map, strnlen(map, MAP_NAME_LENGTH));
	if (SQL_ERROR == Sql_Query(sql,
	                           "UPDATE `%s` SET `last_map` = '%s', `last_x` = %u, `last_y` = %u "
	                           "WHERE `char_id` = %u",
	                           char_table.c_str(), name, x, y, char_id))
		Sql_ShowDebug(sql);
}

void char_db_set_online(uint32 char_id, uint32 account_id, bool online)
{
	std::string which;

	if (char_id != 0)
		which = " WHERE `char_id` = " + std::to_string(char_id);
	else if (account_id != 0)
		which = " WHERE `account_id` = " + std::to_string(account_id);
	if (SQL_ERROR == Sql_Query(sql, "UPDATE `%s` SET `online` = %d%s", char_table.c_str(),
	                           online ? 1 : 0, which.c_str()))
		Sql_ShowDebug(sql);
}

void char_db_log(const mmo_charstatus *status, const char *what)
{
	char name[2 * NAME_LENGTH + 1];

	Sql_EscapeStringLen(sql, name, status->name, strlen(status->name));
	if (SQL_ERROR == Sql_Query(sql,
	                           "INSERT INTO `%s` (`time`, `char_msg`, `account_id`, `char_num`, "
	                           "`name`, `hair`, `hair_color`) "
	                           "VALUES (NOW(), '%s', %u, %u, '%s', %d, %d)",
	                           charlog_table.c_str(), what, status->account_id, status->slot, name,
	                           status->hair, status->hair_color))
		Sql_ShowDebug(sql);
}
