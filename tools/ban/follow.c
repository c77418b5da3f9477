// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "tools/ban/ban.h"
#include "tools/ban/feed.h"
#include "tools/ban/rows.h"
#include "tools/base/cli.h"
#include "tools/base/notify.h"
#include "tools/edge/haproxyapi.h"
#include "tools/edge/keeper.h"

/* How long the database may be silent: meanwhile nobody looks after the targets. */
#define DATABASE_S 5

#define ROWS_MS 5000

/* What targets that are being brought up to date have left when the command is to end. */
#define END_MS 5000

enum { EDGES_MOST = 64 };

struct request {
    struct ropp_connect connect;
    const char *config;
    bool force;
    struct ropp_edge edges[EDGES_MOST];
    size_t count;
};

/* What edges and options point at, for the rest of the program. */
static struct ropp_texts kept;

static char *keep(char *text)
{
    ropp_texts_take(&kept, text);
    return text;
}

/* ---- targets ---- */

/* NULL with a message when there are too many. */
static struct ropp_edge *add_edge(struct request *request, const struct ropp_edge_kind *kind,
                                  char *name)
{
    struct ropp_edge *edge = &request->edges[request->count];

    keep(name);
    if (request->count == EDGES_MOST) {
        ropp_error("too many targets: %s: %d are the most; start a second one for it", name,
                   EDGES_MOST);
        return NULL;
    }
    request->count++;
    edge->kind = kind;
    edge->name = name;
    return edge;
}

static bool take_haproxy(void *context, const char *option, const char *value)
{
    size_t length = strcspn(value, "=");
    const char *at = keep(ropp_copy_text(value, length));
    bool has_file = value[length] == '=' && value[length + 1] != '\0';
    struct ropp_edge *edge;

    if (!ropp_haproxy_is_address(at))
        return ropp_error("no address of HAProxy's runtime API: %s %s: write /PATH/OF/SOCKET or "
                          "HOST:PORT, and =FILE behind it if its list is of another file "
                          "than " ROPP_EDGE_ACL,
                          option, value);
    edge = add_edge(context, &ropp_edge_haproxy, ropp_format("haproxy %s", value));
    if (edge == NULL)
        return false;
    edge->at = at;
    edge->acl = has_file ? value + length + 1 : ROPP_EDGE_ACL;
    return true;
}

static bool take_nftables(void *context, const char *option, const char *value)
{
    (void)option, (void)value;
    return add_edge(context, &ropp_edge_nftables, ropp_format("nftables")) != NULL;
}

static bool take_ipset(void *context, const char *option, const char *value)
{
    (void)option, (void)value;
    return add_edge(context, &ropp_edge_ipset, ropp_format("ipset")) != NULL;
}

static bool take_output(void *context, const char *option, const char *value)
{
    struct ropp_edge *edge = add_edge(context, &ropp_edge_file, ropp_format("file %s", value));

    (void)option;
    if (edge != NULL)
        edge->at = value;
    return edge != NULL;
}

/* The file that an option is about. NULL with a message when there is none. */
static struct ropp_edge *last_file(struct request *request, const char *option, const char *value)
{
    struct ropp_edge *edge = request->count > 0 ? &request->edges[request->count - 1] : NULL;

    if (edge != NULL && edge->kind == &ropp_edge_file)
        return edge;
    ropp_error("of which file: %s %s: write it behind its --output FILE", option, value);
    return NULL;
}

static bool take_format(void *context, const char *option, const char *value)
{
    struct ropp_edge *file = last_file(context, option, value);

    if (file == NULL)
        return false;
    file->has_format = true;
    return ropp_export_format_of(value, &file->format) ||
           ropp_error("no such format: %s %s: give " ROPP_EXPORT_FORMATS, option, value);
}

static bool take_run(void *context, const char *option, const char *value)
{
    struct ropp_edge *file = last_file(context, option, value);

    if (file != NULL)
        file->run = value;
    return file != NULL;
}

static const struct ropp_option options[] = {
    ROPP_HEADING("the targets, any number of each:"),
    ROPP_CALL(take_haproxy, "--haproxy", "AT",
              "HAProxy, by its runtime API: SOCKET or HOST:PORT, and =FILE behind it if the list "
              "is of another file than " ROPP_EDGE_ACL),
    ROPP_CALL(take_nftables, "--nftables", NULL, "nftables on this machine, as export writes it"),
    ROPP_CALL(take_ipset, "--ipset", NULL, "ipset on this machine, as export writes it"),
    ROPP_CALL(take_output, "--output", "FILE", "a file, which is replaced in one go"),
    ROPP_CALL(take_format, "--format", "FORMAT", "of that file: " ROPP_EXPORT_FORMATS),
    ROPP_CALL(take_run, "--run", "COMMAND", "when that file has changed"),
    ROPP_HEADING("beside them:"),
    ROPP_TEXT(struct request, config, "--config", "FILE",
              "more options, one a line: `haproxy = 10.66.0.11:9999`"),
    ROPP_FLAG(struct request, force, "--force",
              "send the list at the start even if nobody is banned at all"),
    ROPP_OPTIONS_END,
};

/* ---- the configuration file ---- */

static const struct ropp_options all_options = {{options, ropp_connect_options}};

static const char blank[] = " \t\r\n";

/* Without the blanks around it; `end` is behind its last character. */
static const char *trim(const char *text, const char **end)
{
    text += strspn(text, blank);
    for (*end = text + strlen(text); *end > text && strchr(blank, (*end)[-1]) != NULL;)
        (*end)--;
    return text;
}

/* Makes "--NAME=VALUE" or "--NAME" of a line such as "NAME = VALUE"; NULL: there is nothing in it.
 */
static char *option_of(const char *line)
{
    const char *end, *name = trim(line, &end), *name_end = name + strcspn(name, " \t\r\n=");
    const char *value = name_end;

    if (name == end || *name == '#' || *name == ';')
        return NULL;
    value += strspn(value, blank);
    value += *value == '=';
    value += strspn(value, blank);
    return keep(value >= end ? ropp_format("--%.*s", (int)(name_end - name), name)
                             : ropp_format("--%.*s=%.*s", (int)(name_end - name), name,
                                           (int)(end - value), value));
}

static bool take_line(struct request *request, const char *line)
{
    static const struct ropp_words_rule no_words = {0};
    char *words[] = {NULL, option_of(line), NULL};
    struct ropp_words none;

    if (words[1] == NULL)
        return true;
    if (strncmp(words[1], "--config", 8) == 0)
        return ropp_error("a configuration in a configuration: %s: write its lines here", words[1]);
    return ropp_connect_no_password(2, words) &&
           ropp_options_read(2, words, "ban follow", &all_options, &no_words, request, &none);
}

static bool read_config(struct request *request)
{
    FILE *file = fopen(request->config, "r");
    char *line = NULL;
    size_t size = 0, number = 0;
    bool good = true;

    if (file == NULL)
        return ropp_error("cannot read: %s: %s", request->config, strerror(errno));
    while (good && getline(&line, &size, file) > 0) {
        number++;
        good = take_line(request, line);
    }
    if (!good)
        ropp_error("that was in the configuration: %s:%zu: mend that line", request->config,
                   number);
    free(line);
    fclose(file);
    return good;
}

/* ---- the request ---- */

static bool is_twice(const struct request *request, size_t which)
{
    for (size_t i = 0; i < which; i++)
        if (strcmp(request->edges[i].name, request->edges[which].name) == 0)
            return true;
    return false;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    (void)words;
    if (request->config != NULL && !read_config(request))
        return ROPP_EXIT_USAGE;
    if (request->count == 0)
        return ropp_fail(ROPP_EXIT_USAGE, "no target: nothing to keep in step: give --haproxy, "
                                          "--nftables, --ipset or --output, or --config FILE");
    for (size_t i = 0; i < request->count; i++) {
        const struct ropp_edge *edge = &request->edges[i];

        if (edge->kind == &ropp_edge_file && !edge->has_format)
            return ropp_fail(ROPP_EXIT_USAGE, "no format: %s: add --format " ROPP_EXPORT_FORMATS,
                             edge->name);
        if (is_twice(request, i))
            return ropp_fail(ROPP_EXIT_USAGE, "a target twice: %s: leave one out", edge->name);
    }
    return ROPP_EXIT_DONE;
}

/* ---- the loop ---- */

struct follower {
    const struct request *request;
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
    const struct request *request = follower->request;
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

/* Until it is told to end. The targets keep what they have then. */
static int follow(struct ropp_session *session, void *context)
{
    struct request *request = context;
    struct follower follower = {.request = request, .started_ms = ropp_wall_ms()};
    sigset_t waiting;

    (void)session; /* it opens its own, again and again */
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
    ropp_texts_free(&kept);
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
    .options = {{options, ropp_connect_options}},
    .request_size = sizeof(struct request),
    .guard = ropp_connect_no_password,
    .read = read_request,
    .run = follow,
};
