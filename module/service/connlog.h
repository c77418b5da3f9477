// SPDX-License-Identifier: MIT
/* The rows of the connection log (proxy_connlog): records become one INSERT for many. */
#ifndef ROPP_SERVICE_CONNLOG_H
#define ROPP_SERVICE_CONNLOG_H

#include "core/server.h"
#include "service/db.h"
#include "service/connqueue.h"

#define ROPP_CONNLOG_BATCH 200 /* rows in one statement */

struct ropp_connlog_writer {
    uint32_t written_dropped; /* as the table has it */
};

/* Writes the records that are in the queue, at most one batch, and how many were dropped.
 * *written is how many rows. False with `error`; those records are counted as dropped. */
bool ropp_connlog_write(struct ropp_connlog_writer *writer, struct ropp_db *db,
                        struct ropp_connqueue *queue, enum ropp_server server, unsigned *written,
                        char error[ROPP_ERROR_TEXT]);

/* Deletes rows that are older than so many days, a few thousand at once. True when there may be
 * more. A failure is not reported: it is tried again. */
bool ropp_connlog_prune(struct ropp_db *db, int days);

/* Keeps the table below so many rows. One of all the servers that share it does that, as long as
 * its connection lasts. It counts the rows of each reason, a part of the table at a time; when
 * there are too many it deletes the oldest ones of the reason that has the most, so that a flood
 * pushes out nothing but itself. */
#define ROPP_CONNLOG_REASONS 64
#define ROPP_CONNLOG_PART    20000 /* rows that are counted at once, at most */
#define ROPP_CONNLOG_CUT     2000  /* and deleted */

struct ropp_connlog_count {
    char reason[33];
    uint64_t rows;
};

/* Zeroed at the beginning of a connection. */
struct ropp_connlog_bound {
    unsigned halved;  /* how often the parts were, because the database is slow */
    uint64_t last_id; /* up to which they are counted */
    struct ropp_connlog_count counts[ROPP_CONNLOG_REASONS];
    size_t count;
    char surplus_reason[33];
    uint64_t surplus; /* rows of it to be deleted */
};

/* Does the next step, which takes a fraction of a second at most, or is given up. True when there
 * is more to be done soon. */
bool ropp_connlog_limit(struct ropp_connlog_bound *bound, struct ropp_db *db, uint64_t rows);

#endif
