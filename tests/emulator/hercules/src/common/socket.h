#ifndef COMMON_SOCKET_H
#define COMMON_SOCKET_H

#include "common/hercules.h"
#include "common/db.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

/* size of both buffers of a link between servers */
#define FIFOSIZE_SERVERLINK (256 * 1024)

/* The receive buffer (RFIFO) and the send buffer (WFIFO) of a session: a pointer into it, and a
 * byte, a word, a long there. Packets are little-endian, and so is the machine. */
#define RFIFOP(fd, pos)                                                                            \
	((const void *)(sockt->session[fd]->rdata + sockt->session[fd]->rdata_pos + (pos)))
#define RFIFOB(fd, pos) (*(const uint8 *)RFIFOP((fd), (pos)))
#define RFIFOW(fd, pos) (*(const uint16 *)RFIFOP((fd), (pos)))
#define RFIFOL(fd, pos) (*(const uint32 *)RFIFOP((fd), (pos)))
#define RFIFOSPACE(fd)  (sockt->session[fd]->max_rdata - sockt->session[fd]->rdata_size)
#define RFIFOREST(fd)                                                                              \
	(sockt->session[fd]->flag.eof                                                                  \
	     ? 0                                                                                       \
	     : sockt->session[fd]->rdata_size - sockt->session[fd]->rdata_pos)
#define RFIFOSKIP(fd, len) (sockt->rfifoskip((fd), (len)))
/* Moves what has not been parsed to the front of the buffer. */
#define RFIFOFLUSH(fd)                                                                             \
	do {                                                                                           \
		struct socket_data *flushed_ = sockt->session[fd];                                         \
		flushed_->rdata_size -= flushed_->rdata_pos;                                               \
		memmove(flushed_->rdata, flushed_->rdata + flushed_->rdata_pos, flushed_->rdata_size);     \
		flushed_->rdata_pos = 0;                                                                   \
	} while (0)

#define WFIFOP(fd, pos)                                                                            \
	((void *)(sockt->session[fd]->wdata + sockt->session[fd]->wdata_size + (pos)))
#define WFIFOB(fd, pos)     (*(uint8 *)WFIFOP((fd), (pos)))
#define WFIFOW(fd, pos)     (*(uint16 *)WFIFOP((fd), (pos)))
#define WFIFOL(fd, pos)     (*(uint32 *)WFIFOP((fd), (pos)))
#define WFIFOHEAD(fd, size) (sockt->wfifohead((fd), (size)))
#define WFIFOSET(fd, len)   (sockt->wfifoset((fd), (len), true))
#define WFIFOSET2(fd, len)  (sockt->wfifoset((fd), (len), false))

/* The packet at the front of each. */
#define RP2PTR(fd) RFIFOP((fd), 0)
#define WP2PTR(fd) WFIFOP((fd), 0)

typedef int (*RecvFunc)(int fd);
typedef int (*SendFunc)(int fd);
typedef int (*ParseFunc)(int fd);
typedef int (*ConnectedFunc)(int fd);
typedef int (*DeleteFunc)(int fd);

struct socket_data {
	struct {
		unsigned char eof : 1;      /* to be closed by the parse handler */
		unsigned char server : 1;   /* a link to another server */
		unsigned char ping : 2;     /* 1: stalled, ask; 2: asked */
		unsigned char validate : 1; /* a game client, whose packets have known sizes */
	} flag;

	uint32 client_addr; /* host byte order */

	uint8 *rdata, *wdata;
	size_t max_rdata, max_wdata;
	size_t rdata_size, wdata_size;
	size_t rdata_pos;  /* how far the parse handler got */
	time_t rdata_tick; /* second of the last byte received; 0: never times out */
	time_t wdata_tick;

	RecvFunc func_recv;
	SendFunc func_send;
	ParseFunc func_parse;                /* called on every turn of the loop, data or not */
	ConnectedFunc func_client_connected; /* called once, after accept */
	DeleteFunc func_delete;              /* called once, before the session goes */

	void *session_data; /* the server's own, freed with the session */
};

struct hSockOpt {
	unsigned int silent : 1;
	unsigned int setTimeo : 1;
};

struct s_subnet {
	uint32 ip;
	uint32 mask;
};
VECTOR_STRUCT_DECL(s_subnet_vector, struct s_subnet);

/* Addresses are in host byte order. */
#define CONVIP(ip) ((ip) >> 24) & 0xFF, ((ip) >> 16) & 0xFF, ((ip) >> 8) & 0xFF, (ip)&0xFF
#define MAKEIP(a, b, c, d)                                                                         \
	((((uint32)(a)&0xFF) << 24) | (((uint32)(b)&0xFF) << 16) | (((uint32)(c)&0xFF) << 8) |         \
	 ((uint32)(d)&0xFF))
#define SUBNET_MATCH(ip1, ip2, mask) (((ip1) & (mask)) == ((ip2) & (mask)))

struct socket_interface {
	int fd_max;        /* one above the highest fd in use */
	time_t stall_time; /* seconds of silence after which a client is dropped */
	time_t last_tick;
	const char *SOCKET_CONF_FILENAME;
	bool validate; /* of new sessions */

	struct socket_data **session;

	struct s_subnet_vector lan_subnets;
	struct s_subnet_vector trusted_ips; /* servers may connect, and no ban applies */
	struct s_subnet_vector allowed_ips; /* servers may connect */

	void (*init)(void);
	void (*final)(void);
	int (*perform)(int next);

	/* Both return the fd, or -1. */
	int (*make_listen_bind)(uint32 ip, uint16 port);
	int (*make_connection)(uint32 ip, uint16 port, struct hSockOpt *opt);

	int (*realloc_fifo)(int fd, unsigned int rfifo_size, unsigned int wfifo_size);
	int (*realloc_writefifo)(int fd, size_t addition);
	int (*wfifoset)(int fd, size_t len, bool validate); /* len bytes are written */
	void (*wfifohead)(int fd, size_t len);              /* len bytes will be */
	int (*rfifoskip)(int fd, size_t len);               /* len bytes are parsed */
	void (*close)(int fd);
	void (*eof)(int fd);

	bool (*session_is_valid)(int fd);
	bool (*session_is_active)(int fd);
	int (*create_session)(int fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse,
	                      ConnectedFunc func_client_connected, DeleteFunc func_delete);
	void (*delete_session)(int fd);

	void (*flush)(int fd);
	void (*flush_fifos)(void);
	int (*connect_client)(int listen_fd);
	void (*set_nonblocking)(int fd, unsigned long yes);
	void (*set_defaultparse)(ParseFunc parse);
	void (*set_default_client_connected)(ConnectedFunc connected);
	void (*set_default_delete)(DeleteFunc deleted);

	uint32 (*host2ip)(const char *hostname);        /* 0: unknown */
	const char *(*ip2str)(uint32 ip, char *ip_str); /* into a static buffer if ip_str is NULL */
	uint32 (*str2ip)(const char *ip_str);
	uint16 (*ntows)(uint16 netshort);

	/* The server's address inside the network that ip is in, or 0; info may be NULL. */
	uint32 (*lan_subnet_check)(uint32 ip, struct s_subnet *info);
	bool (*allowed_ip_check)(uint32 ip);
	bool (*trusted_ip_check)(uint32 ip);
	void (*net_config_read)(const char *filename);
};

void socket_defaults(void);

HPShared struct socket_interface *sockt;

#endif /* COMMON_SOCKET_H */
