#ifndef SQL_HPP
#define SQL_HPP

#include "cbasetypes.hpp"

#define SQL_ERROR   -1
#define SQL_SUCCESS 0
#define SQL_NO_DATA 100

// One connection to the database and the result of its last query.
struct Sql;

Sql *Sql_Malloc(void);
void Sql_Free(Sql *self);

int32 Sql_Connect(Sql *self, const char *user, const char *passwd, const char *host, uint16 port,
                  const char *db);
int32 Sql_SetEncoding(Sql *self, const char *encoding);

// Writes at most 2*from_len+1 bytes; returns their number without the NUL.
size_t Sql_EscapeStringLen(Sql *self, char *out_to, const char *from, size_t from_len);

// Runs a query built as printf would. The result is read into memory and frees the one before.
int32 Sql_Query(Sql *self, const char *query, ...) __attribute__((format(printf, 2, 3)));

uint64 Sql_NumRows(Sql *self);
int32 Sql_NextRow(Sql *self); // SQL_SUCCESS, SQL_NO_DATA or SQL_ERROR
// *out_buf stays valid until the next row; a null pointer for a NULL column. out_len may be null.
int32 Sql_GetData(Sql *self, size_t col, char **out_buf, size_t *out_len);
void Sql_FreeResult(Sql *self);

#define Sql_ShowDebug(self) Sql_ShowDebug_((self), __FILE__, __LINE__)
void Sql_ShowDebug_(Sql *self, const char *debug_file, const unsigned long debug_line);

#endif /* SQL_HPP */
