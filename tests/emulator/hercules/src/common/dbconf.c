#define HERCULES_CORE

#include "dbconf.h"

#include "common/conf.h"
#include "common/showmsg.h"
#include "common/sql.h"
#include "common/strlib.h"

void dbconf_defaults(struct db_address *address)
{
	static const struct db_address usual = {
	    "127.0.0.1", 3306, "ragnarok", "ragnarok", "ragnarok", "",
	};

	*address = usual;
}

bool dbconf_read(const struct config_t *config, const char *path, struct db_address *address)
{
	const struct config_setting_t *group = libconfig->lookup(config, path);
	const struct {
		const char *key;
		char *to;
		size_t size;
	} texts[] = {
	    {"db_hostname", address->hostname, sizeof(address->hostname)},
	    {"db_username", address->username, sizeof(address->username)},
	    {"db_password", address->password, sizeof(address->password)},
	    {"db_database", address->database, sizeof(address->database)},
	    {"codepage", address->codepage, sizeof(address->codepage)},
	};

	if (group == NULL)
		return false;
	for (int i = 0; i < ARRAYLENGTH(texts); ++i)
		libconfig->setting_lookup_mutable_string(group, texts[i].key, texts[i].to, texts[i].size);
	libconfig->setting_lookup_uint16(group, "db_port", &address->port);
	return true;
}

static bool read_table(const char *file, const char *key, char *table, size_t size)
{
	struct config_t config;
	const struct config_setting_t *names;
	const char *next = NULL;
	bool good = true;

	if (!libconfig->load_file(&config, file))
		return false;
	names = libconfig->lookup(&config, "inter_configuration/database_names");
	if (names != NULL)
		libconfig->setting_lookup_mutable_string(names, key, table, size);
	if (libconfig->lookup_string(&config, "import", &next) == CONFIG_TRUE &&
	    strcmp(next, file) != 0)
		good = read_table(next, key, table, size);
	libconfig->destroy(&config);
	return good;
}

bool dbconf_read_table(const char *key, char *table, size_t size)
{
	return read_table("conf/common/inter-server.conf", key, table, size);
}

struct Sql *dbconf_open(const struct db_address *address, const char *what)
{
	struct Sql *sql = SQL->Malloc();

	if (SQL->Connect(sql, address->username, address->password, address->hostname, address->port,
	                 address->database) == SQL_ERROR) {
		ShowError("%s: no database '%s' for '%s' at %s, port %u\n", what, address->database,
		          address->username, address->hostname, address->port);
		SQL->Free(sql);
		return NULL;
	}
	if (address->codepage[0] != '\0' && SQL->SetEncoding(sql, address->codepage) == SQL_ERROR)
		Sql_ShowDebug(sql);
	return sql;
}
