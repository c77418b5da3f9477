#define HERCULES_CORE

#include "packets.h"

static struct packets_interface the_packets;
struct packets_interface *packets;

static void packets_addLen(int id, int len)
{
	packets->db[id] = (int16)len;
}

static void packets_init(void)
{
	static const struct {
		int id, len;
	} known[] = {
	    {0x0064, 55}, {0x0069, -1}, {0x006a, 23}, {0x0081, 3},  {0x01db, 2},  {0x01dc, -1},
	    {0x0200, 26}, {0x0204, 18}, {0x0825, -1}, {0x083e, 26}, {0x0ac4, -1}, {0x0b02, 26},
	};

	for (int i = 0; i < ARRAYLENGTH(known); ++i)
		packets->addLen(known[i].id, known[i].len);
}

void packets_defaults(void)
{
	packets = &the_packets;
	packets->init = packets_init;
	packets->addLen = packets_addLen;
}
