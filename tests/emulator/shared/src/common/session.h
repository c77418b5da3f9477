// SPDX-License-Identifier: MIT
#ifndef COMMON_SESSION_H
#define COMMON_SESSION_H

#include "common/memmgr.h"
#include "common/net.h"

#include <string.h>
#include <time.h>

/* Connections with their buffers. Where the array of them is, how one is made and what the loop is
 * called are the dialect's: see its socket.c. It has
 *   session_of(fd)     the element of that array
 *   session_fd_max     one above the highest descriptor in use
 *   session_last_tick  the second in which the turn of the loop began */

typedef int32 (*RecvFunc)(int32 fd);
typedef int32 (*SendFunc)(int32 fd);
typedef int32 (*ParseFunc)(int32 fd);
typedef int32 (*ConnectedFunc)(int32 fd);
typedef int32 (*DeleteFunc)(int32 fd);

struct socket_data {
	struct {
		unsigned char eof : 1;      /* the parse handler is to close it */
		unsigned char server : 1;   /* a link to another server */
		unsigned char ping : 2;     /* 1: silent for too long, is to be asked; 2: was asked */
		unsigned char validate : 1; /* a game client's: the sizes of its packets are looked up */
	} flag;

	uint32 client_addr;

	uint8 *rdata, *wdata;
	size_t max_rdata, max_wdata;
	size_t rdata_size, wdata_size;
	size_t rdata_pos;  /* up to where it was parsed */
	time_t rdata_tick; /* when the last byte came; 0: there is no time-out */

	RecvFunc func_recv;
	SendFunc func_send;
	ParseFunc func_parse; /* called on every turn, data or not */
#ifdef DIALECT_HERCULES
	ConnectedFunc func_client_connected; /* called after accept */
	DeleteFunc func_delete;              /* called before the session goes */
#endif

	void *session_data; /* the server's own; freed with it */
};

/* The receive buffer never grows but for a link, the send buffer does. */
#define RFIFO_SIZE          2048
#define WFIFO_SIZE          16384
#define FIFOSIZE_SERVERLINK (256 * 1024)

/* What was received and not parsed yet, and what is written and not sent. Packets are
 * little-endian, and so is the machine. */
#define RFIFOP(fd, pos) (session_of(fd)->rdata + session_of(fd)->rdata_pos + (pos))
#define RFIFOB(fd, pos) (*(uint8 *)RFIFOP(fd, pos))
#define RFIFOW(fd, pos) (*(uint16 *)RFIFOP(fd, pos))
#define RFIFOL(fd, pos) (*(uint32 *)RFIFOP(fd, pos))
#define RFIFOSPACE(fd)  (session_of(fd)->max_rdata - session_of(fd)->rdata_size)
#define RFIFOREST(fd)   session_rest(fd)
#define RFIFOFLUSH(fd)  session_flush_parsed(fd)
#define WFIFOP(fd, pos) (session_of(fd)->wdata + session_of(fd)->wdata_size + (pos))
#define WFIFOB(fd, pos) (*(uint8 *)WFIFOP(fd, pos))
#define WFIFOW(fd, pos) (*(uint16 *)WFIFOP(fd, pos))
#define WFIFOL(fd, pos) (*(uint32 *)WFIFOP(fd, pos))

extern int32 session_bound;     /* descriptors below it may have a session */
extern int32 session_stall_s;   /* so long a client may be silent */
extern bool session_validates;  /* validate of sessions to come */
extern ParseFunc session_parse; /* the parse handler of sessions to come */

bool session_isValid(int32 fd);
bool session_isActive(int32 fd);
void set_eof(int32 fd);
void do_close(int32 fd); /* what can be sent at once still is */

size_t session_rest(int32 fd); /* 0 for one that is to be closed */
void session_flush_parsed(int32 fd);
void RFIFOSKIP(int32 fd, size_t length); /* so many bytes are parsed */
void WFIFOHEAD(int32 fd, size_t length); /* so many bytes will be written */

/* What the dialect's functions are made of. */
struct socket_data *session_new(RecvFunc recv, SendFunc send, ParseFunc parse);
void session_free(struct socket_data *s);
void session_received(int32 fd, ssize_t length); /* what recv gave */
int32 session_send(int32 fd);                    /* a send handler */
int32 session_nothing(int32 fd);                 /* a handler that does nothing */
void session_written(int32 fd, size_t length, bool validate);
void session_loop(int32 next_ms);
void session_grow(int32 fd, size_t size); /* both buffers, for a link */
void session_send_all(void);
void session_close_all(void);

#endif
