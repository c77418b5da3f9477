// SPDX-License-Identifier: MIT
#ifndef COMMON_SQL_H
#define COMMON_SQL_H

#include "common/cbasetypes.h"

/* Where a part of a server has its table. */
struct db_address {
	char hostname[32];
	uint16 port;
	char username[32];
	char password[100];
	char database[32];
	char codepage[32];
};
#define DB_ADDRESS_USUAL                                                                           \
	{                                                                                              \
		"127.0.0.1", 3306, "ragnarok", "ragnarok", "ragnarok", ""                                  \
	}

/* One connection to the database, and the result of its last query. */
struct Sql;

/* NULL: there is none, which is printed with what it was for. */
struct Sql *Sql_Open(const struct db_address *address, const char *what);
void Sql_Free(struct Sql *self);

/* Writes at most 2 * length + 1 bytes. */
void Sql_Escape(struct Sql *self, char *to, const char *from, size_t length);

/* Runs a query that is built as printf would, and has its whole result read. False: it failed, and
 * that is printed. */
bool Sql_Query(struct Sql *self, const char *query, ...) __attribute__((format(printf, 2, 3)));
uint64 Sql_NumRows(struct Sql *self);
bool Sql_NextRow(struct Sql *self); /* false: there is no more */
/* A column of the row, until the next one: "" for NULL. */
const char *Sql_Text(struct Sql *self, size_t column);
uint32 Sql_Number(struct Sql *self, size_t column);
void Sql_FreeResult(struct Sql *self);

#endif
