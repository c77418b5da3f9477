// SPDX-License-Identifier: MIT
/* Text dumps with an offset before each line, as they come out of `xxd`, `hexdump -C`, `tcpdump -x`
 * and -X, tshark and Wireshark. Pure.
 *
 *   00000000: 0d0a 0d0a 000d 0a51 5549 540a 2111 000c  .......QUIT.!...
 *   00000000  0d 0a 0d 0a 00 0d 0a 51  55 49 54 0a 21 11 00 0c  |.......QUIT.!...|
 *   	0x0000:  4500 0050 1c46 4000 4006 2060 7f00 0001  E..P.F@.@..`....
 *
 * Lines of other text, such as tcpdump's own, are passed over. A line `*` is the line
 * before it once more, up to the next offset. */
#ifndef ROPP_DECODE_DUMP_H
#define ROPP_DECODE_DUMP_H

#include <stddef.h>

#include "tools/decode/digits.h"

enum ropp_dump_result {
    ROPP_DUMP_READ,
    ROPP_DUMP_NONE,  /* there is no such line in the text */
    ROPP_DUMP_BROKEN /* *line does not go on where the one before it ended */
};

/* Called for each block: the lines from one with the offset 0 to the next such one. */
typedef void ropp_dump_call(void *context, const struct ropp_block *block);

/* `block` is the room for one. */
enum ropp_dump_result ropp_dump_read(const char *text, size_t length, struct ropp_block *block,
                                     ropp_dump_call *call, void *context, size_t *line);

#endif
