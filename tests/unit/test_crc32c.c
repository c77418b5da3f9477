// SPDX-License-Identifier: MIT
/* CRC32c against the vectors of RFC 3720 section B.4 and a bitwise second implementation, by what
 * the processor has and by tables. */
#include <string.h>

#include "core/crc32c.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

static void test_rfc3720(void **state)
{
    /* An iSCSI read command, the last of the RFC's examples. */
    static const uint8_t command[48] = {0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00,
                                        0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00,
                                        0x00, 0x18, 0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                        0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
    uint8_t bytes[32];
    unsigned i;

    (void)state;
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(ropp_crc32c(0, bytes, sizeof bytes), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(ropp_crc32c(0, bytes, sizeof bytes), 0x62a8ab43);
    for (i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(ropp_crc32c(0, bytes, sizeof bytes), 0x46dd794e);
    for (i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(31 - i);
    assert_int_equal(ropp_crc32c(0, bytes, sizeof bytes), 0x113fdb5c);
    assert_int_equal(ropp_crc32c(0, command, sizeof command), 0xd9963a56);
    assert_int_equal(ropp_crc32c(0, (const uint8_t *)"123456789", 9), 0xe3069283);
    assert_int_equal(ropp_crc32c(0, bytes, 0), 0);
}

static void test_every_byte(void **state)
{
    unsigned i;
    uint8_t byte;

    (void)state;
    for (i = 0; i < 256; i++) {
        byte = (uint8_t)i;
        assert_int_equal(ropp_crc32c(0, &byte, 1), crc32c_bitwise(&byte, 1));
    }
}

/* From every alignment, since eight bytes are taken at a step. */
static void test_every_split(void **state)
{
    uint8_t bytes[8 + 97];
    const uint8_t *from;
    size_t i, length;
    uint32_t whole, crc;

    (void)state;
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 151 + 7);
    for (from = bytes; from < bytes + 8; from++) {
        for (length = 0; length <= 97; length++) {
            whole = crc32c_bitwise(from, length);
            for (i = 0; i <= length; i++) {
                crc = ropp_crc32c(ropp_crc32c(0, from, i), from + i, length - i);
                assert_int_equal(crc, whole);
                crc =
                    ropp_crc32c_by_tables(ropp_crc32c_by_tables(0, from, i), from + i, length - i);
                assert_int_equal(crc, whole);
            }
        }
    }
}

/* Each entry of each row: a byte with up to seven others behind it. */
static void test_every_byte_of_every_row(void **state)
{
    uint8_t bytes[8];
    unsigned i, row;

    (void)state;
    for (row = 0; row < 8; row++) {
        for (i = 0; i < 256; i++) {
            memset(bytes, 0xff, sizeof bytes);
            bytes[7 - row] = (uint8_t)i;
            assert_int_equal(ropp_crc32c_by_tables(0, bytes, 8), crc32c_bitwise(bytes, 8));
            assert_int_equal(ropp_crc32c(0, bytes, 8), crc32c_bitwise(bytes, 8));
        }
    }
}

static void test_long(void **state)
{
    static uint8_t bytes[65551];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random_word();
    assert_int_equal(ropp_crc32c(0, bytes, sizeof bytes), crc32c_bitwise(bytes, sizeof bytes));
    assert_int_equal(ropp_crc32c_by_tables(0, bytes, sizeof bytes),
                     crc32c_bitwise(bytes, sizeof bytes));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc3720),     cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_every_split), cmocka_unit_test(test_every_byte_of_every_row),
        cmocka_unit_test(test_long),
    };

    return UNIT_RUN(argc, argv, "crc32c", tests, NULL, NULL);
}
