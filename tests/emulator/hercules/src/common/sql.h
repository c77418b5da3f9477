#ifndef COMMON_SQL_H
#define COMMON_SQL_H

#include "common/hercules.h"

#define SQL_ERROR   (-1)
#define SQL_SUCCESS 0
#define SQL_NO_DATA 100

/* One connection to the database and the result of its last query. */
struct Sql;

struct sql_interface {
	struct Sql *(*Malloc)(void);
	void (*Free)(struct Sql *self);
	int (*Connect)(struct Sql *self, const char *user, const char *passwd, const char *host,
	               uint16 port, const char *db);
	int (*SetEncoding)(struct Sql *self, const char *encoding);
	/* Writes at most 2*from_len+1 bytes; returns their number without the NUL. */
	size_t (*EscapeStringLen)(struct Sql *self, char *out_to, const char *from, size_t from_len);
	/* Runs a query built as printf would. The result is read into memory and frees the last. */
	int (*Query)(struct Sql *self, const char *query, ...) __attribute__((format(printf, 2, 3)));
	uint64 (*NumRows)(struct Sql *self);
	int (*NextRow)(struct Sql *self); /* SQL_SUCCESS, SQL_NO_DATA or SQL_ERROR */
	/* *out_buf stays valid until the next row; NULL for a NULL column. out_len may be NULL. */
	int (*GetData)(struct Sql *self, size_t col, char **out_buf, size_t *out_len);
	void (*FreeResult)(struct Sql *self);
	void (*ShowDebug_)(struct Sql *self, const char *debug_file, unsigned long debug_line);
};

#define Sql_ShowDebug(self) (SQL->ShowDebug_((self), __FILE__, __LINE__))

void sql_defaults(void);

HPShared struct sql_interface *SQL;

#endif /* COMMON_SQL_H */
