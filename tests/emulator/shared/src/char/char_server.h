// SPDX-License-Identifier: MIT
#ifndef CHAR_CHAR_SERVER_H
#define CHAR_CHAR_SERVER_H

#include "common/link.h"
#include "common/mmo.h"
#include "common/settings.h"

#define MAX_CHARS 9

/* A player's connection. */
struct char_session_data {
	bool is_in; /* the ticket was good */
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint8 sex;
	uint32 found_char[MAX_CHARS]; /* by slot; 0: none */
};

/* The ticket that a player takes to a map server, or back from one. */
struct char_auth_node {
	uint32 account_id;
	uint32 char_id; /* 0: back to the list of characters */
	uint32 login_id1;
	uint32 login_id2;
	uint32 ip;
	uint8 is_changing; /* from one map server to another */
};

struct char_config {
	char userid[NAME_LENGTH]; /* for the login server, and what map servers log in with */
	char passwd[NAME_LENGTH];
	char server_name[SERVER_NAME_LENGTH];
	uint32 login_ip;
	uint16 login_port;
	uint32 char_ip; /* where players reach this server */
	uint32 bind_ip;
	uint16 char_port;
	char start_map[MAP_NAME_LENGTH];
	uint16 start_x;
	uint16 start_y;
};
extern struct char_config char_config;
extern const struct setting char_settings[];

/* ---- the tables `char` and `charlog`, in chardb.c ---- */

extern const struct setting chardb_settings[];
bool chardb_init(void);
void chardb_final(void);
int32 chardb_list(uint32 account_id, struct mmo_charstatus list[MAX_CHARS]); /* how many */
bool chardb_load(uint32 char_id, struct mmo_charstatus *status);
/* Sets status->char_id; false: the name or the slot is taken. */
bool chardb_create(struct mmo_charstatus *status);
void chardb_save_position(uint32 char_id, const char *map, uint16 x, uint16 y);
/* char_id 0: all of the account; both 0: everybody. */
void chardb_set_online(uint32 char_id, uint32 account_id, bool is_online);
void chardb_log(const struct mmo_charstatus *status, const char *what);

/* ---- who is online, in online.c ---- */

/* Where a player is: at a map server of that number, or one of these. */
enum { ONLINE_AT_CHAR = -1, ONLINE_ON_THE_WAY = -2 /* or at a map server that is gone */ };
struct online_char_data {
	uint32 char_id; /* 0: none is chosen */
	int32 fd;       /* at this server; -1: none */
	int32 server;
	int32 timer;
};
void online_init(void);
void online_final(void);
struct online_char_data *online_find(uint32 account_id); /* NULL: not online */
void online_at_char(uint32 account_id, int32 fd);
void online_at(int32 server, uint32 char_id, uint32 account_id);
/* He is not to be found soon: he is offline then. */
void online_await(uint32 account_id);
/* Nothing happens if he has another character by now; 0: any. */
void online_leave(uint32 char_id, uint32 account_id);
void online_lose(int32 server); /* everybody at a map server that is gone */
void online_visit(void (*visit)(uint32 account_id));

/* ---- the link to the login server, in loginif.c ---- */

void loginif_init(void);
void loginif_final(void);
bool loginif_is_connected(void);
bool loginif_is_lost(void); /* without one nobody stays */
void loginif_judge(int32 fd, const struct char_session_data *sd, uint32 ip); /* the ticket */
void loginif_ask_account(uint32 account_id); /* the answer has the characters sent */
void loginif_set_online(uint32 account_id, bool is_online);
void loginif_send_users(uint32 users);

/* ---- players, in char_server.c ---- */

int32 char_parse(int32 fd);
void char_reject(int32 fd);                /* the ticket was not good */
void char_send_error(int32 fd, uint8 why); /* 2: another login, 8: still online */
void char_let_in(int32 fd, struct char_session_data *sd);
void char_send_characters(int32 fd, struct char_session_data *sd);
/* The first packet of a player: makes his session's data. */
struct char_session_data *char_enter(int32 fd, uint32 account_id, uint32 login_id1,
                                     uint32 login_id2, uint8 sex);
/* He has a ticket of this server, or the login server is asked about his. */
void char_judge(int32 fd, struct char_session_data *sd, uint32 ip, bool has_ticket);

/* ---- map servers, in mapif.c ---- */

struct map_server {
	int32 fd; /* -1: none */
	uint32 ip;
	uint16 port;
	uint16 users;
	char (*maps)[MAP_NAME_LENGTH];
	int32 map_count;
};
extern struct map_server map_servers[MAX_MAP_SERVERS];
void mapif_init(void);
void mapif_final(void);
/* The one with that map, and at that address if it is not 0; -1: none. */
int32 mapif_search(const char *map, uint32 ip, uint16 port);
void mapif_throw_out(int32 server, uint32 account_id, uint8 why);
void mapif_send_users(void);
/* One logs in whose packet is at the front; refusal: what it is answered, 0: nothing is wrong with
 * where it comes from. wrong: what it is answered when its name or password is. */
void mapif_login(int32 fd, uint8 refusal, uint8 wrong);
/* The ticket of a player at a map server, NULL for none: answers, and tears it. */
void mapif_judge(int32 fd, int32 server, const struct char_auth_node *node, uint32 account_id,
                 uint32 char_id, uint32 login_id1);

/* ---- the dialect's ---- */

void char_ticket_put(const struct char_auth_node *node);
void char_ticket_tear(uint32 account_id);
/* 0065 is at the front; sd is NULL for the first. */
void char_parse_enter(int32 fd, struct char_session_data *sd, uint32 ip);
void char_parse_map_login(int32 fd, uint32 ip);     /* 2af8 */
void char_parse_map_ticket(int32 fd, int32 server); /* 2b26 */
uint32 char_lan(uint32 ip); /* a map server's address inside that network; 0: none */

/* Before the files are read, and after that. */
void char_begin(void);
bool char_open(void);

#endif
