// SPDX-License-Identifier: MIT
#ifndef MAP_MAP_SERVER_H
#define MAP_MAP_SERVER_H

#include "common/link.h"
#include "common/mmo.h"
#include "common/settings.h"

enum player_state {
	PLAYER_NEW,      /* nothing has come yet */
	PLAYER_WAITING,  /* the char server judges his ticket */
	PLAYER_LOADING,  /* the client loads the map */
	PLAYER_ACTIVE,   /* in the game */
	PLAYER_CHANGING, /* on the way to another map server, or back to the char server */
};

/* A player's connection. */
struct map_session_data {
	int32 fd;
	enum player_state state;
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint8 sex;
	uint32 key;                   /* of the packets up to now: see clif_unscramble */
	bool is_unscrambled;          /* the next one is */
	struct mmo_charstatus status; /* char_id is known from the beginning */
};

struct map_config {
	char userid[NAME_LENGTH]; /* for the char server */
	char passwd[NAME_LENGTH];
	uint32 char_ip;
	uint16 char_port;
	uint32 map_ip; /* where players reach this server */
	uint32 bind_ip;
	uint16 map_port;
};
extern struct map_config map_config;
extern const struct setting map_settings[];

/* A map: of this server if the ip is 0, else of another one. */
struct map_place {
	char name[MAP_NAME_LENGTH];
	uint32 ip;
	uint16 port;
};
extern struct map_place *map_places;
extern int32 map_place_count;
void map_add(const char *name, uint32 ip, uint16 port);
bool map_is_here(const char *name);
void map_remove(uint32 ip, uint16 port); /* another server's; both 0: all others' */

/* Players by account, from their first packet on. */
struct map_session_data *map_player(uint32 account_id); /* NULL: not here */
void map_add_player(struct map_session_data *sd);
int32 map_player_count(void);
void map_visit(void (*visit)(const struct map_session_data *sd));
/* To a map, here or elsewhere; false: there is none of that name. */
bool map_move(struct map_session_data *sd, const char *map, uint16 x, uint16 y);
void map_quit(struct map_session_data *sd); /* the connection ends */

/* ---- the client, in clif.c ---- */

int32 clif_parse(int32 fd);
void clif_init(void);
void clif_send_welcome(struct map_session_data *sd);
/* Thrown out. 0: wrong ticket, 1: there is no char server, 2: another login, 8: still online */
void clif_throw_out(int32 fd, uint8 why);
void clif_send_back(int32 fd); /* to the char server */
void clif_send_map(struct map_session_data *sd, const char *map, uint16 x, uint16 y);
/* To another map server. 0ac7 has room for its name, 0a4c has none. */
enum { MOVE_BY_FOOT = PACKETVER >= 20170315 ? 0x0ac7 : 0x0092, MOVE_BY_AIRSHIP = 0x0a4c };
void clif_send_server(int32 fd, uint16 id, const char *map, uint16 x, uint16 y, uint32 ip,
                      uint16 port, const char *name);

/* ---- the char server, in chrif.c ---- */

void chrif_init(void);
void chrif_final(void);
void chrif_judge(struct map_session_data *sd); /* the ticket */
void chrif_save(const struct map_session_data *sd);
void chrif_leave(uint32 account_id, uint32 char_id);
void chrif_send_users(void);
void chrif_ask_back(const struct map_session_data *sd); /* a ticket to the char server */
void chrif_ask_change(const struct map_session_data *sd, uint32 ip,
                      uint16 port); /* to a map server */

/* Before the files are read, and after that. */
void map_begin(void);
bool map_open(void);

#endif
