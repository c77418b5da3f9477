#include "tools/lists/listline.h"

#include <string.h>
#include <strings.h>

#include "tools/lists/jsonline.h"

typedef struct ropp_list_text text_t;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static text_t piece(const char *at, size_t size)
{
    text_t text = {at, size};

    return text;
}

text_t ropp_list_trimmed(text_t text)
{
    while (text.size > 0 && is_blank(text.at[0])) {
        text.at++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.at[text.size - 1]))
        text.size--;
    return text;
}

static bool has_char(text_t text, char c)
{
    return text.size > 0 && memchr(text.at, c, text.size) != NULL;
}

static bool has_control(text_t text)
{
    size_t i;

    for (i = 0; i < text.size; i++)
        if (((unsigned char)text.at[i] < 0x20 && text.at[i] != '\t') || text.at[i] == 0x7f)
            return true;
    return false;
}

/* In any case of letters. */
static bool is_word(text_t text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.at, word, text.size) == 0;
}

static bool is_number(text_t text)
{
    size_t i;

    for (i = 0; i < text.size; i++)
        if (!is_digit(text.at[i]))
            return false;
    return text.size > 0 && text.size <= 9;
}

/* Of digits alone. */
static uint64_t number_of(text_t text)
{
    uint64_t number = 0;
    size_t i;

    for (i = 0; i < text.size && is_digit(text.at[i]) && number < UINT64_MAX / 20; i++)
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    return number;
}

/* Takes what is before the separator off; the rest is behind it. */
static text_t take_field(text_t *rest, char separator)
{
    const char *end = rest->size > 0 ? (const char *)memchr(rest->at, separator, rest->size) : NULL;
    text_t field = *rest;

    if (end == NULL) {
        *rest = piece(rest->at + rest->size, 0);
        return ropp_list_trimmed(field);
    }
    field.size = (size_t)(end - rest->at);
    *rest = piece(end + 1, rest->size - field.size - 1);
    return ropp_list_trimmed(field);
}

/* Takes the first word off. */
static text_t take_word(text_t *rest)
{
    text_t word = ropp_list_trimmed(*rest);
    size_t size = 0;

    while (size < word.size && !is_blank(word.at[size]))
        size++;
    *rest = ropp_list_trimmed(piece(word.at + size, word.size - size));
    return piece(word.at, size);
}

/* ---- what came of it ---- */

static void say_nothing(struct ropp_list_said *said)
{
    said->outcome = ROPP_LIST_NOTHING;
    said->count = 0;
}

static void say_wrong(struct ropp_list_said *said, enum ropp_list_mistake mistake)
{
    said->outcome = ROPP_LIST_MISTAKE;
    said->mistake = mistake;
    said->count = 0;
}

static void say_range(struct ropp_list_said *said, const struct ropp_range *range)
{
    said->outcome = ROPP_LIST_RANGE;
    said->ranges[0] = *range;
    said->count = 1;
}

static void say_prefix(struct ropp_list_said *said, const struct ropp_prefix *prefix)
{
    struct ropp_range range = ropp_range_of(prefix);

    say_range(said, &range);
}

/* ---- one entry ---- */

/* "255.255.255.0" as 24; -1 when it is no mask. */
static int mask_length(text_t text)
{
    struct ropp_addr addr;
    uint32_t mask;
    int length = 0;

    if (!ropp_addr_parse(text.at, text.size, &addr) || has_char(text, ':'))
        return -1;
    for (mask = ropp_addr_to_v4(&addr); (mask & 0x80000000u) != 0; mask <<= 1)
        length++;
    return mask == 0 && length > 0 ? length : -1;
}

/* ADDRESS and a mask such as 255.255.255.0 */
static void read_masked(text_t address, text_t mask, struct ropp_list_said *said)
{
    struct ropp_prefix prefix;
    int length = mask_length(mask);

    if (length < 0 || !ropp_addr_parse(address.at, address.size, &prefix.addr) ||
        prefix.addr.family != ROPP_FAMILY_INET) {
        say_wrong(said, ROPP_LIST_BAD_LENGTH);
        return;
    }
    prefix.length = (unsigned)length;
    if (length < 32 && (ropp_addr_to_v4(&prefix.addr) & (UINT32_MAX >> length)) != 0)
        say_wrong(said, ROPP_LIST_HOST_BITS);
    else
        say_prefix(said, &prefix);
}

/* ADDRESS[/LENGTH]; an IPv6 address alone is its /64. */
static void read_prefix(text_t text, struct ropp_list_said *said)
{
    struct ropp_prefix prefix;

    switch (ropp_prefix_parse(text.at, text.size, &prefix)) {
    case ROPP_PREFIX_OK:
        break;
    case ROPP_PREFIX_BAD_LENGTH:
        say_wrong(said, ROPP_LIST_BAD_LENGTH);
        return;
    case ROPP_PREFIX_HOST_BITS:
        say_wrong(said, ROPP_LIST_HOST_BITS);
        return;
    case ROPP_PREFIX_BAD_ADDRESS:
    default:
        say_wrong(said, ROPP_LIST_NO_ADDRESS);
        return;
    }
    if (!has_char(text, '/') && prefix.addr.family == ROPP_FAMILY_INET6) {
        prefix.length = 64;
        memset(prefix.addr.bytes + 8, 0, 8);
    }
    say_prefix(said, &prefix);
}

/* Four numbers of exactly three digits, as ipfilter.dat has them: nothing else writes an address
 * so, while one zero in front may mean octal. Writes it without them; false when it is none. */
static bool without_padding(text_t text, char out[16])
{
    size_t i, used = 0;

    if (text.size != 15)
        return false;
    for (i = 0; i < 15; i++) {
        if (i % 4 == 3 ? text.at[i] != '.' : !is_digit(text.at[i]))
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

static void read_ends(const struct ropp_addr *first, const struct ropp_addr *last,
                      struct ropp_list_said *said)
{
    struct ropp_range range;

    range.family = first->family;
    range.first = ropp_number_of(first);
    range.last = ropp_number_of(last);
    if (first->family != last->family)
        say_wrong(said, ROPP_LIST_TWO_FAMILIES);
    else if (ropp_number_compare(range.first, range.last) > 0)
        say_wrong(said, ROPP_LIST_BACKWARDS);
    else
        say_range(said, &range);
}

/* FIRST-LAST */
static void read_range(text_t text, struct ropp_list_said *said)
{
    text_t last = text, first = take_field(&last, '-');
    struct ropp_addr first_addr, last_addr;

    last = ropp_list_trimmed(last);
    if (read_end(first, &first_addr) && read_end(last, &last_addr))
        read_ends(&first_addr, &last_addr, said);
    else
        say_wrong(said, ROPP_LIST_NO_ADDRESS);
}

/* One to three numbers, then stars: zeros take their place, and the address is parsed as one. */
static void read_pattern(text_t text, struct ropp_list_said *said)
{
    char digits[sizeof "255.255.255.255"];
    unsigned dots = 0, stars = 0;
    struct ropp_prefix prefix;
    size_t i;

    say_wrong(said, ROPP_LIST_NO_ADDRESS);
    if (text.size >= sizeof digits)
        return;
    for (i = 0; i < text.size; i++) {
        digits[i] = text.at[i] == '*' ? '0' : text.at[i];
        dots += text.at[i] == '.';
        stars += text.at[i] == '*';
        /* A star is a whole part, and what is behind it are stars. */
        if ((text.at[i] == '*' && (i == 0 || text.at[i - 1] != '.')) ||
            (text.at[i] != '*' && text.at[i] != '.' && stars > 0))
            return;
    }
    if (dots != 3 || ropp_prefix_parse(digits, text.size, &prefix) != ROPP_PREFIX_OK ||
        prefix.addr.family != ROPP_FAMILY_INET)
        return;
    prefix.length = 32 - 8 * stars;
    say_prefix(said, &prefix);
}

/* The last colon, or NULL. */
static const char *last_colon(text_t text)
{
    size_t i;

    for (i = text.size; i > 0; i--)
        if (text.at[i - 1] == ':')
            return text.at + i - 1;
    return NULL;
}

/* The address of ADDRESS:PORT (IPv4), [ADDRESS] or [ADDRESS]:PORT; itself when it is neither. */
static text_t without_port(text_t text)
{
    const char *colon = last_colon(text);
    text_t port = piece(text.at, 0), host = text;

    if (colon != NULL && is_number(piece(colon + 1, text.size - (size_t)(colon + 1 - text.at)))) {
        port = piece(colon + 1, text.size - (size_t)(colon + 1 - text.at));
        host = piece(text.at, (size_t)(colon - text.at));
    }
    if (host.size > 2 && host.at[0] == '[' && host.at[host.size - 1] == ']')
        return piece(host.at + 1, host.size - 2);
    return port.size > 0 && port.size <= 5 && !has_char(host, ':') ? host : text;
}

/* "AS64500" */
static bool is_asn(text_t text)
{
    return text.size > 2 && strncasecmp(text.at, "AS", 2) == 0 &&
           is_number(piece(text.at + 2, text.size - 2));
}

void ropp_listline_entry(text_t text, struct ropp_list_said *said)
{
    text_t mask = text, address = take_field(&mask, '/');

    if (has_char(text, '*'))
        read_pattern(text, said);
    else if (has_char(text, '-'))
        read_range(text, said);
    else if (has_char(mask, '.'))
        read_masked(address, mask, said);
    else
        read_prefix(without_port(text), said);
    if (said->outcome == ROPP_LIST_MISTAKE && is_asn(text))
        say_wrong(said, ROPP_LIST_ASN);
    else if (said->outcome == ROPP_LIST_MISTAKE && has_char(text, '%'))
        say_wrong(said, ROPP_LIST_ZONE);
}

/* ---- a comment ---- */

/* The number behind these words, a colon and blanks in between: "Entries   : 3939 subnets". */
static bool read_stated(text_t comment, const char *words, uint64_t *stated)
{
    size_t length = strlen(words);
    text_t rest;

    if (comment.size < length || strncmp(comment.at, words, length) != 0)
        return false;
    rest = ropp_list_trimmed(piece(comment.at + length, comment.size - length));
    if (rest.size == 0 || rest.at[0] != ':')
        return false;
    rest = ropp_list_trimmed(piece(rest.at + 1, rest.size - 1));
    if (rest.size == 0 || !is_digit(rest.at[0]))
        return false;
    *stated = number_of(rest);
    return true;
}

static void add_stated(struct ropp_list_memory *memory, uint64_t stated)
{
    memory->has_stated = true;
    memory->stated += stated;
}

/* FireHOL's heading and that of our own exports say how many entries there are. */
static void read_comment(text_t text, struct ropp_list_memory *memory)
{
    text_t comment = ropp_list_trimmed(text);
    uint64_t stated;

    if (comment.size == 0 || comment.at[0] != '#')
        return;
    comment = ropp_list_trimmed(piece(comment.at + 1, comment.size - 1));
    if (read_stated(comment, "Entries", &stated) || read_stated(comment, "ropp", &stated))
        add_stated(memory, stated);
}

static text_t without_comment(text_t text)
{
    size_t i;

    for (i = 0; i < text.size; i++)
        if (text.at[i] == '#' || text.at[i] == ';')
            break;
    return piece(text.at, i);
}

/* ---- JSON, an object a line ---- */

static void read_json(text_t text, struct ropp_list_memory *memory, struct ropp_list_said *said)
{
    char value[ROPP_JSONLINE_TEXT];
    uint64_t records;

    if (ropp_jsonline_find(text.at, text.size, "cidr", value) == ROPP_JSONLINE_FOUND) {
        read_prefix(piece(value, strlen(value)), said);
        if (ropp_jsonline_find(text.at, text.size, "sblid", value) == ROPP_JSONLINE_FOUND)
            memory->lacks_metadata = true;
        return;
    }
    say_wrong(said, ROPP_LIST_NO_CIDR);
    if (ropp_jsonline_find(text.at, text.size, "type", value) != ROPP_JSONLINE_FOUND ||
        strcmp(value, "metadata") != 0)
        return;
    say_nothing(said);
    memory->lacks_metadata = false;
    if (ropp_jsonline_number(text.at, text.size, "records", &records))
        add_stated(memory, records);
}

/* ---- columns ---- */

/* A field of a CSV without its quotes. */
static text_t unquoted(text_t text)
{
    if (text.size >= 2 && text.at[0] == '"' && text.at[text.size - 1] == '"')
        return ropp_list_trimmed(piece(text.at + 1, text.size - 2));
    return text;
}

/* Of ipfilter.dat "RANGE , LEVEL , NAME": from 128 on it is let in. */
static bool is_let_in(text_t first, text_t rest)
{
    text_t level = take_field(&rest, ',');

    return has_char(first, '-') && level.size == 3 && is_number(level) && rest.size > 0 &&
           number_of(level) >= 128;
}

/* Addresses, all of them, at least three; or one in front and none in the others. Two might be the
 * ends of a range, and which of several is meant where other columns are nobody can tell. */
static void read_commas(text_t text, struct ropp_list_said *said)
{
    text_t rest = text, first = unquoted(take_field(&rest, ',')), behind = rest;
    struct ropp_range range;
    size_t fields = 1, count = 1;

    ropp_listline_entry(first, said);
    if (said->outcome != ROPP_LIST_RANGE)
        return;
    range = said->ranges[0];
    while (rest.size > 0 && count < ROPP_LIST_RANGES) {
        text_t field = unquoted(take_field(&rest, ','));

        fields += field.size > 0;
        ropp_listline_entry(field, said);
        if (said->outcome == ROPP_LIST_RANGE)
            said->ranges[count++] = said->ranges[0];
    }
    say_range(said, &range);
    said->count = count;
    if (count == 1 && is_let_in(first, behind))
        say_nothing(said);
    else if (rest.size > 0 || (count > 1 && (count < fields || count == 2)))
        say_wrong(said, ROPP_LIST_TWO_ADDRESSES);
}

/* START, END and the length of the prefix that they are, as DShield has them. False when they are
 * something else: two columns of addresses may be anything. */
static bool read_tabs(text_t text, struct ropp_list_said *said)
{
    text_t rest = text, start = take_field(&rest, '\t'), end = take_field(&rest, '\t'),
           length = take_field(&rest, '\t');
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    struct ropp_addr first, last;

    if (!ropp_addr_parse(start.at, start.size, &first) ||
        !ropp_addr_parse(end.at, end.size, &last) || !is_number(length))
        return false;
    read_ends(&first, &last, said);
    return said->outcome == ROPP_LIST_RANGE &&
           ropp_range_prefixes(&said->ranges[0], prefixes) == 1 &&
           prefixes[0].length == number_of(length);
}

/* What the first column of a heading is called. */
static bool is_heading(text_t text)
{
    static const char *const names[] = {"start", "network", "ip",      "ip_address", "ipaddress",
                                        "cidr",  "prefix",  "address", "range",      "ip_range"};
    text_t rest = text, first = take_field(&rest, has_char(text, ',') ? ',' : '\t');
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is_word(unquoted(first), names[i]))
            return true;
    return false;
}

/* GeoLite2's tables have every network there is, each with the number of its country. */
static bool is_every_network(text_t text)
{
    while (text.size > 0)
        if (is_word(unquoted(take_field(&text, ',')), "geoname_id"))
            return true;
    return false;
}

/* ---- what programs write ---- */

/* "add SET ENTRY" of `ipset save`, and the end of the entry's time if it has one. Sets called alike
 * but for the family are one list. */
static void read_ipset(text_t rest, struct ropp_list_memory *memory, struct ropp_list_said *said)
{
    text_t set = take_word(&rest), entry, option;

    if (is_word(set, "-exist") || is_word(set, "-!"))
        set = take_word(&rest);
    entry = take_word(&rest);
    option = take_word(&rest);
    while (set.size > 0 && strchr("46v", set.at[set.size - 1]) != NULL)
        set.size--;
    if (set.size >= sizeof memory->set)
        set.size = sizeof memory->set - 1;
    if (memory->set[0] == '\0')
        memcpy(memory->set, set.at, set.size);
    ropp_listline_entry(entry, said);
    if (said->outcome == ROPP_LIST_RANGE && !is_word(set, memory->set))
        say_wrong(said, ROPP_LIST_OTHER_SET);
    else if (said->outcome == ROPP_LIST_RANGE && option.size > 0 && !is_word(option, "timeout") &&
             !is_word(option, "comment") && !is_word(option, "packets"))
        say_wrong(said, ROPP_LIST_MORE_TEXT);
}

/* A line that begins with a word which tells the form: of `ipset save`, of nginx (deny), of Tor's
 * list of exits. False when it is none. */
static bool read_keyword(text_t text, struct ropp_list_memory *memory, struct ropp_list_said *said)
{
    static const char *const passed[] = {"create",   "flush",      "swap",     "destroy",
                                         "ExitNode", "LastStatus", "Published"};
    text_t rest = text, word = take_word(&rest);
    size_t i;

    for (i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (rest.size > 0 && is_word(word, passed[i])) {
            say_nothing(said);
            return true;
        }
    if (is_word(word, "add"))
        read_ipset(rest, memory, said);
    else if (is_word(word, "deny"))
        ropp_listline_entry(rest, said);
    else if (is_word(word, "ExitAddress"))
        ropp_listline_entry(take_word(&rest), said);
    else
        return false;
    return true;
}

/* NAME:FIRST-LAST of IPv4 addresses, as PeerGuardian's lists have it; the name may be anything. */
static bool read_p2p(text_t text, struct ropp_list_said *said)
{
    const char *colon = last_colon(text);
    text_t name, range, rest, word;
    struct ropp_addr addr;

    if (colon == NULL)
        return false;
    name = piece(text.at, (size_t)(colon - text.at));
    range = piece(colon + 1, text.size - name.size - 1);
    rest = name;
    word = take_word(&rest);
    if (!has_char(range, '-') || ropp_addr_parse(word.at, word.size, &addr))
        return false;
    read_range(range, said);
    return said->outcome == ROPP_LIST_RANGE;
}

/* "ALL: ADDRESS", "allow ADDRESS": what is meant depends on more than the address. */
static bool is_rule(text_t text)
{
    text_t rest = text, word = take_word(&rest);

    return rest.size > 0 &&
           (is_word(word, "allow") ||
            (word.size > 1 &&
             strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", word.at[0]) != NULL &&
             word.at[word.size - 1] == ':'));
}

/* ---- a line ---- */

/* One entry, and nothing behind it but its mask or the number of its network's operator. */
static void read_words(text_t text, struct ropp_list_said *said)
{
    text_t rest = text, first = take_word(&rest), second = take_word(&rest);

    if (second.size > 0 && rest.size == 0 && mask_length(second) >= 8)
        read_masked(first, second, said);
    else if (has_char(text, '-') && !is_asn(second))
        read_range(text, said);
    else
        ropp_listline_entry(first, said);
    if (said->outcome == ROPP_LIST_RANGE && !has_char(text, '-') && second.size > 0 &&
        mask_length(second) < 8 && (rest.size > 0 || !is_asn(second)))
        say_wrong(said, ROPP_LIST_MORE_TEXT);
}

static void read_entry(text_t text, struct ropp_list_memory *memory, struct ropp_list_said *said)
{
    bool first = !memory->begun;

    memory->begun = true;
    if (read_keyword(text, memory, said))
        return;
    if (has_char(text, ','))
        read_commas(text, said);
    else if (!has_char(text, '\t') || !read_tabs(text, said))
        read_words(text, said);
    if (said->outcome != ROPP_LIST_MISTAKE || !first || !is_heading(text))
        return;
    say_nothing(said);
    memory->every_network = is_every_network(text);
}

void ropp_listline_read(text_t text, uint64_t size, struct ropp_list_memory *memory,
                        struct ropp_list_said *said)
{
    text_t whole = ropp_list_trimmed(text), entry = without_comment(text);
    bool is_cut = size > text.size;
    enum ropp_list_mistake mistake;

    say_nothing(said);
    if (whole.size > 0 && whole.at[0] == '{') {
        if (is_cut)
            say_wrong(said, ROPP_LIST_TOO_LONG);
        else
            read_json(whole, memory, said);
        return;
    }
    if (entry.size == text.size && is_cut) {
        say_wrong(said, has_control(text) ? ROPP_LIST_NO_TEXT : ROPP_LIST_TOO_LONG);
        return;
    }
    entry = ropp_list_trimmed(entry);
    if (entry.size == 0) {
        read_comment(text, memory);
        return;
    }
    read_entry(entry, memory, said);
    if (said->outcome != ROPP_LIST_MISTAKE)
        return;
    mistake = has_control(entry) ? ROPP_LIST_NO_TEXT : said->mistake;
    if (mistake == ROPP_LIST_NO_TEXT || is_cut || !read_p2p(whole, said))
        say_wrong(said, is_rule(entry) ? ROPP_LIST_RULE : mistake);
}
