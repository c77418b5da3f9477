// SPDX-License-Identifier: MIT
#include "tools/decode/input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/cli.h"

static bool complain(const struct ropp_input *input)
{
    return ropp_error("cannot read the capture: %s (%s): name a file that you may read",
                      input->name, strerror(errno));
}

bool ropp_input_read(const char *file, struct ropp_input *input)
{
    FILE *in = stdin;
    bool good;

    memset(input, 0, sizeof *input);
    input->name = file != NULL ? file : "standard input";
    if (file != NULL) {
        in = fopen(file, "rb");
        if (in == NULL)
            return complain(input);
    } else if (isatty(STDIN_FILENO)) {
        fputs("ropp: reading from the terminal, end with Ctrl-D\n", stderr);
    }
    good = ropp_buffer_read(&input->content, in, ROPP_INPUT_MAX) || complain(input);
    input->is_cut = good && input->content.size == ROPP_INPUT_MAX && getc(in) != EOF;
    if (in != stdin)
        fclose(in);
    return good;
}

void ropp_input_free(struct ropp_input *input)
{
    ropp_buffer_free(&input->content);
}
