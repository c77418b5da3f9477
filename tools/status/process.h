// SPDX-License-Identifier: MIT
/* The server processes, and the targets of `ropp ban follow` (edges), as they write of themselves in
 * `proxy_status`. */
#ifndef ROPP_TOOLS_STATUS_PROCESS_H
#define ROPP_TOOLS_STATUS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/database/connect.h"

/* What there is of a process. Ages are in seconds of the database's clock. */
enum ropp_process_field {
    ROPP_PROCESS_SERVER, /* "login", "char", "map" or "api"; "edge" */
    ROPP_PROCESS_HOST,
    ROPP_PROCESS_PORT,
    ROPP_PROCESS_PID,
    ROPP_PROCESS_VERSION,
    ROPP_PROCESS_MODE,
    ROPP_PROCESS_STARTED, /* Unix time */
    ROPP_PROCESS_UPTIME,
    ROPP_PROCESS_HEARTBEAT, /* age */
    ROPP_PROCESS_UP,        /* 0: it has been silent for more than ten seconds, else 1 */
    ROPP_PROCESS_BANS,      /* "loading", "current", "stale" or "off" */
    ROPP_PROCESS_SNAPSHOT,  /* age; NULL: there is none */
    ROPP_PROCESS_ENTRIES,
    ROPP_PROCESS_BYTES,
    ROPP_PROCESS_ACCEPTED,
    ROPP_PROCESS_PROXIED,
    ROPP_PROCESS_REFUSED,
    ROPP_PROCESS_BANNED,
    ROPP_PROCESS_KICKED,
    ROPP_PROCESS_DROPPED,  /* connections that the connection log does not have */
    ROPP_PROCESS_REASONS,  /* a JSON object of numbers, by stable reason key */
    ROPP_PROCESS_LEFT_OUT, /* features that it was woven without, with blanks between them */
    ROPP_PROCESS_TARGET,   /* of an edge: what refuses the banned; else empty */
    ROPP_PROCESS_TROUBLE,  /* of an edge: why it is not in step; empty when it is */
    ROPP_PROCESS_FIELDS
};

/* Reads all of them, by server, host and port: rows with the fields as their columns. NULL when the
 * statement failed. */
MYSQL_RES *ropp_processes_read(struct ropp_session *session);

/* Whether it is a target of `ropp ban follow`, not a server. */
bool ropp_process_is_edge(MYSQL_ROW process);

/* Takes the next "key": NUMBER of an object such as the reasons; *at begins at its text and moves.
 * The key is left in place, of *length bytes. False when there is no further one. */
bool ropp_reasons_next(const char **at, const char **key, size_t *length, uint64_t *count);

#endif
