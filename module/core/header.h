// SPDX-License-Identifier: MIT
/* Decoder of one PROXY protocol header, versions 1 and 2
 * (haproxy/haproxy, doc/proxy-protocol.txt, revision 2026/04/27).
 *
 *   ropp_header_init(&header);
 *   while (header.status == ROPP_HEADER_NEED_MORE && bytes arrive)
 *       used = ropp_header_feed(&header, bytes, len);
 *
 * - Incremental: bytes may be cut anywhere (section 2), the outcome is the same, and so is the sum
 *   of the bytes consumed. Not one byte beyond the header is consumed.
 * - Constant memory for every legal length, up to 16 + 65535 bytes: no heap, no pointer into the
 *   input. The struct may be copied and moved between calls.
 * - A header that is whole in the first bytes fed, and as players' headers are, is read straight
 *   (core/straight.h), with the same outcome.
 * - A byte that cannot continue a valid header is refused when it is seen, not when the header
 *   would be complete (section 2.1 recommends to abort early).
 * - Version 1 (section 2.1): TCP4, TCP6, UNKNOWN; 107 bytes at most. Beyond its letter, since real
 *   proxies send it (nginx behind another proxy): the two addresses may be of either family,
 *   whatever the protocol's name says, and a destination that is no address is unknown; `departure`
 *   marks such a header. Nothing else is lenient.
 * - Version 2 (section 2.2): PROXY and LOCAL; UNSPEC, INET, INET6, UNIX; UNSPEC, STREAM, DGRAM; the
 *   TLVs of section 2.2.1 on, whose form is checked and of which the module keeps three. A
 * checksum, when there is one, is verified over the whole header (section 2.2.3). Who wants to see
 * all of them walks over the block (core/tlv.h).
 * - LOCAL, and PROXY with an UNSPEC family or transport, carry no address we may use. TLVs may
 * follow right behind their 16 bytes or behind the addresses that their family has: whichever is a
 * row of well-formed ones is taken as TLVs, and what is neither is passed over by its length. A
 *   checksum that was seen is verified in any case. */
#ifndef ROPP_CORE_HEADER_H
#define ROPP_CORE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/reason.h"

#define ROPP_HEADER_V1_MAX   107 /* section 2.1, with CR LF */
#define ROPP_HEADER_V2_FIXED 16  /* section 2.2: what comes before the addresses */
#define ROPP_HEADER_MAX      (ROPP_HEADER_V2_FIXED + 65535)

#define ROPP_HEADER_VALUE_MAX 128 /* bytes kept of a TLV's value */

enum ropp_header_status {
    ROPP_HEADER_NEED_MORE, /* valid so far, not complete */
    ROPP_HEADER_OK,        /* complete and valid: every result may be used */
    ROPP_HEADER_INVALID    /* refused: `reason` says why, the other results are blank */
};

/* What the first bytes of a connection are: no header, perhaps one (too few to decide), or the
 * whole signature of one. */
enum ropp_match { ROPP_MATCH_NO, ROPP_MATCH_PERHAPS, ROPP_MATCH_YES };

enum ropp_command { ROPP_COMMAND_LOCAL, ROPP_COMMAND_PROXY }; /* version 1 is always PROXY */

enum ropp_transport { ROPP_TRANSPORT_UNSPEC, ROPP_TRANSPORT_STREAM, ROPP_TRANSPORT_DGRAM };

/* The value of a TLV. When one type comes twice, the first one is kept. */
struct ropp_header_value {
    bool present;
    uint16_t length;                      /* bytes kept: at most ROPP_HEADER_VALUE_MAX */
    uint16_t true_length;                 /* bytes it had in the header */
    uint8_t bytes[ROPP_HEADER_VALUE_MAX]; /* not terminated; any byte may be in it */
};

struct ropp_header {
    enum ropp_header_status status;
    enum ropp_reason reason; /* ROPP_REASON_NONE unless INVALID */

    /* Bytes consumed so far; with OK the length of the whole header; with INVALID the offset of the
     * byte that was refused. */
    uint32_t length;
    uint8_t version; /* 1 or 2; 0 until the first byte is known */
    bool departure;  /* version 1: addresses of two families, or a destination that is none */

    /* Results: to be used with OK only; blank again with INVALID. */
    enum ropp_command command;
    enum ropp_family family; /* as on the wire; what LOCAL says of it is shown, never used */
    enum ropp_transport transport;
    /* UNSPEC when the header carries no address that may be used: LOCAL, UNKNOWN, UNSPEC, UNIX; the
     * destination alone also where version 1 names none. IPv4 inside IPv6 (mapped, NAT64) has
     * become INET here, each of the two for itself. */
    struct ropp_addr source;
    struct ropp_addr destination;
    uint16_t source_port; /* host order */
    uint16_t destination_port;

    /* Offset of the first TLV; `length` when there is none, or when what is there is passed
     * over. */
    uint32_t tlvs_at;
    bool has_crc32c; /* a checksum was there, and it was right */
    bool has_ssl;    /* section 2.2.6; of two the first counts */

    /* The decoder's own state: nobody else's business. */
    struct {
        uint8_t step;        /* what the next byte is */
        uint8_t field;       /* version 1: which of the four fields */
        uint8_t text_used;   /* bytes in `text` */
        uint8_t number_used; /* bytes in `number` */
        char text[46];       /* version 1: the field being read */
        bool overlong;       /* version 1: the field does not fit, so that it is no address */
        bool lenient;        /* version 2: what follows the fixed part need not be TLVs */
        bool behind;         /* version 2: TLVs are looked for behind the addresses */
        bool crc_seen;
        bool keep;          /* the value being read is wanted */
        uint8_t type;       /* of the TLV being read */
        uint8_t number[5];  /* its head, or the first bytes of its value */
        uint8_t raw[36];    /* version 2: the addresses of INET and INET6 */
        uint32_t whole;     /* version 2: length of the whole header */
        uint32_t run_end;   /* offset where the addresses or the value being read end */
        uint32_t ssl_end;   /* and the SSL TLV around it; 0 outside */
        uint32_t crc;       /* of the header so far */
        uint32_t crc_plain; /* the same of all bytes as they are, where TLVs may be addresses */
        uint32_t crc_wanted;
    } state;

    /* Last, since of their bytes only those that are kept are ever written. */
    struct ropp_header_value authority;
    struct ropp_header_value unique_id;
    struct ropp_header_value tls_version; /* inside the SSL TLV */
};

void ropp_header_init(struct ropp_header *header);

/* Compares bytes[0..length), at least one, with the signatures of both versions: "PROXY " and the
 * twelve bytes of section 2.2. */
enum ropp_match ropp_header_match(const uint8_t *bytes, size_t length);

/* Feeds the next bytes and sets header->status. Returns how many were consumed, at most `len`:
 * fewer when the header ends before them or is refused (the refused byte is not consumed). After OK
 * or INVALID nothing more is consumed. */
size_t ropp_header_feed(struct ropp_header *header, const uint8_t *bytes, size_t len);

#endif
