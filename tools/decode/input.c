#include "tools/decode/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/cli.h"

enum { FIRST_ROOM = 65536 };

static bool complain(const struct ropp_input *input)
{
    ropp_error("cannot read the capture: %s (%s): name a file that you may read", input->name,
               strerror(errno));
    return false;
}

static bool grow(struct ropp_input *input, size_t *room)
{
    size_t more = *room == 0 ? FIRST_ROOM : *room * 2;
    uint8_t *bytes = realloc(input->bytes, more);

    if (bytes == NULL) {
        ropp_error("out of memory: %s, %zu bytes: free some and try again", input->name, more);
        return false;
    }
    input->bytes = bytes;
    *room = more;
    return true;
}

static bool read_all(FILE *in, struct ropp_input *input)
{
    size_t room = 0;

    errno = 0;
    do {
        if (input->length == room && !grow(input, &room))
            return false;
        input->length += fread(input->bytes + input->length, 1, room - input->length, in);
    } while (input->length == room && room < ROPP_INPUT_MAX);
    input->is_cut = input->length == room && getc(in) != EOF;
    return !ferror(in) || complain(input);
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
    good = read_all(in, input);
    if (in != stdin)
        fclose(in);
    return good;
}

void ropp_input_free(struct ropp_input *input)
{
    free(input->bytes);
    input->bytes = NULL;
}
