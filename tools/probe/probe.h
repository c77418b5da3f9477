// SPDX-License-Identifier: MIT
/* `ropp probe`: a player's way through a hop, for the owner to see. */
#ifndef ROPP_TOOLS_PROBE_PROBE_H
#define ROPP_TOOLS_PROBE_PROBE_H

#include "tools/base/command.h"

extern const struct ropp_cli_command ropp_probe;

#endif
