// SPDX-License-Identifier: MIT
#include "tools/ban/rows.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "platform.h"
#include "service/status.h"
#include "tools/ban/targets.h"
#include "tools/database/query.h"

/* What the columns hold. */
enum { HOST_MOST = 64, TEXT_MOST = 255 };

/* A text of at most `most` bytes; what is not ASCII may be cut in its middle, or be no text at all,
 * and becomes '?'. */
static const char *plain(struct ropp_session *session, const char *text, size_t most)
{
    size_t length = strlen(text);
    char copy[TEXT_MOST + 1];

    length = length < most ? length : most;
    for (size_t i = 0; i < length; i++)
        copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    copy[length] = '\0';
    return ropp_sql_text(session, copy);
}

/* A number made of a name. */
static unsigned hash_of(const char *name)
{
    uint64_t hash = ropp_hash(ROPP_HASH_START, name, strlen(name));

    return (unsigned)((hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48) & 0xffff);
}

/* Adds a target's number, which is none of the first `count`: with the machine's name it gives every
 * target a row of its own, the same one after a restart. */
static void add_number(unsigned numbers[ROPP_TARGETS_MOST], size_t count, const char *name)
{
    unsigned number = hash_of(name);

    for (size_t i = 0; i < count;) {
        if (numbers[i++] != number)
            continue;
        number = (number + 1) & 0xffff;
        i = 0;
    }
    numbers[count] = number;
}

/* A moment in the past as the database's clock has it; 0: there was none. */
static const char *moment(struct ropp_session *session, int64_t then_ms)
{
    return then_ms == 0 ? "NULL"
                        : ropp_sql_format(session, "NOW() - INTERVAL %" PRId64 " SECOND",
                                          (ropp_wall_ms() - then_ms) / 1000);
}

static const char *state_of(const struct ropp_edge_keeper *keeper,
                            const struct ropp_edge_list *current, bool whole)
{
    if (!keeper->ever)
        return ropp_bans_state_name(ROPP_BANS_LOADING);
    return ropp_bans_state_name(whole && keeper->good && keeper->has == current ? ROPP_BANS_CURRENT
                                                                                : ROPP_BANS_STALE);
}

bool ropp_rows_write(struct ropp_session *session, const struct ropp_edge_keeper *keepers,
                     size_t count, const struct ropp_edge_list *current, bool whole,
                     int64_t started_ms)
{
    unsigned numbers[ROPP_TARGETS_MOST];
    char host[HOST_MOST + 1] = "";
    struct ropp_buffer sql = {0};

    (void)gethostname(host, sizeof host);
    host[HOST_MOST] = '\0';
    ropp_buffer_text(&sql, ROPP_DB_UTC
                     "REPLACE INTO proxy_status (server, host, port, pid, version, started, "
                     "heartbeat, snapshot_loaded, snapshot_entries, bans_state, target, trouble) "
                     "VALUES ");
    for (size_t i = 0; i < count; i++) {
        const struct ropp_edge_keeper *keeper = &keepers[i];

        add_number(numbers, i, keeper->edge.name);
        ropp_buffer_format(&sql,
                           "%s('edge', %s, %u, %u, '" ROPP_VERSION "', %s, NOW(), %s, %" PRIu64
                           ", '%s', %s, %s)",
                           i > 0 ? ", " : "", plain(session, host, HOST_MOST), numbers[i],
                           ropp_process_id(), moment(session, started_ms),
                           moment(session, keeper->since_ms), keeper->entries,
                           state_of(keeper, current, whole),
                           plain(session, keeper->edge.name, TEXT_MOST),
                           plain(session, keeper->trouble, TEXT_MOST));
    }
    return ropp_session_run(session, "%s", ropp_sql_take(session, &sql));
}
