// SPDX-License-Identifier: MIT
#include "common/net.h"

#include "common/memmgr.h"
#include "common/showmsg.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#ifdef SOCKET_EPOLL
#include <sys/epoll.h>
#endif

int32 net_events;

const char *error_msg(void)
{
	static char text[160];

	snprintf(text, sizeof(text), "error %d: %s", errno, strerror(errno));
	return text;
}

bool net_would_block(void)
{
	return errno == EAGAIN || errno == EINTR;
}

void set_nonblocking(int32 fd, unsigned long yes)
{
	int on = yes != 0;

	if (ioctl(fd, FIONBIO, &on) != 0)
		ShowError("set_nonblocking: socket #%d: %s\n", fd, error_msg());
}

void setsocketopts(int32 fd, int32 timeout_s)
{
	const int yes = 1;
	const struct linger linger = {0, 0};
	const struct timeval limit = {timeout_s, 0};

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	if (timeout_s == 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

int32 net_useless(const char *who, int32 fd)
{
	if (fd < 0) {
		ShowError("%s: no socket: %s\n", who, error_msg());
		return -1;
	}
	ShowError("%s: there is no room for socket #%d\n", who, fd);
	sClose(fd);
	return -1;
}

static struct sockaddr_in net_address(uint32 ip, uint16 port)
{
	struct sockaddr_in address;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(ip);
	address.sin_port = htons(port);
	return address;
}

int32 net_listen(uint32 ip, uint16 port)
{
	const struct sockaddr_in address = net_address(ip, port);
	int32 fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return net_useless("net_listen", fd);
	setsocketopts(fd, 0);
	set_nonblocking(fd, 1);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || sListen(fd, 5) != 0) {
		ShowError("net_listen: cannot listen on port %u: %s\n", port, error_msg());
		exit(EXIT_FAILURE);
	}
	return fd;
}

int32 net_connect(uint32 ip, uint16 port, int32 timeout_s)
{
	const struct sockaddr_in address = net_address(ip, port);
	int32 fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return net_useless("net_connect", fd);
	setsocketopts(fd, timeout_s);
	ShowStatus("Connecting to %u.%u.%u.%u:%u\n", CONVIP(ip), port);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		ShowError("net_connect: cannot connect socket #%d: %s\n", fd, error_msg());
		sClose(fd);
		return -1;
	}
	set_nonblocking(fd, 1);
	return fd;
}

/* As many open files as there is room for sessions, whatever the shell's limit was. */
static void net_limit_files(int32 room)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max < (rlim_t)room ? files.rlim_max : (rlim_t)room;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0)
		ShowWarning("net_init: open files: %s\n", error_msg());
}

#ifdef SOCKET_EPOLL

static int dispatcher = -1;
static struct epoll_event *arrived;

void net_init(int32 room)
{
	net_limit_files(room);
	if (net_events < 16)
		net_events = room / 2;
	dispatcher = epoll_create1(EPOLL_CLOEXEC);
	if (dispatcher < 0) {
		ShowFatalError("net_init: no epoll: %s\n", error_msg());
		exit(EXIT_FAILURE);
	}
	CREATE(arrived, struct epoll_event, (size_t)net_events);
	ShowInfo("Sockets are watched by epoll\n");
}

void net_final(void)
{
	sClose(dispatcher);
	aFree(arrived);
}

bool net_watch(int32 fd)
{
	struct epoll_event event;

	memset(&event, 0, sizeof(event));
	event.events = EPOLLIN;
	event.data.fd = fd;
	if (epoll_ctl(dispatcher, EPOLL_CTL_ADD, fd, &event) == 0)
		return true;
	ShowError("epoll: cannot add socket #%d: %s\n", fd, error_msg());
	return false;
}

void net_unwatch(int32 fd)
{
	struct epoll_event event;

	memset(&event, 0, sizeof(event));
	epoll_ctl(dispatcher, EPOLL_CTL_DEL, fd, &event);
}

static int32 net_poll(int32 next_ms, int32 fd_max)
{
	return epoll_wait(dispatcher, arrived, net_events, next_ms);
}

void net_each(int32 count, int32 fd_max, void (*ready)(int32 fd, bool broken))
{
	for (int32 i = 0; i < count; ++i) {
		const uint32 events = arrived[i].events;

		ready(arrived[i].data.fd, (events & (EPOLLERR | EPOLLHUP)) != 0 || (events & EPOLLIN) == 0);
	}
}

#else

static fd_set watched, arrived;

void net_init(int32 room)
{
	net_limit_files(room);
	FD_ZERO(&watched);
	ShowInfo("Sockets are watched by select\n");
}

void net_final(void)
{
}

bool net_watch(int32 fd)
{
	FD_SET(fd, &watched);
	return true;
}

void net_unwatch(int32 fd)
{
	FD_CLR(fd, &watched);
}

static int32 net_poll(int32 next_ms, int32 fd_max)
{
	struct timeval timeout = {next_ms / 1000, next_ms % 1000 * 1000};

	arrived = watched;
	return select(fd_max, &arrived, NULL, NULL, &timeout);
}

void net_each(int32 count, int32 fd_max, void (*ready)(int32 fd, bool broken))
{
	for (int32 fd = 1; count > 0 && fd < fd_max; ++fd)
		if (FD_ISSET(fd, &arrived)) {
			--count;
			ready(fd, false);
		}
}

#endif

int32 net_wait(int32 next_ms, int32 fd_max)
{
	int32 count = net_poll(next_ms, fd_max);

	if (count < 0 && errno != EINTR) {
		ShowFatalError("net_wait: %s\n", error_msg());
		exit(EXIT_FAILURE);
	}
	return count;
}

uint32 host2ip(const char *hostname)
{
	struct addrinfo hints, *found = NULL;
	uint32 ip;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_INET;
	if (getaddrinfo(hostname, NULL, &hints, &found) != 0 || found == NULL)
		return 0;
	ip = ntohl(((struct sockaddr_in *)(void *)found->ai_addr)->sin_addr.s_addr);
	freeaddrinfo(found);
	return ip;
}

uint32 str2ip(const char *text)
{
	struct in_addr address;

	return inet_aton(text, &address) ? ntohl(address.s_addr) : INADDR_NONE;
}

const char *ip2str(uint32 ip, char text[16])
{
	static char own[16];

	if (text == NULL)
		text = own;
	snprintf(text, 16, "%u.%u.%u.%u", CONVIP(ip));
	return text;
}

uint16 ntows(uint16 port)
{
	return (uint16)(port << 8 | port >> 8);
}

void net_ranges_add(struct net_ranges *list, uint32 ip, uint32 mask)
{
	const struct net_range range = {ip, mask};

	RECREATE(list->range, struct net_range, (size_t)list->count + 1);
	list->range[list->count++] = range;
}

const struct net_range *net_ranges_find(const struct net_ranges *list, uint32 ip)
{
	for (int32 i = 0; i < list->count; ++i)
		if (((list->range[i].ip ^ ip) & list->range[i].mask) == 0)
			return &list->range[i];
	return NULL;
}
