// SPDX-License-Identifier: MIT
#include "core/rejection.h"

#include <string.h>

/* AC_REFUSE_LOGIN with code 3, which takes a byte in 0x006a and four in its successors. The date
 * behind it is for blocked accounts. */
size_t ropp_rejection_login(unsigned id, uint8_t packet[ROPP_REJECTION_MAX])
{
    if (id == 0)
        id = 0x006a;
    memset(packet, 0, ROPP_REJECTION_MAX);
    packet[0] = (uint8_t)(id & 0xff);
    packet[1] = (uint8_t)(id >> 8);
    packet[2] = 3;
    return id == 0x006a ? 23 : 26;
}

/* SC_NOTIFY_BAN with code 1: what the emulators send when no server is online. */
size_t ropp_rejection_closed(uint8_t *packet, size_t length)
{
    static const uint8_t closed[] = {0x81, 0x00, 0x01};

    if (length < sizeof closed)
        return 0;
    memcpy(packet, closed, sizeof closed);
    return sizeof closed;
}
