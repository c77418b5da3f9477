// SPDX-License-Identifier: MIT
/* One captured packet: a flat table of packets of every kind, each also cut at every length. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/hex.h"
#include "tests/unit/unit.h"
#include "tools/decode/describe.h"
#include "tools/decode/frame.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* 192.0.2.10:51342 > 198.51.100.5:6900 and their IPv6 fellows; the payload is "PROXY". */
#define PORTS    "c88e 1af4 "
#define ENDS4    "c000020a c6336405 "
#define ENDS6    "20010db8000000000000000000000010 20010db8000000000000000000000005 "
#define TCP      PORTS "00001000 00002000 5018 0200 0000 0000 "
#define TCP_SYN  PORTS "00001000 00000000 5002 0200 0000 0000 "
#define TCP_BOTH PORTS "00001000 00002000 5012 0200 0000 0000 "
#define TCP_OPT  PORTS "00001000 00002000 8018 0200 0000 0000 0101080a 0000000100000002 "
#define WORD     "5052 4f58 59 "
#define IP4(total, fragment, protocol, ends)                                                       \
    "4500 " total " 1c46 " fragment " 40" protocol " 0000 " ends
#define PACKET4            IP4("002d", "4000", "06", ENDS4) TCP WORD
#define IP6(payload, next) "60000000 " payload " " next " 40 " ENDS6
#define PACKET6            IP6("0019", "06") TCP WORD
#define MACS               "020000000001 020000000002 "
#define SHOWN4             "192.0.2.10:51342 > 198.51.100.5:6900 seq 4096 'PROXY'"
#define SHOWN6             "[2001:db8::10]:51342 > [2001:db8::5]:6900 seq 4096 'PROXY'"

/* `shown` is NULL where nothing may be read. */
static const struct {
    const char *name;
    uint32_t link;
    const char *bytes;
    const char *shown;
} cases[] = {
    {"Ethernet, IPv4", ROPP_FRAME_ETHERNET, MACS "0800" PACKET4, SHOWN4},
    {"Ethernet, IPv6", ROPP_FRAME_ETHERNET, MACS "86dd" PACKET6, SHOWN6},
    {"Ethernet, padded to its least length", ROPP_FRAME_ETHERNET, MACS "0800" PACKET4 "00000000",
     SHOWN4},
    {"IPv6, padded", ROPP_FRAME_ETHERNET, MACS "86dd" PACKET6 "0000", SHOWN6},
    {"VLAN", ROPP_FRAME_ETHERNET, MACS "8100 0064 0800" PACKET4, SHOWN4},
    {"two VLAN tags", ROPP_FRAME_ETHERNET, MACS "88a8 0064 8100 0065 86dd" PACKET6, SHOWN6},
    {"the old tag", ROPP_FRAME_ETHERNET, MACS "9100 0064 0800" PACKET4, SHOWN4},
    {"four tags", ROPP_FRAME_ETHERNET, MACS "8100 0001 8100 0001 8100 0001 8100 0001 0800" PACKET4,
     SHOWN4},
    {"five tags", ROPP_FRAME_ETHERNET,
     MACS "8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 0800" PACKET4, NULL},
    {"ARP", ROPP_FRAME_ETHERNET, MACS "0806" PACKET4, NULL},
    {"IPv6 said, IPv4 there", ROPP_FRAME_ETHERNET, MACS "86dd" PACKET4, NULL},
    {"cooked", ROPP_FRAME_SLL, "0000 0304 0006 0000000000000000 0800" PACKET4, SHOWN4},
    {"cooked, VLAN", ROPP_FRAME_SLL, "0000 0304 0006 0000000000000000 8100 0064 86dd" PACKET6,
     SHOWN6},
    {"cooked, version 2", ROPP_FRAME_SLL2, "0800 0000 00000001 0304 00 06 0000000000000000" PACKET4,
     SHOWN4},
    {"cooked, version 2, IPv6", ROPP_FRAME_SLL2,
     "86dd 0000 00000001 0304 00 06 0000000000000000" PACKET6, SHOWN6},
    {"raw IPv4", ROPP_FRAME_RAW, PACKET4, SHOWN4},
    {"raw IPv6", ROPP_FRAME_RAW, PACKET6, SHOWN6},
    {"raw, BSD's number", ROPP_FRAME_RAW_BSD, PACKET4, SHOWN4},
    {"raw, OpenBSD's number", ROPP_FRAME_RAW_OPEN, PACKET6, SHOWN6},
    {"IPv4 only", ROPP_FRAME_IPV4, PACKET4, SHOWN4},
    {"IPv6 only", ROPP_FRAME_IPV6, PACKET6, SHOWN6},
    {"neither 4 nor 6", ROPP_FRAME_RAW, "50" PACKET4, NULL},
    {"null, little endian", ROPP_FRAME_NULL, "02000000" PACKET4, SHOWN4},
    {"null, FreeBSD's IPv6", ROPP_FRAME_NULL, "1c000000" PACKET6, SHOWN6},
    {"loop, network order", ROPP_FRAME_LOOP, "00000002" PACKET4, SHOWN4},
    {"a link nobody knows", 147, PACKET4, NULL},

    {"IPv4 with options", ROPP_FRAME_RAW,
     "4600 0031 1c46 4000 4006 0000 " ENDS4 "01010101" TCP WORD, SHOWN4},
    {"IPv4 header too short", ROPP_FRAME_RAW, "4400 002d 1c46 4000 4006 0000 " ENDS4 TCP WORD,
     NULL},
    {"IPv4 total shorter than its header", ROPP_FRAME_RAW,
     IP4("0013", "4000", "06", ENDS4) TCP WORD, NULL},
    {"IPv4 total of 0: cut by the network card", ROPP_FRAME_RAW,
     IP4("0000", "4000", "06", ENDS4) TCP WORD, SHOWN4},
    {"IPv4 total longer than what was captured", ROPP_FRAME_RAW,
     IP4("05dc", "4000", "06", ENDS4) TCP WORD, SHOWN4},
    {"first fragment", ROPP_FRAME_RAW, IP4("002d", "2000", "06", ENDS4) TCP WORD, SHOWN4},
    {"later fragment", ROPP_FRAME_RAW, IP4("002d", "2001", "06", ENDS4) TCP WORD, NULL},
    {"last fragment", ROPP_FRAME_RAW, IP4("002d", "0001", "06", ENDS4) TCP WORD, NULL},
    {"UDP", ROPP_FRAME_RAW, IP4("002d", "4000", "11", ENDS4) TCP WORD, NULL},

    {"IPv6, extension headers", ROPP_FRAME_RAW,
     IP6("0031", "00") "3c 00 0104 00000000 2b 00 0104 00000000 06 00 0104 00000000" TCP WORD,
     SHOWN6},
    {"IPv6, a long extension", ROPP_FRAME_RAW,
     IP6("0029", "3c") "06 01 0104 00000000 0000000000000000" TCP WORD, SHOWN6},
    {"IPv6, authentication", ROPP_FRAME_RAW,
     IP6("0025", "33") "06 01 0000 00000000 00000000" TCP WORD, SHOWN6},
    {"IPv6, first fragment", ROPP_FRAME_RAW, IP6("0021", "2c") "06 00 0001 00000001" TCP WORD,
     SHOWN6},
    {"IPv6, later fragment", ROPP_FRAME_RAW, IP6("0021", "2c") "06 00 0009 00000001" TCP WORD,
     NULL},
    {"IPv6, an extension beyond the packet", ROPP_FRAME_RAW,
     IP6("0021", "00") "06 ff 0104 00000000" TCP WORD, NULL},
    {"IPv6, no extension that is known", ROPP_FRAME_RAW, IP6("0019", "32") TCP WORD, NULL},
    {"IPv6, extensions without end", ROPP_FRAME_RAW,
     IP6("0000",
         "00") "0000 0104 00000000 0000 0104 00000000 0000 0104 00000000 0000 0104 00000000 "
               "0000 0104 00000000 0000 0104 00000000 0000 0104 00000000 0000 0104 00000000 "
               "0600 0104 00000000" TCP WORD,
     NULL},
    {"IPv6, a payload of 0: jumbo, or cut by the card", ROPP_FRAME_RAW, IP6("0000", "06") TCP WORD,
     SHOWN6},

    {"TCP options", ROPP_FRAME_RAW, IP4("0039", "4000", "06", ENDS4) TCP_OPT WORD, SHOWN4},
    {"TCP header too short", ROPP_FRAME_RAW,
     IP4("002d", "4000", "06", ENDS4) PORTS "00001000 00002000 4018 0200 0000 0000" WORD, NULL},
    {"TCP header beyond the packet", ROPP_FRAME_RAW,
     IP4("002d", "4000", "06", ENDS4) PORTS "00001000 00002000 7018 0200 0000 0000" WORD, NULL},
    {"SYN", ROPP_FRAME_RAW, IP4("0028", "4000", "06", ENDS4) TCP_SYN,
     "192.0.2.10:51342 > 198.51.100.5:6900 seq 4097 syn ''"},
    {"SYN with bytes", ROPP_FRAME_RAW, IP4("002d", "4000", "06", ENDS4) TCP_SYN WORD,
     "192.0.2.10:51342 > 198.51.100.5:6900 seq 4097 syn 'PROXY'"},
    {"SYN and ACK", ROPP_FRAME_RAW, IP4("0028", "4000", "06", ENDS4) TCP_BOTH,
     "192.0.2.10:51342 > 198.51.100.5:6900 seq 4097 syn ack 8192 ''"},
};

static void show(const struct ropp_segment *segment, char *text, size_t size)
{
    char from[ROPP_END_TEXT], to[ROPP_END_TEXT], acked[32] = "";

    ropp_describe_socket(&segment->from, from);
    ropp_describe_socket(&segment->to, to);
    if (segment->syn && segment->ack)
        snprintf(acked, sizeof acked, " ack %u", (unsigned)segment->acked);
    snprintf(text, size, "%s > %s seq %u%s%s '%.*s'", from, to, (unsigned)segment->seq,
             segment->syn ? " syn" : "", acked, (int)segment->length,
             (const char *)segment->payload);
}

static void test_table(void **state)
{
    struct ropp_segment segment;
    uint8_t bytes[256];
    char shown[256];
    size_t i, length;
    bool read;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        length = from_hex(cases[i].bytes, bytes);
        read = ropp_frame_read(cases[i].link, bytes, length, &segment);
        if (read != (cases[i].shown != NULL))
            fail_msg("%s: %s", cases[i].name, read ? "read" : "not read");
        if (!read)
            continue;
        show(&segment, shown, sizeof shown);
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s: %s", cases[i].name, shown);
    }
}

/* However short a packet was cut: nothing outside is looked at (each gets memory of just its size,
 * for the sanitizers), and what is read of it is a part of the whole. */
static void test_cut(void **state)
{
    struct ropp_segment whole, segment;
    uint8_t bytes[256], *cut;
    size_t i, length, size;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        length = from_hex(cases[i].bytes, bytes);
        if (!ropp_frame_read(cases[i].link, bytes, length, &whole))
            continue;
        for (size = 0; size <= length; size++) {
            cut = malloc(size + 1);
            assert_non_null(cut);
            memcpy(cut + 1, bytes, size);
            if (ropp_frame_read(cases[i].link, cut + 1, size, &segment)) {
                assert_true(segment.length <= whole.length);
                assert_memory_equal(segment.payload, whole.payload, segment.length);
                assert_int_equal(segment.seq, whole.seq);
                assert_int_equal(segment.from.port, whole.from.port);
            }
            free(cut);
        }
    }
}

/* Where nobody says how a packet begins. */
static void test_guess(void **state)
{
    struct ropp_segment segment;
    uint8_t bytes[256];
    char shown[256];
    size_t i, guessed = 0;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        if (cases[i].shown == NULL)
            continue;
        if (!ropp_frame_guess(bytes, from_hex(cases[i].bytes, bytes), &segment))
            fail_msg("%s: not guessed", cases[i].name);
        show(&segment, shown, sizeof shown);
        assert_string_equal(shown, cases[i].shown);
        guessed++;
    }
    assert_true(guessed > 25);
    assert_false(ropp_frame_guess(bytes, from_hex("6400 1400 0000 706c 6179", bytes), &segment));
}

/* The numbers that files have for what begins so. */
static void test_numbers(void **state)
{
    static const int numbers[] = {0, 1, 12, 14, 101, 108, 113, 228, 229, 276};
    uint32_t link;
    size_t i = 0;

    (void)state;
    for (link = 0; link < 1000; link++)
        if (ropp_frame_known(link))
            assert_int_equal(link, numbers[i++]);
    assert_int_equal(i, sizeof numbers / sizeof numbers[0]);
    assert_int_equal(ROPP_FRAME_NULL, 0);
    assert_int_equal(ROPP_FRAME_ETHERNET, 1);
    assert_int_equal(ROPP_FRAME_RAW_BSD, 12);
    assert_int_equal(ROPP_FRAME_RAW_OPEN, 14);
    assert_int_equal(ROPP_FRAME_RAW, 101);
    assert_int_equal(ROPP_FRAME_LOOP, 108);
    assert_int_equal(ROPP_FRAME_SLL, 113);
    assert_int_equal(ROPP_FRAME_IPV4, 228);
    assert_int_equal(ROPP_FRAME_IPV6, 229);
    assert_int_equal(ROPP_FRAME_SLL2, 276);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_guess),
        cmocka_unit_test(test_numbers),
    };

    return UNIT_RUN(argc, argv, "frame", tests, NULL, NULL);
}
