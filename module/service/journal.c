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
    if (header->ssl.present)
        record->tls_length = journal_copy(&header->ssl.version, record->tls, sizeof record->tls);
}

/* Whether a refusal may still be kept: a bucket that holds a burst and is filled up steadily. */
static bool journal_may_keep(struct ropp_journal *journal, int64_t now_ms)
{
    int64_t gained;

    if (journal->filled_ms == 0) {
        journal->tokens = ROPP_JOURNAL_BURST;
        journal->filled_ms = now_ms;
    }
    gained = (now_ms - journal->filled_ms) * ROPP_JOURNAL_RATE / 1000;
    if (gained > 0) {
        journal->filled_ms += gained * 1000 / ROPP_JOURNAL_RATE;
        gained += journal->tokens;
        journal->tokens = gained > ROPP_JOURNAL_BURST ? ROPP_JOURNAL_BURST : (uint32_t)gained;
    }
    if (journal->tokens == 0)
        return false;
    journal->tokens--;
    return true;
}

static void journal_count_dropped(struct ropp_journal *journal)
{
    ropp_poke(&journal->dropped, ropp_peek(&journal->dropped) + 1);
}

void ropp_journal_put(struct ropp_journal *journal, const struct ropp_journal_record *record,
                      int64_t now_ms)
{
    uint32_t words[ROPP_JOURNAL_WORDS] = {0}, head = ropp_peek(&journal->head), *place, tail;
    size_t i;

    if (record->verdict == ROPP_JOURNAL_REFUSED && !journal_may_keep(journal, now_ms)) {
        journal_count_dropped(journal);
        return;
    }
    tail = ropp_load(&journal->tail);
    if (head - tail == ROPP_JOURNAL_RECORDS && ropp_store_if(&journal->tail, tail, tail + 1))
        journal_count_dropped(journal); /* else the worker has taken it just now */
    memcpy(words, record, sizeof *record);
    place = journal->ring[head % ROPP_JOURNAL_RECORDS];
    for (i = 0; i < ROPP_JOURNAL_WORDS; i++)
        ropp_poke(&place[i], words[i]);
    ropp_store(&journal->head, head + 1);
}

bool ropp_journal_take(struct ropp_journal *journal, struct ropp_journal_record *record)
{
    uint32_t words[ROPP_JOURNAL_WORDS], tail;
    const uint32_t *place;
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
