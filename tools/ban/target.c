#include "tools/ban/target.h"

#include <stdlib.h>
#include <string.h>

#include "tools/ban/ipbanlist.h"
#include "tools/base/cli.h"

/* Clears the bits behind the length. */
static void clear_host_bits(struct ropp_prefix *prefix)
{
    unsigned bit;

    for (bit = prefix->length; bit < 128; bit++)
        prefix->addr.bytes[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
}

/* Names the prefix that was meant. `text` has a good address and a good length. */
static void explain_host_bits(const char *text, size_t addr_length)
{
    char right[ROPP_PREFIX_TEXT];
    struct ropp_prefix prefix;

    memset(&prefix, 0, sizeof prefix);
    ropp_addr_parse(text, addr_length, &prefix.addr);
    prefix.length = (unsigned)strtoul(text + addr_length + 1, NULL, 10);
    /* An IPv4 address in IPv6's form is IPv4 now. */
    if (prefix.addr.family == ROPP_FAMILY_INET && memchr(text, ':', addr_length) != NULL)
        prefix.length = prefix.length >= 96 ? prefix.length - 96 : 0;
    clear_host_bits(&prefix);
    ropp_prefix_format(&prefix, right);
    ropp_error("bits are set behind the prefix: %s: write %s, or %.*s for the one address", text,
               right, (int)addr_length, text);
}

/* "192.0.2.*" as 192.0.2.0/24. False when it is no pattern. */
static bool read_pattern(const char *text, char right[ROPP_PREFIX_TEXT])
{
    struct ropp_prefix prefix;

    if (strchr(text, '*') == NULL || !ropp_ipbanlist_pattern(text, &prefix))
        return false;
    ropp_prefix_format(&prefix, right);
    return true;
}

bool ropp_target_prefix(const char *text, struct ropp_prefix *prefix, bool *widened)
{
    size_t length = strlen(text), addr_length = strcspn(text, "/");
    enum ropp_prefix_error error = ropp_prefix_parse(text, length, prefix);
    char right[ROPP_PREFIX_TEXT];

    if (widened != NULL)
        *widened = false;
    if (error == ROPP_PREFIX_HOST_BITS) {
        explain_host_bits(text, addr_length);
        return false;
    }
    if (error != ROPP_PREFIX_OK && read_pattern(text, right)) {
        ropp_error("a pattern: '%s': write %s", text, right);
        return false;
    }
    if (error != ROPP_PREFIX_OK) {
        ropp_error("no prefix: '%s': %s", text, ropp_prefix_error_text(error));
        return false;
    }
    if (prefix->addr.family == ROPP_FAMILY_INET6 && addr_length == length) {
        prefix->length = 64;
        clear_host_bits(prefix);
        if (widened != NULL)
            *widened = true;
    }
    return true;
}

bool ropp_target_address(const char *text, struct ropp_addr *addr)
{
    if (ropp_addr_parse(text, strlen(text), addr))
        return true;
    ropp_error("no address: '%s': write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7",
               text);
    return false;
}
