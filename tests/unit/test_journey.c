// SPDX-License-Identifier: MIT
/* A player's way: what a leg has from the leg before, and how it goes on after each answer of a
 * server, which is a thread that does as it was written down. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
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
    bool ends_stay; /* of everybody */
};

static struct exchange script[16];
static volatile sig_atomic_t over;
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
    if (said->ends_stay)
        over = 1;
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

        if (said->connects) { /* the player hangs up first */
            int last = fd;

            fd = take();
            if (last >= 0)
                (void)close(last);
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
static struct ropp_event stay, last; /* the latest event */
static enum ropp_link_end last_end;  /* of its connection */
static char details[4000];           /* all that is in the events and does not depend on the time */
static unsigned answers;             /* to ticks: how many come depends on the time */
static char last_map[32], last_name[32], words[64];
static bool stays_away; /* it does not go where a server sends it */

static void tell_details(const struct ropp_event *event, const char *kind)
{
    size_t used = strlen(details);
    char *to = details + used;
    const struct ropp_redirect *redirect = event->redirect;

    used = sizeof details - used;
    to += snprintf(to, used, "%u %d %s", event->player, (int)event->leg, kind);
    used = sizeof details - (size_t)(to - details);
    if (event->login != NULL)
        to += snprintf(to, used, " account %u of %u", event->login->account_id,
                       event->login->server_count);
    used = sizeof details - (size_t)(to - details);
    if (redirect != NULL)
        to += snprintf(to, used, " to %s by %04x at %u.%u.%u.%u %s %s%s", event->server,
                       redirect->packet, redirect->ip[0], redirect->ip[1], redirect->ip[2],
                       redirect->ip[3], redirect->port == ropp_hostport_port(&at) ? "here" : "?",
                       redirect->map, redirect->domain);
    used = sizeof details - (size_t)(to - details);
    to += snprintf(to, used, " %04x %u%s%s%s%s%s%s\n", event->packet, event->number,
                   event->name != NULL ? " name " : "", event->name != NULL ? event->name : "",
                   event->map != NULL ? " map " : "", event->map != NULL ? event->map : "",
                   event->played ? " played" : "", event->link->fd >= 0 ? "" : " closed");
}

static void on_event(const struct ropp_event *event, void *context)
{
    static const char *const names[] = {"login",   "redirect", "characters", "created", "entered",
                                        "moved",   "text",     "ticked",     "stayed",  "refused",
                                        "unknown", "ended",    "no-header",  "playing"};
    size_t used = strlen(story);

    assert_ptr_equal(context, &plan);
    last = *event;
    last_end = event->link->end;
    if (event->kind != ROPP_EVENT_TEXT && event->kind != ROPP_EVENT_TICKED)
        tell_details(event, names[event->kind]);
    if (event->kind == ROPP_EVENT_REFUSED || event->kind == ROPP_EVENT_UNKNOWN ||
        event->kind == ROPP_EVENT_CHARACTERS) {
        last_packet = event->packet;
        last_number = event->number;
    }
    if (event->kind == ROPP_EVENT_STAYED)
        stay = *event;
    if (event->map != NULL)
        snprintf(last_map, sizeof last_map, "%s", event->map);
    if (event->name != NULL)
        snprintf(last_name, sizeof last_name, "%s", event->name);
    if (event->kind == ROPP_EVENT_TEXT) {
        snprintf(words + strlen(words), sizeof words - strlen(words), "%.*s|", (int)event->number,
                 event->words);
        return;
    }
    if (event->kind == ROPP_EVENT_TICKED) {
        answers++;
        return;
    }
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
    over = 0;
    answers = 0;
    memset(&stay, 0, sizeof stay);
    last_map[0] = last_name[0] = words[0] = '\0';
    memset(seen, 0, sizeof seen);
    story[0] = details[0] = '\0';
    memset(&last, 0, sizeof last);
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

/* The map server's address, in the form of the char server's and of another map server's packet. */
static void sends_to_the_map(struct exchange *said, size_t map)
{
    memcpy(said->answer + map, "prontera.gat", 12);
    memcpy(said->answer + 22, home, 4);
    ropp_put16(said->answer + 26, ropp_hostport_port(&at));
}

static void char_sends_to_the_map_after(size_t wants)
{
    struct exchange *said = then(false, wants, 0x0071, 28);

    ropp_put32(said->answer + 2, 150007);
    sends_to_the_map(said, 6);
}

static void char_sends_to_the_map(void)
{
    char_sends_to_the_map_after(3);
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
    assert_string_equal(last_map, "prontera.gat");
    assert_string_equal(last_name, "hero");
    assert_string_equal(details,
                        "0 0 login account 2000001 of 1 0000 0\n"
                        "0 0 redirect to char by 0069 at 127.0.0.1 here  0000 0\n"
                        "0 1 characters 0000 1\n"
                        "0 1 redirect to map by 0071 at 127.0.0.1 here prontera.gat 0000 0\n"
                        "0 2 entered 0000 0 name hero map prontera.gat\n"
                        "0 2 playing 0000 1\n"
                        "0 2 stayed 0000 0\n");
}

/* What no map server says, and what one says in pieces. */
static void test_no_answer_of_a_map(void **state)
{
    (void)state;
    login_accepts(1);
    char_lists(1);
    char_sends_to_the_map();
    then(true, 23, 0x7777, 3);
    goes("login:login login:redirect char:characters char:redirect map:unknown ", false);
    assert_int_equal(last_packet, 0x7777);
}

static void test_no_answer_of_a_char(void **state)
{
    (void)state;
    login_accepts(1);
    then(true, 17, 0x7777, 7);
    goes("login:login login:redirect char:unknown ", false);
    assert_int_equal(last_packet, 0x7777);
}

/* Packets that are no concern of a player's, before and behind, and the account's number before all
 * of them. */
static void test_other_packets_of_a_char(void **state)
{
    struct exchange *said;
    size_t list;

    (void)state;
    plan.last = ROPP_LEG_CHAR;
    login_accepts(1);
    said = then(true, 17, 0, 0);
    ropp_put32(said->answer, 2000001);
    ropp_put16(said->answer + 4, 0x082d);
    ropp_put16(said->answer + 6, 29);
    list = 4 + 29;
    ropp_put16(said->answer + list, 0x006b);
    ropp_put16(said->answer + list + 2, 27);
    ropp_put16(said->answer + list + 27, 0x7777); /* behind the list it does not matter */
    said->length = list + 29;
    goes("login:login login:redirect char:characters ", true);
}

/* How it ends by the network, on each leg: when it was connected, and when it was in the game. */
static void test_ends_of_the_network(void **state)
{
    (void)state;
    login_accepts(1);
    then(true, 17, 0, 0)->closes = true;
    goes("login:login login:redirect char:ended ", false);
    assert_false(last.played);
    assert_in_range(last.ms, 0, LIMIT_MS);
    assert_int_equal(last_end, ROPP_LINK_CLOSED);
    (void)end(NULL);
    (void)begin(NULL);
    plan.timeout_ms = 30;
    then(true, ROPP_PACKET_LOGIN, 0, 0);
    goes("login:ended ", false);
    assert_in_range(last.ms, 25, LIMIT_MS);
    assert_int_equal(last_end, ROPP_LINK_TIMED_OUT);
    (void)end(NULL);
    (void)begin(NULL);
    assert_int_equal(close(listener), 0);
    goes("login:ended ", false);
    assert_int_equal(last.ms, 0);
    assert_int_equal(last_end, ROPP_LINK_UNREACHABLE);
    listener = dup(0);
}

static void test_closed_in_the_game(void **state)
{
    (void)state;
    plan.stay_ms = LIMIT_MS;
    login_accepts(1);
    char_lists(1);
    char_sends_to_the_map();
    map_lets_in();
    then(false, 2 + 6, 0, 0)->closes = true; /* its first tick has come */
    goes("login:login login:redirect char:characters char:redirect map:entered map:playing "
         "map:ended ",
         false);
    assert_true(last.played);
    assert_in_range(last.ms, 0, LIMIT_MS);
    assert_string_equal(strstr(details, "0 2 ended"), "0 2 ended 0000 0 played closed\n");
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

/* ---- who stays ---- */

#define TICK 6 /* bytes, on the map */

/* All the way, until the map is loaded and the player says so. Returns which that is. */
static size_t into_the_game(void)
{
    login_accepts(1);
    char_lists(1);
    char_sends_to_the_map();
    map_lets_in();
    then(false, 2, 0, 0);
    return exchanges - 1;
}

#define IN_GAME "login:login login:redirect char:characters char:redirect map:entered map:playing "

static void begin_stay(void)
{
    plan.stay_ms = LIMIT_MS;
    plan.tick_ms = 20;
    plan.stay_over = &over;
}

/* Two ticks are sent before the first is answered, and a third that is not. */
static void test_stays_in_the_game(void **state)
{
    size_t loaded;

    (void)state;
    begin_stay();
    loaded = into_the_game();
    then(false, 2 * TICK, 0x007f, TICK);
    then(false, TICK, 0, 0)->ends_stay = true;
    goes(IN_GAME "map:stayed ", true);
    asked(loaded, 0x007d);
    asked(loaded + 1, plan.client->tick);
    assert_int_equal(ropp_get16(script[loaded + 1].got + TICK), plan.client->tick);
    assert_in_range(stay.ticks, 3, LIMIT_MS);
    assert_int_equal(stay.ticks_answered, 1);
    assert_in_range(stay.slowest_ms, 20, LIMIT_MS);
    assert_in_range(stay.ms, stay.slowest_ms, LIMIT_MS);
}

/* The end of the stay ends the wait for an answer. */
static void test_no_tick_is_answered(void **state)
{
    (void)state;
    begin_stay();
    (void)into_the_game();
    then(false, 3 * TICK, 0, 0)->ends_stay = true;
    goes(IN_GAME "map:stayed ", true);
    assert_int_equal(stay.ticks_answered, 0);
    assert_in_range(stay.slowest_ms, 40, LIMIT_MS);
}

static void test_a_stay_of_its_own_length(void **state)
{
    (void)state;
    plan.stay_ms = 30;
    (void)into_the_game();
    goes(IN_GAME "map:stayed ", true);
    assert_int_equal(stay.ticks, 1);
    assert_in_range(stay.ms, 30, LIMIT_MS - 1);
}

static void test_stays_at_the_login(void **state)
{
    (void)state;
    begin_stay();
    plan.last = ROPP_LEG_LOGIN;
    login_accepts(1);
    then(false, 4, 0x01dc, 20);
    then(false, 2, 0, 0)->ends_stay = true;
    goes("login:login login:redirect login:entered login:playing login:stayed ", true);
    asked(1, 0x01db);
    assert_int_equal(stay.ticks_answered, 1);
    assert_int_equal(answers, 1);
}

/* A char server answers nothing. */
static void test_stays_at_the_characters(void **state)
{
    (void)state;
    begin_stay();
    plan.last = ROPP_LEG_CHAR;
    login_accepts(1);
    char_lists(0);
    then(false, 12, 0x007f, 6)->ends_stay = true;
    goes("login:login login:redirect char:characters char:entered char:playing char:stayed ", true);
    asked(2, 0x0187);
    assert_int_equal(ropp_get32(script[2].got + 2), 2000001);
}

/* ---- what is done on the map ---- */

static void act(enum ropp_action_kind kind, const char *text)
{
    plan.actions[plan.action_count].kind = kind;
    plan.actions[plan.action_count++].text = text;
}

/* What it says comes behind its first tick; what is not of the answer is not shown. */
static void test_says_something(void **state)
{
    static const char said[] = "\xf3\0\x0f\0hero : @who";
    struct exchange *exchange;
    size_t loaded;

    (void)state;
    act(ROPP_ACTION_CHAT, "@who");
    loaded = into_the_game();
    memcpy(script[loaded].answer, "before it", 9);
    script[loaded].length = 9;
    exchange = then(false, TICK + sizeof said - 1, 0x008e, 27);
    memcpy(exchange->answer + 4, "two heroes\1abc\1last~ \x7f", 23);
    goes(IN_GAME "map:stayed ", true);
    assert_memory_equal(script[loaded + 1].got + TICK, said, sizeof said - 1);
    assert_string_equal(words, "two heroes|last~ |"); /* four letters are words */
}

/* On the same server: the map is loaded once more. */
static void test_is_moved(void **state)
{
    struct exchange *said;
    size_t loaded;

    (void)state;
    act(ROPP_ACTION_WARP, "@go");
    loaded = into_the_game();
    said = then(false, TICK + 14, 0x0091, 22);
    memcpy(said->answer + 2, "payon.gat", 9);
    then(false, 2, 0, 0);
    goes(IN_GAME "map:moved map:entered map:stayed ", true);
    assert_non_null(strstr(details, "0 2 moved 0000 0 map payon.gat\n"
                                    "0 2 entered 0000 0 name hero map payon.gat\n"));
    asked(loaded + 2, 0x007d);
    assert_string_equal(last_map, "payon.gat");
}

static void test_is_sent_to_another_map_server(void **state)
{
    struct exchange *said;

    (void)state;
    act(ROPP_ACTION_WARP, "@go");
    (void)into_the_game();
    said = then(false, TICK + 14, 0x0092, 28);
    sends_to_the_map(said, 2);
    memcpy(said->answer + 2, "payon.gat\0\0", 12);
    map_lets_in();
    then(false, 2, 0, 0);
    goes(IN_GAME "map:redirect map:entered map:stayed ", true);
    assert_non_null(strstr(details, "0 2 redirect to map by 0092 at 127.0.0.1 here payon.gat 0000 "
                                    "0\n0 2 entered 0000 0 name hero map payon.gat\n"));
    assert_int_equal(ropp_get32(script[6].got + 6), 150007);
    assert_string_equal(last_map, "payon.gat");
}

/* Back to the characters and in again; what comes behind the server's word is waited for. */
static void test_again(void **state)
{
    size_t behind, loaded;

    for (behind = 0; behind <= 4; behind += 4) {
        story[0] = '\0';
        exchanges = plan.action_count = 0;
        act(ROPP_ACTION_AGAIN, NULL);
        loaded = into_the_game();
        then(false, TICK + 3, 0x00b3, 3 + behind)->answer[2] = 1;
        char_lists(1);
        char_sends_to_the_map();
        map_lets_in();
        then(false, 2, 0, 0);
        details[0] = '\0';
        goes(IN_GAME "again:characters again:redirect map:entered map:stayed ", true);
        assert_string_equal(details,
                            "0 0 login account 2000001 of 1 0000 0\n"
                            "0 0 redirect to char by 0069 at 127.0.0.1 here  0000 0\n"
                            "0 1 characters 0000 1\n"
                            "0 1 redirect to map by 0071 at 127.0.0.1 here prontera.gat 0000 0\n"
                            "0 2 entered 0000 0 name hero map prontera.gat\n"
                            "0 2 playing 0000 1\n"
                            "0 3 characters 0000 1\n"
                            "0 3 redirect to map by 0071 at 127.0.0.1 here prontera.gat 0000 0\n"
                            "0 2 entered 0000 0 name hero map prontera.gat\n"
                            "0 2 stayed 0000 0\n");
        assert_int_equal(ropp_get16(script[loaded + 1].got + TICK), 0x00b2);
        asked(loaded + 2, 0x0065);
    }
    (void)state;
}

/* What looks like the server's word and came before it was asked is none. */
static void test_not_again(void **state)
{
    size_t loaded;

    (void)state;
    plan.timeout_ms = 2000;
    act(ROPP_ACTION_AGAIN, NULL);
    loaded = into_the_game();
    memcpy(script[loaded].answer, "\xb3\0\1", 3);
    script[loaded].length = 3;
    then(false, TICK + 3, 0x1234, 2);
    goes(IN_GAME "map:ended ", false);
    assert_true(last.played);
}

/* The numbers of a map server's packets, each in its turn, and nobody else's. */
static void test_scrambled(void **state)
{
    static const struct ropp_scramble_keys keys = {0x12345678, 0x01020305, 0x0708090b};
    uint32_t of_connection = keys.start;
    uint8_t enter[2], loads[2];
    size_t loaded;

    (void)state;
    plan.keys = &keys;
    loaded = into_the_game();
    ropp_put16(enter, plan.client->enter);
    ropp_put16(loads, 0x007d);
    ropp_scramble(&keys, &of_connection, enter);
    ropp_scramble(&keys, &of_connection, loads);
    goes(IN_GAME "map:stayed ", true);
    asked(0, 0x0064);
    asked(1, 0x0065);
    assert_memory_equal(script[loaded - 1].got, enter, 2);
    assert_memory_equal(script[loaded].got, loads, 2);
}

/* ---- no map server for a character's map ---- */

/* Of the towns that are named, the first that is served. */
static void towns(size_t served)
{
    struct exchange *said = then(false, 3, 0x0840, 4 + 3 * 20);
    size_t i;

    ropp_put16(said->answer + 2, (unsigned)said->length);
    for (i = 0; i < 3; i++)
        said->answer[4 + 20 * i + 4] = i < served ? '0' : '1';
}

static void test_another_town(void **state)
{
    (void)state;
    login_accepts(1);
    char_lists(1);
    towns(1);
    char_sends_to_the_map_after(4);
    then(true, 23, 0x0081, 3);
    goes("login:login login:redirect char:characters char:redirect map:refused ", false);
    asked(3, 0x0841);
    assert_int_equal(script[3].got[2], 3);
    assert_int_equal(script[3].got[3], 1);
}

static void test_no_town(void **state)
{
    (void)state;
    login_accepts(1);
    char_lists(1);
    towns(3);
    goes("login:login login:redirect char:characters char:refused ", false);
    assert_int_equal(last_packet, 0x0840);
    assert_int_equal(last_number, 0);
}

/* It says that it is still there, and chooses again after a second. */
static void test_no_town_yet(void **state)
{
    int64_t from = ropp_net_now_ms();

    (void)state;
    plan.retry_ms = LIMIT_MS;
    login_accepts(1);
    char_lists(1);
    towns(3);
    then(false, 6 + 3, 0x006c, 3);
    goes("login:login login:redirect char:characters char:refused ", false);
    asked(3, 0x0187);
    assert_memory_equal(script[3].got + 6, "\x66\0\3", 3);
    assert_in_range(ropp_net_now_ms() - from, 1000, LIMIT_MS);
}

/* ---- many players ---- */

/* The second has the addresses that follow on the first's. */
static void addresses(const char *first, const char *second)
{
    plan.last = ROPP_LEG_LOGIN;
    plan.count = 2;
    plan.legs[0].sender = ROPP_SENDER_V1;
    assert_true(ropp_hostport_parse("192.0.2.9:9", 1, &plan.legs[0].destination));
    login_accepts(0);
    script[0].wants += strlen(first);
    login_accepts(0);
    script[1].wants += strlen(second);
    assert_int_equal(play(), 2);
    assert_memory_equal(script[0].got, first, strlen(first));
    assert_memory_equal(script[1].got, second, strlen(second));
}

static void test_addresses_of_each(void **state)
{
    (void)state;
    plan.claim_each = true;
    assert_true(ropp_hostport_parse("192.0.2.3:3", 1, &plan.legs[0].claim));
    addresses("PROXY TCP4 192.0.2.3 192.0.2.9 3 9\r\n", "PROXY TCP4 192.0.2.4 192.0.2.9 3 9\r\n");
}

static void test_places_of_each(void **state)
{
    (void)state;
    plan.from_each = true;
    plan.claim_each = true; /* without one to follow */
    assert_true(ropp_hostport_parse("127.0.0.1", 0, &plan.legs[0].from));
    addresses("PROXY TCP4 127.0.0.1 192.0.2.9 0 9\r\n", "PROXY TCP4 127.0.0.2 192.0.2.9 0 9\r\n");
}

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
        cmocka_unit_test_setup_teardown(test_no_answer_of_a_map, begin, end),
        cmocka_unit_test_setup_teardown(test_no_answer_of_a_char, begin, end),
        cmocka_unit_test_setup_teardown(test_other_packets_of_a_char, begin, end),
        cmocka_unit_test_setup_teardown(test_ends_of_the_network, begin, end),
        cmocka_unit_test_setup_teardown(test_closed_in_the_game, begin, end),
        cmocka_unit_test_setup_teardown(test_refused_by_the_map, begin, end),
        cmocka_unit_test_setup_teardown(test_stays_in_the_game, begin, end),
        cmocka_unit_test_setup_teardown(test_no_tick_is_answered, begin, end),
        cmocka_unit_test_setup_teardown(test_a_stay_of_its_own_length, begin, end),
        cmocka_unit_test_setup_teardown(test_stays_at_the_login, begin, end),
        cmocka_unit_test_setup_teardown(test_stays_at_the_characters, begin, end),
        cmocka_unit_test_setup_teardown(test_says_something, begin, end),
        cmocka_unit_test_setup_teardown(test_is_moved, begin, end),
        cmocka_unit_test_setup_teardown(test_is_sent_to_another_map_server, begin, end),
        cmocka_unit_test_setup_teardown(test_again, begin, end),
        cmocka_unit_test_setup_teardown(test_not_again, begin, end),
        cmocka_unit_test_setup_teardown(test_scrambled, begin, end),
        cmocka_unit_test_setup_teardown(test_another_town, begin, end),
        cmocka_unit_test_setup_teardown(test_no_town, begin, end),
        cmocka_unit_test_setup_teardown(test_no_town_yet, begin, end),
        cmocka_unit_test_setup_teardown(test_addresses_of_each, begin, end),
        cmocka_unit_test_setup_teardown(test_places_of_each, begin, end),
        cmocka_unit_test_setup_teardown(test_many, begin, end),
        cmocka_unit_test_setup_teardown(test_all_from_the_first, begin, end),
        cmocka_unit_test_setup_teardown(test_a_leg_of_its_own, begin, end),
        cmocka_unit_test_setup_teardown(test_headers, begin, end),
        cmocka_unit_test_setup_teardown(test_headers_of_the_connection, begin, end),
        cmocka_unit_test_setup_teardown(test_lengths_of_headers, begin, end),
    };
    return UNIT_RUN(argc, argv, "journey", tests, NULL, NULL);
}
