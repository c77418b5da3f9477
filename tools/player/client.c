// SPDX-License-Identifier: MIT
#include "tools/player/client.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tools/player/bytes.h"

/* The oldest first. */
static const struct ropp_client clients[] = {
    {20100728, 25, 112, 78, 108, 0x0067, 37, 0x0436, 19, 0x0089, 11, true},
    {20100803, 25, 132, 78, 108, 0x0067, 37, 0x0436, 19, 0x0089, 11, true},
    {20101124, 26, 132, 78, 108, 0x0067, 37, 0x0436, 19, 0x0360, 6, true},
    {20110111, 26, 136, 78, 108, 0x0067, 37, 0x0436, 19, 0x0360, 6, true},
    {20110928, 26, 140, 78, 108, 0x0067, 37, 0x0436, 19, 0x0360, 6, true},
    {20111005, 27, 140, 78, 108, 0x0067, 37, 0x0436, 19, 0x0817, 6, true},
    {20111025, 27, 144, 78, 108, 0x0067, 37, 0x0436, 19, 0x0817, 6, true},
    {20111102, 28, 144, 78, 108, 0x0067, 37, 0x083c, 19, 0x0817, 6, true},
    {20111116, 28, 136, 78, 108, 0x0067, 37, 0x083c, 19, 0x0817, 6, true}, /* it alone */
    {20111122, 28, 144, 78, 108, 0x0067, 37, 0x083c, 19, 0x0817, 6, true},
    {20120307, 29, 144, 78, 108, 0x0970, 31, 0x086a, 19, 0x0887, 6, true},
    {20120410, 30, 144, 78, 108, 0x0970, 31, 0x094b, 19, 0x0886, 6, true},
    {20120418, 31, 144, 78, 108, 0x0970, 31, 0x022d, 19, 0x035f, 6, true},
    {20130320, 34, 144, 78, 108, 0x0970, 31, 0x0888, 19, 0x0363, 6, true},
    {20130807, 45, 144, 78, 108, 0x0970, 31, 0x022d, 19, 0x035f, 6, true},
    {20141022, 51, 147, 80, 110, 0x0970, 31, 0x093b, 19, 0x035f, 6, true},
    {20151029, 55, 147, 80, 110, 0x0a39, 36, 0x022d, 19, 0x035f, 6, false},
    {20151104, 55, 147, 80, 110, 0x0a39, 36, 0x0360, 19, 0x0886, 6, false},
    {20180620, 55, 155, 88, 118, 0x0a39, 36, 0x0436, 19, 0x0360, 6, false},
    {20190530, 55, 155, 88, 118, 0x0a39, 36, 0x0436, 19, 0x0360, 6, false},
    {20200401, 55, 155, 88, 118, 0x0a39, 36, 0x0436, 19, 0x0360, 6, false},
    {20211103, 55, 175, 108, 138, 0x0a39, 36, 0x0436, 23, 0x0360, 6, false},
};

/* Until March 2012 a player distributes thirty points. */
#define CREATE_WITH_POINTS 0x0067
#define CREATE_WITH_JOB    0x0a39

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

/* ---- what a player sends ---- */

static struct ropp_packet begin(unsigned number, size_t length)
{
    struct ropp_packet packet = {.length = length};
    ropp_put16(packet.bytes, number);
    return packet;
}

struct ropp_packet ropp_client_login(const struct ropp_client *client, const char *user,
                                     const char *password)
{
    struct ropp_packet packet;
    packet.length = ropp_packet_login(user, password, packet.bytes);
    if (client != NULL)
        ropp_put32(packet.bytes + 2, client->number);
    return packet;
}

struct ropp_packet ropp_client_ask_key(void)
{
    return begin(0x01db, 2);
}

struct ropp_packet ropp_client_char_enter(const struct ropp_ticket *ticket)
{
    struct ropp_packet packet = begin(0x0065, 17);
    ropp_put32(packet.bytes + 2, ticket->account_id);
    ropp_put32(packet.bytes + 6, ticket->login_id1);
    ropp_put32(packet.bytes + 10, ticket->login_id2);
    packet.bytes[16] = ticket->sex;
    return packet;
}

struct ropp_packet ropp_client_char_create(const struct ropp_client *client, const char *name)
{
    struct ropp_packet packet = begin(client->create, client->create_length);
    ropp_put_name(packet.bytes + 2, ROPP_PACKET_NAME, name);
    size_t at = 2 + ROPP_PACKET_NAME;
    if (client->create == CREATE_WITH_POINTS) {
        memset(packet.bytes + at, 5, 6);
        at += 6;
    }
    ropp_put16(packet.bytes + at + 1,
               1); /* the slot before it is 0; colour and style of the hair */
    ropp_put16(packet.bytes + at + 3, 1);
    if (client->create == CREATE_WITH_JOB)
        packet.bytes[35] = 1; /* the job before it is 0, a novice; male */
    return packet;
}

struct ropp_packet ropp_client_char_select(uint8_t slot)
{
    struct ropp_packet packet = begin(0x0066, 3);
    packet.bytes[2] = slot;
    return packet;
}

struct ropp_packet ropp_client_char_town(uint8_t slot, uint8_t town)
{
    struct ropp_packet packet = begin(0x0841, 4);
    packet.bytes[2] = slot;
    packet.bytes[3] = town;
    return packet;
}

struct ropp_packet ropp_client_char_alive(const struct ropp_ticket *ticket)
{
    struct ropp_packet packet = begin(0x0187, 6);
    ropp_put32(packet.bytes + 2, ticket->account_id);
    return packet;
}

struct ropp_packet ropp_client_map_enter(const struct ropp_client *client,
                                         const struct ropp_ticket *ticket, uint32_t character)
{
    struct ropp_packet packet = begin(client->enter, client->enter_length);
    ropp_put32(packet.bytes + 2, ticket->account_id);
    ropp_put32(packet.bytes + 6, character);
    ropp_put32(packet.bytes + 10, ticket->login_id1);
    ropp_put32(packet.bytes + packet.length - 5, 1);
    packet.bytes[packet.length - 1] = ticket->sex;
    return packet;
}

struct ropp_packet ropp_client_map_loaded(void)
{
    return begin(0x007d, 2);
}

struct ropp_packet ropp_client_map_tick(const struct ropp_client *client, uint32_t ms)
{
    struct ropp_packet packet = begin(client->tick, client->tick_length);
    ropp_put32(packet.bytes + packet.length - 4, ms);
    return packet;
}

struct ropp_packet ropp_client_map_leave(void)
{
    struct ropp_packet packet = begin(0x00b2, 3);
    packet.bytes[2] = 1; /* to the characters; 0 is back to life */
    return packet;
}

struct ropp_packet ropp_client_map_chat(const struct ropp_client *client, const char *name,
                                        const char *text)
{
    struct ropp_packet packet = begin(0x00f3, 4);
    size_t room = sizeof packet.bytes - 4;
    int written = snprintf((char *)packet.bytes + 4, room, "%s : %s", name, text);
    size_t words = written < 0 ? 0 : (size_t)written < room ? (size_t)written : room - 1;
    packet.length += words + (client->chat_zero ? 1 : 0);
    ropp_put16(packet.bytes + 2, (unsigned)packet.length);
    return packet;
}

/* ---- what a char server answers ---- */

/* The address in a packet: ip, port, and the domain where there is room for one. */
static void read_redirect(const uint8_t *bytes, size_t length, struct ropp_redirect *redirect)
{
    redirect->packet = ropp_get16(bytes);
    memcpy(redirect->ip, bytes + 22, 4);
    redirect->port = ropp_get16(bytes + 26);
    if (length >= 28 + ROPP_PACKET_DOMAIN)
        ropp_get_name(bytes + 28, ROPP_PACKET_DOMAIN, redirect->domain);
}

static void read_list(const struct ropp_client *client, const uint8_t *bytes, size_t length,
                      struct ropp_char_reply *reply)
{
    const size_t fixed = 27;
    if (length < fixed || (length - fixed) % client->entry != 0) {
        reply->answer = ROPP_CHAR_UNKNOWN;
        return;
    }
    reply->count = (unsigned)((length - fixed) / client->entry);
    if (reply->count == 0)
        return;
    ropp_get_name(bytes + fixed + client->entry_name, ROPP_PACKET_NAME, reply->name);
    reply->slot = bytes[fixed + client->entry_slot];
}

static void read_towns(const uint8_t *bytes, size_t length, struct ropp_char_reply *reply)
{
    reply->town = -1;
    for (size_t at = 4; at + 20 <= length && reply->town < 0; at += 20)
        if (ropp_get32(bytes + at) == 0 && bytes[at + 4] > '0')
            reply->town = (int)((at - 4) / 20);
}

static const struct layout {
    uint16_t packet;
    uint16_t length; /* 0: in the packet, behind its number; of a new character, by the client */
    enum ropp_char_answer answer;
} layouts[] = {
    {0x006b, 0, ROPP_CHAR_LIST},    {0x006c, 3, ROPP_CHAR_REFUSED}, {0x006d, 0, ROPP_CHAR_CREATED},
    {0x006e, 3, ROPP_CHAR_REFUSED}, {0x0071, 28, ROPP_CHAR_MAP},    {0x0081, 3, ROPP_CHAR_REFUSED},
    {0x020d, 0, ROPP_CHAR_OTHER},   {0x082d, 0, ROPP_CHAR_OTHER},   {0x0840, 0, ROPP_CHAR_TOWNS},
    {0x08b9, 12, ROPP_CHAR_OTHER},  {0x099d, 0, ROPP_CHAR_OTHER},   {0x09a0, 6, ROPP_CHAR_OTHER},
    {0x0ac5, 156, ROPP_CHAR_MAP},   {0x0b6f, 0, ROPP_CHAR_CREATED},
};

static void read_char(const struct ropp_client *client, const uint8_t *bytes, size_t length,
                      struct ropp_char_reply *reply)
{
    switch (reply->answer) {
    case ROPP_CHAR_LIST:
        read_list(client, bytes, length, reply);
        return;
    case ROPP_CHAR_CREATED:
        reply->slot = bytes[2 + client->entry_slot];
        return;
    case ROPP_CHAR_REFUSED:
        reply->code = bytes[2];
        return;
    case ROPP_CHAR_MAP:
        reply->character = ropp_get32(bytes + 2);
        read_redirect(bytes, length, &reply->redirect);
        ropp_get_name(bytes + 6, ROPP_CLIENT_MAP, reply->redirect.map);
        return;
    case ROPP_CHAR_TOWNS:
        read_towns(bytes, length, reply);
        return;
    case ROPP_CHAR_OTHER:
    case ROPP_CHAR_UNKNOWN:
    default:
        return;
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
    const struct layout *layout = layouts, *end = layouts + sizeof layouts / sizeof *layouts;
    while (layout != end && layout->packet != reply->packet)
        layout++;
    size_t whole = layout != end ? layout->length : 1;
    if (whole == 0 && layout->answer == ROPP_CHAR_CREATED)
        whole = 2 + client->entry;
    else if (whole == 0)
        whole = length < 4 ? 4 : ropp_get16(bytes + 2);
    if (whole < 2) {
        /* Perhaps the account number, of which a part has come. */
        if (first && length < 4)
            return 0;
        reply->answer = ROPP_CHAR_UNKNOWN;
        return length;
    }
    if (length < whole)
        return 0;
    reply->answer = layout->answer;
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

enum ropp_client_leave ropp_client_map_left(const uint8_t *bytes, size_t length)
{
    static const uint8_t leave[] = {0xb3, 0x00, 0x01};
    enum ropp_client_leave found = ROPP_LEAVE_UNHEARD;
    for (size_t at = 0; at + sizeof leave <= length; at++)
        if (memcmp(bytes + at, leave, sizeof leave) == 0)
            found = at + sizeof leave == length ? ROPP_LEAVE_HEARD : ROPP_LEAVE_LIKELY;
    return found;
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
    static const unsigned moves[][2] = {{0x0091, 22}, {0x0092, 28}, {0x0a4c, 28}, {0x0ac7, 156}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (ropp_get16(bytes) == moves[i][0])
            return moves[i][1];
    return 0;
}

bool ropp_client_map_move(const uint8_t *bytes, size_t length, size_t *at,
                          struct ropp_redirect *redirect)
{
    for (; *at + 2 + ROPP_CLIENT_MAP <= length; ++*at) {
        size_t whole = move_length(bytes + *at);
        if (whole == 0 || !is_map_name(bytes + *at + 2))
            continue;
        if (*at + whole > length)
            return false;
        memset(redirect, 0, sizeof *redirect);
        redirect->packet = ropp_get16(bytes + *at);
        if (whole > 22)
            read_redirect(bytes + *at, whole, redirect);
        ropp_get_name(bytes + *at + 2, ROPP_CLIENT_MAP, redirect->map);
        *at += whole;
        return true;
    }
    return false;
}
