// SPDX-License-Identifier: MIT
/* What a player reads of what login, char and map servers send. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/player/bytes.h"
#include "tools/player/client.h"
#include "tools/player/packet.h"

#define NEVER 99999999u
#define LIST  27 /* bytes of a list before its characters */

static const struct ropp_ticket ticket = {.account_id = 2000001};
static uint8_t bytes[600];
static struct ropp_char_reply answer;
static struct ropp_redirect redirect;

static int begin(void **state)
{
    (void)state;
    memset(bytes, 0, sizeof bytes);
    memset(&answer, 0xee, sizeof answer);
    memset(&redirect, 0xee, sizeof redirect);
    return 0;
}

static const struct ropp_client *newest(void)
{
    return ropp_client_find(NEVER);
}

/* A packet that says its own length. */
static void packet_of(unsigned number, size_t length)
{
    ropp_put16(bytes, number);
    ropp_put16(bytes + 2, (unsigned)length);
}

static void read_gives(size_t length, size_t used, enum ropp_char_answer as)
{
    assert_int_equal(ropp_client_char_read(newest(), &ticket, false, bytes, length, &answer), used);
    assert_int_equal(answer.answer, as);
}

/* All of it is needed, and what follows is left. */
static void read_takes(size_t length, enum ropp_char_answer as)
{
    size_t part;

    for (part = 0; part < length; part++) {
        read_gives(part, 0, ROPP_CHAR_OTHER);
        assert_int_equal(answer.packet, part < 2 ? 0 : ropp_get16(bytes));
    }
    read_gives(length, length, as);
    read_gives(length + 1, length, as);
    assert_int_equal(answer.packet, ropp_get16(bytes));
}

/* ---- the login server ---- */

static struct ropp_reply reply;

static void login_gives(size_t length, size_t used, enum ropp_answer as, uint32_t code)
{
    memset(&reply, 0xee, sizeof reply);
    assert_int_equal(ropp_packet_read(bytes, length, &reply), used);
    assert_int_equal(reply.answer, as);
    assert_int_equal(reply.code, code);
    assert_int_equal(reply.packet, length < 2 ? 0 : ropp_get16(bytes));
}

/* All of it is needed, and what follows is left. */
static void login_takes(size_t length, enum ropp_answer as, uint32_t code)
{
    size_t part;

    for (part = 0; part < length; part++)
        login_gives(part, 0, ROPP_ANSWER_NEED_MORE, 0);
    login_gives(length, length, as, code);
    login_gives(sizeof bytes, length, as, code);
}

static void test_login(void **state)
{
    uint8_t packet[ROPP_PACKET_LOGIN + 1], expected[ROPP_PACKET_LOGIN + 1];

    (void)state;
    memset(packet, 0xee, sizeof packet);
    memset(expected, 0, sizeof expected);
    expected[0] = 0x64;
    memcpy(expected + 6, "somebody", 8);
    memcpy(expected + 30, "secret", 6);
    expected[ROPP_PACKET_LOGIN] = 0xee;
    assert_int_equal(ropp_packet_login("somebody", "secret", packet), ROPP_PACKET_LOGIN);
    assert_memory_equal(packet, expected, sizeof packet);
}

static void test_login_says_no(void **state)
{
    static const struct {
        unsigned packet;
        size_t length;
        enum ropp_answer as;
        uint32_t code;
    } known[] = {
        {0x006a, 23, ROPP_ANSWER_REFUSED, 0x04},
        {0x083e, 26, ROPP_ANSWER_REFUSED, 0x01020304},
        {0x0b02, 26, ROPP_ANSWER_REFUSED, 0x01020304},
        {0x0081, 3, ROPP_ANSWER_NOTICE, 0x04},
        {0x2711, 3, ROPP_ANSWER_SERVER, 0x04},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++) {
        (void)begin(state);
        ropp_put16(bytes, known[i].packet);
        ropp_put32(bytes + 2, 0x01020304);
        login_takes(known[i].length, known[i].as, known[i].code);
        assert_int_equal(reply.account_id, 0);
        assert_int_equal(reply.server_count, 0);
    }
}

static void test_login_gives_a_key(void **state)
{
    (void)state;
    packet_of(0x01dc, 12);
    login_takes(12, ROPP_ANSWER_KEY, 0);
    packet_of(0x01dc, 0); /* no length at all */
    login_gives(sizeof bytes, 0, ROPP_ANSWER_NEED_MORE, 0);
}

static void test_no_answer_of_a_login(void **state)
{
    (void)state;
    ropp_put16(bytes, 0x7777);
    login_gives(1, 0, ROPP_ANSWER_NEED_MORE, 0);
    login_gives(2, 2, ROPP_ANSWER_UNKNOWN, 0x7777);
    login_gives(9, 9, ROPP_ANSWER_UNKNOWN, 0x7777);
}

/* Where the list begins, how long each server in it is, and whether that has room for a domain. */
static void put_ticket(unsigned packet, size_t fixed, size_t each, size_t servers)
{
    size_t i;

    packet_of(packet, fixed + each * servers);
    ropp_put32(bytes + 4, 0x11121314);
    ropp_put32(bytes + 8, 2000001);
    ropp_put32(bytes + 12, 0x21222324);
    memcpy(bytes + 16, "\x01\x02\x03\x04", 4);
    bytes[46] = 1;
    for (i = 0; i < servers; i++) {
        uint8_t *server = bytes + fixed + each * i;

        memcpy(server, "\xcb\x00\x71", 3);
        server[3] = (uint8_t)i;
        ropp_put16(server + 4, (unsigned)(6100 + i));
        memcpy(server + 6, "A server's whole name", 21);
        if (each > 32)
            memcpy(server + 32, "char.example.org", 16);
    }
}

static void ticket_is(unsigned servers, const char *domain)
{
    static const uint8_t last_ip[4] = {1, 2, 3, 4};
    unsigned i;

    assert_int_equal(reply.login_id1, 0x11121314);
    assert_int_equal(reply.account_id, 2000001);
    assert_int_equal(reply.login_id2, 0x21222324);
    assert_memory_equal(reply.last_ip, last_ip, 4);
    assert_int_equal(reply.sex, 1);
    assert_int_equal(reply.server_count, servers);
    for (i = 0; i < servers; i++) {
        const uint8_t ip[4] = {203, 0, 113, (uint8_t)i};

        assert_memory_equal(reply.servers[i].ip, ip, 4);
        assert_int_equal(reply.servers[i].port, 6100 + i);
        assert_string_equal(reply.servers[i].name, "A server's whole nam");
        assert_string_equal(reply.servers[i].domain, domain);
    }
}

static void test_login_lets_in(void **state)
{
    (void)state;
    put_ticket(0x0069, 47, 32, 2);
    login_takes(47 + 2 * 32, ROPP_ANSWER_ACCEPTED, 0);
    ticket_is(2, "");
    (void)begin(state);
    put_ticket(0x0ac4, 64, 160, 2);
    login_takes(64 + 2 * 160, ROPP_ANSWER_ACCEPTED, 0);
    ticket_is(2, "char.example.org");
    (void)begin(state); /* no more of a list than there is room for */
    put_ticket(0x0069, 47, 32, ROPP_PACKET_SERVERS + 1);
    login_gives(sizeof bytes, 47 + 32 * (ROPP_PACKET_SERVERS + 1), ROPP_ANSWER_ACCEPTED, 0);
    ticket_is(ROPP_PACKET_SERVERS, "");
}

/* A list without servers, with a piece of one, and a ticket that is cut off. */
static void test_login_lets_in_to_nowhere(void **state)
{
    static const struct {
        unsigned packet;
        size_t fixed, each;
    } known[] = {{0x0069, 47, 32}, {0x0ac4, 64, 160}};
    size_t i;

    for (i = 0; i < 2; i++) {
        (void)begin(state);
        put_ticket(known[i].packet, known[i].fixed, known[i].each, 0);
        login_takes(known[i].fixed, ROPP_ANSWER_ACCEPTED, 0);
        ticket_is(0, "");
        packet_of(known[i].packet, known[i].fixed + known[i].each - 1);
        login_gives(sizeof bytes, known[i].fixed + known[i].each - 1, ROPP_ANSWER_ACCEPTED, 0);
        ticket_is(0, "");
        packet_of(known[i].packet, known[i].fixed - 1);
        login_gives(sizeof bytes, known[i].fixed - 1, ROPP_ANSWER_UNKNOWN, known[i].packet);
        assert_int_equal(reply.account_id, 0);
    }
}

/* ---- the char server ---- */

static void test_lengths(void **state)
{
    static const struct {
        unsigned packet;
        size_t length;
        enum ropp_char_answer answer;
    } fixed[] = {
        {0x006c, 3, ROPP_CHAR_REFUSED}, {0x006e, 3, ROPP_CHAR_REFUSED},
        {0x0081, 3, ROPP_CHAR_REFUSED}, {0x0071, 28, ROPP_CHAR_MAP},
        {0x0ac5, 156, ROPP_CHAR_MAP},   {0x08b9, 12, ROPP_CHAR_OTHER},
        {0x09a0, 6, ROPP_CHAR_OTHER},
    };
    static const unsigned measured[] = {0x020d, 0x082d, 0x099d};
    size_t i;

    for (i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        (void)begin(state);
        ropp_put16(bytes, fixed[i].packet);
        read_takes(fixed[i].length, fixed[i].answer);
    }
    for (i = 0; i < sizeof measured / sizeof *measured; i++) {
        (void)begin(state);
        packet_of(measured[i], 29);
        read_takes(29, ROPP_CHAR_OTHER);
    }
}

/* A number that nobody knows, and a length with no room for itself: where the next packet begins is
 * not known either. */
static void test_unknown(void **state)
{
    (void)state;
    ropp_put16(bytes, 0x7777);
    read_gives(9, 9, ROPP_CHAR_UNKNOWN);
    packet_of(0x082d, 1);
    read_gives(9, 9, ROPP_CHAR_UNKNOWN);
    packet_of(0x082d, 2);
    read_gives(9, 2, ROPP_CHAR_OTHER);
}

/* The first four bytes may be the account's number, and may come in pieces. */
static void test_account_number_first(void **state)
{
    size_t part;

    (void)state;
    ropp_put32(bytes, ticket.account_id);
    for (part = 0; part < 4; part++)
        assert_int_equal(ropp_client_char_read(newest(), &ticket, true, bytes, part, &answer), 0);
    assert_int_equal(ropp_client_char_read(newest(), &ticket, true, bytes, 4, &answer), 4);
    assert_int_equal(answer.answer, ROPP_CHAR_OTHER);
    assert_int_equal(ropp_client_char_read(newest(), &ticket, false, bytes, 4, &answer), 4);
    assert_int_equal(answer.answer, ROPP_CHAR_UNKNOWN);
    ropp_put32(bytes, ticket.account_id + 1);
    for (part = 4; part <= 5; part++) {
        assert_int_equal(ropp_client_char_read(newest(), &ticket, true, bytes, part, &answer),
                         part);
        assert_int_equal(answer.answer, ROPP_CHAR_UNKNOWN);
    }
}

static void test_list(void **state)
{
    size_t entry = newest()->entry;

    (void)state;
    packet_of(0x006b, LIST);
    read_takes(LIST, ROPP_CHAR_LIST);
    assert_int_equal(answer.count, 0);
    assert_string_equal(answer.name, "");
    packet_of(0x006b, LIST + 2 * entry);
    memcpy(bytes + LIST + newest()->entry_name, "first", 5);
    bytes[LIST + newest()->entry_slot] = 4;
    memcpy(bytes + LIST + entry + newest()->entry_name, "second", 6);
    read_takes(LIST + 2 * entry, ROPP_CHAR_LIST);
    assert_int_equal(answer.count, 2);
    assert_string_equal(answer.name, "first");
    assert_int_equal(answer.slot, 4);
    packet_of(0x006b, LIST + entry);
    read_gives(sizeof bytes, LIST + entry, ROPP_CHAR_LIST);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.name, "first");
    packet_of(0x006b, LIST); /* what is behind it is of another packet */
    read_gives(sizeof bytes, LIST, ROPP_CHAR_LIST);
    assert_string_equal(answer.name, "");
    assert_int_equal(answer.slot, 0);
}

/* Each answer says what it has in it and nothing else, whatever its bytes could mean in another. */
static void test_nothing_else(void **state)
{
    static const struct {
        unsigned packet;
        size_t length;
        enum ropp_char_answer as;
    } known[] = {
        {0x006b, LIST + 175, ROPP_CHAR_LIST}, {0x006d, 177, ROPP_CHAR_CREATED},
        {0x006c, 3, ROPP_CHAR_REFUSED},       {0x0071, 28, ROPP_CHAR_MAP},
        {0x0840, 44, ROPP_CHAR_TOWNS},        {0x09a0, 6, ROPP_CHAR_OTHER},
    };
    static const struct ropp_redirect nowhere = {.port = 0};
    size_t i;

    assert_int_equal(newest()->entry, 175);
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        (void)begin(state);
        memset(bytes, '7', sizeof bytes);
        memset(bytes + 24, 0, 4); /* a town's */
        packet_of(known[i].packet, known[i].length);
        read_gives(sizeof bytes, known[i].length, known[i].as);
        assert_int_equal(answer.count, known[i].as == ROPP_CHAR_LIST ? 1 : 0);
        assert_int_equal(answer.name[0], known[i].as == ROPP_CHAR_LIST ? '7' : 0);
        assert_int_equal(answer.code, known[i].as == ROPP_CHAR_REFUSED ? 3 : 0);
        assert_int_equal(answer.character != 0, known[i].as == ROPP_CHAR_MAP);
        assert_int_equal(answer.town, known[i].as == ROPP_CHAR_TOWNS ? 1 : 0);
        assert_int_equal(answer.slot,
                         known[i].as == ROPP_CHAR_LIST || known[i].as == ROPP_CHAR_CREATED ? '7'
                                                                                           : 0);
        if (known[i].as != ROPP_CHAR_MAP)
            assert_memory_equal(&answer.redirect, &nowhere, sizeof nowhere);
    }
}

/* Built for another client than was said. */
static void test_list_of_other_characters(void **state)
{
    (void)state;
    packet_of(0x006b, LIST + newest()->entry - 1);
    read_gives(sizeof bytes, LIST + newest()->entry - 1, ROPP_CHAR_UNKNOWN);
    assert_int_equal(answer.count, 0);
    packet_of(0x006b, LIST - 1);
    read_gives(sizeof bytes, LIST - 1, ROPP_CHAR_UNKNOWN);
    assert_int_equal(answer.count, 0);
}

static void test_created(void **state)
{
    static const unsigned numbers[] = {0x006d, 0x0b6f};
    size_t i;

    for (i = 0; i < 2; i++) {
        (void)begin(state);
        ropp_put16(bytes, numbers[i]);
        bytes[2 + newest()->entry_slot] = 7;
        read_takes(2 + newest()->entry, ROPP_CHAR_CREATED);
        assert_int_equal(answer.slot, 7);
    }
}

static void test_refused(void **state)
{
    (void)state;
    ropp_put16(bytes, 0x006c);
    bytes[2] = 5;
    read_takes(3, ROPP_CHAR_REFUSED);
    assert_int_equal(answer.code, 5);
}

static void put_address(size_t at)
{
    static const uint8_t ip[] = {203, 0, 113, 9};

    memcpy(bytes + at, ip, 4);
    ropp_put16(bytes + at + 4, 5121);
}

static void address_is(const struct ropp_redirect *to, const char *map, const char *domain)
{
    static const uint8_t ip[] = {203, 0, 113, 9};

    assert_int_equal(to->packet, ropp_get16(bytes));
    assert_memory_equal(to->ip, ip, 4);
    assert_int_equal(to->port, 5121);
    assert_string_equal(to->map, map);
    assert_string_equal(to->domain, domain);
}

static void test_map_server(void **state)
{
    (void)state;
    ropp_put16(bytes, 0x0071);
    ropp_put32(bytes + 2, 150007);
    memcpy(bytes + 6, "prontera.gat", 12);
    put_address(22);
    memcpy(bytes + 28, "behind.it", 9); /* the next packet */
    read_gives(sizeof bytes, 28, ROPP_CHAR_MAP);
    assert_int_equal(answer.character, 150007);
    address_is(&answer.redirect, "prontera.gat", "");
    ropp_put16(bytes, 0x0ac5);
    memcpy(bytes + 28, "map.example.org", 15);
    read_gives(sizeof bytes, 156, ROPP_CHAR_MAP);
    assert_int_equal(answer.character, 150007);
    address_is(&answer.redirect, "prontera.gat", "map.example.org");
}

static void put_town(size_t number, uint32_t state, const char *name)
{
    ropp_put32(bytes + 4 + 20 * number, state);
    memcpy(bytes + 4 + 20 * number + 4, name, strlen(name));
}

/* Of the towns the first that is served and has a name. */
static void test_towns(void **state)
{
    (void)state;
    packet_of(0x0840, 4);
    read_takes(4, ROPP_CHAR_TOWNS);
    assert_int_equal(answer.town, -1);
    packet_of(0x0840, 84);
    put_town(0, 1, "izlude.gat");
    put_town(1, 0, "");
    put_town(2, 0, "geffen.gat");
    put_town(3, 0, "payon.gat");
    read_takes(84, ROPP_CHAR_TOWNS);
    assert_int_equal(answer.town, 2);
    packet_of(0x0840, 63); /* the third has no end */
    read_gives(sizeof bytes, 63, ROPP_CHAR_TOWNS);
    assert_int_equal(answer.town, -1);
    packet_of(0x0840, 64);
    read_gives(sizeof bytes, 64, ROPP_CHAR_TOWNS);
    assert_int_equal(answer.town, 2);
    put_town(0, 0, "1"); /* the first one of all, and of names the first */
    read_gives(sizeof bytes, 64, ROPP_CHAR_TOWNS);
    assert_int_equal(answer.town, 0);
    put_town(0, 0, "0zlude.gat");
    put_town(2, 0, "0effen.gat");
    packet_of(0x0840, 84); /* to the last */
    read_gives(sizeof bytes, 84, ROPP_CHAR_TOWNS);
    assert_int_equal(answer.town, 3);
}

/* ---- the map server ---- */

static void map_gives(size_t length, enum ropp_map_answer as, unsigned packet, unsigned code)
{
    struct ropp_map_reply said;

    memset(&said, 0xee, sizeof said);
    ropp_client_map_read(bytes, length, &said);
    assert_int_equal(said.answer, as);
    assert_int_equal(said.packet, packet);
    assert_int_equal(said.code, code);
}

static void test_map_refuses(void **state)
{
    static const unsigned numbers[] = {0x0081, 0x006a, 0x0074};
    size_t i;

    for (i = 0; i < 3; i++) {
        (void)begin(state);
        ropp_put16(bytes, numbers[i]);
        bytes[2] = 3;
        map_gives(2, ROPP_MAP_NEED_MORE, 0, 0);
        map_gives(3, ROPP_MAP_REFUSED, numbers[i], 3);
        memmove(bytes + 6, bytes, 3);
        ropp_put16(bytes, 0x0283);
        map_gives(8, ROPP_MAP_NEED_MORE, 0, 0);
        map_gives(9, ROPP_MAP_REFUSED, numbers[i], 3);
    }
}

static void test_map_lets_in(void **state)
{
    static const unsigned numbers[] = {0x02eb, 0x0a18};
    size_t i;

    for (i = 0; i < 2; i++) {
        (void)begin(state);
        ropp_put16(bytes, 0x0283);
        bytes[6] = 0x11; /* another packet comes before it */
        map_gives(10, ROPP_MAP_NEED_MORE, 0x0011, 0);
        ropp_put16(bytes + 9, numbers[i]);
        map_gives(10, ROPP_MAP_NEED_MORE, 0x0011, 0);
        map_gives(11, ROPP_MAP_ENTERED, 0x0011, 0);
    }
    ropp_put16(bytes, 0x0123);
    map_gives(11, ROPP_MAP_UNKNOWN, 0x0123, 0);
}

/* ---- to another map ---- */

static void put_move(size_t at, unsigned packet)
{
    ropp_put16(bytes + at, packet);
    memcpy(bytes + at + 2, "geffen.gat", 10);
    put_address(at + 22);
}

static void moves_at(size_t length, size_t from, size_t behind)
{
    assert_true(ropp_client_map_move(bytes, length, &from, &redirect));
    assert_int_equal(from, behind);
}

static void moves_not(size_t length, size_t from, size_t then)
{
    assert_false(ropp_client_map_move(bytes, length, &from, &redirect));
    assert_int_equal(from, then);
}

/* Whole, in the middle of others, and in pieces. */
static void test_moves(void **state)
{
    static const struct {
        unsigned packet;
        size_t length;
    } moves[] = {{0x0092, 28}, {0x0a4c, 28}, {0x0ac7, 156}};
    size_t i;

    for (i = 0; i < sizeof moves / sizeof *moves; i++) {
        (void)begin(state);
        put_move(0, moves[i].packet);
        moves_at(moves[i].length, 0, moves[i].length);
        address_is(&redirect, "geffen.gat", "");
        moves_not(moves[i].length - 1, 0, 0);
        moves_not(17, 0, 0);
        memmove(bytes + 9, bytes, 160);
        memset(bytes, 0x91, 9);
        moves_at(9 + moves[i].length, 3, 9 + moves[i].length);
        assert_int_equal(redirect.packet, moves[i].packet);
        assert_int_equal(redirect.port, 5121);
        assert_string_equal(redirect.map, "geffen.gat");
        moves_not(9 + moves[i].length - 1, 3, 9);
    }
}

/* On this server there is no address in it; what comes behind it is none. */
static void test_moves_here(void **state)
{
    static const uint8_t nowhere[4] = {0};

    (void)state;
    put_move(0, 0x0091);
    moves_not(21, 0, 0);
    moves_at(sizeof bytes, 0, 22);
    assert_int_equal(redirect.packet, 0x0091);
    assert_memory_equal(redirect.ip, nowhere, 4);
    assert_int_equal(redirect.port, 0);
    assert_string_equal(redirect.map, "geffen.gat");
}

static void test_domain_of_a_move(void **state)
{
    (void)state;
    put_move(0, 0x0ac7);
    memcpy(bytes + 28, "map.example.org", 15);
    moves_at(156, 0, 156);
    address_is(&redirect, "geffen.gat", "map.example.org");
}

/* A number without the name of a map behind it is part of something else. */
static void test_no_moves(void **state)
{
    static const char *const names[] = {"",
                                        ".gat",
                                        "geffen",
                                        "gef fen.gat",
                                        "geffen.gat\x01",
                                        "\001effen.gat",
                                        "geffen.gatx",
                                        "geffen.gax",
                                        "geffen-gat"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        (void)begin(state);
        put_move(0, 0x0092);
        memset(bytes + 2, 0, ROPP_CLIENT_MAP);
        memcpy(bytes + 2, names[i], strlen(names[i]));
        moves_not(28, 0, 11);
    }
    (void)begin(state);
    put_move(0, 0x0093);
    moves_not(28, 0, 11);
    /* Sixteen bytes without a zero are a name, too. */
    put_move(0, 0x0091);
    memcpy(bytes + 2, "long_name_01.gat", ROPP_CLIENT_MAP);
    moves_at(22, 0, 22);
    assert_string_equal(redirect.map, "long_name_01.gat");
    bytes[2 + ROPP_CLIENT_MAP] = 1; /* whatever comes behind them */
    moves_at(22, 0, 22);
    put_move(0, 0x0091);
    memcpy(bytes + 2, "a.gat\0", 6); /* the shortest */
    moves_at(22, 0, 22);
    assert_string_equal(redirect.map, "a.gat");
}

/* From where the last one ended. */
static void test_moves_twice(void **state)
{
    (void)state;
    put_move(0, 0x0092);
    put_move(28, 0x0091);
    moves_at(50, 0, 28);
    moves_at(50, 28, 50);
    moves_not(50, 50, 50);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_login, begin),
        cmocka_unit_test_setup(test_login_says_no, begin),
        cmocka_unit_test_setup(test_login_gives_a_key, begin),
        cmocka_unit_test_setup(test_no_answer_of_a_login, begin),
        cmocka_unit_test_setup(test_login_lets_in, begin),
        cmocka_unit_test_setup(test_login_lets_in_to_nowhere, begin),
        cmocka_unit_test_setup(test_lengths, begin),
        cmocka_unit_test_setup(test_unknown, begin),
        cmocka_unit_test_setup(test_account_number_first, begin),
        cmocka_unit_test_setup(test_list, begin),
        cmocka_unit_test_setup(test_nothing_else, begin),
        cmocka_unit_test_setup(test_list_of_other_characters, begin),
        cmocka_unit_test_setup(test_created, begin),
        cmocka_unit_test_setup(test_refused, begin),
        cmocka_unit_test_setup(test_map_server, begin),
        cmocka_unit_test_setup(test_towns, begin),
        cmocka_unit_test_setup(test_map_refuses, begin),
        cmocka_unit_test_setup(test_map_lets_in, begin),
        cmocka_unit_test_setup(test_moves, begin),
        cmocka_unit_test_setup(test_moves_here, begin),
        cmocka_unit_test_setup(test_domain_of_a_move, begin),
        cmocka_unit_test_setup(test_no_moves, begin),
        cmocka_unit_test_setup(test_moves_twice, begin),
    };
    return UNIT_RUN(argc, argv, "answers", tests, NULL, NULL);
}
