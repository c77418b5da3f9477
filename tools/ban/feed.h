// SPDX-License-Identifier: MIT
/* The banned prefixes, kept current: the database is asked twice a second for what has changed, as
 * the servers do (service/banlist.h), and bans end when they do. What cannot be read stays as it
 * was, and while the database is away all does. */
#ifndef ROPP_TOOLS_BAN_FEED_H
#define ROPP_TOOLS_BAN_FEED_H

#include "service/banlist.h"
#include "tools/database/connect.h"
#include "tools/lists/aggregate.h"

struct ropp_feed {
    const struct ropp_connect *connect;
    struct ropp_session session; /* while `open` */
    bool open;
    struct ropp_banlist list; /* from the first connection on */
    bool begun;
    struct ropp_texts login_only;  /* reasons of ipbanlist that do not count here */
    struct ropp_prefix_set banned; /* as of the last turn that returned true */
    bool known;                    /* there was one */
    int64_t due_ms, pause_ms;      /* when the database is asked next; how long it was left alone */
    int64_t reasons_due_ms;
    int64_t ends_s;                /* Unix time: when the next ban or allowance ends */
    int64_t ends_due_ms;           /* not to be made anew for that before then */
    char trouble[ROPP_ERROR_TEXT]; /* why the database cannot be asked; empty when it can */
    char parts[2][ROPP_LINE_TEXT]; /* the troubles of the list's parts, as printed */
};

/* *connect must outlive it. */
void ropp_feed_begin(struct ropp_feed *feed, const struct ropp_connect *connect);

/* To be called when it is due, and at other times too. True when feed->banned has changed, which is
 * the caller's to read, or take, until the next turn; the first time as soon as all that there is has
 * been read. Prints what is wrong with the database, once. */
bool ropp_feed_turn(struct ropp_feed *feed, int64_t now_ms);

/* The connection broke in the caller's hands. */
void ropp_feed_lose(struct ropp_feed *feed, const char *error);

/* Shortens *wait_ms to when a turn is due. */
void ropp_feed_wait(const struct ropp_feed *feed, int64_t now_ms, int *wait_ms);
void ropp_feed_end(struct ropp_feed *feed);

#endif
