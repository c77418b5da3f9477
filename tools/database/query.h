/* Statements: the pieces of SQL that are written from C values, and running them. */
#ifndef ROPP_TOOLS_DATABASE_QUERY_H
#define ROPP_TOOLS_DATABASE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "tools/base/buffer.h"
#include "tools/database/connect.h"

/* Adds a text as an SQL string, with its quotes. */
void ropp_sql_text(struct ropp_buffer *sql, struct ropp_session *session, const char *text);

/* Adds a moment as an SQL expression: NULL for 0. */
void ropp_sql_moment(struct ropp_buffer *sql, int64_t unix_s);

/* Adds an address as it stands in range_start and range_end: an INET6, IPv4 mapped into it. */
void ropp_sql_address(struct ropp_buffer *sql, const struct ropp_addr *addr);

/* Runs a statement that is in *sql and empties it. False when it failed (ropp_session_error says
 * why). */
bool ropp_session_run(struct ropp_session *session, struct ropp_buffer *sql);

/* The same for a SELECT, whose rows are held. NULL when it failed. */
MYSQL_RES *ropp_session_rows(struct ropp_session *session, struct ropp_buffer *sql);

/* A column of a row: its text, "" for NULL; its number, 0 for NULL. */
const char *ropp_column_text(const char *column);
int64_t ropp_column_number(const char *column);
uint64_t ropp_column_count(const char *column);

#endif
