// SPDX-License-Identifier: MIT
#include "tools/player/trace.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"

void ropp_trace_add(struct ropp_trace *trace, const char *leg, uint8_t *bytes, size_t length)
{
    trace->parts = ropp_grow(trace->parts, trace->count, sizeof *trace->parts);
    trace->parts[trace->count++] = (struct ropp_trace_part){leg, bytes, length};
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

size_t ropp_trace_search(const struct ropp_trace *trace, const struct ropp_hostport *address,
                         void (*found)(const struct ropp_trace_find *find, void *context),
                         void *context)
{
    struct form forms[3] = {{.name = "network"}, {.name = "host"}, {.name = "text"}};
    char text[INET6_ADDRSTRLEN] = "";
    size_t count = 0, length = ropp_hostport_bytes(address, forms[0].bytes);
    inet_ntop(address->any.sa_family, forms[0].bytes, text, sizeof text);
    forms[0].length = forms[1].length = length;
    for (size_t i = 0; i < length; i++)
        forms[1].bytes[i] = forms[0].bytes[length - 1 - i];
    forms[2].length = strlen(text);
    memcpy(forms[2].bytes, text, forms[2].length);
    for (size_t i = 0; i < trace->count; i++)
        for (const struct form *form = forms; form != forms + 3; form++) {
            const struct ropp_trace_part *part = &trace->parts[i];
            for (size_t at = 0; at + form->length <= part->length; at++)
                if (memcmp(part->bytes + at, form->bytes, form->length) == 0) {
                    struct ropp_trace_find find = {part->leg, at, form->name, text};
                    found(&find, context);
                    count++;
                }
        }
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
