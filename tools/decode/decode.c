// SPDX-License-Identifier: MIT
#include "tools/decode/decode.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/header.h"
#include "tools/base/cli.h"
#include "tools/decode/describe.h"
#include "tools/decode/form.h"
#include "tools/decode/input.h"
#include "tools/decode/report.h"

struct options {
    bool json;
    bool hex;
    const char *file; /* NULL: standard input */
};

/* One input on its way from what was captured to what is shown. */
struct run {
    const struct options *options;
    struct ropp_input input;
    struct ropp_reading reading;
    size_t shown;
    int status;
};

static const struct ropp_option options[] = {
    ROPP_FLAG(struct options, json, "--json",
              "print one JSON object; of several connections one a line"),
    ROPP_FLAG(struct options, hex, "--hex",
              "never take it for the bytes themselves or a capture file"),
    ROPP_OPTIONS_END,
};

/* ---- one connection ---- */

/* The input's name, and which of its connections. */
static void write_place(const struct run *run, const struct ropp_capture *capture, char *out,
                        size_t size)
{
    char from[ROPP_END_TEXT], to[ROPP_END_TEXT];

    if (!capture->has_ends) {
        snprintf(out, size, "%s", run->input.name);
        return;
    }
    ropp_describe_socket(&capture->from, from);
    ropp_describe_socket(&capture->to, to);
    snprintf(out, size, "%s, %s > %s", run->input.name, from, to);
}

static void explain_incomplete(const struct ropp_header *h, const struct ropp_capture *capture,
                               const char *place)
{
    uint32_t whole = ropp_describe_length(h, capture);
    char of[32] = "";

    if (whole > 0)
        snprintf(of, sizeof of, " of %" PRIu32, whole);
    ropp_error("the header is not complete: %s %s after %" PRIu64
               "%s bytes: capture the connection from its first byte on, and longer",
               place, capture->has_gap ? "has a gap" : "ends", capture->total, of);
}

static void explain(const struct run *run, const struct ropp_header *h,
                    const struct ropp_capture *capture)
{
    char place[512];

    write_place(run, capture, place, sizeof place);
    if (h->status == ROPP_HEADER_NEED_MORE)
        explain_incomplete(h, capture, place);
    if (h->status != ROPP_HEADER_INVALID)
        return;
    ropp_error("not a valid header, %s: %s, offset %" PRIu32 ": %s", ropp_reason_name(h->reason),
               place, h->length, ropp_reason_text(h->reason));
    if (h->reason == ROPP_REASON_NOT_PROXY && run->reading.is_text &&
        run->reading.form == ROPP_FORM_BYTES)
        ropp_error("it was taken as it is: %s: it is text, but no dump that is known; see `ropp "
                   "decode --help`",
                   place);
}

static void show(void *context, const struct ropp_capture *capture)
{
    struct run *run = context;
    struct ropp_header header;
    struct ropp_decoded decoded = {&header, capture, &run->reading, false};

    ropp_header_init(&header);
    ropp_header_feed(&header, capture->bytes, capture->kept);
    decoded.form_given = run->options->hex && run->reading.form == ROPP_FORM_HEX;
    if (run->options->json) {
        ropp_decode_json(&decoded);
    } else {
        if (run->shown == 0)
            ropp_decode_heading(&decoded);
        if (run->shown > 0 || capture->has_ends)
            putchar('\n');
        ropp_decode_table(&decoded);
    }
    run->shown++;
    explain(run, &header, capture);
    if (header.status != ROPP_HEADER_OK)
        run->status = ROPP_EXIT_REFUSED;
}

/* ---- the command ---- */

static void explain_reading(const struct run *run)
{
    const char *name = run->input.name;

    switch (run->reading.error) {
    case ROPP_FORM_NO_HEX:
        ropp_error("not a hex dump: %s, character %zu: give pairs of hex digits, as `xxd -p` "
                   "writes them",
                   name, run->reading.at);
        return;
    case ROPP_FORM_LINE_GONE:
        ropp_error("lines of the dump are missing: %s, line %zu: its offset is not where the line "
                   "before it ended: copy the whole dump",
                   name, run->reading.at);
        return;
    case ROPP_FORM_NO_LINK:
        ropp_error("packets of an unknown kind: %s, link type %" PRIu32
                   ": capture with tcpdump -i any -w FILE",
                   name, run->reading.link);
        return;
    case ROPP_FORM_GOOD:
    default:
        return;
    }
}

/* What was read is shown all the same. */
static void explain_cut(const struct run *run)
{
    if (run->input.is_cut)
        ropp_error("only a part was read: %s, the first %zu MiB: give a shorter capture",
                   run->input.name, ROPP_INPUT_MAX >> 20);
    else if (run->reading.is_cut)
        ropp_error("the capture ends in the middle of a packet: %s: end tcpdump with Ctrl-C before "
                   "you copy its file",
                   run->input.name);
}

static int decode(struct run *run)
{
    if (!ropp_form_read((const uint8_t *)run->input.content.data, run->input.content.size,
                        run->options->hex, show, run, &run->reading)) {
        explain_reading(run);
        return ROPP_EXIT_USAGE;
    }
    /* Connections in which nobody said anything are no headers, but not nothing either. */
    if (run->shown == 0)
        show(run, &(const struct ropp_capture){.bytes = (const uint8_t[1]){0}});
    explain_cut(run);
    return run->status;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct options *asked = context;

    if (words->count > 0 && strcmp(words->items[0], "-") != 0)
        asked->file = words->items[0];
    return ROPP_EXIT_DONE;
}

static int read_and_decode(struct ropp_session *session, void *context)
{
    const struct options *asked = context;
    struct run run = {.options = asked, .status = ROPP_EXIT_DONE};
    int status;

    (void)session;
    status = ropp_input_read(asked->file, &run.input) ? decode(&run) : ROPP_EXIT_USAGE;
    ropp_input_free(&run.input);
    return status;
}

const struct ropp_cli_command ropp_decode = {
    .name = "decode",
    .summary = "show a captured PROXY protocol header",
    .usage = "[OPTION ...] [FILE]",
    .about = "Shows the PROXY protocol header, version 1 or 2, that a connection begins with. "
             "FILE, or standard input, is one of these; which one is found out:\n\n"
             "  a capture file   of tcpdump -w (pcap) or Wireshark (pcapng): every connection\n"
             "  a dump           of xxd, hexdump -C, tcpdump -x or -X, Wireshark\n"
             "  hex digits       0d0a0d0a, 0d 0a, 0d:0a, 0x0d, 0x0a\n"
             "  a string         PROXY TCP4 ...\\r\\n, \\x0d\\x0a\n"
             "  the bytes        of one connection, from its first one on",
    .options = {{options}},
    .words = {.most = 1, .too_many = "more than one file", .instead = "give one capture at a time"},
    .statuses = "0 complete and valid headers, 1 one is incomplete or refused, 2 wrong usage or "
                "unreadable file",
    .example = "decode hop.pcap\n"
               "         where tcpdump -i any -s 0 -w hop.pcap 'tcp port 6900' has captured",
    .request_size = sizeof(struct options),
    .read = read_request,
    .run = read_and_decode,
};
