// SPDX-License-Identifier: MIT
/* Statements: values as SQL has them, and running what is written with them. */
#ifndef ROPP_TOOLS_DATABASE_QUERY_H
#define ROPP_TOOLS_DATABASE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "tools/base/buffer.h"
#include "tools/database/connect.h"

/* For the statements below. The texts are the session's, until it is closed. */
const char *ropp_sql_text(struct ropp_session *session, const char *text); /* with its quotes */
const char *ropp_sql_moment(struct ropp_session *session, int64_t unix_s); /* NULL for 0 */

/* As it is in range_start and range_end: an INET6, IPv4 mapped into it. */
const char *ropp_sql_address(struct ropp_session *session, const struct ropp_addr *addr);

/* Any other piece, or a whole statement; ropp_sql_take makes it of a buffer, which is empty then. */
const char *ropp_sql_format(struct ropp_session *session, const char *format, ...)
    ROPP_PRINTF(2, 3);
const char *ropp_sql_take(struct ropp_session *session, struct ropp_buffer *sql);

/* Runs a statement. False when it failed (ropp_session_error says why). */
bool ropp_session_run(struct ropp_session *session, const char *format, ...) ROPP_PRINTF(2, 3);

/* The same for a SELECT, whose rows are held. NULL when it failed. */
MYSQL_RES *ropp_session_rows(struct ropp_session *session, const char *sql);

/* The same for a long one, whose rows arrive one after the other; mysql_errno says at the end
 * whether all have. */
MYSQL_RES *ropp_session_stream(struct ropp_session *session, const char *sql);

/* The same for a SELECT of one number: 0 when it is NULL or there is no row. */
bool ropp_session_number(struct ropp_session *session, uint64_t *number, const char *sql);

/* A column of a row: its text, "" for NULL; its number, 0 for NULL. */
const char *ropp_column_text(const char *column);
int64_t ropp_column_number(const char *column);
uint64_t ropp_column_count(const char *column);

#endif
