// SPDX-License-Identifier: MIT
#include "tools/ban/target.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/cli.h"
#include "tools/database/query.h"
#include "tools/lists/range.h"

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
    ropp_prefix_clear(&prefix);
    ropp_prefix_format(&prefix, right);
    ropp_error("bits are set behind the prefix: %s: write %s, or %.*s for the one address", text,
               right, (int)addr_length, text);
}

/* Says what is wrong with it. */
static void explain(const char *text, enum ropp_prefix_error error)
{
    char right[ROPP_PREFIX_TEXT];
    struct ropp_prefix prefix;

    if (error == ROPP_PREFIX_HOST_BITS) {
        explain_host_bits(text, strcspn(text, "/"));
    } else if (strchr(text, '*') != NULL && ropp_pattern_parse(text, strlen(text), &prefix)) {
        ropp_prefix_format(&prefix, right);
        ropp_error("a pattern: '%s': write %s", text, right);
    } else {
        ropp_error("no prefix: '%s': %s", text, ropp_prefix_error_text(error));
    }
}

bool ropp_target_prefix(const char *text, struct ropp_ban_target *target)
{
    struct ropp_prefix *prefix = &target->prefix;
    enum ropp_prefix_error error = ropp_prefix_parse(text, strlen(text), prefix);

    if (error != ROPP_PREFIX_OK) {
        explain(text, error);
        return false;
    }
    target->widened = prefix->addr.family == ROPP_FAMILY_INET6 && strchr(text, '/') == NULL;
    if (target->widened) {
        prefix->length = 64;
        ropp_prefix_clear(prefix);
    }
    ropp_prefix_format(prefix, target->text);
    return true;
}

bool ropp_target_address(const char *text, struct ropp_addr *addr)
{
    if (ropp_addr_parse(text, strlen(text), addr))
        return true;
    return ropp_error(
        "no address: '%s': write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7", text);
}

const char *ropp_target_sql(struct ropp_session *session, const struct ropp_ban_target *target)
{
    return ropp_sql_format(session, "range_start = %s AND prefix_length = %u AND prefix = '%s'",
                           ropp_sql_address(session, &target->prefix.addr), target->prefix.length,
                           target->text);
}
