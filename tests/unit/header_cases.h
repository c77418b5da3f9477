// SPDX-License-Identifier: MIT
/* Headers, and what must come of each: the table of the decoder's tests. Included after unit.h and
 * values.h. */
#ifndef ROPP_UNIT_HEADER_CASES_H
#define ROPP_UNIT_HEADER_CASES_H

#include <stdlib.h>
#include <string.h>

#include "core/header.h"

#define WIRE_MAX (ROPP_HEADER_MAX + 64)

static uint8_t wire[WIRE_MAX]; /* the header of the case at hand */

/* `wire` is the bytes as text, or behind a '#' in hex, where 'text' represents its letters, LLLL
 * for the length of what follows, and ???????? for the right checksum. */
struct header_case {
    const char *name;
    const char *wire;
    enum ropp_header_status status;
    enum ropp_reason reason;
    int at;            /* INVALID: offset of the byte that is refused */
    const char *shown; /* OK: the results as show() writes them */
};

#define GOOD(name, wire, shown)                                                                    \
    {                                                                                              \
        name, wire, ROPP_HEADER_OK, ROPP_REASON_NONE, 0, shown                                     \
    }
#define MORE(name, wire)                                                                           \
    {                                                                                              \
        name, wire, ROPP_HEADER_NEED_MORE, ROPP_REASON_NONE, 0, NULL                               \
    }
#define BAD(name, wire, why, where)                                                                \
    {                                                                                              \
        name, wire, ROPP_HEADER_INVALID, ROPP_REASON_##why, where, NULL                            \
    }

#define SIG    "#0d0a0d0a 000d0a51 5549540a "
#define V4     "c0000207 c6336401 dc04 1af4 "
#define V6     "20010db8000000000000000000000007 20010db8000000000000000000000001 dc04 1af4 "
#define PAIR   "192.0.2.7:56324 > 198.51.100.1:6900"
#define PAIR6  "2001:db8::7:56324 > 2001:db8::1:6900"
#define ZERO12 "000000000000000000000000 "
#define ZERO36 ZERO12 ZERO12 ZERO12
#define A10    "aaaaaaaaaa"
#define A40    A10 A10 A10 A10
#define H64                                                                                        \
    "6161616161616161616161616161616161616161616161616161616161616161"                             \
    "6161616161616161616161616161616161616161616161616161616161616161"
#define S64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define UNIX_ADDRESSES                                                                             \
    "'/run/a' " ZERO36 ZERO36 "000000000000000000000000000000000000000000000000000000000000 "      \
    "'/run/b' " ZERO36 ZERO36 "000000000000000000000000000000000000000000000000000000000000 "

static const struct header_case header_cases[] = {
    /* Version 1, what is right. */
    GOOD("v1 TCP4", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 6900\r\n",
         "v1 PROXY INET STREAM " PAIR),
    GOOD("v1 TCP4, longest", "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
         "v1 PROXY INET STREAM 255.255.255.255:65535 > 255.255.255.255:65535"),
    GOOD("v1 TCP4, zeros", "PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n",
         "v1 PROXY INET STREAM 0.0.0.0:0 > 0.0.0.0:0"),
    GOOD("v1 TCP6", "PROXY TCP6 2001:db8::7 2001:db8::1 56324 6900\r\n",
         "v1 PROXY INET6 STREAM " PAIR6),
    GOOD("v1 TCP6, longest",
         "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
         "65535 65535\r\n",
         "v1 PROXY INET6 STREAM ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:65535 > "
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:65535"),
    GOOD("v1 TCP6, upper case", "PROXY TCP6 2001:DB8::A FFFF:: 1 2\r\n",
         "v1 PROXY INET6 STREAM 2001:db8::a:1 > ffff:::2"),
    GOOD("v1 TCP6, mapped", "PROXY TCP6 ::ffff:192.0.2.7 ::ffff:c633:6401 56324 6900\r\n",
         "v1 PROXY INET6 STREAM " PAIR),
    GOOD("v1 TCP6, one side mapped", "PROXY TCP6 ::ffff:192.0.2.7 2001:db8::1 56324 6900\r\n",
         "v1 PROXY INET6 STREAM 192.0.2.7:56324 > 2001:db8::1:6900"),
    GOOD("v1 UNKNOWN", "PROXY UNKNOWN\r\n", "v1 PROXY UNSPEC UNSPEC -"),
    GOOD("v1 UNKNOWN and a space", "PROXY UNKNOWN \r\n", "v1 PROXY UNSPEC UNSPEC -"),
    GOOD("v1 UNKNOWN with addresses", "PROXY UNKNOWN 192.0.2.7 198.51.100.1 56324 6900\r\n",
         "v1 PROXY UNSPEC UNSPEC -"),
    GOOD("v1 UNKNOWN with anything", "PROXY UNKNOWN \x01\xff  TCP4 \r\r\n",
         "v1 PROXY UNSPEC UNSPEC -"),
    GOOD("v1 UNKNOWN with a NUL", "#'PROXY UNKNOWN '00'x'0d0a", "v1 PROXY UNSPEC UNSPEC -"),
    GOOD("v1 UNKNOWN with a lone CR and a lone LF", "PROXY UNKNOWN a\rb\nc\n\r\r\n",
         "v1 PROXY UNSPEC UNSPEC -"),
    GOOD("v1 UNKNOWN, 107 bytes", "PROXY UNKNOWN " A40 A40 A10 "a\r\n", "v1 PROXY UNSPEC UNSPEC -"),

    /* Version 1, beyond its letter, as nginx behind another proxy writes it. */
    GOOD("v1 TCP6, IPv4 as destination", "PROXY TCP6 2001:db8::7 127.0.0.1 56324 8000\r\n",
         "v1 PROXY INET6 STREAM 2001:db8::7:56324 > 127.0.0.1:8000 departure"),
    GOOD("v1 TCP4, IPv6 as destination", "PROXY TCP4 192.0.2.7 ::1 56324 8001\r\n",
         "v1 PROXY INET STREAM 192.0.2.7:56324 > ::1:8001 departure"),
    GOOD("v1 TCP4, unix socket as destination",
         "PROXY TCP4 192.0.2.7 unix:/run/n1.sock 56324 0\r\n",
         "v1 PROXY INET STREAM 192.0.2.7:56324 > :0 departure"),
    GOOD("v1 TCP4, a long path as destination",
         "PROXY TCP4 192.0.2.7 unix:/" A40 "aaaaaaaaaa 56324 0\r\n",
         "v1 PROXY INET STREAM 192.0.2.7:56324 > :0 departure"),
    GOOD("v1 TCP6, both IPv4", "PROXY TCP6 192.0.2.7 198.51.100.1 56324 6900\r\n",
         "v1 PROXY INET6 STREAM " PAIR " departure"),
    GOOD("v1 TCP4, both IPv6", "PROXY TCP4 2001:db8::7 2001:db8::1 56324 6900\r\n",
         "v1 PROXY INET STREAM " PAIR6 " departure"),
    GOOD("v1 TCP4, destination that is none", "PROXY TCP4 192.0.2.7 1.2.3. 1 2\r\n",
         "v1 PROXY INET STREAM 192.0.2.7:1 > :2 departure"),
    GOOD("v1 TCP6, NAT64", "PROXY TCP6 64:ff9b::c000:207 2001:db8::1 56324 6900\r\n",
         "v1 PROXY INET6 STREAM 192.0.2.7:56324 > 2001:db8::1:6900"),

    /* Version 1, not complete. */
    MORE("v1 nothing", ""),
    MORE("v1 first byte", "P"),
    MORE("v1 name", "PROXY"),
    MORE("v1 protocol", "PROXY TCP4"),
    MORE("v1 without line end", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 6900"),
    MORE("v1 without LF", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 6900\r"),
    MORE("v1 UNKNOWN, 106 bytes", "PROXY UNKNOWN " A40 A40 A10 "a\r"),

    /* Not the protocol at all: refused at its first wrong byte. */
    BAD("game login packet", "#6400 14000000", NOT_PROXY, 0),
    BAD("game server packet", "#1027", NOT_PROXY, 0),
    BAD("HTTP GET", "GET / HTTP/1.1\r\n", NOT_PROXY, 0),
    BAD("HTTP POST", "POST / HTTP/1.1\r\n", NOT_PROXY, 1),
    BAD("TLS", "#160301", NOT_PROXY, 0),
    BAD("NUL", "#00", NOT_PROXY, 0),
    BAD("lower case", "proxy TCP4 ", NOT_PROXY, 0),
    BAD("leading space", " PROXY TCP4 ", NOT_PROXY, 0),
    BAD("leading LF", "\nPROXY", NOT_PROXY, 0),
    BAD("v1 no space behind PROXY", "PROXY\tTCP4", NOT_PROXY, 5),
    BAD("v1 only PROXY", "PROXY\r\n", NOT_PROXY, 5),
    BAD("v1 longer name", "PROXYS", NOT_PROXY, 5),
    BAD("v2 signature, last byte", "#0d0a0d0a 000d0a51 5549540d", NOT_PROXY, 11),
    BAD("v2 signature, NUL left out", "#0d0a0d0a 0d0a5155", NOT_PROXY, 4),
    BAD("empty lines", "\r\n\r\n\r\n", NOT_PROXY, 4),

    /* Version 1, what is wrong. */
    BAD("v1 UDP4", "PROXY UDP4 192.0.2.7", V1_PROTOCOL, 7),
    BAD("v1 TCP5", "PROXY TCP5 192.0.2.7", V1_PROTOCOL, 9),
    BAD("v1 TCP", "PROXY TCP 192.0.2.7", V1_PROTOCOL, 9),
    BAD("v1 TCP44", "PROXY TCP44 ", V1_PROTOCOL, 10),
    BAD("v1 tcp4", "PROXY tcp4 ", V1_PROTOCOL, 6),
    BAD("v1 no protocol", "PROXY \r\n", V1_PROTOCOL, 6),
    BAD("v1 UNKNOWNS", "PROXY UNKNOWNS\r\n", V1_PROTOCOL, 13),
    BAD("v1 unknown", "PROXY UNKNOWn\r\n", V1_PROTOCOL, 12),
    BAD("v1 tab behind protocol", "PROXY TCP4\t192.0.2.7", V1_PROTOCOL, 10),
    BAD("v1 two spaces before protocol", "PROXY  TCP4", V1_SPACING, 6),
    BAD("v1 two spaces before source", "PROXY TCP4  192.0.2.7", V1_SPACING, 11),
    BAD("v1 two spaces before destination", "PROXY TCP4 192.0.2.7  1", V1_SPACING, 21),
    BAD("v1 two spaces before port", "PROXY TCP4 192.0.2.7 198.51.100.1  5", V1_SPACING, 34),
    BAD("v1 two spaces before last port", "PROXY TCP4 192.0.2.7 198.51.100.1 5  6", V1_SPACING, 36),
    BAD("v1 ends behind protocol", "PROXY TCP4\r\n", V1_MISSING_FIELD, 10),
    BAD("v1 ends behind TCP4 and space", "PROXY TCP4 \r\n", V1_MISSING_FIELD, 11),
    BAD("v1 ends behind source", "PROXY TCP4 192.0.2.7\r\n", V1_MISSING_FIELD, 20),
    BAD("v1 ends behind destination", "PROXY TCP4 192.0.2.7 198.51.100.1\r\n", V1_MISSING_FIELD,
        33),
    BAD("v1 ends behind first port", "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n", V1_MISSING_FIELD, 28),
    BAD("v1 ends before last port", "PROXY TCP4 1.2.3.4 5.6.7.8 1 \r\n", V1_MISSING_FIELD, 29),
    BAD("v1 octet too big", "PROXY TCP4 192.0.2.256 1", V1_ADDRESS, 22),
    BAD("v1 octet with leading zero", "PROXY TCP4 192.0.02.1 1", V1_ADDRESS, 21),
    BAD("v1 three octets", "PROXY TCP4 192.0.2 1", V1_ADDRESS, 18),
    BAD("v1 five octets", "PROXY TCP4 1.2.3.4.5 1", V1_ADDRESS, 20),
    BAD("v1 wrong source", "PROXY TCP4 1.2.3. 1.2.3.4 1", V1_ADDRESS, 17),
    BAD("v1 name for address", "PROXY TCP4 localhost", V1_ADDRESS, 11),
    BAD("v1 signed octet", "PROXY TCP4 -1.2.3.4", V1_ADDRESS, 11),
    BAD("v1 hex address", "PROXY TCP4 0x7f.0.0.1", V1_ADDRESS, 12),
    BAD("v1 tab in address", "PROXY TCP4 1.2.3.4\t5.6.7.8", V1_ADDRESS, 18),
    BAD("v1 control in destination", "PROXY TCP4 1.2.3.4 5.6.7.8\t1 1", V1_ADDRESS, 26),
    BAD("v1 UTF-8 in destination", "PROXY TCP4 1.2.3.4 \xc3\xa9 1 1", V1_ADDRESS, 19),
    BAD("v1 NUL in address", "#'PROXY TCP4 1.2.3.4'00", V1_ADDRESS, 18),
    BAD("v1 IPv4 too long", "PROXY TCP4 1111111111111111 ", V1_ADDRESS, 27),
    BAD("v1 IPv6, two gaps", "PROXY TCP6 1::2::3 ::1", V1_ADDRESS, 18),
    BAD("v1 IPv6, seven groups", "PROXY TCP6 1:2:3:4:5:6:7 ::1", V1_ADDRESS, 24),
    BAD("v1 IPv6, nine groups", "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1", V1_ADDRESS, 28),
    BAD("v1 IPv6, five digits", "PROXY TCP6 12345:: ::1", V1_ADDRESS, 18),
    BAD("v1 IPv6, zone", "PROXY TCP6 fe80::1%eth0 ::1", V1_ADDRESS, 18),
    BAD("v1 IPv6, brackets", "PROXY TCP6 [::1] ::1", V1_ADDRESS, 11),
    BAD("v1 IPv6 too long", "PROXY TCP6 1:" A40 "a:1:1", V1_ADDRESS, 56),
    BAD("v1 port too big", "PROXY TCP4 1.2.3.4 5.6.7.8 65536 ", V1_PORT, 31),
    BAD("v1 port far too big", "PROXY TCP4 1.2.3.4 5.6.7.8 655350", V1_PORT, 32),
    BAD("v1 second port too big", "PROXY TCP4 1.2.3.4 5.6.7.8 1 70000\r\n", V1_PORT, 33),
    BAD("v1 port with leading zero", "PROXY TCP4 1.2.3.4 5.6.7.8 080 ", V1_PORT, 28),
    BAD("v1 port 00", "PROXY TCP4 1.2.3.4 5.6.7.8 00 ", V1_PORT, 28),
    BAD("v1 signed port", "PROXY TCP4 1.2.3.4 5.6.7.8 +80 ", V1_PORT, 27),
    BAD("v1 negative port", "PROXY TCP4 1.2.3.4 5.6.7.8 1 -1\r\n", V1_PORT, 29),
    BAD("v1 hex port", "PROXY TCP4 1.2.3.4 5.6.7.8 0x50 ", V1_PORT, 28),
    BAD("v1 address for a port", "PROXY TCP4 1.2.3.4 5.6.7.8 1.2", V1_PORT, 28),
    BAD("v1 LF alone", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", V1_LINE_END, 30),
    BAD("v1 CR alone", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rd", V1_LINE_END, 31),
    BAD("v1 CR CR LF", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r\n", V1_LINE_END, 31),
    BAD("v1 space before line end", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n", V1_LINE_END, 30),
    BAD("v1 fifth field", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n", V1_LINE_END, 30),
    BAD("v1 LF in the middle", "PROXY TCP4 1.2.3.4\n5.6.7.8 1 2\r\n", V1_LINE_END, 18),
    BAD("v1 LF behind TCP4", "PROXY TCP4\n", V1_LINE_END, 10),
    BAD("v1 UNKNOWN, LF alone", "PROXY UNKNOWN\n", V1_LINE_END, 13),
    BAD("v1 UNKNOWN, CR alone", "PROXY UNKNOWN\rx", V1_LINE_END, 14),
    BAD("v1 UNKNOWN, 108 bytes", "PROXY UNKNOWN " A40 A40 A10 "aa\r\n", V1_TOO_LONG, 105),
    BAD("v1 UNKNOWN, no LF as the 107th", "PROXY UNKNOWN " A40 A40 A10 "a\r\r\n", V1_TOO_LONG, 106),
    BAD("v1 UNKNOWN, endless", "PROXY UNKNOWN " A40 A40 A40, V1_TOO_LONG, 105),
    BAD("v1 TCP6, written too long",
        "PROXY TCP6 1111:1111:1111:1111:1111:1111:255.255.255.255 "
        "1111:1111:1111:1111:1111:1111:255.255.255.255 65535 65535\r\n",
        V1_TOO_LONG, 105),

    /* Version 2, what is right. */
    GOOD("v2 TCP4", SIG "21 11 000c" V4, "v2 PROXY INET STREAM " PAIR),
    GOOD("v2 UDP4", SIG "21 12 000c" V4, "v2 PROXY INET DGRAM " PAIR),
    GOOD("v2 TCP6", SIG "21 21 0024" V6, "v2 PROXY INET6 STREAM " PAIR6),
    GOOD("v2 UDP6", SIG "21 22 0024" V6, "v2 PROXY INET6 DGRAM " PAIR6),
    GOOD("v2 TCP6, mapped",
         SIG
         "21 21 0024 00000000000000000000ffffc0000207 00000000000000000000ffffc6336401 dc041af4",
         "v2 PROXY INET6 STREAM " PAIR),
    GOOD("v2 TCP6, one side mapped",
         SIG
         "21 21 0024 20010db8000000000000000000000007 00000000000000000000ffffc6336401 dc041af4",
         "v2 PROXY INET6 STREAM 2001:db8::7:56324 > 198.51.100.1:6900"),
    GOOD("v2 UNIX stream", SIG "21 31 00d8" UNIX_ADDRESSES, "v2 PROXY UNIX STREAM -"),
    GOOD("v2 UNIX datagram and a TLV", SIG "21 32 LLLL" UNIX_ADDRESSES "05 0001 'i'",
         "v2 PROXY UNIX DGRAM - unique-id=i"),
    GOOD("v2 UNIX, checksum", SIG "21 31 LLLL" UNIX_ADDRESSES "03 0004 ????????",
         "v2 PROXY UNIX STREAM - crc32c"),

    /* LOCAL and UNSPEC: no address, and what follows need not be TLVs. */
    GOOD("v2 LOCAL", SIG "20 00 0000", "v2 LOCAL UNSPEC UNSPEC -"),
    GOOD("v2 LOCAL with addresses", SIG "20 11 000c" V4, "v2 LOCAL INET STREAM -"),
    GOOD("v2 LOCAL with too few bytes", SIG "20 21 0005 0102030405", "v2 LOCAL INET6 STREAM -"),
    GOOD("v2 LOCAL, undefined family", SIG "20 41 0000", "v2 LOCAL UNSPEC STREAM -"),
    GOOD("v2 LOCAL, undefined transport", SIG "20 1f 0000", "v2 LOCAL INET UNSPEC -"),
    GOOD("v2 LOCAL, all ones", SIG "20 ff 0001 00", "v2 LOCAL UNSPEC UNSPEC -"),
    GOOD("v2 LOCAL with TLVs", SIG "20 00 LLLL 05 0002 'id' 03 0004 ????????",
         "v2 LOCAL UNSPEC UNSPEC - crc32c unique-id=id"),
    GOOD("v2 LOCAL, TLVs and then none", SIG "20 00 LLLL 05 0002 'id' 01 0001 00 ff",
         "v2 LOCAL UNSPEC UNSPEC -"),
    GOOD("v2 LOCAL, checksum and then none", SIG "20 00 LLLL 05 0002 'id' 03 0004 ???????? ff",
         "v2 LOCAL UNSPEC UNSPEC - crc32c"),
    GOOD("v2 LOCAL, addresses and a checksum", SIG "20 11 LLLL" V4 "05 0002 'id' 03 0004 ????????",
         "v2 LOCAL INET STREAM - crc32c unique-id=id"),
    GOOD("v2 LOCAL, IPv6 addresses and a checksum", SIG "20 21 LLLL" V6 "03 0004 ????????",
         "v2 LOCAL INET6 STREAM - crc32c"),
    GOOD("v2 LOCAL, addresses that look like a checksum",
         SIG "20 11 000c 03000407 c6336401 01dc 041a", "v2 LOCAL INET STREAM -"),
    GOOD("v2 LOCAL, addresses that look like a checksum, and one",
         SIG "20 11 LLLL 03000407 c6336401 01dc 041a 05 0002 'id' 03 0004 ????????",
         "v2 LOCAL INET STREAM - crc32c unique-id=id"),
    GOOD("v2 LOCAL, addresses that look like a checksum, one, and none",
         SIG "20 11 LLLL 03000407 c6336401 01dc 041a 03 0004 ???????? ff",
         "v2 LOCAL INET STREAM - crc32c"),
    GOOD("v2 LOCAL, SSL and then none", SIG "20 00 LLLL 20 000a 01 00000000 21 0002 '12' 04 0001",
         "v2 LOCAL UNSPEC UNSPEC -"),
    GOOD("v2 LOCAL, no checksum's size", SIG "20 00 LLLL 03 0003 000000 05 0001 'i'",
         "v2 LOCAL UNSPEC UNSPEC -"),
    GOOD("v2 UNSPEC", SIG "21 00 0000", "v2 PROXY UNSPEC UNSPEC -"),
    GOOD("v2 UNSPEC with TLVs", SIG "21 00 LLLL 02 0003 'a.b'",
         "v2 PROXY UNSPEC UNSPEC - authority=a.b"),
    GOOD("v2 UNSPEC with addresses", SIG "21 00 000c" V4, "v2 PROXY UNSPEC UNSPEC -"),
    GOOD("v2 UNSPEC, one byte", SIG "21 00 0001 00", "v2 PROXY UNSPEC UNSPEC -"),
    GOOD("v2 UNSPEC family, STREAM", SIG "21 01 0000", "v2 PROXY UNSPEC STREAM -"),
    GOOD("v2 UNSPEC family, DGRAM", SIG "21 02 0000", "v2 PROXY UNSPEC DGRAM -"),
    GOOD("v2 INET, UNSPEC transport", SIG "21 10 000c" V4, "v2 PROXY INET UNSPEC -"),
    GOOD("v2 INET6, UNSPEC transport", SIG "21 20 0004 00000000", "v2 PROXY INET6 UNSPEC -"),
    GOOD("v2 UNIX, UNSPEC transport", SIG "21 30 0000", "v2 PROXY UNIX UNSPEC -"),

    /* Version 2, TLVs. */
    GOOD("v2 ALPN", SIG "21 11 LLLL" V4 "01 0002 'h2'", "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 AUTHORITY", SIG "21 11 LLLL" V4 "02 000b 'example.com'",
         "v2 PROXY INET STREAM " PAIR " authority=example.com"),
    GOOD("v2 checksum", SIG "21 11 LLLL" V4 "03 0004 ????????",
         "v2 PROXY INET STREAM " PAIR " crc32c"),
    GOOD("v2 checksum between TLVs",
         SIG "21 21 LLLL" V6 "04 0002 ffff 03 0004 ???????? 05 0001 'i'",
         "v2 PROXY INET6 STREAM " PAIR6 " crc32c unique-id=i"),
    GOOD("v2 checksum before an empty TLV", SIG "21 11 LLLL" V4 "03 0004 ???????? 04 0000",
         "v2 PROXY INET STREAM " PAIR " crc32c"),
    GOOD("v2 NOOP", SIG "21 11 LLLL" V4 "04 0000 04 0003 000000 04 0000",
         "v2 PROXY INET STREAM " PAIR),
    GOOD("v2 UNIQUE_ID", SIG "21 11 LLLL" V4 "05 0003 00'a'ff",
         "v2 PROXY INET STREAM " PAIR " unique-id=\\00a\\ff"),
    GOOD("v2 UNIQUE_ID, empty", SIG "21 11 LLLL" V4 "05 0000",
         "v2 PROXY INET STREAM " PAIR " unique-id="),
    GOOD("v2 UNIQUE_ID, longest", SIG "21 11 LLLL" V4 "05 0080 " H64 H64,
         "v2 PROXY INET STREAM " PAIR " unique-id=" S64 S64),
    GOOD("v2 AUTHORITY, longer than kept", SIG "21 11 LLLL" V4 "02 00c3 'xyz'" H64 H64 H64,
         "v2 PROXY INET STREAM " PAIR " authority=xyz" S64
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaa...195"),
    GOOD("v2 NETNS", SIG "21 11 LLLL" V4 "30 0003 'dmz'", "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 unknown types",
         SIG "21 11 LLLL" V4 "00 0001 00 06 0000 7f 0002 0102 e1 0001 aa ff 0000",
         "v2 PROXY INET STREAM " PAIR),
    GOOD("v2 one type twice: the first",
         SIG "21 11 LLLL" V4 "05 0001 'a' 02 0001 'x' 05 0001 'b' 02 0002 'yy'",
         "v2 PROXY INET STREAM " PAIR " authority=x unique-id=a"),
    GOOD("v2 one type twice: the first, empty", SIG "21 11 LLLL" V4 "02 0000 02 0001 'x'",
         "v2 PROXY INET STREAM " PAIR " authority="),
    GOOD("v2 AWS", SIG "21 11 LLLL" V4 "ea 0009 01 'vpce-0a1'", "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 AWS, other subtype", SIG "21 11 LLLL" V4 "ea 0003 02 'no' ea 0003 01 'id'",
         "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 AWS, only a subtype", SIG "21 11 LLLL" V4 "ea 0001 01",
         "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 AWS, empty", SIG "21 11 LLLL" V4 "ea 0000", "v2 PROXY INET STREAM " PAIR),
    GOOD("v2 Azure", SIG "21 11 LLLL" V4 "ee 0005 01 04030201", "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 Azure, other shapes",
         SIG "21 11 LLLL" V4 "ee 0004 01 040302 ee 0005 02 04030201 ee 0006 01 0403020100 ee 0000",
         "v2 PROXY INET STREAM " PAIR),
    GOOD("v2 Azure twice", SIG "21 11 LLLL" V4 "ee 0005 01 01000000 ee 0005 01 02000000",
         "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 Google", SIG "21 11 LLLL" V4 "e0 0008 0102030405060708",
         "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 Google, other shapes",
         SIG "21 11 LLLL" V4 "e0 0007 01020304050607 e0 0009 010203040506070809",
         "v2 PROXY INET STREAM " PAIR),
    GOOD("v2 Google twice", SIG "21 11 LLLL" V4 "e0 0008 0000000000000001 e0 0008 0000000000000002",
         "v2 PROXY INET STREAM " PAIR ""),
    GOOD("v2 SSL, nothing inside", SIG "21 11 LLLL" V4 "20 0005 00 00000001",
         "v2 PROXY INET STREAM " PAIR " ssl"),
    GOOD("v2 SSL, all inside",
         SIG "21 11 LLLL" V4
             "20 0047 07 00000000 21 0007 'TLSv1.3' 22 0003 'bob' 23 0002 'AE' 24 0003 'RSA' "
             "25 0007 'RSA2048' 26 0000 27 0001 's' 28 0007 30820000000102 03 0000 30 0001 'n' 05 "
             "0002 'no'"
             "05 0001 'i'",
         "v2 PROXY INET STREAM " PAIR " unique-id=i ssl version=TLSv1.3"),
    GOOD("v2 SSL, verify", SIG "21 11 LLLL" V4 "20 0005 03 12345678",
         "v2 PROXY INET STREAM " PAIR " ssl"),
    GOOD("v2 SSL, one type twice",
         SIG "21 11 LLLL" V4 "20 000e 01 00000000 21 0001 'a' 21 0002 'bb' ",
         "v2 PROXY INET STREAM " PAIR " ssl version=a"),
    GOOD("v2 SSL twice: the first",
         SIG "21 11 LLLL" V4
             "20 0009 01 00000000 22 0001 'a' 20 000d 07 00000009 21 0001 'b' 22 0001 'c'",
         "v2 PROXY INET STREAM " PAIR " ssl"),
    GOOD("v2 SSL, other types inside",
         SIG "21 11 LLLL" V4
             "20 0030 01 00000000 03 0004 01020304 05 0001 'i' 01 0001 'a' 20 0001 'x' "
             "ea 0002 01 'v' ee 0005 01 01000000 e0 0008 0000000000000001 "
             "03 0004 ????????",
         "v2 PROXY INET STREAM " PAIR " crc32c ssl"),
    GOOD("v2 SSL, its types outside", SIG "21 11 LLLL" V4 "21 0001 'a' 22 0001 'b'",
         "v2 PROXY INET STREAM " PAIR),
    GOOD(
        "v2 everything",
        SIG
        "21 21 LLLL" V6
        "03 0004 ???????? 01 0002 'h2' 02 0001 'a' 05 0001 'b' 20 000d 01 00000000 21 0005 'TLSv1' "
        "30 0001 'n' ea 0002 01 'v' ee 0005 01 07000000 e0 0008 0000000000000009 04 0001 00",
        "v2 PROXY INET6 STREAM " PAIR6 " crc32c authority=a unique-id=b "
        "ssl version=TLSv1"),

    /* As HAProxy 2.6 sends them (send-proxy-v2 with crc32c,unique-id; the third with every
     * option there is; then from a UNIX socket, and its health check). */
    GOOD("HAProxy, IPv4",
         "#"
         "0d0a0d0a000d0a515549540a2111002b7f0000017f000001c4c4a029030004759d230305"
         "001537463030303030313a433443342d2d2d2d30303037",
         "v2 PROXY INET STREAM 127.0.0.1:50372 > 127.0.0.1:41001 crc32c "
         "unique-id=7F000001:C4C4----0007"),
    GOOD("HAProxy, IPv6",
         "#"
         "0d0a0d0a000d0a515549540a2121005b0000000000000000000000000000000100000000"
         "000000000000000000000001aab6a0290300043d7edbdf05002d30303030303030303030"
         "303030303030303030303030303030303030303030313a414142362d2d2d2d30303038",
         "v2 PROXY INET6 STREAM ::1:43702 > ::1:41001 crc32c "
         "unique-id=00000000000000000000000000000001:AAB6----0008"),
    GOOD("HAProxy, TLS",
         "#"
         "0d0a0d0a000d0a515549540a211100857f0000017f000001986aa02a030004ecbc326e01"
         "0002683202000d6c6f67696e2e6578616d706c6505000b726f70702d343238392d322000"
         "4c0700000000210007544c5376312e3322000a706c61796572206f6e6525000752534132"
         "30343824000a5253412d534841323536230016544c535f4145535f3235365f47434d5f53"
         "4841333834",
         "v2 PROXY INET STREAM 127.0.0.1:39018 > 127.0.0.1:41002 crc32c "
         "authority=login.example unique-id=ropp-4289-2 ssl version=TLSv1.3"),
    GOOD("HAProxy, UNIX",
         "#"
         "0d0a0d0a000d0a515549540a2000000a030004826374b8050000",
         "v2 LOCAL UNSPEC UNSPEC - crc32c unique-id="),
    GOOD("HAProxy, health check",
         "#"
         "0d0a0d0a000d0a515549540a20000007030004a9b87e8f",
         "v2 LOCAL UNSPEC UNSPEC - crc32c"),

    /* Version 2, not complete. */
    MORE("v2 first byte", "\r"),
    MORE("v2 signature", SIG),
    MORE("v2 without length", SIG "21 11 00"),
    MORE("v2 without addresses", SIG "21 11 000c"),
    MORE("v2 without last byte", SIG "21 11 000c c0000207 c6336401 dc04 1a"),
    MORE("v2 without its TLV", SIG "21 11 000f" V4),
    MORE("v2 with half a TLV", SIG "21 11 0014" V4 "05 0005 'abcd'"),
    MORE("v2 LOCAL without its bytes", SIG "20 00 0002 00"),

    /* Version 2, what is wrong. */
    BAD("v2 version 1", SIG "11 11", V2_VERSION, 12),
    BAD("v2 version 3", SIG "31 11", V2_VERSION, 12),
    BAD("v2 version 0", SIG "01 11", V2_VERSION, 12),
    BAD("v2 version 15", SIG "f0 11", V2_VERSION, 12),
    BAD("v2 command 2", SIG "22 11", V2_COMMAND, 12),
    BAD("v2 command 15", SIG "2f 11", V2_COMMAND, 12),
    BAD("v2 family 4", SIG "21 41", V2_FAMILY, 13),
    BAD("v2 family 15", SIG "21 f0", V2_FAMILY, 13),
    BAD("v2 transport 3", SIG "21 13", V2_TRANSPORT, 13),
    BAD("v2 transport 15", SIG "21 0f", V2_TRANSPORT, 13),
    BAD("v2 INET too short", SIG "21 11 000b", V2_LENGTH, 15),
    BAD("v2 INET of nothing", SIG "21 12 0000", V2_LENGTH, 15),
    BAD("v2 INET6 too short", SIG "21 21 0023", V2_LENGTH, 15),
    BAD("v2 INET6 as long as INET", SIG "21 22 000c" V4, V2_LENGTH, 15),
    BAD("v2 UNIX too short", SIG "21 31 00d7", V2_LENGTH, 15),
    BAD("v2 one byte behind the addresses", SIG "21 11 000d" V4 "04", TLV_TRUNCATED, 28),
    BAD("v2 two bytes behind the addresses", SIG "21 11 000e" V4 "0400", TLV_TRUNCATED, 28),
    BAD("v2 one byte behind a TLV", SIG "21 11 LLLL" V4 "04 0000 04", TLV_TRUNCATED, 31),
    BAD("v2 two bytes behind a checksum", SIG "21 11 LLLL" V4 "03 0004 ???????? 0400",
        TLV_TRUNCATED, 35),
    BAD("v2 TLV one byte too long", SIG "21 11 LLLL" V4 "04 0002 00", TLV_OVERRUN, 30),
    BAD("v2 TLV far too long", SIG "21 21 LLLL" V6 "e5 ffff 00", TLV_OVERRUN, 54),
    BAD("v2 second TLV too long", SIG "21 11 LLLL" V4 "05 0001 'i' 04 0001", TLV_OVERRUN, 34),
    BAD("v2 unique id of 129, too long besides", SIG "21 11 LLLL" V4 "05 0081", TLV_OVERRUN, 30),
    BAD("v2 checksum of three bytes", SIG "21 11 LLLL" V4 "03 0003 000000", CRC32C_SIZE, 30),
    BAD("v2 checksum of five bytes", SIG "21 11 LLLL" V4 "03 0005 0000000000", CRC32C_SIZE, 30),
    BAD("v2 checksum of none", SIG "21 11 LLLL" V4 "03 0000", CRC32C_SIZE, 30),
    BAD("v2 two checksums", SIG "21 11 LLLL" V4 "03 0004 ???????? 03 0004 00000000",
        CRC32C_DUPLICATE, 37),
    BAD("v2 two checksums, the second one right",
        SIG "21 11 LLLL" V4 "03 0004 00000000 03 0004 ????????", CRC32C_DUPLICATE, 37),
    BAD("v2 wrong checksum", SIG "21 11 LLLL" V4 "03 0004 00000000", CRC32C_MISMATCH, 34),
    BAD("v2 checksum in the wrong byte order",
        SIG "21 11 0013 00000000 00000000 0000 0000 03 0004 9587b2a0", CRC32C_MISMATCH, 34),
    BAD("v2 wrong checksum, TLVs behind", SIG "21 11 LLLL" V4 "03 0004 00000000 05 0001 'i'",
        CRC32C_MISMATCH, 38),
    BAD("v2 wrong checksum, empty TLV behind", SIG "21 11 LLLL" V4 "03 0004 00000000 04 0000",
        CRC32C_MISMATCH, 37),
    BAD("v2 wrong checksum, SSL behind", SIG "21 11 LLLL" V4 "03 0004 00000000 20 0005 00 00000000",
        CRC32C_MISMATCH, 42),
    BAD("v2 LOCAL, wrong checksum and then none", SIG "20 00 LLLL 03 0004 00000000 ff",
        CRC32C_MISMATCH, 23),
    BAD("v2 LOCAL, wrong checksum and a broken SSL",
        SIG "20 00 LLLL 03 0004 00000000 20 0003 010203", CRC32C_MISMATCH, 28),
    BAD("v2 LOCAL, wrong checksum behind addresses", SIG "20 11 LLLL" V4 "03 0004 00000000",
        CRC32C_MISMATCH, 34),
    BAD("v2 LOCAL, two checksums", SIG "20 00 000e 030004 00000000 030004 00000000",
        CRC32C_DUPLICATE, 25),
    BAD("v2 UNSPEC, two checksums, the first one right",
        SIG "21 00 000e 030004 3ec9894f 030004 d4f4251d", CRC32C_DUPLICATE, 25),
    BAD("v2 LOCAL, wrong checksum", SIG "20 00 LLLL 03 0004 00000000", CRC32C_MISMATCH, 22),
    BAD("v2 UNSPEC, wrong checksum", SIG "21 00 LLLL 03 0004 00000000", CRC32C_MISMATCH, 22),
    BAD("v2 unique id of 129", SIG "21 11 LLLL" V4 "05 0081 61" H64 H64, UNIQUE_ID_SIZE, 30),
    BAD("v2 SSL of four bytes", SIG "21 11 LLLL" V4 "20 0004 01 000000", SSL_SIZE, 30),
    BAD("v2 SSL of none", SIG "21 11 LLLL" V4 "20 0000", SSL_SIZE, 30),
    BAD("v2 SSL, one byte inside", SIG "21 11 LLLL" V4 "20 0006 01 00000000 21", SSL_TLV_TRUNCATED,
        36),
    BAD("v2 SSL, two bytes behind a TLV",
        SIG "21 11 LLLL" V4 "20 000b 01 00000000 21 0001 'a' 2200", SSL_TLV_TRUNCATED, 40),
    BAD("v2 SSL, TLV too long", SIG "21 11 LLLL" V4 "20 0008 01 00000000 21 0001 04 0000",
        SSL_TLV_OVERRUN, 38),
    BAD("v2 second SSL, TLV too long",
        SIG "21 11 LLLL" V4 "20 0005 01 00000000 20 0008 01 00000000 21 ffff", SSL_TLV_OVERRUN, 46),
};

/* ---- From the table's notation to bytes ---- */

static inline void put_crc(size_t len, size_t at)
{
    uint32_t crc;

    memset(wire + at, 0, 4);
    crc = crc32c_bitwise(wire, len);
    wire[at] = (uint8_t)(crc >> 24);
    wire[at + 1] = (uint8_t)(crc >> 16);
    wire[at + 2] = (uint8_t)(crc >> 8);
    wire[at + 3] = (uint8_t)crc;
}

/* Writes it to `wire`. Returns its length. */
static inline size_t build(const char *notation)
{
    size_t len = 0, length_at = 0, crc_at = 0;
    const char *p = notation + 1;
    char pair[3] = "";

    if (notation[0] != '#') {
        memcpy(wire, notation, strlen(notation));
        return strlen(notation);
    }
    while (*p != '\0') {
        if (*p == ' ') {
            p++;
        } else if (*p == '\'') {
            for (p++; *p != '\''; p++)
                wire[len++] = (uint8_t)*p;
            p++;
        } else if (*p == 'L') {
            length_at = len;
            len += 2;
            p += 4;
        } else if (*p == '?') {
            crc_at = len;
            len += 4;
            p += 8;
        } else {
            pair[0] = p[0];
            pair[1] = p[1];
            wire[len++] = (uint8_t)strtoul(pair, NULL, 16);
            p += 2;
        }
    }
    if (length_at > 0) {
        wire[length_at] = (uint8_t)((len - length_at - 2) >> 8);
        wire[length_at + 1] = (uint8_t)(len - length_at - 2);
    }
    if (crc_at > 0)
        put_crc(len, crc_at);
    return len;
}

#endif
