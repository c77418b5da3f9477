// SPDX-License-Identifier: MIT
/* The packet by which a char server logs in at a login server. */
#ifndef ROPP_TESTS_PLAYER_SERVERLOGIN_H
#define ROPP_TESTS_PLAYER_SERVERLOGIN_H

#include "tools/player/bytes.h"
#include "tools/player/packet.h"

#define ROPP_SERVER_LOGIN_LENGTH 86 /* 0x2710 */

/* Returns the packet's length. A name that is too long is cut. */
static inline size_t ropp_server_login_write(const char *user, const char *password,
                                             const char *name, const uint8_t ip[4], uint16_t port,
                                             uint8_t out[ROPP_SERVER_LOGIN_LENGTH])
{
    memset(out, 0, ROPP_SERVER_LOGIN_LENGTH);
    ropp_put16(out, 0x2710);
    ropp_put_name(out + 2, ROPP_PACKET_NAME, user);
    ropp_put_name(out + 26, ROPP_PACKET_NAME, password);
    memcpy(out + 54, ip, 4);
    out[58] = (uint8_t)(port >> 8); /* the one number in network order */
    out[59] = (uint8_t)port;
    ropp_put_name(out + 60, ROPP_PACKET_SERVER_NAME, name);
    return ROPP_SERVER_LOGIN_LENGTH;
}

#endif
