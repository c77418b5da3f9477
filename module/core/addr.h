// SPDX-License-Identifier: MIT
/* Addresses and prefixes, and their text.
 *
 * An address is a value: 20 bytes, compared and copied freely. IPv4 inside IPv6 never survives
 * parsing, neither mapped (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2) nor translated
 * (64:ff9b::a.b.c.d, NAT64, RFC 6052 section 2.1): it is that IPv4 address, so that a list written
 * in IPv4 also matches a proxy that speaks IPv6.
 * No function allocates, looks at the clock or asks the system. */
#ifndef ROPP_CORE_ADDR_H
#define ROPP_CORE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ropp_family { ROPP_FAMILY_UNSPEC, ROPP_FAMILY_INET, ROPP_FAMILY_INET6, ROPP_FAMILY_UNIX };

struct ropp_addr {
    enum ropp_family family; /* UNSPEC (no address), INET or INET6; never UNIX */
    uint8_t bytes[16];       /* network order; INET uses the first 4; the rest is zero */
};

struct ropp_prefix {
    struct ropp_addr addr; /* the bits after `length` are zero */
    unsigned length;       /* in bits: 0..32 for INET, 0..128 for INET6 */
};

enum ropp_prefix_error {
    ROPP_PREFIX_OK,
    ROPP_PREFIX_BAD_ADDRESS, /* what is before the slash is no address */
    ROPP_PREFIX_BAD_LENGTH,  /* what is behind it is no length for this family */
    ROPP_PREFIX_HOST_BITS    /* bits are set after the prefix */
};

#define ROPP_ADDR_TEXT   46                   /* the longest address and its NUL */
#define ROPP_PREFIX_TEXT (ROPP_ADDR_TEXT + 4) /* "/128" behind it */

struct ropp_addr ropp_addr_v4(uint32_t host_order);

/* In host order; 0 unless the address is INET. */
uint32_t ropp_addr_to_v4(const struct ropp_addr *addr);

/* Reads text[0..len): a dotted quad of four numbers without leading zeros, or IPv6 as in RFC 4291
 * section 2.2, with neither zone nor brackets. False, and *out untouched, when it is anything else.
 */
bool ropp_addr_parse(const char *text, size_t len, struct ropp_addr *out);

/* The same for text that must be in the form of `family`, INET or INET6. */
bool ropp_addr_parse_as(enum ropp_family family, const char *text, size_t len,
                        struct ropp_addr *out);

/* Turns an INET6 address with IPv4 inside, mapped or translated, into INET; leaves every other
 * address alone. */
void ropp_addr_unwrap(struct ropp_addr *addr);

/* The same for mapped ones alone: the form in which the database keeps IPv4. */
void ropp_addr_unmap(struct ropp_addr *addr);

/* The same for a prefix, as far as all of it is IPv4. */
void ropp_prefix_unwrap(struct ropp_prefix *prefix);

/* Writes the address as RFC 5952 wants it, with a NUL. Returns the length without the NUL; the
 * text of UNSPEC is empty. */
size_t ropp_addr_format(const struct ropp_addr *addr, char out[ROPP_ADDR_TEXT]);

bool ropp_addr_equal(const struct ropp_addr *a, const struct ropp_addr *b);

/* Reads "ADDRESS" (that address alone) or "ADDRESS/LENGTH" from text[0..len). A prefix of addresses
 * with IPv4 inside becomes that INET prefix. *out is written only with
 * ROPP_PREFIX_OK. */
enum ropp_prefix_error ropp_prefix_parse(const char *text, size_t len, struct ropp_prefix *out);

/* What to do about it, as the last part of an error message. */
const char *ropp_prefix_error_text(enum ropp_prefix_error error);

/* Reads a pattern of ipbanlist from text[0..len), in one of the four forms that an emulator asks for:
 * a.b.c.d, a.b.c.*, a.b.*.* and a.*.*.*, numbers without leading zeros. Spaces at the end are
 * nothing to MariaDB. False, and *out untouched, when it is anything else. */
bool ropp_pattern_parse(const char *text, size_t len, struct ropp_prefix *out);

/* An INET address is in INET prefixes only, an INET6 address in INET6 prefixes only. */
bool ropp_prefix_contains(const struct ropp_prefix *prefix, const struct ropp_addr *addr);

/* Writes "ADDRESS/LENGTH" with a NUL. Returns the length without the NUL. */
size_t ropp_prefix_format(const struct ropp_prefix *prefix, char out[ROPP_PREFIX_TEXT]);

#endif
