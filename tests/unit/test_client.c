// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/crc32c.h"
#include "tests/unit/unit.h"
#include "tools/player/bytes.h"
#include "tools/player/client.h"

static void expect_played_as(unsigned version, unsigned as)
{
    const struct ropp_client *client = ropp_client_find(version);

    if (client == NULL)
        fail_msg("nothing known for %u", version);
    else if (client->version != as)
        fail_msg("%u is played as %u and not as %u", version, client->version, as);
}

/* Emulators are built for versions in between, and for newer ones every year. */
static void test_nearest_below(void **state)
{
    (void)state;
    expect_played_as(20100728, 20100728);
    expect_played_as(20111116, 20111116);
    expect_played_as(20120418, 20120418);
    expect_played_as(20130320, 20130320);
    expect_played_as(20130806, 20130320);
    expect_played_as(20130807, 20130807);
    expect_played_as(20130808, 20130807);
    expect_played_as(20151028, 20141022);
    expect_played_as(20151029, 20151029);
    expect_played_as(20151104, 20151104);
    expect_played_as(20190529, 20180620);
    expect_played_as(20200101, 20190530);
    expect_played_as(20211102, 20200401);
    expect_played_as(20211103, 20211103);
    expect_played_as(20211117, 20211103);
    expect_played_as(99999999, 20211103);
}

static void test_older_than_all(void **state)
{
    (void)state;
    assert_int_equal(ropp_client_oldest(), 20100728);
    assert_null(ropp_client_find(20100727));
    assert_null(ropp_client_find(0));
}

static void expect_leave(const char *bytes, size_t length, enum ropp_client_leave want)
{
    assert_int_equal(ropp_client_map_left((const uint8_t *)bytes, length), want);
}

/* An experience of 179 points looks like the beginning of the packet. */
static void test_map_left(void **state)
{
    (void)state;
    expect_leave("", 0, ROPP_LEAVE_UNHEARD);
    expect_leave("\xb3\x00", 2, ROPP_LEAVE_UNHEARD);
    expect_leave("\xb0\x00\x01\x00\xb3\x00\x00\x00", 8, ROPP_LEAVE_UNHEARD);
    expect_leave("\xb3\x00\x01", 3, ROPP_LEAVE_HEARD);
    expect_leave("\xb0\x00\x01\x00\xb3\x00\x00\x00\xb3\x00\x01", 11, ROPP_LEAVE_HEARD);
    expect_leave("\xb3\x00\x01\x7f\x00\x00\x00\x00\x00", 9, ROPP_LEAVE_LIKELY);
    expect_leave("\xb3\x00\x01\x00\xb3\x00\x01", 7, ROPP_LEAVE_HEARD);
}

/* rAthena of 2015 sends a client that says 0 the packets of 2010. */
static void test_login_says_which(void **state)
{
    static const uint8_t none[4] = {0}, of_2013[4] = {45};
    struct ropp_packet packet = ropp_client_login(ropp_client_find(20130807), "user", "secret");

    (void)state;
    assert_int_equal(packet.length, ROPP_PACKET_LOGIN);
    assert_memory_equal(packet.bytes + 2, of_2013, sizeof of_2013);
    assert_string_equal((const char *)packet.bytes + 6, "user");
    assert_string_equal((const char *)packet.bytes + 30, "secret");
    packet = ropp_client_login(NULL, "user", "secret");
    assert_memory_equal(packet.bytes + 2, none, sizeof none);
}

static void expect_create(unsigned version, size_t length, size_t slot)
{
    const struct ropp_client *client = ropp_client_find(version);
    struct ropp_packet packet = ropp_client_char_create(client, "somebody");

    assert_int_equal(packet.length, length);
    assert_int_equal(packet.bytes[0] | packet.bytes[1] << 8, client->create);
    assert_string_equal((const char *)packet.bytes + 2, "somebody");
    /* The slot, and the colour and the style of the hair. */
    assert_int_equal(packet.bytes[slot], 0);
    assert_int_equal(packet.bytes[slot + 1], 1);
    assert_int_equal(packet.bytes[slot + 3], 1);
}

/* With thirty points to distribute, without, and with a job and a sex. */
static void test_create(void **state)
{
    struct ropp_packet packet = ropp_client_char_create(ropp_client_find(20100728), "somebody");
    unsigned points = 0;

    (void)state;
    for (size_t i = 26; i < 32; i++) {
        assert_int_equal(packet.bytes[i], 5);
        points += packet.bytes[i];
    }
    assert_int_equal(points, 30);
    expect_create(20100728, 37, 32);
    expect_create(20120418, 31, 26);
    expect_create(20151104, 36, 26);
    packet = ropp_client_char_create(ropp_client_find(20151104), "somebody");
    assert_int_equal(packet.bytes[35], 1);
}

/* The time is at the end; before November 2010 something that means nothing comes before it. */
static void test_tick(void **state)
{
    static const uint8_t old[11] = {0x89, 0, 0, 0, 0, 0, 0, 0x78, 0x56, 0x34, 0x12};
    static const uint8_t later[6] = {0x60, 0x03, 0x78, 0x56, 0x34, 0x12};
    struct ropp_packet packet = ropp_client_map_tick(ropp_client_find(20100728), 0x12345678);

    (void)state;
    assert_int_equal(packet.length, sizeof old);
    assert_memory_equal(packet.bytes, old, sizeof old);
    packet = ropp_client_map_tick(ropp_client_find(20101124), 0x12345678);
    assert_int_equal(packet.length, sizeof later);
    assert_memory_equal(packet.bytes, later, sizeof later);
}

static void expect_packet(struct ropp_packet packet, const char *bytes, size_t length)
{
    assert_int_equal(packet.length, length);
    assert_memory_equal(packet.bytes, bytes, length);
}

/* What a ticket, a character and a choice are in the packets that carry them. */
static void test_ticket(void **state)
{
    static const struct ropp_ticket ticket = {0x01020304, 0x11121314, 0x21222324, 1};

    (void)state;
    expect_packet(ropp_client_char_enter(&ticket),
                  "\x65\0\x04\x03\x02\x01\x14\x13\x12\x11\x24\x23\x22\x21\0\0\x01", 17);
    expect_packet(ropp_client_char_alive(&ticket), "\x87\x01\x04\x03\x02\x01", 6);
    expect_packet(ropp_client_map_enter(ropp_client_find(20101124), &ticket, 0x31323334),
                  "\x36\x04\x04\x03\x02\x01\x34\x33\x32\x31\x14\x13\x12\x11\x01\0\0\0\x01", 19);
    expect_packet(ropp_client_map_enter(ropp_client_find(20211103), &ticket, 0x31323334),
                  "\x36\x04\x04\x03\x02\x01\x34\x33\x32\x31\x14\x13\x12\x11\0\0\0\0\x01\0\0\0\x01",
                  23);
}

static void test_choices(void **state)
{
    (void)state;
    expect_packet(ropp_client_ask_key(), "\xdb\x01", 2);
    expect_packet(ropp_client_char_select(5), "\x66\0\x05", 3);
    expect_packet(ropp_client_char_town(5, 2), "\x41\x08\x05\x02", 4);
    expect_packet(ropp_client_map_loaded(), "\x7d\0", 2);
    expect_packet(ropp_client_map_leave(), "\xb2\0\x01", 3);
}

/* Until 2015 a zero ends what is said; what is too long is cut. */
static void test_chat(void **state)
{
    char text[400];
    struct ropp_packet packet;

    (void)state;
    expect_packet(ropp_client_map_chat(ropp_client_find(20130807), "who", "hi"),
                  "\xf3\0\x0d\0who : hi\0", 13);
    expect_packet(ropp_client_map_chat(ropp_client_find(20151029), "who", "hi"),
                  "\xf3\0\x0c\0who : hi", 12);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    packet = ropp_client_map_chat(ropp_client_find(20130807), "who", text);
    assert_int_equal(packet.length, sizeof packet.bytes);
    assert_int_equal(packet.bytes[2] | packet.bytes[3] << 8, packet.length);
    assert_int_equal(packet.bytes[packet.length - 2], 'x');
    assert_int_equal(packet.bytes[packet.length - 1], 0);
}

static uint32_t sum_packet(uint32_t sum, struct ropp_packet packet)
{
    return ropp_crc32c(sum, packet.bytes, packet.length);
}

/* A list with one character, whose bytes tell where its name and slot are. */
static uint32_t sum_list(uint32_t sum, const struct ropp_client *client)
{
    static const struct ropp_ticket ticket = {0};
    uint8_t bytes[256], length = (uint8_t)(27 + client->entry);
    struct ropp_char_reply reply;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    memcpy(bytes, (const uint8_t[]){0x6b, 0, length, 0}, 4);
    assert_int_equal(ropp_client_char_read(client, &ticket, false, bytes, length, &reply), length);
    assert_int_equal(reply.count, 1);
    sum = ropp_crc32c(sum, &length, 1);
    sum = ropp_crc32c(sum, &reply.slot, 1);
    return ropp_crc32c(sum, (const uint8_t *)reply.name, ROPP_PACKET_NAME);
}

/* Whoever adds a client takes the new sum over; otherwise it stays. */
static void test_all(void **state)
{
    static const struct ropp_ticket ticket = {0x01020304, 0x11121314, 0x21222324, 1};
    const struct ropp_client *client = ropp_client_find(99999999);
    uint32_t sum = 0;

    (void)state;
    for (; client != NULL; client = ropp_client_find(client->version - 1)) {
        sum = sum_packet(sum, ropp_client_login(client, "user", "secret"));
        sum = sum_packet(sum, ropp_client_char_create(client, "somebody"));
        sum = sum_packet(sum, ropp_client_map_enter(client, &ticket, 0x31323334));
        sum = sum_packet(sum, ropp_client_map_tick(client, 0x12345678));
        sum = sum_packet(sum, ropp_client_map_chat(client, "who", "hi"));
        sum = sum_list(sum, client);
    }
    if (sum != 0xb4f2c91a)
        fail_msg("the clients' packets come to 0x%08x", (unsigned)sum);
}

static void test_holds(void **state)
{
    static const uint8_t bytes[] = {1, 0x18, 0x0a, 2};

    (void)state;
    assert_true(ropp_client_holds(bytes, 4, 0x0a18));
    assert_true(ropp_client_holds(bytes, 3, 0x0a18));
    assert_false(ropp_client_holds(bytes, 2, 0x0a18));
    assert_true(ropp_client_holds(bytes, 2, 0x1801));
    assert_false(ropp_client_holds(bytes, 4, 0x180a));
}

/* A name that fills its field has no zero there, and gets one; one that is too long is cut. */
static void test_names_of_full_length(void **state)
{
    uint8_t field[5] = {1, 1, 1, 1, 1};
    char out[6];

    (void)state;
    ropp_put_name(field, 4, "ab");
    assert_memory_equal(field, "ab\0\0\1", 5);
    ropp_put_name(field, 4, "abcd");
    assert_memory_equal(field, "abc\0\1", 5);
    memset(out, 'x', sizeof out);
    ropp_get_name((const uint8_t *)"abcd", 4, out);
    assert_memory_equal(out, "abcd\0x", 6);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_below), cmocka_unit_test(test_older_than_all),
        cmocka_unit_test(test_map_left),      cmocka_unit_test(test_login_says_which),
        cmocka_unit_test(test_create),        cmocka_unit_test(test_tick),
        cmocka_unit_test(test_ticket),        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_chat),          cmocka_unit_test(test_holds),
        cmocka_unit_test(test_all),           cmocka_unit_test(test_names_of_full_length),
    };
    return UNIT_RUN(argc, argv, "client", tests, NULL, NULL);
}
