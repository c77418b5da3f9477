// SPDX-License-Identifier: MIT
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

/* Whether the text is UTF-8 as far as its bytes follow each other rightly. */
static bool status_is_utf8(const char *text)
{
    unsigned more = 0;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (more > 0 ? (c & 0xc0) != 0x80 : (c & 0xc0) == 0x80 || c >= 0xf8)
            return false;
        more = more > 0 ? more - 1 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    }
    return more == 0;
}

/* A text as a JSON string inside an SQL string; bytes that are no UTF-8 are taken for latin1. Eight
 * bytes at most for each of its own. */
static char *status_json(char *at, const char *text)
{
    bool utf8 = status_is_utf8(text);

    *at++ = '"';
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= 0x80 && !utf8) {
            *at++ = (char)(0xc0 | c >> 6);
            *at++ = (char)(0x80 | (c & 0x3f));
        } else if (c < 0x20 || c == '"' || c == '\\' || c == '\'') {
            at += snprintf(at, 8, "\\\\u%04x", c);
        } else {
            *at++ = (char)c;
        }
    }
    *at++ = '"';
    return at;
}

/* The reasons of ipbanlist that act at the login server alone, as a JSON array; what does not fit
 * is left off. */
static void status_login_only(const struct ropp_config_texts *texts, char *json, size_t size)
{
    char *at = json;
    size_t i;

    *at++ = '[';
    for (i = 0; texts != NULL && i < texts->count; i++) {
        if ((size_t)(at - json) + 8 * strlen(texts->items[i]) + 8 > size)
            break;
        if (i > 0)
            *at++ = ',';
        at = status_json(at, texts->items[i]);
    }
    strcpy(at, "]");
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
    char sql[16384], reasons[4096], login_only[8192], host[2 * ROPP_HOST_TEXT + 1], started[64],
        loaded[64];
    uint64_t refused = status_reasons(stats, reasons, sizeof reasons);

    mysql_real_escape_string(db->mysql, host, status->host, (unsigned long)strlen(status->host));
    status_moment(status->started_ms, started);
    status_moment(status->loaded_ms, loaded);
    status_login_only(status->login_only, login_only, sizeof login_only);
    snprintf(sql, sizeof sql,
             ROPP_DB_UTC
             "REPLACE INTO proxy_status (server, host, port, pid, version, started, heartbeat, "
             "mode, snapshot_loaded, snapshot_entries, snapshot_bytes, bans_state, "
             "connlog_dropped, accepted, proxied, refused, banned, kicked, reasons, login_only, "
             "left_out) VALUES "
             "('%s', '%s', %u, %u, '%s', %s, NOW(), '%s', %s, %llu, %llu, '%s', "
             "%lu, %llu, %llu, %llu, %llu, %llu, '{%s}', '%s', '%s')",
             ropp_server_name(status->server), host, status->port, ropp_process_id(), ROPP_VERSION,
             started, modes[status->mode], loaded, (unsigned long long)status->entries,
             (unsigned long long)status->bytes, ropp_bans_state_name(status->bans),
             (unsigned long)status->connlog_dropped,
             (unsigned long long)ropp_counted(&stats->accepted),
             (unsigned long long)ropp_counted(&stats->proxied), (unsigned long long)refused,
             (unsigned long long)ropp_counted(&stats->total[ROPP_REASON_BANNED]),
             (unsigned long long)ropp_counted(&stats->kicked), reasons, login_only,
             status->left_out != NULL ? status->left_out : "");
    return ropp_db_run(db, sql, error);
}
