#include "socket.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <vector>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>

#ifdef SOCKET_EPOLL
#include <sys/epoll.h>
#endif

#include "cbasetypes.hpp"
#include "malloc.hpp"
#include "showmsg.hpp"
#include "strlib.hpp"
#include "timer.hpp"

int8 packet_buffer[UINT16_MAX];

// what a port to another system would replace
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
static int32 events_per_turn = MAXCONN / 2;
static int32 dispatcher = SOCKET_ERROR;
static std::vector<struct epoll_event> arrived;
#endif

int32 fd_max;
time_t last_tick;
time_t stall_time = 60;

// the receive buffer never grows, the send buffer does, up to WFIFO_LIMIT for a client
#define RFIFO_SIZE  (2 * 1024)
#define WFIFO_SIZE  (16 * 1024)
#define WFIFO_LIMIT (1024 * 1024)

struct socket_data *session[MAXCONN];

// sessions with something to send or to be closed, each at most once
static std::vector<int32> send_shortlist;
static bool send_shortlist_has[MAXCONN];

static int32 create_session(int32 fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse);
static void delete_session(int32 fd);

#ifndef MINICORE
static int32 ip_rules = 1;
static int32 connect_check(uint32 ip);
#endif

static const char *error_msg(void)
{
	static char buf[512];

	snprintf(buf, sizeof(buf), "error %d: %s", errno, strerror(errno));
	return buf;
}

static int32 null_recv(int32)
{
	return 0;
}

static int32 null_send(int32)
{
	return 0;
}

static int32 null_parse(int32)
{
	return 0;
}

static ParseFunc default_func_parse = null_parse;

void set_defaultparse(ParseFunc parse)
{
	default_func_parse = parse;
}

void set_nonblocking(int32 fd, unsigned long yes)
{
	int on = yes != 0;

	if (ioctl(fd, FIONBIO, &on) != 0)
		ShowError("set_nonblocking: socket #%d: %s\n", fd, error_msg());
}

static void setsocketopts(int32 fd, int32 timeout_s)
{
	int yes = 1;
	struct linger no_linger = {};

	sSetsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	sSetsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
	sSetsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	sSetsockopt(fd, SOL_SOCKET, SO_LINGER, &no_linger, sizeof(no_linger));
	if (timeout_s > 0) {
		struct timeval limit = {};

		limit.tv_sec = timeout_s;
		sSetsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		sSetsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	}
}

// Tells the event dispatcher to report what arrives on the socket.
static bool watch_socket(int32 fd)
{
#ifndef SOCKET_EPOLL
	FD_SET(fd, &readfds);
#else
	struct epoll_event ev = {};

	ev.events = EPOLLIN;
	ev.data.fd = fd;
	if (epoll_ctl(dispatcher, EPOLL_CTL_ADD, fd, &ev) != 0) {
		ShowError("epoll: cannot add socket #%d: %s\n", fd, error_msg());
		return false;
	}
#endif
	return true;
}

static void unwatch_socket(int32 fd)
{
#ifndef SOCKET_EPOLL
	FD_CLR(fd, &readfds);
#else
	struct epoll_event ev = {};

	epoll_ctl(dispatcher, EPOLL_CTL_DEL, fd, &ev);
#endif
}

// A new socket is of use only if there is one, and 0 is taken.
static bool usable_socket(const char *where, int32 fd)
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

// Where no session can be kept.
static int32 too_high(const char *where, int32 fd)
{
	ShowError("%s: socket #%d is outside 1..%d\n", where, fd, MAXCONN - 1);
	sClose(fd);
	return -1;
}

bool session_isValid(int32 fd)
{
	return fd > 0 && fd < MAXCONN && session[fd] != nullptr;
}

bool session_isActive(int32 fd)
{
	return session_isValid(fd) && !session[fd]->flag.eof;
}

static void send_shortlist_add_fd(int32 fd)
{
	if (!session_isValid(fd) || send_shortlist_has[fd])
		return;
	send_shortlist_has[fd] = true;
	send_shortlist.push_back(fd);
}

// Sends what is pending, and lets the parse handlers of closed sessions close them.
static void send_shortlist_do_sends(void)
{
	std::vector<int32> todo;

	todo.swap(send_shortlist);
	for (int32 fd : todo)
		send_shortlist_has[fd] = false;
	for (auto it = todo.rbegin(); it != todo.rend(); ++it) {
		int32 fd = *it;

		if (!session_isValid(fd))
			continue;
		if (session[fd]->wdata_size > 0)
			session[fd]->func_send(fd);
		if (session[fd]->flag.eof)
			session[fd]->func_parse(fd);
		if (session_isActive(fd) && session[fd]->wdata_size > 0)
			send_shortlist_add_fd(fd);
	}
}

void set_eof(int32 fd)
{
	if (!session_isActive(fd))
		return;
	send_shortlist_add_fd(fd);
	session[fd]->flag.eof = 1;
}

static int32 recv_to_fifo(int32 fd)
{
	if (!session_isActive(fd))
		return -1;

	ssize_t len = sRecv(fd, session[fd]->rdata + session[fd]->rdata_size, RFIFOSPACE(fd), 0);
	if (len == 0 || (len < 0 && sErrno != S_EWOULDBLOCK)) {
		set_eof(fd); // the peer has closed, or the connection broke
		return 0;
	}
	if (len < 0)
		return 0;
	session[fd]->rdata_size += (size_t)len;
	session[fd]->rdata_tick = last_tick;
	return 0;
}

static int32 send_from_fifo(int32 fd)
{
	if (!session_isValid(fd))
		return -1;
	if (session[fd]->wdata_size == 0)
		return 0;

	ssize_t len = sSend(fd, session[fd]->wdata, session[fd]->wdata_size, MSG_NOSIGNAL);
	if (len < 0) {
		if (sErrno != S_EWOULDBLOCK) {
			session[fd]->wdata_size = 0;
			set_eof(fd);
		}
		return 0;
	}
	session[fd]->wdata_tick = last_tick;
	session[fd]->wdata_size -= (size_t)len;
	memmove(session[fd]->wdata, session[fd]->wdata + len, session[fd]->wdata_size);
	return 0;
}

void flush_fifo(int32 fd)
{
	if (session[fd] != nullptr)
		session[fd]->func_send(fd);
}

void flush_fifos(void)
{
	for (int32 fd = 1; fd < fd_max; ++fd)
		flush_fifo(fd);
}

// The receive handler of a listening socket. Returns the new fd, or -1.
static int32 connect_client(int32 listen_fd)
{
	struct sockaddr_in client_address;
	socklen_t len = sizeof(client_address);
	int32 fd = sAccept(listen_fd, (struct sockaddr *)&client_address, &len);

	if (!usable_socket("connect_client", fd))
		return -1;
	if (fd >= MAXCONN)
		return too_high("connect_client", fd);

	setsocketopts(fd, 0);
	set_nonblocking(fd, 1);

#ifndef MINICORE
	if (ip_rules && !connect_check(ntohl(client_address.sin_addr.s_addr))) {
		do_close(fd);
		return -1;
	}
#endif

	if (!watch_socket(fd)) {
		sClose(fd);
		return -1;
	}
	if (fd_max <= fd)
		fd_max = fd + 1;

	create_session(fd, recv_to_fifo, send_from_fifo, default_func_parse);
	session[fd]->client_addr = ntohl(client_address.sin_addr.s_addr);

	return fd;
}

int32 make_listen_bind(uint32 ip, uint16 port)
{
	struct sockaddr_in server_address = {};
	int32 fd = sSocket(AF_INET, SOCK_STREAM, 0);

	if (!usable_socket("make_listen_bind", fd))
		return -1;
	if (fd >= MAXCONN)
		return too_high("make_listen_bind", fd);

	setsocketopts(fd, 0);
	set_nonblocking(fd, 1);

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
	if (fd_max <= fd)
		fd_max = fd + 1;

	create_session(fd, connect_client, null_send, null_parse);
	session[fd]->client_addr = 0; // nobody at the other end
	session[fd]->rdata_tick = 0;  // silence is its nature
	session[fd]->wdata_tick = 0;

	return fd;
}

int32 make_connection(uint32 ip, uint16 port, bool silent, int32 timeout_s)
{
	struct sockaddr_in remote_address = {};
	int32 fd = sSocket(AF_INET, SOCK_STREAM, 0);

	if (!usable_socket("make_connection", fd))
		return -1;
	if (fd >= MAXCONN)
		return too_high("make_connection", fd);

	setsocketopts(fd, timeout_s);

	remote_address.sin_family = AF_INET;
	remote_address.sin_addr.s_addr = htonl(ip);
	remote_address.sin_port = htons(port);
	if (!silent)
		ShowStatus("Connecting to %u.%u.%u.%u:%u\n", CONVIP(ip), port);
	if (sConnect(fd, (struct sockaddr *)&remote_address, sizeof(remote_address)) == SOCKET_ERROR) {
		if (!silent)
			ShowError("make_connection: cannot connect socket #%d: %s\n", fd, error_msg());
		do_close(fd);
		return -1;
	}
	set_nonblocking(fd, 1);
	if (!watch_socket(fd)) {
		sClose(fd);
		return -1;
	}
	if (fd_max <= fd)
		fd_max = fd + 1;

	create_session(fd, recv_to_fifo, send_from_fifo, default_func_parse);
	session[fd]->client_addr = ntohl(remote_address.sin_addr.s_addr);

	return fd;
}

static int32 create_session(int32 fd, RecvFunc func_recv, SendFunc func_send, ParseFunc func_parse)
{
	struct socket_data *s;

	CREATE(s, struct socket_data, 1);
	CREATE(s->rdata, unsigned char, RFIFO_SIZE);
	CREATE(s->wdata, unsigned char, WFIFO_SIZE);
	s->max_rdata = RFIFO_SIZE;
	s->max_wdata = WFIFO_SIZE;
	s->rdata_tick = s->wdata_tick = last_tick;
	s->func_recv = func_recv;
	s->func_send = func_send;
	s->func_parse = func_parse;
	session[fd] = s;
	return 0;
}

static void delete_session(int32 fd)
{
	if (!session_isValid(fd))
		return;
	aFree(session[fd]->rdata);
	aFree(session[fd]->wdata);
	aFree(session[fd]->session_data);
	aFree(session[fd]);
	session[fd] = nullptr;
}

int32 realloc_fifo(int32 fd, uint32 rfifo_size, uint32 wfifo_size)
{
	if (!session_isValid(fd))
		return 0;
	if (session[fd]->rdata_size < rfifo_size) {
		RECREATE(session[fd]->rdata, unsigned char, rfifo_size);
		session[fd]->max_rdata = rfifo_size;
	}
	if (session[fd]->wdata_size < wfifo_size) {
		RECREATE(session[fd]->wdata, unsigned char, wfifo_size);
		session[fd]->max_wdata = wfifo_size;
	}
	return 0;
}

int32 realloc_writefifo(int32 fd, size_t addition)
{
	if (!session_isValid(fd) || session[fd]->wdata_size + addition <= session[fd]->max_wdata)
		return 0;

	size_t wanted = session[fd]->wdata_size + addition;
	size_t newsize = (wanted + WFIFO_SIZE - 1) / WFIFO_SIZE * WFIFO_SIZE;
	RECREATE(session[fd]->wdata, unsigned char, newsize);
	session[fd]->max_wdata = newsize;
	return 0;
}

int32 RFIFOSKIP(int32 fd, size_t len)
{
	if (!session_isActive(fd))
		return 0;
	if (RFIFOREST(fd) < len) {
		ShowError("RFIFOSKIP: session #%d: %zu bytes to skip, %zu there\n", fd, len, RFIFOREST(fd));
		len = RFIFOREST(fd);
	}
	session[fd]->rdata_pos += len;
	return 0;
}

int32 WFIFOSET(int32 fd, size_t len)
{
	struct socket_data *s = session[fd];

	if (!session_isValid(fd) || len == 0)
		return 0;
	if (len > UINT16_MAX || s->wdata_size + len > s->max_wdata) {
		ShowFatalError("WFIFOSET: session #%d: packet 0x%04x of %zu bytes overruns the buffer\n",
		               fd, WFIFOW(fd, 0), len);
		exit(EXIT_FAILURE);
	}
	if (!s->flag.server && s->wdata_size + len > WFIFO_LIMIT) {
		ShowError("WFIFOSET: session #%d (%u.%u.%u.%u) does not read, closing\n", fd,
		          CONVIP(s->client_addr));
		set_eof(fd);
		return 0;
	}
	s->wdata_size += len;
	if (s->flag.server && s->wdata_size >= 2 * FIFOSIZE_SERVERLINK)
		flush_fifo(fd);
	// there is always room for one more packet
	realloc_writefifo(fd, s->flag.server ? FIFOSIZE_SERVERLINK / 4 : WFIFO_SIZE);
	send_shortlist_add_fd(fd);
	return 0;
}

int32 do_sockets(t_tick next)
{
	// timers have run: send what they wrote, close what they closed
	send_shortlist_do_sends();

#ifndef SOCKET_EPOLL
	fd_set rfd = readfds;
	struct timeval timeout = {(time_t)(next / 1000), (suseconds_t)(next % 1000 * 1000)};
	int32 ret = sSelect(fd_max, &rfd, nullptr, nullptr, &timeout);
#else
	int32 ret = epoll_wait(dispatcher, arrived.data(), events_per_turn, (int)next);
#endif
	if (ret == SOCKET_ERROR) {
		if (sErrno == S_EINTR)
			return 0; // a signal: the main loop looks whether to go on
		ShowFatalError("do_sockets: waiting for data: %s\n", error_msg());
		exit(EXIT_FAILURE);
	}

	last_tick = time(nullptr);

#ifndef SOCKET_EPOLL
	for (int32 i = 1; ret > 0 && i < fd_max; ++i) {
		if (!FD_ISSET(i, &rfd) || session[i] == nullptr)
			continue;
		session[i]->func_recv(i);
		--ret;
	}
#else
	for (int32 i = 0; i < ret; ++i) {
		int32 fd = arrived[(size_t)i].data.fd;
		uint32 events = arrived[(size_t)i].events;

		if (session[fd] == nullptr)
			continue;
		if ((events & (EPOLLERR | EPOLLHUP)) || !(events & EPOLLIN))
			set_eof(fd);
		else
			session[fd]->func_recv(fd);
	}
#endif

	// the same for what the receive handlers met
	send_shortlist_do_sends();

	for (int32 i = 1; i < fd_max; ++i) {
		if (session[i] == nullptr)
			continue;

		if (session[i]->rdata_tick != 0 && last_tick - session[i]->rdata_tick > stall_time) {
			if (!session[i]->flag.server) {
				ShowInfo("Session #%d timed out\n", i);
				set_eof(i);
			} else if (session[i]->flag.ping != 2) {
				session[i]->flag.ping = 1;
			}
		}

		session[i]->func_parse(i);

		if (session[i] == nullptr)
			continue;

		// a full buffer that the handler could do nothing with holds no packet
		if (session[i]->rdata_size == RFIFO_SIZE && session[i]->max_rdata == RFIFO_SIZE) {
			set_eof(i);
			continue;
		}
		RFIFOFLUSH(i);
	}
	return 0;
}

#ifndef MINICORE
// Who may connect: lists of addresses, and a limit of connections by address and time.

struct address_range {
	uint32 ip;
	uint32 mask;
};

// An address that has connected lately.
struct visitor {
	t_tick last;
	int32 count; // connections in a row, each soon after the one before
	bool locked_out;
};

enum list_order { ORDER_DENY_ALLOW, ORDER_ALLOW_DENY, ORDER_MUTUAL_FAILURE };

static std::vector<address_range> allow_list;
static std::vector<address_range> deny_list;
static list_order lists_order = ORDER_DENY_ALLOW;
static int32 explain = 0;
static int32 flood_count = 10;
static int32 flood_interval_ms = 3000;
static int32 flood_reset_ms = 600000;
static std::unordered_map<uint32, visitor> visitors;

static int32 connect_check_(uint32 ip);

// connect_check_, and a word about it if asked for.
static int32 connect_check(uint32 ip)
{
	int32 verdict = connect_check_(ip);

	if (explain)
		ShowInfo("connect_check: Connection from %u.%u.%u.%u %s\n", CONVIP(ip),
		         verdict ? "allowed." : "denied!");
	return verdict;
}

static bool is_listed(const std::vector<address_range> &list, const char *name, uint32 ip)
{
	for (const address_range &entry : list) {
		if ((ip & entry.mask) != (entry.ip & entry.mask))
			continue;
		if (explain)
			ShowInfo("connect_check: Found match from %s list:%u.%u.%u.%u IP:%u.%u.%u.%u "
			         "Mask:%u.%u.%u.%u\n",
			         name, CONVIP(ip), CONVIP(entry.ip), CONVIP(entry.mask));
		return true;
	}
	return false;
}

// What the lists say: 0 rejected, 1 accepted, 2 accepted even when it looks like an attack.
static int32 lists_verdict(uint32 ip)
{
	bool allowed = is_listed(allow_list, "allow", ip);
	bool denied = is_listed(deny_list, "deny", ip);

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

// 0: rejected, 1 or 2: accepted
static int32 connect_check_(uint32 ip)
{
	const int32 verdict = lists_verdict(ip);
	const int32 under_attack = verdict == 2 ? 1 : 0;
	const t_tick now = gettick();
	auto [it, is_new] = visitors.emplace(ip, visitor{now, 0, false});
	visitor &v = it->second;

	if (is_new)
		return verdict;
	if (v.locked_out)
		return under_attack;
	if (now - v.last >= flood_interval_ms) {
		v = {now, 0, false};
		return verdict;
	}
	v.last = now;
	if (v.count++ < flood_count)
		return verdict;
	v.locked_out = true;
	ShowWarning("connect_check: DDoS Attack detected from %u.%u.%u.%u!\n", CONVIP(ip));
	return under_attack;
}

// Every five minutes: forgets addresses that have been quiet.
static TIMER_FUNC(connect_check_clear)
{
	const size_t before = visitors.size();

	(void)tid, (void)id, (void)data;
	for (auto it = visitors.begin(); it != visitors.end();) {
		const visitor &v = it->second;

		if (tick - v.last > (v.locked_out ? flood_reset_ms : flood_interval_ms * 3))
			it = visitors.erase(it);
		else
			++it;
	}
	if (explain)
		ShowInfo("connect_check_clear: %zu of %zu addresses forgotten\n", before - visitors.size(),
		         before);
	return 0;
}

// Reads "all", a.b.c.d, a.b.c.d/bits or a.b.c.d/m.m.m.m.
static bool read_range(const char *text, address_range &range)
{
	uint32 v[8];

	if (strcmp(text, "all") == 0) {
		range = {0, 0};
		return true;
	}
	int n = sscanf(text, "%3u.%3u.%3u.%3u/%3u.%3u.%3u.%3u", v, v + 1, v + 2, v + 3, v + 4, v + 5,
	               v + 6, v + 7);
	if (n != 4 && n != 5 && n != 8)
		return false;
	for (int i = 0; i < n; ++i)
		if (v[i] > (n == 5 && i == 4 ? 32u : 255u))
			return false;
	range.ip = MAKEIP(v[0], v[1], v[2], v[3]);
	range.mask = UINT32_MAX;
	if (n == 8)
		range.mask = MAKEIP(v[4], v[5], v[6], v[7]);
	else if (n == 5)
		range.mask = v[4] == 0 ? 0 : UINT32_MAX << (32 - v[4]);
	return true;
}

static void add_range(std::vector<address_range> &list, const char *text)
{
	address_range range;

	if (read_range(text, range))
		list.push_back(range);
	else
		ShowError("socket_config_read: '%s' is no address and no range of addresses\n", text);
}

// The keys of the address rules; false for any other.
static bool access_config_read(const std::string &key, const char *value)
{
	static const std::unordered_map<std::string, int32 *> numbers = {
	    {"ddos_interval", &flood_interval_ms},
	    {"ddos_count", &flood_count},
	    {"ddos_autoreset", &flood_reset_ms},
	};
	static const std::unordered_map<std::string, int32 *> switches = {
	    {"enable_ip_rules", &ip_rules},
	    {"debug", &explain},
	};
	static const std::unordered_map<std::string, list_order> orders = {
	    {"deny,allow", ORDER_DENY_ALLOW},
	    {"allow,deny", ORDER_ALLOW_DENY},
	    {"mutual-failure", ORDER_MUTUAL_FAILURE},
	};

	if (numbers.count(key) != 0)
		*numbers.at(key) = atoi(value);
	else if (switches.count(key) != 0)
		*switches.at(key) = config_switch(value);
	else if (key == "order")
		lists_order = orders.count(value) != 0 ? orders.at(value) : lists_order;
	else if (key == "allow")
		add_range(allow_list, value);
	else if (key == "deny")
		add_range(deny_list, value);
	else
		return false;
	return true;
}
#endif

static void socket_setting(const char *file, const char *key, const char *value)
{
	if (strcmp(key, "stall_time") == 0) {
		stall_time = atoi(value) < 3 ? 3 : atoi(value);
		return;
	}
	if (strcmp(key, "import") == 0) {
		socket_config_read(value);
		return;
	}
#ifndef MINICORE
	if (access_config_read(key, value))
		return;
#ifdef SOCKET_EPOLL
	if (strcmp(key, "epoll_maxevents") == 0) {
		events_per_turn = atoi(value) < 16 ? 16 : atoi(value);
		return;
	}
#endif
#endif
	ShowWarning("%s: unknown setting '%s'\n", file, key);
}

int32 socket_config_read(const char *cfgName)
{
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("socket_config_read: cannot read %s\n", cfgName);
		return 1;
	}
	read_settings(stream, [cfgName](const char *key, const char *value) {
		socket_setting(cfgName, key, value);
	});
	return 0;
}

// As many open files as there is room for sessions, whatever the shell's limit was.
static void limit_open_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max < MAXCONN ? files.rlim_max : MAXCONN;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0)
		ShowWarning("socket_init: open files: %s\n", error_msg());
}

void socket_init(void)
{
	limit_open_files();
#ifndef SOCKET_EPOLL
	FD_ZERO(&readfds);
	ShowInfo("Server uses '" CL_WHITE "select" CL_RESET "' as event dispatcher\n");
#else
	dispatcher = epoll_create1(EPOLL_CLOEXEC);
	if (dispatcher == SOCKET_ERROR) {
		ShowFatalError("socket_init: no epoll: %s\n", error_msg());
		exit(EXIT_FAILURE);
	}
	ShowInfo("Server uses '" CL_WHITE "epoll" CL_RESET "' as event dispatcher\n");
#endif

	socket_config_read("conf/packet_athena.conf");
#ifdef SOCKET_EPOLL
	arrived.resize((size_t)events_per_turn);
#endif
	last_tick = time(nullptr);

	// writes to fd 0 go into a buffer that nobody sends
	create_session(0, null_recv, null_send, null_parse);

#ifndef MINICORE
	add_timer_func_list(connect_check_clear, "connect_check_clear");
	add_timer_interval(gettick() + 1000, connect_check_clear, 0, 0, 300000);
#endif
}

void socket_final(void)
{
	for (int32 i = 1; i < fd_max; ++i)
		if (session[i] != nullptr)
			do_close(i);

	aFree(session[0]->rdata);
	aFree(session[0]->wdata);
	aFree(session[0]);
	session[0] = nullptr;

#ifdef SOCKET_EPOLL
	sClose(dispatcher);
	dispatcher = SOCKET_ERROR;
#endif
}

void do_close(int32 fd)
{
	if (fd <= 0 || fd >= MAXCONN)
		return;

	flush_fifo(fd); // a last try: what the socket does not take now is lost
	unwatch_socket(fd);
	sShutdown(fd, SHUT_RDWR);
	sClose(fd);
	if (session[fd] != nullptr)
		delete_session(fd);
}

uint32 host2ip(const char *hostname)
{
	struct addrinfo hints = {}, *found = nullptr;

	hints.ai_family = AF_INET;
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(hostname, nullptr, &hints, &found) != 0 || found == nullptr)
		return 0;
	uint32 ip = ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr);
	freeaddrinfo(found);
	return ip;
}

const char *ip2str(uint32 ip, char ip_str[16])
{
	static char buffer[16];
	char *out = ip_str != nullptr ? ip_str : buffer;

	snprintf(out, 16, "%u.%u.%u.%u", CONVIP(ip));
	return out;
}

uint32 str2ip(const char *ip_str)
{
	return ntohl(inet_addr(ip_str));
}

// The game client reads ports with their bytes swapped.
uint16 ntows(uint16 netshort)
{
	return (uint16)((netshort << 8) | (netshort >> 8));
}
