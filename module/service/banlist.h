/* The ban list as the worker holds it: what the database has said so far, a source at a time, and
 * ipbanlist. A poll loads what has changed, and nothing else; a snapshot is made of all of it.
 *
 * Expiry is told in this machine's clock: how long an entry is still in force comes from the
 * database's, so that the two need not agree. */
#ifndef ROPP_SERVICE_BANLIST_H
#define ROPP_SERVICE_BANLIST_H

#include "core/table.h"
#include "service/db.h"
#include "service/snapshot.h"

#define ROPP_BANLIST_NAME 65 /* of a source or a table, with its NUL */

struct ropp_banlist_entries {
    struct ropp_table_entry *items; /* owned; from malloc */
    size_t count, room;
};

struct ropp_banlist_source {
    char name[ROPP_BANLIST_NAME];
    uint64_t version; /* of proxy_source, as loaded */
    uint64_t wanted;  /* as the database has it now */
    bool seen;        /* by the poll that is going on */
    struct ropp_banlist_entries entries;
};

struct ropp_banlist {
    char panel_table[ROPP_BANLIST_NAME]; /* what ipbanlist is called */
    struct ropp_banlist_source *sources; /* owned */
    size_t count;
    struct ropp_banlist_entries panel; /* of ipbanlist */
    bool installed;                    /* proxy_source is there */
    bool panel_installed;              /* and ipbanlist */
    bool changed;                      /* since the last snapshot */
    int64_t ahead_ms;      /* of this machine's clock, against the one that never jumps */
    int64_t panel_due_ms;  /* when ipbanlist is read next */
    int64_t tables_due_ms; /* when tables that were not there are looked for again */
};

void ropp_banlist_init(struct ropp_banlist *list, const char *panel_table);
void ropp_banlist_free(struct ropp_banlist *list);

/* Loads what has changed. False with `error`: what had been loaded stays. now_ms is the clock that
 * never jumps. */
bool ropp_banlist_poll(struct ropp_banlist *list, struct ropp_db *db, int64_t now_ms,
                       char error[ROPP_ERROR_TEXT]);

/* What had been loaded stays until the next poll, which loads all of it again. To be called for a
 * new connection: what it says may be of another database. */
void ropp_banlist_doubt(struct ropp_banlist *list);

/* Makes a snapshot of all of it, and notes that nothing has changed since. NULL when memory is
 * short. The caller owns it. */
struct ropp_snapshot *ropp_banlist_snapshot(struct ropp_banlist *list);

#endif
