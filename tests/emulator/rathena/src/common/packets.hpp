#ifndef PACKETS_HPP
#define PACKETS_HPP

#include <functional>
#include <unordered_map>

#include "mmo.hpp"
#include "showmsg.hpp"
#include "socket.hpp"

// Packets between the game client and the servers, as they are on the wire: little-endian, packed.

enum packet_id : int16 {
	HEADER_CA_LOGIN = 0x64,
	HEADER_SC_NOTIFY_BAN = 0x81,
	HEADER_CA_REQ_HASH = 0x1db,
	HEADER_AC_ACK_HASH = 0x1dc,
	HEADER_CA_CONNECT_INFO_CHANGED = 0x200,
	HEADER_CA_EXE_HASHCHECK = 0x204,
	HEADER_CA_SSO_LOGIN_REQ = 0x825,
	HEADER_AC_ACCEPT_LOGIN = PACKETVER >= 20170315 ? 0xac4 : 0x69,
	HEADER_AC_REFUSE_LOGIN = PACKETVER >= 20120000 ? 0x83e : 0x6a,
};

#pragma pack(push, 1)

struct PACKET_CA_LOGIN {
	int16 packetType;
	uint32 version;
	char username[NAME_LENGTH];
	char password[NAME_LENGTH];
	uint8 clienttype;
};

struct PACKET_CA_SSO_LOGIN_REQ {
	int16 packetType;
	int16 packetLength;
	uint32 version;
	uint8 clienttype;
	char username[NAME_LENGTH];
	char password[27];
	char mac[17];
	char ip[15];
	char token[];
};

struct PACKET_CA_REQ_HASH {
	int16 packetType;
};

struct PACKET_AC_ACK_HASH {
	int16 packetType;
	int16 packetLength;
	char salt[];
};

struct PACKET_CA_CONNECT_INFO_CHANGED {
	int16 packetType;
	char name[NAME_LENGTH];
};

struct PACKET_CA_EXE_HASHCHECK {
	int16 packetType;
	uint8 hash[16];
};

struct PACKET_AC_ACCEPT_LOGIN_sub {
	uint32 ip;   // network byte order
	uint16 port; // little-endian
	char name[20];
	uint16 users;
	uint16 type;
	uint16 new_;
#if PACKETVER >= 20170315
	uint8 unknown[128];
#endif
};

struct PACKET_AC_ACCEPT_LOGIN {
	int16 packetType;
	int16 packetLength;
	uint32 login_id1;
	uint32 AID;
	uint32 login_id2;
	uint32 last_ip;
	char last_login[26];
	uint8 sex;
#if PACKETVER >= 20170315
	char token[WEB_AUTH_TOKEN_LENGTH];
#endif
	PACKET_AC_ACCEPT_LOGIN_sub char_servers[];
};

struct PACKET_AC_REFUSE_LOGIN {
	int16 packetType;
#if PACKETVER >= 20120000
	uint32 error;
#else
	uint8 error;
#endif
	char unblock_time[20];
};

struct PACKET_SC_NOTIFY_BAN {
	int16 packetType;
	uint8 result;
};

#pragma pack(pop)

// What a server does with each packet of its clients. T is its session data.
template <typename T> class PacketDatabase
{
  private:
	typedef std::function<bool(int32 fd, T &sd)> handler;

	struct s_packet_info {
		bool fixed;  // otherwise a word with the length follows the type
		size_t size; // the least, if not fixed
		handler func;
	};
	std::unordered_map<uint16, s_packet_info> infos;

	static bool refuse(int32 fd, const char *why, uint16 type, size_t there)
	{
		ShowError("Packet 0x%04x (%zu bytes): %s\n", type, there, why);
		set_eof(fd);
		return false;
	}

  public:
	void add(uint16 type, bool fixed, size_t size, handler func)
	{
		infos[type] = {fixed, size, func};
	}

	// Handles one packet of at least two bytes. A packet has to be there as a whole: a part of one,
	// like an unknown one, closes the connection. Returns false when parsing is to stop.
	bool handle(int32 fd, T &sd)
	{
		size_t there = RFIFOREST(fd);
		uint16 type = RFIFOW(fd, 0);
		auto it = infos.find(type);

		if (it == infos.end()) {
			ShowError("Received unknown packet 0x%04x\n", type);
			set_eof(fd);
			return false;
		}
		size_t size = it->second.size;
		if (there < size)
			return refuse(fd, "too short", type, there);
		if (!it->second.fixed) {
			size_t said = RFIFOW(fd, 2);

			if (there < said || said < size)
				return refuse(fd, "wrong length", type, there);
			size = said;
		}
		bool go_on = it->second.func(fd, sd);
		RFIFOSKIP(fd, size);
		return go_on;
	}
};

#endif /* PACKETS_HPP */
