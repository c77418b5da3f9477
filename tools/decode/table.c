// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "tools/decode/describe.h"
#include "tools/decode/report.h"

enum { SHOWN_BYTES = 64 };

static void row(const char *name, const char *text)
{
    printf("%-12s %s\n", name, text);
}

/* Bytes that a terminal might take for orders are shown as \xNN. */
static void put_escaped(const char *text, size_t length)
{
    const char *end = text + length;

    for (; text < end; text++)
        if (*text >= ' ' && *text <= '~' && *text != '\\')
            putchar(*text);
        else
            printf("\\x%02x", (unsigned)(unsigned char)*text);
}

/* ---- TLVs ---- */

static bool is_text(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] < ' ' || bytes[i] > '~')
            return false;
    return true;
}

static void put_value(const uint8_t *bytes, size_t length, bool as_text)
{
    size_t shown = length < SHOWN_BYTES ? length : SHOWN_BYTES, i;

    if (as_text && is_text(bytes, length))
        fwrite(bytes, 1, shown, stdout);
    else
        for (i = 0; i < shown; i++)
            printf("%02x", (unsigned)bytes[i]);
    if (shown < length)
        fputs("...", stdout);
}

static void put_tlv(const struct ropp_tlv *tlv, bool inside_ssl)
{
    const char *name = inside_ssl ? ropp_tlv_ssl_name(tlv) : ropp_tlv_name(tlv);
    const uint8_t *value = tlv->value;

    printf("%s0x%02x %-*s %5u  ", inside_ssl ? "    " : "  ", (unsigned)tlv->type,
           inside_ssl ? 15 : 17, name != NULL ? name : "-", (unsigned)tlv->length);
    if (name == NULL || inside_ssl) {
        put_value(value, tlv->length, name != NULL);
    } else if (tlv->type == ROPP_TLV_SSL) {
        printf("client 0x%02x, verify %" PRIu64, (unsigned)value[0],
               ropp_describe_number(value + 1, 4));
    } else if (tlv->type == ROPP_TLV_AWS) {
        put_value(value + 1, tlv->length - 1u, true);
    } else if (tlv->type == ROPP_TLV_AZURE) {
        printf("%" PRIu32, (uint32_t)value[4] << 24 | (uint32_t)value[3] << 16 |
                               (uint32_t)value[2] << 8 | value[1]);
    } else if (tlv->type == ROPP_TLV_GOOGLE) {
        printf("%" PRIu64, ropp_describe_number(value, tlv->length));
    } else {
        put_value(value, tlv->length, tlv->type != ROPP_TLV_CRC32C);
        if (tlv->type == ROPP_TLV_CRC32C)
            fputs(", right", stdout);
    }
    putchar('\n');
}

static void put_tlvs(const uint8_t *at, const uint8_t *end, bool inside_ssl)
{
    struct ropp_tlv tlv;

    while (ropp_tlv_next(&at, end, &tlv)) {
        put_tlv(&tlv, inside_ssl);
        if (!inside_ssl && tlv.type == ROPP_TLV_SSL)
            put_tlvs(tlv.value + ROPP_TLV_SSL_FIXED, tlv.value + tlv.length, true);
    }
}

/* ---- the rows ---- */

static void put_end(const struct ropp_header *h, const struct ropp_capture *capture, bool source)
{
    char text[ROPP_UNIX_PATH];
    size_t length = ropp_describe_end(h, capture, source, text);

    if (length == 0)
        return;
    printf("%-12s ", source ? "source" : "destination");
    put_escaped(text, length);
    if (h->source.family != ROPP_FAMILY_UNSPEC)
        printf(" port %u", (unsigned)(source ? h->source_port : h->destination_port));
    putchar('\n');
}

static void put_connection(const struct ropp_capture *capture)
{
    char from[ROPP_END_TEXT], to[ROPP_END_TEXT];

    if (!capture->has_ends)
        return;
    ropp_describe_socket(&capture->from, from);
    ropp_describe_socket(&capture->to, to);
    printf("%-12s %s > %s\n", "connection", from, to);
}

/* What is between the fixed part and the end of a complete header, and behind it. */
static void put_rest(const struct ropp_header *h, const struct ropp_capture *capture)
{
    if (h->version == 2 && !ropp_describe_has_ends(h) && h->tlvs_at > ROPP_HEADER_V2_FIXED)
        printf("%-12s %" PRIu32 " bytes without meaning here\n", "passed over",
               h->tlvs_at - ROPP_HEADER_V2_FIXED);
    if (h->tlvs_at < h->length) {
        puts("tlvs");
        put_tlvs(capture->bytes + h->tlvs_at, capture->bytes + h->length, false);
    }
    printf("%-12s %" PRIu64 " bytes, the game's\n", "after it", capture->total - h->length);
}

void ropp_decode_table(const struct ropp_decoded *decoded)
{
    const struct ropp_header *h = decoded->header;
    const struct ropp_capture *capture = decoded->capture;
    uint32_t whole = ropp_describe_length(h, capture);
    const char *note = ropp_describe_note(h);

    put_connection(capture);
    row("result", ropp_describe_result(h->status));
    if (h->status == ROPP_HEADER_INVALID)
        row("reason", ropp_reason_name(h->reason));
    if (h->version != 0)
        printf("%-12s %u\n", "version", (unsigned)h->version);
    if (h->status == ROPP_HEADER_OK) {
        row("command", ropp_describe_command(h->command));
        row("family", ropp_describe_family(h->family));
        row("transport", ropp_describe_transport(h->transport));
        put_end(h, capture, true);
        put_end(h, capture, false);
    }
    if (whole > 0)
        printf("%-12s %" PRIu32 " bytes\n", "length", whole);
    if (h->status == ROPP_HEADER_OK)
        put_rest(h, capture);
    if (note != NULL)
        row("note", note);
}

void ropp_decode_heading(const struct ropp_decoded *decoded)
{
    static const char *const words[] = {
        "bytes as they are",   "a pcap file", "a pcapng file",         "a dump of packets",
        "a dump with offsets", "hex digits",  "a string with escapes",
    };
    const struct ropp_reading *reading = decoded->reading;

    if (reading->form == ROPP_FORM_BYTES || decoded->form_given)
        return;
    printf("%-12s %s", "read as", words[reading->form]);
    if (reading->packets > 0)
        printf(": %" PRIu64 " packets, %" PRIu64 " of TCP", reading->packets, reading->segments);
    putchar('\n');
    if (reading->packets > 0)
        printf("%-12s %zu, %zu of them silent\n", "connections", reading->connections,
               reading->silent);
}
