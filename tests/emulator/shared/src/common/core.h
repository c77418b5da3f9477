// SPDX-License-Identifier: MIT
#ifndef COMMON_CORE_H
#define COMMON_CORE_H

#include "common/cbasetypes.h"

/* What every program has. */
bool do_init(int argc, char **argv); /* false: it cannot do its work */
void do_shutdown(void);              /* a signal ends it: the last turn has been made */
void do_final(void);

/* Not before everything is ready, nor when the program is about to end. */
bool core_is_running(void);

#endif
