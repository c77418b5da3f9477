// SPDX-License-Identifier: MIT
#include "tools/ban/feed.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "tools/ban/ipbanlist.h"
#include "tools/base/cli.h"
#include "tools/database/query.h"

#define ASK_MS     500
#define PAUSE_MS   500
#define REASONS_MS 10000

/* How long a database that is away is left alone at most. */
#define PAUSE_MOST_MS 5000

/* What bans that end may take of the time, where they end all the time. */
#define ENDS_SHARE 4

void ropp_feed_begin(struct ropp_feed *feed, const struct ropp_connect *connect)
{
    memset(feed, 0, sizeof *feed);
    feed->connect = connect;
    feed->ends_s = INT64_MAX;
}

void ropp_feed_end(struct ropp_feed *feed)
{
    if (feed->open)
        ropp_session_close(&feed->session);
    if (feed->begun)
        ropp_banlist_free(&feed->list);
    ropp_texts_free(&feed->login_only);
    ropp_prefix_set_free(&feed->banned);
}

void ropp_feed_wait(const struct ropp_feed *feed, int64_t now_ms, int *wait_ms)
{
    int64_t left_ms = feed->due_ms - now_ms;

    if (left_ms < *wait_ms)
        *wait_ms = left_ms > 0 ? (int)left_ms : 0;
}

/* ---- the connection ---- */

/* Tries again later. */
static void put_off(struct ropp_feed *feed, const char *error)
{
    feed->pause_ms = feed->pause_ms == 0 ? PAUSE_MS : feed->pause_ms * 2;
    if (feed->pause_ms > PAUSE_MOST_MS)
        feed->pause_ms = PAUSE_MOST_MS;
    feed->due_ms = ropp_now_ms() + feed->pause_ms;
    if (feed->trouble[0] != '\0')
        return;
    snprintf(feed->trouble, sizeof feed->trouble, "%s", error);
    ropp_error("%s: %s", error,
               feed->known ? "what is in force stays in force; it is tried again"
                           : "nothing is sent anywhere yet; it is tried again");
}

void ropp_feed_lose(struct ropp_feed *feed, const char *error)
{
    put_off(feed, error); /* which may be the connection's own text */
    ropp_session_close(&feed->session);
    feed->open = false;
}

static bool same_texts(const struct ropp_texts *a, const struct ropp_texts *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

/* Makes the list, or gives the one that there is another condition for ipbanlist. */
static bool set_reasons(struct ropp_feed *feed)
{
    const struct ropp_config_texts reasons = {feed->login_only.items, feed->login_only.count};
    struct ropp_banlist fresh;
    char *rows;

    if (!ropp_banlist_init(&fresh, feed->session.ipban_table, &reasons)) {
        ropp_banlist_free(&fresh);
        return false;
    }
    if (!feed->begun) {
        feed->list = fresh;
        feed->begun = true;
        return true;
    }
    rows = feed->list.ipbanlist_rows;
    feed->list.ipbanlist_rows = fresh.ipbanlist_rows;
    fresh.ipbanlist_rows = rows;
    feed->list.ipbanlist_due_ms = 0;
    ropp_banlist_free(&fresh);
    return true;
}

/* Asks which rows of ipbanlist are the emulator's own business, now and then: a server that starts
 * with other settings records it. Where that cannot be read, what was read before holds: else whom
 * a login server keeps from its accounts would be banned at every edge meanwhile. */
static bool read_reasons(struct ropp_feed *feed, int64_t now_ms)
{
    struct ropp_texts reasons = {0};
    bool good;

    if (now_ms < feed->reasons_due_ms)
        return true;
    feed->reasons_due_ms = now_ms + REASONS_MS;
    good = ropp_ipbanlist_reasons(&feed->session, &reasons);
    if (feed->begun && (!good || same_texts(&reasons, &feed->login_only))) {
        ropp_texts_free(&reasons);
        return true;
    }
    ropp_texts_free(&feed->login_only);
    feed->login_only = reasons;
    return set_reasons(feed);
}

/* The times in ipbanlist mean what they mean on the server's clock. */
static bool open_session(struct ropp_feed *feed)
{
    char error[ROPP_ERROR_TEXT] = "";
    int status;

    ropp_errors_into(error, sizeof error);
    status = ropp_session_open(&feed->session, feed->connect);
    ropp_errors_into(NULL, 0);
    if (status != ROPP_EXIT_DONE) {
        put_off(feed, error);
        return false;
    }
    feed->open = true;
    feed->reasons_due_ms = 0;
    if (feed->begun)
        ropp_banlist_doubt(&feed->list); /* it may be another database */
    if (ropp_session_run(&feed->session, "SET time_zone = @@global.time_zone"))
        return true;
    ropp_feed_lose(feed, mysql_error(feed->session.db.mysql));
    return false;
}

/* ---- the list ---- */

/* Says what keeps a part from being read, when that is new. */
static void print_part(char printed[ROPP_LINE_TEXT], const struct ropp_banlist_part *part,
                       const char *name)
{
    if (strcmp(printed, part->trouble) == 0)
        return;
    memcpy(printed, part->trouble, sizeof part->trouble);
    if (part->trouble[0] != '\0') {
        ropp_error("%s", part->trouble);
        return;
    }
    printf("%s can be read again\n", name);
}

static bool ask(struct ropp_feed *feed, int64_t now_ms)
{
    char error[ROPP_ERROR_TEXT] = "";

    feed->due_ms = now_ms + ASK_MS;
    if (!feed->open && !open_session(feed))
        return false;
    ropp_texts_free(&feed->session.texts);
    if (!read_reasons(feed, now_ms)) {
        ropp_feed_lose(feed, "out of memory: free some");
        return false;
    }
    if (!ropp_banlist_poll(&feed->list, &feed->session.db, now_ms, error)) {
        ropp_feed_lose(feed, error);
        return false;
    }
    print_part(feed->parts[0], &feed->list.own, "proxy_ban");
    print_part(feed->parts[1], &feed->list.ipbanlist, feed->list.ipbanlist_table);
    return true;
}

static void heard(struct ropp_feed *feed)
{
    feed->pause_ms = 0;
    if (feed->trouble[0] == '\0')
        return;
    feed->trouble[0] = '\0';
    puts("the database answers again");
}

/* Whether all that there is was read, once. A database without ipbanlist has none of its bans. */
static bool is_whole(const struct ropp_banlist *list)
{
    return list->own.known && (list->ipbanlist.known ||
                               (!list->ipbanlist.installed && list->ipbanlist.trouble[0] == '\0'));
}

/* Adds what a list has, and finds the next end among it. */
static size_t take(struct ropp_table_entry *to, const struct ropp_banlist_entries *entries,
                   int64_t now_s, int64_t *ends_s)
{
    if (entries->count > 0)
        memcpy(to, entries->items, entries->count * sizeof *to);
    for (size_t i = 0; i < entries->count; i++)
        if (to[i].expires_s > now_s && to[i].expires_s < *ends_s)
            *ends_s = to[i].expires_s;
    return entries->count;
}

static void flatten(struct ropp_feed *feed, int64_t now_s, struct ropp_prefix_set *banned)
{
    struct ropp_banlist *list = &feed->list;
    size_t count = list->ipbanlist_entries.count, at;
    struct ropp_table_entry *entries;

    for (size_t i = 0; i < list->count; i++)
        count += list->sources[i].entries.count;
    entries = ropp_alloc(count, sizeof *entries);
    feed->ends_s = INT64_MAX;
    at = take(entries, &list->ipbanlist_entries, now_s, &feed->ends_s);
    for (size_t i = 0; i < list->count; i++)
        at += take(entries + at, &list->sources[i].entries, now_s, &feed->ends_s);
    ropp_flatten(entries, count, now_s, banned);
    free(entries);
}

static bool same_sets(const struct ropp_prefix_set *a, const struct ropp_prefix_set *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (ropp_prefix_compare(&a->items[i], &b->items[i]) != 0)
            return false;
    return true;
}

/* Makes the set of what is banned now. Returns whether it is another one. */
static bool make(struct ropp_feed *feed)
{
    struct ropp_prefix_set banned = {0};
    int64_t began_ms = ropp_now_ms(), now_ms;
    bool same;

    flatten(feed, ropp_wall_ms() / 1000, &banned);
    feed->list.changed = false;
    now_ms = ropp_now_ms();
    feed->ends_due_ms = now_ms + (now_ms - began_ms) * ENDS_SHARE;
    same = feed->known && same_sets(&banned, &feed->banned);
    ropp_prefix_set_free(same ? &banned : &feed->banned);
    if (!same)
        feed->banned = banned;
    feed->known = true;
    return !same;
}

bool ropp_feed_turn(struct ropp_feed *feed, int64_t now_ms)
{
    bool ended;

    if (now_ms >= feed->due_ms && ask(feed, now_ms))
        heard(feed);
    if (!feed->begun || (!feed->known && !is_whole(&feed->list)))
        return false;
    ended = ropp_wall_ms() / 1000 >= feed->ends_s && ropp_now_ms() >= feed->ends_due_ms;
    return (feed->list.changed || ended) && make(feed);
}
