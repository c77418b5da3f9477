// SPDX-License-Identifier: MIT
#include "common/socket.h"

#include "common/conf.h"
#include "common/guard.h"
#include "common/showmsg.h"

struct socket_data *session[MAXCONN];
int32 fd_max;
time_t last_tick;

static int32 create_session(int32 fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse);

static int32 recv_to_fifo(int32 fd)
{
	if (!session_isActive(fd))
		return -1;
	session_received(fd,
	                 sRecv(fd, session[fd]->rdata + session[fd]->rdata_size, RFIFOSPACE(fd), 0));
	return 0;
}

#ifndef MINICORE
static int32 connect_check(uint32 ip)
{
	return guard_check(ip);
}
#endif

// The receive handler of a socket that listens.
static int32 connect_client(int32 listen_fd)
{
	struct sockaddr_in client_address = {};
	socklen_t size = sizeof(client_address);
	int32 fd = sAccept(listen_fd, (struct sockaddr *)&client_address, &size);

	if (fd <= 0)
		return net_useless("connect_client", fd);
	if (fd >= MAXCONN)
		return net_useless("connect_client", fd);

	setsocketopts(fd, 0);
	set_nonblocking(fd, 1);
#ifndef MINICORE
	if (ip_rules && !connect_check(ntohl(client_address.sin_addr.s_addr))) {
		do_close(fd);
		return -1;
	}
#endif
	if (!net_watch(fd)) {
		sClose(fd);
		return -1;
	}
	create_session(fd, recv_to_fifo, session_send, session_parse);
	session[fd]->client_addr = ntohl(client_address.sin_addr.s_addr);
	return fd;
}

int32 make_listen_bind(uint32 ip, uint16 port)
{
	int32 fd = net_listen(ip, port);

	if (fd <= 0 || fd >= MAXCONN)
		return net_useless("make_listen_bind", fd);
	if (!net_watch(fd))
		exit(EXIT_FAILURE);
	create_session(fd, connect_client, session_nothing, session_nothing);
	session[fd]->client_addr = 0;
	session[fd]->rdata_tick = 0;
	return fd;
}

int32 make_connection(uint32 ip, uint16 port)
{
	int32 fd = net_connect(ip, port, 10);

	if (fd == -1)
		return -1;
	if (fd == 0 || fd >= MAXCONN || !net_watch(fd))
		return net_useless("make_connection", fd);
	create_session(fd, recv_to_fifo, session_send, session_parse);
	session[fd]->client_addr = ip;
	return fd;
}

static int32 create_session(int32 fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse)
{
	session[fd] = session_new(func_recv, func_send, func_parse);
	if (fd_max <= fd)
		fd_max = fd + 1;
	return 0;
}

void delete_session(int32 fd)
{
	if (!session_isValid(fd))
		return;
	session_free(session[fd]);
	session[fd] = NULL;
}

int32 WFIFOSET(int32 fd, size_t len)
{
	session_written(fd, len, true);
	return 0;
}

int32 do_sockets(int32 next)
{
	session_loop(next);
	return 0;
}

void socket_init(void)
{
	session_bound = MAXCONN;
#ifndef MINICORE
	static const struct setting settings[] = {
	    SET_INT("stall_time", NULL, session_stall_s),
	    SET_INT("epoll_maxevents", NULL, net_events),
	    SET_END,
	};
	const struct setting *const tables[] = {settings, guard_settings, NULL};

	conf_read("conf/packet_athena.conf", tables);
	guard_init();
#endif
	net_init(MAXCONN);
	last_tick = time(NULL);
}

void socket_final(void)
{
	session_close_all();
	net_final();
#ifndef MINICORE
	guard_final();
#endif
}
