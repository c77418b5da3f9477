// SPDX-License-Identifier: MIT
/* `ropp ban follow` without a database and without targets: what it is asked for, when it asks the
 * database and what it makes of the answers, and what it writes of its targets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <signal.h>
#include <time.h>

#include "platform.h"
#include "tests/unit/capture.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"
#include "tools/ban/ban.h"
#include "tools/ban/feed.h"
#include "tools/ban/ipbanlist.h"
#include "tools/ban/rows.h"
#include "tools/ban/targets.h"
#include "tools/base/command.h"
#include "tools/base/notify.h"
#include "tools/base/options.h"
#include "tools/database/query.h"

static struct capture out, err;

/* ---- what is asked for ---- */

static struct ropp_targets targets;

/* The words behind "ropp ban follow". */
static int asks(const char *line)
{
    static const struct ropp_options options = {{ropp_targets_options, NULL}};
    static const struct ropp_words_rule rule = {0};
    static char copy[2000];
    char *argv[200] = {(char *)"follow"}, *rest = copy, *word;
    struct ropp_words words;
    int argc = 1, status = -1;

    snprintf(copy, sizeof copy, "%s", line);
    while ((word = strsep(&rest, " ")) != NULL)
        if (word[0] != '\0')
            argv[argc++] = word;
    memset(&targets, 0, sizeof targets);
    capture_begin(&err, stderr);
    if (ropp_options_read(argc, argv, "ban follow", &options, &rule, &targets, &words))
        status = ropp_targets_read(&targets, &words);
    capture_end(&err);
    return status;
}

/* Each target with all that it has. */
static const char *shown(void)
{
    static char text[2000];
    static const char *const formats[] = {"plain", "haproxy", "nginx", "nftables", "ipset"};
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < targets.count; i++) {
        const struct ropp_edge *edge = &targets.edges[i];

        used += (size_t)snprintf(text + used, sizeof text - used, "%s,%s,%s,%s,%s,%s\n",
                                 edge->kind == &ropp_edge_haproxy    ? "haproxy"
                                 : edge->kind == &ropp_edge_nftables ? "nftables"
                                 : edge->kind == &ropp_edge_ipset    ? "ipset"
                                 : edge->kind == &ropp_edge_file     ? "file"
                                                                     : "?",
                                 edge->name, edge->at != NULL ? edge->at : "",
                                 edge->acl != NULL ? edge->acl : "",
                                 edge->has_format ? formats[edge->format] : "",
                                 edge->run != NULL ? edge->run : "");
    }
    return text;
}

static void takes(const char *line, const char *wanted)
{
    if (asks(line) != 0)
        fail_msg("%s: %s", line, err.text);
    assert_string_equal(err.text, "");
    assert_string_equal(shown(), wanted);
    ropp_targets_free();
}

static void refuses(const char *line, int status, const char *message)
{
    assert_int_equal(asks(line), status);
    assert_string_equal(err.text, message);
    ropp_targets_free();
}

static void test_targets(void **state)
{
    char many[2000] = "";

    (void)state;
    takes("--haproxy /run/h.sock --nftables --haproxy 10.0.0.1:99=/etc/ban.acl --ipset --output a "
          "--format nginx --run make --output b --format=plain",
          "haproxy,haproxy /run/h.sock,/run/h.sock,/etc/ropp/bans.acl,,\n"
          "nftables,nftables,,,,\n"
          "haproxy,haproxy 10.0.0.1:99=/etc/ban.acl,10.0.0.1:99,/etc/ban.acl,,\n"
          "ipset,ipset,,,,\n"
          "file,file a,a,,nginx,make\n"
          "file,file b,b,,plain,\n");
    takes("--haproxy 10.0.0.1:99=",
          "haproxy,haproxy 10.0.0.1:99=,10.0.0.1:99,/etc/ropp/bans.acl,,\n");
    assert_false(targets.force);
    takes("--ipset --force", "ipset,ipset,,,,\n");
    assert_true(targets.force);
    for (int i = 0; i < 64; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "--haproxy h:%d ", i + 1);
    assert_int_equal(asks(many), 0);
    assert_int_equal(targets.count, 64);
    ropp_targets_free();
    strcat(many, "--ipset");
    refuses(many, -1,
            "ropp: too many targets: ipset: 64 are the most; start a second one for it\n");
}

static void test_what_is_no_target(void **state)
{
    (void)state;
    refuses("", 2,
            "ropp: no target: nothing to keep in step: give --haproxy, --nftables, --ipset or "
            "--output, or --config FILE\n");
    refuses("--haproxy nowhere", -1,
            "ropp: no address of HAProxy's runtime API: --haproxy nowhere: write /PATH/OF/SOCKET "
            "or HOST:PORT, and =FILE behind it if its list is of another file than "
            "/etc/ropp/bans.acl\n");
    refuses("--output a", 2,
            "ropp: no format: file a: add --format plain, haproxy, nginx, nftables or ipset\n");
    refuses("--output a --format x", -1,
            "ropp: no such format: --format x: give plain, haproxy, nginx, nftables or ipset\n");
    refuses("--format plain", -1,
            "ropp: of which file: --format plain: write it behind its --output FILE\n");
    refuses("--output a --ipset --run x", -1,
            "ropp: of which file: --run x: write it behind its --output FILE\n");
    refuses("--ipset --nftables --ipset", 2, "ropp: a target twice: ipset: leave one out\n");
    refuses("--output a --format plain --output a --format nginx", 2,
            "ropp: a target twice: file a: leave one out\n");
}

static char path[] = "/tmp/ropp-follow.XXXXXX";

static void put(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void configures(const char *text, const char *wanted)
{
    char line[100];

    put(text);
    snprintf(line, sizeof line, "--ipset --config %s", path);
    takes(line, wanted);
}

static void misconfigures(const char *text, const char *message, unsigned number)
{
    char line[100], wanted[500];

    put(text);
    snprintf(line, sizeof line, "--config %s", path);
    snprintf(wanted, sizeof wanted,
             "ropp: %s\nropp: that was in the configuration: %s:%u: mend that line\n", message,
             path, number);
    refuses(line, 2, wanted);
}

static void test_configuration(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    (void)close(fd);
    configures("", "ipset,ipset,,,,\n");
    configures("# a comment\n; another\n\n \t\r\n  haproxy = /run/h.sock  \r\nnftables\n"
               "output=a b\nformat\tnginx\nrun =  make it\t so\nforce",
               "ipset,ipset,,,,\n"
               "haproxy,haproxy /run/h.sock,/run/h.sock,/etc/ropp/bans.acl,,\n"
               "nftables,nftables,,,,\n"
               "file,file a b,a b,,nginx,make it\t so\n");
    assert_true(targets.force);
    configures("haproxy /run/h.sock=/x=y\n",
               "ipset,ipset,,,,\n"
               "haproxy,haproxy /run/h.sock=/x=y,/run/h.sock,/x=y,,\n");
    misconfigures("nftables\nnonsense = 1\n",
                  "no such option: --nonsense=1: see `ropp ban follow --help`", 2);
    misconfigures("\n\nhaproxy\n", "no value: --haproxy: write '--haproxy VALUE'", 3);
    misconfigures("nftables = \nipset x\n", "a value too many: --ipset=x: write --ipset alone", 2);
    misconfigures("config = x\n",
                  "a configuration in a configuration: --config=x: write its lines here", 1);
    assert_int_equal(unlink(path), 0);
    refuses("--config /tmp/ropp-none/x", 2,
            "ropp: cannot read: /tmp/ropp-none/x: No such file or directory\n");
}

/* ---- the system and the database ---- */

static int64_t now_ms, wall_ms;
static const char *open_error; /* NULL: it opens */
static bool runs;              /* statements */
static int opened, closed;
static char asked[4000]; /* statements, a line each */

int64_t __wrap_ropp_now_ms(void);
int64_t __wrap_ropp_wall_ms(void);
int __wrap_ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect);
void __wrap_ropp_session_close(struct ropp_session *session);
bool __wrap_ropp_session_run(struct ropp_session *session, const char *format, ...)
    ROPP_PRINTF(2, 3);
const char *__wrap_mysql_error(MYSQL *mysql);
unsigned long __wrap_mysql_real_escape_string(MYSQL *mysql, char *to, const char *from,
                                              unsigned long length);
int __wrap_gethostname(char *name, size_t size);
unsigned __wrap_ropp_process_id(void);

int64_t __wrap_ropp_now_ms(void)
{
    return now_ms;
}

int64_t __wrap_ropp_wall_ms(void)
{
    return wall_ms;
}

int __wrap_ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect)
{
    assert_non_null(connect);
    memset(session, 0, sizeof *session);
    strcpy(session->ipban_table, "ipbanlist");
    if (open_error != NULL)
        return ropp_fail(ROPP_EXIT_USAGE, "%s", open_error);
    opened++;
    return ROPP_EXIT_DONE;
}

void __wrap_ropp_session_close(struct ropp_session *session)
{
    ropp_texts_free(&session->texts);
    closed++;
}

bool __wrap_ropp_session_run(struct ropp_session *session, const char *format, ...)
{
    size_t used = strlen(asked);
    va_list args;

    (void)session;
    va_start(args, format);
    vsnprintf(asked + used, sizeof asked - used - 1, format, args);
    va_end(args);
    strcat(asked, "\n");
    return runs;
}

const char *__wrap_mysql_error(MYSQL *mysql)
{
    (void)mysql;
    return "it has gone away";
}

unsigned long __wrap_mysql_real_escape_string(MYSQL *mysql, char *to, const char *from,
                                              unsigned long length)
{
    (void)mysql;
    memcpy(to, from, length);
    return length;
}

int __wrap_gethostname(char *name, size_t size)
{
    assert_int_equal(size, 65);
    memset(name, 'h', size); /* as long as there is room, without an end */
    memcpy(name, "machine", 7);
    return 0;
}

unsigned __wrap_ropp_process_id(void)
{
    return 4711;
}

/* ---- the ban list ---- */

static struct ropp_feed feed;
static struct ropp_table_entry own[3], others[3];
static struct ropp_banlist_source source;
static char reasons_of_list[200]; /* those that it was made with */
static bool list_inits, list_polls, has_reasons;
static const char *reasons[3];
static int inits, frees, polls, doubts, reads;
static void (*polled)(struct ropp_banlist *list);

bool __wrap_ropp_banlist_init(struct ropp_banlist *list, const char *table,
                              const struct ropp_config_texts *login_only);
void __wrap_ropp_banlist_free(struct ropp_banlist *list);
bool __wrap_ropp_banlist_poll(struct ropp_banlist *list, struct ropp_db *db, int64_t at_ms,
                              char error[ROPP_ERROR_TEXT]);
void __wrap_ropp_banlist_doubt(struct ropp_banlist *list);

bool __wrap_ropp_banlist_init(struct ropp_banlist *list, const char *table,
                              const struct ropp_config_texts *login_only)
{
    inits++;
    assert_string_equal(table, "ipbanlist");
    memset(list, 0, sizeof *list);
    reasons_of_list[0] = '\0';
    for (size_t i = 0; i < login_only->count; i++)
        snprintf(reasons_of_list + strlen(reasons_of_list),
                 sizeof reasons_of_list - strlen(reasons_of_list), "%s;", login_only->items[i]);
    list->ipbanlist_rows = strdup(reasons_of_list);
    strcpy(list->ipbanlist_table, table);
    list->sources = &source;
    return list_inits;
}

void __wrap_ropp_banlist_free(struct ropp_banlist *list)
{
    frees++;
    free(list->ipbanlist_rows);
    list->ipbanlist_rows = NULL;
}

bool __wrap_ropp_banlist_poll(struct ropp_banlist *list, struct ropp_db *db, int64_t at_ms,
                              char error[ROPP_ERROR_TEXT])
{
    assert_int_equal(at_ms, now_ms);
    polls++;
    if (polled != NULL) { /* it is the command's own feed */
        polled(list);
        return list_polls;
    }
    assert_ptr_equal(list, &feed.list);
    assert_ptr_equal(db, &feed.session.db);
    if (!list_polls)
        strcpy(error, "the connection broke");
    return list_polls;
}

void __wrap_ropp_banlist_doubt(struct ropp_banlist *list)
{
    assert_true(polled != NULL || list == &feed.list);
    doubts++;
}

bool ropp_ipbanlist_reasons(struct ropp_session *session, struct ropp_texts *texts)
{
    assert_true(polled != NULL || session == &feed.session);
    reads++;
    for (size_t i = 0; i < 3 && reasons[i] != NULL; i++)
        ropp_texts_add(texts, reasons[i], strlen(reasons[i]));
    return has_reasons;
}

/* ---- the feed ---- */

static const struct ropp_connect connect_to;

static int begin(void **state)
{
    (void)state;
    now_ms = 100000;
    wall_ms = 2000000000000;
    open_error = NULL;
    runs = list_inits = list_polls = has_reasons = true;
    opened = closed = inits = frees = polls = doubts = reads = 0;
    asked[0] = '\0';
    polled = NULL;
    reasons[0] = "one";
    reasons[1] = "two";
    reasons[2] = NULL;
    memset(&source, 0, sizeof source);
    memset(own, 0, sizeof own);
    memset(others, 0, sizeof others);
    ropp_feed_begin(&feed, &connect_to);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ropp_feed_end(&feed);
    return 0;
}

/* A turn, and what is printed and said in it. */
static void turns(bool wanted, const char *printed, const char *said)
{
    bool news;

    capture_begin(&out, stdout);
    capture_begin(&err, stderr);
    news = ropp_feed_turn(&feed, now_ms);
    capture_end(&err);
    capture_end(&out);
    assert_string_equal(out.text, printed);
    assert_string_equal(err.text, said);
    assert_int_equal(news, wanted);
}

static void waits(int64_t at_ms, int least, int wanted)
{
    ropp_feed_wait(&feed, at_ms, &least);
    assert_int_equal(least, wanted);
}

static void test_the_beginning(void **state)
{
    (void)state;
    assert_ptr_equal(feed.connect, &connect_to);
    assert_true(feed.ends_s == INT64_MAX);
    assert_int_equal(feed.due_ms, 0);
    feed.due_ms = 1000;
    waits(400, 1000, 600);
    waits(400, 600, 600);
    waits(400, 599, 599);
    waits(1000, 5, 0);
    waits(999, 5, 1);
    waits(2000, 5, 0);
}

/* Longer and longer, and said once. */
static void test_a_database_that_is_away(void **state)
{
    static const int pauses[] = {500, 1000, 2000, 4000, 5000, 5000};

    (void)state;
    open_error = "cannot connect";
    for (size_t i = 0; i < 6; i++) {
        turns(false, "",
              i == 0 ? "ropp: cannot connect: nothing is sent anywhere yet; it is tried again\n"
                     : "");
        assert_int_equal(feed.pause_ms, pauses[i]);
        assert_int_equal(feed.due_ms, now_ms + pauses[i]);
        now_ms += pauses[i] - 1;
        turns(false, "", ""); /* not yet */
        assert_int_equal(feed.due_ms, now_ms + 1);
        now_ms++;
    }
    assert_string_equal(feed.trouble, "cannot connect");
    assert_false(feed.open);
    open_error = NULL;
    feed.list.own.known = false;
    turns(false, "the database answers again\n", "");
    assert_true(feed.open);
    assert_int_equal(feed.pause_ms, 0);
    assert_int_equal(feed.due_ms, now_ms + 500);
    assert_string_equal(feed.trouble, "");
    assert_string_equal(asked, "SET time_zone = @@global.time_zone\n");
    assert_int_equal(opened, 1);
    assert_int_equal(closed, 0);
    assert_int_equal(doubts, 0);
    turns(false, "", "");
    assert_int_equal(polls, 1); /* not before it is due */
    now_ms += 500;
    turns(false, "", "");
    assert_int_equal(polls, 2);
    assert_int_equal(opened, 1);
}

static void test_a_session_that_breaks_at_once(void **state)
{
    (void)state;
    runs = false;
    turns(false, "", "ropp: it has gone away: nothing is sent anywhere yet; it is tried again\n");
    assert_int_equal(opened, 1);
    assert_int_equal(closed, 1);
    assert_false(feed.open);
    assert_int_equal(polls, 0);
}

static struct ropp_table_entry ban_of(const char *text, int64_t expires_s)
{
    struct ropp_table_entry entry;

    memset(&entry, 0, sizeof entry);
    assert_int_equal(ropp_prefix_parse(text, strlen(text), &entry.prefix), ROPP_PREFIX_OK);
    entry.kind = ROPP_TABLE_BAN;
    entry.expires_s = expires_s;
    return entry;
}

static void bans_are(const char *wanted)
{
    char text[500] = "", prefix[ROPP_PREFIX_TEXT];

    for (size_t i = 0; i < feed.banned.count; i++) {
        ropp_prefix_format(&feed.banned.items[i], prefix);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", prefix);
    }
    assert_string_equal(text, wanted);
}

/* All that there is has to be read, once. */
static void test_when_it_is_whole(void **state)
{
    (void)state;
    turns(false, "", "");
    assert_true(feed.begun);
    feed.list.changed = true;
    feed.list.own.known = true;
    strcpy(feed.list.ipbanlist.trouble, "it cannot be read");
    turns(false, "", "");
    feed.list.ipbanlist.trouble[0] = '\0';
    feed.list.ipbanlist.installed = true;
    turns(false, "", "");
    feed.list.own.known = false;
    feed.list.ipbanlist.known = true;
    turns(false, "", "");
    feed.list.own.known = true;
    turns(true, "", "");
    assert_false(feed.list.changed);
    assert_true(feed.known);
    feed.list.ipbanlist.known = false; /* that was enough */
    feed.list.changed = true;
    own[0] = ban_of("192.0.2.1", 0);
    source.entries.items = own;
    source.entries.count = feed.list.count = 1;
    turns(true, "", "");
    bans_are("192.0.2.1/32 ");
}

static void knows_all(void)
{
    turns(false, "", "");
    feed.list.own.known = true;
    own[0] = ban_of("192.0.2.0/24", 0);
    own[1] = ban_of("198.51.100.0/24", 2000000100);
    others[0] = ban_of("203.0.113.0/24", 2000000200);
    source.entries.items = own;
    source.entries.count = 2;
    feed.list.count = 1;
    feed.list.ipbanlist_entries.items = others;
    feed.list.ipbanlist_entries.count = 1;
    feed.list.changed = true;
}

static void test_bans_that_change_and_end(void **state)
{
    (void)state;
    knows_all();
    turns(true, "", "");
    bans_are("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 ");
    assert_int_equal(feed.ends_s, 2000000100);
    assert_int_equal(feed.ends_due_ms, now_ms);
    turns(false, "", ""); /* nothing is new */
    feed.list.changed = true;
    turns(false, "", ""); /* it is the same */
    assert_false(feed.list.changed);
    own[0] = ban_of("192.0.2.0/25", 0);
    feed.list.changed = true;
    turns(true, "", "");
    bans_are("192.0.2.0/25 198.51.100.0/24 203.0.113.0/24 ");
    wall_ms = 2000000099999;
    turns(false, "", "");
    wall_ms = 2000000100000;
    feed.ends_due_ms = now_ms + 1;
    turns(false, "", ""); /* it takes its time */
    now_ms++;
    turns(true, "", "");
    bans_are("192.0.2.0/25 203.0.113.0/24 ");
    assert_int_equal(feed.ends_s, 2000000200);
    wall_ms = 2000000200000;
    turns(true, "", "");
    bans_are("192.0.2.0/25 ");
    assert_true(feed.ends_s == INT64_MAX);
    own[0] = ban_of("192.0.2.0/25", 0);
    own[1] = ban_of("2001:db8::/32", 0);
    feed.list.changed = true;
    turns(true, "", "");
    bans_are("192.0.2.0/25 2001:db8::/32 ");
    source.entries.count = 0;
    feed.list.ipbanlist_entries.count = 0;
    feed.list.changed = true;
    turns(true, "", "");
    bans_are("");
}

/* What was read before stays, and the next session doubts it. */
static void test_a_connection_that_breaks(void **state)
{
    (void)state;
    knows_all();
    turns(true, "", "");
    now_ms += 500;
    list_polls = false;
    turns(false, "",
          "ropp: the connection broke: what is in force stays in force; it is tried again\n");
    assert_int_equal(closed, 1);
    assert_false(feed.open);
    assert_string_equal(feed.trouble, "the connection broke");
    bans_are("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 ");
    now_ms += 500;
    list_polls = true;
    turns(false, "the database answers again\n", "");
    assert_int_equal(doubts, 1);
    assert_int_equal(opened, 2);
    capture_begin(&err, stderr);
    ropp_feed_lose(&feed, "in other hands");
    capture_end(&err);
    assert_string_equal(
        err.text, "ropp: in other hands: what is in force stays in force; it is tried again\n");
    assert_int_equal(closed, 2);
    assert_int_equal(feed.due_ms, now_ms + 500);
}

/* Asked every ten seconds, and after a new connection. */
static void test_reasons(void **state)
{
    (void)state;
    knows_all();
    turns(true, "", "");
    assert_string_equal(reasons_of_list, "one;two;");
    assert_int_equal(reads, 1);
    assert_int_equal(feed.reasons_due_ms, 110000);
    now_ms = 109999;
    turns(false, "", "");
    assert_int_equal(reads, 1);
    now_ms = 110500;
    feed.list.ipbanlist_due_ms = 7;
    turns(false, "", "");
    assert_int_equal(reads, 2);
    assert_int_equal(inits, 1); /* the same */
    assert_int_equal(feed.list.ipbanlist_due_ms, 7);
    reasons[1] = "three";
    now_ms = 121000;
    turns(false, "", "");
    assert_int_equal(inits, 2);
    assert_int_equal(frees, 1);
    assert_string_equal(feed.list.ipbanlist_rows, "one;three;");
    assert_int_equal(feed.list.ipbanlist_due_ms, 0);
    assert_int_equal(feed.list.count, 1); /* and what was loaded is there */
    reasons[1] = NULL;
    has_reasons = false; /* what was read before holds */
    now_ms = 132000;
    turns(false, "", "");
    assert_int_equal(inits, 2);
    assert_int_equal(feed.login_only.count, 2);
    has_reasons = true;
    now_ms = 143000;
    turns(false, "", "");
    assert_string_equal(feed.list.ipbanlist_rows, "one;");
    list_inits = false;
    reasons[0] = "four";
    now_ms = 154000;
    turns(false, "",
          "ropp: out of memory: free some: what is in force stays in force; it is tried again\n");
    assert_int_equal(closed, 1);
    assert_string_equal(feed.list.ipbanlist_rows, "one;");
}

static void test_no_reasons_at_first(void **state)
{
    (void)state;
    has_reasons = false;
    turns(false, "", "");
    assert_true(feed.begun);
    assert_string_equal(reasons_of_list, "one;two;");
    assert_int_equal(polls, 1);
}

/* What is wrong with a part is said when it is new. */
static void test_parts(void **state)
{
    (void)state;
    turns(false, "", "");
    strcpy(feed.list.own.trouble, "proxy_ban: is gone");
    now_ms += 500;
    turns(false, "", "ropp: proxy_ban: is gone\n");
    now_ms += 500;
    turns(false, "", "");
    strcpy(feed.list.ipbanlist.trouble, "ipbanlist: no right");
    strcpy(feed.list.own.trouble, "proxy_ban: is another");
    now_ms += 500;
    turns(false, "", "ropp: proxy_ban: is another\nropp: ipbanlist: no right\n");
    feed.list.own.trouble[0] = '\0';
    now_ms += 500;
    turns(false, "proxy_ban can be read again\n", "");
    feed.list.ipbanlist.trouble[0] = '\0';
    now_ms += 500;
    turns(false, "ipbanlist can be read again\n", "");
}

/* ---- what is written of the targets ---- */

static void test_rows(void **state)
{
    static struct ropp_edge_keeper keepers[4];
    struct ropp_edge_list *list = (struct ropp_edge_list *)(void *)asked; /* only compared */
    char name[301];

    (void)state;
    memset(keepers, 0, sizeof keepers);
    memset(name, 'n', sizeof name);
    name[300] = '\0';
    keepers[0].edge.name = "ipset";
    keepers[0].ever = keepers[0].good = true;
    keepers[0].has = list;
    keepers[0].since_ms = wall_ms - 7999;
    keepers[0].entries = 12;
    keepers[1].edge.name = "file \xc3\xa9";
    keepers[1].ever = true;
    keepers[1].has = list;
    keepers[1].entries = 13;
    strcpy(keepers[1].trouble, "no\x80way");
    keepers[2].edge.name = name;
    keepers[3].edge.name = "ipset"; /* of the same number */
    keepers[3].ever = keepers[3].good = true;
    assert_true(ropp_rows_write(&feed.session, keepers, 4, list, true, wall_ms - 65000));
    assert_string_equal(
        asked,
        "SET STATEMENT time_zone = '+00:00' FOR REPLACE INTO proxy_status (server, host, port, "
        "pid, version, started, heartbeat, snapshot_loaded, snapshot_entries, bans_state, "
        "target, trouble) VALUES ('edge', 'machinehhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"
        "hhhhhhhhhh', 11736, 4711, '" ROPP_VERSION
        "', NOW() - INTERVAL 65 SECOND, NOW(), NOW() - INTERVAL "
        "7 SECOND, 12, 'current', 'ipset', ''), ('edge', "
        "'machinehhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh', 35054, 4711, "
        "'" ROPP_VERSION
        "', NOW() - INTERVAL 65 SECOND, NOW(), NULL, 13, 'stale', 'file ?\?', 'no?way'), "
        "('edge', 'machinehhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh', 31074, "
        "4711, '" ROPP_VERSION "', NOW() - INTERVAL 65 SECOND, NOW(), NULL, 0, 'loading', "
        "'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
        "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
        "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', ''), "
        "('edge', 'machinehhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh', 11737, "
        "4711, '" ROPP_VERSION
        "', NOW() - INTERVAL 65 SECOND, NOW(), NULL, 0, 'stale', 'ipset', '')\n");
    asked[0] = '\0';
    assert_true(ropp_rows_write(&feed.session, keepers, 1, list, false, wall_ms - 1000));
    assert_string_equal(
        asked,
        "SET STATEMENT time_zone = '+00:00' FOR REPLACE INTO proxy_status (server, host, port, "
        "pid, version, started, heartbeat, snapshot_loaded, snapshot_entries, bans_state, "
        "target, trouble) VALUES ('edge', 'machinehhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"
        "hhhhhhhhhh', 11736, 4711, '" ROPP_VERSION
        "', NOW() - INTERVAL 1 SECOND, NOW(), NOW() - INTERVAL 7 "
        "SECOND, 12, 'stale', 'ipset', '')\n");
    runs = false;
    assert_false(ropp_rows_write(&feed.session, keepers, 1, list, false, wall_ms - 1000));
    ropp_texts_free(&feed.session.texts);
}

/* ---- the command ---- */

/* What happens, a line each. */
static char story[4000];
static int rounds, gone;
static int watchdog_ms;
static bool tried;
static struct ropp_edge_keeper *the_keepers;
static struct ropp_edge_list *the_list;
static size_t the_count; /* of its prefixes */

void __wrap_ropp_edge_keepers_turn(struct ropp_edge_keeper *keepers, size_t count,
                                   struct ropp_edge_list *list, int64_t at_ms);
void __wrap_ropp_edge_keepers_poll(const struct ropp_edge_keeper *keepers, size_t count,
                                   bool has_list, struct pollfd *sockets, int64_t at_ms,
                                   int *wait_ms);
bool __wrap_ropp_edge_keepers_tried(const struct ropp_edge_keeper *keepers, size_t count,
                                    const struct ropp_edge_list *list);
void __wrap_ropp_edge_keepers_forget(struct ropp_edge_keeper *keepers, size_t count);
void __wrap_ropp_edge_keepers_end(struct ropp_edge_keeper *keepers, size_t count, int64_t until_ms);
void __wrap_ropp_notify(const char *format, ...) ROPP_PRINTF(1, 2);
int __wrap_ropp_notify_watchdog_ms(void);
bool __wrap_ropp_db_gone(const struct ropp_db *db);
int __wrap_ppoll(struct pollfd *polled_fds, nfds_t count, const struct timespec *wait,
                 const sigset_t *waiting);

static void tell(const char *format, ...) ROPP_PRINTF(1, 2);

static void tell(const char *format, ...)
{
    size_t used = strlen(story);
    va_list args;

    va_start(args, format);
    vsnprintf(story + used, sizeof story - used, format, args);
    va_end(args);
}

void __wrap_ropp_edge_keepers_turn(struct ropp_edge_keeper *keepers, size_t count,
                                   struct ropp_edge_list *list, int64_t at_ms)
{
    assert_int_equal(count, 2);
    assert_int_equal(at_ms, now_ms);
    the_keepers = keepers;
    if (list != NULL && (the_list == NULL || list->banned.count != the_count)) {
        the_count = list->banned.count;
        tell("a list of %zu\n", the_count);
    }
    the_list = list;
}

void __wrap_ropp_edge_keepers_poll(const struct ropp_edge_keeper *keepers, size_t count,
                                   bool has_list, struct pollfd *sockets, int64_t at_ms,
                                   int *wait_ms)
{
    assert_ptr_equal(keepers, the_keepers);
    assert_int_equal(count, 2);
    assert_int_equal(at_ms, now_ms);
    assert_int_equal(has_list, the_list != NULL);
    memset(sockets, 0, 4 * sizeof *sockets);
    if (rounds == 1)
        *wait_ms = 7;
}

bool __wrap_ropp_edge_keepers_tried(const struct ropp_edge_keeper *keepers, size_t count,
                                    const struct ropp_edge_list *list)
{
    assert_ptr_equal(keepers, the_keepers);
    assert_int_equal(count, 2);
    assert_ptr_equal(list, the_list);
    return tried;
}

void __wrap_ropp_edge_keepers_forget(struct ropp_edge_keeper *keepers, size_t count)
{
    assert_ptr_equal(keepers, the_keepers);
    assert_int_equal(count, 2);
    tell("forgotten\n");
}

void __wrap_ropp_edge_keepers_end(struct ropp_edge_keeper *keepers, size_t count, int64_t until_ms)
{
    assert_ptr_equal(keepers, the_keepers);
    assert_int_equal(count, 2);
    tell("ends until %d\n", (int)(until_ms - now_ms));
    for (size_t i = 0; i < count; i++)
        keepers[i].has = NULL;
}

void __wrap_ropp_notify(const char *format, ...)
{
    char text[200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    tell("%s\n", text);
}

int __wrap_ropp_notify_watchdog_ms(void)
{
    return watchdog_ms;
}

bool __wrap_ropp_db_gone(const struct ropp_db *db)
{
    (void)db;
    return gone != 0;
}

/* Whether both targets are in step, and that this is news. */
static void set_targets(bool good)
{
    for (int i = 0; i < 2; i++) {
        the_keepers[i].good = good || i == 0;
        the_keepers[i].has = the_list;
        the_keepers[i].news = true;
    }
}

static size_t entries_before;
static bool is_empty; /* nobody is banned at all */

static void own_list(struct ropp_banlist *list)
{
    list->own.known = true;
    list->sources = &source;
    list->count = 1;
    list->changed = source.entries.count != entries_before || is_empty;
    entries_before = source.entries.count;
}

/* How many rows were written since. */
static void tell_rows(void)
{
    const char *at = asked;
    int count = 0;

    while ((at = strstr(at, "REPLACE INTO")) != NULL) {
        count++;
        at++;
    }
    if (count > 0)
        tell("rows %d\n", count);
    asked[0] = '\0';
}

int __wrap_ppoll(struct pollfd *polled_fds, nfds_t count, const struct timespec *wait,
                 const sigset_t *waiting)
{
    sigset_t before;

    assert_non_null(polled_fds);
    assert_int_equal(count, 4);
    tell_rows();
    tell("%d: waits %ld.%03ld\n", rounds, (long)wait->tv_sec, wait->tv_nsec / 1000000);
    switch (rounds++ + (is_empty ? 100 : 0)) {
    case 100:
        now_ms += 500;
        break;
    case 101: /* one ban comes */
        source.entries.items = own;
        source.entries.count = 1;
        own[0] = ban_of("192.0.2.0/24", 0);
        now_ms += 500;
        break;
    case 0: /* two bans come */
        source.entries.items = own;
        source.entries.count = 2;
        own[0] = ban_of("192.0.2.0/24", 0);
        own[1] = ban_of("198.51.100.0/24", 0);
        now_ms += 500;
        break;
    case 1:
        now_ms += 100;
        tried = true;
        set_targets(false);
        break;
    case 2:
        now_ms += 5000;
        set_targets(true);
        runs = false; /* the rows cannot be written */
        break;
    case 3:
        now_ms += 5000;
        break;
    case 4:
        now_ms += 5000;
        runs = true;
        (void)raise(SIGHUP);
        break;
    case 5:
        now_ms += 4999; /* rows are not due yet */
        break;
    case 6:
        now_ms += 1;
        runs = false;
        gone = 1;
        break;
    case 7:
        source.entries.count = 1;
        runs = true;
        gone = 0;
        now_ms += 500;
        the_keepers[0].has = the_keepers[1].has = NULL;
        break;
    default:
        (void)raise(rounds % 2 == 0 ? SIGTERM : SIGINT);
        break;
    }
    /* What was sent arrives now and at no other time. */
    sigprocmask(SIG_SETMASK, waiting, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return 0;
}

static int follows(char *option)
{
    char *argv[] = {(char *)"follow", (char *)"--ipset", (char *)"--nftables", option, NULL};
    sigset_t before;
    int status;

    sigprocmask(SIG_SETMASK, NULL, &before);
    story[0] = '\0';
    rounds = gone = 0;
    entries_before = 0;
    watchdog_ms = 4000;
    tried = false;
    the_keepers = NULL;
    the_list = NULL;
    polled = own_list;
    capture_begin(&out, stdout);
    capture_begin(&err, stderr);
    status = ropp_command_run(&ropp_ban_follow, option != NULL ? 4 : 3, argv);
    capture_end(&err);
    capture_end(&out);
    sigprocmask(SIG_SETMASK, &before, NULL);
    tell_rows();
    tell("out: %serr: %s", out.text, err.text);
    return status;
}

static char *the_option;

/* In a program of its own: the signal that ends it is remembered. */
static void follow_and_tell(void)
{
    int status;

    (void)begin(NULL);
    status = follows(the_option);
    fputs(story, stderr);
    ropp_feed_end(&feed);
    exit(opened == closed ? status : 97);
}

static const char *told_of(char *option, bool nobody)
{
    static struct capture heard;
    int status;

    the_option = option;
    is_empty = nobody;
    capture_begin(&heard, stderr);
    status = status_of(follow_and_tell);
    capture_end(&heard);
    assert_int_equal(status, 0);
    return heard.text;
}

static void test_the_command(void **state)
{
    (void)state;
    assert_string_equal(
        told_of(NULL, false),
        "STATUS=waiting for the database\n"
        "WATCHDOG=1\n"
        "rows 1\n"
        "0: waits 0.500\n"
        "a list of 2\n"
        "STATUS=2 prefixes, 0 of 2 targets in step\n"
        "1: waits 0.007\n"
        "STATUS=2 prefixes, 1 of 2 targets in step\n"
        "READY=1\n"
        "rows 1\n"
        "2: waits 0.400\n"
        "STATUS=2 prefixes, 2 of 2 targets in step\n"
        "WATCHDOG=1\n"
        "rows 1\n"
        "3: waits 0.500\n"
        "WATCHDOG=1\n"
        "rows 1\n"
        "4: waits 0.500\n"
        "forgotten\n"
        "WATCHDOG=1\n"
        "rows 1\n"
        "5: waits 0.500\n"
        "WATCHDOG=1\n"
        "6: waits 0.500\n"
        "STATUS=2 prefixes, 2 of 2 targets in step; the database is away\n"
        "rows 1\n"
        "7: waits 0.500\n"
        "a list of 1\n"
        "STATUS=1 prefixes, 0 of 2 targets in step\n"
        "8: waits 0.500\n"
        "STOPPING=1\n"
        "ends until 5000\n"
        "out: all of it is sent again\n"
        "the database answers again\n"
        "ended: what is in force stays in force\n"
        "err: ropp: `ropp status` does not show what is in force where: proxy_status: MariaDB: "
        "it has gone away: load sql/install.sql again, or GRANT INSERT and DELETE on it\n"
        "ropp: MariaDB: it has gone away: what is in force stays in force; it is tried again\n");
}

/* At the start an empty list is not believed, unless that is wished. */
static void test_nobody_is_banned(void **state)
{
    char force[] = "--force";

    (void)state;
    assert_string_equal(
        told_of(NULL, true),
        "STATUS=not a single ban in the database: nothing is sent\n"
        "READY=1\n"
        "WATCHDOG=1\n"
        "rows 1\n"
        "0: waits 0.500\n"
        "1: waits 0.007\n"
        "a list of 1\n"
        "STATUS=1 prefixes, 0 of 2 targets in step\n"
        "WATCHDOG=1\n"
        "2: waits 0.500\n"
        "STOPPING=1\n"
        "ends until 5000\n"
        "out: ended: what is in force stays in force\n"
        "err: ropp: not a single ban: the database: the targets keep what they have until there "
        "is one; --force empties them\n");
    assert_string_equal(told_of(force, true), "a list of 0\n"
                                              "STATUS=0 prefixes, 0 of 2 targets in step\n"
                                              "WATCHDOG=1\n"
                                              "rows 1\n"
                                              "0: waits 0.500\n"
                                              "1: waits 0.007\n"
                                              "a list of 1\n"
                                              "STATUS=1 prefixes, 0 of 2 targets in step\n"
                                              "WATCHDOG=1\n"
                                              "2: waits 0.500\n"
                                              "STOPPING=1\n"
                                              "ends until 5000\n"
                                              "out: ended: what is in force stays in force\n"
                                              "err: ");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_what_is_no_target),
        cmocka_unit_test(test_configuration),
        cmocka_unit_test_setup_teardown(test_the_beginning, begin, end),
        cmocka_unit_test_setup_teardown(test_a_database_that_is_away, begin, end),
        cmocka_unit_test_setup_teardown(test_a_session_that_breaks_at_once, begin, end),
        cmocka_unit_test_setup_teardown(test_when_it_is_whole, begin, end),
        cmocka_unit_test_setup_teardown(test_bans_that_change_and_end, begin, end),
        cmocka_unit_test_setup_teardown(test_a_connection_that_breaks, begin, end),
        cmocka_unit_test_setup_teardown(test_reasons, begin, end),
        cmocka_unit_test_setup_teardown(test_no_reasons_at_first, begin, end),
        cmocka_unit_test_setup_teardown(test_parts, begin, end),
        cmocka_unit_test_setup_teardown(test_rows, begin, end),
        cmocka_unit_test(test_the_command),
        cmocka_unit_test(test_nobody_is_banned),
    };

    return UNIT_RUN(argc, argv, "follow", tests, NULL, NULL);
}
