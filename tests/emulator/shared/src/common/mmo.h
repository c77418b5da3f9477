// SPDX-License-Identifier: MIT
#ifndef COMMON_MMO_H
#define COMMON_MMO_H

#include "common/cbasetypes.h"

/* Date of the game client that the servers are for: ./configure --enable-packetver=YYYYMMDD. */
#ifndef PACKETVER
#define PACKETVER 20211103
#endif

/* Lengths, with the NUL at the end. */
#define NAME_LENGTH         24
#define PASSWORD_LENGTH     33
#define SERVER_NAME_LENGTH  20
#define MAP_NAME_LENGTH     12
#define MAP_NAME_LENGTH_EXT 16 /* with ".gat", as the client has it */

/* Accounts below it are servers'. */
#define FIRST_PLAYER_ACCOUNT 2000000

enum { SEX_FEMALE, SEX_MALE, SEX_SERVER };

/* A character. Maps are named without ".gat". */
struct mmo_charstatus {
	uint32 char_id;
	uint32 account_id;
	uint8 slot;
	char name[NAME_LENGTH];
	int16 job;
	int16 hair;
	int16 hair_color;
	int16 base_level;
	uint8 sex;
	char map[MAP_NAME_LENGTH];
	uint16 x;
	uint16 y;
};

#endif
