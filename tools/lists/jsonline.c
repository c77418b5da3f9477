#include "tools/lists/jsonline.h"

#include <string.h>

#include "tools/base/decimal.h"

struct jsonline {
    const char *at, *end;
};

static void skip_blanks(struct jsonline *json)
{
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' || *json->at == '\r'))
        json->at++;
}

static bool skip_char(struct jsonline *json, char c)
{
    skip_blanks(json);
    if (json->at == json->end || *json->at != c)
        return false;
    json->at++;
    skip_blanks(json);
    return true;
}

/* What a backslash and this byte mean; 0 for those that mean more than one. */
static char unescaped(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

/* Reads a string at json->at. */
static bool read_text(struct jsonline *json, char out[ROPP_JSONLINE_TEXT])
{
    size_t size = 0;

    if (json->at == json->end || *json->at != '"')
        return false;
    for (json->at++; json->at < json->end && *json->at != '"'; json->at++) {
        char c = *json->at;

        if (c == '\\') {
            if (json->end - json->at < 2)
                return false;
            if (unescaped(json->at[1]) != 0)
                c = unescaped(*++json->at);
        }
        if (size < ROPP_JSONLINE_TEXT - 1)
            out[size++] = c;
    }
    if (json->at == json->end)
        return false;
    json->at++;
    out[size] = '\0';
    return true;
}

/* Passes over a value that is no string: up to the comma or the bracket behind it. */
static bool skip_value(struct jsonline *json)
{
    char text[ROPP_JSONLINE_TEXT];
    const char *start = json->at;
    size_t depth = 0;

    while (json->at < json->end) {
        char c = *json->at;

        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            break;
        if (c == '"') {
            if (!read_text(json, text))
                return false;
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        json->at++;
    }
    return depth == 0 && json->at > start;
}

enum ropp_jsonline ropp_jsonline_find(const char *line, size_t size, const char *key,
                                      char out[ROPP_JSONLINE_TEXT])
{
    struct jsonline json = {line, line + size};
    enum ropp_jsonline result = ROPP_JSONLINE_ABSENT;
    char text[ROPP_JSONLINE_TEXT];

    if (!skip_char(&json, '{'))
        return ROPP_JSONLINE_BROKEN;
    do {
        bool is_it, is_text;

        if (!read_text(&json, text) || !skip_char(&json, ':'))
            return ROPP_JSONLINE_BROKEN;
        is_it = result == ROPP_JSONLINE_ABSENT && strcmp(text, key) == 0;
        is_text = json.at < json.end && *json.at == '"';
        if (!(is_text ? read_text(&json, text) : skip_value(&json)))
            return ROPP_JSONLINE_BROKEN;
        if (is_it && is_text) {
            memcpy(out, text, sizeof text);
            result = ROPP_JSONLINE_FOUND;
        }
    } while (skip_char(&json, ','));
    if (!skip_char(&json, '}') || json.at != json.end)
        return ROPP_JSONLINE_BROKEN;
    return result;
}

bool ropp_jsonline_number(const char *line, size_t size, const char *key, uint64_t *number)
{
    struct jsonline json = {line, line + size};
    char text[ROPP_JSONLINE_TEXT];
    const char *at;

    if (!skip_char(&json, '{'))
        return false;
    do {
        bool is_it;

        if (!read_text(&json, text) || !skip_char(&json, ':'))
            return false;
        is_it = strcmp(text, key) == 0;
        at = json.at;
        if (!(at < json.end && *at == '"' ? read_text(&json, text) : skip_value(&json)))
            return false;
        if (is_it && ropp_decimal_begin(at, (size_t)(json.at - at), UINT64_MAX, number) > 0)
            return true;
    } while (skip_char(&json, ','));
    return false;
}
