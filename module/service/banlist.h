// SPDX-License-Identifier: MIT
/* The ban list as the worker holds it: what the database has said so far, a source at a time, and
 * ipbanlist. A poll loads what has changed, and nothing else; a snapshot is made of all of it.
 *
 * The two parts, proxy_ban with proxy_source and ipbanlist, are independent: what is wrong with one
 * keeps nobody from reading the other. What cannot be read, or is gone without anybody having taken
 * it out (a table that was dropped, a dump that is being restored), keeps its last entries; then
 * the part has a trouble to report.
 *
 * Expiry is kept by this machine's clock: how long an entry is still in force comes from the
 * database's, so that the two need not agree. */
#ifndef ROPP_SERVICE_BANLIST_H
#define ROPP_SERVICE_BANLIST_H

#include "core/table.h"
#include "service/config.h"
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
    bool suspect;     /* to be loaded whatever its version is */
    bool filled;      /* whether it had any entry, expired ones too, when it was loaded */
    bool fills;       /* as the database has it now */
    bool seen;        /* by the poll that is going on */
    struct ropp_banlist_entries entries;
};

/* How one of the two parts is. */
struct ropp_banlist_part {
    bool known;                   /* it was read, once at least */
    bool installed;               /* its tables are there */
    bool paused;                  /* it could not be read: looked for now and then only */
    char trouble[ROPP_LINE_TEXT]; /* why what is in force is not what the database says, and what to
                                     do; empty when it is */
};

struct ropp_banlist {
    char ipbanlist_table[ROPP_BANLIST_NAME]; /* what ipbanlist is called */
    char *ipbanlist_rows;                    /* owned: the condition of the rows that are meant */
    struct ropp_banlist_source *sources;     /* owned */
    size_t count;
    struct ropp_banlist_entries ipbanlist_entries; /* of ipbanlist */
    char ipbanlist_created[32];                    /* when the table was that they were read from */
    struct ropp_banlist_part own, ipbanlist;
    bool changed;             /* since the last snapshot */
    int64_t allowance_ends_s; /* Unix time: when the next allowance ends; INT64_MAX: none does */
    int64_t ahead_ms;         /* of this machine's clock, against the one that never jumps */
    int64_t ipbanlist_due_ms; /* when ipbanlist is read next */
    int64_t tables_due_ms;    /* when tables that could not be read are looked for again */
    int64_t settled_ms;       /* until then proxy_ban is read again now and then; 0: it is not */
};

/* `login_only` are the reasons of ipbanlist (one that ends in %: the beginnings of reasons) whose rows are the emulator's own business and left out
 * here. False when memory is short; to be freed in any case. */
bool ropp_banlist_init(struct ropp_banlist *list, const char *ipbanlist_table,
                       const struct ropp_config_texts *login_only);
void ropp_banlist_free(struct ropp_banlist *list);

/* Loads what has changed. False with `error` when the connection is gone or memory is short: what
 * had been loaded stays. What else is wrong is the trouble of a part. now_ms is the clock that
 * never jumps. */
bool ropp_banlist_poll(struct ropp_banlist *list, struct ropp_db *db, int64_t now_ms,
                       char error[ROPP_ERROR_TEXT]);

/* What had been loaded stays until the next poll, which loads all of it again. To be called for a
 * new connection: what it says may be of another database. */
void ropp_banlist_doubt(struct ropp_banlist *list);

/* Whether an allowance has ended since the last snapshot (Unix time): a ban beneath it may be in
 * force now, and the game is to look at who is in. */
bool ropp_banlist_allowance_ended(const struct ropp_banlist *list, int64_t now_s);

/* Makes a snapshot of all of it, and notes that nothing has changed since. NULL when memory is
 * short. The caller owns it. */
struct ropp_snapshot *ropp_banlist_snapshot(struct ropp_banlist *list);

#endif
