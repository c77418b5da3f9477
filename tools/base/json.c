// SPDX-License-Identifier: MIT
#include "tools/base/json.h"

#include <inttypes.h>
#include <string.h>

#include "tools/base/moment.h"
#include "tools/base/utf8.h"

/* The inside of a string: quotes, backslashes, control characters and bytes that are not valid
 * UTF-8 are escaped. */
static void put_text(FILE *out, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0, step;

    while (i < length) {
        step = ropp_utf8_length(text + i, length - i);
        if (bytes[i] == '"' || bytes[i] == '\\')
            fprintf(out, "\\%c", bytes[i]);
        else if (step == 0 || bytes[i] < 0x20 || bytes[i] == 0x7f)
            fprintf(out, "\\u%04x", (unsigned)bytes[i]);
        else
            fwrite(bytes + i, 1, step, out);
        i += step ? step : 1;
    }
}

static void member(struct ropp_json *json, const char *key)
{
    if (json->follows)
        fputs(json->tight ? "," : ", ", json->out);
    json->follows = true;
    if (key != NULL)
        fprintf(json->out, json->tight ? "\"%s\":" : "\"%s\": ", key);
}

void ropp_json_begin(struct ropp_json *json, const char *key, char bracket)
{
    member(json, key);
    fputc(bracket, json->out);
    json->follows = false;
}

void ropp_json_end(struct ropp_json *json, char bracket)
{
    fputc(bracket, json->out);
    json->follows = true;
}

void ropp_json_done(struct ropp_json *json, const char *brackets)
{
    while (*brackets != '\0')
        ropp_json_end(json, *brackets++);
    fputc('\n', json->out);
}

void ropp_json_bytes(struct ropp_json *json, const char *key, const char *text, size_t length)
{
    member(json, key);
    fputc('"', json->out);
    put_text(json->out, text, length);
    fputc('"', json->out);
}

void ropp_json_some(struct ropp_json *json, const char *key, const char *text)
{
    if (text != NULL)
        ropp_json_bytes(json, key, text, strlen(text));
}

void ropp_json_string(struct ropp_json *json, const char *key, const char *text)
{
    if (text != NULL)
        ropp_json_bytes(json, key, text, strlen(text));
    else
        ropp_json_raw(json, key, NULL);
}

void ropp_json_number(struct ropp_json *json, const char *key, int64_t number)
{
    member(json, key);
    fprintf(json->out, "%" PRId64, number);
}

void ropp_json_bool(struct ropp_json *json, const char *key, bool value)
{
    ropp_json_raw(json, key, value ? "true" : "false");
}

void ropp_json_raw(struct ropp_json *json, const char *key, const char *text)
{
    member(json, key);
    fputs(text != NULL ? text : "null", json->out);
}

void ropp_json_moment(struct ropp_json *json, const char *key, int64_t unix_s)
{
    char text[ROPP_MOMENT_TEXT];

    ropp_moment_format_utc(unix_s, text);
    ropp_json_string(json, key, unix_s != 0 ? text : NULL);
}
