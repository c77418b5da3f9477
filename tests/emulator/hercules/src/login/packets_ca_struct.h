#ifndef LOGIN_PACKETS_CA_STRUCT_H
#define LOGIN_PACKETS_CA_STRUCT_H

#include "common/hercules.h"
#include "common/mmo.h"

/* Packets to the login server, as they are on the wire: little-endian, packed. */

enum login_packet_ca_id {
	HEADER_CA_LOGIN = 0x0064,
	HEADER_CA_REQ_HASH = 0x01db,
	HEADER_CA_CONNECT_INFO_CHANGED = 0x0200,
	HEADER_CA_EXE_HASHCHECK = 0x0204,
	HEADER_CA_SSO_LOGIN_REQ = 0x0825,
	HEADER_CA_CHARSERVERCONNECT = 0x2710,
	HEADER_CA_APISERVERCONNECT = 0x2720,
};

#pragma pack(push, 1)

struct PACKET_CA_LOGIN {
	int16 packet_id;
	uint32 version;
	char id[24];
	char password[24];
	uint8 clienttype;
};

struct PACKET_CA_SSO_LOGIN_REQ {
	int16 packet_id;
	int16 packet_len;
	uint32 version;
	uint8 clienttype;
	char id[24];
	char password[27];
	int8 mac_address[17];
	char ip[15];
	char t1[];
};

struct PACKET_CA_REQ_HASH {
	int16 packet_id;
};

struct PACKET_CA_CONNECT_INFO_CHANGED {
	int16 packet_id;
	char id[24];
};

struct PACKET_CA_EXE_HASHCHECK {
	int16 packet_id;
	uint8 hash_value[16];
};

struct PACKET_CA_CHARSERVERCONNECT {
	int16 packet_id;
	char userid[24];
	char password[24];
	int32 unknown;
	uint32 ip;   /* network byte order */
	uint16 port; /* network byte order */
	char name[MAX_CHARSERVER_NAME_SIZE];
	int16 unknown2;
	uint16 type;
	uint16 new_;
};

struct PACKET_CA_APISERVERCONNECT {
	int16 packet_id;
	char userid[24];
	char password[24];
};

#pragma pack(pop)

#endif /* LOGIN_PACKETS_CA_STRUCT_H */
