#ifndef CHAR_CHAR_H
#define CHAR_CHAR_H

#include "common/hercules.h"
#include "common/db.h"
#include "common/mmo.h"

#define MAX_CHARS 9

/* A player's connection. */
struct char_session_data {
	bool auth; /* the ticket was good */
	int account_id;
	int login_id1;
	int login_id2;
	uint8 sex;
	int found_char[MAX_CHARS]; /* character ids by slot, 0: none */
};

/* The ticket a player takes to the map server, or back from it. */
struct char_auth_node {
	int account_id;
	int char_id; /* 0: back to the list of characters */
	uint32 login_id1;
	uint32 login_id2;
	uint32 ip;
	uint8 sex;
};

struct map_name {
	char name[MAP_NAME_LENGTH];
};
VECTOR_STRUCT_DECL(map_names, struct map_name);

/* There is only one. */
struct mmo_map_server {
	int fd;    /* -1: not connected */
	uint32 ip; /* where players reach it, host byte order */
	uint16 port;
	uint16 users;
	struct map_names maps;
};

enum e_online_place {
	ONLINE_AT_MAP,
	ONLINE_AT_CHAR = -1,
	ONLINE_UNKNOWN = -2, /* on the way to the map server, or on one that went away */
};

struct online_char_data {
	int account_id;
	int char_id; /* 0: none selected */
	int fd;      /* at this server, -1: none */
	int waiting_disconnect;
	int server; /* enum e_online_place */
};

struct Char_Config {
	char userid[NAME_LENGTH]; /* for the login server, and what the map server logs in with */
	char passwd[NAME_LENGTH];
	char server_name[MAX_CHARSERVER_NAME_SIZE];
	uint32 login_ip;
	uint16 login_port;
	uint32 ip; /* where players reach this server */
	uint32 bind_ip;
	uint16 port;
	uint16 server_type; /* enum e_char_server_type */
	uint16 new_display;
	bool enable_char_creation;
	bool log_char;
	char start_map[MAP_NAME_LENGTH];
	uint16 start_x;
	uint16 start_y;
};

struct char_interface {
	struct Char_Config *config;
	struct mmo_map_server map_server;
	int login_fd; /* -1: lost, 0: could not be reached */
	int char_fd;
	struct DBMap *online_char_db; /* struct online_char_data by account id */
	struct DBMap *auth_db;        /* struct char_auth_node by account id */
	const char *CHAR_CONF_NAME;
	const char *NET_CONF_NAME;

	/* The parse handlers of new connections, and of the link to the map server. */
	int (*parse_char)(int fd);
	int (*parse_frommap)(int fd);

	/* The player's ticket is good: the list of characters comes, unless he is in the game. */
	void (*auth_ok)(int fd, struct char_session_data *sd);
	void (*auth_error)(int fd, uint8 flag);       /* 0: wrong ticket */
	void (*connection_error)(int fd, uint8 flag); /* 2: another login, 8: still online */
	/* The list of characters, and all that goes with it. */
	void (*mmo_char_send)(int fd, struct char_session_data *sd);
	/* Throws a player out of the game. */
	void (*disconnect_player)(int account_id, uint8 reason);

	uint32 (*lan_subnet_check)(uint32 ip);
	bool (*config_read)(const char *filename, bool imported);
};

/* Who is online, in online.c. */
struct online_interface {
	void (*init)(void);
	void (*final)(void);
	struct online_char_data *(*find)(int account_id); /* NULL: not online */
	void (*set_char_charselect)(int account_id, int fd);
	void (*set_char_online)(int server, int char_id, int account_id);
	/* Nothing happens if the player has another character by now. 0: any. */
	void (*set_char_offline)(int char_id, int account_id);
	/* The map server has gone away. */
	void (*map_server_lost)(void);
	/* Sets the player offline unless he comes in time. */
	void (*await)(int account_id);
};

void char_defaults(void);
void online_defaults(void);

HPShared struct char_interface *chr;
HPShared struct online_interface *online;

#endif /* CHAR_CHAR_H */
