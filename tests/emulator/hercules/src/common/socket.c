// SPDX-License-Identifier: MIT
#include "common/socket.h"

#include "common/conf.h"
#include "common/guard.h"
#include "common/showmsg.h"

#ifndef MAXCONN
#ifdef SOCKET_EPOLL
#define MAXCONN 3072
#else
#define MAXCONN FD_SETSIZE
#endif
#endif

static struct socket_interface the_sockets = {0, 0, NULL, session_isActive, do_close};
struct socket_interface *sockt = &the_sockets;

ConnectedFunc session_connected = session_nothing;
struct net_ranges networks_allowed, networks_trusted, networks_lan;

static int create_session(int fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse,
                          ConnectedFunc connected);

static int recv_to_fifo(int fd)
{
	if (!sockt->session_is_active(fd))
		return -1;
	session_received(fd, sRecv(fd, sockt->session[fd]->rdata + sockt->session[fd]->rdata_size,
	                           RFIFOSPACE(fd), 0));
	return 0;
}

static int connect_check(uint32 ip)
{
	return guard_check(ip);
}

/* The receive handler of a socket that listens. */
static int connect_client(int listen_fd)
{
	struct sockaddr_in client_address = {0};
	socklen_t size = sizeof(client_address);
	int fd = sAccept(listen_fd, (struct sockaddr *)&client_address, &size);

	if (fd <= 0)
		return net_useless("connect_client", fd);
	if (fd >= MAXCONN)
		return net_useless("connect_client", fd);

	setsocketopts(fd, 0);
	set_nonblocking(fd, 1);
	if (ip_rules && !connect_check(ntohl(client_address.sin_addr.s_addr))) {
		do_close(fd);
		return -1;
	}
	if (!net_watch(fd)) {
		sClose(fd);
		return -1;
	}
	create_session(fd, recv_to_fifo, session_send, session_parse, session_connected);
	sockt->session[fd]->client_addr = ntohl(client_address.sin_addr.s_addr);
	sockt->session[fd]->flag.validate = session_validates ? 1 : 0;
	sockt->session[fd]->func_client_connected(fd);
	return fd;
}

int make_listen_bind(uint32 ip, uint16 port)
{
	int fd = net_listen(ip, port);

	if (fd <= 0 || fd >= MAXCONN)
		return net_useless("make_listen_bind", fd);
	if (!net_watch(fd))
		exit(EXIT_FAILURE);
	create_session(fd, connect_client, session_nothing, session_nothing, session_nothing);
	sockt->session[fd]->client_addr = 0;
	sockt->session[fd]->rdata_tick = 0;
	return fd;
}

int make_connection(uint32 ip, uint16 port)
{
	int fd = net_connect(ip, port, 0);

	if (fd == -1)
		return -1;
	if (fd == 0 || fd >= MAXCONN || !net_watch(fd))
		return net_useless("make_connection", fd);
	create_session(fd, recv_to_fifo, session_send, session_parse, session_nothing);
	sockt->session[fd]->client_addr = ip;
	return fd;
}

static int create_session(int fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse,
                          ConnectedFunc connected)
{
	sockt->session[fd] = session_new(func_recv, func_send, func_parse);
	sockt->session[fd]->func_client_connected = connected;
	sockt->session[fd]->func_delete = session_nothing;
	if (sockt->fd_max <= fd)
		sockt->fd_max = fd + 1;
	return 0;
}

void delete_session(int fd)
{
	if (!session_isValid(fd))
		return;
	sockt->session[fd]->func_delete(fd);
	session_free(sockt->session[fd]);
	sockt->session[fd] = NULL;
}

int wfifoset(int fd, size_t len, bool validate)
{
	session_written(fd, len, validate);
	return 0;
}

int do_sockets(int next)
{
	session_loop(next);
	return 0;
}

static const struct setting socket_settings[] = {
    SET_INT(NULL, "socket_configuration/stall_time", session_stall_s),
    SET_INT(NULL, "socket_configuration/epoll_maxevents", net_events),
    SET_END,
};

void socket_init(void)
{
	const struct setting *const settings[] = {socket_settings, guard_settings, NULL};

	conf_read("conf/common/socket.conf", settings);
	session_bound = MAXCONN;
	net_init(MAXCONN);
	sockt->session = memory_new(MAXCONN, sizeof *sockt->session);
	sockt->last_tick = time(NULL);
	guard_init();
}

void socket_final(void)
{
	session_close_all();
	aFree(sockt->session);
	net_final();
	guard_final();
	aFree(networks_allowed.range);
	aFree(networks_trusted.range);
	aFree(networks_lan.range);
}

bool network_is_trusted(uint32 ip)
{
	return net_ranges_find(&networks_trusted, ip) != NULL;
}

bool network_is_allowed(uint32 ip)
{
	return network_is_trusted(ip) || net_ranges_find(&networks_allowed, ip) != NULL;
}

uint32 network_lan(uint32 ip)
{
	const struct net_range *lan = net_ranges_find(&networks_lan, ip);

	return lan != NULL ? lan->ip : 0;
}
