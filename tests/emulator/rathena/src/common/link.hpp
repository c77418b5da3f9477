#ifndef LINK_HPP
#define LINK_HPP

#include "showmsg.hpp"
#include "socket.hpp"

// A packet between two servers, and what is done with it. id is the server's number, where it has
// one.
struct link_packet {
	uint16 type;
	uint16 size; // 0: the word behind the type has it
	void (*func)(int32 fd, int32 id);
};

// Handles what has arrived over a link. An unknown packet ends the link.
template <size_t N> void link_parse(int32 fd, int32 id, const link_packet (&packets)[N])
{
	while (RFIFOREST(fd) >= 2) {
		const uint16 type = RFIFOW(fd, 0);
		size_t size = 0;
		void (*func)(int32, int32) = nullptr;

		for (const link_packet &packet : packets) {
			if (packet.type != type)
				continue;
			func = packet.func;
			size = packet.size;
		}
		if (func != nullptr && size == 0) {
			if (RFIFOREST(fd) < 4)
				return;
			size = RFIFOW(fd, 2);
		}
		if (size < 2) {
			ShowError("link_parse: Unknown packet 0x%x from a server! Disconnecting!\n", type);
			set_eof(fd);
			return;
		}
		if (RFIFOREST(fd) < size)
			return;
		func(fd, id);
		RFIFOSKIP(fd, size);
	}
}

// Makes the session a link.
inline void link_open(int32 fd, ParseFunc parse)
{
	session[fd]->func_parse = parse;
	session[fd]->flag.server = 1;
	realloc_fifo(fd, FIFOSIZE_SERVERLINK, FIFOSIZE_SERVERLINK);
}

// Keeps alive the end of a link that was connected to: asks once when nothing has come for
// stall_time, gives up after as long again. Returns false when the link is dead.
inline bool link_keepalive(int32 fd, uint16 ping)
{
	if (session[fd]->flag.ping == 0)
		return true;
	if (last_tick - session[fd]->rdata_tick > stall_time * 2) {
		set_eof(fd);
		return false;
	}
	if (session[fd]->flag.ping == 1) {
		WFIFOHEAD(fd, 2);
		WFIFOW(fd, 0) = ping;
		WFIFOSET(fd, 2);
		session[fd]->flag.ping = 2;
	}
	return true;
}

// The answer to the question.
inline void link_alive(int32 fd, int32)
{
	session[fd]->flag.ping = 0;
}

#endif /* LINK_HPP */
