/* The journal's rows in the database: records become one INSERT for many. */
#ifndef ROPP_SERVICE_CONNLOG_H
#define ROPP_SERVICE_CONNLOG_H

#include "core/carrier.h"
#include "service/db.h"
#include "service/journal.h"

#define ROPP_CONNLOG_BATCH 200 /* rows in one statement */

struct ropp_connlog_writer {
    uint32_t told_dropped; /* as the table has it */
};

/* Writes the records that are in the journal, at most one batch, and how many were dropped.
 * *written tells how many rows. False with `error`; those records are lost and counted as dropped.
 */
bool ropp_connlog_write(struct ropp_connlog_writer *writer, struct ropp_db *db,
                        struct ropp_journal *journal, enum ropp_server server, unsigned *written,
                        char error[ROPP_ERROR_TEXT]);

/* Deletes rows that are older than so many days, a few thousand at once. True when there may be
 * more. A failure is not worth a word: the next try tells. */
bool ropp_connlog_prune(struct ropp_db *db, int days);

#endif
