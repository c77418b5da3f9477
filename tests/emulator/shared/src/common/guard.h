// SPDX-License-Identifier: MIT
#ifndef COMMON_GUARD_H
#define COMMON_GUARD_H

#include "common/settings.h"

/* Who may connect: lists of addresses, and a limit of connections by address and time. */

extern bool ip_rules; /* whether anything is looked at */
extern const struct setting guard_settings[];

void guard_init(void);
void guard_final(void);
/* 0: not let in. */
int32 guard_check(uint32 ip);

#endif
