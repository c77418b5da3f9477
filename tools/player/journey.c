// SPDX-License-Identifier: MIT
#include "tools/player/journey.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"

#define QUIET_MS  200  /* so long without a byte, and a server has sent what it had to send */
#define SETTLE_MS 2000 /* it is not waited longer than this for quiet */
#define ANSWER_MS 1500 /* for the first byte of an answer to something said */
#define AGAIN_MS  1000 /* between two tries */
#define LAST_MS   100  /* a connection that is done with is listened to a little longer */

static const char *const leg_names[ROPP_LEG_COUNT] = {"login", "char", "map", "again"};

enum step {
    STEP_LOGIN,
    STEP_CHARACTERS, /* the list is awaited */
    STEP_CREATION,
    STEP_CHOICE,
    STEP_ENTRY,   /* of the map */
    STEP_ARRIVAL, /* until the server is quiet; then the map is loaded */
    STEP_LOADED,  /* until it is quiet again */
    STEP_PAUSE,   /* the way ends before the map; from here on the player is in */
    STEP_GAME,    /* from here on in the game */
    STEP_CHAT,
    STEP_WARP,
    STEP_LEAVING, /* to the characters */
    STEP_LAST     /* the connection is done with */
};

struct player {
    struct ropp_journeys *all;
    struct ropp_link *link;
    unsigned number;
    char user[ROPP_PACKET_NAME + 16];
    enum step step;
    enum ropp_leg leg;
    int next; /* the leg after this one, -1 for none */
    struct ropp_ticket ticket;
    struct ropp_hostport char_at; /* as the servers say */
    struct ropp_hostport map_at;
    uint32_t character;
    uint8_t slot;
    char name[ROPP_PACKET_NAME + 1];
    char map[ROPP_CLIENT_MAP + 1];
    size_t action;
    bool has_played;
    struct ropp_buffer out; /* the link's */
    uint32_t scrambled;     /* of the last packet to the map server, see ropp_scramble */
    size_t at;              /* of what was received, read so far */
    size_t mark;            /* from here on it answers the last action */
    int64_t quiet_ms;       /* when the step's own wait ends; 0: it does not wait */
    int64_t settle_ms;      /* when it ends at the latest */
    int64_t patience_ms;    /* when trying again ends; 0: not begun */
    int64_t entered_ms;
    int64_t tick_ms; /* the next packet that keeps the session alive; 0: none */
    size_t tick_mark;
    unsigned ticks;
    unsigned ticks_answered;
    bool tick_open;
    int64_t tick_asked_us; /* when the one that is not answered yet was sent */
    int64_t slowest_ms;    /* of all answers */
    struct ropp_trace trace;
};

struct ropp_journeys {
    const struct ropp_plan *plan;
    unsigned playing; /* players that have been in the game */
    unsigned arrived;
    struct player *players;
    struct ropp_link *links;
};

void ropp_plan_complete(struct ropp_plan *plan)
{
    for (size_t i = 1; i < ROPP_LEG_COUNT; i++) {
        struct ropp_leg_plan *leg = &plan->legs[i];
        const struct ropp_leg_plan *before = leg - 1;
        if (leg->from.length == 0)
            leg->from = before->from;
        if (leg->claim.length == 0)
            leg->claim = before->claim;
        if (leg->destination.length == 0)
            leg->destination = before->destination;
        if (!leg->sender_set)
            leg->sender = before->sender;
    }
}

static const struct ropp_plan *plan_of(const struct player *player)
{
    return player->all->plan;
}

/* ---- reporting ---- */

static void report(const struct player *player, struct ropp_event event)
{
    event.player = player->number;
    event.leg = player->leg;
    event.leg_name = leg_names[player->leg];
    event.link = player->link;
    plan_of(player)->report(&event, plan_of(player)->context);
}

/* REPORT(player, KIND, .member = value, ...) */
#define REPORT(player, ...) report(player, (struct ropp_event){.kind = __VA_ARGS__})

/* Whatever reads like words. */
static void report_text(const struct player *player, const uint8_t *bytes, size_t length)
{
    const size_t least = 4;
    size_t start = 0;
    for (size_t at = 0; at <= length; at++) {
        if (at < length && isprint(bytes[at]))
            continue;
        if (at - start >= least)
            REPORT(player, ROPP_EVENT_TEXT, .words = (const char *)bytes + start,
                   .number = (unsigned)(at - start));
        start = at + 1;
    }
}

static void report_end(const struct player *player)
{
    bool played = player->step >= STEP_PAUSE && player->step <= STEP_LEAVING;
    int64_t began = played ? player->entered_ms : player->link->connected_ms;
    REPORT(player, ROPP_EVENT_ENDED, .played = played,
           .ms = began == 0 ? 0 : player->link->ended_ms - began);
}

/* ---- steps ---- */

/* A new step, for which the server has the plan's time. */
static void go(struct player *player, enum step step)
{
    player->step = step;
    player->quiet_ms = 0;
    player->link->deadline_ms = ropp_net_now_ms() + plan_of(player)->timeout_ms;
}

static void set_turn(struct player *player)
{
    int64_t turn = player->quiet_ms;
    if (player->tick_ms != 0 && (turn == 0 || player->tick_ms < turn))
        turn = player->tick_ms;
    player->link->turn_ms = turn;
}

static void wait_ms(struct player *player, int ms)
{
    player->quiet_ms = ropp_net_now_ms() + ms;
    set_turn(player);
}

/* Waits for quiet, which a byte may put off, but not for ever. */
static void wait_for_quiet(struct player *player)
{
    player->settle_ms = ropp_net_now_ms() + SETTLE_MS;
    wait_ms(player, QUIET_MS);
}

static void put_off(struct player *player)
{
    wait_ms(player, QUIET_MS);
    if (player->quiet_ms > player->settle_ms)
        player->quiet_ms = player->settle_ms;
    set_turn(player);
}

/* Sends more on the connection. */
static void send_bytes(struct player *player, const uint8_t *bytes, size_t length)
{
    ropp_buffer_add(&player->out, bytes, length);
    player->link->out = (const uint8_t *)player->out.data;
    player->link->out_length = player->out.size;
}

/* A map server may expect its packets scrambled. */
static void send_packet(struct player *player, struct ropp_packet packet)
{
    const struct ropp_scramble_keys *keys = plan_of(player)->keys;
    if (player->leg == ROPP_LEG_MAP && keys != NULL)
        ropp_scramble(keys, &player->scrambled, packet.bytes);
    send_bytes(player, packet.bytes, packet.length);
}

/* The connection has served its purpose. */
static void leave(struct player *player, int next)
{
    go(player, STEP_LAST);
    player->next = next;
    player->tick_ms = 0;
    wait_ms(player, LAST_MS);
}

static void give_up(struct player *player)
{
    leave(player, -1);
}

/* The way ends with an answer that leads no further. */
static void refused(struct player *player, unsigned packet, unsigned code)
{
    REPORT(player, ROPP_EVENT_REFUSED, .packet = packet, .number = code);
    give_up(player);
}

static void not_understood(struct player *player, unsigned packet)
{
    REPORT(player, ROPP_EVENT_UNKNOWN, .packet = packet);
    give_up(player);
}

/* Whether what failed may be tried once more. */
static bool has_patience(struct player *player)
{
    int64_t now = ropp_net_now_ms();
    if (player->patience_ms == 0)
        player->patience_ms = now + plan_of(player)->retry_ms;
    return now < player->patience_ms;
}

/* ---- a leg begins ---- */

static const struct ropp_hostport *goal(const struct player *player, enum ropp_leg leg)
{
    const struct ropp_leg_plan *legs = plan_of(player)->legs;
    if (legs[leg].to.length != 0)
        return &legs[leg].to;
    if (leg == ROPP_LEG_MAP)
        return &player->map_at;
    if (leg == ROPP_LEG_AGAIN)
        return goal(player, ROPP_LEG_CHAR);
    return &player->char_at;
}

static bool send_header(struct player *player, enum ropp_leg leg)
{
    static uint8_t header[ROPP_SENDER_MAX];
    const struct ropp_plan *plan = plan_of(player);
    const struct ropp_leg_plan *way = &plan->legs[leg];
    struct ropp_hostport source = way->claim.length != 0 ? way->claim : player->link->from;
    const struct ropp_hostport *destination =
        way->destination.length != 0 ? &way->destination : &player->link->to;
    if (way->sender == ROPP_SENDER_NONE)
        return true;
    if (plan->claim_each && way->claim.length != 0)
        source = ropp_hostport_after(&source, player->number);
    size_t length = ropp_sender_write(way->sender, &source, destination, 0, header);
    if (length == 0)
        REPORT(player, ROPP_EVENT_NO_HEADER);
    else
        send_bytes(player, header, length);
    return length != 0;
}

static struct ropp_packet first_packet(const struct player *player)
{
    const struct ropp_plan *plan = plan_of(player);
    if (player->leg == ROPP_LEG_LOGIN)
        return ropp_client_login(plan->client, player->user, plan->password);
    if (player->leg == ROPP_LEG_MAP)
        return ropp_client_map_enter(plan->client, &player->ticket, player->character);
    return ropp_client_char_enter(&player->ticket);
}

/* Sets the link up for a leg; it has yet to be begun. */
static bool prepare(struct player *player, enum ropp_leg leg, int delay_ms)
{
    static const enum step first[ROPP_LEG_COUNT] = {STEP_LOGIN, STEP_CHARACTERS, STEP_ENTRY,
                                                    STEP_CHARACTERS};
    struct ropp_link *link = player->link;
    const struct ropp_plan *plan = plan_of(player);
    link->to = *goal(player, leg);
    link->from = plan->legs[leg].from;
    if (plan->from_each)
        link->from = ropp_hostport_after(&link->from, player->number);
    link->delay_ms = delay_ms;
    link->timeout_ms = plan->timeout_ms + delay_ms;
    player->out.size = 0;
    player->leg = leg;
    player->scrambled = plan->keys != NULL ? plan->keys->start : 0;
    player->step = first[leg];
    player->next = -1;
    player->at = 0;
    player->quiet_ms = 0;
    player->tick_ms = 0;
    player->tick_open = false;
    if (!send_header(player, leg))
        return false;
    send_packet(player, first_packet(player));
    return true;
}

/* ---- who is in stays, and keeps the session alive ---- */

/* The question of a leg, and the answer it gets; the char server gives none. */
static struct ropp_packet tick_packet(const struct player *player, int64_t now)
{
    if (player->leg == ROPP_LEG_LOGIN)
        return ropp_client_ask_key();
    if (player->leg == ROPP_LEG_MAP)
        return ropp_client_map_tick(plan_of(player)->client, (uint32_t)now);
    return ropp_client_char_alive(&player->ticket);
}

static void tick(struct player *player)
{
    const struct ropp_plan *plan = plan_of(player);
    int64_t now = ropp_net_now_ms();
    send_packet(player, tick_packet(player, now));
    player->ticks++;
    player->tick_ms = now + plan->tick_ms;
    /* The plan's owner may end the stay of all players, at their next tick. */
    if (plan->stay_over != NULL && *plan->stay_over != 0 &&
        (player->step == STEP_PAUSE || player->step == STEP_GAME))
        player->quiet_ms = now;
    set_turn(player);
    if (player->tick_open)
        return;
    player->tick_open = true;
    player->tick_asked_us = ropp_net_now_us();
    player->tick_mark = player->link->in_length;
}

static int64_t tick_took_us(const struct player *player)
{
    return ropp_net_now_us() - player->tick_asked_us;
}

static void note_slowest(struct player *player)
{
    int64_t took_ms = tick_took_us(player) / 1000;
    if (took_ms > player->slowest_ms)
        player->slowest_ms = took_ms;
}

static void hear_tick(struct player *player)
{
    const struct ropp_link *link = player->link;
    unsigned answer = player->leg == ROPP_LEG_LOGIN ? 0x01dc : 0x007f;
    if (!player->tick_open || !ropp_client_holds(link->in + player->tick_mark,
                                                 link->in_length - player->tick_mark, answer))
        return;
    player->tick_open = false;
    player->ticks_answered++;
    note_slowest(player);
    REPORT(player, ROPP_EVENT_TICKED, .us = tick_took_us(player));
}

static void enter(struct player *player)
{
    REPORT(player, ROPP_EVENT_ENTERED, .map = player->map, .name = player->name);
    player->entered_ms = ropp_net_now_ms();
    if (!player->has_played) {
        player->has_played = true;
        if (++player->all->playing == plan_of(player)->count)
            REPORT(player, ROPP_EVENT_PLAYING, .number = player->all->playing);
    }
    if (player->tick_ms == 0)
        tick(player);
}

static void stay(struct player *player, enum step step)
{
    int stay_ms = plan_of(player)->stay_ms;
    go(player, step);
    player->entered_ms = ropp_net_now_ms();
    player->link->deadline_ms += stay_ms;
    wait_ms(player, stay_ms);
}

/* Whether the way ends on this leg: then the player stays there, if it is to stay at all. */
static bool pauses(struct player *player)
{
    if (plan_of(player)->last != player->leg)
        return false;
    if (plan_of(player)->stay_ms == 0) {
        player->all->arrived++;
        give_up(player);
    } else {
        enter(player);
        stay(player, STEP_PAUSE);
    }
    return true;
}

static void stayed(struct player *player)
{
    if (player->tick_open)
        note_slowest(player);
    REPORT(player, ROPP_EVENT_STAYED, .ms = ropp_net_now_ms() - player->entered_ms,
           .slowest_ms = player->slowest_ms, .ticks = player->ticks,
           .ticks_answered = player->ticks_answered);
    player->all->arrived++;
    give_up(player);
}

/* ---- login ---- */

/* To where the last server said. */
static void follow(struct player *player, enum ropp_leg leg, const struct ropp_redirect *redirect)
{
    const struct ropp_plan *plan = plan_of(player);
    bool bound = plan->legs[leg].to.length == 0 && plan->follows != NULL;
    if (bound && !plan->follows(redirect, plan->context))
        give_up(player);
    else
        leave(player, (int)leg);
}

static void take_ticket(struct player *player, const struct ropp_reply *reply)
{
    struct ropp_redirect redirect = {.packet = reply->packet};
    player->ticket =
        (struct ropp_ticket){reply->account_id, reply->login_id1, reply->login_id2, reply->sex};
    REPORT(player, ROPP_EVENT_LOGIN, .login = reply);
    for (unsigned i = reply->server_count; i-- > 0;) {
        const struct ropp_char_server *server = &reply->servers[i];
        redirect.port = server->port;
        memcpy(redirect.ip, server->ip, sizeof redirect.ip);
        memcpy(redirect.domain, server->domain, sizeof redirect.domain);
        REPORT(player, ROPP_EVENT_REDIRECT, .server = "char", .redirect = &redirect);
        player->char_at = ropp_hostport_v4(server->ip, server->port);
    }
    player->patience_ms = 0;
    if (pauses(player))
        return;
    if (reply->server_count == 0)
        give_up(player);
    else
        follow(player, ROPP_LEG_CHAR, &redirect);
}

static void hear_login(struct player *player)
{
    const unsigned still_online = 8;
    struct ropp_reply reply;
    if (ropp_packet_read(player->link->in, player->link->in_length, &reply) == 0)
        return;
    if (reply.answer == ROPP_ANSWER_ACCEPTED) {
        take_ticket(player, &reply);
    } else if (reply.answer == ROPP_ANSWER_UNKNOWN) {
        not_understood(player, reply.packet);
    } else {
        refused(player, reply.packet, reply.code);
        if (reply.answer == ROPP_ANSWER_NOTICE && reply.code == still_online &&
            has_patience(player))
            leave(player, ROPP_LEG_LOGIN);
    }
}

/* ---- char ---- */

static void choose(struct player *player)
{
    go(player, STEP_CHOICE);
    send_packet(player, ropp_client_char_select(player->slot));
}

static void create(struct player *player)
{
    const struct ropp_plan *plan = plan_of(player);
    if (!plan->create) {
        give_up(player);
        return;
    }
    go(player, STEP_CREATION);
    snprintf(player->name, sizeof player->name, "%.*s", ROPP_PACKET_NAME - 1,
             plan->character != NULL ? plan->character : player->user);
    send_packet(player, ropp_client_char_create(plan->client, player->name));
}

static void take_list(struct player *player, const struct ropp_char_reply *reply)
{
    REPORT(player, ROPP_EVENT_CHARACTERS, .number = reply->count);
    if (pauses(player))
        return;
    if (reply->count == 0) {
        create(player);
    } else {
        memcpy(player->name, reply->name, sizeof player->name);
        player->slot = reply->slot;
        choose(player);
    }
}

/* The character's own map is not served: another one will do. Or none is yet, and that may change.
 */
static void take_towns(struct player *player, const struct ropp_char_reply *reply)
{
    if (reply->town >= 0) {
        send_packet(player, ropp_client_char_town(player->slot, (uint8_t)reply->town));
    } else if (!has_patience(player)) {
        refused(player, reply->packet, 0);
    } else {
        send_packet(player, ropp_client_char_alive(&player->ticket));
        go(player, STEP_CHOICE);
        wait_ms(player, AGAIN_MS); /* and choose() again */
    }
}

/* Where a map server is: from the char server, or from another map server. */
static void take_map(struct player *player, const struct ropp_redirect *redirect)
{
    REPORT(player, ROPP_EVENT_REDIRECT, .server = "map", .redirect = redirect);
    memcpy(player->map, redirect->map, sizeof player->map);
    player->map_at = ropp_hostport_v4(redirect->ip, redirect->port);
    follow(player, ROPP_LEG_MAP, redirect);
}

static void take_char(struct player *player, const struct ropp_char_reply *reply)
{
    switch (reply->answer) {
    case ROPP_CHAR_LIST:
        if (player->step == STEP_CHARACTERS)
            take_list(player, reply);
        return;
    case ROPP_CHAR_CREATED:
        REPORT(player, ROPP_EVENT_CREATED, .name = player->name);
        player->slot = reply->slot;
        choose(player);
        return;
    case ROPP_CHAR_TOWNS:
        take_towns(player, reply);
        return;
    case ROPP_CHAR_MAP:
        player->character = reply->character;
        player->patience_ms = 0;
        take_map(player, &reply->redirect);
        return;
    case ROPP_CHAR_REFUSED:
        refused(player, reply->packet, reply->code);
        return;
    case ROPP_CHAR_UNKNOWN:
        not_understood(player, reply->packet);
        return;
    case ROPP_CHAR_OTHER:
    default:
        return;
    }
}

static void hear_char(struct player *player)
{
    struct ropp_char_reply reply;
    while (player->step >= STEP_CHARACTERS && player->step <= STEP_CHOICE) {
        size_t read = ropp_client_char_read(plan_of(player)->client, &player->ticket,
                                            player->at == 0, player->link->in + player->at,
                                            player->link->in_length - player->at, &reply);
        if (read == 0)
            return;
        player->at += read;
        take_char(player, &reply);
    }
}

/* ---- map ---- */

static void hear_entry(struct player *player)
{
    struct ropp_map_reply reply;
    ropp_client_map_read(player->link->in, player->link->in_length, &reply);
    switch (reply.answer) {
    case ROPP_MAP_ENTERED:
        go(player, STEP_ARRIVAL);
        wait_for_quiet(player);
        return;
    case ROPP_MAP_REFUSED:
        refused(player, reply.packet, reply.code);
        return;
    case ROPP_MAP_UNKNOWN:
        not_understood(player, reply.packet);
        return;
    case ROPP_MAP_NEED_MORE:
    default:
        return;
    }
}

static void load_map(struct player *player)
{
    go(player, STEP_LOADED);
    send_packet(player, ropp_client_map_loaded());
    wait_for_quiet(player);
}

static void act(struct player *player)
{
    const struct ropp_plan *plan = plan_of(player);
    player->mark = player->link->in_length;
    if (player->action == plan->action_count) {
        stay(player, STEP_GAME);
        return;
    }
    const struct ropp_action *action = &plan->actions[player->action++];
    if (action->kind == ROPP_ACTION_AGAIN) {
        send_packet(player, ropp_client_map_leave());
        go(player, STEP_LEAVING);
        player->settle_ms = ropp_net_now_ms() + ANSWER_MS + SETTLE_MS;
        return;
    }
    send_packet(player, ropp_client_map_chat(plan->client, player->name, action->text));
    go(player, action->kind == ROPP_ACTION_CHAT ? STEP_CHAT : STEP_WARP);
    if (action->kind == ROPP_ACTION_CHAT) {
        wait_ms(player, ANSWER_MS);
        player->settle_ms = player->quiet_ms + SETTLE_MS;
    }
}

static void arrive(struct player *player)
{
    enter(player);
    act(player);
}

static void end_chat(struct player *player)
{
    report_text(player, player->link->in + player->mark, player->link->in_length - player->mark);
    act(player);
}

/* Where the client is, or goes, when the server has moved it. */
static void take_move(struct player *player, const struct ropp_redirect *redirect)
{
    if (redirect->packet != 0x0091) {
        take_map(player, redirect);
        return;
    }
    memcpy(player->map, redirect->map, sizeof player->map);
    REPORT(player, ROPP_EVENT_MOVED, .map = redirect->map);
    if (player->step != STEP_ARRIVAL) /* there it is about to be loaded anyway */
        load_map(player);
}

static enum ropp_client_leave may_leave(const struct player *player)
{
    const struct ropp_link *link = player->link;
    return ropp_client_map_left(link->in + player->mark, link->in_length - player->mark);
}

/* What is still on its way from before may hold the same bytes as the server's word. Who believes those comes to the char server
 * before his ticket does. */
static void hear_leaving(struct player *player)
{
    if (may_leave(player) == ROPP_LEAVE_HEARD)
        leave(player, ROPP_LEG_AGAIN);
    else
        put_off(player);
}

static void leave_after_quiet(struct player *player)
{
    if (may_leave(player) != ROPP_LEAVE_UNHEARD)
        leave(player, ROPP_LEG_AGAIN);
}

static void hear_game(struct player *player)
{
    const struct ropp_link *link = player->link;
    struct ropp_redirect redirect;
    hear_tick(player);
    if (player->step == STEP_ARRIVAL || player->step == STEP_LOADED || player->step == STEP_CHAT)
        put_off(player);
    if (player->step == STEP_LEAVING)
        hear_leaving(player);
    while (player->step >= STEP_ARRIVAL && player->step <= STEP_LEAVING &&
           ropp_client_map_move(link->in, link->in_length, &player->at, &redirect))
        take_move(player, &redirect);
}

/* ---- the link's calls ---- */

/* What a step makes of received bytes, and what follows when its own wait is over. */
static const struct {
    void (*hear)(struct player *player);
    void (*after_wait)(struct player *player);
} steps[] = {
    [STEP_LOGIN] = {hear_login, NULL},   [STEP_CHARACTERS] = {hear_char, NULL},
    [STEP_CREATION] = {hear_char, NULL}, [STEP_CHOICE] = {hear_char, choose},
    [STEP_ENTRY] = {hear_entry, NULL},   [STEP_ARRIVAL] = {hear_game, load_map},
    [STEP_LOADED] = {hear_game, arrive}, [STEP_PAUSE] = {hear_tick, stayed},
    [STEP_GAME] = {hear_game, stayed},   [STEP_CHAT] = {hear_game, end_chat},
    [STEP_WARP] = {hear_game, NULL},     [STEP_LEAVING] = {hear_game, leave_after_quiet},
    [STEP_LAST] = {NULL, NULL},
};

static bool heard(struct ropp_link *link)
{
    struct player *player = link->context;
    if (steps[player->step].hear != NULL)
        steps[player->step].hear(player);
    return false;
}

static bool turn(struct ropp_link *link)
{
    struct player *player = link->context;
    int64_t now = ropp_net_now_ms();
    if (player->tick_ms != 0 && player->tick_ms <= now)
        tick(player);
    if (player->quiet_ms != 0 && player->quiet_ms <= now) {
        if (player->step == STEP_LAST)
            return true;
        player->quiet_ms = 0;
        if (steps[player->step].after_wait != NULL)
            steps[player->step].after_wait(player);
    }
    set_turn(player);
    return false;
}

static bool ended(struct ropp_link *link)
{
    struct player *player = link->context;
    int delay_ms = player->next == ROPP_LEG_LOGIN ? AGAIN_MS : 0;
    if (player->step != STEP_LAST) {
        report_end(player);
        player->next = -1;
    }
    if (link->in != NULL)
        ropp_trace_add(&player->trace, leg_names[player->leg], link->in, link->in_length);
    link->in = NULL;
    if (player->next < 0 || !prepare(player, (enum ropp_leg)player->next, delay_ms))
        return false;
    ropp_link_again(link);
    return true;
}

/* ---- all of them ---- */

struct ropp_journeys *ropp_journeys_begin(const struct ropp_plan *plan)
{
    struct ropp_journeys *all = ropp_alloc(1, sizeof *all);
    all->plan = plan;
    all->players = ropp_alloc(plan->count, sizeof *all->players);
    all->links = ropp_alloc(plan->count, sizeof *all->links);
    for (unsigned i = 0; i < plan->count; i++) {
        struct player *player = &all->players[i];
        player->all = all;
        player->link = &all->links[i];
        player->number = i;
        snprintf(player->user, sizeof player->user, plan->user_each ? "%s%u" : "%s", plan->user,
                 plan->user_first + i);
        *player->link = (struct ropp_link){
            .context = player, .heard = heard, .turn = turn, .ended = ended, .fd = -1};
    }
    for (unsigned i = 0; i < plan->count; i++)
        if (!prepare(&all->players[i], ROPP_LEG_LOGIN,
                     (int)((int64_t)plan->spread_ms * i / plan->count))) {
            ropp_journeys_free(all);
            return NULL;
        }
    return all;
}

bool ropp_journeys_run(struct ropp_journeys *journeys)
{
    return ropp_link_run(journeys->links, journeys->plan->count, NULL, NULL);
}

unsigned ropp_journeys_arrived(const struct ropp_journeys *journeys)
{
    return journeys->arrived;
}

const struct ropp_trace *ropp_journeys_trace(const struct ropp_journeys *journeys, unsigned number)
{
    return &journeys->players[number].trace;
}

void ropp_journeys_free(struct ropp_journeys *journeys)
{
    if (journeys == NULL)
        return;
    for (unsigned i = 0; i < journeys->plan->count; i++) {
        ropp_link_free(&journeys->links[i]);
        ropp_trace_free(&journeys->players[i].trace);
        ropp_buffer_free(&journeys->players[i].out);
    }
    free(journeys->links);
    free(journeys->players);
    free(journeys);
}
