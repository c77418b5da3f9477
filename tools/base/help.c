// SPDX-License-Identifier: MIT
#include "tools/base/help.h"

#include <string.h>

static size_t word_length(const char *text)
{
    return strcspn(text, " \n");
}

/* Prints one line of the text, which ends at a break or the text's end; returns where that is. */
static const char *print_line(FILE *out, const char *text, size_t at, size_t indent)
{
    size_t length;

    if (*text == ' ') {
        length = strcspn(text, "\n");
        fprintf(out, "%.*s", (int)length, text);
        return text + length;
    }
    while (*text != '\0' && *text != '\n') {
        length = word_length(text);
        if (at > indent && at + 1 + length > ROPP_HELP_COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fwrite(text, 1, length, out);
        at += length;
        text += length + (text[length] == ' ');
    }
    return text;
}

void ropp_help_text(FILE *out, const char *text, size_t at, size_t indent)
{
    for (;;) {
        text = print_line(out, text, at, indent);
        fputc('\n', out);
        if (*text == '\0')
            return;
        text++;
        if (*text != '\n')
            fprintf(out, "%*s", (int)indent, "");
        at = indent;
    }
}
