#include "tools/lists/jsonline.h"

#include <string.h>

#include "tools/base/decimal.h"
#include "tools/lists/jsondoc.h"

/* The search for a member that is a text, or for one that is none. */
struct search {
    const char *key;
    bool is_text;
    struct ropp_jsondoc doc;
    bool is_found;
    char value[ROPP_JSONDOC_TEXT];
};

static void take_value(void *context, const char *key, const char *value, bool is_text,
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
    search->doc.value = take_value;
    if (begin == size || line[begin] != '{' || !ropp_jsondoc_feed(&search->doc, line, size) ||
        !ropp_jsondoc_is_whole(&search->doc) || search->doc.count != 1)
        return ROPP_JSONLINE_BROKEN;
    return search->is_found ? ROPP_JSONLINE_FOUND : ROPP_JSONLINE_ABSENT;
}

enum ropp_jsonline ropp_jsonline_find(const char *line, size_t size, const char *key,
                                      char out[ROPP_JSONLINE_TEXT])
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
