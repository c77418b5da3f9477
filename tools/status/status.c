// SPDX-License-Identifier: MIT
#include "tools/status/status.h"

#include <inttypes.h>
#include <stdio.h>
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

static void span_cell(struct ropp_columns *columns, MYSQL_ROW process, int field)
{
    int64_t seconds = ropp_column_number(process[field]);
    bool late = field == ROPP_PROCESS_HEARTBEAT && is_late(process);
    char span[ROPP_SPAN_TEXT];

    ropp_span_format(seconds > 0 ? seconds : 0, span);
    ropp_columns_format(columns, "%s%s", process[field] != NULL ? span : "", late ? ", LATE" : "");
}

static const struct {
    const char *heading;
    void (*cell)(struct ropp_columns *columns, MYSQL_ROW process, int field);
    enum ropp_process_field field;
} columns_shown[] = {
    {"SERVER", text_cell, ROPP_PROCESS_SERVER},     {"ADDRESS", address_cell, ROPP_PROCESS_HOST},
    {"ROPP", text_cell, ROPP_PROCESS_VERSION},      {"MODE", text_cell, ROPP_PROCESS_MODE},
    {"UP", span_cell, ROPP_PROCESS_UPTIME},         {"HEARD", span_cell, ROPP_PROCESS_HEARTBEAT},
    {"BANS", text_cell, ROPP_PROCESS_BANS},         {"LOADED", span_cell, ROPP_PROCESS_SNAPSHOT},
    {"ENTRIES", text_cell, ROPP_PROCESS_ENTRIES},   {"SIZE", size_cell, ROPP_PROCESS_BYTES},
    {"ACCEPTED", text_cell, ROPP_PROCESS_ACCEPTED}, {"PROXIED", text_cell, ROPP_PROCESS_PROXIED},
    {"REFUSED", text_cell, ROPP_PROCESS_REFUSED},   {"BANNED", text_cell, ROPP_PROCESS_BANNED},
    {"KICKED", text_cell, ROPP_PROCESS_KICKED},     {"UNLOGGED", text_cell, ROPP_PROCESS_DROPPED},
};

enum { COLUMNS = sizeof columns_shown / sizeof columns_shown[0] };

static void print_table(MYSQL_RES *processes)
{
    struct ropp_columns columns = {.sides = "llllrrlrrrrrrrrr"};
    MYSQL_ROW process;

    if (mysql_num_rows(processes) == 0) {
        puts("no server has written its status yet");
        return;
    }
    for (size_t i = 0; i < COLUMNS; i++)
        ropp_columns_cell(&columns, columns_shown[i].heading);
    while ((process = mysql_fetch_row(processes)) != NULL)
        for (size_t i = 0; i < COLUMNS; i++)
            columns_shown[i].cell(&columns, process, columns_shown[i].field);
    ropp_columns_print(&columns, 2, stdout);
    mysql_data_seek(processes, 0);
    while ((process = mysql_fetch_row(processes)) != NULL)
        if (process[ROPP_PROCESS_LEFT_OUT][0] != '\0')
            printf("note: the %s server at %s was woven without: %s\n",
                   process[ROPP_PROCESS_SERVER], process[ROPP_PROCESS_HOST],
                   process[ROPP_PROCESS_LEFT_OUT]);
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

static const struct {
    const char *key;
    void (*print)(struct ropp_json *json, const char *key, const char *value);
    enum ropp_process_field field;
} members[] = {
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

static void print_json(MYSQL_RES *processes)
{
    struct ropp_json json = {.out = stdout};
    MYSQL_ROW process;

    ropp_json_begin(&json, NULL, '{');
    ropp_json_begin(&json, "processes", '[');
    while ((process = mysql_fetch_row(processes)) != NULL) {
        ropp_json_begin(&json, NULL, '{');
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
            members[i].print(&json, members[i].key, process[members[i].field]);
        ropp_json_end(&json, '}');
    }
    ropp_json_done(&json, "]}");
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
        if (is_late(process))
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
             "and what it has counted since it was started. One that has been silent for more "
             "than ten seconds is late. A server that is gone for good stays in the table until "
             "its row is deleted from proxy_status.",
    .options = {{options, ropp_connect_options}},
    .request_size = sizeof(struct request),
    .guard = ropp_connect_no_password,
    .call = call,
    .words = {.most = 1},
    .statuses = "0 all are heard of (--prometheus: the metrics are written), 1 one is late or "
                "there is none, 2 wrong usage or environment",
    .example = "status --watch --tree ../rathena",
    .defaults = &defaults,
    .read = read_request,
    .run = show_or_watch,
};
