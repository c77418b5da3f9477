// SPDX-License-Identifier: MIT
#include "core/server.h"

const char *ropp_server_name(enum ropp_server server)
{
    static const char *const names[] = {"unknown", "login", "char", "map", "api"};

    return names[server];
}

/* At login a char server or Hercules' api server, at char a map server. Auriga's ask for a challenge
 * first. */
struct ropp_server_packets ropp_server_logins(enum ropp_server server)
{
    struct ropp_server_packets packets = {{0, 0, 0}};

    if (server == ROPP_SERVER_LOGIN) {
        packets.id[0] = 0x2710;
        packets.id[1] = 0x2720;
        packets.id[ROPP_SERVER_PACKETS_CHALLENGE] = 0x272d;
    } else if (server == ROPP_SERVER_CHAR) {
        packets.id[0] = 0x2af8;
        packets.id[ROPP_SERVER_PACKETS_CHALLENGE] = 0x2b2a;
    }
    return packets;
}
