#define HERCULES_CORE

#include "packets.h"

#include "common/mmo.h"

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
		/* the login server's */
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
		/* the char server's */
		{0x0065, 17},
		{0x0066, 3},
		{0x006b, -1},
		{0x006c, 3},
		{0x006d, PACKETVER >= 20170830 ? 157 : 149},
		{0x006e, 3},
		{0x0071, 28},
		{0x0187, 6},
		{0x082d, -1},
		{0x0840, -1},
		{0x0841, 4},
		{0x08b9, 12},
		{0x0970, 31},
		{0x0a39, 36},
		{0x0ac5, 156},
		{0x0b6f, 177},
		/* the map server's */
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

	for (int i = 0; i < ARRAYLENGTH(known); ++i)
		packets->addLen(known[i].id, known[i].len);
}

void packets_defaults(void)
{
	packets = &the_packets;
	packets->init = packets_init;
	packets->addLen = packets_addLen;
}
