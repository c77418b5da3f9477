// SPDX-License-Identifier: MIT
/* What HAProxy's `show stat` says: a table with names above its columns. Pure. */
#ifndef ROPP_TOOLS_HOP_STAT_H
#define ROPP_TOOLS_HOP_STAT_H

#include "tools/base/buffer.h"

/* The value in a column of the row of a server (or "BACKEND") of a proxy, in `out`. False when
 * there is no such row or column. */
bool ropp_stat_find(const char *stat, const char *proxy, const char *server, const char *column,
                    struct ropp_buffer *out);

#endif
