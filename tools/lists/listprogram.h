// SPDX-License-Identifier: MIT
/* Lines that programs write, or that are written for one: what is in force there is more than the
 * addresses, so each is understood wholly or is a mistake for which the whole file is refused
 * (ropp_list_is_refused). Each function is given a line without blanks around it, comments and all,
 * and is false when it is none of its form. */
#ifndef ROPP_TOOLS_LISTS_LISTPROGRAM_H
#define ROPP_TOOLS_LISTS_LISTPROGRAM_H

#include "tools/lists/listline.h"

/* `ipset save`, of one set; sets called alike but for the family are one. */
bool ropp_list_ipset(struct ropp_list_text line, struct ropp_list_memory *memory,
                     struct ropp_list_said *said);

/* `nft list`, and what `nft -f` reads: the elements of one set as with ipset. Once its first line
 * was there every other one is of that form. */
bool ropp_list_nft(struct ropp_list_text line, bool is_first, struct ropp_list_memory *memory,
                   struct ropp_list_said *said);

/* nginx: "deny ADDRESS;" and the geo block whose default is 0, with 1 for the banned. */
bool ropp_list_nginx(struct ropp_list_text line, bool is_first, struct ropp_list_memory *memory,
                     struct ropp_list_said *said);

/* hosts.deny: "DAEMONS: ADDRESSES", where the file begins so. Also what is no list at all but has a
 * line of that shape. */
bool ropp_list_hosts(struct ropp_list_text line, bool is_first, struct ropp_list_memory *memory,
                     struct ropp_list_said *said);

#endif
