// SPDX-License-Identifier: MIT
/* A player's way: what a leg has from the leg before, and how it goes on after each answer of a
 * server, which is a thread that does as it was written down. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/player/bytes.h"
#include "tools/player/journey.h"

/* ---- the server, all three of them ---- */

#define LIMIT_MS 20000 /* nothing here is waited for so long */

/* Something is received, and answered. */
struct exchange {
    bool connects; /* on a connection of its own */
    size_t wants;  /* bytes */
    uint8_t got[128];
    uint8_t answer[256];
    size_t length;
    bool closes;
};

static struct exchange script[8];
static size_t exchanges, repeats;
static unsigned seen[40]; /* who has logged in: user100 and those after */
static int listener;
static struct ropp_hostport at;
static pthread_t server;

static void exchange(int fd, struct exchange *said)
{
    size_t have = 0;
    ssize_t got = 1;
    unsigned number;

    while (have < said->wants && got > 0) {
        got = recv(fd, said->got + have, said->wants - have, 0);
        have += got > 0 ? (size_t)got : 0;
    }
    if (sscanf((const char *)said->got + 6, "user%u", &number) == 1 && number >= 100 &&
        number - 100 < sizeof seen / sizeof *seen)
        seen[number - 100]++;
    if (said->length > 0)
        (void)send(fd, said->answer, said->length, MSG_NOSIGNAL);
}

static int take(void)
{
    struct pollfd polled = {.fd = listener, .events = POLLIN};

    return poll(&polled, 1, LIMIT_MS) == 1 ? accept(listener, NULL, NULL) : -1;
}

static void *serve(void *unused)
{
    int fd = -1;
    size_t i;

    for (i = 0; i < exchanges * repeats; i++) {
        struct exchange *said = &script[i % exchanges];

        if (said->connects) {
            if (fd >= 0)
                (void)close(fd);
            fd = take();
            if (fd < 0)
                return NULL;
        }
        exchange(fd, said);
        if (said->closes) {
            (void)close(fd);
            fd = -1;
        }
    }
    /* Until the player has hung up. */
    if (fd >= 0) {
        uint8_t rest[256];

        while (recv(fd, rest, sizeof rest, 0) > 0)
            ;
        (void)close(fd);
    }
    return unused;
}

static struct exchange *then(bool connects, size_t wants, unsigned packet, size_t length)
{
    struct exchange *said = &script[exchanges++];

    said->connects = connects;
    said->wants = wants;
    said->length = length;
    ropp_put16(said->answer, packet);
    return said;
}

/* ---- the player ---- */

static struct ropp_plan plan;
static char story[512];
static unsigned last_packet, last_number;
static bool stays_away; /* it does not go where a server sends it */

static void on_event(const struct ropp_event *event, void *context)
{
    static const char *const names[] = {"login", "redirect",  "characters", "created", "entered",
                                        "moved", "text",      "stayed",     "refused", "unknown",
                                        "ended", "no-header", "playing"};
    size_t used = strlen(story);

    assert_ptr_equal(context, &plan);
    if (event->kind == ROPP_EVENT_REFUSED || event->kind == ROPP_EVENT_UNKNOWN ||
        event->kind == ROPP_EVENT_CHARACTERS) {
        last_packet = event->packet;
        last_number = event->number;
    }
    if (event->kind == ROPP_EVENT_TEXT)
        return;
    snprintf(story + used, sizeof story - used, "%s:%s ", event->leg_name, names[event->kind]);
}

static bool follows(const struct ropp_redirect *redirect, void *context)
{
    assert_ptr_equal(context, &plan);
    assert_int_equal(redirect->port, ropp_hostport_port(&at));
    return !stays_away;
}

static int begin(void **state)
{
    (void)state;
    memset(&plan, 0, sizeof plan);
    memset(script, 0, sizeof script);
    exchanges = 0;
    repeats = 1;
    memset(seen, 0, sizeof seen);
    story[0] = '\0';
    last_packet = last_number = 0;
    stays_away = false;
    assert_true(ropp_hostport_parse("127.0.0.1", 0, &at));
    listener = ropp_net_listen(&at);
    assert_true(listener >= 0);
    plan.legs[ROPP_LEG_LOGIN].to = at;
    plan.client = ropp_client_find(20211103);
    plan.user = "user";
    plan.password = "secret";
    plan.count = 1;
    plan.timeout_ms = LIMIT_MS;
    plan.tick_ms = LIMIT_MS;
    plan.last = ROPP_LEG_MAP;
    plan.follows = follows;
    plan.report = on_event;
    plan.context = &plan;
    return 0;
}

static int end(void **state)
{
    (void)state;
    return close(listener);
}

/* How many players came to the end of the plan. */
static unsigned play(void)
{
    unsigned arrived;
    struct ropp_journeys *journeys = ropp_journeys_begin(&plan);
    int begun = pthread_create(&server, NULL, serve, NULL);

    assert_int_equal(begun, 0);
    assert_non_null(journeys);
    assert_true(ropp_journeys_run(journeys));
    assert_int_equal(pthread_join(server, NULL), 0);
    arrived = ropp_journeys_arrived(journeys);
    ropp_journeys_free(journeys);
    return arrived;
}

/* The whole story of one, and whether it came there. */
static void goes(const char *expected, bool arrives)
{
    unsigned arrived = play();

    assert_string_equal(story, expected);
    assert_int_equal(arrived, arrives);
}

/* ---- what the servers say ---- */

static const uint8_t home[4] = {127, 0, 0, 1};

/* A ticket, and so many char servers, this listener all of them. */
static void login_accepts(size_t servers)
{
    struct exchange *said = then(true, ROPP_PACKET_LOGIN, 0x0069, 47 + 32 * servers);
    size_t i;

    ropp_put16(said->answer + 2, (unsigned)said->length);
    ropp_put32(said->answer + 4, 11);      /* login_id1 */
    ropp_put32(said->answer + 8, 2000001); /* the account */
    ropp_put32(said->answer + 12, 12);     /* login_id2 */
    said->answer[46] = 1;
    for (i = 0; i < servers; i++) {
        memcpy(said->answer + 47 + 32 * i, home, 4);
        ropp_put16(said->answer + 47 + 32 * i + 4, ropp_hostport_port(&at));
    }
}

static void char_lists(size_t characters)
{
    struct exchange *said = then(true, 17, 0x006b, 27 + characters * plan.client->entry);

    ropp_put16(said->answer + 2, (unsigned)said->length);
    if (characters > 0) {
        memcpy(said->answer + 27 + plan.client->entry_name, "hero", 4);
        said->answer[27 + plan.client->entry_slot] = 3;
    }
}

static void char_sends_to_the_map(void)
{
    struct exchange *said = then(false, 3, 0x0071, 28);

    ropp_put32(said->answer + 2, 150007);
    memcpy(said->answer + 6, "prontera.gat", 12);
    memcpy(said->answer + 22, home, 4);
    ropp_put16(said->answer + 26, ropp_hostport_port(&at));
}

static void map_lets_in(void)
{
    struct exchange *said = then(true, 23, 0x0283, 17);

    ropp_put32(said->answer + 2, 2000001);
    ropp_put16(said->answer + 6, 0x02eb);
}

static void asked(size_t which, unsigned packet)
{
    assert_int_equal(ropp_get16(script[which].got), packet);
}

/* ---- the login server ---- */

static void test_no_further_than_the_login(void **state)
{
    (void)state;
    plan.last = ROPP_LEG_LOGIN;
    login_accepts(1);
    goes("login:login login:redirect ", true);
    asked(0, 0x0064);
    assert_string_equal((const char *)script[0].got + 6, "user");
    assert_string_equal((const char *)script[0].got + 30, "secret");
}

/* The way ends where no char server is known; that is no end by the network. */
static void test_no_char_server(void **state)
{
    (void)state;
    login_accepts(0);
    goes("login:login ", false);
}

static void test_refused_by_the_login(void **state)
{
    (void)state;
    then(true, ROPP_PACKET_LOGIN, 0x006a, 23)->answer[2] = 1;
    goes("login:refused ", false);
    assert_int_equal(last_packet, 0x006a);
    assert_int_equal(last_number, 1);
}

static void test_no_answer_to_a_login(void **state)
{
    (void)state;
    then(true, ROPP_PACKET_LOGIN, 0x7777, 2);
    goes("login:unknown ", false);
    assert_int_equal(last_packet, 0x7777);
}

static void test_the_login_hangs_up(void **state)
{
    (void)state;
    then(true, ROPP_PACKET_LOGIN, 0, 0)->closes = true;
    goes("login:ended ", false);
}

/* The account is still online: once more, while there is time for it. */
static void test_still_online(void **state)
{
    (void)state;
    plan.last = ROPP_LEG_LOGIN;
    plan.retry_ms = LIMIT_MS;
    then(true, ROPP_PACKET_LOGIN, 0x0081, 3)->answer[2] = 8;
    login_accepts(1);
    goes("login:refused login:login login:redirect ", true);
}

static void test_still_online_and_no_time(void **state)
{
    (void)state;
    then(true, ROPP_PACKET_LOGIN, 0x0081, 3)->answer[2] = 8;
    goes("login:refused ", false);
    assert_int_equal(last_number, 8);
}

static void test_goes_nowhere_unasked(void **state)
{
    (void)state;
    stays_away = true;
    login_accepts(1);
    goes("login:login login:redirect ", false);
}

/* ---- the char server ---- */

static void test_no_further_than_the_characters(void **state)
{
    (void)state;
    plan.last = ROPP_LEG_CHAR;
    login_accepts(2);
    char_lists(0);
    goes("login:login login:redirect login:redirect char:characters ", true);
    asked(1, 0x0065);
    assert_int_equal(ropp_get32(script[1].got + 2), 2000001);
    assert_int_equal(ropp_get32(script[1].got + 6), 11);
    assert_int_equal(ropp_get32(script[1].got + 10), 12);
    assert_int_equal(script[1].got[16], 1);
}

static void test_no_character(void **state)
{
    (void)state;
    login_accepts(1);
    char_lists(0);
    goes("login:login login:redirect char:characters ", false);
    assert_int_equal(last_number, 0);
}

static void test_refused_a_character(void **state)
{
    (void)state;
    plan.create = true;
    plan.character = "heroine";
    login_accepts(1);
    char_lists(0);
    then(false, plan.client->create_length, 0x006e, 3)->answer[2] = 2;
    goes("login:login login:redirect char:characters char:refused ", false);
    asked(2, plan.client->create);
    assert_string_equal((const char *)script[2].got + 2, "heroine");
    assert_int_equal(last_number, 2);
}

static void test_created(void **state)
{
    struct exchange *said;

    (void)state;
    plan.create = true;
    login_accepts(1);
    char_lists(0);
    said = then(false, plan.client->create_length, 0x006d, 2 + plan.client->entry);
    said->answer[2 + plan.client->entry_slot] = 5;
    then(false, 3, 0x006c, 3);
    goes("login:login login:redirect char:characters char:created char:refused ", false);
    assert_string_equal((const char *)script[2].got + 2, "user");
    asked(3, 0x0066);
    assert_int_equal(script[3].got[2], 5);
}

/* ---- the map server ---- */

static void test_into_the_game(void **state)
{
    (void)state;
    login_accepts(1);
    char_lists(1);
    char_sends_to_the_map();
    map_lets_in();
    goes("login:login login:redirect char:characters char:redirect map:entered map:playing "
         "map:stayed ",
         true);
    asked(2, 0x0066);
    assert_int_equal(script[2].got[2], 3);
    asked(3, plan.client->enter);
    assert_int_equal(ropp_get32(script[3].got + 2), 2000001);
    assert_int_equal(ropp_get32(script[3].got + 6), 150007);
}

static void test_refused_by_the_map(void **state)
{
    (void)state;
    login_accepts(1);
    char_lists(1);
    char_sends_to_the_map();
    then(true, 23, 0x0074, 3)->answer[2] = 4;
    goes("login:login login:redirect char:characters char:redirect map:refused ", false);
    assert_int_equal(last_packet, 0x0074);
    assert_int_equal(last_number, 4);
}

/* ---- many players ---- */

/* Each with a name of its own, one after the other over the plan's time. */
static void test_many(void **state)
{
    int64_t from = ropp_net_now_ms();
    size_t i;

    (void)state;
    plan.last = ROPP_LEG_LOGIN;
    plan.count = sizeof seen / sizeof *seen;
    plan.spread_ms = 40;
    plan.user_each = true;
    plan.user_first = 100;
    repeats = plan.count;
    login_accepts(0);
    assert_int_equal(play(), plan.count);
    assert_in_range(ropp_net_now_ms() - from, 39, LIMIT_MS);
    for (i = 0; i < plan.count; i++)
        assert_int_equal(seen[i], 1);
}

/* ---- what is not set ---- */

static void set(struct ropp_hostport *where, const char *text)
{
    assert_true(ropp_hostport_parse(text, 1, where));
}

static void is(const struct ropp_hostport *where, const char *text)
{
    char got[ROPP_HOSTPORT_TEXT];

    assert_true(where->length > 0);
    ropp_hostport_format(where, got);
    assert_string_equal(got, text);
}

static void test_all_from_the_first(void **state)
{
    size_t i;

    (void)state;
    set(&plan.legs[0].from, "192.0.2.2:2");
    set(&plan.legs[0].claim, "192.0.2.3:3");
    set(&plan.legs[0].destination, "192.0.2.4:4");
    plan.legs[0].sender = ROPP_SENDER_V2;
    plan.legs[0].sender_set = true;
    ropp_plan_complete(&plan);
    for (i = 1; i < ROPP_LEG_COUNT; i++) {
        assert_int_equal(plan.legs[i].to.length, 0); /* where the servers say */
        is(&plan.legs[i].from, "192.0.2.2:2");
        is(&plan.legs[i].claim, "192.0.2.3:3");
        is(&plan.legs[i].destination, "192.0.2.4:4");
        assert_int_equal(plan.legs[i].sender, ROPP_SENDER_V2);
    }
}

/* What a leg has itself stays, and is what the next one has. */
static void test_a_leg_of_its_own(void **state)
{
    struct ropp_leg_plan *leg = &plan.legs[ROPP_LEG_CHAR];

    (void)state;
    set(&plan.legs[0].from, "192.0.2.2:2");
    plan.legs[0].sender = ROPP_SENDER_V2;
    set(&leg->from, "192.0.2.5:5");
    set(&leg->claim, "192.0.2.6:6");
    set(&leg->destination, "192.0.2.7:7");
    leg->sender = ROPP_SENDER_NONE;
    leg->sender_set = true;
    ropp_plan_complete(&plan);
    is(&plan.legs[0].from, "192.0.2.2:2");
    assert_int_equal(plan.legs[0].sender, ROPP_SENDER_V2);
    for (; leg <= &plan.legs[ROPP_LEG_AGAIN]; leg++) {
        is(&leg->from, "192.0.2.5:5");
        is(&leg->claim, "192.0.2.6:6");
        is(&leg->destination, "192.0.2.7:7");
        assert_int_equal(leg->sender, ROPP_SENDER_NONE);
    }
}

/* Each connection begins with its header, of the plan's source and destination. */
static void test_headers(void **state)
{
    static const char header[] = "PROXY TCP4 192.0.2.3 192.0.2.4 3 4\r\n";

    (void)state;
    plan.last = ROPP_LEG_CHAR;
    set(&plan.legs[0].claim, "192.0.2.3:3");
    set(&plan.legs[0].destination, "192.0.2.4:4");
    plan.legs[0].sender = ROPP_SENDER_V1;
    ropp_plan_complete(&plan);
    login_accepts(1);
    script[0].wants += sizeof header - 1;
    char_lists(0);
    script[1].wants += sizeof header - 1;
    goes("login:login login:redirect char:characters ", true);
    assert_memory_equal(script[0].got, header, sizeof header - 1);
    assert_memory_equal(script[1].got, header, sizeof header - 1);
    assert_int_equal(ropp_get16(script[1].got + sizeof header - 1), 0x0065);
}

/* What the plan does not say of them is what the connection has. */
static void test_headers_of_the_connection(void **state)
{
    char header[64];
    size_t length;

    (void)state;
    plan.last = ROPP_LEG_LOGIN;
    assert_true(ropp_hostport_parse("127.0.0.1", 0, &plan.legs[0].from));
    plan.legs[0].sender = ROPP_SENDER_V1;
    snprintf(header, sizeof header, "PROXY TCP4 127.0.0.1 127.0.0.1 0 %u\r\n",
             ropp_hostport_port(&at));
    length = strlen(header);
    login_accepts(0);
    script[0].wants += length;
    goes("login:login ", true);
    assert_memory_equal(script[0].got, header, length);
}

/* A header of version 2 is filled up to a length that has room for what fills it. */
static void test_lengths_of_headers(void **state)
{
    static uint8_t header[ROPP_SENDER_MAX];
    struct ropp_hostport source, destination;

    (void)state;
    set(&source, "192.0.2.3:3");
    set(&destination, "192.0.2.4:4");
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, 0, header), 28);
    assert_int_equal(header[15], 12);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, 28, header), 28);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, 29, header), 0);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, 30, header), 0);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, 31, header), 31);
    assert_int_equal(header[15], 15);
    assert_memory_equal(header + 28, "\x04\0\0", 3);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, ROPP_SENDER_MAX,
                                       header),
                     ROPP_SENDER_MAX);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, ROPP_SENDER_MAX + 1,
                                       header),
                     0);
    set(&destination, "[2001:db8::4]:4");
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V1, &source, &destination, 0, header), 0);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &source, &destination, 0, header), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_further_than_the_login, begin, end),
        cmocka_unit_test_setup_teardown(test_no_char_server, begin, end),
        cmocka_unit_test_setup_teardown(test_refused_by_the_login, begin, end),
        cmocka_unit_test_setup_teardown(test_no_answer_to_a_login, begin, end),
        cmocka_unit_test_setup_teardown(test_the_login_hangs_up, begin, end),
        cmocka_unit_test_setup_teardown(test_still_online, begin, end),
        cmocka_unit_test_setup_teardown(test_still_online_and_no_time, begin, end),
        cmocka_unit_test_setup_teardown(test_goes_nowhere_unasked, begin, end),
        cmocka_unit_test_setup_teardown(test_no_further_than_the_characters, begin, end),
        cmocka_unit_test_setup_teardown(test_no_character, begin, end),
        cmocka_unit_test_setup_teardown(test_refused_a_character, begin, end),
        cmocka_unit_test_setup_teardown(test_created, begin, end),
        cmocka_unit_test_setup_teardown(test_into_the_game, begin, end),
        cmocka_unit_test_setup_teardown(test_refused_by_the_map, begin, end),
        cmocka_unit_test_setup_teardown(test_many, begin, end),
        cmocka_unit_test_setup_teardown(test_all_from_the_first, begin, end),
        cmocka_unit_test_setup_teardown(test_a_leg_of_its_own, begin, end),
        cmocka_unit_test_setup_teardown(test_headers, begin, end),
        cmocka_unit_test_setup_teardown(test_headers_of_the_connection, begin, end),
        cmocka_unit_test_setup_teardown(test_lengths_of_headers, begin, end),
    };
    return UNIT_RUN(argc, argv, "journey", tests, NULL, NULL);
}
