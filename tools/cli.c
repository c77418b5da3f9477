#include "tools/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

void ropp_error(const char *format, ...)
{
    va_list args;

    /* What was printed before stands before the message, also when both go to one terminal. */
    fflush(stdout);
    fputs("ropp: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* Length of the valid UTF-8 sequence at text, 0 when there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *text, size_t left)
{
    size_t need, i;

    if (text[0] < 0x80)
        return 1;
    if (text[0] >= 0xc2 && text[0] <= 0xdf)
        need = 2;
    else if (text[0] >= 0xe0 && text[0] <= 0xef)
        need = 3;
    else if (text[0] >= 0xf0 && text[0] <= 0xf4)
        need = 4;
    else
        return 0;
    if (left < need)
        return 0;
    for (i = 1; i < need; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates and what lies above U+10FFFF. */
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
        return 0;
    return need;
}

void ropp_json_text(FILE *out, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0, step;

    while (i < length) {
        step = utf8_length(bytes + i, length - i);
        if (bytes[i] == '"' || bytes[i] == '\\')
            fprintf(out, "\\%c", bytes[i]);
        else if (step == 0 || bytes[i] < 0x20 || bytes[i] == 0x7f)
            fprintf(out, "\\u%04x", (unsigned)bytes[i]);
        else
            fwrite(bytes + i, 1, step, out);
        i += step ? step : 1;
    }
}

int ropp_finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    ropp_error("cannot write: standard output: %s", strerror(errno));
    return ROPP_EXIT_USAGE;
}
