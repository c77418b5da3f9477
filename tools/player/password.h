// SPDX-License-Identifier: MIT
/* The password of the account a probe logs in with: from a file, the environment or the terminal,
 * never from the command line, where every user of the machine could read it. */
#ifndef ROPP_PLAYER_PASSWORD_H
#define ROPP_PLAYER_PASSWORD_H

#include <stdbool.h>

#include "tools/player/packet.h"

#define ROPP_PASSWORD_VARIABLE "ROPP_PROBE_PASSWORD"

/* Takes the first line of `file` ("-" is standard input); without a file the environment's, else
 * asks. False with a message when there is none, or when it is longer than the game has room for.
 */
bool ropp_password_get(const char *file, char out[ROPP_PACKET_NAME]);

#endif
