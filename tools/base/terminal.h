// SPDX-License-Identifier: MIT
/* The terminal that a person reads on, if there is one. */
#ifndef ROPP_TOOLS_BASE_TERMINAL_H
#define ROPP_TOOLS_BASE_TERMINAL_H

#include <stddef.h>

/* How many columns the terminal at a descriptor has; 80 when it does not say; 0 when there is none.
 */
size_t ropp_terminal_columns(int fd);

#endif
