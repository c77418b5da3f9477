// SPDX-License-Identifier: MIT
#include "tools/decode/describe.h"

#include <stdio.h>
#include <string.h>

const char *ropp_describe_result(enum ropp_header_status status)
{
    if (status == ROPP_HEADER_OK)
        return "ok";
    return status == ROPP_HEADER_INVALID ? "invalid" : "need-more";
}

const char *ropp_describe_command(enum ropp_command command)
{
    return command == ROPP_COMMAND_PROXY ? "PROXY" : "LOCAL";
}

const char *ropp_describe_family(enum ropp_family family)
{
    static const char *const names[] = {"UNSPEC", "INET", "INET6", "UNIX"};

    return names[family];
}

const char *ropp_describe_transport(enum ropp_transport transport)
{
    static const char *const names[] = {"UNSPEC", "STREAM", "DGRAM"};

    return names[transport];
}

uint32_t ropp_describe_length(const struct ropp_header *header, const struct ropp_capture *capture)
{
    if (header->status == ROPP_HEADER_OK)
        return header->length;
    if (header->status == ROPP_HEADER_NEED_MORE && header->version == 2 &&
        header->length >= ROPP_HEADER_V2_FIXED)
        return ROPP_HEADER_V2_FIXED + (uint32_t)ropp_describe_number(capture->bytes + 14, 2);
    return 0;
}

static bool has_paths(const struct ropp_header *header)
{
    return header->command == ROPP_COMMAND_PROXY && header->family == ROPP_FAMILY_UNIX &&
           header->transport != ROPP_TRANSPORT_UNSPEC;
}

bool ropp_describe_has_ends(const struct ropp_header *header)
{
    return header->source.family != ROPP_FAMILY_UNSPEC || has_paths(header);
}

size_t ropp_describe_end(const struct ropp_header *header, const struct ropp_capture *capture,
                         bool source, char text[ROPP_UNIX_PATH])
{
    const uint8_t *path = capture->bytes + ROPP_HEADER_V2_FIXED + (source ? 0 : ROPP_UNIX_PATH);
    const uint8_t *end;
    size_t length = ROPP_UNIX_PATH;

    if (header->source.family != ROPP_FAMILY_UNSPEC)
        return ropp_addr_format(source ? &header->source : &header->destination, text);
    if (!has_paths(header))
        return 0;
    memcpy(text, path, ROPP_UNIX_PATH);
    if (path[0] != 0) {
        end = memchr(path, 0, ROPP_UNIX_PATH);
        return end != NULL ? (size_t)(end - path) : length;
    }
    while (length > 0 && path[length - 1] == 0)
        length--;
    text[0] = '@';
    return length;
}

const char *ropp_describe_note(const struct ropp_header *header)
{
    if (!header->departure)
        return NULL;
    if (header->destination.family == ROPP_FAMILY_UNSPEC)
        return "The destination is no address, which departs from the specification. ropp takes "
               "it, as nginx and others do: the source counts, the destination is unknown.";
    return "The addresses are not of the family that the line names, which departs from the "
           "specification. ropp takes it, as nginx and others do: the source counts.";
}

void ropp_describe_socket(const struct ropp_end *end, char text[ROPP_END_TEXT])
{
    char addr[ROPP_ADDR_TEXT];

    ropp_addr_format(&end->addr, addr);
    snprintf(text, ROPP_END_TEXT, end->addr.family == ROPP_FAMILY_INET6 ? "[%s]:%u" : "%s:%u", addr,
             (unsigned)end->port);
}

uint64_t ropp_describe_number(const uint8_t *bytes, size_t length)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return value;
}
