#ifndef MAP_PACKETS_STRUCT_H
#define MAP_PACKETS_STRUCT_H

#include "common/hercules.h"
#include "common/mmo.h"

/* Packets between the game client and the map server, as they are on the wire: little-endian,
 * packed. Until 2018 the client's ids were shuffled with every version; one of those is known here.
 */

enum map_packet_id {
	HEADER_CZ_NOTIFY_ACTORINIT = 0x007d,
	HEADER_ZC_NOTIFY_TIME = 0x007f,
	HEADER_SC_NOTIFY_BAN = 0x0081,
	HEADER_ZC_NOTIFY_PLAYERCHAT = 0x008e,
	HEADER_ZC_NPCACK_MAPMOVE = 0x0091,
	HEADER_ZC_PAR_CHANGE = 0x00b0,
	HEADER_CZ_RESTART = 0x00b2,
	HEADER_ZC_RESTART_ACK = 0x00b3,
	HEADER_CZ_REQUEST_CHAT = 0x00f3,
	HEADER_ZC_ATTACK_RANGE = 0x013a,
	HEADER_CZ_REQ_DISCONNECT = 0x018a,
	HEADER_ZC_ACK_REQ_DISCONNECT = 0x018b,
	HEADER_ZC_AID = 0x0283,
	HEADER_ZC_AIRSHIP_SERVERMOVE = 0x0a4c,
	HEADER_ZC_NPCACK_SERVERMOVE = PACKETVER >= 20170315 ? 0x0ac7 : 0x0092,
#if PACKETVER >= 20141022 && PACKETVER < 20160330
	HEADER_ZC_ACCEPT_ENTER = 0x0a18,
#else
	HEADER_ZC_ACCEPT_ENTER = 0x02eb,
#endif
#if PACKETVER == 20151104
	HEADER_CZ_ENTER = 0x0360,
	HEADER_CZ_REQUEST_TIME = 0x0886,
	HEADER_CZ_REQUEST_MOVE = 0x0363,
#else
	HEADER_CZ_ENTER = 0x0436,
	HEADER_CZ_REQUEST_TIME = 0x0360,
	HEADER_CZ_REQUEST_MOVE = 0x035f,
#endif
};

#pragma pack(push, 1)

struct packet_enter {
	int16 packet_id;
	uint32 aid;
	uint32 cid;
	uint32 login_id1;
#if PACKETVER >= 20211103
	uint32 unused;
#endif
	uint32 client_tick;
	uint8 sex;
};

/* "name : text" of the client, and texts of the server */
struct packet_chat {
	int16 packet_id;
	int16 packet_len;
	char message[];
};

struct packet_byte {
	int16 packet_id;
	uint8 value;
};

struct packet_word {
	int16 packet_id;
	int16 value;
};

struct packet_long {
	int16 packet_id;
	uint32 value;
};

struct packet_par_change {
	int16 packet_id;
	int16 type;
	int32 value;
};

struct packet_authok {
	int16 packet_id;
	uint32 start_tick;
	uint8 position[3]; /* ten bits x, ten bits y, four bits direction */
	uint8 x_size;
	uint8 y_size;
	int16 font;
#if PACKETVER >= 20141022 && PACKETVER < 20160330
	uint8 sex;
#endif
};

struct packet_map_change {
	int16 packet_id;
	char map[MAP_NAME_LENGTH_EXT];
	uint16 x;
	uint16 y;
};

/* to another map server; by airship it is the same, and never has a name */
struct packet_server_change {
	int16 packet_id;
	char map[MAP_NAME_LENGTH_EXT];
	uint16 x;
	uint16 y;
	uint32 ip;   /* network byte order */
	uint16 port; /* little-endian */
};

#define DNS_HOST_LENGTH (PACKETVER >= 20170315 ? 128 : 0)

#pragma pack(pop)

#endif /* MAP_PACKETS_STRUCT_H */
