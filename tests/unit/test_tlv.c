// SPDX-License-Identifier: MIT
/* The walk over a block of TLVs, and their names. */
#include <stdlib.h>
#include <string.h>

#include "core/tlv.h"
#include "tests/unit/unit.h"

/* Walks a copy of exactly the block's size, so that a sanitizer sees every step outside of it. */
static size_t walk(const uint8_t *block, size_t len, struct ropp_tlv *last, size_t *left)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    const uint8_t *at = copy;
    size_t count = 0;

    assert_non_null(copy);
    memcpy(copy, block, len);
    while (ropp_tlv_next(&at, copy + len, last))
        count++;
    *left = (size_t)(copy + len - at);
    free(copy);
    return count;
}

static void test_walk(void **state)
{
    static const uint8_t block[] = {0x04, 0, 0, 0x05, 0, 2, 'a', 'b', 0x30, 0, 1, 'n'};
    struct ropp_tlv last;
    size_t left, i;

    (void)state;
    memset(&last, 0, sizeof last);
    assert_int_equal(walk(block, sizeof block, &last, &left), 3);
    assert_int_equal(left, 0);
    assert_int_equal(last.type, ROPP_TLV_NETNS);
    assert_int_equal(last.length, 1);
    assert_int_equal(walk(block, 0, &last, &left), 0);
    for (i = 0; i < sizeof block; i++) {
        size_t expected = i >= 8 ? 2 : i >= 3 ? 1 : 0;
        size_t whole = i >= 8 ? 8 : i >= 3 ? 3 : 0;

        assert_int_equal(walk(block, i, &last, &left), expected);
        assert_int_equal(left, i - whole);
    }
}

static void test_long_value(void **state)
{
    uint8_t *block = calloc(3 + 65535, 1);
    struct ropp_tlv last;
    size_t left;

    (void)state;
    assert_non_null(block);
    block[0] = ROPP_TLV_NOOP;
    block[1] = block[2] = 0xff;
    assert_int_equal(walk(block, 3 + 65535, &last, &left), 1);
    assert_int_equal(last.length, 65535);
    assert_int_equal(walk(block, 3 + 65534, &last, &left), 0);
    free(block);
}

static const char *name(const char *(*of)(const struct ropp_tlv *), uint8_t type, const char *value,
                        uint16_t length)
{
    struct ropp_tlv tlv;
    const char *found;

    tlv.type = type;
    tlv.length = length;
    tlv.value = (const uint8_t *)value;
    found = of(&tlv);
    return found != NULL ? found : "-";
}

static void test_names(void **state)
{
    static const struct {
        uint8_t type;
        const char *name;
    } top[] = {{0x01, "ALPN"},      {0x02, "AUTHORITY"}, {0x03, "CRC32C"}, {0x04, "NOOP"},
               {0x05, "UNIQUE_ID"}, {0x20, "SSL"},       {0x30, "NETNS"},  {0x00, "-"},
               {0x06, "-"},         {0x21, "-"},         {0xe1, "-"},      {0xff, "-"}},
      inner[] = {{0x21, "SSL_VERSION"},
                 {0x22, "SSL_CN"},
                 {0x23, "SSL_CIPHER"},
                 {0x24, "SSL_SIG_ALG"},
                 {0x25, "SSL_KEY_ALG"},
                 {0x26, "SSL_GROUP"},
                 {0x27, "SSL_SIG_SCHEME"},
                 {0x28, "SSL_CLIENT_CERT"},
                 {0x03, "-"},
                 {0x20, "-"},
                 {0x29, "-"}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof top / sizeof top[0]; i++)
        assert_string_equal(name(ropp_tlv_name, top[i].type, "", 0), top[i].name);
    for (i = 0; i < sizeof inner / sizeof inner[0]; i++)
        assert_string_equal(name(ropp_tlv_ssl_name, inner[i].type, "", 0), inner[i].name);
}

/* The clouds' numbers are anybody's, so the shape decides. */
static void test_cloud_names(void **state)
{
    (void)state;
    assert_string_equal(name(ropp_tlv_name, 0xe0, "12345678", 8), "GOOGLE_PSC_ID");
    assert_string_equal(name(ropp_tlv_name, 0xe0, "1234567", 7), "-");
    assert_string_equal(name(ropp_tlv_name, 0xea, "\1vpce-1", 7), "AWS_VPCE_ID");
    assert_string_equal(name(ropp_tlv_name, 0xea, "\2vpce-1", 7), "-");
    assert_string_equal(name(ropp_tlv_name, 0xea, "\1", 1), "AWS_VPCE_ID");
    assert_string_equal(name(ropp_tlv_name, 0xea, "\1", 0), "-");
    assert_string_equal(name(ropp_tlv_name, 0xe0, "123456789", 9), "-");
    assert_string_equal(name(ropp_tlv_name, 0xee, "\1abc", 4), "-");
    assert_string_equal(name(ropp_tlv_name, 0xee, "\1abcd", 5), "AZURE_LINK_ID");
    assert_string_equal(name(ropp_tlv_name, 0xee, "\1abcde", 6), "-");
    assert_string_equal(name(ropp_tlv_name, 0xee, "\2abcd", 5), "-");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_long_value),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_cloud_names),
    };

    return UNIT_RUN(argc, argv, "tlv", tests, NULL, NULL);
}
