// SPDX-License-Identifier: MIT
#include "tools/player/packet.h"

#include <string.h>

#include "tools/player/bytes.h"

size_t ropp_packet_login(const char *user, const char *password, uint8_t out[ROPP_PACKET_LOGIN])
{
    memset(out, 0, ROPP_PACKET_LOGIN);
    ropp_put16(out, 0x0064);
    ropp_put_name(out + 6, ROPP_PACKET_NAME, user);
    ropp_put_name(out + 30, ROPP_PACKET_NAME, password);
    return ROPP_PACKET_LOGIN;
}

/* `fixed` bytes before the list, `each` bytes a char server. */
static void read_accepted(const uint8_t *bytes, size_t length, size_t fixed, size_t each,
                          struct ropp_reply *reply)
{
    if (length < fixed) {
        reply->answer = ROPP_ANSWER_UNKNOWN;
        reply->code = reply->packet;
        return;
    }
    reply->login_id1 = ropp_get32(bytes + 4);
    reply->account_id = ropp_get32(bytes + 8);
    reply->login_id2 = ropp_get32(bytes + 12);
    memcpy(reply->last_ip, bytes + 16, sizeof reply->last_ip);
    reply->sex = bytes[46];
    for (size_t at = fixed; at + each <= length && reply->server_count < ROPP_PACKET_SERVERS;
         at += each) {
        struct ropp_char_server *server = &reply->servers[reply->server_count++];
        memcpy(server->ip, bytes + at, 4);
        server->port = ropp_get16(bytes + at + 4);
        ropp_get_name(bytes + at + 6, ROPP_PACKET_SERVER_NAME, server->name);
        if (each >= 32 + ROPP_PACKET_DOMAIN)
            ropp_get_name(bytes + at + 32, ROPP_PACKET_DOMAIN, server->domain);
    }
}

static const struct layout {
    uint16_t packet;
    uint16_t length; /* 0: in the packet, behind its number */
    enum ropp_answer answer;
    uint8_t code; /* so many bytes behind the number */
} layouts[] = {
    {0x0069, 0, ROPP_ANSWER_ACCEPTED, 0}, {0x0ac4, 0, ROPP_ANSWER_ACCEPTED, 0},
    {0x01dc, 0, ROPP_ANSWER_KEY, 0},      {0x006a, 23, ROPP_ANSWER_REFUSED, 1},
    {0x083e, 26, ROPP_ANSWER_REFUSED, 4}, {0x0b02, 26, ROPP_ANSWER_REFUSED, 4},
    {0x0081, 3, ROPP_ANSWER_NOTICE, 1},   {0x2711, 3, ROPP_ANSWER_SERVER, 1},
};

size_t ropp_packet_read(const uint8_t *bytes, size_t length, struct ropp_reply *reply)
{
    const struct layout *layout = layouts, *end = layouts + sizeof layouts / sizeof *layouts;
    memset(reply, 0, sizeof *reply);
    if (length < 2)
        return 0;
    reply->packet = ropp_get16(bytes);
    while (layout != end && layout->packet != reply->packet)
        layout++;
    if (layout == end) {
        reply->answer = ROPP_ANSWER_UNKNOWN;
        reply->code = reply->packet;
        return length;
    }
    size_t whole = layout->length;
    if (whole == 0 && length >= 4)
        whole = ropp_get16(bytes + 2);
    if (whole == 0 || length < whole)
        return 0;
    reply->answer = layout->answer;
    if (layout->code != 0)
        reply->code = layout->code == 1 ? bytes[2] : ropp_get32(bytes + 2);
    if (layout->packet == 0x0069)
        read_accepted(bytes, whole, 47, 32, reply);
    else if (layout->packet == 0x0ac4)
        read_accepted(bytes, whole, 64, 160, reply);
    return whole;
}
