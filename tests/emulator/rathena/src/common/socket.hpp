#ifndef SOCKET_HPP
#define SOCKET_HPP

#include <cstring>
#include <ctime>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <config/core.hpp>

#include "cbasetypes.hpp"
#include "malloc.hpp"
#include "timer.hpp" // t_tick

#ifndef MAXCONN
#define MAXCONN FD_SETSIZE
#endif

// size of both buffers of a link between servers
#define FIFOSIZE_SERVERLINK (256 * 1024)

// The receive buffer (RFIFO) and the send buffer (WFIFO) of a session: a pointer into it, and a
// byte, a word, a long there. Packets are little-endian, and so is the machine.
#define RFIFOP(fd, pos)  (session[fd]->rdata + session[fd]->rdata_pos + (pos))
#define RFIFOCP(fd, pos) ((char *)RFIFOP(fd, pos))
#define RFIFOB(fd, pos)  (*(uint8 *)RFIFOP(fd, pos))
#define RFIFOW(fd, pos)  (*(uint16 *)RFIFOP(fd, pos))
#define RFIFOL(fd, pos)  (*(uint32 *)RFIFOP(fd, pos))
#define RFIFOSPACE(fd)   (session[fd]->max_rdata - session[fd]->rdata_size)
#define RFIFOREST(fd)    (session[fd]->flag.eof ? 0 : session[fd]->rdata_size - session[fd]->rdata_pos)
// Moves what has not been parsed to the front of the buffer.
#define RFIFOFLUSH(fd)                                                                             \
	do {                                                                                           \
		session[fd]->rdata_size -= session[fd]->rdata_pos;                                         \
		memmove(session[fd]->rdata, session[fd]->rdata + session[fd]->rdata_pos,                   \
		        session[fd]->rdata_size);                                                          \
		session[fd]->rdata_pos = 0;                                                                \
	} while (0)

#define WFIFOP(fd, pos)     (session[fd]->wdata + session[fd]->wdata_size + (pos))
#define WFIFOCP(fd, pos)    ((char *)WFIFOP(fd, pos))
#define WFIFOB(fd, pos)     (*(uint8 *)WFIFOP(fd, pos))
#define WFIFOW(fd, pos)     (*(uint16 *)WFIFOP(fd, pos))
#define WFIFOL(fd, pos)     (*(uint32 *)WFIFOP(fd, pos))
#define WFIFOHEAD(fd, size) realloc_writefifo((fd), (size))

// The same for any buffer.
#define WBUFP(p, pos) (((uint8 *)(p)) + (pos))
#define WBUFW(p, pos) (*(uint16 *)WBUFP((p), (pos)))
#define WBUFL(p, pos) (*(uint32 *)WBUFP((p), (pos)))

typedef int32 (*RecvFunc)(int32 fd);
typedef int32 (*SendFunc)(int32 fd);
typedef int32 (*ParseFunc)(int32 fd);

struct socket_data {
	struct {
		unsigned char eof : 1;    // to be closed by the parse handler
		unsigned char server : 1; // a link to another server
		unsigned char ping : 2;   // 1: stalled, ask; 2: asked
	} flag;

	uint32 client_addr; // host byte order

	uint8 *rdata, *wdata;
	size_t max_rdata, max_wdata;
	size_t rdata_size, wdata_size;
	size_t rdata_pos;  // how far the parse handler got
	time_t rdata_tick; // second of the last byte received; 0: never times out
	time_t wdata_tick;

	RecvFunc func_recv;
	SendFunc func_send;
	ParseFunc func_parse; // called on every turn of the loop, data or not

	void *session_data; // the server's own, freed with the session
};

extern struct socket_data *session[MAXCONN];
extern int32 fd_max; // one above the highest fd in use
extern time_t last_tick;
extern time_t stall_time; // seconds of silence after which a client is dropped

bool session_isValid(int32 fd);
bool session_isActive(int32 fd);

// Both return the fd, or -1.
int32 make_listen_bind(uint32 ip, uint16 port);
int32 make_connection(uint32 ip, uint16 port, bool silent, int32 timeout_s);

int32 realloc_fifo(int32 fd, uint32 rfifo_size, uint32 wfifo_size);
int32 realloc_writefifo(int32 fd, size_t addition);
int32 RFIFOSKIP(int32 fd, size_t len); // len bytes are parsed
int32 WFIFOSET(int32 fd, size_t len);  // len bytes are written

int32 do_sockets(t_tick next);
void do_close(int32 fd);
void set_eof(int32 fd);
void flush_fifo(int32 fd);
void flush_fifos(void);
void set_nonblocking(int32 fd, unsigned long yes);
void set_defaultparse(ParseFunc parse);
int32 socket_config_read(const char *cfgName);
void socket_init(void);
void socket_final(void);

// Addresses are in host byte order.
uint32 host2ip(const char *hostname);           // 0: unknown
const char *ip2str(uint32 ip, char ip_str[16]); // into a static buffer if ip_str is null
uint32 str2ip(const char *ip_str);
uint16 ntows(uint16 netshort);
#define CONVIP(ip) ((ip) >> 24) & 0xFF, ((ip) >> 16) & 0xFF, ((ip) >> 8) & 0xFF, (ip)&0xFF
#define MAKEIP(a, b, c, d)                                                                         \
	((((uint32)(a)&0xFF) << 24) | (((uint32)(b)&0xFF) << 16) | (((uint32)(c)&0xFF) << 8) |         \
	 ((uint32)(d)&0xFF))

// room to build a packet of any length in
extern int8 packet_buffer[UINT16_MAX];

template <typename P> bool socket_send(int32 fd, P &packet)
{
	if (!session_isActive(fd))
		return false;
	WFIFOHEAD(fd, sizeof(P));
	memcpy(WFIFOP(fd, 0), &packet, sizeof(P));
	WFIFOSET(fd, sizeof(P));
	return true;
}

// For packets that carry their length.
template <typename P> bool socket_send(int32 fd, P *packet)
{
	if (!session_isActive(fd))
		return false;
	WFIFOHEAD(fd, packet->packetLength);
	memcpy(WFIFOP(fd, 0), packet, packet->packetLength);
	WFIFOSET(fd, packet->packetLength);
	return true;
}

#endif /* SOCKET_HPP */
