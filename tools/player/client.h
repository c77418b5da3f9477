// SPDX-License-Identifier: MIT
/* The packets of a player on the char and the map server. They differ from one version of the
 * client to the next; a version here is what the emulators call PACKETVER. Packets of servers that
 * are no concern of ours are passed over. */
#ifndef ROPP_PLAYER_CLIENT_H
#define ROPP_PLAYER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/packet.h"

#define ROPP_CLIENT_USUAL 20211103 /* the version that current trees are built for */
#define ROPP_CLIENT_MAP   16       /* a map's name with its ending, zero-filled */

/* What differs. */
struct ropp_client {
    unsigned version;
    unsigned number; /* what a client of then says it is; rAthena of 2015 goes by that */
    size_t entry;    /* bytes of a character in the list, and where its name and slot are */
    size_t entry_name;
    size_t entry_slot;
    unsigned create; /* packet numbers and lengths */
    size_t create_length;
    unsigned enter;
    size_t enter_length;
    unsigned tick;
    size_t tick_length;
    bool chat_zero; /* a zero ends what is said */
};

/* What a login server has handed out. */
struct ropp_ticket {
    uint32_t account_id;
    uint32_t login_id1;
    uint32_t login_id2;
    uint8_t sex;
};

/* Where a server sends the player next. */
struct ropp_redirect {
    unsigned packet;
    uint8_t ip[4];
    uint16_t port;
    char domain[ROPP_PACKET_DOMAIN + 1];
    char map[ROPP_CLIENT_MAP + 1];
};

enum ropp_char_answer {
    ROPP_CHAR_OTHER,   /* passed over */
    ROPP_CHAR_LIST,    /* the characters: count, and of the first of them slot and name */
    ROPP_CHAR_CREATED, /* slot */
    ROPP_CHAR_MAP,     /* character and redirect */
    ROPP_CHAR_TOWNS,   /* the character's map is not served; town is one that is, -1 for none */
    ROPP_CHAR_REFUSED, /* code; of the entry, the creation or the choice */
    ROPP_CHAR_UNKNOWN
};

struct ropp_char_reply {
    enum ropp_char_answer answer;
    unsigned packet;
    unsigned code;
    unsigned count;
    uint8_t slot;
    char name[ROPP_PACKET_NAME + 1];
    uint32_t character;
    int town;
    struct ropp_redirect redirect;
};

enum ropp_map_answer {
    ROPP_MAP_NEED_MORE,
    ROPP_MAP_ENTERED,
    ROPP_MAP_REFUSED, /* code */
    ROPP_MAP_UNKNOWN
};

struct ropp_map_reply {
    enum ropp_map_answer answer;
    unsigned packet;
    unsigned code;
};

/* The newest known version that is not newer than this one: most of their packets are the same.
 * NULL when all known ones are newer. */
const struct ropp_client *ropp_client_find(unsigned version);
unsigned ropp_client_oldest(void);

/* One that a player sends. */
struct ropp_packet {
    uint8_t bytes[256];
    size_t length;
};

/* A client that is NULL does not say which it is. */
struct ropp_packet ropp_client_login(const struct ropp_client *client, const char *user,
                                     const char *password);

/* Asks the login server for a key: a question that costs nothing. */
struct ropp_packet ropp_client_ask_key(void);
struct ropp_packet ropp_client_char_enter(const struct ropp_ticket *ticket);
struct ropp_packet ropp_client_char_create(const struct ropp_client *client, const char *name);
struct ropp_packet ropp_client_char_select(uint8_t slot);
struct ropp_packet ropp_client_char_town(uint8_t slot, uint8_t town);
struct ropp_packet ropp_client_char_alive(const struct ropp_ticket *ticket);
struct ropp_packet ropp_client_map_enter(const struct ropp_client *client,
                                         const struct ropp_ticket *ticket, uint32_t character);
struct ropp_packet ropp_client_map_loaded(void);
struct ropp_packet ropp_client_map_tick(const struct ropp_client *client, uint32_t ms);
struct ropp_packet ropp_client_map_leave(void);
/* Longer words are cut to fit. */
struct ropp_packet ropp_client_map_chat(const struct ropp_client *client, const char *name,
                                        const char *text);

/* Reads the first packet a char server sent; the account number it begins with is a packet, too.
 * Returns its length, 0 when more bytes are needed. */
size_t ropp_client_char_read(const struct ropp_client *client, const struct ropp_ticket *ticket,
                             bool first, const uint8_t *bytes, size_t length,
                             struct ropp_char_reply *reply);

/* Reads how a map server answers the entry: from its first bytes. */
void ropp_client_map_read(const uint8_t *bytes, size_t length, struct ropp_map_reply *reply);

/* Looks from `*at` on for a change of the map, on this server (the redirect has no address then) or
 * to another one. True when there is one, with `*at` behind it; else `*at` is where to look from
 * when more has come. The hundreds of other packets need not be known for this: a number followed
 * by the name of a map is unmistakable. */
bool ropp_client_map_move(const uint8_t *bytes, size_t length, size_t *at,
                          struct ropp_redirect *redirect);

/* Whether a map server lets a player go back to the characters. Where other packets begin is not
 * known, and the bytes of this one may be in the middle of them. */
enum ropp_client_leave {
    ROPP_LEAVE_UNHEARD,
    ROPP_LEAVE_LIKELY, /* they are there: nothing more may follow */
    ROPP_LEAVE_HEARD   /* they are the last ones */
};
enum ropp_client_leave ropp_client_map_left(const uint8_t *bytes, size_t length);

/* Whether `length` bytes hold that packet number anywhere. */
bool ropp_client_holds(const uint8_t *bytes, size_t length, unsigned packet);

#endif
