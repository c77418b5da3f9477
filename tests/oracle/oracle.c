// SPDX-License-Identifier: MIT
#include "tests/oracle/oracle.h"

#include <arpa/inet.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void decide(struct oracle *out, enum oracle_verdict verdict, const char *why)
{
    out->verdict = verdict;
    out->why = why;
}

static void leave_open(struct oracle *out, enum oracle_room room, const char *why)
{
    decide(out, ORACLE_OPEN, why);
    out->room = room;
}

/* ---- 2.1: human-readable header format (version 1) ---- */

/* The group around an address comes first, three more are inside an IPv4 one. */
#define OCTET "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
#define IPV4  "((" OCTET "\\.){3}" OCTET ")"
#define IPV6  "([0-9A-Fa-f:.]+)"
#define PORT  "(0|[1-9][0-9]{0,4})"

enum { LINE_MAX_V1 = 107, GROUPS = 12 };

struct pattern {
    const char *text;
    regex_t regex;
    bool compiled; /* once, at its first use: that takes longer than many a match */
};

/* Matches the text, and copies the groups. */
static bool match(struct pattern *pattern, const char *text, char groups[GROUPS][LINE_MAX_V1 + 1])
{
    regmatch_t found[GROUPS];
    bool matches;
    size_t i;

    if (!pattern->compiled && regcomp(&pattern->regex, pattern->text, REG_EXTENDED) != 0)
        abort();
    pattern->compiled = true;
    matches = regexec(&pattern->regex, text, GROUPS, found, 0) == 0;
    for (i = 0; matches && i < GROUPS; i++)
        snprintf(groups[i], sizeof groups[i], "%.*s",
                 found[i].rm_so < 0 ? 0 : (int)(found[i].rm_eo - found[i].rm_so),
                 found[i].rm_so < 0 ? "" : text + found[i].rm_so);
    return matches;
}

/* The text behind "PROXY ", without its CR LF. */
static void read_line(const char *text, struct oracle *out)
{
    static struct pattern unknown = {.text = "^UNKNOWN($| )"};
    static struct pattern tcp4 = {.text = "^TCP4 " IPV4 " " IPV4 " " PORT " " PORT "$"};
    static struct pattern tcp6 = {.text = "^TCP6 " IPV6 " " IPV6 " " PORT " " PORT "$"};
    char g[GROUPS][LINE_MAX_V1 + 1];
    const char *source, *destination, *ports[2];
    bool dotted = false;

    if (match(&unknown, text, g)) {
        decide(out, ORACLE_ACCEPT, "2.1: UNKNOWN, and anything behind it is ignored");
        return;
    }
    if (match(&tcp4, text, g)) {
        out->family = 4;
        source = g[1];
        destination = g[5];
        ports[0] = g[9];
        ports[1] = g[10];
    } else if (match(&tcp6, text, g)) {
        out->family = 6;
        source = g[1];
        destination = g[2];
        ports[0] = g[3];
        ports[1] = g[4];
        dotted = strchr(source, '.') != NULL || strchr(destination, '.') != NULL;
    } else {
        decide(out, ORACLE_REFUSE, "2.1: does not exactly match the protocol");
        return;
    }
    if (inet_pton(out->family == 4 ? AF_INET : AF_INET6, source, out->source) != 1 ||
        inet_pton(out->family == 4 ? AF_INET : AF_INET6, destination, out->destination) != 1) {
        decide(out, ORACLE_REFUSE, "2.1: an address is not in its format");
        return;
    }
    out->source_port = (unsigned)strtoul(ports[0], NULL, 10);
    out->destination_port = (unsigned)strtoul(ports[1], NULL, 10);
    if (out->source_port > 65535 || out->destination_port > 65535)
        decide(out, ORACLE_REFUSE, "2.1: a port beyond 65535");
    else if (dotted)
        leave_open(out, ORACLE_ROOM_DOTTED, "2.1: sets of hexadecimal digits, in canonical format");
    else
        decide(out, ORACLE_ACCEPT, "2.1: exactly the line");
}

static void read_v1(const uint8_t *bytes, size_t size, struct oracle *out)
{
    char line[LINE_MAX_V1 + 1] = "";
    size_t end;

    for (end = 1; end < size && end < LINE_MAX_V1; end++)
        if (bytes[end - 1] == '\r' && bytes[end] == '\n')
            break;
    if (end == LINE_MAX_V1) {
        decide(out, ORACLE_REFUSE, "2.1: no CRLF in the first 107 characters");
        return;
    }
    if (end >= size) {
        decide(out, ORACLE_MORE, "2.1: the receiver must wait for the CRLF");
        return;
    }
    out->length = end + 1;
    memcpy(line, bytes + 6, end - 1 - 6);
    if (strlen(line) != end - 1 - 6 && strncmp(line, "UNKNOWN ", 8) != 0)
        decide(out, ORACLE_REFUSE, "2.1: a line of US-ASCII text");
    else
        read_line(line, out);
}

/* ---- 2.2: binary header format (version 2) ---- */

static unsigned number(const uint8_t *bytes, size_t size)
{
    unsigned value = 0;

    while (size-- > 0)
        value = value * 256 + *bytes++;
    return value;
}

/* 2.2.3, and RFC 4960 appendix B: bit by bit, the field itself being zero. */
static unsigned checksum(const uint8_t *header, size_t size, size_t field)
{
    uint32_t crc = 0xffffffff;
    size_t i;
    int bit;

    for (i = 0; i < size; i++) {
        crc ^= i >= field && i < field + 4 ? 0 : header[i];
        for (bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
    return ~crc;
}

struct tlvs {
    bool are_row;  /* TLVs from the first byte to the last, each as its own section wants it */
    int checksums; /* of four bytes each */
    size_t field;  /* where the first of them is */
};

static struct tlvs read_tlvs(const uint8_t *bytes, size_t at, size_t end, bool inside_ssl)
{
    struct tlvs tlvs = {true, 0, 0};
    size_t size;

    while (at < end && tlvs.are_row) {
        size = end - at >= 3 ? number(bytes + at + 1, 2) : 0;
        if (end - at < 3 || end - at - 3 < size) {
            tlvs.are_row = false;
        } else if (!inside_ssl && bytes[at] == 0x03) { /* 2.2.3: a 32-bit number */
            tlvs.are_row = size == 4;
            if (size == 4 && tlvs.checksums++ == 0)
                tlvs.field = at + 3;
        } else if (!inside_ssl && bytes[at] == 0x05) { /* 2.2.5: up to 128 bytes */
            tlvs.are_row = size <= 128;
        } else if (!inside_ssl && bytes[at] == 0x20) { /* 2.2.6: a byte, 32 bits, then TLVs */
            tlvs.are_row = size >= 5 && read_tlvs(bytes, at + 3 + 5, at + 3 + size, true).are_row;
        }
        at += 3 + size;
    }
    return tlvs;
}

static void read_checksum(const uint8_t *bytes, const struct tlvs *tlvs, struct oracle *out)
{
    if (tlvs->checksums > 1) {
        leave_open(out, ORACLE_ROOM_TWO_CHECKSUMS, "2.2.3: the checksum, of which there are two");
    } else if (tlvs->checksums == 1 &&
               checksum(bytes, out->length, tlvs->field) != number(bytes + tlvs->field, 4)) {
        decide(out, ORACLE_REFUSE, "2.2.3: the checksum is wrong");
    } else {
        out->has_checksum = tlvs->checksums == 1;
        decide(out, ORACLE_ACCEPT, "2.2: a whole header");
    }
}

/* LOCAL, or UNSPEC: what is in the block is to be ignored, but a checksum may be in it. */
static void read_block(const uint8_t *bytes, struct oracle *out)
{
    struct tlvs tlvs = read_tlvs(bytes, 16, out->length, false);

    if (tlvs.are_row)
        read_checksum(bytes, &tlvs, out);
    else
        leave_open(out, ORACLE_ROOM_BLOCK, "2.2: the block is skipped by its length");
}

static void read_addresses(const uint8_t *bytes, struct oracle *out)
{
    unsigned family = bytes[13] >> 4;
    size_t each = family == 1 ? 4 : family == 2 ? 16 : 108;
    size_t behind = 16 + 2 * each + (family == 3 ? 0 : 4);
    struct tlvs tlvs;

    if (out->length < behind) {
        decide(out, ORACLE_REFUSE, "2.2: fewer bytes than the addresses take");
        return;
    }
    if (family != 3) {
        out->family = family == 1 ? 4 : 6;
        memcpy(out->source, bytes + 16, each);
        memcpy(out->destination, bytes + 16 + each, each);
        out->source_port = number(bytes + 16 + 2 * each, 2);
        out->destination_port = number(bytes + 16 + 2 * each + 2, 2);
    }
    tlvs = read_tlvs(bytes, behind, out->length, false);
    if (tlvs.are_row)
        read_checksum(bytes, &tlvs, out);
    else
        leave_open(out, ORACLE_ROOM_TLVS, "2.2: bytes beyond the addresses may be ignored or read");
}

static void read_v2(const uint8_t *bytes, size_t size, struct oracle *out)
{
    unsigned version, command, family, transport;

    if (size < 16) {
        decide(out, ORACLE_MORE, "2.2: 16 bytes are constant");
        return;
    }
    version = bytes[12] >> 4;
    command = bytes[12] & 15;
    family = bytes[13] >> 4;
    transport = bytes[13] & 15;
    out->length = 16 + number(bytes + 14, 2);
    if (version != 2)
        decide(out, ORACLE_REFUSE, "2.2: the receiver must only accept version 2");
    else if (command > 1)
        decide(out, ORACLE_REFUSE, "2.2: an unassigned command");
    else if (command == 1 && (family > 3 || transport > 2))
        decide(out, ORACLE_REFUSE, "2.2: an unspecified family or protocol");
    else if (size < out->length)
        decide(out, ORACLE_MORE, "2.2: always exactly 16 plus the length");
    else if (command == 0 || family == 0 || transport == 0)
        read_block(bytes, out);
    else
        read_addresses(bytes, out);
}

void oracle_read(const uint8_t *bytes, size_t size, struct oracle *out)
{
    static const uint8_t text[] = {'P', 'R', 'O', 'X', 'Y', ' '};
    static const uint8_t binary[] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                     0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    memset(out, 0, sizeof *out);
    if (memcmp(bytes, text, size < sizeof text ? size : sizeof text) == 0) {
        if (size <= sizeof text)
            decide(out, ORACLE_MORE, "2.1: the beginning of a line");
        else
            read_v1(bytes, size, out);
    } else if (memcmp(bytes, binary, size < sizeof binary ? size : sizeof binary) == 0) {
        read_v2(bytes, size, out);
    } else {
        decide(out, ORACLE_REFUSE, "2.2: not covered by this specification");
    }
}
