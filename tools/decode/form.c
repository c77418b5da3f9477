// SPDX-License-Identifier: MIT
#include "tools/decode/form.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/decode/digits.h"
#include "tools/decode/dump.h"
#include "tools/decode/flows.h"
#include "tools/decode/frame.h"
#include "tools/decode/pcap.h"

struct reader {
    const uint8_t *input;
    size_t length;
    ropp_capture_call *call;
    void *context;
    struct ropp_reading *reading;
    struct ropp_block *block; /* for what is written as text */
    struct ropp_flows *flows; /* for packets */
};

const char *ropp_form_name(enum ropp_form form)
{
    static const char *const names[] = {"bytes", "pcap", "pcapng", "packets",
                                        "dump",  "hex",  "escapes"};

    return names[form];
}

static bool fail(struct reader *reader, enum ropp_form_error error, size_t at)
{
    reader->reading->error = error;
    reader->reading->at = at;
    return false;
}

/* ---- bytes in a row ---- */

static void show_row(struct reader *reader, const uint8_t *bytes, size_t kept, uint64_t total)
{
    const struct ropp_capture capture = {.bytes = bytes,
                                         .kept = kept < ROPP_HEADER_MAX ? kept : ROPP_HEADER_MAX,
                                         .total = total};

    reader->call(reader->context, &capture);
}

static bool read_as_is(struct reader *reader)
{
    reader->reading->form = ROPP_FORM_BYTES;
    show_row(reader, reader->input, reader->length, reader->length);
    return true;
}

/* Whether the bytes are the beginning of a header, or all of it: then they are in no other form. */
static bool begins_header(const uint8_t *bytes, size_t length)
{
    return length == 0 || ropp_header_match(bytes, length) != ROPP_MATCH_NO;
}

static bool is_text(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] > '~' || (bytes[i] < ' ' && (bytes[i] < '\t' || bytes[i] > '\r')))
            return false;
    return true;
}

/* ---- packets ---- */

static void take_segment(struct reader *reader, const struct ropp_segment *segment, bool copy)
{
    reader->reading->segments++;
    ropp_flows_add(reader->flows, segment, copy);
}

static void on_packet(void *context, uint32_t link, const uint8_t *bytes, size_t length)
{
    struct reader *reader = context;
    struct ropp_segment segment;

    reader->reading->packets++;
    if (!ropp_frame_known(link))
        reader->reading->link = link;
    else if (ropp_frame_read(link, bytes, length, &segment))
        take_segment(reader, &segment, false);
}

static bool show_flows(struct reader *reader)
{
    reader->reading->connections = ropp_flows_count(reader->flows);
    reader->reading->silent = ropp_flows_silent(reader->flows);
    ropp_flows_each(reader->flows, reader->call, reader->context);
    return true;
}

static bool read_pcap(struct reader *reader)
{
    struct ropp_reading *reading = reader->reading;

    reading->form = ropp_pcap_kind(reader->input, reader->length) == ROPP_PCAP_NG ? ROPP_FORM_PCAPNG
                                                                                  : ROPP_FORM_PCAP;
    reading->is_cut = !ropp_pcap_read(reader->input, reader->length, on_packet, reader);
    if (reading->segments == 0 && reading->link != 0)
        return fail(reader, ROPP_FORM_NO_LINK, 0);
    return show_flows(reader);
}

/* ---- dumps ---- */

/* A packet that was dumped, and not what a connection began with. */
static bool take_packet(struct reader *reader, const struct ropp_block *block)
{
    struct ropp_segment segment;

    if (begins_header(block->bytes, block->kept) ||
        !ropp_frame_guess(block->bytes, block->kept, &segment))
        return false;
    reader->reading->form = ROPP_FORM_PACKETS;
    take_segment(reader, &segment, true);
    return true;
}

static void on_block(void *context, const struct ropp_block *block)
{
    struct reader *reader = context;

    reader->reading->packets++;
    (void)take_packet(reader, block);
}

static void on_row(void *context, const struct ropp_block *block)
{
    show_row(context, block->bytes, block->kept, block->total);
}

/* Packets when one of the blocks is one; else each block is what a connection began with. */
static bool show_dump(struct reader *reader, const char *text)
{
    size_t line;

    if (reader->reading->form == ROPP_FORM_PACKETS)
        return show_flows(reader);
    reader->reading->form = ROPP_FORM_DUMP;
    reader->reading->packets = 0;
    (void)ropp_dump_read(text, reader->length, reader->block, on_row, reader, &line);
    return true;
}

/* ---- digits and strings ---- */

static bool show_block(struct reader *reader, enum ropp_form form)
{
    reader->reading->form = form;
    if (take_packet(reader, reader->block)) {
        reader->reading->packets = 1;
        return show_flows(reader);
    }
    on_row(reader, reader->block);
    return true;
}

static bool read_text(struct reader *reader, bool only_text)
{
    const char *text = (const char *)reader->input;
    size_t at;

    switch (ropp_dump_read(text, reader->length, reader->block, on_block, reader, &at)) {
    case ROPP_DUMP_READ:
        return show_dump(reader, text);
    case ROPP_DUMP_BROKEN:
        return fail(reader, ROPP_FORM_LINE_GONE, at);
    case ROPP_DUMP_NONE:
    default:
        break;
    }
    ropp_block_clear(reader->block);
    if (ropp_escapes_read(text, reader->length, reader->block))
        return show_block(reader, ROPP_FORM_ESCAPES);
    ropp_block_clear(reader->block);
    at = ropp_digits_read(text, reader->length, reader->block);
    if (at == 0)
        return show_block(reader, ROPP_FORM_HEX);
    return only_text ? fail(reader, ROPP_FORM_NO_HEX, at) : read_as_is(reader);
}

/* A header written out, with its line's end as `\r\n` in letters. */
static bool is_escaped(const uint8_t *bytes, size_t length)
{
    return length > 0 && bytes[0] == 'P' && memchr(bytes, '\\', length) != NULL &&
           memchr(bytes, '\r', length) == NULL;
}

static bool read_any(struct reader *reader, bool only_text)
{
    const uint8_t *input = reader->input;
    size_t length = reader->length;

    if (only_text)
        return read_text(reader, true);
    if (ropp_pcap_kind(input, length) != ROPP_PCAP_NONE)
        return read_pcap(reader);
    if (begins_header(input, length) && !is_escaped(input, length))
        return read_as_is(reader);
    reader->reading->is_text = is_text(input, length);
    return reader->reading->is_text ? read_text(reader, false) : read_as_is(reader);
}

bool ropp_form_read(const uint8_t *input, size_t length, bool only_text, ropp_capture_call *call,
                    void *context, struct ropp_reading *reading)
{
    struct reader reader = {input, length, call, context, reading, NULL, NULL};
    bool good;

    memset(reading, 0, sizeof *reading);
    reader.block = ropp_alloc(1, sizeof *reader.block);
    reader.flows = ropp_flows_new();
    good = read_any(&reader, only_text);
    free(reader.block);
    ropp_flows_free(reader.flows);
    return good;
}
