// SPDX-License-Identifier: MIT
/* `ropp status` with a database that is made up: all that it prints, as a table, as JSON and as
 * metrics, and what it ends with. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/capture.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"
#include "tools/base/command.h"
#include "tools/database/query.h"
#include "tools/status/process.h"
#include "tools/status/status.h"

/* ---- the database ---- */

struct table {
    const char *const (*rows)[ROPP_PROCESS_FIELDS];
    size_t count, at;
    bool freed;
};

static struct table table;
static MYSQL_RES *const result = (MYSQL_RES *)(void *)&table;
static bool no_database, no_rows, is_terminal;
static int opened, closed, reads, reads_most, errors, slept;
static unsigned slept_s;

int __wrap_ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect);
void __wrap_ropp_session_close(struct ropp_session *session);
int __wrap_ropp_session_error(struct ropp_session *session);
int __wrap_ropp_session_call(const struct ropp_cli_command *command, void *request);
MYSQL_RES *__wrap_ropp_session_rows(struct ropp_session *session, const char *sql);
MYSQL_ROW __wrap_mysql_fetch_row(MYSQL_RES *rows);
void __wrap_mysql_data_seek(MYSQL_RES *rows, unsigned long long offset);
unsigned long long __wrap_mysql_num_rows(MYSQL_RES *rows);
void __wrap_mysql_free_result(MYSQL_RES *rows);
time_t __wrap_time(time_t *out);
unsigned __wrap_sleep(unsigned seconds);
int __real_isatty(int fd);
int __wrap_isatty(int fd);

int __wrap_ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect)
{
    (void)session;
    (void)connect;
    if (no_database)
        return ropp_fail(ROPP_EXIT_USAGE, "no database");
    opened++;
    return ROPP_EXIT_DONE;
}

void __wrap_ropp_session_close(struct ropp_session *session)
{
    (void)session;
    closed++;
}

int __wrap_ropp_session_error(struct ropp_session *session)
{
    (void)session;
    errors++;
    return ropp_fail(ROPP_EXIT_USAGE, "the database does not do it");
}

int __wrap_ropp_session_call(const struct ropp_cli_command *command, void *request)
{
    static struct ropp_session session;

    if (no_database)
        return ropp_fail(ROPP_EXIT_USAGE, "no database");
    return command->run(&session, request);
}

MYSQL_RES *__wrap_ropp_session_rows(struct ropp_session *session, const char *sql)
{
    (void)session;
    assert_non_null(strstr(sql, "FROM proxy_status ORDER BY"));
    table.at = 0;
    table.freed = false;
    return no_rows || reads++ == reads_most ? NULL : result;
}

MYSQL_ROW __wrap_mysql_fetch_row(MYSQL_RES *rows)
{
    assert_ptr_equal(rows, result);
    assert_false(table.freed);
    if (table.at == table.count)
        return NULL;
    return (MYSQL_ROW)(uintptr_t)table.rows[table.at++];
}

void __wrap_mysql_data_seek(MYSQL_RES *rows, unsigned long long offset)
{
    assert_ptr_equal(rows, result);
    table.at = (size_t)offset;
}

unsigned long long __wrap_mysql_num_rows(MYSQL_RES *rows)
{
    assert_ptr_equal(rows, result);
    return table.count;
}

void __wrap_mysql_free_result(MYSQL_RES *rows)
{
    if (rows != NULL)
        table.freed = true;
}

time_t __wrap_time(time_t *out)
{
    (void)out;
    return 1798131699;
}

unsigned __wrap_sleep(unsigned seconds)
{
    slept++;
    slept_s = seconds;
    return 0;
}

int __wrap_isatty(int fd)
{
    return fd == STDOUT_FILENO ? is_terminal : __real_isatty(fd);
}

/* ---- the command ---- */

static struct capture out, err;

static int begin(void **state)
{
    (void)state;
    memset(&table, 0, sizeof table);
    no_database = no_rows = is_terminal = false;
    opened = closed = reads = errors = slept = 0;
    reads_most = -1;
    return 0;
}

static int does(const char *line)
{
    static char copy[200];
    char *argv[10] = {(char *)"status"}, *rest = copy, *word;
    int argc = 1, status;

    snprintf(copy, sizeof copy, "%s", line);
    while ((word = strsep(&rest, " ")) != NULL)
        if (word[0] != '\0')
            argv[argc++] = word;
    capture_begin(&out, stdout);
    capture_begin(&err, stderr);
    status = ropp_command_run(&ropp_status, argc, argv);
    capture_end(&err);
    capture_end(&out);
    return status;
}

static void says(const char *line, int wanted, const char *printed, const char *said)
{
    int status = does(line);

    assert_string_equal(err.text, said);
    assert_string_equal(out.text, printed);
    assert_int_equal(status, wanted);
    assert_int_equal(opened, closed);
    if (reads > 0 && !no_rows && reads_most < 0)
        assert_true(table.freed);
}

/* ---- what there is ---- */

#define SIXTY "012345678901234567890123456789012345678901234567890123456789"

/* Every value is another one. */
static const char *const all[][ROPP_PROCESS_FIELDS] = {
    {"login", "one", "6900",    "11",  "0.9.1", "on",    "1798131600", "59",
     "4",     "1",   "loading", NULL,  "0",     "10239", "101",        "102",
     "103",   "104", "105",     "106", "{}",    "",      "",           ""},
    {"char",
     "two",
     "6121",
     "12",
     "0.9.2",
     "off",
     "1798131601",
     "-5",
     "0",
     "1",
     "off",
     "0",
     "21",
     "10240",
     "201",
     "202",
     "203",
     "204",
     "205",
     "206",
     "{\"" SIXTY "012\": 31, \"" SIXTY "0123\": 32}",
     "routes tickets",
     "",
     ""},
    {"map",
     "t\"w\\o\n",
     "5121",
     "13",
     "0.9.3",
     "strict",
     "0",
     "10921",
     "42",
     "0",
     "stale",
     "125",
     "1000000",
     "10485759",
     "301",
     "302",
     "303",
     "304",
     "305",
     "306",
     "{\"banned\": 30, \"header-timeout\":10}",
     "tickets\x1b[2J",
     "",
     ""},
    {"map", "two", "5122",    "14",    "0.9.4",     "permissive", "1798131603", "90000",
     "9",   "1",   "current", "86400", "24",        "10485760",   "401",        "402",
     "403", "404", "405",     "406",   "{\"x\" 5}", "",           "",           ""},
    {"edge",
     "one",
     "0",
     "15",
     "0.9.5",
     "",
     "1798131604",
     "3600",
     "5",
     "1",
     "current",
     "7",
     "25",
     "0",
     "0",
     "0",
     "0",
     "0",
     "0",
     "0",
     "{}",
     "",
     "nftables inet/ropp",
     ""},
    {"edge", "two", "0",       "16", "0.9.6",        "",  "1798131605",  "3601",
     "11",   "0",   "loading", NULL, "26",           "0", "0",           "0",
     "0",    "0",   "0",       "0",  "{\"none\":1}", "",  "ipset \"a\"", "it does\nnot"},
};

static void has(size_t from, size_t count)
{
    table.rows = all + from;
    table.count = count;
}

static void test_all_as_a_table(void **state)
{
    (void)state;
    has(0, 6);
    says("", 1,
         "SERVER  ADDRESS      ROPP   MODE               UP       HEARD  BANS      LOADED  "
         "ENTRIES       SIZE  ACCEPTED  PROXIED  REFUSED  BANNED  KICKED  UNLOGGED\n"
         "login   one:6900     0.9.1  on               59 s         4 s  loading                 "
         "0    10239 B       101      102      103     104     105       106\n"
         "char    two:6121     0.9.2  off               0 s         0 s  off          0 s       "
         "21     10 KiB       201      202      203     204     205       206\n"
         "map     t\"w\\o?:5121  0.9.3  strict      3 h 2 min  42 s, LATE  stale      2 min  "
         "1000000  10239 KiB       301      302      303     304     305       306\n"
         "map     two:5122     0.9.4  permissive    1 d 1 h         9 s  current  1 d 0 h       "
         "24     10 MiB       401      402      403     404     405       406\n"
         "\n"
         "EDGE                              UP       HEARD  BANS     SINCE  ENTRIES  TROUBLE\n"
         "nftables inet/ropp on one  1 h 0 min         5 s  current    7 s       25\n"
         "ipset \"a\" on two           1 h 0 min  11 s, LATE  loading              26  it "
         "does?not\n"
         "note: the char server at two was woven without: routes tickets\n"
         "note: the map server at t\"w\\o? was woven without: tickets?[2J\n",
         "");
    has(0, 0);
    says("", 1, "no server has written its status yet\n", "");
}

/* The servers alone, the edges alone, and what each of them ends with. */
static void test_some_as_a_table(void **state)
{
    (void)state;
    has(0, 2);
    says("", 0,
         "SERVER  ADDRESS   ROPP   MODE    UP  HEARD  BANS     LOADED  ENTRIES     SIZE  ACCEPTED "
         " PROXIED  REFUSED  BANNED  KICKED  UNLOGGED\n"
         "login   one:6900  0.9.1  on    59 s    4 s  loading                0  10239 B       101 "
         "     102      103     104     105       106\n"
         "char    two:6121  0.9.2  off    0 s    0 s  off         0 s       21   10 KiB       201 "
         "     202      203     204     205       206\n"
         "note: the char server at two was woven without: routes tickets\n",
         "");
    has(4, 1);
    says("", 0,
         "EDGE                              UP  HEARD  BANS     SINCE  ENTRIES  TROUBLE\n"
         "nftables inet/ropp on one  1 h 0 min    5 s  current    7 s       25\n",
         "");
    has(2, 1);
    says("", 1,
         "SERVER  ADDRESS      ROPP   MODE           UP       HEARD  BANS   LOADED  ENTRIES       "
         "SIZE  ACCEPTED  PROXIED  REFUSED  BANNED  KICKED  UNLOGGED\n"
         "map     t\"w\\o?:5121  0.9.3  strict  3 h 2 min  42 s, LATE  stale   2 min  1000000  "
         "10239 KiB       301      302      303     304     305       306\n"
         "note: the map server at t\"w\\o? was woven without: tickets?[2J\n",
         "");
    has(3, 2);
    assert_int_equal(does(""), 0);
    has(4, 2);
    assert_int_equal(does("--json"), 1);
}

/* An edge has to have what is current, and to be heard of; a server only that. */
static void test_edges_that_are_behind(void **state)
{
    static const char *bans[] = {"off", "loading", "current", "stale"};
    static const char *row[ROPP_PROCESS_FIELDS];

    (void)state;
    table.rows = (const char *const(*)[ROPP_PROCESS_FIELDS])(void *)&row;
    table.count = 1;
    for (size_t i = 0; i < 4; i++)
        for (int edge = 0; edge < 2; edge++)
            for (int up = 0; up < 2; up++) {
                memcpy(row, all[edge ? 4 : 0], sizeof row);
                row[ROPP_PROCESS_BANS] = bans[i];
                row[ROPP_PROCESS_UP] = up ? "1" : "0";
                assert_int_equal(does("--json"), !up || (edge && i != 2));
            }
}

/* On a terminal of eighty columns. */
static void test_on_a_terminal(void **state)
{
    (void)state;
    is_terminal = true;
    has(0, 6);
    says("", 1,
         "SERVER  ADDRESS      ROPP   MODE               UP       HEARD  BANS      LOADED\n"
         "login   one:6900     0.9.1  on               59 s         4 s  loading\n"
         "char    two:6121     0.9.2  off               0 s         0 s  off          0 s\n"
         "map     t\"w\\o?:5121  0.9.3  strict      3 h 2 min  42 s, LATE  stale      2 min\n"
         "map     two:5122     0.9.4  permissive    1 d 1 h         9 s  current  1 d 0 h\n"
         "\n"
         "SERVER  ADDRESS      ENTRIES       SIZE  ACCEPTED  PROXIED  REFUSED  BANNED\n"
         "login   one:6900           0    10239 B       101      102      103     104\n"
         "char    two:6121          21     10 KiB       201      202      203     204\n"
         "map     t\"w\\o?:5121  1000000  10239 KiB       301      302      303     304\n"
         "map     two:5122          24     10 MiB       401      402      403     404\n"
         "\n"
         "SERVER  ADDRESS      KICKED  UNLOGGED\n"
         "login   one:6900        105       106\n"
         "char    two:6121        205       206\n"
         "map     t\"w\\o?:5121     305       306\n"
         "map     two:5122        405       406\n"
         "\n"
         "EDGE                              UP       HEARD  BANS     SINCE  ENTRIES\n"
         "nftables inet/ropp on one  1 h 0 min         5 s  current    7 s       25\n"
         "ipset \"a\" on two           1 h 0 min  11 s, LATE  loading              26\n"
         "\n"
         "EDGE                       TROUBLE\n"
         "nftables inet/ropp on one\n"
         "ipset \"a\" on two           it does?not\n"
         "note: the char server at two was woven without: routes tickets\n"
         "note: the map server at t\"w\\o? was woven without: tickets?[2J\n",
         "");
}

static void test_all_as_json(void **state)
{
    (void)state;
    has(0, 6);
    says("--json", 1,
         "{\"processes\": [{\"server\": \"login\", \"host\": \"one\", \"port\": 6900, \"pid\": "
         "11, \"version\": \"0.9.1\", \"mode\": \"on\", \"started\": \"2026-12-24T17:00:00Z\", "
         "\"heartbeat_age_s\": 4, \"late\": false, \"bans_state\": \"loading\", "
         "\"snapshot_age_s\": null, \"snapshot_entries\": 0, \"snapshot_bytes\": 10239, "
         "\"accepted\": 101, \"proxied\": 102, \"refused\": 103, \"banned\": 104, \"kicked\": "
         "105, \"connlog_dropped\": 106, \"reasons\": {}, \"left_out\": \"\"}, {\"server\": "
         "\"char\", \"host\": \"two\", \"port\": 6121, \"pid\": 12, \"version\": \"0.9.2\", "
         "\"mode\": \"off\", \"started\": \"2026-12-24T17:00:01Z\", \"heartbeat_age_s\": 0, "
         "\"late\": false, \"bans_state\": \"off\", \"snapshot_age_s\": 0, \"snapshot_entries\": "
         "21, \"snapshot_bytes\": 10240, \"accepted\": 201, \"proxied\": 202, \"refused\": 203, "
         "\"banned\": 204, \"kicked\": 205, \"connlog_dropped\": 206, \"reasons\": "
         "{\"012345678901234567890123456789012345678901234567890123456789012\": 31, \"\": 32}, "
         "\"left_out\": \"routes tickets\"}, {\"server\": \"map\", \"host\": "
         "\"t\\\"w\\\\o\\u000a\", \"port\": 5121, \"pid\": 13, \"version\": \"0.9.3\", \"mode\": "
         "\"strict\", \"started\": null, \"heartbeat_age_s\": 42, \"late\": true, \"bans_state\": "
         "\"stale\", \"snapshot_age_s\": 125, \"snapshot_entries\": 1000000, \"snapshot_bytes\": "
         "10485759, \"accepted\": 301, \"proxied\": 302, \"refused\": 303, \"banned\": 304, "
         "\"kicked\": 305, \"connlog_dropped\": 306, \"reasons\": {\"banned\": 30, "
         "\"header-timeout\": 10}, \"left_out\": \"tickets\\u001b[2J\"}, {\"server\": \"map\", "
         "\"host\": \"two\", \"port\": 5122, \"pid\": 14, \"version\": \"0.9.4\", \"mode\": "
         "\"permissive\", \"started\": \"2026-12-24T17:00:03Z\", \"heartbeat_age_s\": 9, "
         "\"late\": false, \"bans_state\": \"current\", \"snapshot_age_s\": 86400, "
         "\"snapshot_entries\": 24, \"snapshot_bytes\": 10485760, \"accepted\": 401, \"proxied\": "
         "402, \"refused\": 403, \"banned\": 404, \"kicked\": 405, \"connlog_dropped\": 406, "
         "\"reasons\": {}, \"left_out\": \"\"}], \"edges\": [{\"target\": \"nftables inet/ropp\", "
         "\"host\": \"one\", \"pid\": 15, \"version\": \"0.9.5\", \"started\": "
         "\"2026-12-24T17:00:04Z\", \"heartbeat_age_s\": 5, \"late\": false, \"bans_state\": "
         "\"current\", \"in_force_age_s\": 7, \"entries\": 25, \"trouble\": \"\"}, {\"target\": "
         "\"ipset \\\"a\\\"\", \"host\": \"two\", \"pid\": 16, \"version\": \"0.9.6\", "
         "\"started\": \"2026-12-24T17:00:05Z\", \"heartbeat_age_s\": 11, \"late\": true, "
         "\"bans_state\": \"loading\", \"in_force_age_s\": null, \"entries\": 26, \"trouble\": "
         "\"it does\\u000anot\"}]}\n",
         "");
    has(0, 0);
    says("--json", 1, "{\"processes\": [], \"edges\": []}\n", "");
}

static const char metrics_of_processes[] =
    "# HELP ropp_status_time_seconds When this was written, in Unix time.\n"
    "# TYPE ropp_status_time_seconds gauge\n"
    "ropp_status_time_seconds 1798131699\n"
    "# HELP ropp_database_up Whether the database has the status of the server processes.\n"
    "# TYPE ropp_database_up gauge\n"
    "ropp_database_up 1\n"
    "# HELP ropp_info What a process is; always 1.\n"
    "# TYPE ropp_info gauge\n"
    "ropp_info{server=\"login\",host=\"one\",port=\"6900\",version=\"0.9.1\",mode=\"on\"} 1\n"
    "ropp_info{server=\"char\",host=\"two\",port=\"6121\",version=\"0.9.2\",mode=\"off\"} 1\n"
    "ropp_info{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",version=\"0.9.3\",mode=\""
    "strict\"} 1\n"
    "ropp_info{server=\"map\",host=\"two\",port=\"5122\",version=\"0.9.4\",mode=\"permissive"
    "\"} 1\n"
    "ropp_info{server=\"edge\",host=\"one\",target=\"nftables "
    "inet/ropp\",version=\"0.9.5\",mode=\"\"} 1\n"
    "ropp_info{server=\"edge\",host=\"two\",target=\"ipset "
    "\\\"a\\\"\",version=\"0.9.6\",mode=\"\"} 1\n"
    "# HELP ropp_up Whether the process has written its status within ten seconds.\n"
    "# TYPE ropp_up gauge\n"
    "ropp_up{server=\"login\",host=\"one\",port=\"6900\"} 1\n"
    "ropp_up{server=\"char\",host=\"two\",port=\"6121\"} 1\n"
    "ropp_up{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 0\n"
    "ropp_up{server=\"map\",host=\"two\",port=\"5122\"} 1\n"
    "ropp_up{server=\"edge\",host=\"one\",target=\"nftables inet/ropp\"} 1\n"
    "ropp_up{server=\"edge\",host=\"two\",target=\"ipset \\\"a\\\"\"} 0\n"
    "# HELP ropp_heartbeat_age_seconds Time since the process has written its status.\n"
    "# TYPE ropp_heartbeat_age_seconds gauge\n"
    "ropp_heartbeat_age_seconds{server=\"login\",host=\"one\",port=\"6900\"} 4\n"
    "ropp_heartbeat_age_seconds{server=\"char\",host=\"two\",port=\"6121\"} 0\n"
    "ropp_heartbeat_age_seconds{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 42\n"
    "ropp_heartbeat_age_seconds{server=\"map\",host=\"two\",port=\"5122\"} 9\n"
    "ropp_heartbeat_age_seconds{server=\"edge\",host=\"one\",target=\"nftables inet/ropp\"} "
    "5\n"
    "ropp_heartbeat_age_seconds{server=\"edge\",host=\"two\",target=\"ipset \\\"a\\\"\"} 11\n"
    "# HELP ropp_start_time_seconds When the process was started, in Unix time.\n"
    "# TYPE ropp_start_time_seconds gauge\n"
    "ropp_start_time_seconds{server=\"login\",host=\"one\",port=\"6900\"} 1798131600\n"
    "ropp_start_time_seconds{server=\"char\",host=\"two\",port=\"6121\"} 1798131601\n"
    "ropp_start_time_seconds{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 0\n"
    "ropp_start_time_seconds{server=\"map\",host=\"two\",port=\"5122\"} 1798131603\n"
    "ropp_start_time_seconds{server=\"edge\",host=\"one\",target=\"nftables inet/ropp\"} "
    "1798131604\n"
    "ropp_start_time_seconds{server=\"edge\",host=\"two\",target=\"ipset \\\"a\\\"\"} "
    "1798131605\n"
    "# HELP ropp_snapshot_age_seconds Time since the ban list was loaded.\n"
    "# TYPE ropp_snapshot_age_seconds gauge\n"
    "ropp_snapshot_age_seconds{server=\"char\",host=\"two\",port=\"6121\"} 0\n"
    "ropp_snapshot_age_seconds{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 125\n"
    "ropp_snapshot_age_seconds{server=\"map\",host=\"two\",port=\"5122\"} 86400\n"
    "ropp_snapshot_age_seconds{server=\"edge\",host=\"one\",target=\"nftables inet/ropp\"} "
    "7\n"
    "# HELP ropp_snapshot_entries Entries of the ban list in memory.\n"
    "# TYPE ropp_snapshot_entries gauge\n"
    "ropp_snapshot_entries{server=\"login\",host=\"one\",port=\"6900\"} 0\n"
    "ropp_snapshot_entries{server=\"char\",host=\"two\",port=\"6121\"} 21\n"
    "ropp_snapshot_entries{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 1000000\n"
    "ropp_snapshot_entries{server=\"map\",host=\"two\",port=\"5122\"} 24\n"
    "ropp_snapshot_entries{server=\"edge\",host=\"one\",target=\"nftables inet/ropp\"} 25\n"
    "ropp_snapshot_entries{server=\"edge\",host=\"two\",target=\"ipset \\\"a\\\"\"} 26\n"
    "# HELP ropp_snapshot_bytes Bytes of the ban list in memory.\n"
    "# TYPE ropp_snapshot_bytes gauge\n"
    "ropp_snapshot_bytes{server=\"login\",host=\"one\",port=\"6900\"} 10239\n"
    "ropp_snapshot_bytes{server=\"char\",host=\"two\",port=\"6121\"} 10240\n"
    "ropp_snapshot_bytes{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 10485759\n"
    "ropp_snapshot_bytes{server=\"map\",host=\"two\",port=\"5122\"} 10485760\n";

static const char metrics_of_connections[] =
    "# HELP ropp_connections_accepted_total Connections let in.\n"
    "# TYPE ropp_connections_accepted_total counter\n"
    "ropp_connections_accepted_total{server=\"login\",host=\"one\",port=\"6900\"} 101\n"
    "ropp_connections_accepted_total{server=\"char\",host=\"two\",port=\"6121\"} 201\n"
    "ropp_connections_accepted_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} "
    "301\n"
    "ropp_connections_accepted_total{server=\"map\",host=\"two\",port=\"5122\"} 401\n"
    "# HELP ropp_connections_proxied_total Connections let in with a header.\n"
    "# TYPE ropp_connections_proxied_total counter\n"
    "ropp_connections_proxied_total{server=\"login\",host=\"one\",port=\"6900\"} 102\n"
    "ropp_connections_proxied_total{server=\"char\",host=\"two\",port=\"6121\"} 202\n"
    "ropp_connections_proxied_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} "
    "302\n"
    "ropp_connections_proxied_total{server=\"map\",host=\"two\",port=\"5122\"} 402\n"
    "# HELP ropp_connections_banned_total Connections refused because of a ban.\n"
    "# TYPE ropp_connections_banned_total counter\n"
    "ropp_connections_banned_total{server=\"login\",host=\"one\",port=\"6900\"} 104\n"
    "ropp_connections_banned_total{server=\"char\",host=\"two\",port=\"6121\"} 204\n"
    "ropp_connections_banned_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} "
    "304\n"
    "ropp_connections_banned_total{server=\"map\",host=\"two\",port=\"5122\"} 404\n"
    "# HELP ropp_sessions_kicked_total Sessions closed by a new ban.\n"
    "# TYPE ropp_sessions_kicked_total counter\n"
    "ropp_sessions_kicked_total{server=\"login\",host=\"one\",port=\"6900\"} 105\n"
    "ropp_sessions_kicked_total{server=\"char\",host=\"two\",port=\"6121\"} 205\n"
    "ropp_sessions_kicked_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 305\n"
    "ropp_sessions_kicked_total{server=\"map\",host=\"two\",port=\"5122\"} 405\n"
    "# HELP ropp_connlog_dropped_total Connections that are missing in the connection log.\n"
    "# TYPE ropp_connlog_dropped_total counter\n"
    "ropp_connlog_dropped_total{server=\"login\",host=\"one\",port=\"6900\"} 106\n"
    "ropp_connlog_dropped_total{server=\"char\",host=\"two\",port=\"6121\"} 206\n"
    "ropp_connlog_dropped_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\"} 306\n"
    "ropp_connlog_dropped_total{server=\"map\",host=\"two\",port=\"5122\"} 406\n";

static const char metrics_of_bans[] =
    "# HELP ropp_bans_state Whether the ban list is in this state.\n"
    "# TYPE ropp_bans_state gauge\n"
    "ropp_bans_state{server=\"login\",host=\"one\",port=\"6900\",state=\"off\"} 0\n"
    "ropp_bans_state{server=\"login\",host=\"one\",port=\"6900\",state=\"loading\"} 1\n"
    "ropp_bans_state{server=\"login\",host=\"one\",port=\"6900\",state=\"current\"} 0\n"
    "ropp_bans_state{server=\"login\",host=\"one\",port=\"6900\",state=\"stale\"} 0\n"
    "ropp_bans_state{server=\"char\",host=\"two\",port=\"6121\",state=\"off\"} 1\n"
    "ropp_bans_state{server=\"char\",host=\"two\",port=\"6121\",state=\"loading\"} 0\n"
    "ropp_bans_state{server=\"char\",host=\"two\",port=\"6121\",state=\"current\"} 0\n"
    "ropp_bans_state{server=\"char\",host=\"two\",port=\"6121\",state=\"stale\"} 0\n"
    "ropp_bans_state{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",state=\"off\"} 0\n"
    "ropp_bans_state{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",state=\"loading\"} "
    "0\n"
    "ropp_bans_state{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",state=\"current\"} "
    "0\n"
    "ropp_bans_state{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",state=\"stale\"} "
    "1\n"
    "ropp_bans_state{server=\"map\",host=\"two\",port=\"5122\",state=\"off\"} 0\n"
    "ropp_bans_state{server=\"map\",host=\"two\",port=\"5122\",state=\"loading\"} 0\n"
    "ropp_bans_state{server=\"map\",host=\"two\",port=\"5122\",state=\"current\"} 1\n"
    "ropp_bans_state{server=\"map\",host=\"two\",port=\"5122\",state=\"stale\"} 0\n"
    "ropp_bans_state{server=\"edge\",host=\"one\",target=\"nftables "
    "inet/ropp\",state=\"off\"} 0\n"
    "ropp_bans_state{server=\"edge\",host=\"one\",target=\"nftables "
    "inet/ropp\",state=\"loading\"} 0\n"
    "ropp_bans_state{server=\"edge\",host=\"one\",target=\"nftables "
    "inet/ropp\",state=\"current\"} 1\n"
    "ropp_bans_state{server=\"edge\",host=\"one\",target=\"nftables "
    "inet/ropp\",state=\"stale\"} 0\n"
    "ropp_bans_state{server=\"edge\",host=\"two\",target=\"ipset \\\"a\\\"\",state=\"off\"} "
    "0\n"
    "ropp_bans_state{server=\"edge\",host=\"two\",target=\"ipset "
    "\\\"a\\\"\",state=\"loading\"} 1\n"
    "ropp_bans_state{server=\"edge\",host=\"two\",target=\"ipset "
    "\\\"a\\\"\",state=\"current\"} 0\n"
    "ropp_bans_state{server=\"edge\",host=\"two\",target=\"ipset "
    "\\\"a\\\"\",state=\"stale\"} 0\n"
    "# HELP ropp_connections_refused_total Connections refused, by reason.\n"
    "# TYPE ropp_connections_refused_total counter\n"
    "ropp_connections_refused_total{server=\"char\",host=\"two\",port=\"6121\",reason=\"01234"
    "5678901234567890123456789012345678901234567890123456789012\"} 31\n"
    "ropp_connections_refused_total{server=\"char\",host=\"two\",port=\"6121\",reason=\"01234"
    "56789012345678901234567890123456789012345678901234567890123\"} 32\n"
    "ropp_connections_refused_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",reas"
    "on=\"banned\"} 30\n"
    "ropp_connections_refused_total{server=\"map\",host=\"t\\\"w\\\\o\\n\",port=\"5121\",reas"
    "on=\"header-timeout\"} 10\n"
    "ropp_connections_refused_total{server=\"edge\",host=\"two\",target=\"ipset "
    "\\\"a\\\"\",reason=\"none\"} 1\n";

static const char away[] =
    "# HELP ropp_status_time_seconds When this was written, in Unix time.\n"
    "# TYPE ropp_status_time_seconds gauge\n"
    "ropp_status_time_seconds 1798131699\n"
    "# HELP ropp_database_up Whether the database has the status of the server processes.\n"
    "# TYPE ropp_database_up gauge\n"
    "ropp_database_up 0\n";

static char
    metrics[sizeof metrics_of_processes + sizeof metrics_of_connections + sizeof metrics_of_bans];

static void test_metrics(void **state)
{
    (void)state;
    snprintf(metrics, sizeof metrics, "%s%s%s", metrics_of_processes, metrics_of_connections,
             metrics_of_bans);
    has(0, 6);
    says("--prometheus", 0, metrics, "");
    assert_int_equal(opened, 1);
    has(0, 0);
    says("--prometheus", 0,
         "# HELP ropp_status_time_seconds When this was written, in Unix time.\n"
         "# TYPE ropp_status_time_seconds gauge\n"
         "ropp_status_time_seconds 1798131699\n"
         "# HELP ropp_database_up Whether the database has the status of the server processes.\n"
         "# TYPE ropp_database_up gauge\n"
         "ropp_database_up 1\n"
         "# HELP ropp_info What a process is; always 1.\n"
         "# TYPE ropp_info gauge\n"
         "# HELP ropp_up Whether the process has written its status within ten seconds.\n"
         "# TYPE ropp_up gauge\n"
         "# HELP ropp_heartbeat_age_seconds Time since the process has written its status.\n"
         "# TYPE ropp_heartbeat_age_seconds gauge\n"
         "# HELP ropp_start_time_seconds When the process was started, in Unix time.\n"
         "# TYPE ropp_start_time_seconds gauge\n"
         "# HELP ropp_snapshot_age_seconds Time since the ban list was loaded.\n"
         "# TYPE ropp_snapshot_age_seconds gauge\n"
         "# HELP ropp_snapshot_entries Entries of the ban list in memory.\n"
         "# TYPE ropp_snapshot_entries gauge\n"
         "# HELP ropp_snapshot_bytes Bytes of the ban list in memory.\n"
         "# TYPE ropp_snapshot_bytes gauge\n"
         "# HELP ropp_connections_accepted_total Connections let in.\n"
         "# TYPE ropp_connections_accepted_total counter\n"
         "# HELP ropp_connections_proxied_total Connections let in with a header.\n"
         "# TYPE ropp_connections_proxied_total counter\n"
         "# HELP ropp_connections_banned_total Connections refused because of a ban.\n"
         "# TYPE ropp_connections_banned_total counter\n"
         "# HELP ropp_sessions_kicked_total Sessions closed by a new ban.\n"
         "# TYPE ropp_sessions_kicked_total counter\n"
         "# HELP ropp_connlog_dropped_total Connections that are missing in the connection log.\n"
         "# TYPE ropp_connlog_dropped_total counter\n"
         "# HELP ropp_bans_state Whether the ban list is in this state.\n"
         "# TYPE ropp_bans_state gauge\n"
         "# HELP ropp_connections_refused_total Connections refused, by reason.\n"
         "# TYPE ropp_connections_refused_total counter\n",
         "");
    no_rows = true;
    says("--prometheus", 0, away, "ropp: the database does not do it\n");
    assert_int_equal(errors, 1);
    no_database = true;
    says("--prometheus", 0, away, "ropp: no database\n");
}

static void test_metrics_in_a_file(void **state)
{
    char folder[] = "/tmp/ropp-status.XXXXXX", path[64], line[100], text[16384] = "";
    FILE *in;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/ropp.prom", folder);
    snprintf(line, sizeof line, "--prometheus --output %s", path);
    snprintf(metrics, sizeof metrics, "%s%s%s", metrics_of_processes, metrics_of_connections,
             metrics_of_bans);
    has(0, 6);
    says(line, 0, "", "");
    in = fopen(path, "r");
    assert_non_null(in);
    (void)fread(text, 1, sizeof text - 1, in);
    fclose(in);
    assert_string_equal(text, metrics);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(does(line), 2); /* its folder is gone */
    assert_int_equal(strncmp(err.text, "ropp: cannot write: /tmp/ropp-status.", 37), 0);
    assert_string_equal(out.text, "");
    assert_int_equal(opened, closed);
}

static void test_no_database(void **state)
{
    (void)state;
    no_database = true;
    says("", 2, "", "ropp: no database\n");
    no_database = false;
    no_rows = true;
    says("", 2, "", "ropp: the database does not do it\n");
    says("--json", 2, "", "ropp: the database does not do it\n");
    assert_int_equal(errors, 2);
}

static void test_usage(void **state)
{
    (void)state;
    says("word", 2, "", "ropp: one word too many: 'word': see `ropp status --help`\n");
    says("--watch=1 2", 2, "", "ropp: one word too many: '2': see `ropp status --help`\n");
    says("--watch 1 2", 2, "", "ropp: one word too many: '2': see `ropp status --help`\n");
    says("--prometheus --json", 2, "",
         "ropp: two forms: --prometheus and --json: give one of them\n");
    says("--prometheus --watch", 2, "",
         "ropp: two forms: --prometheus and --watch: give one of them\n");
    says("--output x", 2, "", "ropp: no metrics: --output x: add --prometheus\n");
    says("--watch 0", 2, "", "ropp: no such number: --watch 0: write one from 1 to 86400\n");
    says("--watch=0", 2, "", "ropp: no such number: --watch 0: write one from 1 to 86400\n");
    says("--watch=86401", 2, "",
         "ropp: no such number: --watch 86401: write one from 1 to 86400\n");
    assert_int_equal(reads, 0);
}

/* Until the database goes. */
static void watches(const char *line, unsigned seconds, const char *between, const char *before)
{
    static char once[sizeof out.text], wanted[6 * sizeof once];

    has(4, 1);
    reads_most = -1;
    is_terminal = before[0] != '\0';
    assert_int_equal(does(strstr(line, "--json") != NULL ? "--json" : ""), 0);
    snprintf(once, sizeof once, "%s", out.text);
    reads = slept = 0;
    reads_most = 3;
    snprintf(wanted, sizeof wanted, "%s%s%s%s%s%s%s%s%s%s", before, once, between, before, once,
             between, before, once, between, before);
    says(line, 2, wanted, "ropp: the database does not do it\n");
    assert_int_equal(slept, 3);
    assert_int_equal(slept_s, seconds);
}

static void test_watch(void **state)
{
    (void)state;
    watches("--watch", 2, "\n", "");
    watches("--watch 3", 3, "\n", "");
    watches("--watch=1", 1, "\n", "");
    watches("--watch 86400 --json", 86400, "", "");
    watches("--watch", 2, "", "\033[H\033[2J");
}

/* Nobody reads it any more. */
static void watch_into_nothing(void)
{
    char *argv[] = {(char *)"status", (char *)"--watch", NULL};
    int full = open("/dev/full", O_WRONLY), status;

    if (full < 0 || dup2(full, STDOUT_FILENO) < 0)
        _exit(98);
    status = ropp_command_run(&ropp_status, 2, argv);
    _exit(slept == 0 ? 10 + status : 97);
}

static void test_nobody_watches(void **state)
{
    (void)state;
    has(0, 1);
    assert_int_equal(status_of(watch_into_nothing), 10);
    has(2, 1);
    assert_int_equal(status_of(watch_into_nothing), 11);
}

/* ---- the reasons ---- */

static void test_reasons(void **state)
{
    static const char *const none[] = {
        "",           "{}",           "{\"one\"}",       "{\"one",
        "{\"one\":}", "{\"one\" :1}", "{\"one\":\"2\"}", "{\"one\":x}"};
    const char *at = "{\"one\": 18446744073709551615, \"\":2}", *key = NULL;
    uint64_t count = 0;
    size_t length = 0;

    (void)state;
    assert_true(ropp_reasons_next(&at, &key, &length, &count));
    assert_int_equal(length, 3);
    assert_memory_equal(key, "one", 3);
    assert_true(count == UINT64_MAX);
    assert_true(ropp_reasons_next(&at, &key, &length, &count));
    assert_int_equal(length, 0);
    assert_int_equal(count, 2);
    assert_string_equal(at, "}");
    assert_false(ropp_reasons_next(&at, &key, &length, &count));
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        at = none[i];
        if (ropp_reasons_next(&at, &key, &length, &count))
            fail_msg("a reason in %s", none[i]);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_all_as_a_table, begin),
        cmocka_unit_test_setup(test_some_as_a_table, begin),
        cmocka_unit_test_setup(test_edges_that_are_behind, begin),
        cmocka_unit_test_setup(test_on_a_terminal, begin),
        cmocka_unit_test_setup(test_all_as_json, begin),
        cmocka_unit_test_setup(test_metrics, begin),
        cmocka_unit_test_setup(test_metrics_in_a_file, begin),
        cmocka_unit_test_setup(test_no_database, begin),
        cmocka_unit_test_setup(test_usage, begin),
        cmocka_unit_test_setup(test_watch, begin),
        cmocka_unit_test_setup(test_nobody_watches, begin),
        cmocka_unit_test(test_reasons),
    };

    return UNIT_RUN(argc, argv, "status", tests, NULL, NULL);
}
