// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "service/connqueue.h"
#include "tests/unit/unit.h"

#define PUT 20000 /* by the other thread: many times the ring */

/* No source is a proxy of the owner's. */
static const struct ropp_policy nobody = {ROPP_MODE_ON, {NULL, 0}, {NULL, 0}};

static struct ropp_connqueue *make_queue(void **state)
{
    struct ropp_connqueue *queue = (struct ropp_connqueue *)calloc(1, sizeof *queue);

    assert_non_null(queue);
    *state = queue;
    return queue;
}

static int free_queue(void **state)
{
    free(*state);
    return 0;
}

/* A record that is one word over and over, but for its verdict. */
static struct ropp_connqueue_record record_of(uint32_t number, enum ropp_connqueue_verdict verdict)
{
    struct ropp_connqueue_record record;
    uint8_t *bytes = (uint8_t *)&record;
    size_t i;

    for (i = 0; i < sizeof record; i++)
        bytes[i] = (uint8_t)(number >> 8 * (i % 4));
    record.verdict = (uint8_t)verdict;
    return record;
}

/* The word that a record is made of; 0 when it is made of two. */
static uint32_t number_of(const struct ropp_connqueue_record *record)
{
    uint32_t number = (uint32_t)record->ban_id;
    struct ropp_connqueue_record whole =
        record_of(number, (enum ropp_connqueue_verdict)record->verdict);

    return memcmp(&whole, record, sizeof whole) == 0 ? number : 0;
}

static void put(struct ropp_connqueue *queue, uint32_t number, enum ropp_connqueue_verdict verdict,
                int64_t now_ms)
{
    struct ropp_connqueue_record record = record_of(number, verdict);

    ropp_connqueue_put(queue, &record, now_ms);
}

static uint32_t take(struct ropp_connqueue *queue)
{
    struct ropp_connqueue_record record;

    assert_true(ropp_connqueue_take(queue, &record));
    return number_of(&record);
}

static void test_in_order(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    struct ropp_connqueue_record record;
    uint32_t number;

    assert_true(ropp_connqueue_is_empty(queue));
    assert_false(ropp_connqueue_take(queue, &record));
    queue->head = queue->tail = UINT32_MAX - 1; /* the counters wrap around */
    for (number = 1; number <= 5; number++)
        put(queue, number, ROPP_CONNQUEUE_ACCEPTED, 1);
    assert_false(ropp_connqueue_is_empty(queue));
    for (number = 1; number <= 5; number++)
        assert_int_equal(take(queue), number);
    assert_true(ropp_connqueue_is_empty(queue));
    assert_int_equal(ropp_connqueue_dropped(queue), 0);
}

static void test_oldest_makes_room(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    uint32_t number;

    for (number = 1; number <= ROPP_CONNQUEUE_RECORDS + 7; number++)
        put(queue, number, ROPP_CONNQUEUE_KICKED, 1);
    assert_int_equal(ropp_connqueue_dropped(queue), 7);
    for (number = 8; number <= ROPP_CONNQUEUE_RECORDS + 7; number++)
        assert_int_equal(take(queue), number);
    assert_true(ropp_connqueue_is_empty(queue));
}

/* Refuses so many at a moment and returns how many of them were kept. */
static uint32_t kept(struct ropp_connqueue *queue, unsigned count, int64_t now_ms)
{
    uint32_t dropped = ropp_connqueue_dropped(queue);
    unsigned i;

    for (i = 0; i < count; i++)
        put(queue, 1, ROPP_CONNQUEUE_REFUSED, now_ms);
    return count - (ropp_connqueue_dropped(queue) - dropped);
}

static void test_refusals_are_rationed(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    int64_t now_ms = 5000;
    struct ropp_connqueue_record record;
    unsigned i;

    /* A burst, and not one more. */
    assert_int_equal(kept(queue, ROPP_CONNQUEUE_BURST + 500, now_ms), ROPP_CONNQUEUE_BURST);
    while (ropp_connqueue_take(queue, &record))
        continue;

    /* Then one every 50 ms, however often that is asked. */
    assert_int_equal(kept(queue, 3, now_ms + 49), 0);
    assert_int_equal(kept(queue, 3, now_ms + 50), 1);
    assert_int_equal(kept(queue, 3, now_ms + 99), 0);
    for (i = 1; i <= 1000; i++) /* ten seconds in steps of 10 ms */
        (void)kept(queue, 2, now_ms + 100 + 10 * i);
    for (i = 0; ropp_connqueue_take(queue, &record); i++)
        continue;
    assert_int_equal(i, 1 + 1 + 200);

    /* What is let in or thrown out is no flood. */
    put(queue, 2, ROPP_CONNQUEUE_ACCEPTED, now_ms + 10100);
    put(queue, 3, ROPP_CONNQUEUE_KICKED, now_ms + 10100);
    assert_int_equal(take(queue), 2);
    assert_int_equal(take(queue), 3);

    /* After a year's silence there is a burst again, and no more than one. */
    now_ms += INT64_C(366) * 86400 * 1000;
    assert_int_equal(kept(queue, ROPP_CONNQUEUE_BURST + 10, now_ms), ROPP_CONNQUEUE_BURST);

    while (ropp_connqueue_take(queue, &record))
        continue;

    /* A second is worth as much when nobody asks in it, and so is the next one. */
    for (i = 1; i <= 2; i++)
        assert_int_equal(kept(queue, 2 * ROPP_CONNQUEUE_RATE, now_ms + INT64_C(1000) * i),
                         ROPP_CONNQUEUE_RATE);
}

static void refuse(struct ropp_connqueue *queue, enum ropp_reason reason, int64_t now_ms)
{
    struct ropp_connqueue_record record = record_of(1, ROPP_CONNQUEUE_REFUSED);

    record.reason = (uint8_t)reason;
    ropp_connqueue_put(queue, &record, now_ms);
}

/* How many records of a reason are in the ring, which is empty afterwards. */
static void count_reasons(struct ropp_connqueue *queue, unsigned counts[ROPP_REASON_COUNT])
{
    struct ropp_connqueue_record record;

    memset(counts, 0, ROPP_REASON_COUNT * sizeof *counts);
    while (ropp_connqueue_take(queue, &record))
        counts[record.reason]++;
}

/* A flood of one reason takes nothing from the others, in a moment or for hours. */
static void test_a_flood_takes_nothing_from_others(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    unsigned counts[ROPP_REASON_COUNT], i;
    int64_t now_ms = 5000;

    for (i = 0; i < 100000; i++)
        refuse(queue, ROPP_REASON_UNTRUSTED, now_ms);
    for (i = 0; i < 3; i++)
        refuse(queue, ROPP_REASON_BANNED, now_ms);
    count_reasons(queue, counts);
    assert_int_equal(counts[ROPP_REASON_UNTRUSTED], ROPP_CONNQUEUE_BURST);
    assert_int_equal(counts[ROPP_REASON_BANNED], 3);

    /* Nobody takes anything for ten hours: the database is away. */
    for (i = 0; i < 3; i++)
        refuse(queue, ROPP_REASON_BANNED, now_ms);
    for (i = 0; i < 36000; i++) {
        now_ms += 1000;
        refuse(queue, ROPP_REASON_UNTRUSTED, now_ms);
        put(queue, 0, ROPP_CONNQUEUE_ACCEPTED, now_ms);
    }
    refuse(queue, ROPP_REASON_GUARD, now_ms);
    count_reasons(queue, counts);
    assert_int_equal(counts[ROPP_REASON_BANNED], 3);
    assert_int_equal(counts[ROPP_REASON_GUARD], 1);
    assert_int_equal(counts[ROPP_REASON_UNTRUSTED], ROPP_CONNQUEUE_SHARE);
    assert_int_equal(counts[ROPP_REASON_NONE], ROPP_CONNQUEUE_ACCEPTED_SHARE);

    /* The share is free again. */
    now_ms += 1000;
    refuse(queue, ROPP_REASON_UNTRUSTED, now_ms);
    count_reasons(queue, counts);
    assert_int_equal(counts[ROPP_REASON_UNTRUSTED], 1);
}

/* Also `all` has an end: so many at once, and then so many a second. */
static void test_the_accepted_are_rationed(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    unsigned counts[ROPP_REASON_COUNT], i;

    for (i = 0; i < ROPP_CONNQUEUE_ACCEPTED_BURST + 10; i++)
        put(queue, 0, ROPP_CONNQUEUE_ACCEPTED, 1);
    count_reasons(queue, counts);
    assert_int_equal(counts[ROPP_REASON_NONE], ROPP_CONNQUEUE_ACCEPTED_BURST);
    assert_int_equal(ropp_connqueue_dropped(queue), 10);
    for (i = 0; i < 1000; i++)
        put(queue, 0, ROPP_CONNQUEUE_ACCEPTED, 1 + i);
    count_reasons(queue, counts);
    assert_int_equal(counts[ROPP_REASON_NONE], ROPP_CONNQUEUE_ACCEPTED_RATE - 1);
}

/* What made room for others is not there any more. */
static void test_shares_after_making_room(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    unsigned counts[ROPP_REASON_COUNT], i;
    int64_t now_ms = 5000;

    for (i = 0; i < ROPP_CONNQUEUE_SHARE; i++)
        refuse(queue, ROPP_REASON_UNTRUSTED, now_ms += 50);
    for (i = 0; i < ROPP_CONNQUEUE_RECORDS; i++)
        put(queue, 1, ROPP_CONNQUEUE_KICKED, now_ms);
    for (i = 0; i < ROPP_CONNQUEUE_SHARE + 5; i++)
        refuse(queue, ROPP_REASON_UNTRUSTED, now_ms += 50);
    count_reasons(queue, counts);
    assert_int_equal(counts[ROPP_REASON_UNTRUSTED], ROPP_CONNQUEUE_SHARE);
}

/* ---- two threads ---- */

static void *put_all(void *argument)
{
    struct ropp_connqueue *queue = (struct ropp_connqueue *)argument;
    uint32_t number;

    for (number = 1; number <= PUT; number++) {
        put(queue, number * UINT32_C(2654435761) | 1u, ROPP_CONNQUEUE_KICKED, 1);
        if (number % 5000 == 0)
            sched_yield();
    }
    return NULL;
}

/* One thread puts faster than this one takes: every record is whole, they come in order, and those
 * that do not come are counted. */
static void test_records_are_never_torn(void **state)
{
    struct ropp_connqueue *queue = make_queue(state);
    struct ropp_connqueue_record record;
    uint32_t taken = 0, number, next = 1;
    pthread_t game;

    assert_int_equal(pthread_create(&game, NULL, put_all, queue), 0);
    while (taken + ropp_connqueue_dropped(queue) < PUT || !ropp_connqueue_is_empty(queue)) {
        if (!ropp_connqueue_take(queue, &record)) {
            sched_yield();
            continue;
        }
        taken++;
        number = number_of(&record);
        assert_int_not_equal(number, 0);
        while (next <= PUT && (next * UINT32_C(2654435761) | 1u) != number)
            next++;
        assert_true(next <= PUT);
        next++;
    }
    assert_int_equal(pthread_join(game, NULL), 0);
    assert_int_equal(taken + ropp_connqueue_dropped(queue), PUT);
    assert_true(taken >= ROPP_CONNQUEUE_RECORDS);
}

/* ---- what a connection becomes ---- */

static struct ropp_header reader;

static void open_conn(struct ropp_conn *conn, enum ropp_verdict verdict,
                      const struct ropp_addr *peer)
{
    ropp_conn_open(conn, verdict, ropp_addr_to_v4(peer), ROPP_SERVER_NONE, 0, 3000);
    ropp_header_init(&reader);
}

static struct ropp_connqueue_record describe(const struct ropp_conn *conn,
                                             enum ropp_connqueue_verdict verdict)
{
    struct ropp_connqueue_record record;

    memset(&record, 0xee, sizeof record);
    ropp_connqueue_describe(conn, &reader, verdict, 77, 1234567, &record);
    assert_int_equal(record.time_ms, 1234567);
    assert_int_equal(record.ban_id, 77);
    assert_int_equal(record.verdict, verdict);
    return record;
}

static void test_describes_a_direct_peer(void **state)
{
    struct ropp_addr peer = ropp_addr_v4(0xc0000207);
    struct ropp_connqueue_record record;
    struct ropp_conn conn;

    (void)state;
    memset(&conn, 0xdd, sizeof conn);
    open_conn(&conn, ROPP_VERDICT_DIRECT, &peer);
    record = describe(&conn, ROPP_CONNQUEUE_ACCEPTED);
    assert_true(ropp_addr_equal(&record.source, &peer));
    assert_int_equal(record.hop.family, ROPP_FAMILY_UNSPEC);
    assert_int_equal(record.destination.family, ROPP_FAMILY_UNSPEC);
    assert_int_equal(record.header_version, 0);
    assert_int_equal(record.reason, ROPP_REASON_NONE);
    assert_int_equal(record.unique_id_length + record.authority_length + record.tls_length, 0);

    ropp_conn_refuse(&conn, ROPP_REASON_BANNED);
    assert_int_equal(describe(&conn, ROPP_CONNQUEUE_REFUSED).reason, ROPP_REASON_BANNED);
    assert_int_equal(describe(&conn, ROPP_CONNQUEUE_KICKED).reason, ROPP_REASON_BANNED);
}

/* Version 2, TCP over IPv4, 192.0.2.7:50000 to 198.51.100.1:6900, an authority, an SSL TLV with
 * its version, and a unique id as long as they get. */
static size_t long_header(uint8_t bytes[512])
{
    static const uint8_t head[] = {0x0d, 0x0a, 0x0d, 0x0a, 0,    0x0d, 0x0a, 0x51, 0x55, 0x49,
                                   0x54, 0x0a, 0x21, 0x11, 0,    0,    192,  0,    2,    7,
                                   198,  51,   100,  1,    0xc3, 0x50, 0x1a, 0xf4, 2,    0,
                                   4,    'a',  '.',  '\'', 0,    0x20, 0,    30,   1,    0,
                                   0,    0,    0,    0x21, 0,    22};
    size_t used = sizeof head;

    memcpy(bytes, head, used);
    memcpy(bytes + used, "TLSv1.3, the long name", 22);
    used += 22;
    bytes[used++] = 5;
    bytes[used++] = 0;
    bytes[used++] = ROPP_HEADER_VALUE_MAX;
    memset(bytes + used, 0xa7, ROPP_HEADER_VALUE_MAX);
    used += ROPP_HEADER_VALUE_MAX;
    bytes[14] = (uint8_t)((used - 16) >> 8);
    bytes[15] = (uint8_t)(used - 16);
    return used;
}

static void test_describes_a_header(void **state)
{
    struct ropp_addr peer = ropp_addr_v4(0x7f000001), source = ropp_addr_v4(0xc0000207),
                     destination = ropp_addr_v4(0xc6336401);
    struct ropp_connqueue_record record;
    struct ropp_conn conn;
    uint8_t bytes[512], id[ROPP_HEADER_VALUE_MAX];
    size_t length = long_header(bytes);

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER, &peer);
    assert_int_equal(ropp_conn_feed(&conn, &reader, &nobody, bytes, length), length);
    assert_int_equal(conn.owner, ROPP_OWNER_PROXIED);
    record = describe(&conn, ROPP_CONNQUEUE_ACCEPTED);
    assert_int_equal(record.header_version, 2);
    assert_true(ropp_addr_equal(&record.source, &source));
    assert_true(ropp_addr_equal(&record.hop, &peer));
    assert_true(ropp_addr_equal(&record.destination, &destination));
    assert_int_equal(record.source_port, 50000);
    assert_int_equal(record.destination_port, 6900);
    memset(id, 0xa7, sizeof id);
    assert_int_equal(record.unique_id_length, sizeof id);
    assert_memory_equal(record.unique_id, id, sizeof id);
    assert_int_equal(record.authority_length, 4);
    assert_memory_equal(record.authority, "a.'\0", 4);
    assert_int_equal(record.tls_length, ROPP_CONNQUEUE_TLS_MAX);
    assert_memory_equal(record.tls, "TLSv1.3, the lon", ROPP_CONNQUEUE_TLS_MAX);

    /* Later the header is not at hand any more. */
    ropp_connqueue_describe(&conn, NULL, ROPP_CONNQUEUE_KICKED, 77, 1234567, &record);
    assert_int_equal(record.header_version, 2);
    assert_true(ropp_addr_equal(&record.source, &source));
    assert_true(ropp_addr_equal(&record.destination, &destination));
    assert_int_equal(record.source_port, 50000);
    assert_int_equal(record.unique_id_length + record.authority_length + record.tls_length, 0);
}

static void test_describes_what_is_no_player(void **state)
{
    static const char unknown[] = "PROXY UNKNOWN\r\n", broken[] = "PROXY TCP4 nonsense\r\n";
    struct ropp_addr peer = ropp_addr_v4(0x7f000001);
    struct ropp_connqueue_record record;
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_EITHER, &peer);
    ropp_conn_tick(&conn, 3000);
    record = describe(&conn, ROPP_CONNQUEUE_REFUSED); /* nothing came */
    assert_int_equal(record.header_version, 0);
    assert_int_equal(record.reason, ROPP_REASON_HEADER_TIMEOUT);
    assert_true(ropp_addr_equal(&record.source, &peer));
    assert_int_equal(record.hop.family, ROPP_FAMILY_UNSPEC);

    open_conn(&conn, ROPP_VERDICT_HEADER, &peer);
    ropp_conn_feed(&conn, &reader, &nobody, (const uint8_t *)broken, strlen(broken));
    record = describe(&conn, ROPP_CONNQUEUE_REFUSED);
    assert_int_equal(record.header_version, 1);
    assert_int_equal(record.reason, ROPP_REASON_V1_ADDRESS);
    assert_true(ropp_addr_equal(&record.source, &peer));

    open_conn(&conn, ROPP_VERDICT_HEADER, &peer);
    ropp_conn_feed(&conn, &reader, &nobody, (const uint8_t *)unknown, strlen(unknown));
    record = describe(&conn, ROPP_CONNQUEUE_ACCEPTED);
    assert_int_equal(record.header_version, 1);
    assert_true(ropp_addr_equal(&record.source, &peer));
    assert_true(ropp_addr_equal(&record.hop, &peer));
}

/* Of a chain the hop that the player dialled counts, which is the outermost one. */
static void test_describes_a_chain(void **state)
{
    static const char headers[] = "PROXY TCP4 192.0.2.10 198.51.100.1 1 6900\r\n"
                                  "PROXY TCP4 203.0.113.9 198.51.100.2 50000 6900\r\n";
    struct ropp_addr peer = ropp_addr_v4(0x7f000001), outer = ropp_addr_v4(0xc000020a),
                     source = ropp_addr_v4(0xcb007109);
    struct ropp_prefix proxy = {outer, 32};
    struct ropp_policy policy = {ROPP_MODE_ON, {&proxy, 1}, {NULL, 0}};
    struct ropp_connqueue_record record;
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER, &peer);
    assert_int_equal(ropp_conn_feed(&conn, &reader, &policy, (const uint8_t *)headers,
                                    strlen(headers)),
                     strlen(headers));
    record = describe(&conn, ROPP_CONNQUEUE_ACCEPTED);
    assert_true(ropp_addr_equal(&record.source, &source));
    assert_true(ropp_addr_equal(&record.hop, &outer));
    assert_int_equal(record.source_port, 50000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_in_order, free_queue),
        cmocka_unit_test_teardown(test_oldest_makes_room, free_queue),
        cmocka_unit_test_teardown(test_refusals_are_rationed, free_queue),
        cmocka_unit_test_teardown(test_a_flood_takes_nothing_from_others, free_queue),
        cmocka_unit_test_teardown(test_the_accepted_are_rationed, free_queue),
        cmocka_unit_test_teardown(test_shares_after_making_room, free_queue),
        cmocka_unit_test_teardown(test_records_are_never_torn, free_queue),
        cmocka_unit_test(test_describes_a_direct_peer),
        cmocka_unit_test(test_describes_a_header),
        cmocka_unit_test(test_describes_what_is_no_player),
        cmocka_unit_test(test_describes_a_chain),
    };

    return UNIT_RUN(argc, argv, "connqueue", tests, NULL, NULL);
}
