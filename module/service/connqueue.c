// SPDX-License-Identifier: MIT
#include "service/connqueue.h"

#include <string.h>

#include "platform.h"

static uint16_t connqueue_copy(const struct ropp_header_value *value, uint8_t *out, size_t size)
{
    size_t length = value->present ? value->length : 0;

    if (length > size)
        length = size;
    memcpy(out, value->bytes, length);
    return (uint16_t)length;
}

void ropp_connqueue_describe(const struct ropp_conn *conn, const struct ropp_header *header,
                             enum ropp_connqueue_verdict verdict, uint64_t ban_id, int64_t wall_ms,
                             struct ropp_connqueue_record *record)
{
    memset(record, 0, sizeof *record);
    record->time_ms = wall_ms;
    record->ban_id = ban_id;
    record->verdict = (uint8_t)verdict;
    record->reason =
        (uint8_t)(verdict == ROPP_CONNQUEUE_ACCEPTED ? ROPP_REASON_NONE : conn->reason);
    record->source = ropp_conn_peer(conn);
    if (conn->verdict != ROPP_VERDICT_HEADER && conn->verdict != ROPP_VERDICT_EITHER)
        return; /* nobody looked for a header */
    record->header_version = (uint8_t)conn->header_version;
    if (!ropp_conn_is_proxied(conn))
        return;
    record->source = ropp_conn_player(conn);
    record->source_port = conn->source_port;
    record->hop = conn->hop;
    record->destination = conn->destination;
    record->destination_port = conn->destination_port;
    if (header == NULL)
        return;
    record->unique_id_length =
        connqueue_copy(&header->unique_id, record->unique_id, sizeof record->unique_id);
    record->authority_length =
        connqueue_copy(&header->authority, record->authority, sizeof record->authority);
    record->tls_length = connqueue_copy(&header->tls_version, record->tls, sizeof record->tls);
}

#define CONNQUEUE_NO_KIND ROPP_REASON_COUNT /* of what is always kept */

static uint8_t connqueue_kind(const struct ropp_connqueue_record *record)
{
    if (record->verdict == ROPP_CONNQUEUE_KICKED || record->reason >= ROPP_REASON_COUNT)
        return CONNQUEUE_NO_KIND;
    return record->verdict == ROPP_CONNQUEUE_ACCEPTED ? (uint8_t)ROPP_REASON_NONE : record->reason;
}

/* Takes a token; false when there is none. */
static bool connqueue_spend(struct ropp_connqueue_kind *kind, int64_t now_ms, uint32_t burst,
                            int64_t rate)
{
    int64_t gained;

    if (kind->filled_ms == 0) {
        kind->tokens = burst;
        kind->filled_ms = now_ms;
    }
    gained = (now_ms - kind->filled_ms) * rate / 1000;
    if (gained > 0) {
        kind->filled_ms += gained * 1000 / rate;
        gained += kind->tokens;
        kind->tokens = gained > (int64_t)burst ? burst : (uint32_t)gained;
    }
    if (kind->tokens == 0)
        return false;
    kind->tokens--;
    return true;
}

static bool connqueue_may_keep(struct ropp_connqueue *queue, uint8_t number, int64_t now_ms)
{
    bool accepted = number == ROPP_REASON_NONE;
    struct ropp_connqueue_kind *kind = &queue->kinds[number];
    uint32_t there = kind->put - ropp_load_relaxed(&queue->taken[number]);

    if (there >= (accepted ? ROPP_CONNQUEUE_ACCEPTED_SHARE : ROPP_CONNQUEUE_SHARE))
        return false;
    return connqueue_spend(kind, now_ms,
                           accepted ? ROPP_CONNQUEUE_ACCEPTED_BURST : ROPP_CONNQUEUE_BURST,
                           accepted ? ROPP_CONNQUEUE_ACCEPTED_RATE : ROPP_CONNQUEUE_RATE);
}

static void connqueue_count_dropped(struct ropp_connqueue *queue)
{
    ropp_store_relaxed(&queue->dropped, ropp_load_relaxed(&queue->dropped) + 1);
}

/* Lets the oldest record go, unless the worker has taken it just now. */
static void connqueue_make_room(struct ropp_connqueue *queue, uint32_t tail)
{
    uint8_t kind = queue->kind_at[tail % ROPP_CONNQUEUE_RECORDS];

    if (!ropp_compare_exchange(&queue->tail, tail, tail + 1))
        return;
    connqueue_count_dropped(queue);
    if (kind != CONNQUEUE_NO_KIND)
        queue->kinds[kind].put--;
}

void ropp_connqueue_put(struct ropp_connqueue *queue, const struct ropp_connqueue_record *record,
                        int64_t now_ms)
{
    uint32_t words[ROPP_CONNQUEUE_WORDS] = {0}, head = ropp_load_relaxed(&queue->head), *place,
             tail;
    uint8_t kind = connqueue_kind(record);
    size_t i;

    if (kind != CONNQUEUE_NO_KIND && !connqueue_may_keep(queue, kind, now_ms)) {
        connqueue_count_dropped(queue);
        return;
    }
    tail = ropp_load(&queue->tail);
    if (head - tail == ROPP_CONNQUEUE_RECORDS)
        connqueue_make_room(queue, tail);
    memcpy(words, record, sizeof *record);
    place = queue->ring[head % ROPP_CONNQUEUE_RECORDS];
    for (i = 0; i < ROPP_CONNQUEUE_WORDS; i++)
        ropp_store_relaxed(&place[i], words[i]);
    queue->kind_at[head % ROPP_CONNQUEUE_RECORDS] = kind;
    if (kind != CONNQUEUE_NO_KIND)
        queue->kinds[kind].put++;
    ropp_store(&queue->head, head + 1);
}

bool ropp_connqueue_take(struct ropp_connqueue *queue, struct ropp_connqueue_record *record)
{
    uint32_t words[ROPP_CONNQUEUE_WORDS], tail;
    const uint32_t *place;
    uint8_t kind;
    size_t i;

    for (;;) {
        tail = ropp_load(&queue->tail);
        if (tail == ropp_load(&queue->head))
            return false;
        place = queue->ring[tail % ROPP_CONNQUEUE_RECORDS];
        for (i = 0; i < ROPP_CONNQUEUE_WORDS; i++)
            words[i] = ropp_load_relaxed(&place[i]);
        /* If the record had to make room while it was read, what was read may be two halves. */
        if (ropp_compare_exchange(&queue->tail, tail, tail + 1))
            break;
    }
    memcpy(record, words, sizeof *record);
    kind = connqueue_kind(record);
    if (kind != CONNQUEUE_NO_KIND)
        ropp_store_relaxed(&queue->taken[kind], ropp_load_relaxed(&queue->taken[kind]) + 1);
    return true;
}

bool ropp_connqueue_is_empty(const struct ropp_connqueue *queue)
{
    return ropp_load(&queue->tail) == ropp_load(&queue->head);
}

uint32_t ropp_connqueue_dropped(const struct ropp_connqueue *queue)
{
    return ropp_load_relaxed(&queue->dropped);
}
