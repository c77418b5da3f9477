// SPDX-License-Identifier: MIT
#include "common/packets.h"
#include "common/session.h"
#include "common/showmsg.h"
#include "common/socket.h"

/* More than that no client leaves unread. */
#define WFIFO_LIMIT (1024 * 1024)

int32 session_bound;
int32 session_stall_s = 60;
bool session_validates;
ParseFunc session_parse = session_nothing;

int32 session_nothing(int32 fd)
{
	return 0;
}

bool session_isValid(int32 fd)
{
	return fd > 0 && fd < session_bound && session_of(fd) != NULL;
}

bool session_isActive(int32 fd)
{
	return session_isValid(fd) && !session_of(fd)->flag.eof;
}

void set_eof(int32 fd)
{
	if (session_isValid(fd))
		session_of(fd)->flag.eof = 1;
}

void do_close(int32 fd)
{
	if (fd <= 0 || fd >= session_bound)
		return;
	if (session_of(fd) != NULL)
		session_of(fd)->func_send(fd);
	net_unwatch(fd);
	shutdown(fd, SHUT_RDWR);
	sClose(fd);
	delete_session(fd);
}

size_t session_rest(int32 fd)
{
	const struct socket_data *s = session_of(fd);

	return s->flag.eof ? 0 : s->rdata_size - s->rdata_pos;
}

void session_flush_parsed(int32 fd)
{
	struct socket_data *s = session_of(fd);

	s->rdata_size -= s->rdata_pos;
	memmove(s->rdata, s->rdata + s->rdata_pos, s->rdata_size);
	s->rdata_pos = 0;
}

void RFIFOSKIP(int32 fd, size_t length)
{
	if (!session_isActive(fd))
		return;
	if (length > RFIFOREST(fd)) {
		ShowError("session #%d: %zu bytes to skip, %zu there\n", fd, length, RFIFOREST(fd));
		length = RFIFOREST(fd);
	} else if (session_of(fd)->flag.validate && length == RFIFOREST(fd)) {
		packet_check("skipped", RFIFOP(fd, 0), length);
	}
	session_of(fd)->rdata_pos += length;
}

void WFIFOHEAD(int32 fd, size_t length)
{
	struct socket_data *s = session_of(fd);
	size_t wanted = s->wdata_size + length;

	if (wanted <= s->max_wdata)
		return;
	s->max_wdata = (wanted / WFIFO_SIZE + 1) * WFIFO_SIZE;
	RECREATE(s->wdata, uint8, s->max_wdata);
}

struct socket_data *session_new(RecvFunc recv, SendFunc send, ParseFunc parse)
{
	struct socket_data *s;

	CREATE(s, struct socket_data, 1);
	CREATE(s->rdata, uint8, RFIFO_SIZE);
	CREATE(s->wdata, uint8, WFIFO_SIZE);
	s->max_rdata = RFIFO_SIZE;
	s->max_wdata = WFIFO_SIZE;
	s->rdata_tick = session_last_tick;
	s->func_recv = recv;
	s->func_send = send;
	s->func_parse = parse;
	return s;
}

void session_free(struct socket_data *s)
{
	aFree(s->rdata);
	aFree(s->wdata);
	aFree(s->session_data);
	aFree(s);
}

void session_received(int32 fd, ssize_t length)
{
	if (length > 0) {
		session_of(fd)->rdata_size += (size_t)length;
		session_of(fd)->rdata_tick = session_last_tick;
	} else if (length == 0 || !net_would_block()) {
		set_eof(fd);
	}
}

int32 session_send(int32 fd)
{
	struct socket_data *s = session_of(fd);
	ssize_t length;

	if (s == NULL || s->wdata_size == 0)
		return 0;
	length = sSend(fd, s->wdata, s->wdata_size, MSG_NOSIGNAL);
	if (length < 0) {
		if (!net_would_block()) {
			s->wdata_size = 0;
			set_eof(fd);
		}
		return 0;
	}
	s->wdata_size -= (size_t)length;
	memmove(s->wdata, s->wdata + length, s->wdata_size);
	return 0;
}

void session_written(int32 fd, size_t length, bool validate)
{
	struct socket_data *s = session_of(fd);

	if (s == NULL || length == 0)
		return;
	if (length > UINT16_MAX || s->wdata_size + length > s->max_wdata) {
		ShowFatalError("session #%d: a packet 0x%04x of %zu bytes, more than there is room for\n",
		               fd, WFIFOW(fd, 0), length);
		exit(EXIT_FAILURE);
	}
	if (!s->flag.server && s->wdata_size + length > WFIFO_LIMIT) {
		ShowError("session #%d: the client does not read\n", fd);
		set_eof(fd);
		return;
	}
	if (validate && s->flag.validate)
		packet_check("sent", s->wdata + s->wdata_size, length);
	s->wdata_size += length;
	if (s->flag.server && s->wdata_size >= 2 * FIFOSIZE_SERVERLINK)
		s->func_send(fd);
	WFIFOHEAD(fd, WFIFO_SIZE); /* one more is always welcome */
}

/* Sends what there is, and has those closed that are to be. */
static void session_settle(void)
{
	for (int32 fd = 1; fd < session_fd_max; ++fd) {
		if (session_of(fd) == NULL)
			continue;
		if (session_of(fd)->wdata_size > 0)
			session_of(fd)->func_send(fd);
		if (session_of(fd)->flag.eof)
			session_of(fd)->func_parse(fd);
	}
}

static void session_ready(int32 fd, bool broken)
{
	if (session_of(fd) == NULL)
		return;
	if (broken)
		set_eof(fd);
	else
		session_of(fd)->func_recv(fd);
}

static void session_time_out(int32 fd)
{
	struct socket_data *s = session_of(fd);

	if (s->rdata_tick == 0 || session_last_tick - s->rdata_tick <= session_stall_s)
		return;
	if (!s->flag.server) {
		ShowInfo("Session #%d was silent for too long\n", fd);
		set_eof(fd);
	} else if (s->flag.ping != 2) {
		s->flag.ping = 1;
	}
}

void session_loop(int32 next_ms)
{
	int32 count;

	session_settle(); /* what timers did */
	count = net_wait(next_ms, session_fd_max);
	if (count < 0)
		return;
	session_last_tick = time(NULL);
	net_each(count, session_fd_max, session_ready);
	session_settle();

	for (int32 fd = 1; fd < session_fd_max; ++fd) {
		bool is_full;

		if (session_of(fd) == NULL)
			continue;
		session_time_out(fd);
		session_of(fd)->func_parse(fd);
		if (session_of(fd) == NULL)
			continue;
		/* a buffer that is full even now holds no packet; rathena looks before it moves the rest
		 * to the front, hercules after that */
		is_full = RFIFOSPACE(fd) == 0 && session_of(fd)->max_rdata == RFIFO_SIZE;
		if (!SESSION_FULL_BEFORE_FLUSH || !is_full)
			RFIFOFLUSH(fd);
		if (is_full && RFIFOSPACE(fd) == 0)
			set_eof(fd);
	}
}

void session_grow(int32 fd, size_t size)
{
	struct socket_data *s = session_of(fd);

	RECREATE(s->rdata, uint8, size);
	RECREATE(s->wdata, uint8, size);
	s->max_rdata = s->max_wdata = size;
}

void session_send_all(void)
{
	for (int32 fd = 1; fd < session_fd_max; ++fd)
		if (session_of(fd) != NULL)
			session_of(fd)->func_send(fd);
}

void session_close_all(void)
{
	for (int32 fd = 1; fd < session_fd_max; ++fd)
		if (session_of(fd) != NULL)
			do_close(fd);
}
