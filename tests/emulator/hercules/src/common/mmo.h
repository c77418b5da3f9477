#ifndef COMMON_MMO_H
#define COMMON_MMO_H

#include "common/cbasetypes.h"

/* Date of the game client the servers speak with; ./configure --enable-packetver=YYYYMMDD. */
#ifndef PACKETVER
#define PACKETVER 20211103
#endif

/* Lengths include the terminating NUL. */
#define NAME_LENGTH              (23 + 1)
#define MAX_CHARSERVER_NAME_SIZE 20
#define START_ACCOUNT_NUM        2000000
#define MAP_NAME_LENGTH          (11 + 1)
#define MAP_NAME_LENGTH_EXT      (MAP_NAME_LENGTH + 4) /* with ".gat", as the client has it */

enum { SEX_FEMALE = 0, SEX_MALE, SEX_SERVER };

enum e_char_server_type { CST_NORMAL, CST_MAINTENANCE, CST_OVER18, CST_PAYING, CST_F2P };

/* A character. Maps are named without ".gat". */
struct mmo_charstatus {
	int char_id;
	int account_id;
	uint8 slot;
	char name[NAME_LENGTH];
	int16 class;
	int16 hair;
	int16 hair_color;
	int16 base_level;
	uint8 sex;
	char map[MAP_NAME_LENGTH];
	uint16 x;
	uint16 y;
};

#endif /* COMMON_MMO_H */
