// SPDX-License-Identifier: MIT
#include "tools/status/process.h"

#include <stdlib.h>
#include <string.h>

#include "tools/database/query.h"

MYSQL_RES *ropp_processes_read(struct ropp_session *session)
{
    return ropp_session_rows(
        session, "SELECT server, host, port, pid, version, mode, UNIX_TIMESTAMP(started), "
                 "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(started), "
                 "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(heartbeat), "
                 "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(heartbeat) <= 10, bans_state, "
                 "UNIX_TIMESTAMP() - UNIX_TIMESTAMP(snapshot_loaded), snapshot_entries, "
                 "snapshot_bytes, accepted, proxied, refused, banned, kicked, connlog_dropped, "
                 "reasons, left_out, target, trouble FROM proxy_status ORDER BY "
                 "FIELD(server, 'login', 'char', 'map', 'api', 'edge'), server, host, target, "
                 "port");
}

bool ropp_process_is_edge(MYSQL_ROW process)
{
    return strcmp(process[ROPP_PROCESS_SERVER], "edge") == 0;
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
