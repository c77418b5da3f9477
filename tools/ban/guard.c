// SPDX-License-Identifier: MIT
#include "tools/ban/guard.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/base/cli.h"
#include "tools/database/query.h"
#include "tools/lists/listfile.h"
#include "tools/lists/private.h"
#include "tools/lists/range.h"

bool ropp_guard_wide(const struct ropp_prefix *prefix)
{
    return prefix->length < ropp_list_wide(prefix->addr.family);
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

static bool any_contains(const struct ropp_prefix *prefixes, size_t count,
                         const struct ropp_addr *addr)
{
    while (count > 0 && !ropp_prefix_contains(&prefixes[count - 1], addr))
        count--;
    return count > 0;
}

/* The first address of the host that is in one of the prefixes. */
static bool find_address(const char *host, const struct ropp_prefix *prefixes, size_t count,
                         struct ropp_addr *addr)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *info;
    char text[NI_MAXHOST];
    bool found = false;

    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return false;
    for (info = list; info != NULL && !found; info = info->ai_next)
        found = getnameinfo(info->ai_addr, info->ai_addrlen, text, sizeof text, NULL, 0,
                            NI_NUMERICHOST) == 0 &&
                ropp_addr_parse(text, strcspn(text, "%"), addr) &&
                any_contains(prefixes, count, addr);
    freeaddrinfo(list);
    return found;
}

int ropp_guard_servers(struct ropp_session *session, const struct ropp_prefix *prefixes,
                       size_t count, const char *what, const char *advice)
{
    MYSQL_RES *rows =
        ropp_session_rows(session, "SELECT host, GROUP_CONCAT(DISTINCT server ORDER BY server) "
                                   "FROM proxy_status GROUP BY host");
    int status = ROPP_EXIT_DONE;
    char text[ROPP_ADDR_TEXT];
    struct ropp_addr addr;
    MYSQL_ROW row;

    if (rows == NULL)
        return ropp_session_error(session);
    /* A name server that is away must not hold a ban up. */
    setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);
    while (status == ROPP_EXIT_DONE && (row = mysql_fetch_row(rows)) != NULL) {
        if (!find_address(row[0], prefixes, count, &addr))
            continue;
        ropp_addr_format(&addr, text);
        ropp_error("one of your servers: %s: contains %s (%s, %s); %s", what, row[1], row[0], text,
                   advice);
        status = ROPP_EXIT_REFUSED;
    }
    mysql_free_result(rows);
    return status;
}
