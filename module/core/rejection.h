// SPDX-License-Identifier: MIT
/* The packets by which a player is refused, in forms that the client knows. */
#ifndef ROPP_CORE_REJECTION_H
#define ROPP_CORE_REJECTION_H

#include <stddef.h>
#include <stdint.h>

#define ROPP_REJECTION_MAX 26

/* Writes the login server's "rejected from server", in the packet with this id: 0x006a (also for
 * 0), 0x083e or 0x0b02, as the client's version knows. Returns its length. */
size_t ropp_rejection_login(unsigned id, uint8_t packet[ROPP_REJECTION_MAX]);

/* Writes "server closed" over a packet, which every version of the client knows from every server.
 * Returns its new length, 0 when packet[0..length) has no room for it. */
size_t ropp_rejection_closed(uint8_t *packet, size_t length);

#endif
