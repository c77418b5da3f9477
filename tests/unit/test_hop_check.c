// SPDX-License-Identifier: MIT
/* `ropp hop check`, each part and the whole, to the letter: the database, the hops' proxies, the
 * players and the clock stand in for real ones (tests/e2e has those), and say whatever there is to be
 * said. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/ban/banned.h"
#include "tools/base/buffer.h"
#include "tools/base/command.h"
#include "tools/database/query.h"
#include "tools/hop/ask.h"
#include "tools/hop/check.h"
#include "tools/hop/hop.h"
#include "tools/hop/ways.h"
#include "tools/player/journey.h"
#include "tools/player/link.h"
#include "tools/status/process.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* -- no time passes ------------------------------------------------------------------ */

static size_t waits;
static int waited_ms;

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int64_t __wrap_ropp_net_now_ms(void);

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
    assert_null(polled);
    assert_int_equal(count, 0);
    waits++;
    waited_ms += timeout_ms;
    return 0;
}

int64_t __wrap_ropp_net_now_ms(void)
{
    return 5000;
}

static long wall_ns;
static bool is_terminal;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_isatty(int fd);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    assert_int_equal(clock, CLOCK_REALTIME);
    *now = (struct timespec){7, wall_ns};
    return 0;
}

int __wrap_isatty(int fd)
{
    return fd == STDOUT_FILENO && is_terminal;
}

/* -- a database that stands in ------------------------------------------------------- */

/* Rows, of which a cell is NULL where there is none. */
struct result {
    char *rows[12][ROPP_PROCESS_FIELDS];
    size_t count, at;
};

static struct ropp_session session;
static struct ropp_buffer asked;   /* every statement, a line each */
static struct result *connlog[20]; /* what it has, each time it is looked at */
static size_t connlog_looks;
static struct result *loginlog, *processes;
static int64_t last_connlog, logins[2]; /* less than 0: the statement fails */
static size_t logins_asked;
static int open_results;
static int session_status;
static size_t sessions_closed;
static char connected_to[128];
static const char *banned; /* prefixes with blanks between them; NULL: they cannot be read */

int ropp_session_open(struct ropp_session *opened, const struct ropp_connect *connect)
{
    memset(opened, 0, sizeof *opened);
    snprintf(connected_to, sizeof connected_to, "%s %s %s", connect->tree ? connect->tree : "-",
             connect->defaults_file ? connect->defaults_file : "-",
             connect->database ? connect->database : "-");
    return session_status;
}

void ropp_session_close(struct ropp_session *closed)
{
    sessions_closed++;
    ropp_texts_free(&closed->texts);
}

const char *ropp_sql_take(struct ropp_session *of, struct ropp_buffer *sql)
{
    char *text = ropp_buffer_take(sql);

    ropp_texts_add(&of->texts, text, strlen(text));
    free(text);
    return of->texts.items[of->texts.count - 1];
}

const char *ropp_sql_format(struct ropp_session *of, const char *format, ...)
{
    struct ropp_buffer sql = {0};
    va_list args;
    char *text;

    va_start(args, format);
    text = ropp_vformat(format, args);
    va_end(args);
    ropp_buffer_text(&sql, text);
    free(text);
    return ropp_sql_take(of, &sql);
}

const char *ropp_sql_text(struct ropp_session *of, const char *text)
{
    return ropp_sql_format(of, "'%s'", text);
}

const char *ropp_sql_address(struct ropp_session *of, const struct ropp_addr *addr)
{
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(addr, text);
    return ropp_sql_format(of, "<%s>", text);
}

bool ropp_session_number(struct ropp_session *of, uint64_t *number, const char *sql)
{
    const bool counts = strncmp(sql, "SELECT COUNT(*) FROM loginlog ", 30) == 0;
    const int64_t value = counts ? logins[logins_asked] : last_connlog;

    (void)of;
    if (counts && logins_asked == 0)
        logins_asked++;
    ropp_buffer_format(&asked, "%s\n", sql);
    *number = (uint64_t)(value < 0 ? 99 : value);
    return value >= 0;
}

MYSQL_RES *ropp_session_rows(struct ropp_session *of, const char *sql)
{
    struct result *result = loginlog;

    (void)of;
    ropp_buffer_format(&asked, "%s\n", sql);
    if (strncmp(sql, "SELECT source", 13) == 0)
        result = connlog[connlog_looks++];
    if (result == NULL)
        return NULL;
    result->at = 0;
    open_results++;
    return (MYSQL_RES *)(void *)result;
}

MYSQL_RES *ropp_processes_read(struct ropp_session *of)
{
    (void)of;
    open_results += processes != NULL;
    return (MYSQL_RES *)(void *)processes;
}

const char *ropp_column_text(const char *column)
{
    return column != NULL ? column : "";
}

int64_t ropp_column_number(const char *column)
{
    return column != NULL ? strtoll(column, NULL, 10) : 0;
}

MYSQL_ROW STDCALL mysql_fetch_row(MYSQL_RES *rows)
{
    struct result *result = (struct result *)(void *)rows;

    return result->at < result->count ? result->rows[result->at++] : NULL;
}

void STDCALL mysql_data_seek(MYSQL_RES *rows, unsigned long long at)
{
    ((struct result *)(void *)rows)->at = (size_t)at;
}

void STDCALL mysql_free_result(MYSQL_RES *rows)
{
    open_results -= rows != NULL;
}

const char *STDCALL mysql_error(MYSQL *mysql)
{
    assert_ptr_equal(mysql, session.db.mysql);
    return "there is no such table";
}

static void add_prefixes(const char *text, struct ropp_prefix_set *set)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        struct ropp_prefix prefix;

        assert_int_equal(ropp_prefix_parse(text, length, &prefix), ROPP_PREFIX_OK);
        ropp_prefix_set_add(set, &prefix);
        text += length + (text[length] == ' ');
    }
}

bool ropp_banned_read(struct ropp_session *of, const char *source, struct ropp_prefix_set *set,
                      uint64_t *standins)
{
    (void)of;
    assert_null(source);
    *standins = 0;
    if (banned != NULL)
        add_prefixes(banned, set);
    return banned != NULL;
}

/* -- proxies that stand in ------------------------------------------------------------ */

static const char *acls[8]; /* what is banned there, each time it is asked; "!": that fails */
static size_t acl_looks;
static int open_proxies;
static char acl_command[64], acl_file[64];
static const char *stats[8]; /* of each hop: what `show stat` says; "!x": why it does not */

bool __wrap_ropp_ask_open(struct ropp_haproxy *haproxy, const struct ropp_network *network,
                          const struct ropp_hop *hop, int timeout_ms, char **trouble);
bool __wrap_ropp_haproxy_acl(struct ropp_haproxy *haproxy, const char *file,
                             struct ropp_haproxy_acl *acl);
bool __wrap_ropp_haproxy_ask(struct ropp_haproxy *haproxy, const char *command,
                             struct ropp_buffer *answer);
void __wrap_ropp_haproxy_close(struct ropp_haproxy *haproxy);
void __wrap_ropp_ways_read(const struct ropp_network *network, int timeout_ms,
                           struct ropp_ways *ways);

bool __wrap_ropp_ask_open(struct ropp_haproxy *haproxy, const struct ropp_network *network,
                          const struct ropp_hop *hop, int timeout_ms, char **trouble)
{
    (void)network, (void)hop;
    assert_int_equal(timeout_ms, 5000);
    memset(haproxy, 0, sizeof *haproxy);
    if (strcmp(acls[acl_looks], "!open") == 0) {
        *trouble = strdup("it is not to be opened");
        return false;
    }
    open_proxies++;
    return true;
}

bool __wrap_ropp_haproxy_acl(struct ropp_haproxy *haproxy, const char *file,
                             struct ropp_haproxy_acl *acl)
{
    snprintf(acl_file, sizeof acl_file, "%s", file);
    acl->id = 17;
    strcpy(haproxy->trouble, "it has no such list");
    return strcmp(acls[acl_looks], "!acl") != 0;
}

bool __wrap_ropp_haproxy_ask(struct ropp_haproxy *haproxy, const char *command,
                             struct ropp_buffer *answer)
{
    const char *text = acls[acl_looks];

    snprintf(acl_command, sizeof acl_command, "%s", command);
    strcpy(haproxy->trouble, "it does not answer");
    if (strcmp(text, "!ask") == 0)
        return false;
    ropp_buffer_text(answer, text);
    return true;
}

void __wrap_ropp_haproxy_close(struct ropp_haproxy *haproxy)
{
    (void)haproxy;
    open_proxies--;
    if (acls[acl_looks + 1] != NULL)
        acl_looks++;
}

void __wrap_ropp_ways_read(const struct ropp_network *network, int timeout_ms,
                           struct ropp_ways *ways)
{
    assert_int_equal(timeout_ms, 5000);
    ropp_ways_begin(ways, network->count);
    for (size_t i = 0; i < network->count; i++) {
        const char *none = ropp_ask_none(&network->hops[i]);

        if (none != NULL)
            ways->troubles[i] = strdup(none);
        else if (stats[i][0] == '!')
            ways->troubles[i] = strdup(stats[i] + 1);
        else
            ropp_ways_take(network, ways, i, stats[i]);
    }
}

/* -- a network of this machine that stands in ------------------------------------------ */

static struct ifaddrs interfaces[4];
static struct sockaddr_storage interface_addresses[4];
static size_t interface_count;
static int interfaces_open;
static bool no_interfaces;
static struct ropp_link link_ends[16];
static size_t links_run;
static int links_fail;

int __wrap_getifaddrs(struct ifaddrs **list);
void __wrap_freeifaddrs(struct ifaddrs *list);
bool __wrap_ropp_link_run(struct ropp_link *links, size_t count, void (*open)(void *context),
                          void *context);

int __wrap_getifaddrs(struct ifaddrs **list)
{
    if (no_interfaces)
        return -1;
    interfaces_open++;
    *list = interface_count > 0 ? interfaces : NULL;
    return 0;
}

void __wrap_freeifaddrs(struct ifaddrs *list)
{
    (void)list;
    interfaces_open--;
}

static void add_interface(const char *address)
{
    struct ifaddrs *interface = &interfaces[interface_count];
    struct ropp_hostport at;

    memset(interface, 0, sizeof *interface);
    if (interface_count > 0)
        interfaces[interface_count - 1].ifa_next = interface;
    if (address != NULL) {
        assert_true(ropp_hostport_parse(address, 0, &at));
        interface_addresses[interface_count] = at.address;
        interface->ifa_addr = (struct sockaddr *)&interface_addresses[interface_count];
    }
    interface_count++;
}

bool __wrap_ropp_link_run(struct ropp_link *links, size_t count, void (*open)(void *context),
                          void *context)
{
    (void)open, (void)context;
    links_run = count;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(links[i].timeout_ms, 5000);
        assert_int_equal(links[i].fd, -1);
        links[i].connected_ms = link_ends[i].connected_ms;
        links[i].end = link_ends[i].end;
        links[i].error = link_ends[i].error;
        links[i].in = malloc(1);
    }
    errno = links_fail;
    return links_fail == 0;
}

/* -- players that stand in ------------------------------------------------------------- */

static void (*acts[16])(const struct ropp_plan *plan);
static bool arrives[16];
static size_t journeys, journeys_open;
static int journeys_fail; /* the how manyth is not begun; less than 0: does not run */
static struct ropp_buffer visited;
static char users[16][32];

struct ropp_journeys *__wrap_ropp_journeys_begin(const struct ropp_plan *plan);
bool __wrap_ropp_journeys_run(struct ropp_journeys *of);
unsigned __wrap_ropp_journeys_arrived(const struct ropp_journeys *of);
void __wrap_ropp_journeys_free(struct ropp_journeys *of);

struct ropp_journeys *__wrap_ropp_journeys_begin(const struct ropp_plan *plan)
{
    char to[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(&plan->legs[ROPP_LEG_LOGIN].to, to);
    snprintf(users[journeys], sizeof users[0], "%s", plan->user);
    ropp_buffer_format(&visited,
                       "%s by %s, %s, %s client, keys %u, %u players to leg %d, %d %d %d\n", to,
                       strncmp(plan->user, "ropp-hop-", 9) == 0 ? "a guest" : plan->user,
                       plan->password,
                       plan->client == ropp_client_find(20211103) ? "newest" : "older",
                       plan->keys ? plan->keys->step : 0, plan->count, (int)plan->last,
                       plan->timeout_ms, plan->tick_ms, plan->retry_ms);
    if (journeys_fail > 0 && --journeys_fail == 0) {
        errno = ENOMEM;
        return NULL;
    }
    journeys_open++;
    return (struct ropp_journeys *)(void *)(uintptr_t)plan;
}

bool __wrap_ropp_journeys_run(struct ropp_journeys *of)
{
    if (journeys_fail < 0) {
        errno = EINVAL;
        return false;
    }
    if (acts[journeys] != NULL)
        acts[journeys]((const struct ropp_plan *)(const void *)of);
    return true;
}

unsigned __wrap_ropp_journeys_arrived(const struct ropp_journeys *of)
{
    (void)of;
    return arrives[journeys];
}

void __wrap_ropp_journeys_free(struct ropp_journeys *of)
{
    journeys_open -= of != NULL;
    journeys++;
}

/* -- what is checked ------------------------------------------------------------------- */

static char path[] = "/tmp/ropp-hops-XXXXXX";
static struct ropp_network network;
static struct ropp_check check;
static bool reached[8];

static size_t open_files(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 64; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void describe(const char *text)
{
    const size_t files = open_files();
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    ropp_network_free(&network);
    assert_int_equal(ropp_network_load(&network, path), ROPP_EXIT_DONE);
    assert_int_equal(open_files(), files);
    network.source = "hops.conf";
}

#define NETWORK                                                                                    \
    "[origin]\naddress = 10.66.0.1\npublic = 203.0.113.9\nmap = 5121, 5122\n"                      \
    "[hop miami]\npublic = 198.51.100.10\ntunnel = 10.66.0.10\n"                                   \
    "[hop lima]\npublic = 198.51.100.20\nbind = 172.31.0.5\ntunnel = 10.66.0.11\n"                 \
    "via = miami, direct\n"                                                                        \
    "[hop jakarta]\npublic = 198.51.100.30\nkind = nginx\n"

static int begin(void **state)
{
    (void)state;
    describe(NETWORK);
    memset(&session, 0, sizeof session);
    session.db.mysql = (MYSQL *)(void *)reached;
    memset(&check, 0, sizeof check);
    check.network = &network;
    check.session = &session;
    check.no_session = "there is no session";
    check.timeout_ms = 5000;
    check.reached = reached;
    memset(reached, 1, sizeof reached);
    ropp_buffer_free(&asked);
    ropp_buffer_free(&visited);
    memset(connlog, 0, sizeof connlog);
    memset(acls, 0, sizeof acls);
    memset(stats, 0, sizeof stats);
    memset(link_ends, 0, sizeof link_ends);
    memset(acts, 0, sizeof acts);
    memset(arrives, 0, sizeof arrives);
    loginlog = processes = NULL;
    banned = NULL;
    waits = connlog_looks = logins_asked = acl_looks = links_run = journeys = journeys_open = 0;
    waited_ms = open_results = open_proxies = interfaces_open = links_fail = journeys_fail = 0;
    interface_count = sessions_closed = 0;
    no_interfaces = is_terminal = false;
    session_status = ROPP_EXIT_DONE;
    last_connlog = 0;
    logins[0] = logins[1] = 0;
    connected_to[0] = '\0';
    return 0;
}

static int end(void **state)
{
    (void)state;
    ropp_findings_free(&check.findings);
    ropp_texts_free(&session.texts);
    ropp_network_free(&network);
    ropp_buffer_free(&asked);
    ropp_buffer_free(&visited);
    return open_results == 0 && open_proxies == 0 && interfaces_open == 0 && journeys_open == 0
               ? 0
               : -1;
}

/* What was found, as it is printed, and no more of it. */
static void found(const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    ropp_findings_print(&check.findings, false, out);
    fclose(out);
    assert_text(text, expected);
    free(text);
    ropp_findings_free(&check.findings);
}

/* -- what was found -------------------------------------------------------------------- */

static void test_findings(void **state)
{
    struct capture capture;

    (void)state;
    found("0 checked, 0 bad, 0 not asked\n");
    ropp_findings_add(&check.findings, "lima", "player", strdup("192.0.2.1:6900"), strdup("fine"),
                      NULL);
    ropp_findings_add(&check.findings, "origin", "hidden", NULL, strdup("open"),
                      strdup("close it"));
    ropp_findings_unasked(&check.findings, "hops", "ways", NULL, strdup("from here"));
    ropp_findings_add(&check.findings, "oslo", "bans", strdup("x"), strdup("two"), strdup("again"));
    ropp_findings_unasked(&check.findings, "oslo", "bans", strdup("y"), strdup("why"));
    ropp_findings_add(&check.findings, "lima", "header", strdup("z"), strdup("good"), NULL);
    assert_int_equal(ropp_findings_count(&check.findings, ROPP_FINDING_OK), 2);
    assert_int_equal(ropp_findings_count(&check.findings, ROPP_FINDING_BAD), 2);
    assert_int_equal(ropp_findings_count(&check.findings, ROPP_FINDING_UNASKED), 2);
    capture_begin(&capture, stdout);
    ropp_findings_print(&check.findings, true, stdout);
    assert_string_equal(
        capture_end(&capture),
        "{\"good\": false, \"bad\": 2, \"not_asked\": 2, \"checks\": [{\"machine\": \"lima\", "
        "\"check\": \"player\", \"at\": \"192.0.2.1:6900\", \"state\": \"ok\", \"result\": "
        "\"fine\"}, {\"machine\": \"origin\", \"check\": \"hidden\", \"at\": null, \"state\": "
        "\"bad\", \"result\": \"open\", \"remedy\": \"close it\"}, {\"machine\": \"hops\", "
        "\"check\": \"ways\", \"at\": null, \"state\": \"not asked\", \"result\": \"from here\"}, "
        "{\"machine\": \"oslo\", \"check\": \"bans\", \"at\": \"x\", \"state\": \"bad\", "
        "\"result\": \"two\", \"remedy\": \"again\"}, {\"machine\": \"oslo\", \"check\": \"bans\", "
        "\"at\": \"y\", \"state\": \"not asked\", \"result\": \"why\"}, {\"machine\": \"lima\", "
        "\"check\": \"header\", \"at\": \"z\", \"state\": \"ok\", \"result\": \"good\"}]}\n");
    is_terminal = true;
    capture_begin(&capture, stdout);
    ropp_findings_add(&check.findings, "a-name-of-32-letters-as-it-may-be", "player",
                      strdup("[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:6900"), strdup("good"),
                      NULL);
    ropp_findings_print(&check.findings, false, stdout);
    assert_text(capture_end(&capture),
                "ok   lima                               player\n"
                "BAD  origin                             hidden\n"
                "?    hops                               ways\n"
                "BAD  oslo                               bans\n"
                "?    oslo                               bans\n"
                "ok   lima                               header\n"
                "ok   a-name-of-32-letters-as-it-may-be  player\n"
                "\n"
                "ok   lima                               player  192.0.2.1:6900\n"
                "BAD  origin                             hidden  -\n"
                "?    hops                               ways    -\n"
                "BAD  oslo                               bans    x\n"
                "?    oslo                               bans    y\n"
                "ok   lima                               header  z\n"
                "ok   a-name-of-32-letters-as-it-may-be  player  "
                "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:6900\n"
                "\n"
                "ok   lima                               player  192.0.2.1:6900                    "
                "             fine\n"
                "BAD  origin                             hidden  -                                 "
                "             open\n"
                "?    hops                               ways    -                                 "
                "             not asked: from here\n"
                "BAD  oslo                               bans    x                                 "
                "             two\n"
                "?    oslo                               bans    y                                 "
                "             not asked: why\n"
                "ok   lima                               header  z                                 "
                "             good\n"
                "ok   a-name-of-32-letters-as-it-may-be  player  "
                "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:6900  good\n"
                "origin, hidden: close it\n"
                "oslo, bans: again\n"
                "5 checked, 2 bad, 2 not asked\n");
    is_terminal = false;
    check.findings.count--;
    free(check.findings.items[check.findings.count].at);
    free(check.findings.items[check.findings.count].result);
    found("ok   lima    player  192.0.2.1:6900  fine\n"
          "BAD  origin  hidden  -               open\n"
          "?    hops    ways    -               not asked: from here\n"
          "BAD  oslo    bans    x               two\n"
          "?    oslo    bans    y               not asked: why\n"
          "ok   lima    header  z               good\n"
          "origin, hidden: close it\n"
          "oslo, bans: again\n"
          "4 checked, 2 bad, 2 not asked\n");
    assert_null(check.findings.items);
    capture_begin(&capture, stdout);
    ropp_findings_print(&check.findings, true, stdout);
    assert_string_equal(capture_end(&capture),
                        "{\"good\": true, \"bad\": 0, \"not_asked\": 0, \"checks\": []}\n");
}

/* -- the origin is hidden -------------------------------------------------------------- */

static void test_hidden(void **state)
{
    struct capture capture;

    (void)state;
    describe("[origin]\naddress = 10.66.0.1\npublic = 203.0.113.9, 192.0.2.77, 2001:db8::9\n"
             "map = 5121, 5122\n[hop miami]\npublic = 198.51.100.10\n");
    add_interface(NULL);
    add_interface("2001:db8::8");
    add_interface("192.0.2.77");
    link_ends[0] = (struct ropp_link){.connected_ms = 1, .end = ROPP_LINK_CLOSED};
    link_ends[1] = (struct ropp_link){.end = ROPP_LINK_UNREACHABLE, .error = ECONNREFUSED};
    link_ends[2] = (struct ropp_link){.end = ROPP_LINK_TIMED_OUT};
    link_ends[3] = (struct ropp_link){.end = ROPP_LINK_UNREACHABLE, .error = ENETUNREACH};
    link_ends[4] = (struct ropp_link){.end = ROPP_LINK_UNREACHABLE, .error = ECONNRESET};
    link_ends[5] = (struct ropp_link){.end = ROPP_LINK_UNREACHABLE, .error = EHOSTUNREACH};
    link_ends[6] = (struct ropp_link){.end = ROPP_LINK_UNREACHABLE, .error = ETIMEDOUT};
    link_ends[7] = (struct ropp_link){.end = ROPP_LINK_UNREACHABLE, .error = EADDRNOTAVAIL};
    assert_true(ropp_check_hidden(&check));
    assert_int_equal(links_run, 8);
    found("?    origin  hidden  192.0.2.77          not asked: this machine has that address: look "
          "from another\n"
          "BAD  origin  hidden  203.0.113.9:6900    OPEN TO EVERYBODY\n"
          "ok   origin  hidden  203.0.113.9:6121    closed, as it should be\n"
          "ok   origin  hidden  203.0.113.9:5121    closed, as it should be\n"
          "?    origin  hidden  203.0.113.9:5122    not asked: Network is unreachable: look from a "
          "machine that gets there\n"
          "ok   origin  hidden  [2001:db8::9]:6900  closed, as it should be\n"
          "ok   origin  hidden  [2001:db8::9]:6121  closed, as it should be\n"
          "ok   origin  hidden  [2001:db8::9]:5121  closed, as it should be\n"
          "?    origin  hidden  [2001:db8::9]:5122  not asked: Cannot assign requested address: "
          "look from a machine that gets there\n"
          "origin, hidden: load origin/nftables.conf there: players must come by hops\n"
          "6 checked, 1 bad, 3 not asked\n");
    /* Which addresses are this machine's is not known. */
    no_interfaces = true;
    assert_true(ropp_check_hidden(&check));
    assert_int_equal(links_run, 12);
    ropp_findings_free(&check.findings);
    no_interfaces = is_terminal = false;
    links_fail = ENOMEM;
    capture_begin(&capture, stderr);
    assert_false(ropp_check_hidden(&check));
    assert_string_equal(capture_end(&capture),
                        "ropp: cannot check the origin: Cannot allocate memory\n");
    assert_int_equal(check.findings.count, 1);
    ropp_findings_free(&check.findings);
    /* All are this machine's; or none is written. */
    links_fail = 0;
    links_run = 0;
    describe("[origin]\naddress = 10.66.0.1\npublic = 192.0.2.77, 2001:db8::8\n"
             "[hop miami]\npublic = 198.51.100.10\n");
    assert_true(ropp_check_hidden(&check));
    assert_int_equal(links_run, 0);
    found("?  origin  hidden  192.0.2.77   not asked: this machine has that address: look from "
          "another\n"
          "?  origin  hidden  2001:db8::8  not asked: this machine has that address: look from "
          "another\n"
          "0 checked, 0 bad, 2 not asked\n");
    describe("[origin]\naddress = 10.66.0.1\n[hop miami]\npublic = 198.51.100.10\n");
    assert_true(ropp_check_hidden(&check));
    found("?  origin  hidden  -  not asked: write public = in [origin]\n"
          "0 checked, 0 bad, 1 not asked\n");
}

/* -- what the servers say of themselves -------------------------------------------------- */

#define PROCESS(server, port, heartbeat, up, mode, bans, left_out)                                 \
    {                                                                                              \
        [ROPP_PROCESS_SERVER] = server, [ROPP_PROCESS_PORT] = port,                                \
        [ROPP_PROCESS_HEARTBEAT] = heartbeat, [ROPP_PROCESS_UP] = up, [ROPP_PROCESS_MODE] = mode,  \
        [ROPP_PROCESS_BANS] = bans, [ROPP_PROCESS_LEFT_OUT] = left_out                             \
    }

static void test_servers(void **state)
{
    static struct result good = {{PROCESS("char", "6121", "2", "1", "strict", "off", ""),
                                  PROCESS("edge", "1", "2", "1", "", "current", ""),
                                  PROCESS("login", "6900", "2", "1", "strict", "current", ""),
                                  PROCESS("map", "5121", "2", "1", "strict", "current", ""),
                                  PROCESS("map", "5122", "2", "1", "strict", "current", "")},
                                 5,
                                 0},
                         bad = {{PROCESS("api", "8888", "2", "1", "strict", "current", ""),
                                 PROCESS("char", "6121", "77", "0", "strict", "current", ""),
                                 PROCESS("login", "6900", "2", "1", "on", "stale", ""),
                                 PROCESS("login", "6901", "200", "0", "on", "current", ""),
                                 PROCESS("map", "5121", "2", "1", "strict", "stale", "x"),
                                 PROCESS("map", "5129", "2", "1", "strict", "current", "")},
                                6,
                                0},
                         rest = {{PROCESS("char", "6121", "2", "1", "strict", "loading", ""),
                                  PROCESS("login", "6900", "2", "1", "strict", "current",
                                          "ticket wayback")},
                                 2,
                                 0},
                         none = {.count = 0};

    (void)state;
    processes = &good;
    ropp_check_servers(&check);
    found("ok  origin  server  login:6900  strict, bans current\n"
          "ok  origin  server  char:6121   strict, bans off\n"
          "ok  origin  server  map:5121    strict, bans current\n"
          "ok  origin  server  map:5122    strict, bans current\n"
          "4 checked, 0 bad, 0 not asked\n");
    processes = &bad;
    ropp_check_servers(&check);
    found("BAD  origin  server  login:6900  proxy_protocol: on\n"
          "BAD  origin  server  char:6121   silent for 77 s\n"
          "BAD  origin  server  map:5121    its ban list is stale\n"
          "BAD  origin  server  map:5122    no such server has written its status\n"
          "BAD  origin  server  api:8888    runs, and no hop knows its port\n"
          "BAD  origin  server  map:5129    runs, and no hop knows its port\n"
          "origin, server: put origin/rathena.conf or hercules.conf, with strict, into its import "
          "file and start it again\n"
          "origin, server: is it running, and does it reach the database? If it is gone for good, "
          "delete its row from proxy_status\n"
          "origin, server: look for 'ropp' in its log: it cannot read the database's tables\n"
          "origin, server: is it running, is ropp woven in, and is map = 5122 right in hops.conf?\n"
          "origin, server: add 8888 to 'api' in [origin] of hops.conf, and render it again\n"
          "origin, server: add 5129 to 'map' in [origin] of hops.conf, and render it again\n"
          "6 checked, 6 bad, 0 not asked\n");
    processes = &rest;
    ropp_check_servers(&check);
    found("BAD  origin  server  login:6900  woven without: ticket wayback\n"
          "BAD  origin  server  char:6121   its ban list is loading\n"
          "BAD  origin  server  map:5121    no such server has written its status\n"
          "BAD  origin  server  map:5122    no such server has written its status\n"
          "origin, server: `ropp patch status` in its tree says what that means\n"
          "origin, server: look for 'ropp' in its log: it cannot read the database's tables\n"
          "origin, server: is it running, is ropp woven in, and is map = 5121 right in hops.conf?\n"
          "origin, server: is it running, is ropp woven in, and is map = 5122 right in hops.conf?\n"
          "4 checked, 4 bad, 0 not asked\n");
    processes = &none;
    ropp_check_servers(&check);
    found(
        "BAD  origin  server  login:6900  no such server has written its status\n"
        "BAD  origin  server  char:6121   no such server has written its status\n"
        "BAD  origin  server  map:5121    no such server has written its status\n"
        "BAD  origin  server  map:5122    no such server has written its status\n"
        "origin, server: is it running, is ropp woven in, and is login = 6900 right in hops.conf?\n"
        "origin, server: is it running, is ropp woven in, and is char = 6121 right in hops.conf?\n"
        "origin, server: is it running, is ropp woven in, and is map = 5121 right in hops.conf?\n"
        "origin, server: is it running, is ropp woven in, and is map = 5122 right in hops.conf?\n"
        "4 checked, 4 bad, 0 not asked\n");
    processes = NULL;
    ropp_check_servers(&check);
    found("BAD  origin  server  -  proxy_status cannot be read: there is no such table\n"
          "origin, server: let this account read it, or load sql/install.sql\n"
          "1 checked, 1 bad, 0 not asked\n");
    check.session = NULL;
    ropp_check_servers(&check);
    found("?  origin  server  -  not asked: there is no session\n"
          "0 checked, 0 bad, 1 not asked\n");
}

/* -- what they have logged ----------------------------------------------------------------- */

static struct result row_of(const char *source, const char *hop, const char *version,
                            const char *id)
{
    struct result result = {.count = 1};

    result.rows[0][0] = (char *)(uintptr_t)source;
    result.rows[0][1] = (char *)(uintptr_t)hop;
    result.rows[0][2] = (char *)(uintptr_t)version;
    result.rows[0][3] = (char *)(uintptr_t)id;
    return result;
}

static struct ropp_addr addr_of(const char *text)
{
    struct ropp_addr addr;

    assert_true(ropp_addr_parse(text, strlen(text), &addr));
    return addr;
}

/* What is found when the connection log has this at once. */
static void logged(size_t hop, struct result row, const char *local, const char *expected)
{
    const struct ropp_check_mark mark = {.user = "tester", .connlog = 70, .has_connlog = true};
    const struct ropp_addr own = addr_of(local);

    connlog_looks = 0;
    connlog[0] = &row;
    ropp_check_header(&check, &mark, hop, 0, &own);
    found(expected);
    assert_int_equal(connlog_looks, 1);
    assert_int_equal(waits, 0);
}

static void test_logged(void **state)
{
    static const char *const ours[] = {"10.66.0.1",     "203.0.113.9", "10.66.0.10",
                                       "198.51.100.10", "172.31.0.5",  "198.51.100.30"};

    (void)state;
    logged(0, row_of("192.0.2.9", "10.66.0.10", "2", "1"), "192.0.2.9",
           "ok  miami  header  198.51.100.10:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 2\n"
           "1 checked, 0 bad, 0 not asked\n");
    assert_string_equal(
        asked.data,
        "SELECT source, hop, header, unique_id IS NOT NULL FROM proxy_connlog WHERE id > 70 AND "
        "server = 'login' AND (destination = <198.51.100.10> OR (hop IS NULL AND source IN "
        "(<10.66.0.10>, <10.66.0.11>, <198.51.100.30>))) ORDER BY id DESC LIMIT 1\n");
    logged(1, row_of("::ffff:192.0.2.9", "::ffff:10.66.0.11", "2", "1"), "192.0.2.9",
           "ok  lima  header  198.51.100.20:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 2\n"
           "1 checked, 0 bad, 0 not asked\n");
    /* Not as it is rendered. */
    logged(0, row_of("192.0.2.9", "10.66.0.10", "1", "1"), "192.0.2.9",
           "BAD  miami  header  198.51.100.10:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 1\n"
           "miami, header: the hop runs with an older file: `ropp hop render`, then load its "
           "haproxy.cfg\n"
           "1 checked, 1 bad, 0 not asked\n");
    logged(0, row_of("192.0.2.9", "10.66.0.10", "2", "0"), "192.0.2.9",
           "BAD  miami  header  198.51.100.10:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 2 without an id\n"
           "miami, header: the hop runs with an older file: `ropp hop render`, then load its "
           "haproxy.cfg\n"
           "1 checked, 1 bad, 0 not asked\n");
    /* Of another hop, of nginx, and none at all. */
    logged(0, row_of("192.0.2.9", "10.66.0.11", "1", "0"), "192.0.2.9",
           "ok  miami  header  198.51.100.10:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 1\n"
           "1 checked, 0 bad, 0 not asked\n");
    logged(2, row_of("192.0.2.9", "198.51.100.30", "1", "0"), "192.0.2.9",
           "ok  jakarta  header  198.51.100.30:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 1\n"
           "1 checked, 0 bad, 0 not asked\n");
    logged(0, row_of("192.0.2.9", NULL, NULL, "0"), "192.0.2.9",
           "ok  miami  header  198.51.100.10:6900  logged as 192.0.2.9, which is this machine; "
           "header of version 0\n"
           "1 checked, 0 bad, 0 not asked\n");
    /* Not believed; and of two things that are wrong the first is said. */
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        struct ropp_buffer expected = {0};

        ropp_buffer_format(
            &expected,
            "BAD  miami  header  198.51.100.10:6900  logged as %s, and this machine is 192.0.2.9; "
            "header of version 1\n"
            "miami, header: its header is not believed: proxy_trusted has to have the hop's "
            "tunnel, and proxy_direct must not\n"
            "1 checked, 1 bad, 0 not asked\n",
            ours[i]);
        logged(0, row_of(ours[i], "10.66.0.10", "1", "1"), "192.0.2.9", expected.data);
        ropp_buffer_free(&expected);
    }
    /* NAT on this side, or another family: that is as it has to be. */
    logged(0, row_of("192.0.2.9", "10.66.0.10", "2", "1"), "192.168.1.7",
           "ok  miami  header  198.51.100.10:6900  logged as 192.0.2.9; here it is 192.168.1.7; "
           "header of version 2\n"
           "1 checked, 0 bad, 0 not asked\n");
    logged(0, row_of("192.0.2.9", "10.66.0.10", "2", "1"), "2001:db8::7",
           "ok  miami  header  198.51.100.10:6900  logged as 192.0.2.9; here it is 2001:db8::7; "
           "header of version 2\n"
           "1 checked, 0 bad, 0 not asked\n");
    logged(0, row_of("2001:db8::7", "10.66.0.10", "2", "1"), "192.0.2.9",
           "ok  miami  header  198.51.100.10:6900  logged as 2001:db8::7; here it is 192.0.2.9; "
           "header of version 2\n"
           "1 checked, 0 bad, 0 not asked\n");
    logged(0, row_of("192.0.2.8", "10.66.0.10", "2", "1"), "192.0.2.9",
           "BAD  miami  header  198.51.100.10:6900  logged as 192.0.2.8, and this machine is "
           "192.0.2.9; header of version 2\n"
           "miami, header: something before the hop changes a player's address: a hop behind "
           "another proxy, or NAT?\n"
           "1 checked, 1 bad, 0 not asked\n");
    logged(0, row_of("2001:db8::7", "10.66.0.10", "2", "1"), "2001:db8::8",
           "BAD  miami  header  198.51.100.10:6900  logged as 2001:db8::7, and this machine is "
           "2001:db8::8; header of version 2\n"
           "miami, header: something before the hop changes a player's address: a hop behind "
           "another proxy, or NAT?\n"
           "1 checked, 1 bad, 0 not asked\n");
}

/* So long as it takes, three seconds at most; and what else may have it. */
static void test_looks(void **state)
{
    struct ropp_check_mark mark;
    const struct ropp_addr local = addr_of("192.0.2.9");
    struct result row = row_of("192.0.2.9", "10.66.0.11", "2", "1"),
                  broken = row_of("192.0.2", "10.66.0.11", "2", "1"), empty = {.count = 0};

    (void)state;
    last_connlog = 70;
    logins[0] = 3;
    ropp_check_mark(&check, "tester", &mark);
    assert_string_equal(mark.user, "tester");
    assert_int_equal(mark.connlog, 70);
    assert_int_equal(mark.loginlog, 3);
    assert_true(mark.has_connlog && mark.has_loginlog);
    assert_string_equal(asked.data, "SELECT COALESCE(MAX(id), 0) FROM proxy_connlog\n"
                                    "SELECT COUNT(*) FROM loginlog WHERE user = 'tester'\n");
    /* At the last look. */
    for (size_t i = 0; i < 14; i++)
        connlog[i] = i == 0 ? NULL : i == 1 ? &broken : &empty;
    connlog[14] = &row;
    ropp_check_header(&check, &mark, 1, 0, &local);
    assert_int_equal(connlog_looks, 15);
    assert_int_equal(waits, 14);
    assert_int_equal(waited_ms, 2800);
    found("ok  lima  header  198.51.100.20:6900  logged as 192.0.2.9, which is this machine; "
          "header of version 2\n"
          "1 checked, 0 bad, 0 not asked\n");
    /* The login server's own log. */
    connlog_looks = waits = 0;
    waited_ms = 0;
    connlog[14] = &empty;
    logins[1] = 4;
    loginlog = &row;
    asked.size = 0;
    mark.has_connlog = false;
    ropp_check_header(&check, &mark, 1, 0, &local);
    assert_int_equal(connlog_looks, 0);
    assert_int_equal(waits, 15);
    assert_string_equal(
        asked.data, "SELECT COUNT(*) FROM loginlog WHERE user = 'tester'\n"
                    "SELECT ip FROM loginlog WHERE user = 'tester' ORDER BY time DESC LIMIT 1\n");
    found("ok  lima  header  198.51.100.20:6900  logged as 192.0.2.9, which is this machine; with "
          "which header: connlog = all in [origin]\n"
          "1 checked, 0 bad, 0 not asked\n");
    mark.has_connlog = true;
    ropp_check_header(&check, &mark, 1, 0, &local);
    assert_int_equal(connlog_looks, 15);
    found("ok  lima  header  198.51.100.20:6900  logged as 192.0.2.9, which is this machine; with "
          "which header: connlog = all in [origin]\n"
          "1 checked, 0 bad, 0 not asked\n");
    mark.has_connlog = false;
    /* It has no more than before, cannot be asked, or says nothing. */
#define NOBODY                                                                                     \
    "?  lima  header  198.51.100.20:6900  not asked: neither proxy_connlog nor loginlog has this " \
    "player: write connlog = all in [origin]\n"                                                    \
    "0 checked, 0 bad, 1 not asked\n"
    logins[1] = 3;
    ropp_check_header(&check, &mark, 1, 0, &local);
    found(NOBODY);
    logins[1] = -1;
    ropp_check_header(&check, &mark, 1, 0, &local);
    found(NOBODY);
    logins[1] = 4;
    loginlog = NULL;
    ropp_check_header(&check, &mark, 1, 0, &local);
    found(NOBODY);
    loginlog = &empty;
    ropp_check_header(&check, &mark, 1, 0, &local);
    found(NOBODY);
    loginlog = &broken;
    ropp_check_header(&check, &mark, 1, 0, &local);
    found(NOBODY);
    loginlog = &row;
    mark.has_loginlog = false;
    ropp_check_header(&check, &mark, 1, 0, &local);
    found(NOBODY);
    last_connlog = logins[0] = -1;
    logins_asked = 0;
    ropp_check_mark(&check, "tester", &mark);
    assert_false(mark.has_connlog || mark.has_loginlog);
    /* Without a database. */
    check.session = NULL;
    asked.size = 0;
    ropp_check_mark(&check, "other", &mark);
    assert_string_equal(mark.user, "other");
    assert_int_equal(mark.connlog + mark.loginlog, 0);
    assert_false(mark.has_connlog || mark.has_loginlog);
    assert_int_equal(asked.size, 0);
    ropp_check_header(&check, &mark, 1, 0, &local);
    found("?  lima  header  198.51.100.20:6900  not asked: there is no session\n"
          "0 checked, 0 bad, 1 not asked\n");
}

/* -- what the proxies say ------------------------------------------------------------------ */

#define HEAD "# pxname,svname,scur,status,check_status,check_duration\n"
#define UP(server)                                                                                 \
    "to-login," server ",1,UP,L4OK,40\nto-char," server ",0,UP,L4OK,38\n"                          \
    "to-map_5121," server ",0,UP,L4OK,38\nto-map_5122," server ",0,UP,L4OK,38\n"
#define DOWN(server)                                                                               \
    "to-login," server ",1,UP,L4OK,40\nto-char," server ",0,DOWN,L4TOUT,38\n"                      \
    "to-map_5121," server ",0,UP,L4OK,38\nto-map_5122," server ",0,UP,L4OK,38\n"

static void test_inside(void **state)
{
    (void)state;
    ropp_check_inside(&check);
    found("?  hops  ways  -  not asked: from the origin: --through\n"
          "?  hops  bans  -  not asked: from the origin: --through\n"
          "0 checked, 0 bad, 2 not asked\n");
    check.through = true;
    stats[0] = HEAD UP("direct");
    stats[1] = HEAD UP("direct") UP("miami");
    banned = "192.0.2.0/24 198.51.100.7";
    acls[0] = "0x1 192.0.2.0/25\n0x2 192.0.2.128/25\nnothing\n0x3 198.51.100.7\n\n";
    acls[1] = "0x3 198.51.100.7/32\n0x3 192.0.2.0/24";
    ropp_check_inside(&check);
    assert_string_equal(acl_command, "show acl #17");
    assert_string_equal(acl_file, "/etc/ropp/bans.acl");
    assert_int_equal(waits, 0);
    found("ok  miami    ways  10.66.0.10:8405  direct is taken\n"
          "ok  miami    bans  10.66.0.10:8405  2 prefixes, as in the database\n"
          "ok  lima     ways  10.66.0.11:8405  miami is taken\n"
          "ok  lima     bans  10.66.0.11:8405  2 prefixes, as in the database\n"
          "?   jakarta  ways  -                not asked: nginx has no runtime API\n"
          "?   jakarta  bans  -                not asked: nginx has no runtime API\n"
          "4 checked, 0 bad, 2 not asked\n");
    /* A way is down, the other and both; by a hop that is down as everybody sees. */
    acl_looks = 1;
    stats[1] = HEAD DOWN("direct") UP("miami");
    ropp_check_inside(&check);
    found(
        "ok   miami    ways  10.66.0.10:8405  direct is taken\n"
        "ok   miami    bans  10.66.0.10:8405  2 prefixes, as in the database\n"
        "BAD  lima     ways  10.66.0.11:8405  miami is taken; direct is down (char: DOWN, L4TOUT)\n"
        "ok   lima     bans  10.66.0.11:8405  2 prefixes, as in the database\n"
        "?    jakarta  ways  -                not asked: nginx has no runtime API\n"
        "?    jakarta  bans  -                not asked: nginx has no runtime API\n"
        "lima, ways: does the tunnel to there work (`wg show`: keys, the last handshake), and do "
        "the servers run?\n"
        "4 checked, 1 bad, 2 not asked\n");
    stats[1] = HEAD UP("direct") DOWN("miami");
    ropp_check_inside(&check);
    found("ok   miami    ways  10.66.0.10:8405  direct is taken\n"
          "ok   miami    bans  10.66.0.10:8405  2 prefixes, as in the database\n"
          "BAD  lima     ways  10.66.0.11:8405  direct is taken; miami is down (char: DOWN)\n"
          "ok   lima     bans  10.66.0.11:8405  2 prefixes, as in the database\n"
          "?    jakarta  ways  -                not asked: nginx has no runtime API\n"
          "?    jakarta  bans  -                not asked: nginx has no runtime API\n"
          "lima, ways: does the tunnel to there work (`wg show`: keys, the last handshake), and do "
          "the servers run?\n"
          "4 checked, 1 bad, 2 not asked\n");
    reached[0] = false;
    ropp_check_inside(&check);
    found("ok  miami    ways  10.66.0.10:8405  direct is taken\n"
          "ok  miami    bans  10.66.0.10:8405  2 prefixes, as in the database\n"
          "ok  lima     ways  10.66.0.11:8405  direct is taken; miami is down (char: DOWN)\n"
          "ok  lima     bans  10.66.0.11:8405  2 prefixes, as in the database\n"
          "?   jakarta  ways  -                not asked: nginx has no runtime API\n"
          "?   jakarta  bans  -                not asked: nginx has no runtime API\n"
          "4 checked, 0 bad, 2 not asked\n");
    stats[1] = HEAD DOWN("direct") DOWN("miami");
    ropp_check_inside(&check);
    found("ok   miami    ways  10.66.0.10:8405  direct is taken\n"
          "ok   miami    bans  10.66.0.10:8405  2 prefixes, as in the database\n"
          "BAD  lima     ways  10.66.0.11:8405  miami is down (char: DOWN); direct is down (char: "
          "DOWN, L4TOUT)\n"
          "ok   lima     bans  10.66.0.11:8405  2 prefixes, as in the database\n"
          "?    jakarta  ways  -                not asked: nginx has no runtime API\n"
          "?    jakarta  bans  -                not asked: nginx has no runtime API\n"
          "lima, ways: does the tunnel to there work (`wg show`: keys, the last handshake), and do "
          "the servers run?\n"
          "4 checked, 1 bad, 2 not asked\n");
    /* Cannot be asked; and no player gets in either. */
    stats[0] = "!it hangs";
    stats[1] = "!it hangs, too";
    ropp_check_inside(&check);
    found("?    miami    ways  10.66.0.10:8405  not asked: it hangs\n"
          "?    miami    bans  10.66.0.10:8405  not asked: it hangs\n"
          "BAD  lima     ways  10.66.0.11:8405  it hangs, too\n"
          "?    lima     bans  10.66.0.11:8405  not asked: it hangs, too\n"
          "?    jakarta  ways  -                not asked: nginx has no runtime API\n"
          "?    jakarta  bans  -                not asked: nginx has no runtime API\n"
          "lima, ways: look from the origin, by the tunnel (`wg show`); and does the hop run with "
          "the haproxy.cfg of this file?\n"
          "1 checked, 1 bad, 5 not asked\n");
    check.session = NULL;
    stats[0] = HEAD UP("direct");
    ropp_check_inside(&check);
    found("ok   miami    ways  10.66.0.10:8405  direct is taken\n"
          "?    miami    bans  10.66.0.10:8405  not asked: there is no session\n"
          "BAD  lima     ways  10.66.0.11:8405  it hangs, too\n"
          "?    lima     bans  10.66.0.11:8405  not asked: it hangs, too\n"
          "?    jakarta  ways  -                not asked: nginx has no runtime API\n"
          "?    jakarta  bans  -                not asked: nginx has no runtime API\n"
          "lima, ways: look from the origin, by the tunnel (`wg show`); and does the hop run with "
          "the haproxy.cfg of this file?\n"
          "2 checked, 1 bad, 4 not asked\n");
}

/* Those that have nothing to be asked. */
static void test_not_to_be_asked(void **state)
{
    (void)state;
    describe("[origin]\naddress = 10.66.0.1\n[hop miami]\npublic = 198.51.100.10\n"
             "[hop lima]\npublic = 198.51.100.20\ntunnel = 10.66.0.20\ncontrol = off\n"
             "[hop rome]\npublic = 198.51.100.30\ntunnel = 10.66.0.30\nkind = nginx\n");
    check.through = true;
    reached[1] = false;
    ropp_check_inside(&check);
    found("?  miami  ways  -  not asked: the hop has no tunnel of its own, where its proxy could "
          "be asked\n"
          "?  miami  bans  -  not asked: the hop has no tunnel of its own, where its proxy could "
          "be asked\n"
          "?  lima   ways  -  not asked: control = off\n"
          "?  lima   bans  -  not asked: control = off\n"
          "?  rome   ways  -  not asked: nginx has no runtime API\n"
          "?  rome   bans  -  not asked: nginx has no runtime API\n"
          "0 checked, 0 bad, 6 not asked\n");
}

static void test_bans(void **state)
{
    (void)state;
    describe("[origin]\naddress = 10.66.0.1\n[hop miami]\npublic = 198.51.100.10\n"
             "tunnel = 10.66.0.10\nbans = /srv/bans.acl\n");
    check.through = true;
    stats[0] = HEAD "to-login,direct,1,UP,L4OK,40\nto-char,direct,0,UP,L4OK,38\n"
                    "to-map,direct,0,UP,L4OK,38\n";
    banned = "";
    acls[0] = "";
    ropp_check_inside(&check);
    found("ok  miami  ways  10.66.0.10:8405  direct is taken\n"
          "ok  miami  bans  10.66.0.10:8405  0 prefixes, as in the database\n"
          "2 checked, 0 bad, 0 not asked\n");
    /* It is behind by seconds: it is looked at again. */
    banned = "192.0.2.0/24 198.51.100.7 2001:db8::/32";
    acls[0] = "";
    acls[1] = "0x1 192.0.2.0/24\n";
    acls[2] = "0x1 192.0.2.0/24\n0x1 198.51.100.7/32\n0x1 2001:db8::/32\n";
    ropp_check_inside(&check);
    assert_int_equal(waits, 2);
    assert_int_equal(waited_ms, 2000);
    found("ok  miami  ways  10.66.0.10:8405  direct is taken\n"
          "ok  miami  bans  10.66.0.10:8405  3 prefixes, as in the database\n"
          "2 checked, 0 bad, 0 not asked\n");
    /* For good. */
    acls[0] = "0x1 192.0.2.0/24\n0x1 198.51.100.8/32\n0x2 203.0.113.0/24\n";
    acls[1] = NULL;
    acl_looks = waits = 0;
    ropp_check_inside(&check);
    assert_int_equal(waits, 5);
    assert_string_equal(acl_file, "/srv/bans.acl");
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  3 prefixes where the database has 3; missing: "
          "198.51.100.7/32; too many: 198.51.100.8/32\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
    acls[0] = "0x1 192.0.2.0/24\n";
    ropp_check_inside(&check);
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  1 prefixes where the database has 3; missing: "
          "198.51.100.7/32\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
    banned = "";
    ropp_check_inside(&check);
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  1 prefixes where the database has 0; too many: "
          "192.0.2.0/24\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
    acls[0] = "!open";
    ropp_check_inside(&check);
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  it is not to be opened\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
    acls[0] = "!acl";
    ropp_check_inside(&check);
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  its HAProxy at 10.66.0.10:8405: it has no such list "
          "(it answers the origin, 10.66.0.1, and nobody else)\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
    acls[0] = "!ask";
    ropp_check_inside(&check);
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  its HAProxy at 10.66.0.10:8405: it does not answer "
          "(it answers the origin, 10.66.0.1, and nobody else)\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
    banned = NULL;
    ropp_check_inside(&check);
    found("ok   miami  ways  10.66.0.10:8405  direct is taken\n"
          "BAD  miami  bans  10.66.0.10:8405  the bans cannot be read: there is no such table\n"
          "miami, bans: bring it up to date: `ropp ban follow --haproxy "
          "10.66.0.10:8405=/srv/bans.acl`, or `ropp ban export --format haproxy --output "
          "/srv/bans.acl` there and a reload of HAProxy\n"
          "2 checked, 1 bad, 0 not asked\n");
}

/* -- players ------------------------------------------------------------------------------- */

static struct ropp_link line; /* that an event is of */

static void tell(const struct ropp_plan *plan, struct ropp_event event)
{
    event.link = &line;
    plan->report(&event, plan->context);
}

static void refuse(const struct ropp_plan *plan, enum ropp_leg leg, unsigned packet, unsigned code)
{
    tell(plan, (struct ropp_event){
                   .kind = ROPP_EVENT_REFUSED, .leg = leg, .packet = packet, .number = code});
}

static void connect_line(int64_t began_ms)
{
    memset(&line, 0, sizeof line);
    line.began_ms = began_ms;
    line.connected_ms = 1;
    assert_true(ropp_hostport_parse("192.0.2.9", 40000, &line.local));
}

static void is_turned_away(const struct ropp_plan *plan)
{
    connect_line(4958);
    refuse(plan, ROPP_LEG_LOGIN, 0x006a, 0);
    line.began_ms = 1; /* it is the first answer that counts */
    tell(plan, (struct ropp_event){.kind = ROPP_EVENT_TEXT});
}

static void is_banned(const struct ropp_plan *plan)
{
    connect_line(4957);
    refuse(plan, ROPP_LEG_LOGIN, 0x006a, 3);
}

static void is_turned_away_later(const struct ropp_plan *plan)
{
    connect_line(4956);
    refuse(plan, ROPP_LEG_CHAR, 0x006a, 0);
}

static void hears_another_language(const struct ropp_plan *plan)
{
    connect_line(4955);
    tell(plan, (struct ropp_event){.kind = ROPP_EVENT_UNKNOWN, .packet = 0x006a});
}

static void is_not_connected(const struct ropp_plan *plan)
{
    memset(&line, 0, sizeof line);
    line.error = ECONNREFUSED;
    line.end = ROPP_LINK_UNREACHABLE;
    tell(plan, (struct ropp_event){.kind = ROPP_EVENT_ENDED});
}

static void is_closed(const struct ropp_plan *plan)
{
    connect_line(4954);
    line.end = ROPP_LINK_CLOSED;
    tell(plan, (struct ropp_event){.kind = ROPP_EVENT_ENDED, .leg = ROPP_LEG_CHAR});
}

static void hears_nothing(const struct ropp_plan *plan)
{
    connect_line(4953);
    line.end = ROPP_LINK_TIMED_OUT;
    tell(plan, (struct ropp_event){.kind = ROPP_EVENT_ENDED, .leg = ROPP_LEG_MAP});
}

static void test_guests(void **state)
{
    unsigned number;

    (void)state;
    wall_ns = 123456789;
    describe("[origin]\naddress = 10.66.0.1\n[hop miami]\n"
             "public = 198.51.100.1, 198.51.100.2, 198.51.100.3, 198.51.100.4, 198.51.100.5, "
             "198.51.100.6, 198.51.100.7, 2001:db8::8\n"
             "[hop lima]\npublic = 198.51.100.20\n");
    check.session = NULL;
    check.client = ropp_client_find(20211103);
    strcpy(check.password, "none");
    acts[0] = is_turned_away;
    acts[1] = is_banned;
    acts[2] = is_turned_away_later;
    acts[3] = hears_another_language;
    acts[4] = is_not_connected;
    acts[5] = is_closed;
    acts[6] = hears_nothing;
    acts[8] = is_turned_away;
    assert_true(ropp_check_visits(&check));
    assert_text(visited.data, "198.51.100.1:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.2:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.3:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.4:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.5:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.6:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.7:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "[2001:db8::8]:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n"
                              "198.51.100.20:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n");
    assert_int_equal(waits, 2); /* three at a time */
    assert_int_equal(waited_ms, 6400);
    assert_false(reached[0]);
    assert_true(reached[1]);
    /* Nobody else is called so: by the moment, the process and the visits before. */
    number = (unsigned)wall_ns ^ (unsigned)getpid() << 16;
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(strspn(users[i] + 9, "0123456789abcdef"), 8);
        assert_int_equal(strtoul(users[i] + 9, NULL, 16), strtoul(users[0] + 9, NULL, 16) + i);
    }
    assert_in_range((unsigned)strtoul(users[0] + 9, NULL, 16) - number, 0, 100);
    found("ok   miami  player  198.51.100.1:6900   the login server answers; 42 ms\n"
          "?    miami  header  198.51.100.1:6900   not asked: there is no session\n"
          "BAD  miami  player  198.51.100.2:6900   refused by the login server: rejected: as a "
          "banned address is\n"
          "BAD  miami  player  198.51.100.3:6900   refused by the char server: the server does not "
          "let in\n"
          "BAD  miami  player  198.51.100.4:6900   unknown, at the login server\n"
          "BAD  miami  player  198.51.100.5:6900   unreachable, at the login server\n"
          "BAD  miami  player  198.51.100.6:6900   closed, at the char server\n"
          "BAD  miami  player  198.51.100.7:6900   silent, at the map server\n"
          "BAD  miami  player  [2001:db8::8]:6900  error, at the login server\n"
          "ok   lima   player  198.51.100.20:6900  the login server answers; 42 ms\n"
          "?    lima   header  198.51.100.20:6900  not asked: there is no session\n"
          "?    hops   onward  -                   not asked: to which addresses players are sent: "
          "give --user\n"
          "miami, player: this address is banned, or counted out by the emulator's own guard: look "
          "into the tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n"
          "miami, player: look into the proxy's and the servers' logs\n"
          "miami, player: another service has this port: a player's first port is the login "
          "server's, 6900 by default\n"
          "miami, player: nothing listens there: look whether the proxy runs, and on which address "
          "and port\n"
          "miami, player: the proxy reaches no server behind it: look at the proxy's log, and "
          "whether the server runs\n"
          "miami, player: the proxy accepts, but does not reach the server: look at the address, "
          "the port and the firewall between the two\n"
          "miami, player: look into the proxy's and the servers' logs\n"
          "9 checked, 7 bad, 3 not asked\n");
}

static struct ropp_redirect redirect_of(const char *to)
{
    struct ropp_redirect redirect = {0};

    assert_int_equal(inet_pton(AF_INET, to, redirect.ip), 1);
    return redirect;
}

static void is_sent(const struct ropp_plan *plan, const char *server, const char *to, bool goes)
{
    const struct ropp_redirect redirect = redirect_of(to);

    connect_line(4900);
    tell(plan,
         (struct ropp_event){.kind = ROPP_EVENT_REDIRECT, .server = server, .redirect = &redirect});
    assert_int_equal(plan->follows(&redirect, plan->context), goes);
}

static void goes_home(const struct ropp_plan *plan)
{
    is_sent(plan, "char", "198.51.100.20", true);
    is_sent(plan, "map", "198.51.100.20", true);
}

static void is_sent_away(const struct ropp_plan *plan)
{
    is_sent(plan, "char", "198.51.100.20", true);
    is_sent(plan, "map", "198.51.100.21", false);
    is_sent(plan, "map", "198.51.100.22", false);
}

static void has_no_home(const struct ropp_plan *plan)
{
    is_sent(plan, "char", "198.51.100.20", false);
}

static void has_no_character(const struct ropp_plan *plan)
{
    connect_line(4952);
    tell(plan, (struct ropp_event){.kind = ROPP_EVENT_LOGIN});
    tell(plan,
         (struct ropp_event){.kind = ROPP_EVENT_CHARACTERS, .leg = ROPP_LEG_CHAR, .number = 0});
}

static void has_a_character(const struct ropp_plan *plan)
{
    connect_line(4951);
    tell(plan,
         (struct ropp_event){.kind = ROPP_EVENT_CHARACTERS, .leg = ROPP_LEG_CHAR, .number = 1});
    refuse(plan, ROPP_LEG_CHAR, 0x006c, 0);
}

static void test_players(void **state)
{
    static struct result row;
    const struct ropp_scramble_keys keys = {1, 2, 3};

    (void)state;
    describe("[origin]\naddress = 10.66.0.1\nlogin = 6910\n[hop lima]\n"
             "public = 2001:db8::20, 198.51.100.20\ntunnel = 10.66.0.20\n"
             "[hop oslo]\npublic = 2001:db8::30\n"
             "[hop quito]\npublic = 198.51.100.40\n[hop rome]\npublic = 198.51.100.50\n"
             "[hop paris]\npublic = 198.51.100.60\n");
    check.client = ropp_client_find(20211103);
    check.keys = &keys;
    check.user = "tester";
    strcpy(check.password, "secret");
    acts[0] = goes_home;
    arrives[0] = true;
    acts[1] = is_sent_away;
    arrives[1] = true;
    acts[2] = has_no_home;
    acts[3] = has_no_character;
    acts[4] = has_a_character;
    acts[5] = is_turned_away; /* which is the answer to nobody's account */
    row = row_of("192.0.2.9", "10.66.0.20", "2", "1");
    for (size_t i = 0; i < 20; i++)
        connlog[i] = &row;
    assert_true(ropp_check_visits(&check));
    assert_text(visited.data, "[2001:db8::20]:6910 by tester, secret, newest client, keys 3, 1 "
                              "players to leg 2, 5000 10000 15000\n"
                              "198.51.100.20:6910 by tester, secret, newest client, keys 3, 1 "
                              "players to leg 2, 5000 10000 15000\n"
                              "[2001:db8::30]:6910 by tester, secret, newest client, keys 3, 1 "
                              "players to leg 2, 5000 10000 15000\n"
                              "198.51.100.40:6910 by tester, secret, newest client, keys 3, 1 "
                              "players to leg 2, 5000 10000 15000\n"
                              "198.51.100.50:6910 by tester, secret, newest client, keys 3, 1 "
                              "players to leg 2, 5000 10000 15000\n"
                              "198.51.100.60:6910 by tester, secret, newest client, keys 3, 1 "
                              "players to leg 2, 5000 10000 15000\n");
    assert_int_equal(waits, 1);
    assert_false(reached[0]);
    assert_false(reached[1]);
    assert_true(reached[2]);
    assert_false(reached[3]);
    found("ok   lima   player  [2001:db8::20]:6910  in the game; 100 ms to the first answer\n"
          "ok   lima   header  [2001:db8::20]:6910  logged as 192.0.2.9, which is this machine; "
          "header of version 2\n"
          "BAD  lima   player  198.51.100.20:6910   sent to the map server at 198.51.100.21\n"
          "BAD  oslo   player  [2001:db8::30]:6910  sent to the char server at 198.51.100.20\n"
          "ok   quito  player  198.51.100.40:6910   the char server answers; 48 ms. The account "
          "has no character\n"
          "ok   quito  header  198.51.100.40:6910   logged as 192.0.2.9, which is this machine; "
          "header of "
          "version 2\n"
          "BAD  rome   player  198.51.100.50:6910   refused by the char server: the ticket, or the "
          "choice of a character, is refused\n"
          "BAD  paris  player  198.51.100.60:6910   refused by the login server: there is no such "
          "account\n"
          "lima, player: a player leaves the hop there: look at proxy_route and proxy_advertise\n"
          "oslo, player: a player leaves the hop there: look at proxy_route and proxy_advertise\n"
          "rome, player: the account needs a PIN code, which is not known here: use an account "
          "without, or `ropp probe --until char`; Hercules asks every account for one, unless its "
          "`pincode` is off\n"
          "paris, player: look into the proxy's and the servers' logs\n"
          "8 checked, 4 bad, 0 not asked\n");
}

static void test_no_visit(void **state)
{
    struct capture capture;

    (void)state;
    acts[0] = is_turned_away;
    journeys_fail = 2;
    check.session = NULL;
    capture_begin(&capture, stderr);
    assert_false(ropp_check_visits(&check));
    assert_string_equal(capture_end(&capture),
                        "ropp: cannot go to a hop: lima: Cannot allocate memory\n");
    assert_int_equal(journeys, 2);
    journeys_fail = -1;
    capture_begin(&capture, stderr);
    assert_false(ropp_check_visits(&check));
    assert_string_equal(capture_end(&capture),
                        "ropp: cannot go to a hop: miami: Invalid argument\n");
}

/* -- the command ----------------------------------------------------------------------------- */

static void command(int status, const char *out, const char *error, char *first, ...)
{
    static struct capture output, errors;
    char *words[16] = {(char[]){"check"}, path};
    int count = 2, ended;
    va_list args;

    va_start(args, first);
    for (char *word = first; word != NULL; word = va_arg(args, char *))
        words[count++] = word;
    va_end(args);
    journeys = 0;
    ropp_buffer_free(&visited);
    capture_begin(&output, stdout);
    capture_begin(&errors, stderr);
    ended = ropp_command_run(&ropp_hop_check, count, words);
    capture_end(&errors);
    capture_end(&output);
    assert_text(errors.text, error);
    assert_text(output.text, out);
    assert_int_equal(ended, status);
}

#define WORD(text) ((char[]){text})

static void test_command(void **state)
{
    static struct result good = {{PROCESS("char", "6121", "2", "1", "strict", "off", ""),
                                  PROCESS("login", "6900", "2", "1", "strict", "current", ""),
                                  PROCESS("map", "5121", "2", "1", "strict", "current", "")},
                                 3,
                                 0};
    char missing[128];
    FILE *file;

    (void)state;
    describe("[origin]\naddress = 10.66.0.1\npublic = 203.0.113.9\n"
             "[hop miami]\npublic = 198.51.100.10\nkind = nginx\n");
    for (size_t i = 0; i < 3; i++)
        link_ends[i] = (struct ropp_link){.end = ROPP_LINK_TIMED_OUT};
    acts[0] = is_turned_away;
    command(0,
            "ok  origin  hidden  203.0.113.9:6900    closed, as it should be\n"
            "ok  origin  hidden  203.0.113.9:6121    closed, as it should be\n"
            "ok  origin  hidden  203.0.113.9:5121    closed, as it should be\n"
            "?   origin  server  -                   not asked: give --tree, --defaults-file or "
            "--database\n"
            "ok  miami   player  198.51.100.10:6900  the login server answers; 42 ms\n"
            "?   miami   header  198.51.100.10:6900  not asked: give --tree, --defaults-file or "
            "--database\n"
            "?   hops    onward  -                   not asked: to which addresses players are "
            "sent: give --user\n"
            "?   hops    ways    -                   not asked: from the origin: --through\n"
            "?   hops    bans    -                   not asked: from the origin: --through\n"
            "4 checked, 0 bad, 5 not asked\n",
            "", NULL);
    assert_text(visited.data, "198.51.100.10:6900 by a guest, none, newest client, keys 0, 1 "
                              "players to leg 0, 5000 10000 15000\n");
    assert_string_equal(connected_to, "");
    command(
        0,
        "{\"good\": true, \"bad\": 0, \"not_asked\": 5, \"checks\": [{\"machine\": \"origin\", "
        "\"check\": \"hidden\", \"at\": \"203.0.113.9:6900\", \"state\": \"ok\", \"result\": "
        "\"closed, as it should be\"}, {\"machine\": \"origin\", \"check\": \"hidden\", \"at\": "
        "\"203.0.113.9:6121\", \"state\": \"ok\", \"result\": \"closed, as it should be\"}, "
        "{\"machine\": \"origin\", \"check\": \"hidden\", \"at\": \"203.0.113.9:5121\", \"state\": "
        "\"ok\", \"result\": \"closed, as it should be\"}, {\"machine\": \"origin\", \"check\": "
        "\"server\", \"at\": null, \"state\": \"not asked\", \"result\": \"give --tree, "
        "--defaults-file or --database\"}, {\"machine\": \"miami\", \"check\": \"player\", \"at\": "
        "\"198.51.100.10:6900\", \"state\": \"ok\", \"result\": \"the login server answers; 42 "
        "ms\"}, {\"machine\": \"miami\", \"check\": \"header\", \"at\": \"198.51.100.10:6900\", "
        "\"state\": \"not asked\", \"result\": \"give --tree, --defaults-file or --database\"}, "
        "{\"machine\": \"hops\", \"check\": \"onward\", \"at\": null, \"state\": \"not asked\", "
        "\"result\": \"to which addresses players are sent: give --user\"}, {\"machine\": "
        "\"hops\", \"check\": \"ways\", \"at\": null, \"state\": \"not asked\", \"result\": \"from "
        "the origin: --through\"}, {\"machine\": \"hops\", \"check\": \"bans\", \"at\": null, "
        "\"state\": \"not asked\", \"result\": \"from the origin: --through\"}]}\n",
        "", WORD("--json"), NULL);
    acts[0] = is_banned;
    command(1,
            "ok   origin  hidden  203.0.113.9:6900    closed, as it should be\n"
            "ok   origin  hidden  203.0.113.9:6121    closed, as it should be\n"
            "ok   origin  hidden  203.0.113.9:5121    closed, as it should be\n"
            "?    origin  server  -                   not asked: give --tree, --defaults-file or "
            "--database\n"
            "BAD  miami   player  198.51.100.10:6900  refused by the login server: rejected: as a "
            "banned address is\n"
            "?    hops    onward  -                   not asked: to which addresses players are "
            "sent: give --user\n"
            "?    hops    ways    -                   not asked: from the origin: --through\n"
            "?    hops    bans    -                   not asked: from the origin: --through\n"
            "miami, player: this address is banned, or counted out by the emulator's own guard: "
            "look into the tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n"
            "4 checked, 1 bad, 4 not asked\n",
            "", WORD("--timeout"), WORD("5000"), NULL);
    arrives[0] = true;
    setenv("ROPP_PROBE_PASSWORD", "secret", 1);
    command(0,
            "ok  origin  hidden  203.0.113.9:6900    closed, as it should be\n"
            "ok  origin  hidden  203.0.113.9:6121    closed, as it should be\n"
            "ok  origin  hidden  203.0.113.9:5121    closed, as it should be\n"
            "?   origin  server  -                   not asked: give --tree, --defaults-file or "
            "--database\n"
            "ok  miami   player  198.51.100.10:6900  in the game; 43 ms to the first answer\n"
            "?   miami   header  198.51.100.10:6900  not asked: give --tree, --defaults-file or "
            "--database\n"
            "?   miami   ways    -                   not asked: nginx has no runtime API\n"
            "?   miami   bans    -                   not asked: nginx has no runtime API\n"
            "4 checked, 0 bad, 4 not asked\n",
            "", WORD("--user"), WORD("tester"), WORD("--packetver"), WORD("20120307"),
            WORD("--keys"), WORD("1,2,7"), WORD("--through"), NULL);
    assert_text(visited.data, "198.51.100.10:6900 by tester, secret, older client, keys 7, 1 "
                              "players to leg 2, 5000 10000 15000\n");
    /* With the database. */
    processes = &good;
    command(0,
            "ok  origin  hidden  203.0.113.9:6900    closed, as it should be\n"
            "ok  origin  hidden  203.0.113.9:6121    closed, as it should be\n"
            "ok  origin  hidden  203.0.113.9:5121    closed, as it should be\n"
            "ok  origin  server  login:6900          strict, bans current\n"
            "ok  origin  server  char:6121           strict, bans off\n"
            "ok  origin  server  map:5121            strict, bans current\n"
            "ok  miami   player  198.51.100.10:6900  in the game; 43 ms to the first answer\n"
            "?   miami   header  198.51.100.10:6900  not asked: neither proxy_connlog nor loginlog "
            "has this player: write connlog = all in [origin]\n"
            "?   hops    ways    -                   not asked: from the origin: --through\n"
            "?   hops    bans    -                   not asked: from the origin: --through\n"
            "7 checked, 0 bad, 3 not asked\n",
            "", WORD("--user"), WORD("tester"), WORD("--database"), WORD("ragnarok"), NULL);
    assert_string_equal(connected_to, "- - ragnarok");
    assert_int_equal(sessions_closed, 1);
    session_status = ROPP_EXIT_USAGE;
    command(
        1,
        "BAD  origin  database  -                   cannot be asked: the message above says why\n"
        "ok   origin  hidden    203.0.113.9:6900    closed, as it should be\n"
        "ok   origin  hidden    203.0.113.9:6121    closed, as it should be\n"
        "ok   origin  hidden    203.0.113.9:5121    closed, as it should be\n"
        "?    origin  server    -                   not asked: the database cannot be asked\n"
        "ok   miami   player    198.51.100.10:6900  in the game; 43 ms to the first answer\n"
        "?    miami   header    198.51.100.10:6900  not asked: the database cannot be asked\n"
        "?    hops    ways      -                   not asked: from the origin: --through\n"
        "?    hops    bans      -                   not asked: from the origin: --through\n"
        "origin, database: name another by --tree, --defaults-file or --database\n"
        "5 checked, 1 bad, 4 not asked\n",
        "", WORD("--user"), WORD("tester"), WORD("--tree"), WORD("/srv"), NULL);
    assert_string_equal(connected_to, "/srv - -");
    command(
        1,
        "BAD  origin  database  -                   cannot be asked: the message above says why\n"
        "ok   origin  hidden    203.0.113.9:6900    closed, as it should be\n"
        "ok   origin  hidden    203.0.113.9:6121    closed, as it should be\n"
        "ok   origin  hidden    203.0.113.9:5121    closed, as it should be\n"
        "?    origin  server    -                   not asked: the database cannot be asked\n"
        "ok   miami   player    198.51.100.10:6900  in the game; 43 ms to the first answer\n"
        "?    miami   header    198.51.100.10:6900  not asked: the database cannot be asked\n"
        "?    hops    ways      -                   not asked: from the origin: --through\n"
        "?    hops    bans      -                   not asked: from the origin: --through\n"
        "origin, database: name another by --tree, --defaults-file or --database\n"
        "5 checked, 1 bad, 4 not asked\n",
        "", WORD("--user"), WORD("tester"), WORD("--defaults-file"), WORD("x"), NULL);
    assert_string_equal(connected_to, "- x -");
    assert_int_equal(sessions_closed, 1);
    /* What nobody knows is 2. */
    links_fail = EINVAL;
    command(2, "", "ropp: cannot check the origin: Invalid argument\n", NULL);
    assert_int_equal(journeys, 0);
    links_fail = 0;
    journeys_fail = 1;
    command(2, "", "ropp: cannot go to a hop: miami: Cannot allocate memory\n", NULL);
    command(
        2, "",
        "ropp: not three keys: --keys '1,2': give them as in 0x12345678,0x9abcdef0,0x13579bdf\n",
        WORD("--keys"), WORD("1,2"), NULL);
    command(2, "", "ropp: a password without an account: --pass-file: give --user\n",
            WORD("--pass-file"), WORD("/none"), NULL);
    command(2, "",
            "ropp: cannot read the password: /none (No such file or directory): name a file that "
            "you may read\n",
            WORD("--pass-file"), WORD("/none"), WORD("--user"), WORD("tester"), NULL);
    for (int i = 0; i < 4; i++)
        command(2, "",
                i == 0   ? "ropp: no such number: --timeout 99: write one from 100 to 60000\n"
                : i == 1 ? "ropp: no such number: --timeout 60001: write one from 100 to 60000\n"
                : i == 2 ? "ropp: no such number: --packetver 19999999: write one from 20000000 to "
                           "29999999\n"
                         : "ropp: no such number: --packetver 30000000: write one from 20000000 to "
                           "29999999\n",
                i < 2 ? WORD("--timeout") : WORD("--packetver"),
                i == 0   ? WORD("99")
                : i == 1 ? WORD("60001")
                : i == 2 ? WORD("19999999")
                         : WORD("30000000"),
                NULL);
    /* A description that is refused is nothing that anybody has looked at. */
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("[origin]\naddress = 10.66.0.1\n", file);
    fclose(file);
    snprintf(missing, sizeof missing, "ropp: %s:1: no hop: write a section [hop NAME] for each\n",
             path);
    command(2, "", missing, NULL);
    unlink(path);
    snprintf(missing, sizeof missing, "ropp: cannot open the file: %s: No such file or directory\n",
             path);
    command(2, "", missing, NULL);
}

static int make_file(void **state)
{
    (void)state;
    return close(mkstemp(path));
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_findings, begin, end),
        cmocka_unit_test_setup_teardown(test_hidden, begin, end),
        cmocka_unit_test_setup_teardown(test_servers, begin, end),
        cmocka_unit_test_setup_teardown(test_logged, begin, end),
        cmocka_unit_test_setup_teardown(test_looks, begin, end),
        cmocka_unit_test_setup_teardown(test_inside, begin, end),
        cmocka_unit_test_setup_teardown(test_not_to_be_asked, begin, end),
        cmocka_unit_test_setup_teardown(test_bans, begin, end),
        cmocka_unit_test_setup_teardown(test_guests, begin, end),
        cmocka_unit_test_setup_teardown(test_players, begin, end),
        cmocka_unit_test_setup_teardown(test_no_visit, begin, end),
        cmocka_unit_test_setup_teardown(test_command, begin, end),
    };

    return UNIT_RUN(argc, argv, "hop_check", tests, make_file, remove_file);
}
