/* The server processes as they tell of themselves in `proxy_status`. */
#ifndef ROPP_TOOLS_STATUS_PROCESS_H
#define ROPP_TOOLS_STATUS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/database/connect.h"

/* A process writes every second or two; one that has been silent for longer is late. */
#define ROPP_LATE_S 10

/* Texts are owned. Ages are in seconds of the database's clock. */
struct ropp_process {
    char *server; /* "login", "char", "map" or "api" */
    char *host;
    uint64_t port;
    uint64_t pid;
    char *version;
    char *mode;
    int64_t started_s;   /* Unix time */
    int64_t heartbeat_s; /* age */
    bool has_snapshot;
    int64_t snapshot_s; /* age */
    uint64_t snapshot_entries;
    uint64_t snapshot_bytes;
    char *bans_state; /* "loading", "current", "stale" or "off" */
    uint64_t connlog_dropped;
    uint64_t accepted;
    uint64_t proxied;
    uint64_t refused;
    uint64_t banned;
    uint64_t kicked;
    char *reasons; /* a JSON object of numbers, by stable reason key */
};

struct ropp_processes {
    struct ropp_process *items;
    size_t count;
    int64_t now_s; /* the database's clock */
};

bool ropp_process_late(const struct ropp_process *process);

/* Reads all of them, by server, host and port. False when the statement failed. */
bool ropp_processes_read(struct ropp_session *session, struct ropp_processes *processes);
void ropp_processes_free(struct ropp_processes *processes);

/* Takes the next "key": NUMBER of an object such as `reasons`; *at begins at its text and moves.
 * The key is left in place, of *length bytes. False when there is no further one. */
bool ropp_reasons_next(const char **at, const char **key, size_t *length, uint64_t *count);

#endif
