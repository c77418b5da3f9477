// SPDX-License-Identifier: MIT
#ifndef COMMON_NET_H
#define COMMON_NET_H

#include "common/cbasetypes.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Sockets as the system has them. The names are those that a port to another system would give its
 * own calls. Addresses are IPv4 in host byte order. */
#define SOCKET_ERROR (-1)
#define sAccept      accept
#define sClose       close
#define sListen      listen
#define sRecv        recv
#define sSend        send

#define CONVIP(ip) ((ip) >> 24) & 0xFF, ((ip) >> 16) & 0xFF, ((ip) >> 8) & 0xFF, (ip)&0xFF

/* What errno is about. */
const char *error_msg(void);
/* Whether it means that there is just nothing at the moment. */
bool net_would_block(void);

void set_nonblocking(int32 fd, unsigned long yes);
void setsocketopts(int32 fd, int32 timeout_s); /* 0: no time-out */

/* A socket that no session can be kept for: closes it, and prints that. Gives -1. */
int32 net_useless(const char *who, int32 fd);

/* A socket that listens; ends the program when the port is taken. */
int32 net_listen(uint32 ip, uint16 port);
/* One that is connected, or -1. */
int32 net_connect(uint32 ip, uint16 port, int32 timeout_s);

/* The event dispatcher: epoll or select. */
extern int32 net_events;   /* so many at a time; a setting */
void net_init(int32 room); /* room: for so many sessions */
void net_final(void);
bool net_watch(int32 fd);
void net_unwatch(int32 fd);
/* Waits for something to read. Gives the number of descriptors; -1: interrupted by a signal. */
int32 net_wait(int32 next_ms, int32 fd_max);
/* Calls ready for each of those. broken: there will be nothing more to read. */
void net_each(int32 count, int32 fd_max, void (*ready)(int32 fd, bool broken));

uint32 host2ip(const char *hostname); /* 0: unknown */
uint32 str2ip(const char *text);
const char *ip2str(uint32 ip, char text[16]); /* NULL: a buffer of its own */
uint16 ntows(uint16 port); /* as the game client reads ports: with its bytes swapped */

/* A network, and a list of them. */
struct net_range {
	uint32 ip;
	uint32 mask;
};
struct net_ranges {
	struct net_range *range;
	int32 count;
};
void net_ranges_add(struct net_ranges *list, uint32 ip, uint32 mask);
const struct net_range *net_ranges_find(const struct net_ranges *list,
                                        uint32 ip); /* NULL: in none */

#endif
