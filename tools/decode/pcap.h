// SPDX-License-Identifier: MIT
/* Capture files: pcap (either byte order, micro- or nanoseconds) and pcapng, as tcpdump and
 * Wireshark write them. Pure: no I/O, no heap; a length that reaches beyond the file ends the
 * reading there. */
#ifndef ROPP_DECODE_PCAP_H
#define ROPP_DECODE_PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ropp_pcap_kind { ROPP_PCAP_NONE, ROPP_PCAP_CLASSIC, ROPP_PCAP_NG };

/* Called for one packet after the other: its link type (tools/decode/frame.h) and the bytes that
 * were captured of it, inside the file. */
typedef void ropp_pcap_call(void *context, uint32_t link, const uint8_t *bytes, size_t length);

/* By the file's first four bytes. */
enum ropp_pcap_kind ropp_pcap_kind(const uint8_t *file, size_t length);

/* False when the file ends in the middle of a packet, or is broken from there on; what is whole
 * before was passed on. */
bool ropp_pcap_read(const uint8_t *file, size_t length, ropp_pcap_call *call, void *context);

#endif
