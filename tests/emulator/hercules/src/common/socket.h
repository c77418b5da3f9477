// SPDX-License-Identifier: MIT
#ifndef COMMON_SOCKET_H
#define COMMON_SOCKET_H

#include "common/session.h"

#define WFIFOSET(fd, len)  wfifoset((fd), (len), true)
#define WFIFOSET2(fd, len) wfifoset((fd), (len), false) /* its length is not looked up */

/* The sessions, behind a pointer, as plugins reach them. */
struct socket_interface {
	int fd_max;
	time_t last_tick;
	struct socket_data **session;

	bool (*session_is_active)(int fd);
	void (*close)(int fd);
};
extern struct socket_interface *sockt;

#define session_of(fd)    (sockt->session[fd])
#define session_fd_max    (sockt->fd_max)
#define session_last_tick (sockt->last_tick)

/* Handlers of sessions to come, beside session_parse. */
extern ConnectedFunc session_connected;

/* Networks: of other servers, of those that no ban is for, and of players who are sent the address
 * of a server inside their own. */
extern struct net_ranges networks_allowed, networks_trusted, networks_lan;
bool network_is_trusted(uint32 ip);
bool network_is_allowed(uint32 ip);
uint32 network_lan(uint32 ip); /* 0: in none */

void socket_init(void);
void socket_final(void);
int do_sockets(int next);
/* The descriptor, or -1. */
int make_listen_bind(uint32 ip, uint16 port);
int make_connection(uint32 ip, uint16 port);
void delete_session(int fd);
int wfifoset(int fd, size_t len, bool validate); /* so many bytes are written */

#endif
