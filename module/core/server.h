// SPDX-License-Identifier: MIT
/* The servers of an emulator. A packet's id means something else on each of them. */
#ifndef ROPP_CORE_SERVER_H
#define ROPP_CORE_SERVER_H

#include <stdint.h>

enum ropp_server {
    ROPP_SERVER_NONE,
    ROPP_SERVER_LOGIN,
    ROPP_SERVER_CHAR,
    ROPP_SERVER_MAP,
    ROPP_SERVER_API
};

/* The packets by which other servers of the cluster log in at one; 0 for none. The last one only
 * asks for a challenge, and the login follows when that is answered. */
struct ropp_server_packets {
    uint16_t id[3];
};

#define ROPP_SERVER_PACKETS_CHALLENGE 2

/* "login", "char", "map", "api"; "unknown" for NONE. */
const char *ropp_server_name(enum ropp_server server);

/* All of them are 0 where no server logs in. */
struct ropp_server_packets ropp_server_logins(enum ropp_server server);

#endif
