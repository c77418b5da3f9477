// SPDX-License-Identifier: MIT
/* The straight way through a header beside the long one, which it has to agree with in everything:
 * on the decoder's table, on the corpus, on what is there of each when it is cut off, and on many
 * headers that were changed at random. ROPP_TEST_MUTATIONS says how many of those. The oracle judges
 * all of them but most of the changed ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/agreement.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"
#include "tests/unit/header_cases.h"
#include "tests/unit/corpus.h"
#include "tests/unit/ways.h"

enum { SEEDS_MAX = 2000, SEED_BYTES = 1024, MUTATIONS = 300000 };

/* What is changed: the table's headers and the corpus'. */
static struct {
    uint8_t bytes[SEED_BYTES];
    size_t length;
} seeds[SEEDS_MAX];
static size_t seed_count;

/* One that goes the straight way four times, so that it is chosen more often. */
static void add_seed(const uint8_t *bytes, size_t length)
{
    int times = both_ways(bytes, length) == WAY_STRAIGHT ? 4 : 1;

    if (length == 0 || length > SEED_BYTES)
        return;
    for (; times > 0; times--) {
        assert_true(seed_count < SEEDS_MAX);
        memcpy(seeds[seed_count].bytes, bytes, length);
        seeds[seed_count++].length = length;
    }
}

static void ask_oracle(const uint8_t *bytes, size_t length)
{
    struct ropp_header h;
    const char *objection;

    ropp_header_init(&h);
    ropp_header_feed(&h, bytes, length);
    objection = length > 0 ? oracle_objects(&h, bytes, length) : NULL;
    if (objection != NULL)
        ways_fail(bytes, length, objection);
}

/* Each beginning of it. Returns whether any went the straight way. */
static bool cut_everywhere(const uint8_t *bytes, size_t length)
{
    bool any = false;
    size_t size;

    for (size = 0; size <= length; size++) {
        any |= both_ways(bytes, size) == WAY_STRAIGHT;
        ask_oracle(bytes, size);
    }
    return any;
}

static void test_table(void **state)
{
    size_t i, length, straight = 0;

    (void)state;
    for (i = 0; i < COUNT_OF(header_cases); i++) {
        length = build(header_cases[i].wire);
        add_seed(wire, length);
        memcpy(wire + length, "\r\nPROXY", 7);
        straight += cut_everywhere(wire, length + 7);
    }
    assert_true(straight > 40);
}

static size_t straight_of_corpus;

static void cut_corpus(const struct corpus_case *c)
{
    add_seed(c->bytes, c->length);
    straight_of_corpus += cut_everywhere(c->bytes, c->length);
}

static void test_corpus(void **state)
{
    (void)state;
    assert_true(corpus_each(cut_corpus) > 150);
    assert_true(straight_of_corpus > 30);
}

/* ---- headers that were changed ---- */

static size_t insert(uint8_t *bytes, size_t length, size_t at, const uint8_t *from, size_t size)
{
    if (length + size > WIRE_MAX)
        return length;
    memmove(bytes + at + size, bytes + at, length - at);
    memcpy(bytes + at, from, size);
    return length + size;
}

/* One change. Returns the new length. */
static size_t change(uint8_t *bytes, size_t length)
{
    static const uint8_t telling[] = {0,    1,    2,   3,   4,   5,    0x20, 0x21, 0x7f,
                                      0x80, 0xff, ' ', ':', '.', '\r', '\n', '0',  '9'};
    size_t at = random_below((unsigned)length + 1), size, other;
    uint8_t byte = telling[random_below(COUNT_OF(telling))], run[64];

    switch (random_below(8)) {
    case 0:
        if (at < length)
            bytes[at] ^= (uint8_t)(1u << random_below(8));
        return length;
    case 1:
        if (at < length)
            bytes[at] = byte;
        return length;
    case 2:
        if (at < length)
            bytes[at] = (uint8_t)random_below(256);
        return length;
    case 3:
        return insert(bytes, length, at, &byte, 1);
    case 4: /* some of it twice */
        size = random_below((unsigned)(length - at < sizeof run ? length - at : sizeof run) + 1);
        memcpy(run, bytes + at, size);
        return insert(bytes, length, random_below((unsigned)length + 1), run, size);
    case 5: /* some of it gone */
        size = random_below((unsigned)(length - at < 8 ? length - at : 8) + 1);
        memmove(bytes + at, bytes + at + size, length - at - size);
        return length - size;
    case 6: /* some of another */
        other = random_below((unsigned)seed_count);
        size = random_below((unsigned)(seeds[other].length < 48 ? seeds[other].length : 48) + 1);
        return insert(bytes, length, at,
                      seeds[other].bytes + random_below((unsigned)(seeds[other].length - size) + 1),
                      size);
    default: /* whole, with something behind it */
        return insert(bytes, length, length, (const uint8_t *)"\x64\0game", 6);
    }
}

/* Makes the length of a version 2 header right again, and then its checksum. */
static void mend(uint8_t *bytes, size_t length)
{
    size_t at, size, sum = 0;

    if (length < 16 || bytes[0] != '\r' || length - 16 > 65535)
        return;
    bytes[14] = (uint8_t)((length - 16) >> 8);
    bytes[15] = (uint8_t)(length - 16);
    at = (bytes[13] >> 4) == 1 ? 28 : (bytes[13] >> 4) == 2 ? 52 : 16;
    for (; at + 3 <= length; at += 3 + size) {
        size = (size_t)bytes[at + 1] << 8 | bytes[at + 2];
        if (bytes[at] == 0x03 && size == 4 && at + 7 <= length && sum == 0)
            sum = at + 3;
    }
    if (sum > 0)
        put_crc(length, sum);
}

static void test_mutations(void **state)
{
    const char *wanted = getenv("ROPP_TEST_MUTATIONS");
    unsigned long count = wanted != NULL ? strtoul(wanted, NULL, 10) : MUTATIONS, i, straight = 0;
    size_t length, seed;
    unsigned changes;

    (void)state;
    assert_true(seed_count > 300);
    for (i = 0; i < count; i++) {
        seed = random_below((unsigned)seed_count);
        length = seeds[seed].length;
        memcpy(wire, seeds[seed].bytes, length);
        for (changes = 1 + (random_below(3) == 0); changes > 0; changes--)
            length = change(wire, length);
        if (random_below(4) != 0)
            mend(wire, length);
        straight += both_ways(wire, length) == WAY_STRAIGHT;
        if (i % 16 == 0) /* it is slow */
            ask_oracle(wire, length);
    }
    print_message("%lu changed headers, %lu of them read straight\n", count, straight);
    assert_true(straight > count / 10);
    assert_true(straight < count - count / 10);
}

/* The longest, which no buffer of an emulator has at once. */
static void test_longest(void **state)
{
    size_t length;

    (void)state;
    length = build("#0d0a0d0a 000d0a51 5549540a 21 11 LLLL c0000207 c6336401 dc04 1af4 03 0004 "
                   "???????? 04 0000");
    memset(wire + length, 0x61, ROPP_HEADER_MAX - length);
    wire[14] = wire[15] = 0xff;
    wire[length - 2] = (uint8_t)((ROPP_HEADER_MAX - length) >> 8);
    wire[length - 1] = (uint8_t)(ROPP_HEADER_MAX - length);
    put_crc(ROPP_HEADER_MAX, 16 + 12 + 3);
    assert_int_equal(both_ways(wire, ROPP_HEADER_MAX), WAY_STRAIGHT);
    assert_int_equal(both_ways(wire, ROPP_HEADER_MAX - 1), WAY_LONG);
    wire[ROPP_HEADER_MAX - 1] ^= 1;
    assert_int_equal(both_ways(wire, ROPP_HEADER_MAX), WAY_LONG);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_longest),
    };

    return UNIT_RUN_IN_ORDER(argc, argv, "straight", tests);
}
