// SPDX-License-Identifier: MIT
#include "tools/lists/listprogram.h"

#include <stdio.h>
#include <string.h>

typedef struct ropp_list_text text_t;

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* What cannot be read of such a line is more than a slip, but for what --mask mends. */
static enum ropp_list_mistake or_else(enum ropp_list_mistake mistake,
                                      enum ropp_list_mistake of_form)
{
    return mistake == ROPP_LIST_FINE || mistake == ROPP_LIST_HOST_BITS ? mistake : of_form;
}

/* ---- ipset ---- */

/* "timeout 60 packets 0 bytes 0 comment "x"": none of them changes which address it is. */
static bool are_options(text_t rest)
{
    static const char *const with_value[] = {"timeout", "packets", "bytes",   "comment",
                                             "skbmark", "skbprio", "skbqueue"};

    while (rest.size > 0) {
        text_t option = ropp_list_token(&rest);

        if (option.size > 0 && !ropp_list_is_one(option, with_value, COUNT_OF(with_value)))
            return false;
        ropp_list_token(&rest);
    }
    return true;
}

/* NAME TYPE ... of a set that has addresses and nothing else. */
static enum ropp_list_mistake check_create(text_t rest)
{
    static const char *const kinds[] = {"hash:ip", "hash:net", "bitmap:ip"};
    text_t word = ropp_list_token(&rest);

    if (ropp_list_is(word, "-exist") || ropp_list_is(word, "-!"))
        word = ropp_list_token(&rest);
    if (!ropp_list_is_one(ropp_list_word(&rest), kinds, COUNT_OF(kinds)))
        return ROPP_LIST_SET_KIND;
    while (rest.size > 0)
        if (ropp_list_is(ropp_list_token(&rest), "netmask"))
            return ROPP_LIST_SET_KIND;
    return ROPP_LIST_FINE;
}

static enum ropp_list_mistake read_add(text_t rest, struct ropp_list_memory *memory,
                                       struct ropp_list_said *said)
{
    text_t set = ropp_list_token(&rest), entry;
    enum ropp_list_mistake mistake;

    if (ropp_list_is(set, "-exist") || ropp_list_is(set, "-!"))
        set = ropp_list_token(&rest);
    entry = ropp_list_word(&rest);
    mistake = or_else(ropp_listline_add(entry, memory, said), ROPP_LIST_SET_KIND);
    if (mistake == ROPP_LIST_FINE && !ropp_listline_set(set, memory))
        return ROPP_LIST_OTHER_SET;
    return mistake == ROPP_LIST_FINE && !are_options(rest) ? ROPP_LIST_SET_KIND : mistake;
}

bool ropp_list_ipset(text_t line, struct ropp_list_memory *memory, struct ropp_list_said *said)
{
    static const char *const passed[] = {"flush", "swap", "destroy"};
    text_t rest = line, word = ropp_list_token(&rest);

    if (rest.size == 0)
        return false;
    if (ropp_list_is(word, "create"))
        said->mistake = check_create(rest);
    else if (ropp_list_is(word, "add"))
        said->mistake = read_add(rest, memory, said);
    else if (ropp_list_is(word, "del"))
        said->mistake = ROPP_LIST_SET_KIND;
    else
        return ropp_list_is_one(word, passed, COUNT_OF(passed));
    return true;
}

/* ---- nginx ---- */

/* What is before the semicolon, when there is one. */
static bool take_statement(text_t *rest, text_t *statement)
{
    if (rest->size == 0 || rest->at[0] == '#' || !ropp_list_has(*rest, ';'))
        return false;
    *statement = ropp_list_field(rest, ';');
    *rest = ropp_list_trimmed(*rest);
    return true;
}

/* "deny 192.0.2.7; deny 192.0.3.0/24;" */
static enum ropp_list_mistake read_denied(text_t rest, struct ropp_list_memory *memory,
                                          struct ropp_list_said *said)
{
    enum ropp_list_mistake mistake = ROPP_LIST_FINE;
    text_t statement;

    while (mistake == ROPP_LIST_FINE && take_statement(&rest, &statement)) {
        if (!ropp_list_is(ropp_list_word(&statement), "deny"))
            return ROPP_LIST_NGINX;
        mistake = or_else(ropp_listline_add(statement, memory, said), ROPP_LIST_NGINX);
    }
    if (mistake == ROPP_LIST_FINE && rest.size > 0 && rest.at[0] != '#')
        return ROPP_LIST_NGINX;
    return mistake;
}

/* "default 0;", "192.0.2.0/24 1;", and what changes neither. */
static enum ropp_list_mistake read_geo(text_t rest, struct ropp_list_memory *memory,
                                       struct ropp_list_said *said)
{
    static const char *const passed[] = {"ranges", "proxy_recursive"};
    enum ropp_list_mistake mistake = ROPP_LIST_FINE;
    text_t statement, word;

    while (mistake == ROPP_LIST_FINE && take_statement(&rest, &statement)) {
        word = ropp_list_word(&statement);
        if (ropp_list_is_one(word, passed, COUNT_OF(passed)))
            continue;
        if (ropp_list_is(word, "default"))
            mistake = ropp_list_number(statement) == 0 ? ROPP_LIST_FINE : ROPP_LIST_NGINX;
        else if (ropp_list_number(statement) == 1)
            mistake = or_else(ropp_listline_add(word, memory, said), ROPP_LIST_NGINX);
        else
            mistake = ROPP_LIST_NGINX;
    }
    if (mistake != ROPP_LIST_FINE || rest.size == 0 || rest.at[0] == '#')
        return mistake;
    memory->is_open = false;
    return ropp_list_is(ropp_list_token(&rest), "}") ? ROPP_LIST_FINE : ROPP_LIST_NGINX;
}

bool ropp_list_nginx(text_t line, bool is_first, struct ropp_list_memory *memory,
                     struct ropp_list_said *said)
{
    text_t rest = line, word = ropp_list_word(&rest);

    if (is_first && ropp_list_is(word, "geo") && ropp_list_has(rest, '{')) {
        memory->is_geo = memory->is_open = true;
        ropp_list_field(&rest, '{');
        line = ropp_list_trimmed(rest);
    } else if (is_first && ropp_list_is(word, "default") && ropp_list_has(rest, ';')) {
        memory->is_geo = true;
    }
    if (memory->is_geo)
        said->mistake = read_geo(line, memory, said);
    else if (rest.size > 0 && ropp_list_is(word, "deny"))
        said->mistake = read_denied(line, memory, said);
    else if (rest.size > 0 && ropp_list_is(word, "allow") && ropp_list_has(rest, ';'))
        said->mistake = ROPP_LIST_NGINX;
    else
        return false;
    return true;
}

/* ---- hosts.deny ---- */

/* ALL, or names of programs, which are in small letters: "sshd", "in.telnetd, vsftpd". */
static bool are_daemons(text_t text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_, \t";

    if (ropp_list_is(text, "ALL"))
        return true;
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] == '\0' || strchr(letters, text.at[i]) == NULL)
            return false;
    return text.size > 0 && strchr(letters, text.at[0]) - letters < 26;
}

/* Takes what is up to the colon that ends the clients: those of an IPv6 address are in brackets. */
static text_t take_clients(text_t *rest)
{
    text_t all = *rest;
    bool is_inside = false;
    size_t size = 0;

    while (size < all.size && (is_inside || all.at[size] != ':')) {
        is_inside = all.at[size] == '[' || (is_inside && all.at[size] != ']');
        size++;
    }
    *rest = ropp_list_piece(all.at + size, all.size - size);
    return ropp_list_piece(all.at, size);
}

/* 192.0.2.7, 192.0.2.0/255.255.255.0, [2001:db8::]/32, and "192.0.2." for all that begin so. */
static enum ropp_list_mistake read_client(text_t client, struct ropp_list_memory *memory,
                                          struct ropp_list_said *said)
{
    char plain[ROPP_LIST_TEXT];
    text_t length = client, address = ropp_list_field(&length, '/');
    int used;

    if (client.size >= sizeof plain - sizeof "*.*.*")
        return ROPP_LIST_HOSTS;
    if (client.at[client.size - 1] == '.') {
        size_t dots = 0;

        for (size_t i = 0; i < client.size; i++)
            dots += client.at[i] == '.';
        if (dots < 1 || dots > 3)
            return ROPP_LIST_HOSTS;
        used = snprintf(plain, sizeof plain, "%.*s%s", (int)client.size, client.at,
                        &"*.*.*"[2 * (dots - 1)]);
    } else if (length.size > 0 && address.size > 2 && address.at[0] == '[' &&
               address.at[address.size - 1] == ']') {
        used = snprintf(plain, sizeof plain, "%.*s/%.*s", (int)address.size - 2, address.at + 1,
                        (int)length.size, length.at);
    } else {
        return or_else(ropp_listline_add(client, memory, said), ROPP_LIST_HOSTS);
    }
    return or_else(ropp_listline_add(ropp_list_piece(plain, (size_t)used), memory, said),
                   ROPP_LIST_HOSTS);
}

static enum ropp_list_mistake read_clients(text_t rest, struct ropp_list_memory *memory,
                                           struct ropp_list_said *said)
{
    enum ropp_list_mistake mistake = ROPP_LIST_FINE;
    text_t clients = take_clients(&rest);

    while (mistake == ROPP_LIST_FINE && clients.size > 0) {
        text_t field = ropp_list_field(&clients, ',');

        while (mistake == ROPP_LIST_FINE && field.size > 0)
            mistake = read_client(ropp_list_word(&field), memory, said);
    }
    if (mistake != ROPP_LIST_FINE || rest.size == 0)
        return mistake;
    rest = ropp_list_trimmed(ropp_list_piece(rest.at + 1, rest.size - 1));
    return ropp_list_is(rest, "deny") ? ROPP_LIST_FINE : ROPP_LIST_HOSTS;
}

bool ropp_list_hosts(text_t line, bool is_first, struct ropp_list_memory *memory,
                     struct ropp_list_said *said)
{
    text_t rest = ropp_list_field(&line, '#'), daemons;

    if (!ropp_list_has(rest, ':'))
        return false;
    daemons = ropp_list_field(&rest, ':');
    rest = ropp_list_trimmed(rest);
    if (is_first && ropp_list_is(daemons, "Name")) {
        said->mistake = ROPP_LIST_IPSET_LIST;
        return true;
    }
    if (rest.size == 0 || rest.at[0] == ':' || !are_daemons(daemons))
        return false;
    memory->is_hosts = memory->is_hosts || is_first;
    said->count = 0;
    said->mistake = memory->is_hosts ? read_clients(rest, memory, said) : ROPP_LIST_RULE;
    return true;
}
