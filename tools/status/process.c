#include "tools/status/process.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/database/query.h"

static char *text_of(const char *column)
{
    const char *text = ropp_column_text(column);

    return ropp_copy_text(text, strlen(text));
}

static void take_row(struct ropp_process *process, MYSQL_ROW row)
{
    process->server = text_of(row[0]);
    process->host = text_of(row[1]);
    process->port = ropp_column_count(row[2]);
    process->pid = ropp_column_count(row[3]);
    process->version = text_of(row[4]);
    process->mode = text_of(row[5]);
    process->started_s = ropp_column_number(row[6]);
    process->heartbeat_s = ropp_column_number(row[7]);
    process->has_snapshot = row[8] != NULL;
    process->snapshot_s = ropp_column_number(row[8]);
    process->snapshot_entries = ropp_column_count(row[9]);
    process->snapshot_bytes = ropp_column_count(row[10]);
    process->bans_state = text_of(row[11]);
    process->connlog_dropped = ropp_column_count(row[12]);
    process->accepted = ropp_column_count(row[13]);
    process->proxied = ropp_column_count(row[14]);
    process->refused = ropp_column_count(row[15]);
    process->banned = ropp_column_count(row[16]);
    process->kicked = ropp_column_count(row[17]);
    process->reasons = text_of(row[18]);
}

bool ropp_process_late(const struct ropp_process *process)
{
    return process->heartbeat_s > ROPP_LATE_S;
}

bool ropp_processes_read(struct ropp_session *session, struct ropp_processes *processes)
{
    struct ropp_buffer sql = {0};
    struct ropp_process *process;
    MYSQL_RES *result;
    MYSQL_ROW row;

    memset(processes, 0, sizeof *processes);
    ropp_buffer_text(
        &sql,
        "SELECT server, host, port, pid, version, mode, UNIX_TIMESTAMP(started), "
        "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(heartbeat), "
        "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(snapshot_loaded), snapshot_entries, snapshot_bytes, "
        "bans_state, connlog_dropped, accepted, proxied, refused, banned, kicked, reasons, "
        "UNIX_TIMESTAMP() FROM proxy_status ORDER BY FIELD(server, 'login', 'char', 'map', 'api'), "
        "server, host, port");
    result = ropp_session_rows(session, &sql);
    if (result == NULL)
        return false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        processes->items = ropp_grow(processes->items, processes->count, sizeof *processes->items);
        process = &processes->items[processes->count++];
        take_row(process, row);
        processes->now_s = ropp_column_number(row[19]);
    }
    mysql_free_result(result);
    return true;
}

void ropp_processes_free(struct ropp_processes *processes)
{
    size_t i;

    for (i = 0; i < processes->count; i++) {
        free(processes->items[i].server);
        free(processes->items[i].host);
        free(processes->items[i].version);
        free(processes->items[i].mode);
        free(processes->items[i].bans_state);
        free(processes->items[i].reasons);
    }
    free(processes->items);
    memset(processes, 0, sizeof *processes);
}

bool ropp_reasons_next(const char **at, const char **key, size_t *length, uint64_t *count)
{
    const char *start = strchr(*at, '"'), *end;
    char *after;

    if (start == NULL)
        return false;
    end = strchr(++start, '"');
    if (end == NULL || end[1] != ':')
        return false;
    *key = start;
    *length = (size_t)(end - start);
    *count = strtoull(end + 2, &after, 10);
    *at = after;
    return after > end + 2;
}
