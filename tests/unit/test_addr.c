// SPDX-License-Identifier: MIT
/* Addresses and prefixes: what is read, what is refused, how it is written again. */
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include "core/addr.h"
#include "tests/unit/unit.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Parses a copy of exactly the text's size, without a NUL behind it. */
static bool parse(const char *text, struct ropp_addr *out)
{
    size_t len = strlen(text);
    char *copy = malloc(len > 0 ? len : 1);
    bool good;

    assert_non_null(copy);
    memcpy(copy, text, len);
    good = ropp_addr_parse(copy, len, out);
    free(copy);
    return good;
}

static enum ropp_prefix_error parse_prefix(const char *text, struct ropp_prefix *out)
{
    size_t len = strlen(text);
    char *copy = malloc(len > 0 ? len : 1);
    enum ropp_prefix_error error;

    assert_non_null(copy);
    memcpy(copy, text, len);
    error = ropp_prefix_parse(copy, len, out);
    free(copy);
    return error;
}

static const struct {
    const char *text;
    const char *written; /* NULL: refused */
} addresses[] = {
    {"0.0.0.0", "0.0.0.0"},
    {"192.0.2.7", "192.0.2.7"},
    {"255.255.255.255", "255.255.255.255"},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:db8::7", "2001:db8::7"},
    {"2001:DB8::ABCD", "2001:db8::abcd"},
    {"2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8::7"},
    {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
    {"1:0:0:2:3:0:0:4", "1::2:3:0:0:4"},
    {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
    {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"64:ff9b::192.0.2.33", "192.0.2.33"},
    {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
    {"::1.2.3.4", "::102:304"},
    {"::ffff:192.0.2.7", "192.0.2.7"},
    {"::FFFF:c000:207", "192.0.2.7"},
    {"0:0:0:0:0:ffff:c000:0207", "192.0.2.7"},
    {"::ffff:0.0.0.0", "0.0.0.0"},
    {"::fffe:192.0.2.7", "::fffe:c000:207"},
    {"::ffff:0:192.0.2.7", "::ffff:0:c000:207"},

    {"", NULL},
    {".", NULL},
    {"1.2.3", NULL},
    {"1.2.3.", NULL},
    {"1.2.3.4.", NULL},
    {"1.2.3.4.5", NULL},
    {".1.2.3.4", NULL},
    {"1..2.3", NULL},
    {"256.1.1.1", NULL},
    {"1.1.1.256", NULL},
    {"1.1.1.1000", NULL},
    {"1.1.1.99999999999999999999", NULL},
    {"01.1.1.1", NULL},
    {"1.1.1.00", NULL},
    {"1.1.1.01", NULL},
    {"+1.1.1.1", NULL},
    {"-1.1.1.1", NULL},
    {" 1.1.1.1", NULL},
    {"1.1.1.1 ", NULL},
    {"1.1.1.1/8", NULL},
    {"0x1.1.1.1", NULL},
    {"1.1.1.a", NULL},
    {"16909060", NULL},
    {"localhost", NULL},
    {":", NULL},
    {":::", NULL},
    {"1", NULL},
    {"1:", NULL},
    {":1", NULL},
    {"1:2:3:4:5:6:7", NULL},
    {"1:2:3:4:5:6:7:", NULL},
    {"1:2:3:4:5:6:7:8:", NULL},
    {"1:2:3:4:5:6:7:8:9", NULL},
    {"1:2:3:4:5:6:7:8::", NULL},
    {"::1:2:3:4:5:6:7:8", NULL},
    {"1::2::3", NULL},
    {"1:::2", NULL},
    {"12345::", NULL},
    {"00001::", NULL},
    {"g::", NULL},
    {"::1%eth0", NULL},
    {"[::1]", NULL},
    {"::1 ", NULL},
    {"::-1", NULL},
    {"::1.2.3", NULL},
    {"::1.2.3.4.5", NULL},
    {"::1.2.3.4:5", NULL},
    {"::01.2.3.4", NULL},
    {"::256.2.3.4", NULL},
    {"1:2:3:4:5:6:7:1.2.3.4", NULL},
    {"1:2:3:4:5:1.2.3.4", NULL},
    {"::.1.2.3", NULL},
};

static void test_parse_and_format(void **state)
{
    char text[ROPP_ADDR_TEXT];
    struct ropp_addr addr, again;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(addresses); i++) {
        memset(&addr, 0xee, sizeof addr);
        again = addr;
        if (parse(addresses[i].text, &addr) != (addresses[i].written != NULL))
            fail_msg("'%s' is %s", addresses[i].text,
                     addresses[i].written != NULL ? "refused" : "taken");
        if (addresses[i].written == NULL) {
            assert_memory_equal(addr.bytes, again.bytes, sizeof addr.bytes);
            continue;
        }
        assert_int_equal(ropp_addr_format(&addr, text), strlen(addresses[i].written));
        assert_string_equal(text, addresses[i].written);
        assert_true(parse(text, &again));
        assert_true(ropp_addr_equal(&addr, &again));
    }
}

/* The C library reads the same addresses from what is written, for every pattern of zero groups and
 * for random ones; and it agrees on random text that looks like an address. */
static void test_against_inet_pton(void **state)
{
    static const char alphabet[] = "0123456789abcdefF:::::....";
    uint8_t bytes[16];
    char text[ROPP_ADDR_TEXT], reference[INET6_ADDRSTRLEN], noise[24];
    struct ropp_addr addr, parsed;
    unsigned pattern, i, round;

    (void)state;
    srand(20260427);
    for (pattern = 0; pattern < 256; pattern++) {
        memset(&addr, 0, sizeof addr);
        addr.family = ROPP_FAMILY_INET6;
        for (i = 0; i < 8; i++)
            if (pattern & 1u << i)
                addr.bytes[2 * i + 1] = (uint8_t)(rand() % 255 + 1);
        assert_true(ropp_addr_format(&addr, text) < ROPP_ADDR_TEXT);
        assert_int_equal(inet_pton(AF_INET6, text, bytes), 1);
        assert_memory_equal(bytes, addr.bytes, 16);
        if ((pattern & 0x3f) != 0) { /* those the C library writes with a dotted quad */
            assert_non_null(inet_ntop(AF_INET6, bytes, reference, sizeof reference));
            assert_string_equal(text, reference);
        }
    }
    for (round = 0; round < 400000; round++) {
        size_t len = (size_t)rand() % (sizeof noise - 1);
        bool v4, v6;

        for (i = 0; i < len; i++)
            noise[i] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
        noise[len] = '\0';
        v6 = inet_pton(AF_INET6, noise, bytes) == 1;
        v4 = inet_pton(AF_INET, noise, bytes) == 1;
        if (parse(noise, &parsed) != (v4 || v6))
            fail_msg("'%s' is %s by the C library alone", noise, v4 || v6 ? "taken" : "refused");
    }
}

static void test_v4(void **state)
{
    struct ropp_addr addr = ropp_addr_v4(0xc0000207), v6;
    char text[ROPP_ADDR_TEXT];

    (void)state;
    assert_int_equal(addr.family, ROPP_FAMILY_INET);
    assert_int_equal(ropp_addr_to_v4(&addr), 0xc0000207);
    ropp_addr_format(&addr, text);
    assert_string_equal(text, "192.0.2.7");
    assert_true(parse("2001:db8::7", &v6));
    assert_int_equal(ropp_addr_to_v4(&v6), 0);
    memset(&addr, 0, sizeof addr);
    assert_int_equal(ropp_addr_to_v4(&addr), 0);
    assert_int_equal(ropp_addr_format(&addr, text), 0);
    assert_string_equal(text, "");
}

static void test_unmap(void **state)
{
    static const uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};
    struct ropp_addr addr, expected = ropp_addr_v4(0xc0000207);
    char text[ROPP_ADDR_TEXT];

    (void)state;
    memset(&addr, 0, sizeof addr);
    addr.family = ROPP_FAMILY_INET6;
    memcpy(addr.bytes, mapped, 16);
    ropp_addr_format(&addr, text);
    assert_string_equal(text, "::ffff:192.0.2.7");
    ropp_addr_unmap(&addr);
    assert_true(ropp_addr_equal(&addr, &expected));
    ropp_addr_unmap(&addr);
    assert_true(ropp_addr_equal(&addr, &expected));
    assert_true(parse("::192.0.2.7", &addr));
    ropp_addr_unmap(&addr);
    assert_int_equal(addr.family, ROPP_FAMILY_INET6);
}

/* RFC 6052 section 2.1: one stand-in for the whole IPv4 Internet would ban all of it at once. */
static void test_nat64(void **state)
{
    struct ropp_addr addr, expected = ropp_addr_v4(0xc0000207);

    (void)state;
    assert_true(parse("64:ff9b::c000:207", &addr));
    assert_true(ropp_addr_equal(&addr, &expected));
    assert_true(parse("64:ff9b::192.0.2.7", &addr));
    assert_true(ropp_addr_equal(&addr, &expected));
    assert_true(parse("64:ff9b:1::192.0.2.7", &addr)); /* RFC 8215: local, and may not be IPv4 */
    assert_int_equal(addr.family, ROPP_FAMILY_INET6);
    assert_true(parse("64:ff9b::1:c000:207", &addr));
    assert_int_equal(addr.family, ROPP_FAMILY_INET6);
}

static const struct {
    const char *text;
    enum ropp_prefix_error error;
    const char *written;
} prefixes[] = {
    {"64:ff9b::192.0.2.0/120", ROPP_PREFIX_OK, "192.0.2.0/24"},
    {"64:ff9b::/96", ROPP_PREFIX_OK, "0.0.0.0/0"},
    {"64:ff9b::/95", ROPP_PREFIX_OK, "64:ff9b::/95"},
    {"192.0.2.7", ROPP_PREFIX_OK, "192.0.2.7/32"},
    {"192.0.2.7/32", ROPP_PREFIX_OK, "192.0.2.7/32"},
    {"192.0.2.0/24", ROPP_PREFIX_OK, "192.0.2.0/24"},
    {"192.0.2.128/25", ROPP_PREFIX_OK, "192.0.2.128/25"},
    {"0.0.0.0/0", ROPP_PREFIX_OK, "0.0.0.0/0"},
    {"128.0.0.0/1", ROPP_PREFIX_OK, "128.0.0.0/1"},
    {"::/0", ROPP_PREFIX_OK, "::/0"},
    {"2001:db8::/32", ROPP_PREFIX_OK, "2001:db8::/32"},
    {"2001:db8::7", ROPP_PREFIX_OK, "2001:db8::7/128"},
    {"2001:db8:0:8000::/49", ROPP_PREFIX_OK, "2001:db8:0:8000::/49"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", ROPP_PREFIX_OK,
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"},
    {"::ffff:192.0.2.0/120", ROPP_PREFIX_OK, "192.0.2.0/24"},
    {"::ffff:0:0/96", ROPP_PREFIX_OK, "0.0.0.0/0"},
    {"::ffff:192.0.2.7", ROPP_PREFIX_OK, "192.0.2.7/32"},

    {"", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"/8", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"10/8", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"10.0.0/8", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"10.0.0.0 /8", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"10.0.0.*", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"haproxy", ROPP_PREFIX_BAD_ADDRESS, NULL},
    {"10.0.0.0/", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/33", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/08", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/+8", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/-1", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/8 ", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/8/8", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/255.0.0.0", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"10.0.0.0/4294967304", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"::/129", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"::ffff:0:0/129", ROPP_PREFIX_BAD_LENGTH, NULL},
    {"192.0.2.7/24", ROPP_PREFIX_HOST_BITS, NULL},
    {"192.0.2.7/31", ROPP_PREFIX_HOST_BITS, NULL},
    {"0.0.0.1/0", ROPP_PREFIX_HOST_BITS, NULL},
    {"2001:db8::1/64", ROPP_PREFIX_HOST_BITS, NULL},
    {"2001:db8:0:8000::/48", ROPP_PREFIX_HOST_BITS, NULL},
    {"::ffff:0:0/95", ROPP_PREFIX_HOST_BITS, NULL},
    {"::ffff:192.0.2.7/120", ROPP_PREFIX_HOST_BITS, NULL},
};

static void test_prefixes(void **state)
{
    char text[ROPP_PREFIX_TEXT];
    struct ropp_prefix prefix, untouched;
    enum ropp_prefix_error error;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(prefixes); i++) {
        memset(&prefix, 0xee, sizeof prefix);
        untouched = prefix;
        error = parse_prefix(prefixes[i].text, &prefix);
        if (error != prefixes[i].error)
            fail_msg("'%s' gives %d, not %d", prefixes[i].text, (int)error, (int)prefixes[i].error);
        assert_true(strlen(ropp_prefix_error_text(error)) > 0);
        if (error != ROPP_PREFIX_OK) {
            assert_int_equal(prefix.length, untouched.length);
            continue;
        }
        assert_int_equal(ropp_prefix_format(&prefix, text), strlen(prefixes[i].written));
        assert_string_equal(text, prefixes[i].written);
    }
}

static bool contains(const char *prefix_text, const char *addr_text)
{
    struct ropp_prefix prefix;
    struct ropp_addr addr;

    assert_int_equal(parse_prefix(prefix_text, &prefix), ROPP_PREFIX_OK);
    assert_true(parse(addr_text, &addr));
    return ropp_prefix_contains(&prefix, &addr);
}

static void test_contains(void **state)
{
    struct ropp_prefix any;
    struct ropp_addr none;

    (void)state;
    assert_true(contains("192.0.2.0/24", "192.0.2.0"));
    assert_true(contains("192.0.2.0/24", "192.0.2.255"));
    assert_false(contains("192.0.2.0/24", "192.0.3.0"));
    assert_false(contains("192.0.2.0/24", "192.0.1.255"));
    assert_true(contains("192.0.2.0/24", "::ffff:192.0.2.9"));
    assert_true(contains("::ffff:192.0.2.0/120", "192.0.2.9"));
    assert_true(contains("192.0.2.7", "192.0.2.7"));
    assert_false(contains("192.0.2.7", "192.0.2.6"));
    assert_true(contains("0.0.0.0/0", "255.255.255.255"));
    assert_false(contains("0.0.0.0/0", "::"));
    assert_true(contains("::/0", "2001:db8::1"));
    assert_false(contains("::/0", "192.0.2.7"));
    assert_true(contains("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(contains("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(contains("2001:db8::7", "2001:db8::7"));
    assert_false(contains("2001:db8::7", "2001:db8::8"));
    assert_int_equal(parse_prefix("::/0", &any), ROPP_PREFIX_OK);
    memset(&none, 0, sizeof none);
    assert_false(ropp_prefix_contains(&any, &none));
    any.addr.family = ROPP_FAMILY_UNSPEC;
    assert_false(ropp_prefix_contains(&any, &none));
}

/* Every length of both families: the address with the bit behind the prefix flipped is still in,
 * the one with its last bit flipped is out, and that is also where host bits are refused. */
static void test_every_length(void **state)
{
    unsigned length, bits, v6;

    (void)state;
    for (v6 = 0; v6 < 2; v6++) {
        bits = v6 ? 128 : 32;
        for (length = 0; length <= bits; length++) {
            struct ropp_prefix prefix, parsed;
            struct ropp_addr addr;
            char text[ROPP_PREFIX_TEXT];

            memset(&prefix, 0, sizeof prefix);
            prefix.addr.family = v6 ? ROPP_FAMILY_INET6 : ROPP_FAMILY_INET;
            prefix.length = length;
            if (length > 0)
                prefix.addr.bytes[(length - 1) / 8] = (uint8_t)(0x80 >> (length - 1) % 8);
            ropp_prefix_format(&prefix, text);
            assert_int_equal(parse_prefix(text, &parsed), ROPP_PREFIX_OK);
            assert_int_equal(parsed.length, length);
            assert_true(ropp_addr_equal(&parsed.addr, &prefix.addr));
            addr = prefix.addr;
            if (length < bits) {
                addr.bytes[length / 8] ^= (uint8_t)(0x80 >> length % 8);
                assert_true(ropp_prefix_contains(&prefix, &addr));
                parsed.addr = addr;
                ropp_prefix_format(&parsed, text);
                assert_int_equal(parse_prefix(text, &parsed), ROPP_PREFIX_HOST_BITS);
            }
            if (length > 0) {
                addr.bytes[(length - 1) / 8] ^= (uint8_t)(0x80 >> (length - 1) % 8);
                assert_false(ropp_prefix_contains(&prefix, &addr));
            }
        }
    }
}

static void test_patterns(void **state)
{
    static const struct {
        const char *text, *prefix; /* NULL: refused */
    } cases[] = {
        {"192.0.2.7", "192.0.2.7/32"},
        {"192.0.2.*", "192.0.2.0/24"},
        {"192.0.*.*", "192.0.0.0/16"},
        {"192.*.*.*", "192.0.0.0/8"},
        {"192.0.2.*  ", "192.0.2.0/24"},
        {"*.*.*.*", NULL},
        {"192.0.2*", NULL},
        {"192.0.*", NULL},
        {"192.*.2.*", NULL},
        {"192.0.*.7", NULL},
        {"192.0.02.*", NULL},
        {" 192.0.2.*", NULL},
        {"192.0.2.*.*", NULL},
        {"192.0.2.0/24", NULL},
        {"::192.0.2.*", NULL},
        {"::ffff:1.2.3.4", NULL},
        {"", NULL},
        {"*", NULL},
        {".*", NULL},
    };
    char text[ROPP_PREFIX_TEXT];
    struct ropp_prefix prefix;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (ropp_pattern_parse(cases[i].text, strlen(cases[i].text), &prefix) !=
            (cases[i].prefix != NULL))
            fail_msg("'%s'", cases[i].text);
        if (cases[i].prefix == NULL)
            continue;
        ropp_prefix_format(&prefix, text);
        assert_string_equal(text, cases[i].prefix);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_and_format),
        cmocka_unit_test(test_against_inet_pton),
        cmocka_unit_test(test_v4),
        cmocka_unit_test(test_unmap),
        cmocka_unit_test(test_nat64),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_contains),
        cmocka_unit_test(test_every_length),
        cmocka_unit_test(test_patterns),
    };

    return UNIT_RUN(argc, argv, "addr", tests, NULL, NULL);
}
