// SPDX-License-Identifier: MIT
#include "common/link.h"

#include "common/showmsg.h"

void link_open(int32 fd, ParseFunc parse)
{
	session_of(fd)->func_parse = parse;
	session_of(fd)->flag.server = 1;
	session_of(fd)->flag.validate = 0;
	session_grow(fd, FIFOSIZE_SERVERLINK);
}

/* Of the packet at the front; more than there is if the rest of it is yet to come. */
static size_t link_length(int32 fd, const struct link_packet *packet)
{
	if (packet->length != 0)
		return packet->length;
	return RFIFOREST(fd) < 4 || RFIFOW(fd, 2) < 4 ? 4 : RFIFOW(fd, 2);
}

void link_parse(int32 fd, int32 server, const struct link_packet *packets)
{
	while (RFIFOREST(fd) >= 2) {
		const struct link_packet *packet = packets;
		size_t length;

		while (packet->id != 0 && packet->id != RFIFOW(fd, 0))
			++packet;
		if (packet->id == 0) {
			ShowError("Unknown packet 0x%04x of a server, it is disconnected\n", RFIFOW(fd, 0));
			set_eof(fd);
			return;
		}
		length = link_length(fd, packet);
		if (RFIFOREST(fd) < length)
			return;
		packet->func(fd, server);
		if (!packet->skips)
			RFIFOSKIP(fd, length);
	}
}

bool link_keepalive(int32 fd, uint16 question)
{
	struct socket_data *s = session_of(fd);

	if (s->flag.ping == 0)
		return true;
	if (session_last_tick - s->rdata_tick > 2 * session_stall_s) {
		set_eof(fd);
		return false;
	}
	if (s->flag.ping == 1)
		link_send(fd, question, 2, 0, 0);
	s->flag.ping = 2;
	return true;
}

void link_alive(int32 fd, int32 server)
{
	session_of(fd)->flag.ping = 0;
}

void link_send(int32 fd, uint16 id, size_t length, uint32 first, uint32 second)
{
	const uint32 numbers[2] = {first, second};

	if (!session_isActive(fd))
		return;
	WFIFOHEAD(fd, length);
	memset(WFIFOP(fd, 0), 0, length);
	WFIFOW(fd, 0) = id;
	if (length > 2)
		memcpy(WFIFOP(fd, 2), numbers, length - 2 < sizeof(numbers) ? length - 2 : sizeof(numbers));
	WFIFOSET2(fd, length);
}

void link_send_byte(int32 fd, uint16 id, uint8 value)
{
	link_send(fd, id, 3, value, 0);
}
