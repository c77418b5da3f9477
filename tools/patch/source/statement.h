// SPDX-License-Identifier: MIT
/* Finding the statement around an offset in masked C and C++. */
#ifndef ROPP_TOOLS_PATCH_SOURCE_STATEMENT_H
#define ROPP_TOOLS_PATCH_SOURCE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

struct ropp_statement {
    size_t start; /* its first byte */
    size_t end;   /* behind its `;`, `}` or `:` */
    /* Offset of the `if`, `else`, `for`, `while` or `do` that governs it without braces: nothing
     * can be inserted beside it. NONE when it is in braces or outside of any function. */
    size_t governor;
};

#define ROPP_STATEMENT_NONE ((size_t)-1)

enum ropp_statement_result {
    ROPP_STATEMENT_FOUND,
    ROPP_STATEMENT_ABSENT, /* `at` is between statements, or on the brace around them */
    ROPP_STATEMENT_TOO_DEEP,
};

/* Finds the innermost statement whose own text holds `at`. What own text is, is in
 * docs/HOOKS.md: for an `if` chain it is everything but the statements inside its branches. `code`
 * is what one build sees (ropp_mask_view); [from, to) holds whole statements: the inside of a
 * function's body, or a file. */
enum ropp_statement_result ropp_statement_find(const char *code, size_t from, size_t to, size_t at,
                                               struct ropp_statement *found);

#endif
