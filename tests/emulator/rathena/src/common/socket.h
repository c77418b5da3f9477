// SPDX-License-Identifier: MIT
#ifndef COMMON_SOCKET_H
#define COMMON_SOCKET_H

#include "common/session.h"

#ifndef MAXCONN
#define MAXCONN FD_SETSIZE
#endif

#define WFIFOSET2 WFIFOSET

extern struct socket_data *session[MAXCONN];
extern int32 fd_max;
extern time_t last_tick;

#define session_of(fd)    (session[fd])
#define session_fd_max    fd_max
#define session_last_tick last_tick

void socket_init(void);
void socket_final(void);
int32 do_sockets(int32 next);
// The descriptor, or -1.
int32 make_listen_bind(uint32 ip, uint16 port);
int32 make_connection(uint32 ip, uint16 port);
void delete_session(int32 fd);
int32 WFIFOSET(int32 fd, size_t len); // so many bytes are written

#endif
