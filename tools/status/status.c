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

    if (words->count > 0 && (!request->watch || request->every_given)) {
        ropp_error("one word too many: '%s': see `ropp status --help`", words->items[0]);
        return ROPP_EXIT_USAGE;
    }
    if (request->prometheus && (request->json || request->watch)) {
        ropp_error("two forms: --prometheus and %s: give one of them",
                   request->json ? "--json" : "--watch");
        return ROPP_EXIT_USAGE;
    }
    if (request->output != NULL && !request->prometheus) {
        ropp_error("no metrics: --output %s: add --prometheus", request->output);
        return ROPP_EXIT_USAGE;
    }
    if (words->count > 0 && !take_watch(request, "--watch", words->items[0]))
        return ROPP_EXIT_USAGE;
    return ROPP_EXIT_DONE;
}

/* ---- the table ---- */

static void size_cell(struct ropp_columns *columns, uint64_t bytes)
{
    if (bytes < 10 * 1024)
        ropp_columns_format(columns, "%" PRIu64 " B", bytes);
    else if (bytes < 10 * 1024 * 1024)
        ropp_columns_format(columns, "%" PRIu64 " KiB", bytes / 1024);
    else
        ropp_columns_format(columns, "%" PRIu64 " MiB", bytes / 1024 / 1024);
}

static void number_cell(struct ropp_columns *columns, uint64_t number)
{
    ropp_columns_format(columns, "%" PRIu64, number);
}

static void span_cell(struct ropp_columns *columns, int64_t seconds, const char *after)
{
    char span[ROPP_SPAN_TEXT];

    ropp_span_format(seconds > 0 ? seconds : 0, span);
    ropp_columns_format(columns, "%s%s", span, after);
}

static void process_cells(struct ropp_columns *columns, const struct ropp_process *process,
                          int64_t now_s)
{
    ropp_columns_cell(columns, process->server);
    ropp_columns_format(columns, "%s:%" PRIu64, process->host, process->port);
    ropp_columns_cell(columns, process->version);
    ropp_columns_cell(columns, process->mode);
    span_cell(columns, now_s - process->started_s, "");
    span_cell(columns, process->heartbeat_s, ropp_process_late(process) ? ", LATE" : "");
    ropp_columns_cell(columns, process->bans_state);
    if (process->has_snapshot)
        span_cell(columns, process->snapshot_s, "");
    else
        ropp_columns_cell(columns, "");
    number_cell(columns, process->snapshot_entries);
    size_cell(columns, process->snapshot_bytes);
    number_cell(columns, process->accepted);
    number_cell(columns, process->proxied);
    number_cell(columns, process->refused);
    number_cell(columns, process->banned);
    number_cell(columns, process->kicked);
    number_cell(columns, process->connlog_dropped);
}

static void print_table(const struct ropp_processes *processes)
{
    static const char *const names[] = {"SERVER",  "ADDRESS", "ROPP",     "MODE",
                                        "UP",      "HEARD",   "BANS",     "LOADED",
                                        "ENTRIES", "SIZE",    "ACCEPTED", "PROXIED",
                                        "REFUSED", "BANNED",  "KICKED",   "UNLOGGED"};
    struct ropp_columns columns = {"llllrrlrrrrrrrrr", NULL, 0};
    size_t i;

    if (processes->count == 0) {
        puts("no server has written its status yet");
        return;
    }
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        ropp_columns_cell(&columns, names[i]);
    for (i = 0; i < processes->count; i++)
        process_cells(&columns, &processes->items[i], processes->now_s);
    ropp_columns_print(&columns, 2, stdout);
}

/* ---- JSON ---- */

static void reasons_json(struct ropp_json *json, const char *reasons)
{
    const char *at = reasons, *key;
    char name[64];
    size_t length;
    uint64_t count;

    ropp_json_begin(json, "reasons", '{');
    while (ropp_reasons_next(&at, &key, &length, &count)) {
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : 0), key);
        ropp_json_number(json, name, (int64_t)count);
    }
    ropp_json_end(json, '}');
}

static void process_json(struct ropp_json *json, const struct ropp_process *process)
{
    ropp_json_begin(json, NULL, '{');
    ropp_json_string(json, "server", process->server);
    ropp_json_string(json, "host", process->host);
    ropp_json_number(json, "port", (int64_t)process->port);
    ropp_json_number(json, "pid", (int64_t)process->pid);
    ropp_json_string(json, "version", process->version);
    ropp_json_string(json, "mode", process->mode);
    ropp_json_moment(json, "started", process->started_s);
    ropp_json_number(json, "heartbeat_age_s", process->heartbeat_s);
    ropp_json_bool(json, "late", ropp_process_late(process));
    ropp_json_string(json, "bans_state", process->bans_state);
    if (process->has_snapshot)
        ropp_json_number(json, "snapshot_age_s", process->snapshot_s);
    else
        ropp_json_string(json, "snapshot_age_s", NULL);
    ropp_json_number(json, "snapshot_entries", (int64_t)process->snapshot_entries);
    ropp_json_number(json, "snapshot_bytes", (int64_t)process->snapshot_bytes);
    ropp_json_number(json, "accepted", (int64_t)process->accepted);
    ropp_json_number(json, "proxied", (int64_t)process->proxied);
    ropp_json_number(json, "refused", (int64_t)process->refused);
    ropp_json_number(json, "banned", (int64_t)process->banned);
    ropp_json_number(json, "kicked", (int64_t)process->kicked);
    ropp_json_number(json, "connlog_dropped", (int64_t)process->connlog_dropped);
    reasons_json(json, process->reasons);
    ropp_json_end(json, '}');
}

static void print_json(const struct ropp_processes *processes)
{
    struct ropp_json json = {.out = stdout};
    size_t i;

    ropp_json_begin(&json, NULL, '{');
    ropp_json_begin(&json, "processes", '[');
    for (i = 0; i < processes->count; i++)
        process_json(&json, &processes->items[i]);
    ropp_json_end(&json, ']');
    ropp_json_end(&json, '}');
    putchar('\n');
}

/* ---- the command ---- */

static bool all_heard(const struct ropp_processes *processes)
{
    size_t i;

    for (i = 0; i < processes->count; i++)
        if (ropp_process_late(&processes->items[i]))
            return false;
    return processes->count > 0;
}

static int show(struct ropp_session *session, const struct request *request)
{
    struct ropp_processes processes;
    int status;

    if (!ropp_processes_read(session, &processes))
        return ropp_session_error(session);
    status = all_heard(&processes) ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
    if (request->json)
        print_json(&processes);
    else
        print_table(&processes);
    ropp_processes_free(&processes);
    return status;
}

/* Prints the metrics of what the database tells, NULL when it tells nothing. */
static int write_metrics(const struct request *request, const struct ropp_processes *processes)
{
    struct ropp_outfile file;

    if (!ropp_outfile_begin(&file, request->output))
        return ROPP_EXIT_USAGE;
    if (processes != NULL)
        ropp_prometheus_print(file.out, processes);
    else
        ropp_prometheus_print_away(file.out);
    return ropp_outfile_end(&file, true) ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

/* Whatever keeps the database from telling is for the metrics to say, so that an alert can see it;
 * the reason goes to standard error. */
static int metrics(const struct request *request)
{
    struct ropp_processes processes;
    struct ropp_session session;
    int status;

    if (ropp_session_open(&session, &request->connect) != ROPP_EXIT_DONE)
        return write_metrics(request, NULL);
    if (ropp_processes_read(&session, &processes)) {
        status = write_metrics(request, &processes);
        ropp_processes_free(&processes);
    } else {
        ropp_session_error(&session);
        status = write_metrics(request, NULL);
    }
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
    .words = {.most = 1},
    .statuses = "0 all are heard of (--prometheus: the metrics are written), 1 one is late or "
                "there is none, 2 wrong usage or environment",
    .example = "status --watch --tree ../rathena",
    .guard = ropp_connect_no_password,
    .call = call,
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = show_or_watch,
};
