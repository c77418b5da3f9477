// SPDX-License-Identifier: MIT
#include "common/packets.h"

#include "common/mmo.h"
#include "common/showmsg.h"

#include <stdio.h>

static bool packet_refuse(int32 fd, const char *why)
{
	ShowWarning("Received %s packet 0x%04x (%zu bytes), session #%d is disconnected\n", why,
	            RFIFOW(fd, 0), RFIFOREST(fd), fd);
	set_eof(fd);
	return false;
}

bool packet_handle(int32 fd, void *data, const struct client_packet *packets)
{
	const size_t there = RFIFOREST(fd);
	const struct client_packet *packet = packets;
	size_t length;
	bool goes_on;

	while (packet->id != 0 && packet->id != RFIFOW(fd, 0))
		++packet;
	if (packet->id == 0)
		return packet_refuse(fd, "unknown");
	length = packet->length;
	if (there >= 4 && packet->has_length) {
		if (RFIFOW(fd, 2) < length)
			return packet_refuse(fd, "misfit");
		length = RFIFOW(fd, 2);
	}
	if (there < length)
		return PACKET_WAITS ? false : packet_refuse(fd, "half a");
	goes_on = packet->func(fd, data);
	RFIFOSKIP(fd, length);
	return goes_on;
}

#ifdef DIALECT_HERCULES

/* -1: the packet has it. */
static int32 packet_length(uint16 id)
{
	static const struct {
		uint16 id;
		int16 length;
	} known[] = {
		/* login */
		{0x0064, 55},
		{0x0069, -1},
		{0x006a, 23},
		{0x0081, 3},
		{0x01db, 2},
		{0x01dc, -1},
		{0x0200, 26},
		{0x0204, 18},
		{0x0825, -1},
		{0x083e, 26},
		{0x0ac4, -1},
		{0x0b02, 26},
		/* char */
		{0x0065, 17},
		{0x0066, 3},
		{0x006b, -1},
		{0x006c, 3},
		{0x006e, 3},
		{0x0071, 28},
		{0x006d, PACKETVER >= 20170830 ? 157 : 149},
		{0x0187, 6},
		{0x082d, -1},
		{0x0840, -1},
		{0x0841, 4},
		{0x08b9, 12},
		{0x0970, 31},
		{0x0a39, 36},
		{0x0ac5, 156},
		{0x0b6f, 177},
		/* map */
		{0x007d, 2},
		{0x007f, 6},
		{0x008e, -1},
		{0x0091, 22},
		{0x0092, 28},
		{0x00b0, 8},
		{0x00b2, 3},
		{0x00b3, 3},
		{0x00f3, -1},
		{0x013a, 4},
		{0x018a, 4},
		{0x018b, 4},
		{0x0283, 6},
		{0x02eb, 13},
		{0x0a18, 14},
		{0x0a4c, 28},
		{0x0ac7, 156},
#if PACKETVER == 20151104
		{0x0360, 19},
		{0x0363, 5},
		{0x0886, 6},
#else
		{0x035f, 5},
		{0x0360, 6},
		{0x0436, PACKETVER >= 20211103 ? 23 : 19},
#endif
	};

	for (int32 i = 0; i < ARRAYLENGTH(known); ++i)
		if (known[i].id == id)
			return known[i].length;
	return 0;
}

void packet_check(const char *what, const uint8 *bytes, size_t length)
{
	uint16 words[2] = {0, 0};
	int32 known;

	memcpy(words, bytes, length < 4 ? length : 4);
	known = packet_length(words[0]);
	if (known == -1)
		known = words[1];
	if (known == 0)
		ShowError("%s: unknown packet 0x%04x\n", what, words[0]);
	else if ((size_t)known != length)
		ShowError("%s: packet 0x%04x of %zu bytes, it should have %d\n", what, words[0], length,
		          known);
}

#else

void packet_check(const char *what, const uint8 *bytes, size_t length)
{
}

#endif

void packet_send(int32 fd, const void *packet, size_t length)
{
	if (!session_isActive(fd))
		return;
	WFIFOHEAD(fd, length);
	memcpy(WFIFOP(fd, 0), packet, length);
	WFIFOSET(fd, length);
}

void packet_send_number(int32 fd, uint16 id, uint32 number, size_t bytes)
{
	uint8 packet[6];

	memcpy(packet, &id, 2);
	memcpy(packet + 2, &number, 4);
	packet_send(fd, packet, 2 + bytes);
}

void packet_write_map(char to[16], const char *map)
{
	memset(to, 0, 16);
	snprintf(to, 16, "%.11s.gat", map);
}
