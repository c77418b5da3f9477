// SPDX-License-Identifier: MIT
#include "tools/status/prometheus.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* What is true of a process now, or has been counted since it started. */
static const struct {
    enum ropp_process_field field;
    const char *name, *type, *help;
} metrics[] = {
    {ROPP_PROCESS_UP, "ropp_up", "gauge",
     "Whether the process has written its status within ten seconds."},
    {ROPP_PROCESS_HEARTBEAT, "ropp_heartbeat_age_seconds", "gauge",
     "Time since the process has written its status."},
    {ROPP_PROCESS_STARTED, "ropp_start_time_seconds", "gauge",
     "When the process was started, in Unix time."},
    {ROPP_PROCESS_SNAPSHOT, "ropp_snapshot_age_seconds", "gauge",
     "Time since the ban list was loaded."},
    {ROPP_PROCESS_ENTRIES, "ropp_snapshot_entries", "gauge", "Entries of the ban list in memory."},
    {ROPP_PROCESS_BYTES, "ropp_snapshot_bytes", "gauge", "Bytes of the ban list in memory."},
    {ROPP_PROCESS_ACCEPTED, "ropp_connections_accepted_total", "counter", "Connections let in."},
    {ROPP_PROCESS_PROXIED, "ropp_connections_proxied_total", "counter",
     "Connections let in with a header."},
    {ROPP_PROCESS_BANNED, "ropp_connections_banned_total", "counter",
     "Connections refused because of a ban."},
    {ROPP_PROCESS_KICKED, "ropp_sessions_kicked_total", "counter", "Sessions closed by a new ban."},
    {ROPP_PROCESS_DROPPED, "ropp_connlog_dropped_total", "counter",
     "Connections that are missing in the connection log."},
};

/* Begins a metric, whose samples follow process after process. */
static void head(FILE *out, MYSQL_RES *processes, const char *name, const char *type,
                 const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
    mysql_data_seek(processes, 0);
}

/* Inside quotes a backslash, a quote and a line break are escaped, and nothing else. */
static void label(FILE *out, const char *name, const char *value, size_t length)
{
    const char *end = value + length;

    fprintf(out, "%s=\"", name);
    for (; value < end; value++) {
        if (*value == '\n' || *value == '\\' || *value == '"')
            fputc('\\', out);
        fputc(*value == '\n' ? 'n' : *value, out);
    }
    fputc('"', out);
}

/* Another label of a sample. */
static void more_label(FILE *out, const char *name, const char *value)
{
    fputc(',', out);
    label(out, name, value, strlen(value));
}

/* Begins a sample of the process: its name and usual labels; further ones may follow. An edge has a
 * target where a server has a port. */
static void sample(FILE *out, const char *name, MYSQL_ROW process)
{
    fprintf(out, "%s{", name);
    label(out, "server", process[ROPP_PROCESS_SERVER], strlen(process[ROPP_PROCESS_SERVER]));
    more_label(out, "host", process[ROPP_PROCESS_HOST]);
    if (ropp_process_is_edge(process))
        more_label(out, "target", process[ROPP_PROCESS_TARGET]);
    else
        more_label(out, "port", process[ROPP_PROCESS_PORT]);
}

/* What there is of an edge: the counters are of connections, which it does not see. */
static bool is_of_edges(size_t metric)
{
    return metrics[metric].field <= ROPP_PROCESS_ENTRIES;
}

static void print_metrics(FILE *out, MYSQL_RES *processes)
{
    const char *name, *value;
    MYSQL_ROW process;

    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        name = metrics[i].name;
        head(out, processes, name, metrics[i].type, metrics[i].help);
        while ((process = mysql_fetch_row(processes)) != NULL) {
            value = process[metrics[i].field];
            if (value == NULL || (ropp_process_is_edge(process) && !is_of_edges(i)))
                continue;
            sample(out, name, process);
            fprintf(out, "} %s\n", value);
        }
    }
}

static void print_info(FILE *out, MYSQL_RES *processes)
{
    MYSQL_ROW process;

    head(out, processes, "ropp_info", "gauge", "What a process is; always 1.");
    while ((process = mysql_fetch_row(processes)) != NULL) {
        sample(out, "ropp_info", process);
        more_label(out, "version", process[ROPP_PROCESS_VERSION]);
        more_label(out, "mode", process[ROPP_PROCESS_MODE]);
        fputs("} 1\n", out);
    }
}

/* One sample a state, 1 for the one it is in, so that each can be watched by its name. */
static void print_states(FILE *out, MYSQL_RES *processes)
{
    static const char *const states[] = {"off", "loading", "current", "stale"};
    MYSQL_ROW process;

    head(out, processes, "ropp_bans_state", "gauge", "Whether the ban list is in this state.");
    while ((process = mysql_fetch_row(processes)) != NULL)
        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
            sample(out, "ropp_bans_state", process);
            more_label(out, "state", states[i]);
            fprintf(out, "} %d\n", strcmp(process[ROPP_PROCESS_BANS], states[i]) == 0);
        }
}

static void print_refused(FILE *out, MYSQL_RES *processes)
{
    static const char name[] = "ropp_connections_refused_total";
    const char *at, *key;
    MYSQL_ROW process;
    uint64_t count;
    size_t length;

    head(out, processes, name, "counter", "Connections refused, by reason.");
    while ((process = mysql_fetch_row(processes)) != NULL) {
        at = process[ROPP_PROCESS_REASONS];
        while (ropp_reasons_next(&at, &key, &length, &count)) {
            sample(out, name, process);
            fputc(',', out);
            label(out, "reason", key, length);
            fprintf(out, "} %" PRIu64 "\n", count);
        }
    }
}

void ropp_prometheus_print(FILE *out, MYSQL_RES *processes)
{
    fprintf(out,
            "# HELP ropp_status_time_seconds When this was written, in Unix time.\n"
            "# TYPE ropp_status_time_seconds gauge\nropp_status_time_seconds %" PRId64 "\n",
            (int64_t)time(NULL));
    fprintf(out,
            "# HELP ropp_database_up Whether the database has the status of the server "
            "processes.\n# TYPE ropp_database_up gauge\nropp_database_up %d\n",
            processes != NULL);
    if (processes == NULL)
        return;
    print_info(out, processes);
    print_metrics(out, processes);
    print_states(out, processes);
    print_refused(out, processes);
}
