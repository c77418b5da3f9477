// SPDX-License-Identifier: MIT
/* `ropp status`: the server processes, and what they have counted. */
#ifndef ROPP_TOOLS_STATUS_STATUS_H
#define ROPP_TOOLS_STATUS_STATUS_H

#include "tools/base/command.h"

extern const struct ropp_cli_command ropp_status;

#endif
