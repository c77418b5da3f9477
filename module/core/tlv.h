// SPDX-License-Identifier: MIT
/* The TLVs of a version 2 header: their types, their names, and a walk over whole blocks of them
 * (PROXY protocol sections 2.2 to 2.2.8). The decoder of core/header.h needs no whole block; the
 * walk is for those who have one, such as `ropp decode`. */
#ifndef ROPP_CORE_TLV_H
#define ROPP_CORE_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ropp_tlv_type {
    ROPP_TLV_ALPN = 0x01,      /* section 2.2.1 */
    ROPP_TLV_AUTHORITY = 0x02, /* section 2.2.2 */
    ROPP_TLV_CRC32C = 0x03,    /* section 2.2.3: four bytes, network order */
    ROPP_TLV_NOOP = 0x04,      /* section 2.2.4 */
    ROPP_TLV_UNIQUE_ID = 0x05, /* section 2.2.5: at most 128 bytes */
    ROPP_TLV_SSL = 0x20, /* section 2.2.6: ROPP_TLV_SSL_FIXED bytes, then TLVs of the types below */
    ROPP_TLV_NETNS = 0x30, /* section 2.2.7 */

    /* From the range that section 2.2.8 leaves to applications. Others may use the same numbers, so
     * only a value of the right shape is taken for what it says here. */
    ROPP_TLV_GOOGLE =
        0xe0,             /* Private Service Connect's connection id: eight bytes, network order */
    ROPP_TLV_AWS = 0xea,  /* a subtype byte; 1: the VPC endpoint's id as text */
    ROPP_TLV_AZURE = 0xee /* a subtype byte; 1: Private Link's id, four bytes, low byte first */
};

enum ropp_tlv_ssl_type { /* section 2.2.6, inside ROPP_TLV_SSL */
                         ROPP_TLV_SSL_VERSION = 0x21,
                         ROPP_TLV_SSL_CN = 0x22,
                         ROPP_TLV_SSL_CIPHER = 0x23,
                         ROPP_TLV_SSL_SIG_ALG = 0x24,
                         ROPP_TLV_SSL_KEY_ALG = 0x25,
                         ROPP_TLV_SSL_GROUP = 0x26,
                         ROPP_TLV_SSL_SIG_SCHEME = 0x27,
                         ROPP_TLV_SSL_CLIENT_CERT = 0x28
};

#define ROPP_TLV_HEAD          3   /* type and length */
#define ROPP_TLV_UNIQUE_ID_MAX 128 /* section 2.2.5 */
#define ROPP_TLV_SSL_FIXED     5   /* client, verify */
#define ROPP_TLV_AWS_VPCE_ID   0x01
#define ROPP_TLV_AZURE_LINK_ID 0x01

struct ropp_tlv {
    uint8_t type;
    uint16_t length;
    const uint8_t *value; /* into the block that is walked */
};

/* Reads the TLV at *at and moves *at behind it. False at the end of the block, and when what is
 * left is no TLV: then *at has not reached `end`. */
bool ropp_tlv_next(const uint8_t **at, const uint8_t *end, struct ropp_tlv *out);

/* The name of a TLV, NULL when it has none. The clouds' ones are recognised by their shape too. */
const char *ropp_tlv_name(const struct ropp_tlv *tlv);

/* The same for a TLV inside the SSL TLV. */
const char *ropp_tlv_ssl_name(const struct ropp_tlv *tlv);

#endif
