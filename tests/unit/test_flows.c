// SPDX-License-Identifier: MIT
/* Connections put together from segments: in order and out of order, repeated, overlapping, with
 * gaps, with numbers that wrap around, from either side. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/unit.h"
#include "tools/decode/flows.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The two sides: the one that dials, and the server. */
enum { DIALS, ANSWERS };
enum { DATA = 0, SYN = 1, SYN_ACK = 2 };

struct said {
    int side;
    int flags;
    uint32_t seq; /* as on the wire, but as ropp_frame_read gives it for a SYN */
    const char *text;
    uint16_t port; /* of the one that dials; 0: 1000 */
};

static const struct {
    const char *name;
    struct said said[8]; /* ends with a NULL text */
    const char *shown;
} cases[] = {
    {"in order",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 101, "abc", 0}, {DIALS, DATA, 104, "de", 0}},
     "1000:abcde "},
    {"without the SYN", {{DIALS, DATA, 7, "abc", 0}, {DIALS, DATA, 10, "de", 0}}, "1000:abcde "},
    {"out of order",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 104, "de", 0}, {DIALS, DATA, 101, "abc", 0}},
     "1000:abcde "},
    {"out of order, without the SYN",
     {{DIALS, DATA, 104, "de", 0}, {DIALS, DATA, 101, "abc", 0}},
     "1000:abcde "},
    {"repeated",
     {{DIALS, SYN, 101, "", 0},
      {DIALS, SYN, 101, "", 0},
      {DIALS, DATA, 101, "abc", 0},
      {DIALS, DATA, 101, "abc", 0},
      {DIALS, DATA, 104, "de", 0}},
     "1000:abcde "},
    {"overlapping: what came first counts",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 101, "abc", 0}, {DIALS, DATA, 102, "XYde", 0}},
     "1000:abcde "},
    {"a repetition cut otherwise",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 101, "a", 0}, {DIALS, DATA, 101, "abcde", 0}},
     "1000:abcde "},
    {"one inside the other",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 101, "abcde", 0}, {DIALS, DATA, 102, "b", 0}},
     "1000:abcde "},
    {"a gap",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 101, "abc", 0}, {DIALS, DATA, 105, "e", 0}},
     "1000:abc~ "},
    {"the first piece is missing",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 104, "de", 0}},
     "1000:~ "},
    {"numbers wrap around",
     {{DIALS, SYN, 0xfffffffe, "", 0},
      {DIALS, DATA, 0xfffffffe, "abc", 0},
      {DIALS, DATA, 1, "de", 0}},
     "1000:abcde "},
    {"numbers wrap around, out of order, without the SYN",
     {{DIALS, DATA, 1, "de", 0}, {DIALS, DATA, 0xfffffffe, "abc", 0}},
     "1000:abcde "},
    {"kept alive before the first byte",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 100, "?", 0}, {DIALS, DATA, 101, "abc", 0}},
     "1000:abc "},
    {"kept alive with a piece of the first byte",
     {{DIALS, SYN, 101, "", 0}, {DIALS, DATA, 100, "?a", 0}, {DIALS, DATA, 102, "bc", 0}},
     "1000:abc "},
    {"bytes in the SYN", {{DIALS, SYN, 101, "abc", 0}, {DIALS, DATA, 104, "de", 0}}, "1000:abcde "},
    {"the server's words are not shown",
     {{DIALS, SYN, 101, "", 0},
      {ANSWERS, SYN_ACK, 501, "", 0},
      {ANSWERS, DATA, 501, "hello", 0},
      {DIALS, DATA, 101, "abc", 0}},
     "1000:abc "},
    {"a server that speaks first, the SYN seen",
     {{DIALS, SYN, 101, "", 0}, {ANSWERS, DATA, 501, "hello", 0}, {DIALS, DATA, 101, "abc", 0}},
     "1000:abc "},
    {"only the answer to the SYN was seen",
     {{ANSWERS, SYN_ACK, 501, "", 0},
      {ANSWERS, DATA, 501, "hello", 0},
      {DIALS, DATA, 104, "de", 0},
      {DIALS, DATA, 101, "abc", 0}},
     "1000:abcde "},
    {"the answer to the SYN shows where it began",
     {{ANSWERS, SYN_ACK, 501, "", 0}, {DIALS, DATA, 104, "de", 0}},
     "1000:~ "},
    {"nobody's SYN: who speaks first",
     {{ANSWERS, DATA, 501, "hello", 0}, {DIALS, DATA, 101, "abc", 0}},
     "6900:hello "},
    {"silent",
     {{DIALS, SYN, 101, "", 0}, {ANSWERS, SYN_ACK, 501, "", 0}, {ANSWERS, DATA, 501, "x", 0}},
     "silent 1 "},
    {"two at once",
     {{DIALS, SYN, 101, "", 0},
      {DIALS, SYN, 901, "", 1001},
      {DIALS, DATA, 901, "xy", 1001},
      {DIALS, DATA, 101, "abc", 0},
      {DIALS, DATA, 903, "z", 1001}},
     "1000:abc 1001:xyz "},
    {"a port used again",
     {{DIALS, SYN, 101, "", 0},
      {DIALS, DATA, 101, "abc", 0},
      {DIALS, SYN, 901, "", 0},
      {DIALS, DATA, 901, "xyz", 0}},
     "1000:abc 1000:xyz "},
    {"a SYN that was captured late",
     {{DIALS, DATA, 101, "abc", 0}, {DIALS, SYN, 101, "", 0}, {DIALS, DATA, 104, "de", 0}},
     "1000:abcde "},
    {"a SYN that was captured late, behind what is out of order",
     {{DIALS, DATA, 104, "de", 0}, {DIALS, SYN, 101, "", 0}, {DIALS, DATA, 101, "abc", 0}},
     "1000:abcde "},
    {"a port used again, the first SYN not seen",
     {{DIALS, DATA, 101, "abc", 0}, {DIALS, SYN, 901, "", 0}, {DIALS, DATA, 901, "xyz", 0}},
     "1000:abc 1000:xyz "},
    {"a port used again, with a number far below",
     {{DIALS, DATA, 100000, "abc", 0}, {DIALS, SYN, 901, "", 0}, {DIALS, DATA, 901, "xyz", 0}},
     "1000:abc 1000:xyz "},
    {"an ACK of something before", {{DIALS, DATA, 101, "", 0}}, ""},
};

static char shown[256];

static void on_capture(void *context, const struct ropp_capture *capture)
{
    size_t used = strlen(shown);

    assert_ptr_equal(context, shown);
    assert_true(capture->has_ends);
    assert_int_equal(capture->kept, capture->total);
    snprintf(shown + used, sizeof shown - used, "%u:%.*s%s ", (unsigned)capture->from.port,
             (int)capture->kept, (const char *)capture->bytes, capture->has_gap ? "~" : "");
}

static struct ropp_segment segment_of(const struct said *said)
{
    struct ropp_segment segment;
    struct ropp_end dials = {ropp_addr_v4(0xc000020a), said->port != 0 ? said->port : 1000};
    struct ropp_end answers = {ropp_addr_v4(0xc6336405), 6900};

    memset(&segment, 0, sizeof segment);
    segment.from = said->side == DIALS ? dials : answers;
    segment.to = said->side == DIALS ? answers : dials;
    segment.seq = said->seq;
    segment.acked = said->side == ANSWERS ? 101 : 501;
    segment.syn = said->flags != DATA;
    segment.ack = said->flags != SYN;
    segment.payload = (const uint8_t *)said->text;
    segment.length = strlen(said->text);
    return segment;
}

static void test_table(void **state)
{
    struct ropp_segment segment;
    struct ropp_flows *flows;
    char *copy;
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        flows = ropp_flows_new();
        assert_non_null(flows);
        for (k = 0; k < COUNT(cases[i].said) && cases[i].said[k].text != NULL; k++) {
            segment = segment_of(&cases[i].said[k]);
            copy = strdup(cases[i].said[k].text);
            assert_non_null(copy);
            segment.payload = (const uint8_t *)copy;
            ropp_flows_add(flows, &segment, true);
            free(copy);
        }
        shown[0] = '\0';
        ropp_flows_each(flows, on_capture, shown);
        if (ropp_flows_silent(flows) != 0)
            snprintf(shown + strlen(shown), sizeof shown - strlen(shown), "silent %zu ",
                     ropp_flows_silent(flows));
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s: %s", cases[i].name, shown);
        ropp_flows_free(flows);
    }
    ropp_flows_free(NULL);
}

/* A SYN that comes late: it may announce as many bytes as a header has, and no more. */
static void late_syn(uint32_t ahead, const char *wanted)
{
    struct said data = {DIALS, DATA, 1000 + ahead, "late", 0}, syn = {DIALS, SYN, 1000, "", 0},
                more = {DIALS, DATA, 1000, "early", 0};
    struct ropp_segment segments[3] = {segment_of(&data), segment_of(&syn), segment_of(&more)};
    struct ropp_flows *flows = ropp_flows_new();

    for (size_t i = 0; i < 3; i++)
        ropp_flows_add(flows, &segments[i], false);
    shown[0] = '\0';
    ropp_flows_each(flows, on_capture, shown);
    assert_string_equal(shown, wanted);
    ropp_flows_free(flows);
}

static void test_late_syn(void **state)
{
    (void)state;
    late_syn(0, "1000:latey ");
    late_syn(5, "1000:earlylate ");
    late_syn(ROPP_HEADER_MAX, "1000:early~ ");
    late_syn(ROPP_HEADER_MAX + 1, "1000:late 1000:early ");
    late_syn((uint32_t)-1, "1000:late 1000:early ");
    late_syn(0x80000000u, "1000:late 1000:early ");
    late_syn(0x7fffffffu, "1000:late 1000:early ");
}

/* The same ports, and addresses that begin alike: of two families, and of one. */
static void on_any_length(void *context, const struct ropp_capture *capture)
{
    assert_true(capture->total > 0);
    ++*(size_t *)context;
}

static void test_ends_alike(void **state)
{
    struct said said = {DIALS, SYN, 101, "a", 0};
    struct ropp_flows *flows = ropp_flows_new();
    struct ropp_segment segment;
    size_t count = 0;

    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 4; i++) {
            segment = segment_of(&said);
            if (i % 2 == 1)
                segment.from.addr.family = segment.to.addr.family = ROPP_FAMILY_INET6;
            if (i >= 2) {
                struct ropp_end kept = segment.from; /* from the other side */

                segment.from = segment.to;
                segment.to = kept;
            }
            ropp_flows_add(flows, &segment, false);
        }
    assert_int_equal(ropp_flows_count(flows), 8);
    ropp_flows_each(flows, on_any_length, &count);
    assert_int_equal(count, 8);
    ropp_flows_free(flows);
}

/* More than a header can have: the rest is counted, and no more than a header is kept. */
static void on_long(void *context, const struct ropp_capture *capture)
{
    assert_int_equal(capture->kept, ROPP_HEADER_MAX);
    assert_int_equal(capture->total, 100 * 1000);
    assert_false(capture->has_gap);
    ++*(int *)context;
}

static void test_long(void **state)
{
    static uint8_t bytes[1000];
    struct said said = {DIALS, SYN, 101, "", 0};
    struct ropp_segment segment = segment_of(&said);
    struct ropp_flows *flows = ropp_flows_new();
    int count = 0, i;

    (void)state;
    assert_non_null(flows);
    ropp_flows_add(flows, &segment, false);
    segment.syn = false;
    segment.payload = bytes;
    segment.length = sizeof bytes;
    for (i = 0; i < 100; i++) {
        ropp_flows_add(flows, &segment, false);
        segment.seq += (uint32_t)sizeof bytes;
    }
    ropp_flows_each(flows, on_long, &count);
    assert_int_equal(count, 1);
    ropp_flows_free(flows);
}

static void on_any(void *context, const struct ropp_capture *capture)
{
    assert_int_equal(capture->total, 1);
    ++*(size_t *)context;
}

/* A capture of a flood does not take the square of its length. */
static void test_many(void **state)
{
    struct said said = {DIALS, SYN, 101, "a", 0};
    struct ropp_segment segment = segment_of(&said);
    struct ropp_flows *flows = ropp_flows_new();
    size_t count = 0;
    uint32_t i;

    (void)state;
    assert_non_null(flows);
    for (i = 0; i < 200000; i++) {
        segment.from.addr = ropp_addr_v4(0x0a000000 + i / 50000);
        segment.from.port = (uint16_t)(i % 50000);
        ropp_flows_add(flows, &segment, false);
    }
    assert_int_equal(ropp_flows_count(flows), 200000);
    assert_int_equal(ropp_flows_silent(flows), 0);
    ropp_flows_each(flows, on_any, &count);
    assert_int_equal(count, 200000);
    ropp_flows_free(flows);
}

/* A simple hash of an end. */
static uint32_t hash_of(const struct ropp_end *end)
{
    uint32_t hash = 2166136261u ^ end->port;

    for (size_t i = 0; i < sizeof end->addr.bytes; i++)
        hash = (hash ^ end->addr.bytes[i]) * 16777619u;
    return hash ^ hash >> 16;
}

/* The next end of an address, from its port on, that has the wanted remainder. */
static struct ropp_end next_end(struct ropp_end end, uint32_t wanted)
{
    do {
        if (++end.port == 0)
            end.addr = ropp_addr_v4(ropp_addr_to_v4(&end.addr) + 1);
    } while (hash_of(&end) % 8192 != wanted);
    return end;
}

/* Ends that a stranger has chosen so that a hash of the two is always the same take no longer. It is
 * this process's own time that counts, and it would be half a minute. */
static void test_chosen(void **state)
{
    enum { ENDS = 350 };
    struct said said = {DIALS, SYN, 101, "", 0};
    struct ropp_segment segment = segment_of(&said);
    struct ropp_flows *flows = ropp_flows_new();
    struct ropp_end from[ENDS], end = {.addr = ropp_addr_v4(0x0a000000)};
    clock_t began = clock();
    size_t i, k;

    (void)state;
    for (i = 0; i < ENDS; i++)
        from[i] = end = next_end(end, 2);
    end = (struct ropp_end){.addr = ropp_addr_v4(0xc0000201)};
    for (i = 0; i < ENDS; i++) {
        segment.to = end = next_end(end, 1);
        for (k = 0; k < ENDS; k++) {
            segment.from = from[k];
            ropp_flows_add(flows, &segment, false);
        }
        assert_true(clock() - began < 10 * CLOCKS_PER_SEC);
    }
    assert_int_equal(ropp_flows_count(flows), ENDS * ENDS);
    ropp_flows_free(flows);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),      cmocka_unit_test(test_late_syn),
        cmocka_unit_test(test_ends_alike), cmocka_unit_test(test_long),
        cmocka_unit_test(test_many),       cmocka_unit_test(test_chosen),
    };

    return UNIT_RUN(argc, argv, "flows", tests, NULL, NULL);
}
