// SPDX-License-Identifier: MIT
#include "tools/lists/jsondoc.h"

#include <string.h>

#include "tools/base/decimal.h"

enum {
    JSONDOC_VALUE, /* a value comes, or the end of an empty array */
    JSONDOC_KEY,   /* a member's name comes, or the end of an empty object */
    JSONDOC_COLON, /* behind a name */
    JSONDOC_AFTER, /* behind a value */
    JSONDOC_TEXT,  /* inside quotes */
    JSONDOC_ESCAPE,
    JSONDOC_WORD /* a number, true, false or null */
};

static void add_char(struct ropp_jsondoc *doc, char c)
{
    if (doc->used < sizeof doc->text - 1)
        doc->text[doc->used++] = c;
    doc->text[doc->used] = '\0';
}

static void begin_text(struct ropp_jsondoc *doc, int state)
{
    doc->used = 0;
    doc->text[0] = '\0';
    doc->state = state;
}

/* Where a value has ended. */
static void go_on(struct ropp_jsondoc *doc)
{
    doc->state = doc->depth > 0 ? JSONDOC_AFTER : JSONDOC_VALUE;
    doc->count += doc->depth == 0;
}

static void end_value(struct ropp_jsondoc *doc, bool is_text)
{
    if (doc->value != NULL)
        doc->value(doc->context, doc->keys[doc->depth], doc->text, is_text, doc->depth);
    go_on(doc);
}

static void end_text(struct ropp_jsondoc *doc)
{
    if (!doc->is_key) {
        end_value(doc, true);
        return;
    }
    memcpy(doc->keys[doc->depth], doc->text, sizeof doc->text);
    doc->state = JSONDOC_COLON;
}

static bool open_bracket(struct ropp_jsondoc *doc, bool is_object)
{
    if (doc->depth == ROPP_JSONDOC_DEPTH)
        return false;
    doc->is_object[doc->depth++] = is_object;
    /* An array's values go by its own name. */
    if (is_object)
        doc->keys[doc->depth][0] = '\0';
    else
        memcpy(doc->keys[doc->depth], doc->keys[doc->depth - 1], sizeof doc->text);
    doc->state = is_object ? JSONDOC_KEY : JSONDOC_VALUE;
    return true;
}

static bool close_bracket(struct ropp_jsondoc *doc, bool is_object)
{
    if (doc->depth == 0 || doc->is_object[doc->depth - 1] != is_object)
        return false;
    doc->depth--;
    if (is_object && doc->object_end != NULL)
        doc->object_end(doc->context);
    go_on(doc);
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool take_value(struct ropp_jsondoc *doc, char c)
{
    if (c == '{' || c == '[')
        return open_bracket(doc, c == '{');
    if (c == ']')
        return close_bracket(doc, false);
    doc->is_key = false;
    begin_text(doc, c == '"' ? JSONDOC_TEXT : JSONDOC_WORD);
    if (c == '"')
        return true;
    add_char(doc, c);
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool take_key(struct ropp_jsondoc *doc, char c)
{
    if (c == '}')
        return close_bracket(doc, true);
    doc->is_key = true;
    begin_text(doc, JSONDOC_TEXT);
    return c == '"';
}

static bool take_after(struct ropp_jsondoc *doc, char c)
{
    if (c == '}' || c == ']')
        return close_bracket(doc, c == '}');
    doc->state = doc->is_object[doc->depth - 1] ? JSONDOC_KEY : JSONDOC_VALUE;
    return c == ',';
}

/* Between values. */
static bool take_outside(struct ropp_jsondoc *doc, char c)
{
    if (is_blank(c))
        return true;
    switch (doc->state) {
    case JSONDOC_VALUE:
        return take_value(doc, c);
    case JSONDOC_KEY:
        return take_key(doc, c);
    case JSONDOC_COLON:
        doc->state = JSONDOC_VALUE;
        return c == ':';
    default:
        return take_after(doc, c);
    }
}

/* RFC 8259, section 7: no control byte is in a text as it is. */
static bool may_be_in_text(char c)
{
    return (unsigned char)c >= ' ';
}

/* Adds what the byte behind a backslash means; that of four hex digits is kept as it is. */
static void add_escaped(struct ropp_jsondoc *doc, char c)
{
    static const char codes[] = "/\"\\bfnrt", bytes[] = "/\"\\\b\f\n\r\t";
    const char *code = c != '\0' ? strchr(codes, c) : NULL;

    if (code == NULL)
        add_char(doc, '\\');
    add_char(doc, code != NULL ? bytes[code - codes] : c);
}

static bool take_char(struct ropp_jsondoc *doc, char c)
{
    switch (doc->state) {
    case JSONDOC_TEXT:
        if (c == '"')
            end_text(doc);
        else if (c == '\\')
            doc->state = JSONDOC_ESCAPE;
        else
            add_char(doc, c);
        return may_be_in_text(c);
    case JSONDOC_ESCAPE:
        doc->state = JSONDOC_TEXT;
        add_escaped(doc, c);
        return may_be_in_text(c);
    case JSONDOC_WORD:
        if (!is_blank(c) && c != ',' && c != '}' && c != ']') {
            add_char(doc, c);
            return true;
        }
        end_value(doc, false);
        return take_outside(doc, c);
    default:
        return take_outside(doc, c);
    }
}

bool ropp_jsondoc_feed(struct ropp_jsondoc *doc, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!take_char(doc, bytes[i]))
            return false;
        doc->lines += bytes[i] == '\n';
    }
    return true;
}

bool ropp_jsondoc_is_whole(const struct ropp_jsondoc *doc)
{
    return doc->depth == 0 && doc->state == JSONDOC_VALUE;
}

/* ---- a line that is an object ---- */

/* The search for a member that is a text, or for one that is none. */
struct search {
    const char *key;
    bool is_text;
    struct ropp_jsondoc doc;
    bool is_found;
    char value[ROPP_JSONDOC_TEXT];
};

static void take_member(void *context, const char *key, const char *value, bool is_text,
                        unsigned depth)
{
    struct search *search = context;

    if (search->is_found || depth != 1 || is_text != search->is_text ||
        strcmp(key, search->key) != 0)
        return;
    search->is_found = true;
    memcpy(search->value, value, strlen(value) + 1);
}

static enum ropp_jsonline find(struct search *search, const char *line, size_t size)
{
    size_t begin = 0;

    while (begin < size && strchr(" \t\r", line[begin]) != NULL)
        begin++;
    search->doc.context = search;
    search->doc.value = take_member;
    if (begin == size || line[begin] != '{' || !ropp_jsondoc_feed(&search->doc, line, size) ||
        !ropp_jsondoc_is_whole(&search->doc) || search->doc.count != 1)
        return ROPP_JSONLINE_BROKEN;
    return search->is_found ? ROPP_JSONLINE_FOUND : ROPP_JSONLINE_ABSENT;
}

enum ropp_jsonline ropp_jsonline_find(const char *line, size_t size, const char *key,
                                      char out[ROPP_JSONDOC_TEXT])
{
    struct search search = {.key = key, .is_text = true};
    enum ropp_jsonline result = find(&search, line, size);

    memcpy(out, search.value, sizeof search.value);
    return result;
}

bool ropp_jsonline_number(const char *line, size_t size, const char *key, uint64_t *number)
{
    struct search search = {.key = key};

    return find(&search, line, size) == ROPP_JSONLINE_FOUND &&
           ropp_decimal_begin(search.value, strlen(search.value), UINT64_MAX, number) > 0;
}
