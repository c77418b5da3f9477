#include "tools/player/trace.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

bool ropp_trace_add(struct ropp_trace *trace, const char *leg, uint8_t *bytes, size_t length)
{
    struct ropp_trace_part *parts =
        realloc(trace->parts, (trace->count + 1) * sizeof *trace->parts);
    if (parts == NULL) {
        free(bytes);
        return false;
    }
    trace->parts = parts;
    parts[trace->count].leg = leg;
    parts[trace->count].bytes = bytes;
    parts[trace->count].length = length;
    trace->count++;
    return true;
}

size_t ropp_trace_length(const struct ropp_trace *trace)
{
    size_t length = 0;
    for (size_t i = 0; i < trace->count; i++)
        length += trace->parts[i].length;
    return length;
}

/* A form of the address, and what it is called. */
struct form {
    const char *name;
    uint8_t bytes[INET6_ADDRSTRLEN];
    size_t length;
};

struct search {
    const char *address;
    void (*found)(const struct ropp_trace_find *find, void *context);
    void *context;
};

static size_t search_part(const struct ropp_trace_part *part, const struct form *form,
                          const struct search *search)
{
    struct ropp_trace_find find = {.leg = part->leg, .order = form->name};
    size_t count = 0;
    find.address = search->address;
    for (size_t at = 0; at + form->length <= part->length; at++) {
        if (memcmp(part->bytes + at, form->bytes, form->length) != 0)
            continue;
        find.offset = at;
        search->found(&find, search->context);
        count++;
    }
    return count;
}

size_t ropp_trace_search(const struct ropp_trace *trace, const struct ropp_hostport *address,
                         void (*found)(const struct ropp_trace_find *find, void *context),
                         void *context)
{
    struct form forms[3] = {{.name = "network"}, {.name = "host"}, {.name = "text"}};
    char text[INET6_ADDRSTRLEN] = "";
    const struct search search = {text, found, context};
    size_t count = 0;
    size_t length = ropp_hostport_bytes(address, forms[0].bytes);
    inet_ntop(address->address.ss_family, forms[0].bytes, text, sizeof text);
    forms[0].length = length;
    forms[1].length = length;
    for (size_t i = 0; i < length; i++)
        forms[1].bytes[i] = forms[0].bytes[length - 1 - i];
    forms[2].length = strlen(text);
    memcpy(forms[2].bytes, text, forms[2].length);
    for (size_t i = 0; i < trace->count; i++)
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
            count += search_part(&trace->parts[i], &forms[f], &search);
    return count;
}

void ropp_trace_free(struct ropp_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        free(trace->parts[i].bytes);
    free(trace->parts);
    trace->parts = NULL;
    trace->count = 0;
}
