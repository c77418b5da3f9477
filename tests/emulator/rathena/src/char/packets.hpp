#ifndef CHAR_PACKETS_HPP
#define CHAR_PACKETS_HPP

#include <common/packets.hpp>

// Packets between the game client and the char server, as they are on the wire: little-endian,
// packed.

enum char_packet_id : int16 {
	HEADER_CH_ENTER = 0x65,
	HEADER_CH_SELECT_CHAR = 0x66,
	HEADER_HC_ACCEPT_ENTER = 0x6b,
	HEADER_HC_REFUSE_ENTER = 0x6c,
	HEADER_HC_REFUSE_MAKECHAR = 0x6e,
	HEADER_PING = 0x187,
	HEADER_HC_ACCEPT_ENTER2 = 0x82d,
	HEADER_HC_NOTIFY_ACCESSIBLE_MAPNAME = 0x840,
	HEADER_CH_SELECT_ACCESSIBLE_MAPNAME = 0x841,
	HEADER_HC_SECOND_PASSWD_LOGIN = 0x8b9,
	HEADER_HC_CHARLIST_NOTIFY = 0x9a0,
	HEADER_CH_MAKE_CHAR = PACKETVER >= 20151001 ? 0xa39 : 0x970,
	HEADER_HC_ACCEPT_MAKECHAR = PACKETVER >= 20201007 ? 0xb6f : 0x6d,
	HEADER_HC_NOTIFY_ZONESVR = PACKETVER >= 20170315 ? 0xac5 : 0x71,
};

#pragma pack(push, 1)

struct PACKET_CH_ENTER {
	int16 packetType;
	uint32 AID;
	uint32 login_id1;
	uint32 login_id2;
	uint16 unknown;
	uint8 sex;
};

struct PACKET_CH_SELECT_CHAR {
	int16 packetType;
	uint8 slot;
};

struct PACKET_CH_SELECT_ACCESSIBLE_MAPNAME {
	int16 packetType;
	uint8 slot;
	uint8 index;
};

struct PACKET_PING {
	int16 packetType;
	uint32 AID;
};

struct PACKET_CH_MAKE_CHAR {
	int16 packetType;
	char name[NAME_LENGTH];
	uint8 slot;
	uint16 hair_color;
	uint16 hair_style;
#if PACKETVER >= 20151001
	uint32 job;
	uint8 sex;
#endif
};

#if PACKETVER >= 20170830
typedef int64 packet_exp;
#else
typedef int32 packet_exp;
#endif

struct CHARACTER_INFO {
	uint32 GID;
	packet_exp exp;
	int32 money;
	packet_exp jobexp;
	int32 joblevel;
	int32 states[3];
	int32 virtue;
	int32 honor;
	int16 jobpoint;
#if PACKETVER >= 20201007
	int64 hp, maxhp, sp, maxsp;
#else
	int32 hp, maxhp;
	int16 sp, maxsp;
#endif
	int16 speed;
	int16 job;
	int16 head;
#if PACKETVER >= 20141022
	int16 body;
#endif
	int16 weapon;
	int16 level;
	int16 sppoint;
	int16 looks[6];
	char name[NAME_LENGTH];
	uint8 stats[6];
	uint8 slot;
	uint8 head_color;
	int16 renamed;
	char map[MAP_NAME_LENGTH_EXT];
	int32 delete_date;
	int32 robe;
	int32 slot_changes;
	int32 name_changes;
#if PACKETVER >= 20141016
	uint8 sex;
#endif
};

struct PACKET_HC_ACCEPT_ENTER {
	int16 packetType;
	int16 packetLength;
	uint8 slots;
	uint8 available;
	uint8 premium;
	char unused[20];
	CHARACTER_INFO characters[];
};

struct PACKET_HC_ACCEPT_ENTER2 {
	int16 packetType;
	int16 packetLength;
	uint8 normal;
	uint8 premium;
	uint8 billing;
	uint8 producible;
	uint8 total;
	char unused[20];
};

struct PACKET_HC_CHARLIST_NOTIFY {
	int16 packetType;
	uint32 pages;
};

struct PACKET_HC_SECOND_PASSWD_LOGIN {
	int16 packetType;
	uint32 seed;
	uint32 AID;
	uint16 result; // 0: no code is wanted
};

struct PACKET_HC_ACCEPT_MAKECHAR {
	int16 packetType;
	CHARACTER_INFO character;
};

// of a refusal to let in, and of one to create
struct PACKET_HC_REFUSE {
	int16 packetType;
	uint8 error;
};

struct PACKET_HC_NOTIFY_ACCESSIBLE_MAPNAME {
	int16 packetType;
	int16 packetLength;
	struct {
		int32 status; // 0: can be reached
		char map[MAP_NAME_LENGTH_EXT];
	} maps[MAX_MAP_SERVERS];
};

struct PACKET_HC_NOTIFY_ZONESVR {
	int16 packetType;
	uint32 CID;
	char mapname[MAP_NAME_LENGTH_EXT];
	uint32 ip;   // network byte order
	uint16 port; // little-endian
#if PACKETVER >= 20170315
	char domain[128];
#endif
};

#pragma pack(pop)

#endif /* CHAR_PACKETS_HPP */
