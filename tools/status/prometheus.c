#include "tools/status/prometheus.h"

#include <inttypes.h>
#include <string.h>

/* What is true of a process now, or has been counted since it started. */
struct metric {
    const char *name;
    const char *type;
    const char *help;
    int64_t (*value)(const struct ropp_process *process);
};

static int64_t up(const struct ropp_process *process)
{
    return !ropp_process_late(process);
}

static int64_t heartbeat(const struct ropp_process *process)
{
    return process->heartbeat_s;
}

static int64_t started(const struct ropp_process *process)
{
    return process->started_s;
}

static int64_t snapshot_age(const struct ropp_process *process)
{
    return process->snapshot_s;
}

static int64_t snapshot_entries(const struct ropp_process *process)
{
    return (int64_t)process->snapshot_entries;
}

static int64_t snapshot_bytes(const struct ropp_process *process)
{
    return (int64_t)process->snapshot_bytes;
}

static int64_t connlog_dropped(const struct ropp_process *process)
{
    return (int64_t)process->connlog_dropped;
}

static int64_t accepted(const struct ropp_process *process)
{
    return (int64_t)process->accepted;
}

static int64_t proxied(const struct ropp_process *process)
{
    return (int64_t)process->proxied;
}

static int64_t banned(const struct ropp_process *process)
{
    return (int64_t)process->banned;
}

static int64_t kicked(const struct ropp_process *process)
{
    return (int64_t)process->kicked;
}

static const struct metric metrics[] = {
    {"ropp_up", "gauge", "Whether the process has written its status within ten seconds.", up},
    {"ropp_heartbeat_age_seconds", "gauge", "Time since the process has written its status.",
     heartbeat},
    {"ropp_start_time_seconds", "gauge", "When the process was started, in Unix time.", started},
    {"ropp_snapshot_age_seconds", "gauge", "Time since the ban list was loaded.", snapshot_age},
    {"ropp_snapshot_entries", "gauge", "Entries of the ban list in memory.", snapshot_entries},
    {"ropp_snapshot_bytes", "gauge", "Bytes of the ban list in memory.", snapshot_bytes},
    {"ropp_connections_accepted_total", "counter", "Connections let in.", accepted},
    {"ropp_connections_proxied_total", "counter", "Connections let in with a header.", proxied},
    {"ropp_connections_banned_total", "counter", "Connections refused because of a ban.", banned},
    {"ropp_sessions_kicked_total", "counter", "Sessions closed by a new ban.", kicked},
    {"ropp_connlog_dropped_total", "counter", "Connections that the connection log has dropped.",
     connlog_dropped},
};

/* Inside quotes a backslash, a quote and a line break are escaped, and nothing else. */
static void label(FILE *out, const char *name, const char *value, size_t length)
{
    size_t i;

    fprintf(out, "%s=\"", name);
    for (i = 0; i < length; i++) {
        if (value[i] == '\n') {
            fputs("\\n", out);
            continue;
        }
        if (value[i] == '\\' || value[i] == '"')
            fputc('\\', out);
        fputc(value[i], out);
    }
    fputc('"', out);
}

static void text_label(FILE *out, const char *name, const char *value)
{
    label(out, name, value, strlen(value));
}

/* The beginning of a sample, whose labels are still open. */
static void sample(FILE *out, const char *name, const struct ropp_process *process)
{
    fprintf(out, "%s{", name);
    text_label(out, "server", process->server);
    fputc(',', out);
    text_label(out, "host", process->host);
    fprintf(out, ",port=\"%" PRIu64 "\"", process->port);
}

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_metric(FILE *out, const struct metric *metric,
                         const struct ropp_processes *processes)
{
    const struct ropp_process *process;

    head(out, metric->name, metric->type, metric->help);
    for (process = processes->items; process < processes->items + processes->count; process++) {
        if (metric->value == snapshot_age && !process->has_snapshot)
            continue;
        sample(out, metric->name, process);
        fprintf(out, "} %" PRId64 "\n", metric->value(process));
    }
}

static void print_info(FILE *out, const struct ropp_processes *processes)
{
    const struct ropp_process *process;

    head(out, "ropp_info", "gauge", "What a process is; always 1.");
    for (process = processes->items; process < processes->items + processes->count; process++) {
        sample(out, "ropp_info", process);
        fputc(',', out);
        text_label(out, "version", process->version);
        fputc(',', out);
        text_label(out, "mode", process->mode);
        fputs("} 1\n", out);
    }
}

/* One sample a state, 1 for the one it is in, so that each can be watched by its name. */
static void print_states(FILE *out, const struct ropp_processes *processes)
{
    static const char *const states[] = {"off", "loading", "current", "stale"};
    const struct ropp_process *process;
    size_t i;

    head(out, "ropp_bans_state", "gauge", "Whether the ban list is in this state.");
    for (process = processes->items; process < processes->items + processes->count; process++)
        for (i = 0; i < sizeof states / sizeof states[0]; i++) {
            sample(out, "ropp_bans_state", process);
            fputc(',', out);
            text_label(out, "state", states[i]);
            fprintf(out, "} %d\n", strcmp(process->bans_state, states[i]) == 0);
        }
}

static void print_refused(FILE *out, const struct ropp_processes *processes)
{
    const struct ropp_process *process;
    const char *at, *key;
    size_t length;
    uint64_t count;

    head(out, "ropp_connections_refused_total", "counter", "Connections refused, by reason.");
    for (process = processes->items; process < processes->items + processes->count; process++) {
        at = process->reasons;
        while (ropp_reasons_next(&at, &key, &length, &count)) {
            sample(out, "ropp_connections_refused_total", process);
            fputc(',', out);
            label(out, "reason", key, length);
            fprintf(out, "} %" PRIu64 "\n", count);
        }
    }
}

static void print_database(FILE *out, bool up)
{
    head(out, "ropp_database_up", "gauge", "Whether the database tells of the server processes.");
    fprintf(out, "ropp_database_up %d\n", up);
}

void ropp_prometheus_print_away(FILE *out)
{
    print_database(out, false);
}

void ropp_prometheus_print(FILE *out, const struct ropp_processes *processes)
{
    size_t i;

    print_database(out, true);
    print_info(out, processes);
    for (i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        print_metric(out, &metrics[i], processes);
    print_states(out, processes);
    print_refused(out, processes);
}
