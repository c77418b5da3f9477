#ifndef COMMON_DBCONF_H
#define COMMON_DBCONF_H

#include "common/hercules.h"

struct Sql;
struct config_t;

/* Where a part of the server has its table: a group sql_connection. */
struct db_address {
	char hostname[32];
	uint16 port;
	char username[32];
	char password[100];
	char database[32];
	char codepage[32];
};

void dbconf_defaults(struct db_address *address);

/* Reads the group at the path; what it does not have stays as it is. False: there is no group. */
bool dbconf_read(const struct config_t *config, const char *path, struct db_address *address);

/* Reads a table's name from inter_configuration/database_names, in conf/common/inter-server.conf
 * and what it imports. */
bool dbconf_read_table(const char *key, char *table, size_t size);

/* A new connection, or NULL and a word about it. */
struct Sql *dbconf_open(const struct db_address *address, const char *what);

#endif /* COMMON_DBCONF_H */
