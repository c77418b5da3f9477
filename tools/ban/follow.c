// SPDX-License-Identifier: MIT
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "tools/ban/ban.h"
#include "tools/ban/feed.h"
#include "tools/ban/rows.h"
#include "tools/ban/targets.h"
#include "tools/base/cli.h"
#include "tools/base/notify.h"
#include "tools/edge/keeper.h"

/* How long the database may be silent: meanwhile nobody looks after the targets. */
#define DATABASE_S 5

#define ROWS_MS 5000

/* What targets that are being brought up to date have left when the command is to end. */
#define END_MS 5000

struct follower {
    const struct ropp_targets *request;
    struct ropp_feed feed;
    struct ropp_edge_keeper *keepers; /* request->count of them */
    struct pollfd *sockets;           /* two for each */
    struct ropp_edge_list *list;      /* what all are to have; NULL: it is not known yet */
    bool held_back;                   /* nobody is banned, and that is not believed */
    bool ready;                       /* and the service manager knows */
    int64_t started_ms;
    int64_t rows_due_ms;
    bool rows_bad;
    int64_t alive_due_ms;
    char status[128]; /* as the service manager has it */
};

static volatile sig_atomic_t ending, again;

static void on_signal(int signal)
{
    if (signal == SIGHUP)
        again = 1;
    else
        ending = 1;
}

/* Signals arrive while the loop waits, and at no other time. */
static void take_signals(sigset_t *waiting)
{
    static const int ours[] = {SIGTERM, SIGINT, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;

    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        sigaddset(&blocked, ours[i]);
        sigaction(ours[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &blocked, waiting);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        sigdelset(waiting, ours[i]);
}

/* At the start, an empty list is more likely a mistake (another database, a dump that is not
 * restored yet) than peace: then targets keep what they have until somebody is banned. */
static void take_list(struct follower *follower)
{
    bool first = follower->list == NULL;

    if (first && follower->feed.banned.count == 0 && !follower->request->force) {
        if (!follower->held_back)
            ropp_error(
                "not a single ban: the database: the targets keep what they have until there "
                "is one; --force empties them");
        follower->held_back = true;
        return;
    }
    follower->held_back = false;
    ropp_edge_list_drop(follower->list);
    follower->list = ropp_edge_list_new(&follower->feed.banned, ropp_wall_ms() / 1000);
}

static bool has_news(struct follower *follower)
{
    bool news = false;

    for (size_t i = 0; i < follower->request->count; i++) {
        news = news || follower->keepers[i].news;
        follower->keepers[i].news = false;
    }
    return news;
}

/* Whether the list is all that the database has. */
static bool is_whole(const struct follower *follower)
{
    const struct ropp_feed *feed = &follower->feed;

    return feed->trouble[0] == '\0' && feed->list.own.trouble[0] == '\0' &&
           feed->list.ipbanlist.trouble[0] == '\0';
}

static void write_rows(struct follower *follower, int64_t now_ms)
{
    struct ropp_feed *feed = &follower->feed;
    char error[ROPP_ERROR_TEXT];

    if (!feed->open || now_ms < follower->rows_due_ms)
        return;
    follower->rows_due_ms = now_ms + ROWS_MS;
    if (ropp_rows_write(&feed->session, follower->keepers, follower->request->count, follower->list,
                        is_whole(follower), follower->started_ms)) {
        follower->rows_bad = false;
        return;
    }
    snprintf(error, sizeof error, "MariaDB: %s", mysql_error(feed->session.db.mysql));
    if (ropp_db_gone(&feed->session.db)) {
        ropp_feed_lose(feed, error);
    } else if (!follower->rows_bad) {
        follower->rows_bad = true;
        ropp_error("`ropp status` does not show what is in force where: proxy_status: %s: load "
                   "sql/install.sql again, or GRANT INSERT and DELETE on it",
                   error);
    }
}

/* ---- the service manager ---- */

static size_t in_step(const struct follower *follower)
{
    size_t count = 0;

    for (size_t i = 0; i < follower->request->count; i++)
        count += follower->keepers[i].good && follower->keepers[i].has == follower->list;
    return count;
}

static void say_status(struct follower *follower)
{
    char status[sizeof follower->status];

    if (follower->held_back)
        snprintf(status, sizeof status, "not a single ban in the database: nothing is sent");
    else if (follower->list == NULL)
        snprintf(status, sizeof status, "waiting for the database");
    else
        snprintf(status, sizeof status, "%zu prefixes, %zu of %zu targets in step%s",
                 follower->list->banned.count, in_step(follower), follower->request->count,
                 follower->feed.trouble[0] != '\0' ? "; the database is away" : "");
    if (strcmp(status, follower->status) == 0)
        return;
    strcpy(follower->status, status);
    ropp_notify("STATUS=%s", status);
}

static void notify(struct follower *follower, int64_t now_ms)
{
    int watchdog_ms = ropp_notify_watchdog_ms();

    say_status(follower);
    if (!follower->ready &&
        (follower->held_back ||
         (follower->list != NULL &&
          ropp_edge_keepers_tried(follower->keepers, follower->request->count, follower->list)))) {
        follower->ready = true;
        ropp_notify("READY=1");
    }
    if (watchdog_ms > 0 && now_ms >= follower->alive_due_ms) {
        follower->alive_due_ms = now_ms + watchdog_ms / 4;
        ropp_notify("WATCHDOG=1");
    }
}

static void turn(struct follower *follower)
{
    const struct ropp_targets *request = follower->request;
    int64_t now_ms;

    if (again) {
        again = 0;
        puts("all of it is sent again");
        ropp_edge_keepers_forget(follower->keepers, request->count);
    }
    if (ropp_feed_turn(&follower->feed, ropp_now_ms()))
        take_list(follower);
    now_ms = ropp_now_ms();
    ropp_edge_keepers_turn(follower->keepers, request->count, follower->list, now_ms);
    if (has_news(follower))
        follower->rows_due_ms = 0;
    write_rows(follower, now_ms);
    notify(follower, now_ms);
}

static void wait_for_more(struct follower *follower, const sigset_t *waiting)
{
    size_t count = follower->request->count;
    int64_t now_ms = ropp_now_ms();
    int wait_ms = 1000;
    struct timespec wait;

    ropp_feed_wait(&follower->feed, now_ms, &wait_ms);
    ropp_edge_keepers_poll(follower->keepers, count, follower->list != NULL, follower->sockets,
                           now_ms, &wait_ms);
    wait.tv_sec = wait_ms / 1000;
    wait.tv_nsec = wait_ms % 1000 * 1000000L;
    (void)ppoll(follower->sockets, (nfds_t)(2 * count), &wait, waiting);
}

/* Until a signal ends it. The targets keep what they have then. */
static int follow(struct ropp_session *session, void *context)
{
    struct ropp_targets *request = context;
    struct follower follower = {.request = request, .started_ms = ropp_wall_ms()};
    sigset_t waiting;

    (void)session; /* it opens its own, again and again */
    /* Whoever reads the log reads each line when it comes. */
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    request->connect.server_s = DATABASE_S;
    follower.keepers = ropp_alloc(request->count, sizeof *follower.keepers);
    follower.sockets = ropp_alloc(2 * request->count, sizeof *follower.sockets);
    for (size_t i = 0; i < request->count; i++)
        follower.keepers[i].edge = request->edges[i];
    ropp_feed_begin(&follower.feed, &request->connect);
    take_signals(&waiting);
    while (!ending) {
        turn(&follower);
        wait_for_more(&follower, &waiting);
    }
    ropp_notify("STOPPING=1");
    ropp_edge_keepers_end(follower.keepers, request->count, ropp_now_ms() + END_MS);
    ropp_edge_list_drop(follower.list);
    ropp_feed_end(&follower.feed);
    free(follower.sockets);
    free(follower.keepers);
    ropp_targets_free();
    puts("ended: what is in force stays in force");
    return ROPP_EXIT_DONE;
}

const struct ropp_cli_command ropp_ban_follow = {
    .name = "ban follow",
    .summary = "keep the bans in step at the edge, until it is ended",
    .usage = "TARGET ... [OPTION ...]",
    .about =
        "Stays, and brings every target up to date when a ban comes or ends: HAProxy, nginx, "
        "nftables, ipset, here or elsewhere. A target that is away is brought up to date when it "
        "is back; while the database is away nothing is taken from them. SIGHUP sends all of it "
        "again. `ropp status` shows what is in force where.",
    .words = {.instead = "name targets by options"},
    .statuses = "0 it was ended by SIGTERM or SIGINT, 2 wrong usage or environment",
    .example = "ban follow --haproxy /run/haproxy/admin.sock --tree ../rathena",
    .options = {{ropp_targets_options, ropp_connect_options}},
    .request_size = sizeof(struct ropp_targets),
    .guard = ropp_connect_no_password,
    .read = ropp_targets_read,
    .run = follow,
};
