// SPDX-License-Identifier: MIT
/* Address lists as they are found in the world, read line by line.
 *
 * A file is plain or gzip. A line has one of
 *
 *     192.0.2.0/24           a prefix; bits behind it are a mistake. 192.0.2.0/255.255.255.0 and
 *                            "192.0.2.0 255.255.255.0" are the same
 *     192.0.2.7              an address; of an IPv6 one the /64, which is what one household has
 *     192.0.2.7:8080         the same with a port, which is passed over; [2001:db8::7]:8080 too
 *     192.0.2.0-192.0.2.99   a range, both ends included, blanks around the dash or not
 *     192.0.2.*              192.0.2.0/24; also 192.0.*.* and 192.*.*.*
 *
 * alone, or as these write it:
 *
 *     {"cidr":"192.0.2.0/24",...}      Spamhaus' DROP, an object a line; one whose "type" is
 *                                      "metadata" ends it and says how many "records" there are
 *     "192.0.2.7","44",...             CSV: in the first column alone, with quotes or not; three or
 *                                      more in a line and nothing else are all taken
 *     192.0.2.0 <tab> 192.0.2.255 <tab> 24 ...          DShield
 *     NAME:192.0.2.0-192.0.2.99                         PeerGuardian's p2p
 *     192.000.002.000 - 192.000.002.099 , 000 , NAME    eMule's ipfilter.dat; from level 128 on it
 *                                                       is let in, and not taken
 *     add NAME 192.0.2.0/24            `ipset save`, of one set
 *     table ... { set NAME { ... } }   nftables, of one set: `nft list`, or a file for `nft -f`
 *     deny 192.0.2.0/24;               nginx; also a geo block, or what is in one, whose default is
 *                                      0 and that has 1 for the banned
 *     sshd: 192.0.2.7                  hosts.deny, addresses alone, in a file that begins so
 *     ExitAddress 192.0.2.7 DATE TIME  Tor's list of exits
 *     192.0.2.0/24 AS64500             with the number of the network's operator
 *
 * with blanks around it and a comment from `#` or `;` to the end of the line, or it is blank. The
 * first may be a heading of columns. A line ends in LF or CRLF; a UTF-8 byte order mark at the
 * beginning is skipped. Anything else is a bad line, whatever its bytes and its length, and the
 * next line is read as if nothing had happened. What may mean two things is a bad line.
 *
 * Some bad lines are more than a slip: the file says something else than who is out, and the rest of
 * it without them would be half of that. For these all of it is to be refused (`refused` below).
 *
 * A file that begins as a JSON document in several lines, or with an array in it, is read as that:
 * the texts of an array, and the members that Spamhaus, Amazon, Google and Microsoft have prefixes
 * in. One that is damaged or ends too early is an error.
 *
 * Two things are not taken from a list unless asked for, because public lists hold them and they
 * would ban the owner's own servers or everybody:
 *   - The addresses of private.h. They are cut out of what is around them: 172.0.0.0/8 is taken
 *     without 172.16.0.0/12.
 *   - A line of more addresses than a /8 (IPv4) or a /16 (IPv6) has: a bad line (0.0.0.0/0 and ::/0
 *     above all). A line of private addresses alone is none, however wide: 224.0.0.0/3 is in many
 *     lists.
 *
 * Memory: under 200 KiB with zlib's, whatever the file; prefixes are given and not kept. */
#ifndef ROPP_TOOLS_LISTS_LISTFILE_H
#define ROPP_TOOLS_LISTS_LISTFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "service/text.h"

/* No list gives more prefixes than this: 384 MiB of them (aggregate.h). */
#define ROPP_LIST_MAX ((uint64_t)1 << 24)

/* More addresses than these have are too wide. */
#define ROPP_LIST_WIDE_V4 8
#define ROPP_LIST_WIDE_V6 16
unsigned ropp_list_wide(enum ropp_family family);

/* The bytes of a line that are looked at, which is more than anything but a comment needs. */
#define ROPP_LIST_LINE 4096

#define ROPP_LIST_TEXT 80 /* the beginning of a bad line, with its NUL */

/* What is wrong with a line. */
enum ropp_list_mistake {
    ROPP_LIST_FINE,          /* nothing */
    ROPP_LIST_NO_ADDRESS,    /* neither address, prefix, range nor pattern */
    ROPP_LIST_BAD_LENGTH,    /* what is behind the slash is no length */
    ROPP_LIST_HOST_BITS,     /* bits are set behind the prefix */
    ROPP_LIST_BACKWARDS,     /* a range ends before it begins */
    ROPP_LIST_TWO_FAMILIES,  /* a range from IPv4 to IPv6 or back */
    ROPP_LIST_MORE_TEXT,     /* something that is no comment is behind it */
    ROPP_LIST_NO_TEXT,       /* control bytes: the file is no text, or UTF-16 */
    ROPP_LIST_TOO_LONG,      /* more than ROPP_LIST_LINE bytes without a comment */
    ROPP_LIST_NO_CIDR,       /* JSON, but no object with a "cidr" */
    ROPP_LIST_TWO_ADDRESSES, /* two or more in columns, which may be a range */
    ROPP_LIST_ASN,           /* the number of an autonomous system */
    ROPP_LIST_ZONE,          /* fe80::1%eth0 */
    ROPP_LIST_OTHER_SET,     /* ipset, nftables: a second set in the file */
    ROPP_LIST_SET_KIND,      /* the same: entries that are no addresses, or more than that */
    ROPP_LIST_IPSET_LIST,    /* `ipset list` */
    ROPP_LIST_NFT_RULES,     /* nftables: rules that name addresses */
    ROPP_LIST_NFT_JSON,      /* `nft -j` */
    ROPP_LIST_NGINX,         /* nginx: allow, deny all, other values than 0 and 1 */
    ROPP_LIST_HOSTS,         /* hosts.deny: names, EXCEPT, commands */
    ROPP_LIST_RULE,          /* a line of hosts.deny among others */
    ROPP_LIST_TOO_WIDE       /* above */
};

/* What is wrong and what to do, to follow the line's text. */
const char *ropp_list_mistake_text(enum ropp_list_mistake mistake);

/* Whether a file that has it is to be refused as a whole. */
bool ropp_list_is_refused(enum ropp_list_mistake mistake);

struct ropp_list_line {
    uint64_t number; /* from 1; a JSON document may have several on one line */
    enum ropp_list_mistake mistake;
    char text[ROPP_LIST_TEXT]; /* fit for a terminal: other than ASCII is '?' */
};

struct ropp_list_options {
    bool keep_private; /* give addresses of private.h like any other */
    bool keep_wide;    /* the same for wide lines */
    bool mask;         /* 192.0.2.7/24 is 192.0.2.0/24, and no mistake */
};

/* Any of these may be NULL. */
struct ropp_list_calls {
    void *context; /* given to each of them */
    /* A line's prefixes, ascending; mostly one. */
    void (*prefix)(void *context, const struct ropp_prefix *prefix);
    void (*set_apart)(void *context, const struct ropp_prefix *prefix);
    void (*bad_line)(void *context, const struct ropp_list_line *line);
    /* After each block of the file: bytes of it so far, compressed ones if it is, of its size; the
     * size is 0 for a pipe. False ends the reading. */
    bool (*progress)(void *context, uint64_t bytes, uint64_t size);
};

struct ropp_list_counts {
    uint64_t bytes;      /* of the text, uncompressed; 0: the file is empty */
    uint64_t lines;      /* all of them */
    uint64_t entries;    /* what the lines have that are neither blank, comment nor bad */
    uint64_t prefixes;   /* given */
    uint64_t set_apart;  /* entries that are private, wholly or in part */
    uint64_t wide_lines; /* of the bad ones, those that are only too wide */
    uint64_t bad_lines;  /* these among them */
    uint64_t masked;     /* entries whose bits were cleared by the option */
    enum ropp_list_mistake refused; /* the first for which all of it is to be refused, or FINE */
    uint64_t refused_line;
    /* Whether it is whole, as far as it says. */
    bool has_stated;     /* it says how many entries it has: Spamhaus, FireHOL, our own exports */
    uint64_t stated;     /* so many */
    bool lacks_metadata; /* Spamhaus' DROP without the line that ends it */
    uint64_t lacks_end;  /* the last line, when it has no end: a cut address is another one */
    bool lacks_brace;    /* nftables or a geo block: a brace is open at the end */
    bool every_network;  /* a table of all networks in the world (GeoLite2), with its heading */
};

enum ropp_list_result {
    ROPP_LIST_READ,    /* to its end; an empty file as well */
    ROPP_LIST_STOPPED, /* by `progress` */
    ROPP_LIST_FAILED   /* error says why; what was given before is not the whole list */
};

/* Reads a file, standard input when path is "-". *counts is written in any case, `error` only with
 * ROPP_LIST_FAILED: cannot be opened or read, cut short or damaged (gzip; with the place), more
 * than ROPP_LIST_MAX prefixes. */
enum ropp_list_result ropp_listfile_read(const char *path, const struct ropp_list_options *options,
                                         const struct ropp_list_calls *calls,
                                         struct ropp_list_counts *counts,
                                         char error[ROPP_ERROR_TEXT]);

#endif
