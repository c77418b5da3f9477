// SPDX-License-Identifier: MIT
/* Help as it is printed: no line is longer than a terminal's usual 80 columns. */
#ifndef ROPP_TOOLS_BASE_HELP_H
#define ROPP_TOOLS_BASE_HELP_H

#include <stddef.h>
#include <stdio.h>

enum { ROPP_HELP_COLUMNS = 80 };

/* Prints a text from the column `at` on, where the caller has come, and ends the line. It is broken
 * between words; further lines are indented by `indent`. A line break in the text stays one, and a
 * line that begins with a blank stays as it is. */
void ropp_help_text(FILE *out, const char *text, size_t at, size_t indent);

#endif
