#include "dbconf.hpp"

#include <cstdlib>
#include <cstring>

#include "showmsg.hpp"

bool db_address::take(const char *prefix, const char *key, const char *value)
{
	const size_t length = strlen(prefix);

	if (strncmp(key, prefix, length) != 0)
		return false;
	key += length;
	if (strcmp(key, "_ip") == 0)
		ip = value;
	else if (strcmp(key, "_port") == 0)
		port = (uint16)atoi(value);
	else if (strcmp(key, "_id") == 0)
		id = value;
	else if (strcmp(key, "_pw") == 0)
		pw = value;
	else if (strcmp(key, "_db") == 0)
		db = value;
	else
		return false;
	return true;
}

Sql *db_address::open(const char *what) const
{
	Sql *sql = Sql_Malloc();

	if (Sql_Connect(sql, id.c_str(), pw.c_str(), ip.c_str(), port, db.c_str()) == SQL_ERROR) {
		ShowError("%s: no database '%s' for '%s' at %s, port %u\n", what, db.c_str(), id.c_str(),
		          ip.c_str(), port);
		Sql_Free(sql);
		return nullptr;
	}
	if (!codepage.empty() && Sql_SetEncoding(sql, codepage.c_str()) == SQL_ERROR)
		Sql_ShowDebug(sql);
	return sql;
}
