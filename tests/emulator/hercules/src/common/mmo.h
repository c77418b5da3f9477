#ifndef COMMON_MMO_H
#define COMMON_MMO_H

#include "common/cbasetypes.h"

/* Date of the game client the servers speak with; ./configure --enable-packetver=YYYYMMDD. */
#ifndef PACKETVER
#define PACKETVER 20190530
#endif

/* Lengths include the terminating NUL. */
#define NAME_LENGTH              (23 + 1)
#define MAX_CHARSERVER_NAME_SIZE 20
#define START_ACCOUNT_NUM        2000000

enum { SEX_FEMALE = 0, SEX_MALE, SEX_SERVER };

enum e_char_server_type { CST_NORMAL, CST_MAINTENANCE, CST_OVER18, CST_PAYING, CST_F2P };

#endif /* COMMON_MMO_H */
