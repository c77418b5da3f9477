// SPDX-License-Identifier: MIT
/* The thread beside the emulator's own that talks to MariaDB: it loads the ban list, writes the
 * connection log and writes how the server is. The game's thread never waits for it.
 *
 * When MariaDB is away, what was loaded last stays in force, the connection log's oldest records
 * make room for newer ones, and the worker tries again after one second, two, four and then every
 * five. */
#ifndef ROPP_SERVICE_WORKER_H
#define ROPP_SERVICE_WORKER_H

#include "core/server.h"
#include "platform.h"
#include "service/config.h"
#include "service/connqueue.h"
#include "service/notes.h"
#include "service/snapshot.h"
#include "service/stats.h"

/* A loop may sleep for a second before it sees a new snapshot, and a ban acts within two. */
#define ROPP_WORKER_POLL_MS 500

/* What the two threads share. */
struct ropp_worker {
    struct ropp_snapshot_slots slots;
    struct ropp_notes notes;
    struct ropp_connqueue connqueue;
    const struct ropp_stats *stats; /* the game's counters, only read */
    /* Fixed before the thread starts. */
    enum ropp_server server;
    unsigned port; /* the server's, 0 when it is not known */
    const struct ropp_config *config;
    struct ropp_thread thread;
};

/* Starts the thread for a worker that is all zero but for stats, server, port and config. False
 * when the system has no thread to give. */
bool ropp_worker_start(struct ropp_worker *worker);

/* Ends it, after it has written what is in the queue, and waits for that at most wait_ms. Frees
 * what is in the slots. False when it has not ended: then nothing of it may be touched any more. */
bool ropp_worker_stop(struct ropp_worker *worker, unsigned wait_ms);

#endif
