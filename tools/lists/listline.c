// SPDX-License-Identifier: MIT
#include "tools/lists/listline.h"

#include <string.h>
#include <strings.h>

#include "tools/base/decimal.h"
#include "tools/lists/jsondoc.h"
#include "tools/lists/listprogram.h"

typedef struct ropp_list_text text_t;

static bool has_control(text_t text)
{
    for (size_t i = 0; i < text.size; i++)
        if (((unsigned char)text.at[i] < 0x20 && text.at[i] != '\t') || text.at[i] == 0x7f)
            return true;
    return false;
}

static bool is_text(text_t text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

/* ---- one entry ---- */

/* "255.255.255.0" as 24; -1 when it is no mask. */
static int mask_length(text_t text)
{
    struct ropp_addr addr;
    uint32_t mask;
    int length = 0;

    if (!ropp_addr_parse(text.at, text.size, &addr) || ropp_list_has(text, ':'))
        return -1;
    for (mask = ropp_addr_to_v4(&addr); (mask & 0x80000000u) != 0; mask <<= 1)
        length++;
    return mask == 0 && length > 0 ? length : -1;
}

/* Bits are set behind the prefix: they are cleared where that is wished. */
static enum ropp_list_mistake take_bits(struct ropp_prefix *prefix, struct ropp_list_memory *memory,
                                        struct ropp_range *range)
{
    if (!memory->mask)
        return ROPP_LIST_HOST_BITS;
    ropp_prefix_clear(prefix);
    *range = ropp_range_of(prefix);
    memory->masked++;
    return ROPP_LIST_FINE;
}

/* ADDRESS and a mask such as 255.255.255.0 */
static enum ropp_list_mistake read_masked(text_t address, text_t mask,
                                          struct ropp_list_memory *memory, struct ropp_range *range)
{
    struct ropp_prefix prefix;
    int length = mask_length(mask);

    if (length < 0 || !ropp_addr_parse(address.at, address.size, &prefix.addr) ||
        prefix.addr.family != ROPP_FAMILY_INET)
        return ROPP_LIST_BAD_LENGTH;
    prefix.length = (unsigned)length;
    if (length < 32 && (ropp_addr_to_v4(&prefix.addr) & (UINT32_MAX >> length)) != 0)
        return take_bits(&prefix, memory, range);
    *range = ropp_range_of(&prefix);
    return ROPP_LIST_FINE;
}

/* ADDRESS/LENGTH with bits behind it: the address and the length, which are known to be fine, and
 * those of IPv4 for one with IPv4 inside. */
static enum ropp_list_mistake read_bits(text_t text, struct ropp_list_memory *memory,
                                        struct ropp_range *range)
{
    text_t length = text, address = ropp_list_field(&length, '/');
    struct ropp_prefix prefix;

    prefix.length = (unsigned)ropp_list_number(length);
    if (!ropp_addr_parse(address.at, address.size, &prefix.addr))
        return ROPP_LIST_HOST_BITS;
    if (prefix.addr.family == ROPP_FAMILY_INET && ropp_list_has(address, ':')) {
        if (prefix.length < 96)
            return ROPP_LIST_HOST_BITS;
        prefix.length -= 96;
    }
    return take_bits(&prefix, memory, range);
}

/* ADDRESS[/LENGTH]; an IPv6 address alone is its /64. */
static enum ropp_list_mistake read_prefix(text_t text, struct ropp_list_memory *memory,
                                          struct ropp_range *range)
{
    struct ropp_prefix prefix;

    switch (ropp_prefix_parse(text.at, text.size, &prefix)) {
    case ROPP_PREFIX_OK:
        break;
    case ROPP_PREFIX_BAD_LENGTH:
        return ROPP_LIST_BAD_LENGTH;
    case ROPP_PREFIX_HOST_BITS:
        return read_bits(text, memory, range);
    case ROPP_PREFIX_BAD_ADDRESS:
    default:
        return ROPP_LIST_NO_ADDRESS;
    }
    if (!ropp_list_has(text, '/') && prefix.addr.family == ROPP_FAMILY_INET6) {
        prefix.length = 64;
        ropp_prefix_clear(&prefix);
    }
    *range = ropp_range_of(&prefix);
    return ROPP_LIST_FINE;
}

/* Four numbers of exactly three digits, as ipfilter.dat has them: nothing else writes an address
 * so, while one zero in front may mean octal. Writes it without them; false when it is none. */
static bool without_padding(text_t text, char out[16])
{
    size_t used = 0;

    if (text.size != 15)
        return false;
    for (size_t i = 0; i < 15; i++) {
        if (i % 4 == 3 ? text.at[i] != '.' : text.at[i] < '0' || text.at[i] > '9')
            return false;
        if (text.at[i] == '0' && i % 4 < 2 && (i % 4 == 0 || text.at[i - 1] == '0'))
            continue;
        out[used++] = text.at[i];
    }
    out[used] = '\0';
    return true;
}

static bool read_end(text_t text, struct ropp_addr *addr)
{
    char plain[16];

    return ropp_addr_parse(text.at, text.size, addr) ||
           (without_padding(text, plain) && ropp_addr_parse(plain, strlen(plain), addr));
}

static enum ropp_list_mistake read_ends(const struct ropp_addr *first, const struct ropp_addr *last,
                                        struct ropp_range *range)
{
    range->family = first->family;
    range->first = ropp_number_of(first);
    range->last = ropp_number_of(last);
    if (first->family != last->family)
        return ROPP_LIST_TWO_FAMILIES;
    return ropp_number_compare(range->first, range->last) > 0 ? ROPP_LIST_BACKWARDS
                                                              : ROPP_LIST_FINE;
}

/* FIRST-LAST */
static enum ropp_list_mistake read_range(text_t text, struct ropp_range *range)
{
    text_t last = text, first = ropp_list_field(&last, '-');
    struct ropp_addr first_addr, last_addr;

    if (!read_end(first, &first_addr) || !read_end(ropp_list_trimmed(last), &last_addr))
        return ROPP_LIST_NO_ADDRESS;
    return read_ends(&first_addr, &last_addr, range);
}

/* One to three numbers, then stars. */
static enum ropp_list_mistake read_pattern(text_t text, struct ropp_range *range)
{
    struct ropp_prefix prefix;

    if (!ropp_pattern_parse(text.at, text.size, &prefix))
        return ROPP_LIST_NO_ADDRESS;
    *range = ropp_range_of(&prefix);
    return ROPP_LIST_FINE;
}

/* The last colon, or NULL. */
static const char *last_colon(text_t text)
{
    for (size_t i = text.size; i > 0; i--)
        if (text.at[i - 1] == ':')
            return text.at + i - 1;
    return NULL;
}

/* The address of ADDRESS:PORT (IPv4), [ADDRESS] or [ADDRESS]:PORT; itself when it is neither. */
static text_t without_port(text_t text)
{
    const char *colon = last_colon(text);
    text_t port = ropp_list_piece(text.at, 0), host = text;

    if (colon != NULL) {
        port = ropp_list_piece(colon + 1, text.size - (size_t)(colon + 1 - text.at));
        if (ropp_list_number(port) >= 0)
            host = ropp_list_piece(text.at, (size_t)(colon - text.at));
    }
    if (host.size > 2 && host.at[0] == '[' && host.at[host.size - 1] == ']')
        return ropp_list_piece(host.at + 1, host.size - 2);
    return port.size <= 5 && !ropp_list_has(host, ':') ? host : text;
}

/* "AS64500" */
static bool is_asn(text_t text)
{
    return text.size > 2 && strncasecmp(text.at, "AS", 2) == 0 &&
           ropp_list_number(ropp_list_piece(text.at + 2, text.size - 2)) >= 0;
}

enum ropp_list_mistake ropp_listline_entry(text_t text, struct ropp_list_memory *memory,
                                           struct ropp_range *range)
{
    text_t mask = text, address = ropp_list_field(&mask, '/');
    enum ropp_list_mistake mistake;

    if (ropp_list_has(text, '*'))
        mistake = read_pattern(text, range);
    else if (ropp_list_has(text, '-'))
        mistake = read_range(text, range);
    else if (ropp_list_has(mask, '.'))
        mistake = read_masked(address, mask, memory, range);
    else
        mistake = read_prefix(without_port(text), memory, range);
    if (mistake != ROPP_LIST_FINE && is_asn(text))
        return ROPP_LIST_ASN;
    return mistake != ROPP_LIST_FINE && ropp_list_has(text, '%') ? ROPP_LIST_ZONE : mistake;
}

enum ropp_list_mistake ropp_listline_add(text_t text, struct ropp_list_memory *memory,
                                         struct ropp_list_said *said)
{
    enum ropp_list_mistake mistake;

    if (said->count == ROPP_LIST_RANGES)
        return ROPP_LIST_TOO_LONG;
    mistake = ropp_listline_entry(text, memory, &said->ranges[said->count]);
    said->count += mistake == ROPP_LIST_FINE;
    return mistake;
}

/* A set's name without its family: "banned" of banned4, "ban_new" of banv6_new. */
static void without_family(text_t set, char out[64])
{
    size_t used = 0;

    for (size_t i = 0; i < set.size && used < 63; i++) {
        if (set.at[i] != '4' && set.at[i] != '6')
            out[used++] = set.at[i];
        else if (used > 0 && out[used - 1] == 'v')
            used--;
    }
    out[used] = '\0';
}

bool ropp_listline_set(text_t set, struct ropp_list_memory *memory)
{
    char name[sizeof memory->set];

    without_family(set, name);
    if (!memory->has_set)
        memcpy(memory->set, name, sizeof name);
    memory->has_set = true;
    return strcmp(name, memory->set) == 0;
}

/* ---- a comment ---- */

static void add_stated(struct ropp_list_memory *memory, uint64_t stated)
{
    memory->has_stated = true;
    memory->stated += stated;
}

/* FireHOL's heading and that of our own exports say how many entries there are, behind a word, a
 * colon and blanks in between: "Entries   : 3939 subnets". */
static void read_comment(text_t comment, struct ropp_list_memory *memory)
{
    uint64_t stated;
    text_t word;

    if (comment.size == 0 || comment.at[0] != '#')
        return;
    comment = ropp_list_piece(comment.at + 1, comment.size - 1);
    word = ropp_list_field(&comment, ':');
    comment = ropp_list_trimmed(comment);
    if ((is_text(word, "Entries") || is_text(word, "ropp")) &&
        ropp_decimal_begin(comment.at, comment.size, UINT64_MAX, &stated) > 0)
        add_stated(memory, stated);
}

static text_t without_comment(text_t text)
{
    size_t i;

    for (i = 0; i < text.size; i++)
        if (text.at[i] == '#' || text.at[i] == ';')
            break;
    return ropp_list_piece(text.at, i);
}

/* ---- JSON, an object a line ---- */

static enum ropp_list_mistake read_json(text_t text, struct ropp_list_memory *memory,
                                        struct ropp_list_said *said)
{
    char value[ROPP_JSONDOC_TEXT], sblid[ROPP_JSONDOC_TEXT];
    uint64_t records;

    if (ropp_jsonline_find(text.at, text.size, "cidr", value) == ROPP_JSONLINE_FOUND) {
        if (ropp_jsonline_find(text.at, text.size, "sblid", sblid) == ROPP_JSONLINE_FOUND)
            memory->lacks_metadata = true;
        return read_prefix(ropp_list_piece(value, strlen(value)), memory, said->ranges);
    }
    said->count = 0;
    if (ropp_jsonline_find(text.at, text.size, "type", value) != ROPP_JSONLINE_FOUND ||
        strcmp(value, "metadata") != 0)
        return ROPP_LIST_NO_CIDR;
    memory->lacks_metadata = false;
    if (ropp_jsonline_number(text.at, text.size, "records", &records))
        add_stated(memory, records);
    return ROPP_LIST_FINE;
}

/* ---- columns ---- */

/* A field of a CSV without its quotes. */
static text_t unquoted(text_t text)
{
    if (text.size >= 2 && text.at[0] == '"' && text.at[text.size - 1] == '"')
        return ropp_list_trimmed(ropp_list_piece(text.at + 1, text.size - 2));
    return text;
}

/* Of ipfilter.dat "RANGE , LEVEL , NAME": from 128 on it is let in. */
static bool is_let_in(text_t first, text_t rest)
{
    text_t level = ropp_list_field(&rest, ',');

    return ropp_list_has(first, '-') && level.size == 3 && rest.size > 0 &&
           ropp_list_number(level) >= 128;
}

/* Addresses, all of them, at least three; or one in front and none in the others. Two might be the
 * ends of a range, and which of several is meant where other columns are nobody can say. */
static enum ropp_list_mistake read_commas(text_t text, struct ropp_list_memory *memory,
                                          struct ropp_list_said *said)
{
    text_t rest = text, first = unquoted(ropp_list_field(&rest, ',')), behind = rest;
    enum ropp_list_mistake mistake = ropp_listline_entry(first, memory, said->ranges);
    size_t fields = 1, count = 1;

    if (mistake != ROPP_LIST_FINE)
        return mistake;
    while (rest.size > 0 && count < ROPP_LIST_RANGES) {
        text_t field = unquoted(ropp_list_field(&rest, ','));

        fields += field.size > 0;
        count += ropp_listline_entry(field, memory, &said->ranges[count]) == ROPP_LIST_FINE;
    }
    said->count = count == 1 && is_let_in(first, behind) ? 0 : count;
    if (rest.size > 0 || (count > 1 && (count < fields || count == 2)))
        return ROPP_LIST_TWO_ADDRESSES;
    return ROPP_LIST_FINE;
}

/* START, END and the length of the prefix that they are, as DShield has them. False when they are
 * something else: two columns of addresses may be anything. */
static bool read_tabs(text_t text, struct ropp_list_said *said)
{
    text_t rest = text, start = ropp_list_field(&rest, '\t'), end = ropp_list_field(&rest, '\t'),
           length = ropp_list_field(&rest, '\t');
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    struct ropp_addr first, last;

    return ropp_addr_parse(start.at, start.size, &first) &&
           ropp_addr_parse(end.at, end.size, &last) &&
           read_ends(&first, &last, said->ranges) == ROPP_LIST_FINE &&
           ropp_range_prefixes(said->ranges, prefixes) == 1 &&
           (long)prefixes[0].length == ropp_list_number(length);
}

/* What the first column of a heading is called. */
static bool is_heading(text_t text)
{
    static const char *const names[] = {"start", "network", "ip",      "ip_address", "ipaddress",
                                        "cidr",  "prefix",  "address", "range",      "ip_range"};
    text_t rest = text, first = ropp_list_field(&rest, ropp_list_has(text, ',') ? ',' : '\t');

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (ropp_list_is(unquoted(first), names[i]))
            return true;
    return false;
}

/* GeoLite2's tables have every network there is, each with the number of its country. */
static bool is_every_network(text_t text)
{
    while (text.size > 0)
        if (ropp_list_is(unquoted(ropp_list_field(&text, ',')), "geoname_id"))
            return true;
    return false;
}

/* ---- lists with words ---- */

/* A line of Tor's list of exits. */
static bool read_tor(text_t text, struct ropp_list_memory *memory, struct ropp_list_said *said,
                     enum ropp_list_mistake *mistake)
{
    static const char *const passed[] = {"ExitNode", "LastStatus", "Published"};
    text_t rest = text, word = ropp_list_word(&rest);

    if (rest.size > 0 && ropp_list_is_one(word, passed, sizeof passed / sizeof passed[0]))
        said->count = 0;
    else if (ropp_list_is(word, "ExitAddress"))
        *mistake = ropp_listline_entry(ropp_list_word(&rest), memory, said->ranges);
    else
        return false;
    return true;
}

/* NAME:FIRST-LAST of IPv4 addresses, as PeerGuardian's lists have it; the name may be anything. */
static bool read_p2p(text_t text, struct ropp_list_said *said)
{
    const char *colon = last_colon(text);
    text_t name, range, word;
    struct ropp_addr addr;

    if (colon == NULL)
        return false;
    name = ropp_list_piece(text.at, (size_t)(colon - text.at));
    range = ropp_list_piece(colon + 1, text.size - name.size - 1);
    word = ropp_list_word(&name);
    said->count = 1;
    return ropp_list_has(range, '-') && !ropp_addr_parse(word.at, word.size, &addr) &&
           read_range(range, said->ranges) == ROPP_LIST_FINE;
}

/* ---- a line ---- */

/* One entry, and nothing behind it but its mask or the number of its network's operator. */
static enum ropp_list_mistake read_words(text_t text, struct ropp_list_memory *memory,
                                         struct ropp_list_said *said)
{
    text_t rest = text, first = ropp_list_word(&rest), second = ropp_list_word(&rest);
    bool is_masked = second.size > 0 && rest.size == 0 && mask_length(second) >= 8;
    enum ropp_list_mistake mistake;

    if (is_masked)
        mistake = read_masked(first, second, memory, said->ranges);
    else if (ropp_list_has(text, '-') && !is_asn(second))
        mistake = read_range(text, said->ranges);
    else
        mistake = ropp_listline_entry(first, memory, said->ranges);
    if (mistake == ROPP_LIST_FINE && !ropp_list_has(text, '-') && second.size > 0 && !is_masked &&
        (rest.size > 0 || !is_asn(second)))
        return ROPP_LIST_MORE_TEXT;
    return mistake;
}

static enum ropp_list_mistake
read_entry(text_t text, bool is_first, struct ropp_list_memory *memory, struct ropp_list_said *said)
{
    enum ropp_list_mistake mistake = ROPP_LIST_FINE;

    if (read_tor(text, memory, said, &mistake))
        return mistake;
    if (ropp_list_has(text, ','))
        mistake = read_commas(text, memory, said);
    else if (!ropp_list_has(text, '\t') || !read_tabs(text, said))
        mistake = read_words(text, memory, said);
    if (mistake == ROPP_LIST_FINE || !is_first || !is_heading(text))
        return mistake;
    memory->every_network = is_every_network(text);
    said->count = 0;
    return ROPP_LIST_FINE;
}

/* What people write, or write down: an entry and a comment. */
static enum ropp_list_mistake read_plain(text_t line, text_t text, bool is_first,
                                         struct ropp_list_memory *memory,
                                         struct ropp_list_said *said)
{
    enum ropp_list_mistake mistake = read_entry(text, is_first, memory, said);

    if (mistake == ROPP_LIST_FINE)
        return mistake;
    if (has_control(text))
        mistake = ROPP_LIST_NO_TEXT;
    else if (read_p2p(line, said))
        return ROPP_LIST_FINE;
    if (mistake != ROPP_LIST_NO_ADDRESS && mistake != ROPP_LIST_MORE_TEXT &&
        mistake != ROPP_LIST_TWO_ADDRESSES)
        return mistake;
    return ropp_list_hosts(line, is_first, memory, said) ? said->mistake : mistake;
}

/* Whether the line may be of a program: those begin with a word, unless they go on within braces. */
static bool is_programs(text_t line, const struct ropp_list_memory *memory)
{
    char first = line.size > 0 ? line.at[0] : ' ';

    return memory->nft.begun || memory->is_geo || (first >= 'a' && first <= 'z') ||
           (first >= 'A' && first <= 'Z');
}

static enum ropp_list_mistake read_line(text_t text, bool is_cut, struct ropp_list_memory *memory,
                                        struct ropp_list_said *said)
{
    text_t line = ropp_list_trimmed(text), entry = without_comment(text);
    bool is_first = !memory->begun;

    if (line.size > 0 && line.at[0] == '{' && !memory->nft.begun)
        return is_cut ? ROPP_LIST_TOO_LONG : read_json(line, memory, said);
    if (is_cut && (entry.size == text.size || is_programs(line, memory)))
        return has_control(text) ? ROPP_LIST_NO_TEXT : ROPP_LIST_TOO_LONG;
    entry = ropp_list_trimmed(entry);
    if (line.size == 0 || (entry.size == 0 && !memory->nft.begun)) {
        read_comment(line, memory);
        said->count = 0;
        return ROPP_LIST_FINE;
    }
    memory->begun = true;
    said->mistake = ROPP_LIST_FINE;
    said->count = 0;
    if (is_programs(line, memory) &&
        (ropp_list_nft(line, is_first, memory, said) || ropp_list_ipset(line, memory, said) ||
         ropp_list_nginx(line, is_first, memory, said)))
        return said->mistake;
    said->count = 1;
    return read_plain(is_cut ? entry : line, entry, is_first, memory, said);
}

void ropp_listline_read(text_t text, uint64_t size, struct ropp_list_memory *memory,
                        struct ropp_list_said *said)
{
    said->count = 1; /* one entry, unless a form has more or none */
    said->mistake = read_line(text, size > text.size, memory, said);
    if (said->mistake != ROPP_LIST_FINE)
        said->count = 0;
}
