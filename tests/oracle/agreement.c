// SPDX-License-Identifier: MIT
#include "tests/oracle/agreement.h"

#include <stdlib.h>
#include <string.h>

#include "tests/oracle/oracle.h"

/* How many bytes the header has that these begin, the missing ones of its fixed part being zero. */
static size_t length_of_v2(const uint8_t *bytes, size_t size)
{
    return 16 + (size > 14 ? (size_t)bytes[14] << 8 : 0) + (size > 15 ? bytes[15] : 0);
}

/* The module has decided on a byte, and the oracle waits for the whole: no end may make a header of
 * it. These are the end of a line, and zeros up to the length. */
static bool may_be_completed(const uint8_t *bytes, size_t size)
{
    size_t whole = bytes[0] == 'P' ? size + 2 : length_of_v2(bytes, size);
    uint8_t *completed = calloc(1, whole);
    struct oracle oracle;

    if (completed == NULL)
        abort();
    memcpy(completed, bytes, size < whole ? size : whole);
    if (bytes[0] == 'P')
        memcpy(completed + size, "\r\n", 2);
    oracle_read(completed, whole, &oracle);
    free(completed);
    return oracle.verdict == ORACLE_ACCEPT;
}

static const char *object_to_refusal(const struct ropp_header *header, const struct oracle *oracle,
                                     const uint8_t *bytes, size_t size)
{
    switch (oracle->verdict) {
    case ORACLE_REFUSE:
        return NULL;
    case ORACLE_MORE:
        return may_be_completed(bytes, size) ? "refused, and its end would make it valid" : NULL;
    case ORACLE_OPEN:
        if (oracle->room == ORACLE_ROOM_TLVS || oracle->room == ORACLE_ROOM_TWO_CHECKSUMS)
            return NULL;
        /* A checksum that was seen counts, whatever follows it. */
        if (oracle->room == ORACLE_ROOM_BLOCK && (header->reason == ROPP_REASON_CRC32C_MISMATCH ||
                                                  header->reason == ROPP_REASON_CRC32C_DUPLICATE))
            return NULL;
        return "refused, where it was to be accepted";
    case ORACLE_ACCEPT:
        break;
    }
    return "refused, and it is valid";
}

/* What the module makes of an address: IPv4 inside IPv6 becomes itself. */
static bool is_address(const struct ropp_addr *addr, unsigned family, const uint8_t *raw)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    bool inside = family == 6 && (memcmp(raw, mapped, 12) == 0 || memcmp(raw, nat64, 12) == 0);

    if (family == 4 || inside)
        return addr->family == ROPP_FAMILY_INET &&
               memcmp(addr->bytes, raw + (inside ? 12 : 0), 4) == 0;
    return addr->family == ROPP_FAMILY_INET6 && memcmp(addr->bytes, raw, 16) == 0;
}

static const char *object_to_results(const struct ropp_header *header, const struct oracle *oracle)
{
    if (header->length != oracle->length)
        return "of another length";
    if (header->departure)
        return "called a departure, which it is none";
    if (oracle->room != ORACLE_ROOM_BLOCK && header->has_crc32c != oracle->has_checksum)
        return "differs about its checksum";
    if (oracle->family == 0)
        return header->source.family == ROPP_FAMILY_UNSPEC &&
                       header->destination.family == ROPP_FAMILY_UNSPEC
                   ? NULL
                   : "has an address, and names none";
    if (!is_address(&header->source, oracle->family, oracle->source) ||
        !is_address(&header->destination, oracle->family, oracle->destination))
        return "has other addresses";
    if (header->source_port != oracle->source_port ||
        header->destination_port != oracle->destination_port)
        return "has other ports";
    return NULL;
}

static const char *object_to_acceptance(const struct ropp_header *header,
                                        const struct oracle *oracle)
{
    switch (oracle->verdict) {
    case ORACLE_ACCEPT:
        return object_to_results(header, oracle);
    case ORACLE_OPEN:
        if (oracle->room == ORACLE_ROOM_TLVS || oracle->room == ORACLE_ROOM_TWO_CHECKSUMS)
            return "accepted, where it was to be refused";
        return object_to_results(header, oracle);
    case ORACLE_REFUSE:
        return header->departure ? NULL : "accepted, and it is not valid";
    case ORACLE_MORE:
        break;
    }
    return "accepted, and it is not complete";
}

const char *oracle_objects(const struct ropp_header *header, const uint8_t *bytes, size_t size)
{
    struct oracle oracle;

    oracle_read(bytes, size, &oracle);
    switch (header->status) {
    case ROPP_HEADER_OK:
        return object_to_acceptance(header, &oracle);
    case ROPP_HEADER_INVALID:
        return object_to_refusal(header, &oracle, bytes, size);
    case ROPP_HEADER_NEED_MORE:
        break;
    }
    return oracle.verdict == ORACLE_MORE ? NULL : "waited for, and the specification decides";
}
