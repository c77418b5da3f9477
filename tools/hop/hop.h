// SPDX-License-Identifier: MIT
/* `ropp hop`: a network of hops in front of a game server, described in one file. */
#ifndef ROPP_TOOLS_HOP_HOP_H
#define ROPP_TOOLS_HOP_HOP_H

#include "tools/base/command.h"

extern const struct ropp_cli_command ropp_hop;

/* Its commands. */
extern const struct ropp_cli_command ropp_hop_render, ropp_hop_check, ropp_hop_measure;

#endif
