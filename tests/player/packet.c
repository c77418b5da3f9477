#include "tests/player/packet.h"

#include <stdbool.h>
#include <string.h>

static uint16_t get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t get32(const uint8_t *bytes)
{
    return (uint32_t)get16(bytes) | (uint32_t)get16(bytes + 2) << 16;
}

static void put16(uint8_t *out, unsigned value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

static void put_name(uint8_t *out, size_t size, const char *name)
{
    size_t length = strlen(name);
    memset(out, 0, size);
    memcpy(out, name, length < size ? length : size - 1);
}

size_t ropp_packet_login(const char *user, const char *password, uint8_t out[ROPP_PACKET_LOGIN])
{
    memset(out, 0, ROPP_PACKET_LOGIN);
    put16(out, 0x0064);
    put_name(out + 6, ROPP_PACKET_NAME, user);
    put_name(out + 30, ROPP_PACKET_NAME, password);
    return ROPP_PACKET_LOGIN;
}

size_t ropp_packet_server_login(const char *user, const char *password, const char *name,
                                const uint8_t ip[4], uint16_t port,
                                uint8_t out[ROPP_PACKET_SERVER_LOGIN])
{
    memset(out, 0, ROPP_PACKET_SERVER_LOGIN);
    put16(out, 0x2710);
    put_name(out + 2, ROPP_PACKET_NAME, user);
    put_name(out + 26, ROPP_PACKET_NAME, password);
    memcpy(out + 54, ip, 4);
    out[58] = (uint8_t)(port >> 8); /* the one number in network order */
    out[59] = (uint8_t)port;
    put_name(out + 60, ROPP_PACKET_SERVER_NAME, name);
    return ROPP_PACKET_SERVER_LOGIN;
}

/* `fixed` bytes before the list, `each` bytes a char server. */
static size_t read_accepted(const uint8_t *bytes, size_t length, size_t fixed, size_t each,
                            struct ropp_reply *reply)
{
    size_t whole = length < 4 ? 0 : get16(bytes + 2);
    if (whole == 0 || length < whole)
        return 0;
    if (whole < fixed) {
        reply->answer = ROPP_ANSWER_UNKNOWN;
        reply->code = get16(bytes);
        return whole;
    }
    reply->answer = ROPP_ANSWER_ACCEPTED;
    reply->account_id = get32(bytes + 8);
    for (size_t at = fixed; at + each <= whole && reply->server_count < ROPP_PACKET_SERVERS;
         at += each) {
        struct ropp_char_server *server = &reply->servers[reply->server_count++];
        memcpy(server->ip, bytes + at, 4);
        server->port = get16(bytes + at + 4);
        memcpy(server->name, bytes + at + 6, ROPP_PACKET_SERVER_NAME);
        server->name[ROPP_PACKET_SERVER_NAME] = '\0';
    }
    return whole;
}

static size_t read_fixed(size_t length, size_t whole, enum ropp_answer answer, uint32_t code,
                         struct ropp_reply *reply)
{
    if (length < whole)
        return 0;
    reply->answer = answer;
    reply->code = code;
    return whole;
}

size_t ropp_packet_read(const uint8_t *bytes, size_t length, struct ropp_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    if (length < 2)
        return 0;
    unsigned command = get16(bytes);
    switch (command) {
    case 0x0069:
        return read_accepted(bytes, length, 47, 32, reply);
    case 0x0ac4:
        return read_accepted(bytes, length, 64, 160, reply);
    case 0x006a:
        return read_fixed(length, 23, ROPP_ANSWER_REFUSED, length > 2 ? bytes[2] : 0, reply);
    case 0x083e:
    case 0x0b02:
        return read_fixed(length, 26, ROPP_ANSWER_REFUSED, length >= 6 ? get32(bytes + 2) : 0,
                          reply);
    case 0x0081:
        return read_fixed(length, 3, ROPP_ANSWER_NOTICE, length > 2 ? bytes[2] : 0, reply);
    case 0x2711:
        return read_fixed(length, 3, ROPP_ANSWER_SERVER, length > 2 ? bytes[2] : 0, reply);
    default:
        reply->answer = ROPP_ANSWER_UNKNOWN;
        reply->code = command;
        return length;
    }
}
