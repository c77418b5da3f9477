// SPDX-License-Identifier: MIT
#include "tools/status/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/cli.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/base/moment.h"
#include "tools/base/outfile.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"
#include "tools/status/process.h"
#include "tools/status/prometheus.h"

#define WATCH_DEFAULT_S 2
#define WATCH_MOST_S    86400

struct request {
    struct ropp_connect connect;
    bool json;
    bool prometheus;
    const char *output; /* of the metrics; NULL: standard output */
    bool watch;
    bool every_given;
    unsigned long every_s;
};

static const struct request defaults = {.every_s = WATCH_DEFAULT_S};

static bool take_watch(void *context, const char *name, const char *value)
{
    struct request *request = context;

    request->watch = true;
    request->every_given = value != NULL;
    return value == NULL || ropp_options_number(name, value, 1, WATCH_MOST_S, &request->every_s);
}

static const struct ropp_option options[] = {
    ROPP_CALL(take_watch, "--watch", "[SECONDS]", "again and again (2), until Ctrl-C"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object (with --watch one a line)"),
    ROPP_FLAG(struct request, prometheus, "--prometheus",
              "print metrics in Prometheus' text format, also when the database is away: then "
              "ropp_database_up is 0"),
    ROPP_TEXT(struct request, output, "--output", "FILE",
              "metrics to this file, which is replaced in one go: NAME.prom for node_exporter's "
              "textfile collector"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    if (words->count > 0 && (!request->watch || request->every_given))
        return ropp_fail(ROPP_EXIT_USAGE, "one word too many: '%s': see `ropp status --help`",
                         words->items[0]);
    if (request->prometheus && (request->json || request->watch)) {
        return ropp_fail(ROPP_EXIT_USAGE, "two forms: --prometheus and %s: give one of them",
                         request->json ? "--json" : "--watch");
    }
    if (request->output != NULL && !request->prometheus)
        return ropp_fail(ROPP_EXIT_USAGE, "no metrics: --output %s: add --prometheus",
                         request->output);
    if (words->count > 0 && !take_watch(request, "--watch", words->items[0]))
        return ROPP_EXIT_USAGE;
    return ROPP_EXIT_DONE;
}

static bool is_late(MYSQL_ROW process)
{
    return ropp_column_number(process[ROPP_PROCESS_UP]) == 0;
}

/* An edge that has not what it should have. */
static bool is_behind(MYSQL_ROW process)
{
    return ropp_process_is_edge(process) && strcmp(process[ROPP_PROCESS_BANS], "current") != 0;
}

/* ---- the table ---- */

static void text_cell(struct ropp_columns *columns, MYSQL_ROW process, int field)
{
    ropp_columns_cell(columns, process[field]);
}

static void address_cell(struct ropp_columns *columns, MYSQL_ROW process, int field)
{
    ropp_columns_format(columns, "%s:%s", process[field], process[ROPP_PROCESS_PORT]);
}

static void size_cell(struct ropp_columns *columns, MYSQL_ROW process, int field)
{
    uint64_t bytes = ropp_column_count(process[field]);

    if (bytes < 10 * 1024)
        ropp_columns_format(columns, "%" PRIu64 " B", bytes);
    else if (bytes < 10 * 1024 * 1024)
        ropp_columns_format(columns, "%" PRIu64 " KiB", bytes / 1024);
    else
        ropp_columns_format(columns, "%" PRIu64 " MiB", bytes / 1024 / 1024);
}

static void target_cell(struct ropp_columns *columns, MYSQL_ROW process, int field)
{
    ropp_columns_format(columns, "%s on %s", process[field], process[ROPP_PROCESS_HOST]);
}

static void span_cell(struct ropp_columns *columns, MYSQL_ROW process, int field)
{
    int64_t seconds = ropp_column_number(process[field]);
    bool late = field == ROPP_PROCESS_HEARTBEAT && is_late(process);
    char span[ROPP_SPAN_TEXT];

    ropp_span_format(seconds > 0 ? seconds : 0, span);
    ropp_columns_format(columns, "%s%s", process[field] != NULL ? span : "", late ? ", LATE" : "");
}

struct column {
    const char *heading;
    void (*cell)(struct ropp_columns *columns, MYSQL_ROW process, int field);
    enum ropp_process_field field;
};

static const struct column of_servers[] = {
    {"SERVER", text_cell, ROPP_PROCESS_SERVER},     {"ADDRESS", address_cell, ROPP_PROCESS_HOST},
    {"ROPP", text_cell, ROPP_PROCESS_VERSION},      {"MODE", text_cell, ROPP_PROCESS_MODE},
    {"UP", span_cell, ROPP_PROCESS_UPTIME},         {"HEARD", span_cell, ROPP_PROCESS_HEARTBEAT},
    {"BANS", text_cell, ROPP_PROCESS_BANS},         {"LOADED", span_cell, ROPP_PROCESS_SNAPSHOT},
    {"ENTRIES", text_cell, ROPP_PROCESS_ENTRIES},   {"SIZE", size_cell, ROPP_PROCESS_BYTES},
    {"ACCEPTED", text_cell, ROPP_PROCESS_ACCEPTED}, {"PROXIED", text_cell, ROPP_PROCESS_PROXIED},
    {"REFUSED", text_cell, ROPP_PROCESS_REFUSED},   {"BANNED", text_cell, ROPP_PROCESS_BANNED},
    {"KICKED", text_cell, ROPP_PROCESS_KICKED},     {"UNLOGGED", text_cell, ROPP_PROCESS_DROPPED},
};

static const struct column of_edges[] = {
    {"EDGE", target_cell, ROPP_PROCESS_TARGET},   {"UP", span_cell, ROPP_PROCESS_UPTIME},
    {"HEARD", span_cell, ROPP_PROCESS_HEARTBEAT}, {"BANS", text_cell, ROPP_PROCESS_BANS},
    {"SINCE", span_cell, ROPP_PROCESS_SNAPSHOT},  {"ENTRIES", text_cell, ROPP_PROCESS_ENTRIES},
    {"TROUBLE", text_cell, ROPP_PROCESS_TROUBLE},
};

enum {
    SERVER_COLUMNS = sizeof of_servers / sizeof of_servers[0],
    EDGE_COLUMNS = sizeof of_edges / sizeof of_edges[0],
};

/* How many of the processes are edges, or are not. */
static size_t count_of(MYSQL_RES *processes, bool edges)
{
    MYSQL_ROW process;
    size_t count = 0;

    mysql_data_seek(processes, 0);
    while ((process = mysql_fetch_row(processes)) != NULL)
        count += ropp_process_is_edge(process) == edges;
    mysql_data_seek(processes, 0);
    return count;
}

/* The servers, or the edges, as a table of their own; nothing when there is none. */
static void print_rows(MYSQL_RES *processes, bool edges, const struct column *shown, size_t count,
                       struct ropp_columns *columns)
{
    MYSQL_ROW process;

    if (count_of(processes, edges) == 0)
        return;
    for (size_t i = 0; i < count; i++)
        ropp_columns_cell(columns, shown[i].heading);
    while ((process = mysql_fetch_row(processes)) != NULL)
        for (size_t i = 0; i < count && ropp_process_is_edge(process) == edges; i++)
            shown[i].cell(columns, process, (int)shown[i].field);
    ropp_columns_print(columns, edges ? 1 : 2, stdout);
}

static void print_left_out(MYSQL_ROW process)
{
    fputs("note: the ", stdout);
    ropp_print_safe(stdout, process[ROPP_PROCESS_SERVER]);
    fputs(" server at ", stdout);
    ropp_print_safe(stdout, process[ROPP_PROCESS_HOST]);
    fputs(" was woven without: ", stdout);
    ropp_print_safe(stdout, process[ROPP_PROCESS_LEFT_OUT]);
    putchar('\n');
}

static void print_table(MYSQL_RES *processes)
{
    struct ropp_columns servers = {.sides = "llllrrlrrrrrrrrr"}, edges = {.sides = "lrrlrrl"};
    MYSQL_ROW process;

    if (mysql_num_rows(processes) == 0) {
        puts("no server has written its status yet");
        return;
    }
    print_rows(processes, false, of_servers, SERVER_COLUMNS, &servers);
    if (count_of(processes, false) > 0 && count_of(processes, true) > 0)
        putchar('\n');
    print_rows(processes, true, of_edges, EDGE_COLUMNS, &edges);
    mysql_data_seek(processes, 0);
    while ((process = mysql_fetch_row(processes)) != NULL)
        if (process[ROPP_PROCESS_LEFT_OUT][0] != '\0')
            print_left_out(process);
}

/* ---- JSON ---- */

static void moment_json(struct ropp_json *json, const char *key, const char *value)
{
    ropp_json_moment(json, key, ropp_column_number(value));
}

static void late_json(struct ropp_json *json, const char *key, const char *value)
{
    ropp_json_bool(json, key, ropp_column_number(value) == 0);
}

static void reasons_json(struct ropp_json *json, const char *key, const char *value)
{
    const char *reason;
    char name[64];
    size_t length;
    uint64_t count;

    ropp_json_begin(json, key, '{');
    while (ropp_reasons_next(&value, &reason, &length, &count)) {
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : 0), reason);
        ropp_json_number(json, name, (int64_t)count);
    }
    ropp_json_end(json, '}');
}

struct member {
    const char *key;
    void (*print)(struct ropp_json *json, const char *key, const char *value);
    enum ropp_process_field field;
};

static const struct member server_members[] = {
    {"server", ropp_json_string, ROPP_PROCESS_SERVER},
    {"host", ropp_json_string, ROPP_PROCESS_HOST},
    {"port", ropp_json_raw, ROPP_PROCESS_PORT},
    {"pid", ropp_json_raw, ROPP_PROCESS_PID},
    {"version", ropp_json_string, ROPP_PROCESS_VERSION},
    {"mode", ropp_json_string, ROPP_PROCESS_MODE},
    {"started", moment_json, ROPP_PROCESS_STARTED},
    {"heartbeat_age_s", ropp_json_raw, ROPP_PROCESS_HEARTBEAT},
    {"late", late_json, ROPP_PROCESS_UP},
    {"bans_state", ropp_json_string, ROPP_PROCESS_BANS},
    {"snapshot_age_s", ropp_json_raw, ROPP_PROCESS_SNAPSHOT},
    {"snapshot_entries", ropp_json_raw, ROPP_PROCESS_ENTRIES},
    {"snapshot_bytes", ropp_json_raw, ROPP_PROCESS_BYTES},
    {"accepted", ropp_json_raw, ROPP_PROCESS_ACCEPTED},
    {"proxied", ropp_json_raw, ROPP_PROCESS_PROXIED},
    {"refused", ropp_json_raw, ROPP_PROCESS_REFUSED},
    {"banned", ropp_json_raw, ROPP_PROCESS_BANNED},
    {"kicked", ropp_json_raw, ROPP_PROCESS_KICKED},
    {"connlog_dropped", ropp_json_raw, ROPP_PROCESS_DROPPED},
    {"reasons", reasons_json, ROPP_PROCESS_REASONS},
    {"left_out", ropp_json_string, ROPP_PROCESS_LEFT_OUT},
};

static const struct member edge_members[] = {
    {"target", ropp_json_string, ROPP_PROCESS_TARGET},
    {"host", ropp_json_string, ROPP_PROCESS_HOST},
    {"pid", ropp_json_raw, ROPP_PROCESS_PID},
    {"version", ropp_json_string, ROPP_PROCESS_VERSION},
    {"started", moment_json, ROPP_PROCESS_STARTED},
    {"heartbeat_age_s", ropp_json_raw, ROPP_PROCESS_HEARTBEAT},
    {"late", late_json, ROPP_PROCESS_UP},
    {"bans_state", ropp_json_string, ROPP_PROCESS_BANS},
    {"in_force_age_s", ropp_json_raw, ROPP_PROCESS_SNAPSHOT},
    {"entries", ropp_json_raw, ROPP_PROCESS_ENTRIES},
    {"trouble", ropp_json_string, ROPP_PROCESS_TROUBLE},
};

/* The servers, or the edges, as an array. */
static void print_array(struct ropp_json *json, MYSQL_RES *processes, bool edges)
{
    const struct member *members = edges ? edge_members : server_members;
    size_t count = edges ? sizeof edge_members / sizeof edge_members[0]
                         : sizeof server_members / sizeof server_members[0];
    MYSQL_ROW process;

    mysql_data_seek(processes, 0);
    ropp_json_begin(json, edges ? "edges" : "processes", '[');
    while ((process = mysql_fetch_row(processes)) != NULL) {
        if (ropp_process_is_edge(process) != edges)
            continue;
        ropp_json_begin(json, NULL, '{');
        for (size_t i = 0; i < count; i++)
            members[i].print(json, members[i].key, process[members[i].field]);
        ropp_json_end(json, '}');
    }
    ropp_json_end(json, ']');
}

static void print_json(MYSQL_RES *processes)
{
    struct ropp_json json = {.out = stdout};

    ropp_json_begin(&json, NULL, '{');
    print_array(&json, processes, false);
    print_array(&json, processes, true);
    ropp_json_done(&json, "}");
}

/* ---- the command ---- */

static int show(struct ropp_session *session, const struct request *request)
{
    MYSQL_RES *processes = ropp_processes_read(session);
    int status = ROPP_EXIT_DONE;
    MYSQL_ROW process;

    if (processes == NULL)
        return ropp_session_error(session);
    if (mysql_num_rows(processes) == 0)
        status = ROPP_EXIT_REFUSED;
    while ((process = mysql_fetch_row(processes)) != NULL)
        if (is_late(process) || is_behind(process))
            status = ROPP_EXIT_REFUSED;
    mysql_data_seek(processes, 0);
    if (request->json)
        print_json(processes);
    else
        print_table(processes);
    mysql_free_result(processes);
    return status;
}

/* Prints the metrics of what the database has, NULL when it has nothing. */
static int write_metrics(const struct request *request, MYSQL_RES *processes)
{
    struct ropp_outfile file;

    if (!ropp_outfile_begin(&file, request->output))
        return ROPP_EXIT_USAGE;
    ropp_prometheus_print(file.out, processes);
    return ropp_outfile_end(&file) ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

/* Whatever is wrong with the database is for the metrics to say, so that an alert can see it; the
 * reason goes to standard error. */
static int metrics(const struct request *request)
{
    struct ropp_session session;
    MYSQL_RES *processes;
    int status;

    if (ropp_session_open(&session, &request->connect) != ROPP_EXIT_DONE)
        return write_metrics(request, NULL);
    processes = ropp_processes_read(&session);
    if (processes == NULL)
        ropp_session_error(&session);
    status = write_metrics(request, processes);
    mysql_free_result(processes);
    ropp_session_close(&session);
    return status;
}

/* Until Ctrl-C, an error, or nobody who reads it. */
static int watch(struct ropp_session *session, const struct request *request)
{
    bool clear = isatty(STDOUT_FILENO) && !request->json;
    int status;

    for (;;) {
        if (clear)
            fputs("\033[H\033[2J", stdout);
        status = show(session, request);
        if (status == ROPP_EXIT_USAGE || fflush(stdout) != 0)
            return status;
        sleep((unsigned)request->every_s);
        if (!clear && !request->json)
            putchar('\n');
    }
}

static int show_or_watch(struct ropp_session *session, void *context)
{
    const struct request *request = context;

    return request->watch ? watch(session, request) : show(session, request);
}

/* Metrics have something to say without a session, too. */
static int call(const struct ropp_cli_command *command, void *context)
{
    const struct request *request = context;

    return request->prometheus ? metrics(request) : ropp_session_call(command, context);
}

const struct ropp_cli_command ropp_status = {
    .name = "status",
    .summary = "show every server process, its ban list and what it has counted",
    .usage = "[OPTION ...]",
    .about = "Shows every server process of the cluster: when it was last heard of, its ban list, "
             "and what it has counted since it was started; and every target of `ropp ban follow`, "
             "with what is in force there. One that has been silent for more "
             "than ten seconds is late. One that is gone for good stays in the table until "
             "its row is deleted from proxy_status.",
    .options = {{options, ropp_connect_options}},
    .request_size = sizeof(struct request),
    .guard = ropp_connect_no_password,
    .call = call,
    .words = {.most = 1},
    .statuses = "0 all are heard of (--prometheus: the metrics are written), 1 one is late, an "
                "edge is not in step or there is none, 2 wrong usage or environment",
    .example = "status --watch --tree ../rathena",
    .defaults = &defaults,
    .read = read_request,
    .run = show_or_watch,
};
