// SPDX-License-Identifier: MIT
/* In which form the bytes of a connection were written down: found out from the input itself, and
 * read. Pure: no I/O; memory is bounded by the input's size. */
#ifndef ROPP_DECODE_FORM_H
#define ROPP_DECODE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/decode/capture.h"

enum ropp_form {
    ROPP_FORM_BYTES,   /* the connection's bytes as they are */
    ROPP_FORM_PCAP,    /* a capture file */
    ROPP_FORM_PCAPNG,  /* Wireshark's */
    ROPP_FORM_PACKETS, /* a dump of whole packets, as `tcpdump -x` prints them */
    ROPP_FORM_DUMP,    /* a dump with offsets: xxd, hexdump -C */
    ROPP_FORM_HEX,     /* hex digits */
    ROPP_FORM_ESCAPES  /* a string with escapes */
};

enum ropp_form_error {
    ROPP_FORM_GOOD,
    ROPP_FORM_NO_HEX,    /* text was asked for: character `at` belongs to no pair of digits */
    ROPP_FORM_LINE_GONE, /* line `at` of a dump does not go on where the one before it ended */
    ROPP_FORM_NO_LINK    /* every packet begins in a way that is not known: `link` */
};

struct ropp_reading {
    enum ropp_form form;
    enum ropp_form_error error;
    size_t at;
    uint32_t link;
    bool is_text; /* BYTES that could have been meant as another form */
    bool is_cut;  /* a capture file that ends in the middle of a packet */

    /* Of packets: all of them, those of TCP, and the connections in them; of those the ones in
     * which the side that opened them said nothing. */
    uint64_t packets, segments;
    size_t connections, silent;
};

/* Reads `input` and calls for every connection in it: one, unless it is packets. With `only_text`
 * it is never taken for bytes or a capture file. False with reading->error when it cannot be read;
 * there may have been calls before. */
bool ropp_form_read(const uint8_t *input, size_t length, bool only_text, ropp_capture_call *call,
                    void *context, struct ropp_reading *reading);

/* A stable name: "bytes", "pcap", "hex" ... */
const char *ropp_form_name(enum ropp_form form);

#endif
