#include "tools/player/client.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tools/player/bytes.h"

/* The oldest first. */
static const struct ropp_client clients[] = {
    {20130807, 144, 78, 108, 0x0970, 31, 0x022d, 19, 0x035f, true},
    {20141022, 147, 80, 110, 0x0970, 31, 0x093b, 19, 0x035f, true},
    {20151104, 147, 80, 110, 0x0a39, 36, 0x0360, 19, 0x0886, false},
    {20180620, 155, 88, 118, 0x0a39, 36, 0x0436, 19, 0x0360, false},
    {20190530, 155, 88, 118, 0x0a39, 36, 0x0436, 19, 0x0360, false},
    {20200401, 155, 88, 118, 0x0a39, 36, 0x0436, 19, 0x0360, false},
    {20211103, 175, 108, 138, 0x0a39, 36, 0x0436, 23, 0x0360, false},
};

#define CLIENTS (sizeof clients / sizeof *clients)

const struct ropp_client *ropp_client_find(unsigned version)
{
    const struct ropp_client *found = NULL;
    for (size_t i = 0; i < CLIENTS && clients[i].version <= version; i++)
        found = &clients[i];
    return found;
}

unsigned ropp_client_oldest(void)
{
    return clients[0].version;
}

/* ---- what a player says ---- */

static size_t begin(uint8_t *out, unsigned packet, size_t length)
{
    memset(out, 0, length);
    ropp_put16(out, packet);
    return length;
}

size_t ropp_client_char_enter(const struct ropp_ticket *ticket, uint8_t *out)
{
    size_t length = begin(out, 0x0065, 17);
    ropp_put32(out + 2, ticket->account_id);
    ropp_put32(out + 6, ticket->login_id1);
    ropp_put32(out + 10, ticket->login_id2);
    out[16] = ticket->sex;
    return length;
}

size_t ropp_client_char_create(const struct ropp_client *client, const char *name, uint8_t *out)
{
    size_t length = begin(out, client->create, client->create_length);
    ropp_put_name(out + 2, ROPP_PACKET_NAME, name);
    ropp_put16(out + 27, 1); /* the slot before it is 0; colour and style of the hair */
    ropp_put16(out + 29, 1);
    if (length > 31)
        out[35] = 1; /* the job before it is 0, a novice; male */
    return length;
}

size_t ropp_client_char_select(uint8_t slot, uint8_t *out)
{
    size_t length = begin(out, 0x0066, 3);
    out[2] = slot;
    return length;
}

size_t ropp_client_char_town(uint8_t slot, uint8_t town, uint8_t *out)
{
    size_t length = begin(out, 0x0841, 4);
    out[2] = slot;
    out[3] = town;
    return length;
}

size_t ropp_client_char_alive(const struct ropp_ticket *ticket, uint8_t *out)
{
    size_t length = begin(out, 0x0187, 6);
    ropp_put32(out + 2, ticket->account_id);
    return length;
}

size_t ropp_client_map_enter(const struct ropp_client *client, const struct ropp_ticket *ticket,
                             uint32_t character, uint8_t *out)
{
    size_t length = begin(out, client->enter, client->enter_length);
    ropp_put32(out + 2, ticket->account_id);
    ropp_put32(out + 6, character);
    ropp_put32(out + 10, ticket->login_id1);
    ropp_put32(out + length - 5, 1);
    out[length - 1] = ticket->sex;
    return length;
}

size_t ropp_client_map_loaded(uint8_t *out)
{
    return begin(out, 0x007d, 2);
}

size_t ropp_client_map_tick(const struct ropp_client *client, uint32_t ms, uint8_t *out)
{
    size_t length = begin(out, client->tick, 6);
    ropp_put32(out + 2, ms);
    return length;
}

size_t ropp_client_map_leave(uint8_t *out)
{
    size_t length = begin(out, 0x00b2, 3);
    out[2] = 1; /* to the characters; 0 is back to life */
    return length;
}

size_t ropp_client_map_chat(const struct ropp_client *client, const char *name, const char *text,
                            uint8_t *out)
{
    size_t room = ROPP_CLIENT_PACKET - 4;
    int written = snprintf((char *)out + 4, room, "%s : %s", name, text);
    size_t words = written < 0 ? 0 : (size_t)written < room ? (size_t)written : room - 1;
    size_t length = 4 + words + (client->chat_zero ? 1 : 0);
    ropp_put16(out, 0x00f3);
    ropp_put16(out + 2, (unsigned)length);
    return length;
}

/* ---- what a char server answers ---- */

/* The address in a packet: ip, port, and the domain where there is room for one. */
static void read_told(const uint8_t *bytes, size_t length, struct ropp_told *told)
{
    told->packet = ropp_get16(bytes);
    memcpy(told->ip, bytes + 22, 4);
    told->port = ropp_get16(bytes + 26);
    if (length >= 28 + ROPP_PACKET_DOMAIN)
        ropp_get_name(bytes + 28, ROPP_PACKET_DOMAIN, told->domain);
}

static void read_list(const struct ropp_client *client, const uint8_t *bytes, size_t length,
                      struct ropp_char_reply *reply)
{
    const size_t fixed = 27;
    if (length < fixed || (length - fixed) % client->entry != 0) {
        reply->answer = ROPP_CHAR_UNKNOWN;
        return;
    }
    reply->answer = ROPP_CHAR_LIST;
    reply->count = (unsigned)((length - fixed) / client->entry);
    if (reply->count == 0)
        return;
    ropp_get_name(bytes + fixed + client->entry_name, ROPP_PACKET_NAME, reply->name);
    reply->slot = bytes[fixed + client->entry_slot];
}

static void read_towns(const uint8_t *bytes, size_t length, struct ropp_char_reply *reply)
{
    reply->answer = ROPP_CHAR_TOWNS;
    reply->town = -1;
    for (size_t at = 4; at + 20 <= length && reply->town < 0; at += 20)
        if (ropp_get32(bytes + at) == 0 && bytes[at + 4] > '0')
            reply->town = (int)((at - 4) / 20);
}

/* How long the packet is: 0 when that is not known. */
static size_t char_length(const struct ropp_client *client, const uint8_t *bytes, size_t length)
{
    switch (ropp_get16(bytes)) {
    case 0x006b:
    case 0x020d:
    case 0x082d:
    case 0x0840:
    case 0x099d:
        return length < 4 ? 4 : ropp_get16(bytes + 2);
    case 0x006c:
    case 0x006e:
    case 0x0081:
        return 3;
    case 0x006d:
    case 0x0b6f:
        return 2 + client->entry;
    case 0x0071:
        return 28;
    case 0x0ac5:
        return 156;
    case 0x09a0:
        return 6;
    case 0x08b9:
        return 12;
    default:
        return 0;
    }
}

static void read_char(const struct ropp_client *client, const uint8_t *bytes, size_t length,
                      struct ropp_char_reply *reply)
{
    switch (reply->packet) {
    case 0x006b:
        read_list(client, bytes, length, reply);
        return;
    case 0x006d:
    case 0x0b6f:
        reply->answer = ROPP_CHAR_CREATED;
        reply->slot = bytes[2 + client->entry_slot];
        return;
    case 0x006c:
    case 0x006e:
    case 0x0081:
        reply->answer = ROPP_CHAR_REFUSED;
        reply->code = bytes[2];
        return;
    case 0x0071:
    case 0x0ac5:
        reply->answer = ROPP_CHAR_MAP;
        reply->character = ropp_get32(bytes + 2);
        read_told(bytes, length, &reply->told);
        ropp_get_name(bytes + 6, ROPP_CLIENT_MAP, reply->told.map);
        return;
    case 0x0840:
        read_towns(bytes, length, reply);
        return;
    default:
        reply->answer = ROPP_CHAR_OTHER;
    }
}

size_t ropp_client_char_read(const struct ropp_client *client, const struct ropp_ticket *ticket,
                             bool first, const uint8_t *bytes, size_t length,
                             struct ropp_char_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    if (length < 2)
        return 0;
    if (first && length >= 4 && ropp_get32(bytes) == ticket->account_id)
        return 4;
    reply->packet = ropp_get16(bytes);
    size_t whole = char_length(client, bytes, length);
    if (whole < 2) {
        /* Perhaps the account number, of which a part has come. */
        if (first && length < 4)
            return 0;
        reply->answer = ROPP_CHAR_UNKNOWN;
        return length;
    }
    if (length < whole)
        return 0;
    read_char(client, bytes, whole, reply);
    return whole;
}

/* ---- what a map server answers ---- */

bool ropp_client_holds(const uint8_t *bytes, size_t length, unsigned packet)
{
    for (size_t at = 0; at + 2 <= length; at++)
        if (ropp_get16(bytes + at) == packet)
            return true;
    return false;
}

void ropp_client_map_read(const uint8_t *bytes, size_t length, struct ropp_map_reply *reply)
{
    size_t at = 0;
    memset(reply, 0, sizeof *reply);
    /* The account number goes before everything, refusals excepted. */
    if (length >= 2 && ropp_get16(bytes) == 0x0283)
        at = 6;
    if (length < at + 3)
        return;
    reply->packet = ropp_get16(bytes + at);
    reply->code = bytes[at + 2];
    switch (reply->packet) {
    case 0x0081:
    case 0x006a:
    case 0x0074:
        reply->answer = ROPP_MAP_REFUSED;
        return;
    default:
        if (at == 0)
            reply->answer = ROPP_MAP_UNKNOWN;
        else if (ropp_client_holds(bytes + at, length - at, 0x02eb) ||
                 ropp_client_holds(bytes + at, length - at, 0x0a18))
            reply->answer = ROPP_MAP_ENTERED;
    }
}

/* A name like "prontera.gat", zero-filled. */
static bool is_map_name(const uint8_t *bytes)
{
    size_t length = 0;
    while (length < ROPP_CLIENT_MAP && bytes[length] != 0) {
        if (!isgraph(bytes[length]))
            return false;
        length++;
    }
    return length > 4 && memcmp(bytes + length - 4, ".gat", 4) == 0;
}

static size_t move_length(const uint8_t *bytes)
{
    switch (ropp_get16(bytes)) {
    case 0x0091:
        return 22;
    case 0x0092:
    case 0x0a4c:
        return 28;
    case 0x0ac7:
        return 156;
    default:
        return 0;
    }
}

bool ropp_client_map_move(const uint8_t *bytes, size_t length, size_t *at, struct ropp_told *told)
{
    for (; *at + 2 + ROPP_CLIENT_MAP <= length; ++*at) {
        size_t whole = move_length(bytes + *at);
        if (whole == 0 || !is_map_name(bytes + *at + 2))
            continue;
        if (*at + whole > length)
            return false;
        memset(told, 0, sizeof *told);
        told->packet = ropp_get16(bytes + *at);
        if (whole > 22)
            read_told(bytes + *at, whole, told);
        ropp_get_name(bytes + *at + 2, ROPP_CLIENT_MAP, told->map);
        *at += whole;
        return true;
    }
    return false;
}
