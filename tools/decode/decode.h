// SPDX-License-Identifier: MIT
/* `ropp decode`: shows a captured PROXY protocol header, as a table for people or as JSON. */
#ifndef ROPP_TOOLS_DECODE_DECODE_H
#define ROPP_TOOLS_DECODE_DECODE_H

#include "tools/base/command.h"

extern const struct ropp_cli_command ropp_decode;

#endif
