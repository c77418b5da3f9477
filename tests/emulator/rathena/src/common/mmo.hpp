#ifndef MMO_HPP
#define MMO_HPP

#include <config/core.hpp>

#include "cbasetypes.hpp"

// Lengths include the terminating NUL.
#define NAME_LENGTH           (23 + 1)
#define PASSWD_LENGTH         (32 + 1)
#define WEB_AUTH_TOKEN_LENGTH (16 + 1)
#define PINCODE_LENGTH        4
#define START_ACCOUNT_NUM     2000000

#define MAP_NAME_LENGTH     (11 + 1)
#define MAP_NAME_LENGTH_EXT (MAP_NAME_LENGTH + 4) // with ".gat", as the client has it

enum e_sex : uint8 { SEX_FEMALE = 0, SEX_MALE, SEX_SERVER };

// A character. Maps are named without ".gat".
struct mmo_charstatus {
	uint32 char_id;
	uint32 account_id;
	uint8 slot;
	char name[NAME_LENGTH];
	int16 class_;
	int16 hair;
	int16 hair_color;
	int16 base_level;
	uint8 sex;
	char map[MAP_NAME_LENGTH];
	uint16 x;
	uint16 y;
};

#endif /* MMO_HPP */
