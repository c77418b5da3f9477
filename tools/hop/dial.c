// SPDX-License-Identifier: MIT
#include "tools/hop/dial.h"

#include <string.h>

#include "tools/base/buffer.h"

struct ropp_hostport ropp_dial_at(const struct ropp_addr *addr, uint16_t port)
{
    struct ropp_hostport at = {.length = 0};
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(addr, text);
    (void)ropp_hostport_parse(text, port, &at); /* it is an address */
    return at;
}

char *ropp_dial_text(const struct ropp_addr *addr, uint16_t port)
{
    struct ropp_hostport at = ropp_dial_at(addr, port);
    char text[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(&at, text);
    return ropp_copy_text(text, strlen(text));
}

struct ropp_addr ropp_dial_addr(const struct ropp_hostport *at)
{
    struct ropp_addr addr = {.family = ROPP_FAMILY_UNSPEC};

    addr.family = ropp_hostport_bytes(at, addr.bytes) == 4 ? ROPP_FAMILY_INET : ROPP_FAMILY_INET6;
    return addr;
}

uint16_t ropp_dial_login(const struct ropp_network *network)
{
    return network->origin.ports[ROPP_ROLE_LOGIN].items[0];
}
