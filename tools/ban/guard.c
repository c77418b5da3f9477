#include "tools/ban/guard.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/ban/entry.h"
#include "tools/base/buffer.h"
#include "tools/database/query.h"
#include "tools/lists/listfile.h"
#include "tools/lists/private.h"
#include "tools/lists/range.h"

bool ropp_guard_wide(const struct ropp_prefix *prefix)
{
    return prefix->length < (unsigned)(prefix->addr.family == ROPP_FAMILY_INET ? ROPP_LIST_WIDE_V4
                                                                               : ROPP_LIST_WIDE_V6);
}

bool ropp_guard_standin(const struct ropp_prefix *prefix)
{
    return prefix->addr.family == ROPP_FAMILY_INET && prefix->length == 32 &&
           prefix->addr.bytes[0] >= 240;
}

bool ropp_guard_private(const struct ropp_prefix *prefix, struct ropp_prefix *part)
{
    struct ropp_prefix parts[ROPP_RANGE_PREFIXES];
    struct ropp_range range = ropp_range_of(prefix), private_range;

    if (ropp_guard_standin(prefix) || !ropp_private_first(&range, &private_range))
        return false;
    ropp_range_prefixes(&private_range, parts);
    *part = parts[0];
    return true;
}

static bool address_of(const struct addrinfo *info, struct ropp_addr *addr)
{
    memset(addr, 0, sizeof *addr);
    if (info->ai_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)info->ai_addr;

        addr->family = ROPP_FAMILY_INET;
        memcpy(addr->bytes, &in->sin_addr, 4);
        return true;
    }
    if (info->ai_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)info->ai_addr;

        addr->family = ROPP_FAMILY_INET6;
        memcpy(addr->bytes, &in->sin6_addr, 16);
        ropp_addr_unwrap(addr);
        return true;
    }
    return false;
}

static bool any_contains(const struct ropp_prefix *prefixes, size_t count,
                         const struct ropp_addr *addr)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (ropp_prefix_contains(&prefixes[i], addr))
            return true;
    return false;
}

/* The first address of the host that is in one of the prefixes. */
static bool find_address(const char *host, const struct ropp_prefix *prefixes, size_t count,
                         struct ropp_addr *addr)
{
    struct addrinfo hints, *list, *info;
    bool found = false;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return false;
    for (info = list; info != NULL && !found; info = info->ai_next)
        found = address_of(info, addr) && any_contains(prefixes, count, addr);
    freeaddrinfo(list);
    return found;
}

bool ropp_guard_servers(struct ropp_session *session, const struct ropp_prefix *prefixes,
                        size_t count, char **found)
{
    struct ropp_buffer sql = {0};
    char text[ROPP_ADDR_TEXT];
    struct ropp_addr addr;
    MYSQL_RES *result;
    MYSQL_ROW row;

    *found = NULL;
    /* A name server that is away must not hold a ban up. */
    setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);
    ropp_buffer_text(&sql, "SELECT host, GROUP_CONCAT(DISTINCT server ORDER BY server) FROM "
                           "proxy_status GROUP BY host");
    result = ropp_session_rows(session, &sql);
    if (result == NULL)
        return false;
    while (*found == NULL && (row = mysql_fetch_row(result)) != NULL) {
        if (row[0] == NULL || row[1] == NULL || !find_address(row[0], prefixes, count, &addr))
            continue;
        ropp_addr_format(&addr, text);
        *found = ropp_format("%s (%s, %s)", row[1], row[0], text);
    }
    mysql_free_result(result);
    return true;
}
