// SPDX-License-Identifier: MIT
/* What `ropp decode` reads: a file or standard input, whole, up to a bound. */
#ifndef ROPP_DECODE_INPUT_H
#define ROPP_DECODE_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/buffer.h"

#define ROPP_INPUT_MAX ((size_t)64 << 20)

struct ropp_input {
    const char *name; /* for messages */
    struct ropp_buffer content;
    bool is_cut; /* there was more than ROPP_INPUT_MAX */
};

/* `file` NULL is standard input. False with a message when it cannot be read. */
bool ropp_input_read(const char *file, struct ropp_input *input);
void ropp_input_free(struct ropp_input *input);

#endif
