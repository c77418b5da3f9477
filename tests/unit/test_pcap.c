// SPDX-License-Identifier: MIT
/* Capture files: pcap in its four forms and pcapng in both orders, whole, cut and broken. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/hex.h"
#include "tests/unit/unit.h"
#include "tools/decode/pcap.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* What the calls were shown, as text. */
static char shown[256];

static void on_packet(void *context, uint32_t link, const uint8_t *bytes, size_t length)
{
    size_t used = strlen(shown);

    assert_ptr_equal(context, shown);
    snprintf(shown + used, sizeof shown - used, "%u:%.*s ", (unsigned)link, (int)length,
             (const char *)bytes);
}

/* 'abc' and 'de', on Ethernet (1) unless said otherwise. */
#define LITTLE "0200 0400 00000000 00000000 00000400 01000000 "
#define BIG    "0002 0004 00000000 00000000 00040000 00000001 "
#define TWO_LITTLE                                                                                 \
    "00000000 00000000 03000000 03000000 616263 "                                                  \
    "00000000 00000000 02000000 40000000 6465 "
#define TWO_BIG                                                                                    \
    "00000000 00000000 00000003 00000003 616263 "                                                  \
    "00000000 00000000 00000002 00000040 6465 "

#define NG_LITTLE             "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 "
#define NG_BIG                "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c "
#define IF_LITTLE(link, snap) "01000000 14000000 " link " 0000 " snap " 14000000 "
#define IF_BIG                "00000001 00000014 0001 0000 00000000 00000014 "
#define EP_LITTLE(interface)                                                                       \
    "06000000 24000000 " interface " 00000000 00000000 03000000 03000000 61626300 24000000 "
#define EP_BIG            "00000006 00000024 00000000 00000000 00000000 00000003 00000003 61626300 00000024 "
#define SP_LITTLE(length) "03000000 14000000 " length " 61626364 14000000 "
#define NOTE              "05000000 10000000 00000000 10000000 " /* statistics: passed over */

static const struct {
    const char *name;
    const char *file;
    bool whole;
    const char *shown;
} cases[] = {
    {"little endian", "d4c3b2a1" LITTLE TWO_LITTLE, true, "1:abc 1:de "},
    {"little endian, nanoseconds", "4d3cb2a1" LITTLE TWO_LITTLE, true, "1:abc 1:de "},
    {"big endian", "a1b2c3d4" BIG TWO_BIG, true, "1:abc 1:de "},
    {"big endian, nanoseconds", "a1b23c4d" BIG TWO_BIG, true, "1:abc 1:de "},
    {"no packet", "d4c3b2a1" LITTLE, true, ""},
    {"frame checksums in the link type",
     "d4c3b2a1 0200 0400 00000000 00000000 00000400 14010054 " TWO_LITTLE, true, "276:abc 276:de "},
    {"an empty packet", "d4c3b2a1" LITTLE "00000000 00000000 00000000 03000000", true, "1: "},
    {"header cut", "d4c3b2a1 0200 0400", false, ""},
    {"only the magic", "d4c3b2a1", false, ""},
    {"a packet cut", "d4c3b2a1" LITTLE TWO_LITTLE "00000000 00000000 02000000 02000000 66", false,
     "1:abc 1:de "},
    {"a packet's header cut", "d4c3b2a1" LITTLE TWO_LITTLE "00000000 00000000 0200", false,
     "1:abc 1:de "},
    {"a length beyond everything", "d4c3b2a1" LITTLE "00000000 00000000 ffffffff ffffffff 616263",
     false, ""},
    {"lengths in the other order", "a1b2c3d4" BIG TWO_LITTLE, false, ""},
    {"no capture", "d4c3b2a2" LITTLE TWO_LITTLE, false, ""},
    {"nothing", "", false, ""},

    {"pcapng, little endian",
     NG_LITTLE IF_LITTLE("0100", "00000000") NOTE EP_LITTLE("00000000") SP_LITTLE("04000000"), true,
     "1:abc 1:abcd "},
    {"pcapng, big endian", NG_BIG IF_BIG EP_BIG, true, "1:abc "},
    {"pcapng, both orders in one file",
     NG_BIG IF_BIG EP_BIG NG_LITTLE IF_LITTLE("7100", "00000000") EP_LITTLE("00000000"), true,
     "1:abc 113:abc "},
    {"pcapng, two interfaces",
     NG_LITTLE IF_LITTLE("0100", "00000000") IF_LITTLE("6500", "00000000") EP_LITTLE("01000000")
         EP_LITTLE("00000000"),
     true, "101:abc 1:abc "},
    {"pcapng, an interface that is not there",
     NG_LITTLE IF_LITTLE("0100", "00000000") EP_LITTLE("01000000") EP_LITTLE("00000000"), true,
     "1:abc "},
    {"pcapng, a new section forgets them",
     NG_LITTLE IF_LITTLE("0100", "00000000") NG_LITTLE EP_LITTLE("00000000"), true, ""},
    {"pcapng, a simple packet cut at the interface's length",
     NG_LITTLE IF_LITTLE("0100", "02000000") SP_LITTLE("04000000"), true, "1:ab "},
    {"pcapng, a simple packet beyond its block",
     NG_LITTLE IF_LITTLE("0100", "00000000") SP_LITTLE("05000000"), false, ""},
    {"pcapng, a packet beyond its block",
     NG_LITTLE IF_LITTLE("0100", "00000000") "06000000 24000000 00000000 00000000 00000000 "
                                             "05000000 05000000 61626300 24000000",
     false, ""},
    {"pcapng, a block too short for a packet", NG_LITTLE "06000000 10000000 00000000 10000000",
     false, ""},
    {"pcapng, a block of no length", NG_LITTLE "06000000 00000000 00000000", false, ""},
    {"pcapng, a block cut", NG_LITTLE IF_LITTLE("0100", "00000000") "06000000 24000000 00000000",
     false, ""},
    {"pcapng, a section without its order", "0a0d0d0a 1c000000 00000000 0100 0000", false, ""},
    {"pcapng, a section cut", "0a0d0d0a 1c000000 4d3c2b1a", false, ""},
};

static void test_table(void **state)
{
    uint8_t file[512];
    size_t i, length;
    bool whole;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        length = from_hex(cases[i].file, file);
        shown[0] = '\0';
        whole = ropp_pcap_read(file, length, on_packet, shown);
        if (whole != cases[i].whole || strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s: %s, %s", cases[i].name, whole ? "whole" : "not whole", shown);
    }
}

/* Cut anywhere: what is shown is what the whole file begins with. Exact memory, for the sanitizers.
 */
static void test_cut(void **state)
{
    uint8_t file[512], *cut;
    size_t i, length, size;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        length = from_hex(cases[i].file, file);
        for (size = 0; size < length; size++) {
            cut = malloc(size + 1);
            assert_non_null(cut);
            memcpy(cut + 1, file, size);
            shown[0] = '\0';
            (void)ropp_pcap_read(cut + 1, size, on_packet, shown);
            if (strncmp(shown, cases[i].shown, strlen(shown)) != 0)
                fail_msg("%s, %zu bytes: %s", cases[i].name, size, shown);
            free(cut);
        }
    }
}

static void test_kind(void **state)
{
    static const uint8_t v2[] = "\r\n\r\n\0\r\nQUIT\n";
    uint8_t file[512];

    (void)state;
    assert_int_equal(ropp_pcap_kind(v2, sizeof v2 - 1), ROPP_PCAP_NONE);
    assert_int_equal(ropp_pcap_kind(v2, 0), ROPP_PCAP_NONE);
    assert_int_equal(ropp_pcap_kind(file, from_hex("a1b2c3d4", file)), ROPP_PCAP_CLASSIC);
    assert_int_equal(ropp_pcap_kind(file, from_hex("a1b2c3", file)), ROPP_PCAP_NONE);
    assert_int_equal(ropp_pcap_kind(file, from_hex("0a0d0d0a", file)), ROPP_PCAP_NG);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_kind),
    };

    return UNIT_RUN(argc, argv, "pcap", tests, NULL, NULL);
}
