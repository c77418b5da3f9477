// SPDX-License-Identifier: MIT
/* WireGuard's keys, in a folder: NAME.key, the private one of a machine, and NAME.pub. */
#ifndef ROPP_TOOLS_HOP_KEYS_H
#define ROPP_TOOLS_HOP_KEYS_H

#include <stdbool.h>

struct ropp_network;

enum { ROPP_KEY_TEXT = 45 }; /* 32 bytes in base64, and a NUL */

/* Of one machine. */
struct ropp_hop_keys {
    char own[ROPP_KEY_TEXT]; /* private; empty: it is on that machine alone */
    char public[ROPP_KEY_TEXT];
};

/* Reads those of every machine with a tunnel into network->keys, the hops' and last the origin's.
 * Who has neither file gets a new pair, the private one readable by nobody else; who has the public
 * one alone keeps the private one to itself. Wants the program `wg`. False with a message. */
bool ropp_keys_load(struct ropp_network *network, const char *folder);

#endif
