#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "common/hercules.h"
#include "common/db.h"
#include "common/mmo.h"

enum e_player_state {
	PLAYER_NEW,      /* nothing has come yet */
	PLAYER_WAITING,  /* the char server judges his ticket */
	PLAYER_LOADING,  /* the client has been told the map and loads it */
	PLAYER_ACTIVE,   /* in the game */
	PLAYER_CHANGING, /* on the way back to the char server, or elsewhere */
};

/* A player's connection. */
struct map_session_data {
	int fd;
	enum e_player_state state;
	int account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint8 sex;
	struct mmo_charstatus status; /* status.char_id is known from the start */
};

struct map_name {
	char name[MAP_NAME_LENGTH];
};
VECTOR_STRUCT_DECL(map_names, struct map_name);

struct map_interface {
	char userid[NAME_LENGTH]; /* for the char server */
	char passwd[NAME_LENGTH];
	uint32 char_ip;
	uint16 char_port;
	uint32 ip; /* where players reach this server */
	uint32 bind_ip;
	uint16 port;
	int fd;
	struct map_names maps;
	struct DBMap *players; /* struct map_session_data * by account id, from their first packet on */
	const char *MAP_CONF_NAME;
	const char *NET_CONF_NAME;

	struct map_session_data *(*id2sd)(int account_id); /* NULL: not here */
	void (*add_player)(struct map_session_data *sd);
	bool (*is_here)(const char *name);
	/* Moves the player to a map; false: there is no such map. */
	bool (*setpos)(struct map_session_data *sd, const char *name, uint16 x, uint16 y);
	/* The connection ends. */
	void (*quit)(struct map_session_data *sd);
	bool (*config_read)(const char *filename, bool imported);
};

void map_defaults(void);

HPShared struct map_interface *map;

#endif /* MAP_MAP_H */
