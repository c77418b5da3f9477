// SPDX-License-Identifier: MIT
/* The queue of the connection log: who connected, on its way from the game's thread to the worker,
 * which writes it into proxy_connlog.
 *
 * A ring of fixed size in the owner's memory. One thread puts, one takes, and neither ever waits.
 * When it is full the oldest record makes room, and is counted.
 *
 * A flood of one kind (what was accepted, and the refusals of each reason) must not push out what
 * is known of the others, here or in the table: of each kind only so many a second are kept after a
 * burst, and only so many are in the ring. The others are counted the same way. Who was kicked is
 * always kept: that is never more than were in the game. */
#ifndef ROPP_SERVICE_CONNQUEUE_H
#define ROPP_SERVICE_CONNQUEUE_H

#include "core/conn.h"

#define ROPP_CONNQUEUE_RECORDS 2048 /* a power of two */
#define ROPP_CONNQUEUE_BURST   500  /* refusals of one reason kept at once */
#define ROPP_CONNQUEUE_RATE    20   /* and then in each second */
#define ROPP_CONNQUEUE_SHARE   512  /* of them in the ring */

/* The same for what was accepted. */
#define ROPP_CONNQUEUE_ACCEPTED_BURST 1000
#define ROPP_CONNQUEUE_ACCEPTED_RATE  100
#define ROPP_CONNQUEUE_ACCEPTED_SHARE 1024

enum ropp_connqueue_verdict {
    ROPP_CONNQUEUE_ACCEPTED,
    ROPP_CONNQUEUE_REFUSED,
    ROPP_CONNQUEUE_KICKED /* refused when it was in already */
};

#define ROPP_CONNQUEUE_TLS_MAX 16 /* "TLSv1.3" */

/* A fixed number of whole words, without pointers. */
struct ropp_connqueue_record {
    int64_t time_ms; /* wall clock */
    uint64_t ban_id; /* 0: none, or one of ipbanlist's */
    struct ropp_addr source;
    struct ropp_addr hop;         /* UNSPEC when there was none */
    struct ropp_addr destination; /* UNSPEC when the header named none */
    uint16_t source_port, destination_port;
    uint16_t unique_id_length, authority_length, tls_length; /* 0: there was none */
    uint8_t header_version;                                  /* 0: there was no header */
    uint8_t verdict;                                         /* enum ropp_connqueue_verdict */
    uint8_t reason;                                          /* enum ropp_reason */
    uint8_t unique_id[ROPP_HEADER_VALUE_MAX];
    uint8_t authority[ROPP_HEADER_VALUE_MAX];
    uint8_t tls[ROPP_CONNQUEUE_TLS_MAX];
};

#define ROPP_CONNQUEUE_WORDS                                                                       \
    ((sizeof(struct ropp_connqueue_record) + sizeof(uint32_t) - 1) / sizeof(uint32_t))

/* What the game keeps of one kind: a bucket of tokens that is filled up steadily, and a count. */
struct ropp_connqueue_kind {
    int64_t filled_ms; /* when the tokens were filled up last */
    uint32_t tokens;
    uint32_t put; /* into the ring, less those that made room */
};

struct ropp_connqueue {
    uint32_t head; /* records ever put; both ever growing, the ring's place is what is left of it */
    uint32_t tail; /* records ever taken or dropped */
    uint32_t dropped; /* since the start */
    uint32_t ring[ROPP_CONNQUEUE_RECORDS][ROPP_CONNQUEUE_WORDS];
    uint32_t taken[ROPP_REASON_COUNT]; /* by the worker, by kind */
    /* The game's own. The kind of a record is its reason; ROPP_REASON_NONE is what was accepted. */
    struct ropp_connqueue_kind kinds[ROPP_REASON_COUNT];
    uint8_t kind_at[ROPP_CONNQUEUE_RECORDS]; /* by the place in the ring; kicked ones have none */
};

/* All zero is an empty queue. */

/* Fills a record with what a connection is and what became of it. The texts are those of its
 * innermost header, where that is still at hand; NULL where not. */
void ropp_connqueue_describe(const struct ropp_conn *conn, const struct ropp_header *header,
                             enum ropp_connqueue_verdict verdict, uint64_t ban_id, int64_t wall_ms,
                             struct ropp_connqueue_record *record);

/* By the game. now_ms is the clock that never jumps. */
void ropp_connqueue_put(struct ropp_connqueue *queue, const struct ropp_connqueue_record *record,
                        int64_t now_ms);

/* By the worker: the oldest record. False when there is none. */
bool ropp_connqueue_take(struct ropp_connqueue *queue, struct ropp_connqueue_record *record);

/* By the worker. */
bool ropp_connqueue_is_empty(const struct ropp_connqueue *queue);

/* How many were dropped since the start; wraps around. */
uint32_t ropp_connqueue_dropped(const struct ropp_connqueue *queue);

#endif
