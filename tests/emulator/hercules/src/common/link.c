#define HERCULES_CORE

#include "link.h"

#include "common/showmsg.h"
#include "common/socket.h"
#include "common/timer.h"

/* Bytes of the packet at the front of the buffer; more than there are if the rest has to come. */
static size_t link_packet_len(int fd, const struct link_packet *packet)
{
	if (packet->len != 0)
		return packet->len;
	if (RFIFOREST(fd) < 4 || RFIFOW(fd, 2) < 4)
		return 4;
	return RFIFOW(fd, 2);
}

void link_parse(int fd, const struct link_packet *packets)
{
	while (RFIFOREST(fd) >= 2) {
		const struct link_packet *packet = packets;

		while (packet->id != 0 && packet->id != RFIFOW(fd, 0))
			++packet;
		if (packet->id == 0) {
			ShowError("link_parse: Unknown packet 0x%x from a server! Disconnecting!\n",
			          (unsigned int)RFIFOW(fd, 0));
			sockt->eof(fd);
			return;
		}
		const size_t len = link_packet_len(fd, packet);
		if (RFIFOREST(fd) < len)
			return;
		packet->func(fd);
		RFIFOSKIP(fd, len);
	}
}

bool link_keepalive(int fd, uint16 ping)
{
	struct socket_data *s = sockt->session[fd];

	if (s->flag.ping == 0)
		return true;
	if (DIFF_TICK(sockt->last_tick, s->rdata_tick) > sockt->stall_time * 2) {
		sockt->eof(fd);
		return false;
	}
	if (s->flag.ping == 1) {
		WFIFOHEAD(fd, 2);
		WFIFOW(fd, 0) = ping;
		WFIFOSET(fd, 2);
		s->flag.ping = 2;
	}
	return true;
}

void link_alive(int fd)
{
	sockt->session[fd]->flag.ping = 0;
}

void link_open(int fd, int (*parse)(int fd))
{
	sockt->session[fd]->func_parse = parse;
	sockt->session[fd]->flag.server = 1;
	sockt->session[fd]->flag.validate = 0;
	sockt->realloc_fifo(fd, FIFOSIZE_SERVERLINK, FIFOSIZE_SERVERLINK);
}
