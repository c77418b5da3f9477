#ifndef LOGIN_PACKETS_AC_STRUCT_H
#define LOGIN_PACKETS_AC_STRUCT_H

#include "common/hercules.h"
#include "common/mmo.h"

/* Packets from the login server, as they are on the wire: little-endian, packed. */

enum login_ac_packet_id {
	HEADER_AC_ACCEPT_LOGIN = 0x0069,
	HEADER_AC_REFUSE_LOGIN = 0x006a,
	HEADER_SC_NOTIFY_BAN = 0x0081,
	HEADER_AC_ACK_HASH = 0x01dc,
	HEADER_AC_REFUSE_LOGIN_R2 = 0x083e,
	HEADER_AC_ACCEPT_LOGIN2 = 0x0ac4,
	HEADER_AC_REFUSE_LOGIN_R3 = 0x0b02,
};

#define AUTH_TOKEN_SIZE 16

#pragma pack(push, 1)

struct PACKET_SC_NOTIFY_BAN {
	int16 packet_id;
	uint8 error_code;
};

struct PACKET_AC_REFUSE_LOGIN {
	int16 packet_id;
	uint8 error_code;
	char block_date[20];
};

struct PACKET_AC_REFUSE_LOGIN_R2 {
	int16 packet_id;
	uint32 error_code;
	char block_date[20];
};

struct PACKET_AC_ACCEPT_LOGIN {
	int16 packet_id;
	int16 packet_len;
	int32 auth_code;
	uint32 aid;
	uint32 user_level;
	uint32 last_login_ip;
	char last_login_time[26];
	uint8 sex;
#if PACKETVER >= 20170315
	unsigned char auth_token[AUTH_TOKEN_SIZE];
	uint8 twitter_flag;
#endif
	struct {
		uint32 ip;   /* network byte order */
		uint16 port; /* little-endian */
		char name[MAX_CHARSERVER_NAME_SIZE];
		uint16 usercount;
		uint16 state;
		uint16 property;
#if PACKETVER >= 20170315
		char unknown2[128];
#endif
	} server_list[];
};

struct PACKET_AC_ACK_HASH {
	int16 packet_id;
	int16 packet_len;
	uint8 secret[];
};

#pragma pack(pop)

#endif /* LOGIN_PACKETS_AC_STRUCT_H */
