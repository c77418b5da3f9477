// SPDX-License-Identifier: MIT
/* `ropp patch`: weaves ropp into an emulator's source tree, and takes it out again. */
#ifndef ROPP_TOOLS_PATCH_PATCH_H
#define ROPP_TOOLS_PATCH_PATCH_H

#include "tools/base/command.h"

/* Its exit status of `status` is ROPP_EXIT_REFUSED for anything but up to date. */
extern const struct ropp_cli_command ropp_patch;

#endif
