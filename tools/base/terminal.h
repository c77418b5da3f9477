// SPDX-License-Identifier: MIT
/* The terminal that a person reads on, if there is one. */
#ifndef ROPP_TOOLS_BASE_TERMINAL_H
#define ROPP_TOOLS_BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* How many columns the terminal at a descriptor has; 80 when it does not say; 0 when there is none.
 */
size_t ropp_terminal_columns(int fd);

/* Asks at the terminal at a descriptor, which does not show what is typed, and takes the line with its
 * end; "" when the input ends. Ctrl-C ends the line instead of the program, which would leave the
 * terminal so. False with errno when there is no line. */
bool ropp_terminal_ask(int fd, const char *prompt, char *line, size_t size);

#endif
