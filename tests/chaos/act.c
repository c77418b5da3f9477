// SPDX-License-Identifier: MIT
#include "tests/chaos/act.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/chaos/forge.h"
#include "tests/player/serverlogin.h"

#define PATIENCE_MS 120000 /* longer than anything takes, on a busy machine too */
#define DEADLINE_MS 6000   /* proxy_header_timeout, which a busy machine keeps to as well */

#define STACK_MOST 8 /* headers on one connection */

#define ENDED_BY_SERVER (CHAOS_CLOSED)
#define ENDED_BY_SELF   (CHAOS_CLOSED | CHAOS_LEFT)
#define ANYTHING        (CHAOS_LEFT | CHAOS_CLOSED | CHAOS_ACCEPTED | CHAOS_REFUSED | CHAOS_ANSWERED)

/* A connection that is being planned. */
struct draft {
    const struct chaos_world *world;
    struct chaos_random random;
    struct chaos_act *act;
    struct ropp_link *link;
    uint8_t *bytes; /* what it is to say */
    size_t length;
};

/* ---- addresses ---- */

static struct ropp_hostport v4(unsigned b, unsigned c, unsigned d, uint16_t port)
{
    struct ropp_hostport at;
    struct sockaddr_in in;
    memset(&at, 0, sizeof at);
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    in.sin_addr.s_addr = htonl(127U << 24 | b << 16 | c << 8 | d);
    memcpy(&at.address, &in, sizeof in);
    at.length = sizeof in;
    return at;
}

static struct ropp_hostport v6(unsigned net, unsigned subnet, uint16_t port)
{
    struct ropp_hostport at;
    char text[ROPP_HOSTPORT_TEXT];
    snprintf(text, sizeof text, "2001:db8:%x:%x::5", net, subnet);
    (void)ropp_hostport_parse(text, port, &at);
    return at;
}

static uint16_t any_port(struct draft *draft)
{
    return (uint16_t)(1024 + chaos_below(&draft->random, 60000));
}

static unsigned any_player(struct draft *draft)
{
    return 1 + chaos_below(&draft->random, CHAOS_PLAYERS);
}

/* One of the networks that are banned and not, all the time. */
static struct ropp_hostport churned(struct draft *draft)
{
    unsigned net = 70 + chaos_below(&draft->random, 10);
    if (chaos_chance(&draft->random, 20))
        return v6(net, chaos_below(&draft->random, 64), any_port(draft));
    return v4(net, chaos_below(&draft->random, 4), chaos_below(&draft->random, 256),
              any_port(draft));
}

/* ---- where it goes, and from where ---- */

static void go(struct draft *draft, unsigned target)
{
    draft->act->target = target;
    draft->link->to = draft->world->targets[target].at;
}

static void go_login(struct draft *draft)
{
    go(draft, 0);
}

static void go_anywhere(struct draft *draft)
{
    bool login = chaos_chance(&draft->random, 25);
    go(draft, login ? 0 : chaos_below(&draft->random, draft->world->target_count));
}

static bool at_login(const struct draft *draft)
{
    return draft->act->target == 0;
}

/* Comes from one of the proxies. Returns its address as players dial it. */
static struct ropp_hostport come_by_hop(struct draft *draft)
{
    unsigned hop = 20 + chaos_below(&draft->random, 40);
    draft->link->from = v4(10, 0, hop, 0);
    return v4(10, 0, hop, ropp_hostport_port(&draft->link->to));
}

static uint32_t address_of(const struct ropp_hostport *at)
{
    uint8_t bytes[16];
    (void)ropp_hostport_bytes(at, bytes);
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* ---- what it says ---- */

static void say(struct draft *draft, size_t length)
{
    draft->length += length;
}

static uint8_t *mouth(struct draft *draft)
{
    return draft->bytes + draft->length;
}

static void say_header(struct draft *draft, struct ropp_hostport source,
                       struct ropp_hostport destination)
{
    say(draft, chaos_forge_good(&draft->random, &source, &destination, mouth(draft)));
}

/* By a proxy: the header names the player, and where the player dialled. */
static void say_player(struct draft *draft, struct ropp_hostport player)
{
    struct ropp_hostport dialled = come_by_hop(draft);
    if (player.address.ss_family == AF_INET6) { /* who cannot be sent an address of that family */
        dialled = v6(0x10, 1, ropp_hostport_port(&dialled));
        draft->link->from = v4(10, 0, 9, 0);
    }
    say_header(draft, player, dialled);
}

static void say_login(struct draft *draft, const char *user, const char *password)
{
    say(draft, ropp_packet_login(user, password, mouth(draft)));
}

static void say_login_each(struct draft *draft, const char *user, unsigned number)
{
    char name[ROPP_PACKET_NAME];
    snprintf(name, sizeof name, "%s%u", user, number);
    say_login(draft, name, "secret");
}

/* A player at the char server with a ticket that nobody has issued. The server repeats the account
 * at once, so that it shows whether it has listened. */
static void say_ticket(struct draft *draft)
{
    uint8_t *out = mouth(draft);
    memset(out, 0, 17);
    ropp_put16(out, 0x0065);
    ropp_put32(out + 2, 3000000 + chaos_below(&draft->random, 100000));
    ropp_put32(out + 6, chaos_below(&draft->random, UINT32_MAX));
    say(draft, 17);
}

static void say_server_login(struct draft *draft, const char *user, const char *password)
{
    static const uint8_t ip[4] = {127, 77, 13, 9};
    uint8_t *out = mouth(draft);
    if (draft->world->targets[draft->act->target].server == CHAOS_CHAR) { /* a map server's */
        memset(out, 0, 60);
        ropp_put16(out, 0x2af8);
        ropp_put_name(out + 2, ROPP_PACKET_NAME, user);
        ropp_put_name(out + 26, ROPP_PACKET_NAME, password);
        memcpy(out + 54, ip, sizeof ip);
        say(draft, 60);
        return;
    }
    say(draft, ropp_server_login_write(user, password, "storm", ip, 6121, out));
}

static void say_garbage(struct draft *draft, size_t most)
{
    say(draft, chaos_forge_garbage(&draft->random, most, mouth(draft)));
}

/* What the server it has come to would answer. */
static void say_something(struct draft *draft, const char *user)
{
    if (at_login(draft))
        say_login(draft, user, "secret");
    else if (draft->world->targets[draft->act->target].server == CHAOS_CHAR)
        say_ticket(draft);
    else
        say_garbage(draft, 60);
}

/* ---- how it comes to its end ---- */

static void end(struct draft *draft, enum chaos_ending ending, int within_ms)
{
    draft->act->ending = ending;
    draft->act->end_ms = within_ms == 0 ? 0 : (int)chaos_below(&draft->random, (uint32_t)within_ms);
}

static void end_anyhow(struct draft *draft, int within_ms)
{
    static const enum chaos_ending endings[] = {CHAOS_CLOSE, CHAOS_RESET, CHAOS_HALF};
    end(draft, endings[chaos_below(&draft->random, 3)], within_ms);
}

static void expect(struct draft *draft, unsigned allowed)
{
    draft->act->allowed = allowed;
}

/* In pieces up to here; what is behind leaves at once, as a client's packet does. */
static void cut(struct draft *draft, size_t behind)
{
    if (draft->length < 2 || chaos_chance(&draft->random, 60))
        return;
    draft->link->piece = 1 + chaos_below(&draft->random, (uint32_t)draft->length);
    if (draft->link->piece < draft->length / 30) /* not in thousands of pieces */
        draft->link->piece = draft->length / 30;
    draft->link->piece_end = draft->length - behind;
    draft->link->gap_ms = (int)chaos_below(&draft->random, 8);
}

static void cut_anywhere(struct draft *draft)
{
    cut(draft, 0);
}

/* ---- those who are to be let in ---- */

static void be_honest(struct draft *draft)
{
    draft->act->honest = true;
    expect(draft, CHAOS_ACCEPTED);
    cut(draft, ROPP_PACKET_LOGIN);
}

static void plan_honest_header(struct draft *draft)
{
    unsigned number = any_player(draft);
    go_login(draft);
    say_player(draft, v4(61, 0, number, any_port(draft)));
    say_login_each(draft, "honest", number);
    draft->act->sent_address = address_of(&draft->link->from);
    be_honest(draft);
}

static void plan_honest_direct(struct draft *draft)
{
    unsigned number = any_player(draft);
    go_login(draft);
    draft->link->from = v4(62, 0, number, 0);
    say_login_each(draft, "direct", number);
    draft->act->sent_address = address_of(&draft->link->to);
    be_honest(draft);
    draft->link->piece = 0;
}

static void plan_honest_ipv6(struct draft *draft)
{
    unsigned number = any_player(draft);
    go_login(draft);
    draft->link->from = v4(10, 0, 9, 0);
    say_header(draft, v6(0x61, number, any_port(draft)), v6(0x10, 1, 6900));
    say_login_each(draft, "six", number);
    draft->act->sent_address = address_of(&draft->link->to);
    be_honest(draft);
}

static void plan_honest_allowed(struct draft *draft)
{
    unsigned number = any_player(draft);
    go_login(draft);
    say_player(draft, v4(64, 1, number, any_port(draft)));
    say_login_each(draft, "allow", number);
    be_honest(draft);
}

/* The header's deadline is the header's alone. */
static void plan_honest_late(struct draft *draft)
{
    unsigned number = any_player(draft);
    size_t header;
    go_login(draft);
    say_player(draft, v4(61, 0, number, any_port(draft)));
    header = draft->length;
    say_login_each(draft, "honest", number);
    be_honest(draft);
    draft->link->piece = header;
    draft->link->piece_end = header;
    draft->link->gap_ms = DEADLINE_MS - 500 + (int)chaos_below(&draft->random, 1500);
}

/* Each header names the next proxy, the last one the player. */
static void plan_honest_stacked(struct draft *draft)
{
    unsigned number = any_player(draft);
    uint32_t headers = 2 + chaos_below(&draft->random, STACK_MOST - 1);
    struct ropp_hostport dialled;
    go_login(draft);
    dialled = come_by_hop(draft);
    while (--headers > 0)
        say_header(draft, v4(10, 0, 20 + chaos_below(&draft->random, 40), any_port(draft)),
                   dialled);
    say_header(draft, v4(63, 0, number, any_port(draft)), dialled);
    say_login_each(draft, "stack", number);
    be_honest(draft);
}

/* Somebody who plays on the proxy's own machine. */
static void plan_honest_hop(struct draft *draft)
{
    struct ropp_hostport dialled;
    unsigned number;
    go_login(draft);
    dialled = come_by_hop(draft);
    number = address_of(&draft->link->from) & 255;
    say_header(draft, v4(10, 0, number, any_port(draft)), dialled);
    say_login_each(draft, "hop", number);
    be_honest(draft);
}

/* A ticket that nobody has issued is refused in the game's words. */
static void plan_honest_char(struct draft *draft)
{
    go(draft, draft->world->target_count > 1 ? 1 : 0);
    say_player(draft, v4(61, 0, any_player(draft), any_port(draft)));
    say_something(draft, "storm");
    draft->act->honest = true;
    expect(draft, CHAOS_ANSWERED | CHAOS_ACCEPTED);
}

/* ---- those who are not ---- */

static void plan_banned(struct draft *draft)
{
    unsigned net = chaos_chance(&draft->random, 50) ? 64 : 65;
    struct ropp_hostport player = v4(net, 9, any_player(draft), 0);
    go_anywhere(draft);
    if (chaos_chance(&draft->random, 40)) {
        draft->link->from = player;
        say_something(draft, "storm");
    } else {
        say_player(draft, player);
        say_something(draft, "storm");
        cut_anywhere(draft);
    }
    expect(draft, at_login(draft) ? CHAOS_CLOSED | CHAOS_REFUSED : CHAOS_CLOSED);
}

static void plan_churned(struct draft *draft)
{
    go_anywhere(draft);
    say_player(draft, churned(draft));
    if (chaos_chance(&draft->random, 30)) { /* stays, and may be thrown out */
        end_anyhow(draft, 2000);
    } else {
        say_something(draft, "storm");
        end(draft, CHAOS_CLOSE, 3000);
    }
    cut_anywhere(draft);
    expect(draft, ANYTHING);
}

static void plan_churned_direct(struct draft *draft)
{
    struct ropp_hostport from = churned(draft);
    go_anywhere(draft);
    if (from.address.ss_family == AF_INET6)
        from = v4(70, 1, 1, 0);
    draft->link->from = v4((address_of(&from) >> 16) & 255, (address_of(&from) >> 8) & 255,
                           address_of(&from) & 255, 0);
    if (chaos_chance(&draft->random, 70))
        say_something(draft, "storm");
    end_anyhow(draft, 1500);
    expect(draft, ANYTHING);
}

static void plan_broken(struct draft *draft)
{
    go_anywhere(draft);
    (void)come_by_hop(draft);
    say(draft, chaos_forge_broken(&draft->random, mouth(draft)));
    say_something(draft, "storm");
    cut_anywhere(draft);
    expect(draft, ENDED_BY_SERVER);
}

static void plan_truncated(struct draft *draft)
{
    go_anywhere(draft);
    say_player(draft, churned(draft));
    draft->length = chaos_below(&draft->random, (uint32_t)draft->length);
    cut_anywhere(draft);
    expect(draft, ENDED_BY_SELF);
    if (chaos_chance(&draft->random, 20))
        expect(draft, ENDED_BY_SERVER); /* waits for the deadline */
    else
        end_anyhow(draft, 300);
}

/* A good header and a good packet, of which some bits are not. */
static void plan_mutated(struct draft *draft)
{
    uint32_t flips = 1 + chaos_below(&draft->random, 4);
    go_anywhere(draft);
    say_player(draft, churned(draft));
    say_something(draft, "mutant");
    while (flips-- > 0)
        draft->bytes[chaos_below(&draft->random, (uint32_t)draft->length)] ^=
            (uint8_t)(1U << chaos_below(&draft->random, 8));
    cut_anywhere(draft);
    end_anyhow(draft, 500);
    expect(draft, ANYTHING);
}

static void plan_check(struct draft *draft)
{
    go_anywhere(draft);
    (void)come_by_hop(draft);
    say(draft, chaos_forge_nameless(&draft->random, mouth(draft)));
    cut_anywhere(draft);
    end_anyhow(draft, 600);
    expect(draft, ENDED_BY_SELF);
}

/* A player without a name (proxy_unnamed: refuse). */
static void plan_unnamed(struct draft *draft)
{
    go_anywhere(draft);
    (void)come_by_hop(draft);
    say(draft, chaos_forge_nameless(&draft->random, mouth(draft)));
    say_something(draft, "storm");
    cut_anywhere(draft);
    expect(draft, ENDED_BY_SERVER);
}

/* A header from somebody who is nobody's proxy. */
static void plan_untrusted(struct draft *draft)
{
    struct ropp_hostport dialled;
    go_anywhere(draft);
    dialled = v4(77, 13, 9, ropp_hostport_port(&draft->link->to));
    draft->link->from = v4(81, chaos_below(&draft->random, 4), any_player(draft), 0);
    say_header(draft, v4(61, 0, any_player(draft), any_port(draft)), dialled);
    say_something(draft, "storm");
    expect(draft, ENDED_BY_SERVER);
}

/* A second header behind one that names no proxy. */
static void plan_second(struct draft *draft)
{
    struct ropp_hostport player = v4(61, 0, any_player(draft), any_port(draft));
    go_anywhere(draft);
    say_player(draft, churned(draft));
    say_header(draft, player, v4(10, 0, 20, any_port(draft)));
    say_something(draft, "storm");
    cut_anywhere(draft);
    expect(draft, CHAOS_CLOSED | CHAOS_REFUSED); /* who is banned may be answered */
}

static void plan_too_deep(struct draft *draft)
{
    uint32_t headers = STACK_MOST + 1 + chaos_below(&draft->random, 3);
    struct ropp_hostport dialled;
    go_anywhere(draft);
    dialled = come_by_hop(draft);
    while (headers-- > 0) {
        struct ropp_hostport hop = v4(10, 0, 20 + chaos_below(&draft->random, 40), any_port(draft));
        say(draft, ropp_sender_write(ROPP_SENDER_V2, &hop, &dialled, 0, mouth(draft)));
    }
    say_something(draft, "storm");
    expect(draft, ENDED_BY_SERVER);
}

static void plan_nothing(struct draft *draft)
{
    go_anywhere(draft);
    if (chaos_chance(&draft->random, 50))
        (void)come_by_hop(draft);
    else
        draft->link->from = churned(draft);
    if (draft->link->from.address.ss_family != AF_INET)
        draft->link->from = v4(71, 2, 3, 0);
    end_anyhow(draft, chaos_chance(&draft->random, 70) ? 0 : 30);
    expect(draft, ENDED_BY_SELF | CHAOS_REFUSED);
}

/* A proxy that sends nothing is closed at the deadline. */
static void plan_silent(struct draft *draft)
{
    go_anywhere(draft);
    (void)come_by_hop(draft);
    expect(draft, ENDED_BY_SERVER);
}

static void plan_server_behind(struct draft *draft)
{
    go(draft, chaos_below(&draft->random, draft->world->target_count > 1 ? 2 : 1));
    say_player(draft, v4(61, 0, any_player(draft), any_port(draft)));
    say_server_login(draft, draft->world->server_user, draft->world->server_password);
    expect(draft, ENDED_BY_SERVER);
}

static void plan_server_wrong(struct draft *draft)
{
    bool hop = chaos_chance(&draft->random, 50);
    go(draft, chaos_below(&draft->random, draft->world->target_count > 1 ? 2 : 1));
    draft->link->from = v4(0, 0, 1, 0);
    if (hop)
        (void)come_by_hop(draft);
    say_server_login(draft, draft->world->server_user, "guessed");
    if (chaos_chance(&draft->random, 50))
        end_anyhow(draft, 20);
    /* Of a proxy it is no header; of a server's address it is a login like any other. */
    expect(draft, hop ? ENDED_BY_SELF : ENDED_BY_SELF | CHAOS_ANSWERED | CHAOS_REFUSED);
}

static void plan_wrong_password(struct draft *draft)
{
    go_login(draft);
    say_player(draft, v4(80, chaos_below(&draft->random, 64), any_player(draft), any_port(draft)));
    say_login(draft, "storm", "guessed");
    expect(draft, CHAOS_REFUSED | CHAOS_CLOSED);
}

static void plan_garbage(struct draft *draft)
{
    go_anywhere(draft);
    if (chaos_chance(&draft->random, 60))
        say_player(draft, churned(draft));
    else
        draft->link->from = v4(82, chaos_below(&draft->random, 4), any_player(draft), 0);
    say_garbage(draft, 5000);
    cut_anywhere(draft);
    end_anyhow(draft, 400);
    expect(draft, ENDED_BY_SELF | CHAOS_REFUSED | CHAOS_ANSWERED);
}

static const struct {
    const char *name;
    unsigned weight;
    void (*plan)(struct draft *draft);
} kinds[] = {
    {"honest-header", 6, plan_honest_header},
    {"honest-direct", 2, plan_honest_direct},
    {"honest-ipv6", 2, plan_honest_ipv6},
    {"honest-allowed", 2, plan_honest_allowed},
    {"honest-late", 1, plan_honest_late},
    {"honest-stacked", 2, plan_honest_stacked},
    {"honest-hop", 1, plan_honest_hop},
    {"honest-char", 5, plan_honest_char},
    {"banned", 7, plan_banned},
    {"churned", 9, plan_churned},
    {"churned-direct", 4, plan_churned_direct},
    {"broken", 9, plan_broken},
    {"truncated", 9, plan_truncated},
    {"mutated", 8, plan_mutated},
    {"check", 4, plan_check},
    {"unnamed", 4, plan_unnamed},
    {"untrusted", 4, plan_untrusted},
    {"second", 2, plan_second},
    {"too-deep", 1, plan_too_deep},
    {"nothing", 12, plan_nothing},
    {"silent", 1, plan_silent},
    {"server-behind", 2, plan_server_behind},
    {"server-wrong", 2, plan_server_wrong},
    {"wrong-password", 2, plan_wrong_password},
    {"garbage", 4, plan_garbage},
};

#define KINDS (sizeof kinds / sizeof *kinds)

unsigned chaos_kind_count(void)
{
    return KINDS;
}

const char *chaos_kind_name(unsigned kind)
{
    return kind < KINDS ? kinds[kind].name : "crowd";
}

static unsigned choose_kind(struct chaos_random *random)
{
    unsigned sum = 0, chosen = 0;
    for (unsigned i = 0; i < KINDS; i++)
        sum += kinds[i].weight;
    sum = chaos_below(random, sum);
    while (sum >= kinds[chosen].weight)
        sum -= kinds[chosen++].weight;
    return chosen;
}

/* Room for the longest of all plans. */
static uint8_t scratch[(STACK_MOST + 4) * ROPP_SENDER_MAX];

static struct draft begin(const struct chaos_world *world, uint64_t number, struct chaos_act *act,
                          struct ropp_link *link)
{
    struct draft draft = {.world = world, .act = act, .link = link, .bytes = scratch};
    draft.random = chaos_row(world->seed, number);
    memset(act, 0, sizeof *act);
    act->number = number;
    link->piece = link->piece_end = 0;
    link->gap_ms = link->hold_ms = link->delay_ms = 0;
    link->timeout_ms = PATIENCE_MS;
    return draft;
}

static bool finish(struct draft *draft)
{
    uint8_t *out = malloc(draft->length + 1);
    if (out == NULL)
        return false;
    memcpy(out, draft->bytes, draft->length);
    draft->link->out = out;
    draft->link->out_length = draft->length;
    return true;
}

bool chaos_act_plan(const struct chaos_world *world, uint64_t number, struct chaos_act *act,
                    struct ropp_link *link)
{
    struct draft draft = begin(world, number, act, link);
    act->kind = choose_kind(&draft.random);
    kinds[act->kind].plan(&draft);
    return finish(&draft);
}

bool chaos_act_crowd(const struct chaos_world *world, uint64_t number, unsigned target,
                     struct chaos_act *act, struct ropp_link *link)
{
    struct draft draft = begin(world, number, act, link);
    act->kind = KINDS;
    go(&draft, target);
    if (chaos_chance(&draft.random, 50)) {
        say_player(&draft, churned(&draft));
        draft.length = chaos_below(&draft.random, 16);
    } else {
        link->from = v4(83, chaos_below(&draft.random, 8), any_player(&draft), 0);
    }
    end_anyhow(&draft, 300);
    act->end_ms += 1500;
    act->honest = true;
    expect(&draft, ANYTHING);
    return finish(&draft);
}
