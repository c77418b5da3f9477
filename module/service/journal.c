#include "service/journal.h"

#include <string.h>

#include "platform.h"

static uint16_t journal_copy(const struct ropp_header_value *value, uint8_t *out, size_t size)
{
    size_t length = value->present ? value->length : 0;

    if (length > size)
        length = size;
    memcpy(out, value->bytes, length);
    return (uint16_t)length;
}

void ropp_journal_describe(const struct ropp_conn *conn, enum ropp_journal_verdict verdict,
                           uint64_t ban_id, int64_t wall_ms, struct ropp_journal_record *record)
{
    const struct ropp_header *header = &conn->header;

    memset(record, 0, sizeof *record);
    record->time_ms = wall_ms;
    record->ban_id = ban_id;
    record->verdict = (uint8_t)verdict;
    record->reason = (uint8_t)(verdict == ROPP_JOURNAL_ACCEPTED ? ROPP_REASON_NONE : conn->reason);
    record->source = conn->peer;
    if (conn->verdict != ROPP_VERDICT_HEADER && conn->verdict != ROPP_VERDICT_EITHER)
        return; /* nobody looked for a header */
    record->header_version = header->version;
    if (!ropp_conn_is_proxied(conn))
        return;
    record->source = ropp_conn_player(conn);
    record->source_port = header->source_port;
    record->hop = conn->hop;
    record->destination = header->destination;
    record->destination_port = header->destination_port;
    record->unique_id_length =
        journal_copy(&header->unique_id, record->unique_id, sizeof record->unique_id);
    record->authority_length =
        journal_copy(&header->authority, record->authority, sizeof record->authority);
    record->tls_length = journal_copy(&header->tls_version, record->tls, sizeof record->tls);
}

#define JOURNAL_NO_KIND ROPP_REASON_COUNT /* of what is always kept */

static uint8_t journal_kind(const struct ropp_journal_record *record)
{
    if (record->verdict == ROPP_JOURNAL_KICKED || record->reason >= ROPP_REASON_COUNT)
        return JOURNAL_NO_KIND;
    return record->verdict == ROPP_JOURNAL_ACCEPTED ? (uint8_t)ROPP_REASON_NONE : record->reason;
}

/* Takes a token; false when there is none. */
static bool journal_spend(struct ropp_journal_kind *kind, int64_t now_ms, uint32_t burst,
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

static bool journal_may_keep(struct ropp_journal *journal, uint8_t number, int64_t now_ms)
{
    bool accepted = number == ROPP_REASON_NONE;
    struct ropp_journal_kind *kind = &journal->kinds[number];
    uint32_t there = kind->put - ropp_peek(&journal->taken[number]);

    if (there >= (accepted ? ROPP_JOURNAL_ACCEPTED_SHARE : ROPP_JOURNAL_SHARE))
        return false;
    return journal_spend(kind, now_ms, accepted ? ROPP_JOURNAL_ACCEPTED_BURST : ROPP_JOURNAL_BURST,
                         accepted ? ROPP_JOURNAL_ACCEPTED_RATE : ROPP_JOURNAL_RATE);
}

static void journal_count_dropped(struct ropp_journal *journal)
{
    ropp_poke(&journal->dropped, ropp_peek(&journal->dropped) + 1);
}

/* Lets the oldest record go, unless the worker has taken it just now. */
static void journal_make_room(struct ropp_journal *journal, uint32_t tail)
{
    uint8_t kind = journal->kind_at[tail % ROPP_JOURNAL_RECORDS];

    if (!ropp_store_if(&journal->tail, tail, tail + 1))
        return;
    journal_count_dropped(journal);
    if (kind != JOURNAL_NO_KIND)
        journal->kinds[kind].put--;
}

void ropp_journal_put(struct ropp_journal *journal, const struct ropp_journal_record *record,
                      int64_t now_ms)
{
    uint32_t words[ROPP_JOURNAL_WORDS] = {0}, head = ropp_peek(&journal->head), *place, tail;
    uint8_t kind = journal_kind(record);
    size_t i;

    if (kind != JOURNAL_NO_KIND && !journal_may_keep(journal, kind, now_ms)) {
        journal_count_dropped(journal);
        return;
    }
    tail = ropp_load(&journal->tail);
    if (head - tail == ROPP_JOURNAL_RECORDS)
        journal_make_room(journal, tail);
    memcpy(words, record, sizeof *record);
    place = journal->ring[head % ROPP_JOURNAL_RECORDS];
    for (i = 0; i < ROPP_JOURNAL_WORDS; i++)
        ropp_poke(&place[i], words[i]);
    journal->kind_at[head % ROPP_JOURNAL_RECORDS] = kind;
    if (kind != JOURNAL_NO_KIND)
        journal->kinds[kind].put++;
    ropp_store(&journal->head, head + 1);
}

bool ropp_journal_take(struct ropp_journal *journal, struct ropp_journal_record *record)
{
    uint32_t words[ROPP_JOURNAL_WORDS], tail;
    const uint32_t *place;
    uint8_t kind;
    size_t i;

    for (;;) {
        tail = ropp_load(&journal->tail);
        if (tail == ropp_load(&journal->head))
            return false;
        place = journal->ring[tail % ROPP_JOURNAL_RECORDS];
        for (i = 0; i < ROPP_JOURNAL_WORDS; i++)
            words[i] = ropp_peek(&place[i]);
        /* If the record had to make room while it was read, what was read may be two halves. */
        if (ropp_store_if(&journal->tail, tail, tail + 1))
            break;
    }
    memcpy(record, words, sizeof *record);
    kind = journal_kind(record);
    if (kind != JOURNAL_NO_KIND)
        ropp_poke(&journal->taken[kind], ropp_peek(&journal->taken[kind]) + 1);
    return true;
}

bool ropp_journal_is_empty(const struct ropp_journal *journal)
{
    return ropp_load(&journal->tail) == ropp_load(&journal->head);
}

uint32_t ropp_journal_dropped(const struct ropp_journal *journal)
{
    return ropp_peek(&journal->dropped);
}
