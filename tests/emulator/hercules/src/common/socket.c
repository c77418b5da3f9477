#define HERCULES_CORE

#include "config/core.h"
#include "socket.h"

#include "common/cbasetypes.h"
#include "common/conf.h"
#include "common/db.h"
#include "common/memmgr.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef MAXCONN
#ifdef SOCKET_EPOLL
#define MAXCONN 3072
#else
#define MAXCONN FD_SETSIZE
#endif
#endif

#ifdef SOCKET_EPOLL
#include <sys/epoll.h>
#endif

static struct socket_interface the_sockt;
struct socket_interface *sockt;

/* what a port to another system would replace */
#define SOCKET_ERROR  (-1)
#define sErrno        errno
#define S_EWOULDBLOCK EAGAIN
#define S_EINTR       EINTR
#define sAccept       accept
#define sBind         bind
#define sClose        close
#define sConnect      connect
#define sListen       listen
#define sRecv         recv
#define sSelect       select
#define sSend         send
#define sSetsockopt   setsockopt
#define sShutdown     shutdown
#define sSocket       socket

#ifndef SOCKET_EPOLL
static fd_set readfds;
#else
static int events_per_turn = MAXCONN / 2;
static int dispatcher = SOCKET_ERROR;
static struct epoll_event *arrived = NULL;
#endif

/* the receive buffer never grows, the send buffer does */
#define RFIFO_SIZE (2 * 1024)
#define WFIFO_SIZE (16 * 1024)

/* sessions with something to send or to be closed, each at most once */
static int send_shortlist_array[MAXCONN];
static int send_shortlist_count = 0;
static bool send_shortlist_has[MAXCONN];

static int ip_rules = 1;
static int connect_check(uint32 ip);

static const char *error_msg(void)
{
	static char buf[512];

	snprintf(buf, sizeof(buf), "error %d: %s", sErrno, strerror(sErrno));
	return buf;
}

static int null_recv(int fd)
{
	return 0;
}

static int null_send(int fd)
{
	return 0;
}

static int null_parse(int fd)
{
	return 0;
}

static int null_client_connected(int fd)
{
	return 0;
}

static int null_delete(int fd)
{
	return 0;
}

static ParseFunc default_func_parse = null_parse;
static ConnectedFunc default_func_client_connected = null_client_connected;
static DeleteFunc default_func_delete = null_delete;

static void set_defaultparse(ParseFunc parse)
{
	default_func_parse = parse;
}

static void set_default_client_connected(ConnectedFunc connected)
{
	default_func_client_connected = connected;
}

static void set_default_delete(DeleteFunc deleted)
{
	default_func_delete = deleted;
}

static void set_nonblocking(int fd, unsigned long yes)
{
	int on = yes != 0;

	if (ioctl(fd, FIONBIO, &on) != 0)
		ShowError("set_nonblocking: socket #%d: %s\n", fd, error_msg());
}

static void setsocketopts(int fd, struct hSockOpt *opt)
{
	int yes = 1;
	struct linger no_linger = {0, 0};
	struct timeval limit = {5, 0};

	sSetsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	sSetsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
	sSetsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	sSetsockopt(fd, SOL_SOCKET, SO_LINGER, &no_linger, sizeof(no_linger));
	if (opt != NULL && opt->setTimeo) {
		sSetsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		sSetsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	}
}

/* Tells the event dispatcher to report what arrives on the socket. */
static bool watch_socket(int fd)
{
#ifndef SOCKET_EPOLL
	FD_SET(fd, &readfds);
#else
	struct epoll_event ev = {.events = EPOLLIN, .data = {.fd = fd}};

	if (epoll_ctl(dispatcher, EPOLL_CTL_ADD, fd, &ev) == SOCKET_ERROR) {
		ShowError("epoll: cannot add socket #%d: %s\n", fd, error_msg());
		return false;
	}
#endif
	return true;
}

static void unwatch_socket(int fd)
{
#ifndef SOCKET_EPOLL
	FD_CLR(fd, &readfds);
#else
	struct epoll_event ev = {0};

	epoll_ctl(dispatcher, EPOLL_CTL_DEL, fd, &ev);
#endif
}

/* A new socket is of use only if there is one, and 0 is taken. */
static bool usable_socket(const char *where, int fd)
{
	if (fd == -1) {
		ShowError("%s: no socket: %s\n", where, error_msg());
		return false;
	}
	if (fd == 0) {
		ShowError("%s: socket #0 is taken\n", where);
		sClose(fd);
		return false;
	}
	return true;
}

/* Where no session can be kept. */
static int too_high(const char *where, int fd)
{
	ShowError("%s: socket #%d is outside 1..%d\n", where, fd, MAXCONN - 1);
	sClose(fd);
	return -1;
}

static bool session_is_valid(int fd)
{
	return fd > 0 && fd < MAXCONN && sockt->session[fd] != NULL;
}

static bool session_is_active(int fd)
{
	return session_is_valid(fd) && !sockt->session[fd]->flag.eof;
}

static void send_shortlist_add_fd(int fd)
{
	if (!session_is_valid(fd) || send_shortlist_has[fd])
		return;
	send_shortlist_has[fd] = true;
	send_shortlist_array[send_shortlist_count++] = fd;
}

/* Sends what is pending, and lets the parse handlers of closed sessions close them. */
static void send_shortlist_do_sends(void)
{
	int todo[MAXCONN];
	int count = send_shortlist_count;

	memcpy(todo, send_shortlist_array, sizeof(todo[0]) * (size_t)count);
	send_shortlist_count = 0;
	for (int i = 0; i < count; ++i)
		send_shortlist_has[todo[i]] = false;
	while (count-- > 0) {
		int fd = todo[count];

		if (!session_is_valid(fd))
			continue;
		if (sockt->session[fd]->wdata_size > 0)
			sockt->session[fd]->func_send(fd);
		if (sockt->session[fd]->flag.eof)
			sockt->session[fd]->func_parse(fd);
		if (session_is_active(fd) && sockt->session[fd]->wdata_size > 0)
			send_shortlist_add_fd(fd);
	}
}

static void set_eof(int fd)
{
	if (!sockt->session_is_active(fd))
		return;
	send_shortlist_add_fd(fd);
	sockt->session[fd]->flag.eof = 1;
}

static int recv_to_fifo(int fd)
{
	struct socket_data *s;
	ssize_t len;

	if (!sockt->session_is_active(fd))
		return -1;

	s = sockt->session[fd];
	len = sRecv(fd, s->rdata + s->rdata_size, RFIFOSPACE(fd), 0);
	if (len == 0 || (len < 0 && sErrno != S_EWOULDBLOCK)) {
		sockt->eof(fd); /* the peer has closed, or the connection broke */
		return 0;
	}
	if (len < 0)
		return 0;
	s->rdata_size += (size_t)len;
	s->rdata_tick = sockt->last_tick;
	return (int)len;
}

static int send_from_fifo(int fd)
{
	struct socket_data *s;
	ssize_t len;

	if (!sockt->session_is_valid(fd))
		return -1;
	s = sockt->session[fd];
	if (s->wdata_size == 0)
		return 0;

	len = sSend(fd, s->wdata, s->wdata_size, MSG_NOSIGNAL);
	if (len < 0) {
		if (sErrno != S_EWOULDBLOCK) {
			s->wdata_size = 0;
			sockt->eof(fd);
		}
		return 0;
	}
	s->wdata_tick = sockt->last_tick;
	s->wdata_size -= (size_t)len;
	memmove(s->wdata, s->wdata + len, s->wdata_size);
	return 0;
}

static void flush_fifo(int fd)
{
	if (sockt->session[fd] != NULL)
		sockt->session[fd]->func_send(fd);
}

static void flush_fifos(void)
{
	for (int fd = 1; fd < sockt->fd_max; ++fd)
		sockt->flush(fd);
}

/* The receive handler of a listening socket. Returns the new fd, or -1. */
static int connect_client(int listen_fd)
{
	struct sockaddr_in client_address;
	socklen_t len = sizeof(client_address);
	int fd = sAccept(listen_fd, (struct sockaddr *)&client_address, &len);

	if (!usable_socket("connect_client", fd))
		return -1;
	if (fd >= MAXCONN)
		return too_high("connect_client", fd);

	setsocketopts(fd, NULL);
	sockt->set_nonblocking(fd, 1);

	if (ip_rules && !connect_check(ntohl(client_address.sin_addr.s_addr))) {
		sockt->close(fd);
		return -1;
	}

	if (!watch_socket(fd)) {
		sClose(fd);
		return -1;
	}
	if (sockt->fd_max <= fd)
		sockt->fd_max = fd + 1;

	sockt->create_session(fd, recv_to_fifo, send_from_fifo, default_func_parse,
	                      default_func_client_connected, default_func_delete);
	sockt->session[fd]->client_addr = ntohl(client_address.sin_addr.s_addr);
	sockt->session[fd]->flag.validate = sockt->validate;
	sockt->session[fd]->func_client_connected(fd);
	return fd;
}

static int make_listen_bind(uint32 ip, uint16 port)
{
	struct sockaddr_in server_address = {0};
	int fd = sSocket(AF_INET, SOCK_STREAM, 0);

	if (!usable_socket("make_listen_bind", fd))
		return -1;
	if (fd >= MAXCONN)
		return too_high("make_listen_bind", fd);

	setsocketopts(fd, NULL);
	sockt->set_nonblocking(fd, 1);

	server_address.sin_family = AF_INET;
	server_address.sin_addr.s_addr = htonl(ip);
	server_address.sin_port = htons(port);
	if (sBind(fd, (struct sockaddr *)&server_address, sizeof(server_address)) == SOCKET_ERROR) {
		ShowError("make_listen_bind: cannot bind socket #%d to port %u: %s\n", fd, port,
		          error_msg());
		exit(EXIT_FAILURE);
	}
	if (sListen(fd, 5) == SOCKET_ERROR) {
		ShowError("make_listen_bind: cannot listen on socket #%d: %s\n", fd, error_msg());
		exit(EXIT_FAILURE);
	}
	if (!watch_socket(fd))
		exit(EXIT_FAILURE);
	if (sockt->fd_max <= fd)
		sockt->fd_max = fd + 1;

	sockt->create_session(fd, sockt->connect_client, null_send, null_parse, null_client_connected,
	                      null_delete);
	sockt->session[fd]->client_addr = 0; /* nobody at the other end */
	sockt->session[fd]->rdata_tick = 0;  /* silence is its nature */
	sockt->session[fd]->wdata_tick = 0;
	return fd;
}

static int make_connection(uint32 ip, uint16 port, struct hSockOpt *opt)
{
	struct sockaddr_in remote_address = {0};
	bool silent = opt != NULL && opt->silent;
	int fd = sSocket(AF_INET, SOCK_STREAM, 0);

	if (!usable_socket("make_connection", fd))
		return -1;
	if (fd >= MAXCONN)
		return too_high("make_connection", fd);

	setsocketopts(fd, opt);

	remote_address.sin_family = AF_INET;
	remote_address.sin_addr.s_addr = htonl(ip);
	remote_address.sin_port = htons(port);
	if (!silent)
		ShowStatus("Connecting to %u.%u.%u.%u:%u\n", CONVIP(ip), port);
	if (sConnect(fd, (struct sockaddr *)&remote_address, sizeof(remote_address)) == SOCKET_ERROR) {
		if (!silent)
			ShowError("make_connection: cannot connect socket #%d: %s\n", fd, error_msg());
		sockt->close(fd);
		return -1;
	}
	sockt->set_nonblocking(fd, 1);
	if (!watch_socket(fd)) {
		sClose(fd);
		return -1;
	}
	if (sockt->fd_max <= fd)
		sockt->fd_max = fd + 1;

	sockt->create_session(fd, recv_to_fifo, send_from_fifo, default_func_parse, null_parse,
	                      null_delete);
	sockt->session[fd]->client_addr = ntohl(remote_address.sin_addr.s_addr);
	return fd;
}

static int create_session(int fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse,
                          ConnectedFunc func_client_connected, DeleteFunc func_delete)
{
	struct socket_data *s;

	CREATE(s, struct socket_data, 1);
	CREATE(s->rdata, unsigned char, RFIFO_SIZE);
	CREATE(s->wdata, unsigned char, WFIFO_SIZE);
	s->max_rdata = RFIFO_SIZE;
	s->max_wdata = WFIFO_SIZE;
	s->rdata_tick = s->wdata_tick = sockt->last_tick;
	s->func_recv = func_recv;
	s->func_send = func_send;
	s->func_parse = func_parse;
	s->func_client_connected = func_client_connected;
	s->func_delete = func_delete;
	sockt->session[fd] = s;
	return 0;
}

static void delete_session(int fd)
{
	if (!sockt->session_is_valid(fd))
		return;
	sockt->session[fd]->func_delete(fd);
	aFree(sockt->session[fd]->rdata);
	aFree(sockt->session[fd]->wdata);
	aFree(sockt->session[fd]->session_data);
	aFree(sockt->session[fd]);
	sockt->session[fd] = NULL;
}

static int realloc_fifo(int fd, unsigned int rfifo_size, unsigned int wfifo_size)
{
	if (!sockt->session_is_valid(fd))
		return 0;
	struct socket_data *s = sockt->session[fd];
	if (s->rdata_size < rfifo_size) {
		RECREATE(s->rdata, unsigned char, rfifo_size);
		s->max_rdata = rfifo_size;
	}
	if (s->wdata_size < wfifo_size) {
		RECREATE(s->wdata, unsigned char, wfifo_size);
		s->max_wdata = wfifo_size;
	}
	return 0;
}

static int realloc_writefifo(int fd, size_t addition)
{
	if (!sockt->session_is_valid(fd))
		return 0;
	struct socket_data *s = sockt->session[fd];
	size_t wanted = s->wdata_size + addition;
	if (wanted <= s->max_wdata)
		return 0;

	s->max_wdata = (wanted + WFIFO_SIZE - 1) / WFIFO_SIZE * WFIFO_SIZE;
	RECREATE(s->wdata, unsigned char, s->max_wdata);
	return 0;
}

/* A game client's packet of that many bytes, the first two its id, another two perhaps its length:
 * is it one there is? The emulator goes on all the same. */
static void check_packet(const char *verb, const uint8 *bytes, size_t len)
{
	uint16 words[2] = {0, 0};

	memcpy(words, bytes, len < 4 ? len : 4);
	if (len < 2 || words[0] < MIN_PACKET_DB || words[0] > MAX_PACKET_DB) {
		ShowError("%s wrong packet id: 0x%04X\n", verb, (unsigned int)words[0]);
		return;
	}
	int size = packets->db[words[0]];
	if (size == -1)
		size = words[1];
	if ((size_t)size != len)
		ShowError("%s packet 0x%04X with size %zu, but must be size %d\n", verb,
		          (unsigned int)words[0], len, size);
}

static int rfifoskip(int fd, size_t len)
{
	if (!sockt->session_is_active(fd))
		return 0;
	if (RFIFOREST(fd) < len) {
		ShowError("RFIFOSKIP: session #%d: %zu bytes to skip, %zu there\n", fd, len, RFIFOREST(fd));
		len = RFIFOREST(fd);
	} else if (sockt->session[fd]->flag.validate && len >= 2 && len == RFIFOREST(fd)) {
		check_packet("Skip", RFIFOP(fd, 0), len);
	}
	sockt->session[fd]->rdata_pos += len;
	return 0;
}

static int wfifoset(int fd, size_t len, bool validate)
{
	if (!sockt->session_is_valid(fd) || len == 0)
		return 0;
	struct socket_data *s = sockt->session[fd];
	if (len > UINT16_MAX || s->wdata_size + len > s->max_wdata) {
		ShowFatalError("WFIFOSET: session #%d: packet 0x%04x of %zu bytes overruns the buffer\n",
		               fd, WFIFOW(fd, 0), len);
		exit(EXIT_FAILURE);
	}
	if (validate && s->flag.validate)
		check_packet("Sent", s->wdata + s->wdata_size, len);
	s->wdata_size += len;
	if (s->flag.server && s->wdata_size >= 2 * FIFOSIZE_SERVERLINK)
		sockt->flush(fd);
	/* there is always room for one more packet */
	sockt->realloc_writefifo(fd, s->flag.server ? FIFOSIZE_SERVERLINK / 4 : WFIFO_SIZE);
	send_shortlist_add_fd(fd);
	return 0;
}

static void wfifohead(int fd, size_t len)
{
	sockt->realloc_writefifo(fd, len);
}

static int do_sockets(int next)
{
	/* timers have run: send what they wrote, close what they closed */
	send_shortlist_do_sends();

#ifndef SOCKET_EPOLL
	fd_set rfd = readfds;
	struct timeval timeout = {next / 1000, next % 1000 * 1000};
	int ret = sSelect(sockt->fd_max, &rfd, NULL, NULL, &timeout);
#else
	int ret = epoll_wait(dispatcher, arrived, events_per_turn, next);
#endif
	if (ret == SOCKET_ERROR) {
		if (sErrno == S_EINTR)
			return 0; /* a signal: the main loop looks whether to go on */
		ShowFatalError("do_sockets: waiting for data: %s\n", error_msg());
		exit(EXIT_FAILURE);
	}

	sockt->last_tick = time(NULL);

#ifndef SOCKET_EPOLL
	for (int i = 1; ret > 0 && i < sockt->fd_max; ++i) {
		if (!FD_ISSET(i, &rfd) || sockt->session[i] == NULL)
			continue;
		sockt->session[i]->func_recv(i);
		--ret;
	}
#else
	for (int i = 0; i < ret; ++i) {
		int fd = arrived[i].data.fd;
		uint32 events = arrived[i].events;

		if (sockt->session[fd] == NULL)
			continue;
		if ((events & (EPOLLERR | EPOLLHUP)) || !(events & EPOLLIN))
			sockt->eof(fd);
		else
			sockt->session[fd]->func_recv(fd);
	}
#endif

	/* the same for what the receive handlers met */
	send_shortlist_do_sends();

	for (int i = 1; i < sockt->fd_max; ++i) {
		struct socket_data *s = sockt->session[i];

		if (s == NULL)
			continue;

		if (s->rdata_tick != 0 && DIFF_TICK(sockt->last_tick, s->rdata_tick) > sockt->stall_time) {
			if (!s->flag.server) {
				ShowInfo("Session #%d timed out\n", i);
				sockt->eof(i);
			} else if (s->flag.ping != 2) {
				s->flag.ping = 1;
			}
		}

		s->func_parse(i);

		if (sockt->session[i] == NULL)
			continue;

		/* a buffer that is full even now holds no packet */
		RFIFOFLUSH(i);
		if (sockt->session[i]->rdata_size == sockt->session[i]->max_rdata)
			sockt->eof(i);
	}
	return 0;
}

/* Who may connect: lists of addresses, and a limit of connections by address and time. */

struct address_range {
	uint32 ip;
	uint32 mask;
};
VECTOR_STRUCT_DECL(range_list, struct address_range);

struct visitor {
	int64 last;
	int count; /* connections in a row, each soon after the one before */
	bool locked_out;
};

enum list_order { ORDER_DENY_ALLOW, ORDER_ALLOW_DENY, ORDER_MUTUAL_FAILURE };

static struct range_list allow_list;
static struct range_list deny_list;
static enum list_order lists_order = ORDER_DENY_ALLOW;
static int explain = 0;
static int flood_count = 10;
static int flood_interval_ms = 3000;
static int flood_reset_ms = 600000;
static struct DBMap *visitors = NULL;

static int connect_check_(uint32 ip);

/* connect_check_, and a word about it if asked for. */
static int connect_check(uint32 ip)
{
	int result = connect_check_(ip);

	if (explain)
		ShowInfo("connect_check: Connection from %u.%u.%u.%u %s\n", CONVIP(ip),
		         result ? "allowed." : "denied!");
	return result;
}

static bool is_listed(const struct range_list *list, const char *name, uint32 ip)
{
	for (int i = 0; i < VECTOR_LENGTH(*list); ++i) {
		const struct address_range *entry = &VECTOR_INDEX(*list, i);

		if (!SUBNET_MATCH(ip, entry->ip, entry->mask))
			continue;
		if (explain)
			ShowInfo("connect_check: Found match from %s list:%u.%u.%u.%u IP:%u.%u.%u.%u "
			         "Mask:%u.%u.%u.%u\n",
			         name, CONVIP(ip), CONVIP(entry->ip), CONVIP(entry->mask));
		return true;
	}
	return false;
}

/* What the lists say: 0 rejected, 1 accepted, 2 accepted even when it looks like an attack. */
static int lists_verdict(uint32 ip)
{
	bool allowed = is_listed(&allow_list, "allow", ip);
	bool denied = is_listed(&deny_list, "deny", ip);

	switch (lists_order) {
	case ORDER_MUTUAL_FAILURE:
		return allowed && !denied ? 2 : 0;
	case ORDER_ALLOW_DENY:
		if (allowed)
			return 2;
		return denied ? 0 : 1;
	default:
		if (denied)
			return 0;
		return allowed ? 2 : 1;
	}
}

/* 0: rejected, 1 or 2: accepted */
static int connect_check_(uint32 ip)
{
	int connect_ok = lists_verdict(ip);
	struct visitor *v = uidb_get(visitors, ip);

	if (v == NULL) {
		CREATE(v, struct visitor, 1);
		v->last = timer->gettick();
		uidb_put(visitors, ip, v);
		return connect_ok;
	}
	if (v->locked_out)
		return connect_ok == 2 ? 1 : 0;
	if (DIFF_TICK(timer->gettick(), v->last) >= flood_interval_ms) {
		v->last = timer->gettick();
		v->count = 0;
		return connect_ok;
	}
	v->last = timer->gettick();
	if (++v->count < flood_count)
		return connect_ok;
	v->locked_out = true;
	ShowWarning("connect_check: DDoS Attack detected from %u.%u.%u.%u!\n", CONVIP(ip));
	return connect_ok == 2 ? 1 : 0;
}

static bool connect_recent(uint32 ip, void *data, intptr_t tick)
{
	const struct visitor *v = data;

	return DIFF_TICK((int64)tick, v->last) <=
	       (v->locked_out ? flood_reset_ms : flood_interval_ms * 3);
}

/* Every five minutes: forgets addresses that have been quiet. */
static int connect_check_clear(int tid, int64 tick, int id, intptr_t data)
{
	int seen = db_size(visitors);

	db_foreach(visitors, connect_recent, (intptr_t)tick);
	if (explain && seen > 0)
		ShowInfo("connect_check_clear: %d of %d addresses forgotten\n", seen - db_size(visitors),
		         seen);
	return seen;
}

/* Reads "all", a.b.c.d, a.b.c.d/bits or a.b.c.d/m.m.m.m. */
static bool read_range(const char *str, struct address_range *range)
{
	unsigned int v[8];

	if (strcmp(str, "all") == 0) {
		range->ip = range->mask = 0;
		return true;
	}
	int n = sscanf(str, "%3u.%3u.%3u.%3u/%3u.%3u.%3u.%3u", v, v + 1, v + 2, v + 3, v + 4, v + 5,
	               v + 6, v + 7);
	if (n != 4 && n != 5 && n != 8)
		return false;
	for (int i = 0; i < n; ++i)
		if (v[i] > (n == 5 && i == 4 ? 32u : 255u))
			return false;
	range->ip = MAKEIP(v[0], v[1], v[2], v[3]);
	if (n == 8)
		range->mask = MAKEIP(v[4], v[5], v[6], v[7]);
	else if (n == 5)
		range->mask = v[4] == 0 ? 0 : UINT32_MAX << (32 - v[4]);
	else
		range->mask = UINT32_MAX;
	return true;
}

static void add_ranges(const struct config_setting_t *setting, const char *list_name,
                       struct range_list *list)
{
	if (setting == NULL)
		return;
	for (int i = 0; i < libconfig->setting_length(setting); ++i) {
		const char *text = libconfig->setting_get_string_elem(setting, i);
		struct address_range range;

		if (text != NULL && read_range(text, &range))
			VECTOR_PUSH(*list, range);
		else
			ShowError("%s, element %d: no address and no range of addresses\n", list_name, i);
	}
}

static void socket_config_read_iprules(const struct config_t *config)
{
	struct config_setting_t *setting = libconfig->lookup(config, "socket_configuration/ip_rules");
	const char *order = NULL;

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool(setting, "enable", &ip_rules);
	if (!ip_rules)
		return;
	if (libconfig->setting_lookup_string(setting, "order", &order) == CONFIG_TRUE) {
		if (strcmpi(order, "deny,allow") == 0)
			lists_order = ORDER_DENY_ALLOW;
		else if (strcmpi(order, "allow, deny") == 0) /* with a space, as the emulator has it */
			lists_order = ORDER_ALLOW_DENY;
		else if (strcmpi(order, "mutual-failure") == 0)
			lists_order = ORDER_MUTUAL_FAILURE;
		else
			ShowWarning("socket_config_read: invalid value '%s' for "
			            "socket_configuration/ip_rules/order.\n",
			            order);
	}
	add_ranges(libconfig->setting_get_member(setting, "allow_list"), "allow_list", &allow_list);
	add_ranges(libconfig->setting_get_member(setting, "deny_list"), "deny_list", &deny_list);
}

static void socket_config_read_ddos(const struct config_t *config)
{
	static const struct {
		const char *key;
		int *to;
	} limits[] = {
	    {"interval", &flood_interval_ms},
	    {"count", &flood_count},
	    {"autoreset", &flood_reset_ms},
	};
	const struct config_setting_t *setting = libconfig->lookup(config, "socket_configuration/ddos");

	if (setting == NULL)
		return;
	for (int i = 0; i < ARRAYLENGTH(limits); ++i)
		libconfig->setting_lookup_int(setting, limits[i].key, limits[i].to);
}

static bool socket_config_read(const char *filename, bool imported)
{
	struct config_t config;
	struct config_setting_t *setting;
	const char *import = NULL;
	int number = 0;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	setting = libconfig->lookup(&config, "socket_configuration");
	if (setting == NULL) {
		libconfig->destroy(&config);
		if (!imported)
			ShowError("%s: there is no socket_configuration\n", filename);
		return imported;
	}
	if (libconfig->setting_lookup_int(setting, "stall_time", &number) == CONFIG_TRUE)
		sockt->stall_time = number < 3 ? 3 : number;
#ifdef SOCKET_EPOLL
	if (libconfig->setting_lookup_int(setting, "epoll_maxevents", &number) == CONFIG_TRUE)
		events_per_turn = number < 16 ? 16 : number;
#endif
	libconfig->setting_lookup_bool(setting, "debug", &explain);
	socket_config_read_iprules(&config);
	socket_config_read_ddos(&config);

	/* an imported file has the last word */
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE) {
		if (strcmp(import, filename) == 0 || strcmp(import, sockt->SOCKET_CONF_FILENAME) == 0)
			ShowWarning("%s: imports itself\n", filename);
		else
			retval = socket_config_read(import, true);
	}
	libconfig->destroy(&config);
	return retval;
}

/* As many open files as there is room for sessions, whatever the shell's limit was. */
static void limit_open_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max < MAXCONN ? files.rlim_max : MAXCONN;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0)
		ShowWarning("socket_init: open files: %s\n", error_msg());
}

static void socket_init(void)
{
	limit_open_files();
	socket_config_read(sockt->SOCKET_CONF_FILENAME, false);

#ifndef SOCKET_EPOLL
	FD_ZERO(&readfds);
	ShowInfo("Server uses '" CL_WHITE "select" CL_RESET "' as event dispatcher\n");
#else
	dispatcher = epoll_create1(EPOLL_CLOEXEC);
	if (dispatcher == SOCKET_ERROR) {
		ShowError("socket_init: no epoll: %s\n", error_msg());
		exit(EXIT_FAILURE);
	}
	CREATE(arrived, struct epoll_event, (size_t)events_per_turn);
	ShowInfo("Server uses '" CL_WHITE "epoll" CL_RESET "' as event dispatcher\n");
#endif

	CREATE(sockt->session, struct socket_data *, MAXCONN);
	sockt->last_tick = time(NULL);

	/* writes to fd 0 go into a buffer that nobody sends */
	sockt->create_session(0, null_recv, null_send, null_parse, null_client_connected, null_delete);

	visitors = uidb_alloc();
	timer->add_func_list(connect_check_clear, "connect_check_clear");
	timer->add_interval(timer->gettick() + 1000, connect_check_clear, 0, 0, 300000);
}

static void socket_final(void)
{
	db_destroy(visitors);
	visitors = NULL;
	VECTOR_CLEAR(allow_list);
	VECTOR_CLEAR(deny_list);

	for (int fd = 1; fd < sockt->fd_max; ++fd)
		if (sockt->session[fd] != NULL)
			sockt->close(fd);
	aFree(sockt->session[0]->rdata);
	aFree(sockt->session[0]->wdata);
	aFree(sockt->session[0]);
	aFree(sockt->session);
	VECTOR_CLEAR(sockt->lan_subnets);
	VECTOR_CLEAR(sockt->trusted_ips);
	VECTOR_CLEAR(sockt->allowed_ips);
#ifdef SOCKET_EPOLL
	sClose(dispatcher);
	aFree(arrived);
#endif
}

static void socket_close(int fd)
{
	if (fd <= 0 || fd >= MAXCONN)
		return;

	sockt->flush(fd); /* a last try: what the socket does not take now is lost */
	unwatch_socket(fd);
	sShutdown(fd, SHUT_RDWR);
	sClose(fd);
	if (sockt->session[fd] != NULL)
		sockt->delete_session(fd);
}

static uint32 host2ip(const char *hostname)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;

	if (getaddrinfo(hostname, NULL, &hints, &found) != 0 || found == NULL)
		return 0;
	uint32 ip = ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr);
	freeaddrinfo(found);
	return ip;
}

static const char *ip2str(uint32 ip, char *ip_str)
{
	static char buffer[16];
	char *out = ip_str != NULL ? ip_str : buffer;

	snprintf(out, 16, "%u.%u.%u.%u", CONVIP(ip));
	return out;
}

static uint32 str2ip(const char *ip_str)
{
	return ntohl(inet_addr(ip_str));
}

/* The game client reads ports with their bytes swapped. */
static uint16 ntows(uint16 netshort)
{
	return (uint16)((netshort << 8) | (netshort >> 8));
}

/* The entry of the list that the address is in, or NULL. */
static const struct s_subnet *socket_find_subnet(const struct s_subnet_vector *list, uint32 ip)
{
	for (int i = 0; i < VECTOR_LENGTH(*list); ++i) {
		const struct s_subnet *entry = &VECTOR_INDEX(*list, i);

		if (SUBNET_MATCH(ip, entry->ip, entry->mask))
			return entry;
	}
	return NULL;
}

static uint32 socket_lan_subnet_check(uint32 ip, struct s_subnet *info)
{
	const struct s_subnet *entry = socket_find_subnet(&sockt->lan_subnets, ip);

	if (info != NULL) {
		info->ip = entry != NULL ? entry->ip : 0;
		info->mask = entry != NULL ? entry->mask : 0;
	}
	return entry != NULL ? entry->ip : 0;
}

static bool socket_trusted_ip_check(uint32 ip)
{
	return socket_find_subnet(&sockt->trusted_ips, ip) != NULL;
}

static bool socket_allowed_ip_check(uint32 ip)
{
	return socket_find_subnet(&sockt->allowed_ips, ip) != NULL || sockt->trusted_ip_check(ip);
}

/* Reads a list of "address:mask". */
static void socket_net_config_read_sub(const struct config_t *config, const char *name,
                                       struct s_subnet_vector *list, const char *filename)
{
	const struct config_setting_t *setting = libconfig->lookup(config, name);
	int count = setting != NULL ? libconfig->setting_length(setting) : 0;

	VECTOR_CLEAR(*list);
	for (int i = 0; i < count; ++i) {
		const char *text = libconfig->setting_get_string_elem(setting, i);
		char ip[64], mask[64];

		if (text == NULL || sscanf(text, "%63[^:]:%63[^:]", ip, mask) != 2) {
			ShowWarning("Invalid IP:Subnet entry in configuration file %s: %s\n", filename, name);
			continue;
		}
		struct s_subnet entry = {str2ip(ip), str2ip(mask)};
		VECTOR_PUSH(*list, entry);
	}
}

static void socket_net_config_read(const char *filename)
{
	struct config_t config;

	if (!libconfig->load_file(&config, filename)) {
		ShowError("Without %s no server may connect to this one.\n", filename);
		return;
	}
	socket_net_config_read_sub(&config, "lan_subnets", &sockt->lan_subnets, filename);
	socket_net_config_read_sub(&config, "trusted", &sockt->trusted_ips, filename);
	socket_net_config_read_sub(&config, "allowed", &sockt->allowed_ips, filename);
	libconfig->destroy(&config);
}

void socket_defaults(void)
{
	sockt = &the_sockt;
	sockt->SOCKET_CONF_FILENAME = "conf/common/socket.conf";
	sockt->stall_time = 60;

	sockt->init = socket_init;
	sockt->final = socket_final;
	sockt->perform = do_sockets;
	sockt->make_listen_bind = make_listen_bind;
	sockt->make_connection = make_connection;
	sockt->realloc_fifo = realloc_fifo;
	sockt->realloc_writefifo = realloc_writefifo;
	sockt->wfifoset = wfifoset;
	sockt->wfifohead = wfifohead;
	sockt->rfifoskip = rfifoskip;
	sockt->close = socket_close;
	sockt->eof = set_eof;
	sockt->session_is_valid = session_is_valid;
	sockt->session_is_active = session_is_active;
	sockt->create_session = create_session;
	sockt->delete_session = delete_session;
	sockt->flush = flush_fifo;
	sockt->flush_fifos = flush_fifos;
	sockt->connect_client = connect_client;
	sockt->set_nonblocking = set_nonblocking;
	sockt->set_defaultparse = set_defaultparse;
	sockt->set_default_client_connected = set_default_client_connected;
	sockt->set_default_delete = set_default_delete;
	sockt->host2ip = host2ip;
	sockt->ip2str = ip2str;
	sockt->str2ip = str2ip;
	sockt->ntows = ntows;
	sockt->lan_subnet_check = socket_lan_subnet_check;
	sockt->allowed_ip_check = socket_allowed_ip_check;
	sockt->trusted_ip_check = socket_trusted_ip_check;
	sockt->net_config_read = socket_net_config_read;
}
