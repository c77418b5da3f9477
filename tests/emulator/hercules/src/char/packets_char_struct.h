#ifndef CHAR_PACKETS_CHAR_STRUCT_H
#define CHAR_PACKETS_CHAR_STRUCT_H

#include "common/hercules.h"
#include "common/mmo.h"

/* Packets between the game client and the char server, as they are on the wire: little-endian,
 * packed. */

enum char_packet_id {
	HEADER_CH_ENTER = 0x0065,
	HEADER_CH_SELECT_CHAR = 0x0066,
	HEADER_HC_ACCEPT_ENTER = 0x006b,
	HEADER_HC_REFUSE_ENTER = 0x006c,
	HEADER_HC_REFUSE_MAKECHAR = 0x006e,
	HEADER_SC_NOTIFY_BAN = 0x0081,
	HEADER_PING = 0x0187,
	HEADER_HC_ACCEPT_ENTER2 = 0x082d,
	HEADER_HC_NOTIFY_ACCESSIBLE_MAPNAME = 0x0840,
	HEADER_CH_SELECT_ACCESSIBLE_MAPNAME = 0x0841,
	HEADER_HC_SECOND_PASSWD_LOGIN = 0x08b9,
	HEADER_CH_MAKE_CHAR = PACKETVER >= 20151001 ? 0x0a39 : 0x0970,
	HEADER_HC_ACCEPT_MAKECHAR = PACKETVER >= 20201007 ? 0x0b6f : 0x006d,
	HEADER_HC_NOTIFY_ZONESVR = PACKETVER >= 20170329 ? 0x0ac5 : 0x0071,
};

#pragma pack(push, 1)

struct PACKET_CH_ENTER {
	int16 packet_id;
	uint32 aid;
	uint32 login_id1;
	uint32 login_id2;
	uint16 unused;
	uint8 sex;
};

struct PACKET_CH_SELECT_CHAR {
	int16 packet_id;
	uint8 slot;
};

struct PACKET_CH_SELECT_ACCESSIBLE_MAPNAME {
	int16 packet_id;
	uint8 slot;
	uint8 map_number;
};

struct PACKET_PING {
	int16 packet_id;
	uint32 aid;
};

struct PACKET_CH_MAKE_CHAR {
	int16 packet_id;
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

struct char_packet_entry {
	uint32 gid;
	packet_exp base_exp;
	int32 zeny;
	packet_exp job_exp;
	int32 job_level;
	int32 opt[3];
	int32 karma;
	int32 manner;
	int16 status_points;
#if PACKETVER >= 20201007
	int64 hp, max_hp, sp, max_sp;
#else
	int32 hp, max_hp;
	int16 sp, max_sp;
#endif
	int16 speed;
	int16 job;
	int16 hair;
#if PACKETVER >= 20141022
	int16 body;
#endif
	int16 weapon;
	int16 base_level;
	int16 skill_points;
	int16 views[6];
	char name[NAME_LENGTH];
	uint8 stats[6];
	uint8 slot;
	uint8 hair_color;
	int16 rename;
	char map[MAP_NAME_LENGTH_EXT];
	int32 delete_timeout;
	int32 robe;
	int32 slot_moves;
	int32 renames;
#if PACKETVER >= 20141016
	uint8 sex;
#endif
};

struct PACKET_HC_ACCEPT_ENTER {
	int16 packet_id;
	int16 packet_len;
	uint8 max_slots;
	uint8 available_slots;
	uint8 premium_slots;
	char unused[20];
	struct char_packet_entry chars[];
};

struct PACKET_HC_ACCEPT_ENTER2 {
	int16 packet_id;
	int16 packet_len;
	uint8 normal_slots;
	uint8 premium_slots;
	uint8 billing_slots;
	uint8 producible_slots;
	uint8 valid_slots;
	char unused[20];
};

struct PACKET_HC_SECOND_PASSWD_LOGIN {
	int16 packet_id;
	uint32 seed;
	uint32 aid;
	uint16 state; /* 0: no code is wanted */
};

struct PACKET_HC_ACCEPT_MAKECHAR {
	int16 packet_id;
	struct char_packet_entry character;
};

/* of a refusal to let in, of one to create, and of a word before the end */
struct PACKET_HC_ERROR {
	int16 packet_id;
	uint8 error_code;
};

struct PACKET_HC_NOTIFY_ACCESSIBLE_MAPNAME {
	int16 packet_id;
	int16 packet_len;
	int32 status; /* 0: can be reached */
	char map[MAP_NAME_LENGTH_EXT];
};

struct PACKET_HC_NOTIFY_ZONESVR {
	int16 packet_id;
	uint32 gid;
	char map[MAP_NAME_LENGTH_EXT];
	uint32 ip;   /* network byte order */
	uint16 port; /* little-endian */
#if PACKETVER >= 20170329
	char dns_host[128];
#endif
};

#pragma pack(pop)

#endif /* CHAR_PACKETS_CHAR_STRUCT_H */
