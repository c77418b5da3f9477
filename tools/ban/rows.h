// SPDX-License-Identifier: MIT
/* The targets of `ropp ban follow` as rows of `proxy_status`: which list is in force where, since
 * when, and what is wrong. */
#ifndef ROPP_TOOLS_BAN_ROWS_H
#define ROPP_TOOLS_BAN_ROWS_H

#include "tools/database/connect.h"
#include "tools/edge/keeper.h"

/* Writes them all. A target is current when it has the list that `current` is and all of the database
 * could be read (`whole`). started_ms is when the command was started (Unix time). False when the
 * statement failed. */
bool ropp_rows_write(struct ropp_session *session, const struct ropp_edge_keeper *keepers,
                     size_t count, const struct ropp_edge_list *current, bool whole,
                     int64_t started_ms);

#endif
