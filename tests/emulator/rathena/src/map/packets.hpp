#ifndef MAP_PACKETS_HPP
#define MAP_PACKETS_HPP

#include <common/packets.hpp>

// Packets between the game client and the map server, as they are on the wire: little-endian,
// packed. Until 2018 the client's ids were shuffled with every version; two of those are known
// here.

enum map_packet_id : int16 {
	HEADER_CZ_NOTIFY_ACTORINIT = 0x7d,
	HEADER_ZC_NOTIFY_TIME = 0x7f,
	HEADER_ZC_NOTIFY_PLAYERCHAT = 0x8e,
	HEADER_ZC_NPCACK_MAPMOVE = 0x91,
	HEADER_ZC_PAR_CHANGE = 0xb0,
	HEADER_CZ_RESTART = 0xb2,
	HEADER_ZC_RESTART_ACK = 0xb3,
	HEADER_CZ_REQUEST_CHAT = 0xf3,
	HEADER_ZC_ATTACK_RANGE = 0x13a,
	HEADER_CZ_REQ_DISCONNECT = 0x18a,
	HEADER_ZC_ACK_REQ_DISCONNECT = 0x18b,
	HEADER_ZC_AID = 0x283,
	HEADER_ZC_NPCACK_SERVERMOVE = PACKETVER >= 20170315 ? 0xac7 : 0x92,
#if PACKETVER >= 20141022 && PACKETVER < 20160330
	HEADER_ZC_ACCEPT_ENTER = 0xa18,
#else
	HEADER_ZC_ACCEPT_ENTER = 0x2eb,
#endif
#if PACKETVER == 20151104
	HEADER_CZ_ENTER = 0x360,
	HEADER_CZ_REQUEST_TIME = 0x886,
	HEADER_CZ_REQUEST_MOVE = 0x363,
#elif PACKETVER == 20141022
	HEADER_CZ_ENTER = 0x93b,
	HEADER_CZ_REQUEST_TIME = 0x35f,
	HEADER_CZ_REQUEST_MOVE = 0x437,
#else
	HEADER_CZ_ENTER = 0x436,
	HEADER_CZ_REQUEST_TIME = 0x360,
	HEADER_CZ_REQUEST_MOVE = 0x35f,
#endif
};

#pragma pack(push, 1)

struct PACKET_CZ_ENTER {
	int16 packetType;
	uint32 AID;
	uint32 CID;
	uint32 login_id1;
#if PACKETVER >= 20211103
	uint32 unknown;
#endif
	uint32 clientTime;
	uint8 sex;
};

struct PACKET_CZ_NOTIFY_ACTORINIT {
	int16 packetType;
};

struct PACKET_CZ_REQUEST_TIME {
	int16 packetType;
	uint32 clientTime;
};

struct PACKET_CZ_REQUEST_MOVE {
	int16 packetType;
	uint8 to[3];
};

struct PACKET_CZ_RESTART {
	int16 packetType;
	uint8 type; // 1: back to the list of characters
};

struct PACKET_CZ_REQ_DISCONNECT {
	int16 packetType;
	int16 type;
};

// of the client, "name : text", and of the server
struct PACKET_CHAT {
	int16 packetType;
	int16 packetLength;
	char message[];
};

struct PACKET_ZC_AID {
	int16 packetType;
	uint32 AID;
};

struct PACKET_ZC_ACCEPT_ENTER {
	int16 packetType;
	uint32 startTime;
	uint8 position[3]; // ten bits x, ten bits y, four bits direction
	uint8 xSize;
	uint8 ySize;
	int16 font;
#if PACKETVER >= 20141022 && PACKETVER < 20160330
	uint8 sex;
#endif
};

struct PACKET_ZC_NOTIFY_TIME {
	int16 packetType;
	uint32 time;
};

struct PACKET_ZC_PAR_CHANGE {
	int16 packetType;
	int16 type;
	int32 value;
};

struct PACKET_ZC_ATTACK_RANGE {
	int16 packetType;
	int16 range;
};

struct PACKET_ZC_RESTART_ACK {
	int16 packetType;
	uint8 type;
};

struct PACKET_ZC_ACK_REQ_DISCONNECT {
	int16 packetType;
	int16 result; // 0: go
};

struct PACKET_ZC_NPCACK_MAPMOVE {
	int16 packetType;
	char mapname[MAP_NAME_LENGTH_EXT];
	uint16 x;
	uint16 y;
};

struct PACKET_ZC_NPCACK_SERVERMOVE {
	int16 packetType;
	char mapname[MAP_NAME_LENGTH_EXT];
	uint16 x;
	uint16 y;
	uint32 ip;   // network byte order
	uint16 port; // little-endian
#if PACKETVER >= 20170315
	char domain[128];
#endif
};

#pragma pack(pop)

#endif /* MAP_PACKETS_HPP */
