#include "service/status.h"

#include <stdio.h>
#include <string.h>

const char *ropp_bans_state_name(enum ropp_bans_state state)
{
    static const char *const names[] = {"off", "loading", "current", "stale"};

    return names[state];
}

/* The reasons that have occurred, as a JSON object. Names are plain words. Returns the sum. */
static uint64_t status_reasons(const struct ropp_stats *stats, char *json, size_t size)
{
    uint64_t sum = 0, count;
    size_t used = 0;
    int i, printed;

    json[0] = '\0';
    for (i = 0; i < ROPP_REASON_COUNT && used < size; i++) {
        count = ropp_counted(&stats->total[i]);
        sum += count;
        if (count == 0)
            continue;
        printed = snprintf(json + used, size - used, "%s\"%s\": %llu", used > 0 ? ", " : "",
                           ropp_reason_name((enum ropp_reason)i), (unsigned long long)count);
        used += printed > 0 ? (size_t)printed : 0;
    }
    return sum;
}

/* A moment in the past as the database's clock has it. */
static void status_moment(int64_t then_ms, char text[64])
{
    if (then_ms == 0)
        strcpy(text, "NULL");
    else
        snprintf(text, 64, "NOW() - INTERVAL %lld SECOND",
                 (long long)((ropp_wall_ms() - then_ms) / 1000));
}

bool ropp_status_write(const struct ropp_status *status, const struct ropp_stats *stats,
                       struct ropp_db *db, char error[ROPP_ERROR_TEXT])
{
    static const char *const modes[] = {"off", "on", "strict"};
    char sql[8192], reasons[4096], host[2 * ROPP_HOST_TEXT + 1], started[64], loaded[64];
    uint64_t refused = status_reasons(stats, reasons, sizeof reasons);

    mysql_real_escape_string(db->mysql, host, status->host, (unsigned long)strlen(status->host));
    status_moment(status->started_ms, started);
    status_moment(status->loaded_ms, loaded);
    snprintf(sql, sizeof sql,
             ROPP_DB_UTC
             "REPLACE INTO proxy_status (server, host, port, pid, version, started, heartbeat, "
             "mode, snapshot_loaded, snapshot_entries, snapshot_bytes, bans_state, "
             "journal_dropped, accepted, proxied, refused, banned, kicked, reasons) VALUES "
             "('%s', '%s', %u, %u, '%s', %s, NOW(), '%s', %s, %llu, %llu, '%s', "
             "%lu, %llu, %llu, %llu, %llu, %llu, '{%s}')",
             ropp_server_name(status->server), host, status->port, ropp_process_id(), ROPP_VERSION,
             started, modes[status->mode], loaded, (unsigned long long)status->entries,
             (unsigned long long)status->bytes, ropp_bans_state_name(status->bans),
             (unsigned long)status->journal_dropped,
             (unsigned long long)ropp_counted(&stats->accepted),
             (unsigned long long)ropp_counted(&stats->proxied), (unsigned long long)refused,
             (unsigned long long)ropp_counted(&stats->total[ROPP_REASON_BANNED]),
             (unsigned long long)ropp_counted(&stats->kicked), reasons);
    return ropp_db_run(db, sql, error);
}
