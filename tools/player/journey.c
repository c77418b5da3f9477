#include "tools/player/journey.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUIET_MS  200  /* so long without a byte, and a server has said what it had to say */
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
    STEP_LAST,    /* the connection is done with */
    STEP_OVER
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
    struct ropp_hostport char_at; /* as told */
    struct ropp_hostport map_at;
    uint32_t character;
    uint8_t slot;
    char name[ROPP_PACKET_NAME + 1];
    char map[ROPP_CLIENT_MAP + 1];
    size_t deed;
    bool has_played;
    uint8_t *out;        /* the link's; owned */
    uint32_t scrambled;  /* of the last packet to the map server, see ropp_scramble */
    size_t at;           /* of what was received, read so far */
    size_t mark;         /* from here on it answers the last deed */
    int64_t quiet_ms;    /* when the step's own wait ends; 0: it does not wait */
    int64_t settle_ms;   /* when it ends at the latest */
    int64_t patience_ms; /* when trying again ends; 0: not begun */
    int64_t entered_ms;
    int64_t tick_ms; /* the next packet that keeps the session alive; 0: none */
    size_t tick_mark;
    unsigned ticks;
    unsigned ticks_answered;
    bool tick_open;
    int64_t tick_asked_ms; /* when the one that is not answered yet was sent */
    int64_t slowest_ms;    /* of all answers */
    struct ropp_trace trace;
};

struct ropp_journeys {
    const struct ropp_plan *plan;
    unsigned playing; /* players that have been in the game */
    unsigned arrived;
    bool out_of_memory;
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

/* ---- telling ---- */

static struct ropp_event event_of(const struct player *player, enum ropp_event_kind kind)
{
    return (struct ropp_event){.kind = kind,
                               .player = player->number,
                               .leg = player->leg,
                               .leg_name = leg_names[player->leg],
                               .link = player->link};
}

static void tell(const struct player *player, const struct ropp_event *event)
{
    plan_of(player)->tell(event, plan_of(player)->context);
}

static void tell_number(const struct player *player, enum ropp_event_kind kind, unsigned number)
{
    struct ropp_event event = event_of(player, kind);
    event.number = number;
    tell(player, &event);
}

static void tell_refusal(const struct player *player, unsigned packet, unsigned code)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_REFUSED);
    event.packet = packet;
    event.number = code;
    tell(player, &event);
}

static void tell_unknown(const struct player *player, unsigned packet)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_UNKNOWN);
    event.packet = packet;
    tell(player, &event);
}

static void tell_address(const struct player *player, const char *server,
                         const struct ropp_told *told)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_TOLD);
    event.server = server;
    event.told = told;
    tell(player, &event);
}

/* Whatever reads like words. */
static void tell_text(const struct player *player, const uint8_t *bytes, size_t length)
{
    const size_t least = 4;
    struct ropp_event event = event_of(player, ROPP_EVENT_TEXT);
    size_t start = 0;
    for (size_t at = 0; at <= length; at++) {
        if (at < length && isprint(bytes[at]))
            continue;
        if (at - start >= least) {
            event.words = (const char *)bytes + start;
            event.number = (unsigned)(at - start);
            tell(player, &event);
        }
        start = at + 1;
    }
}

static void tell_end(const struct player *player)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_ENDED);
    event.played = player->step >= STEP_PAUSE && player->step <= STEP_LEAVING;
    int64_t began = event.played ? player->entered_ms : player->link->connected_ms;
    event.ms = began == 0 ? 0 : player->link->ended_ms - began;
    tell(player, &event);
}

/* ---- steps ---- */

static struct ropp_hostport address_of(const struct ropp_told *told)
{
    char text[ROPP_HOSTPORT_TEXT];
    struct ropp_hostport at;
    snprintf(text, sizeof text, "%u.%u.%u.%u:%u", told->ip[0], told->ip[1], told->ip[2],
             told->ip[3], told->port);
    (void)ropp_hostport_parse(text, 0, &at); /* it cannot fail */
    return at;
}

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

/* Sends more on the connection that stands. Without memory for it, everything ends. */
static void say(struct player *player, const uint8_t *packet, size_t length)
{
    struct ropp_link *link = player->link;
    uint8_t *out = realloc(player->out, link->out_length + length);
    if (out == NULL) {
        player->all->out_of_memory = true;
        link->deadline_ms = 0;
        return;
    }
    memcpy(out + link->out_length, packet, length);
    player->out = out;
    link->out = out;
    link->out_length += length;
}

/* A map server may expect its packets scrambled. */
static void say_packet(struct player *player, uint8_t *packet, size_t length)
{
    const struct ropp_scramble_keys *keys = plan_of(player)->keys;
    if (player->leg == ROPP_LEG_MAP && keys != NULL)
        ropp_scramble(keys, &player->scrambled, packet);
    say(player, packet, length);
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

static bool say_header(struct player *player, enum ropp_leg leg)
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
    if (length == 0) {
        struct ropp_event event = event_of(player, ROPP_EVENT_NO_HEADER);
        tell(player, &event);
        return false;
    }
    say(player, header, length);
    return true;
}

static void say_first(struct player *player)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    const struct ropp_plan *plan = plan_of(player);
    switch (player->leg) {
    case ROPP_LEG_LOGIN:
        say_packet(player, packet, ropp_packet_login(player->user, plan->password, packet));
        return;
    case ROPP_LEG_MAP:
        say_packet(player, packet,
                   ropp_client_map_enter(plan->client, &player->ticket, player->character, packet));
        return;
    case ROPP_LEG_CHAR:
    case ROPP_LEG_AGAIN:
    default:
        say_packet(player, packet, ropp_client_char_enter(&player->ticket, packet));
    }
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
    link->out_length = 0;
    player->leg = leg;
    player->scrambled = plan->keys != NULL ? plan->keys->start : 0;
    player->step = first[leg];
    player->next = -1;
    player->at = 0;
    player->quiet_ms = 0;
    player->tick_ms = 0;
    player->tick_open = false;
    if (!say_header(player, leg))
        return false;
    say_first(player);
    return true;
}

/* ---- who is in stays, and keeps the session alive ---- */

/* The question of a leg, and the answer it gets; the char server gives none. */
static size_t write_tick(const struct player *player, int64_t now, uint8_t *packet)
{
    if (player->leg == ROPP_LEG_LOGIN)
        return ropp_packet_ask_key(packet);
    if (player->leg == ROPP_LEG_MAP)
        return ropp_client_map_tick(plan_of(player)->client, (uint32_t)now, packet);
    return ropp_client_char_alive(&player->ticket, packet);
}

static unsigned tick_answer(const struct player *player)
{
    return player->leg == ROPP_LEG_LOGIN ? 0x01dc : 0x007f;
}

/* The plan's owner may end the stay of all players, at their next tick. */
static bool is_stay_over(const struct player *player)
{
    const struct ropp_plan *plan = plan_of(player);
    return plan->stay_over != NULL && *plan->stay_over != 0;
}

static void tick(struct player *player)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    int64_t now = ropp_net_now_ms();
    say_packet(player, packet, write_tick(player, now, packet));
    player->ticks++;
    player->tick_ms = now + plan_of(player)->tick_ms;
    if (is_stay_over(player) && (player->step == STEP_PAUSE || player->step == STEP_GAME))
        player->quiet_ms = now;
    set_turn(player);
    if (player->tick_open)
        return;
    player->tick_open = true;
    player->tick_asked_ms = now;
    player->tick_mark = player->link->in_length;
}

static void note_slowest(struct player *player)
{
    int64_t took = ropp_net_now_ms() - player->tick_asked_ms;
    if (took > player->slowest_ms)
        player->slowest_ms = took;
}

static void hear_tick(struct player *player)
{
    const struct ropp_link *link = player->link;
    if (!player->tick_open ||
        !ropp_client_holds(link->in + player->tick_mark, link->in_length - player->tick_mark,
                           tick_answer(player)))
        return;
    player->tick_open = false;
    player->ticks_answered++;
    note_slowest(player);
}

static void enter(struct player *player)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_ENTERED);
    event.map = player->map;
    event.name = player->name;
    tell(player, &event);
    player->entered_ms = ropp_net_now_ms();
    if (!player->has_played) {
        player->has_played = true;
        if (++player->all->playing == plan_of(player)->count)
            tell_number(player, ROPP_EVENT_PLAYING, player->all->playing);
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

static void arrive_early(struct player *player)
{
    player->all->arrived++;
    leave(player, -1);
}

/* Whether the way ends on this leg: then the player stays there, if it is to stay at all. */
static bool pauses(struct player *player)
{
    if (plan_of(player)->last != player->leg)
        return false;
    if (plan_of(player)->stay_ms == 0) {
        arrive_early(player);
        return true;
    }
    enter(player);
    stay(player, STEP_PAUSE);
    return true;
}

static void stayed(struct player *player)
{
    if (player->tick_open)
        note_slowest(player);
    struct ropp_event event = event_of(player, ROPP_EVENT_STAYED);
    event.ms = ropp_net_now_ms() - player->entered_ms;
    event.slowest_ms = player->slowest_ms;
    event.ticks = player->ticks;
    event.ticks_answered = player->ticks_answered;
    tell(player, &event);
    player->all->arrived++;
    leave(player, -1);
}

/* ---- login ---- */

/* To where the last server said. */
static void follow(struct player *player, enum ropp_leg leg, const struct ropp_told *told)
{
    const struct ropp_plan *plan = plan_of(player);
    bool bound = plan->legs[leg].to.length == 0 && plan->follows != NULL;
    if (bound && !plan->follows(told, plan->context))
        give_up(player);
    else
        leave(player, (int)leg);
}

static void take_ticket(struct player *player, const struct ropp_reply *reply)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_LOGIN);
    struct ropp_told told = {.packet = reply->packet};
    player->ticket.account_id = reply->account_id;
    player->ticket.login_id1 = reply->login_id1;
    player->ticket.login_id2 = reply->login_id2;
    player->ticket.sex = reply->sex;
    event.login = reply;
    tell(player, &event);
    for (unsigned i = reply->server_count; i-- > 0;) {
        told.port = reply->servers[i].port;
        memcpy(told.ip, reply->servers[i].ip, sizeof told.ip);
        memcpy(told.domain, reply->servers[i].domain, sizeof told.domain);
        tell_address(player, "char", &told);
        player->char_at = address_of(&told);
    }
    player->patience_ms = 0;
    if (pauses(player))
        return;
    if (reply->server_count == 0)
        give_up(player);
    else
        follow(player, ROPP_LEG_CHAR, &told);
}

static void hear_login(struct player *player)
{
    const unsigned still_online = 8;
    struct ropp_reply reply;
    if (ropp_packet_read(player->link->in, player->link->in_length, &reply) == 0)
        return;
    if (reply.answer == ROPP_ANSWER_ACCEPTED) {
        take_ticket(player, &reply);
        return;
    }
    if (reply.answer == ROPP_ANSWER_UNKNOWN)
        tell_unknown(player, reply.packet);
    else
        tell_refusal(player, reply.packet, reply.code);
    if (reply.answer == ROPP_ANSWER_NOTICE && reply.code == still_online && has_patience(player))
        leave(player, ROPP_LEG_LOGIN);
    else
        give_up(player);
}

/* ---- char ---- */

static void choose(struct player *player)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    go(player, STEP_CHOICE);
    say_packet(player, packet, ropp_client_char_select(player->slot, packet));
}

static void create(struct player *player)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    const struct ropp_plan *plan = plan_of(player);
    if (!plan->create) {
        give_up(player);
        return;
    }
    go(player, STEP_CREATION);
    snprintf(player->name, sizeof player->name, "%.*s", ROPP_PACKET_NAME - 1,
             plan->character != NULL ? plan->character : player->user);
    say_packet(player, packet, ropp_client_char_create(plan->client, player->name, packet));
}

static void take_list(struct player *player, const struct ropp_char_reply *reply)
{
    tell_number(player, ROPP_EVENT_CHARACTERS, reply->count);
    if (pauses(player))
        return;
    if (reply->count == 0) {
        create(player);
        return;
    }
    memcpy(player->name, reply->name, sizeof player->name);
    player->slot = reply->slot;
    choose(player);
}

/* The character's own map is not served: another one will do. Or none is yet, and that may change.
 */
static void take_towns(struct player *player, const struct ropp_char_reply *reply)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    if (reply->town >= 0) {
        say_packet(player, packet,
                   ropp_client_char_town(player->slot, (uint8_t)reply->town, packet));
        return;
    }
    if (!has_patience(player)) {
        tell_refusal(player, reply->packet, 0);
        give_up(player);
        return;
    }
    say_packet(player, packet, ropp_client_char_alive(&player->ticket, packet));
    go(player, STEP_CHOICE);
    wait_ms(player, AGAIN_MS); /* and choose() again */
}

static void take_created(struct player *player, const struct ropp_char_reply *reply)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_CREATED);
    event.name = player->name;
    tell(player, &event);
    player->slot = reply->slot;
    choose(player);
}

static void take_map(struct player *player, const struct ropp_char_reply *reply)
{
    tell_address(player, "map", &reply->told);
    player->character = reply->character;
    player->map_at = address_of(&reply->told);
    memcpy(player->map, reply->told.map, sizeof player->map);
    player->patience_ms = 0;
    follow(player, ROPP_LEG_MAP, &reply->told);
}

static void take_char(struct player *player, const struct ropp_char_reply *reply)
{
    switch (reply->answer) {
    case ROPP_CHAR_LIST:
        if (player->step == STEP_CHARACTERS)
            take_list(player, reply);
        return;
    case ROPP_CHAR_CREATED:
        take_created(player, reply);
        return;
    case ROPP_CHAR_TOWNS:
        take_towns(player, reply);
        return;
    case ROPP_CHAR_MAP:
        take_map(player, reply);
        return;
    case ROPP_CHAR_REFUSED:
        tell_refusal(player, reply->packet, reply->code);
        give_up(player);
        return;
    case ROPP_CHAR_UNKNOWN:
        tell_unknown(player, reply->packet);
        give_up(player);
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
        tell_refusal(player, reply.packet, reply.code);
        give_up(player);
        return;
    case ROPP_MAP_UNKNOWN:
        tell_unknown(player, reply.packet);
        give_up(player);
        return;
    case ROPP_MAP_NEED_MORE:
    default:
        return;
    }
}

static void load_map(struct player *player)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    go(player, STEP_LOADED);
    say_packet(player, packet, ropp_client_map_loaded(packet));
    wait_for_quiet(player);
}

static void talk(struct player *player, const char *text)
{
    uint8_t packet[ROPP_CLIENT_PACKET];
    say_packet(player, packet,
               ropp_client_map_chat(plan_of(player)->client, player->name, text, packet));
}

static void do_next(struct player *player)
{
    const struct ropp_plan *plan = plan_of(player);
    uint8_t packet[ROPP_CLIENT_PACKET];
    player->mark = player->link->in_length;
    if (player->deed == plan->deed_count) {
        stay(player, STEP_GAME);
        return;
    }
    const struct ropp_deed *deed = &plan->deeds[player->deed++];
    switch (deed->kind) {
    case ROPP_DEED_CHAT:
        talk(player, deed->text);
        go(player, STEP_CHAT);
        wait_ms(player, ANSWER_MS);
        player->settle_ms = player->quiet_ms + SETTLE_MS;
        return;
    case ROPP_DEED_WARP:
        talk(player, deed->text);
        go(player, STEP_WARP);
        return;
    case ROPP_DEED_AGAIN:
    default:
        say_packet(player, packet, ropp_client_map_leave(packet));
        go(player, STEP_LEAVING);
    }
}

static void arrive(struct player *player)
{
    enter(player);
    do_next(player);
}

/* Where the client is, or goes, when the server has moved it. */
static void take_move(struct player *player, const struct ropp_told *told)
{
    struct ropp_event event = event_of(player, ROPP_EVENT_MOVED);
    memcpy(player->map, told->map, sizeof player->map);
    if (told->packet == 0x0091) {
        event.map = told->map;
        tell(player, &event);
        if (player->step != STEP_ARRIVAL) /* there it is about to be loaded anyway */
            load_map(player);
        return;
    }
    tell_address(player, "map", told);
    player->map_at = address_of(told);
    follow(player, ROPP_LEG_MAP, told);
}

static void hear_move(struct player *player)
{
    struct ropp_told told;
    while (player->step >= STEP_ARRIVAL && player->step <= STEP_LEAVING &&
           ropp_client_map_move(player->link->in, player->link->in_length, &player->at, &told))
        take_move(player, &told);
}

static void hear_game(struct player *player)
{
    const uint8_t *in = player->link->in;
    size_t length = player->link->in_length;
    hear_tick(player);
    if (player->step == STEP_ARRIVAL || player->step == STEP_LOADED || player->step == STEP_CHAT)
        put_off(player);
    if (player->step == STEP_LEAVING &&
        ropp_client_holds(in + player->mark, length - player->mark, 0x00b3))
        leave(player, ROPP_LEG_AGAIN);
    hear_move(player);
}

/* ---- the link's calls ---- */

static bool heard(struct ropp_link *link)
{
    struct player *player = link->context;
    switch (player->step) {
    case STEP_LOGIN:
        hear_login(player);
        break;
    case STEP_CHARACTERS:
    case STEP_CREATION:
    case STEP_CHOICE:
        hear_char(player);
        break;
    case STEP_ENTRY:
        hear_entry(player);
        break;
    case STEP_PAUSE:
        hear_tick(player);
        break;
    case STEP_ARRIVAL:
    case STEP_LOADED:
    case STEP_GAME:
    case STEP_CHAT:
    case STEP_WARP:
    case STEP_LEAVING:
        hear_game(player);
        break;
    case STEP_LAST:
    case STEP_OVER:
    default:
        break;
    }
    return false;
}

/* The wait of a step is over. */
static void after_wait(struct player *player)
{
    player->quiet_ms = 0;
    switch (player->step) {
    case STEP_CHOICE:
        choose(player);
        return;
    case STEP_ARRIVAL:
        load_map(player);
        return;
    case STEP_LOADED:
        arrive(player);
        return;
    case STEP_CHAT:
        tell_text(player, player->link->in + player->mark, player->link->in_length - player->mark);
        do_next(player);
        return;
    case STEP_PAUSE:
    case STEP_GAME:
        stayed(player);
        return;
    default:
        return;
    }
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
        after_wait(player);
    }
    set_turn(player);
    return false;
}

static bool ended(struct ropp_link *link)
{
    struct player *player = link->context;
    int delay_ms = player->next == ROPP_LEG_LOGIN ? AGAIN_MS : 0;
    if (player->step != STEP_LAST) {
        tell_end(player);
        player->next = -1;
    }
    if (link->in != NULL) {
        if (!ropp_trace_add(&player->trace, leg_names[player->leg], link->in, link->in_length))
            player->all->out_of_memory = true;
        link->in = NULL;
    }
    if (player->all->out_of_memory || player->next < 0 ||
        !prepare(player, (enum ropp_leg)player->next, delay_ms)) {
        player->step = STEP_OVER;
        return false;
    }
    ropp_link_again(link);
    return true;
}

/* ---- all of them ---- */

struct ropp_journeys *ropp_journeys_begin(const struct ropp_plan *plan)
{
    struct ropp_journeys *all = calloc(1, sizeof *all);
    if (all == NULL)
        return NULL;
    all->plan = plan;
    all->players = calloc(plan->count, sizeof *all->players);
    all->links = calloc(plan->count, sizeof *all->links);
    if (all->players == NULL || all->links == NULL)
        goto err;
    for (unsigned i = 0; i < plan->count; i++) {
        struct player *player = &all->players[i];
        struct ropp_link *link = &all->links[i];
        player->all = all;
        player->link = link;
        player->number = i;
        snprintf(player->user, sizeof player->user, plan->user_each ? "%s%u" : "%s", plan->user,
                 plan->user_first + i);
        link->context = player;
        link->heard = heard;
        link->turn = turn;
        link->ended = ended;
        link->fd = -1;
    }
    for (unsigned i = 0; i < plan->count; i++)
        if (!prepare(&all->players[i], ROPP_LEG_LOGIN,
                     (int)((int64_t)plan->spread_ms * i / plan->count))) {
            ropp_journeys_free(all);
            errno = EINVAL;
            return NULL;
        }
    return all;
err:
    ropp_journeys_free(all);
    errno = ENOMEM;
    return NULL;
}

bool ropp_journeys_run(struct ropp_journeys *journeys)
{
    bool good = ropp_link_run(journeys->links, journeys->plan->count, NULL, NULL);
    if (good && journeys->out_of_memory) {
        errno = ENOMEM;
        good = false;
    }
    return good;
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
        if (journeys->links != NULL)
            ropp_link_free(&journeys->links[i]);
        if (journeys->players != NULL) {
            ropp_trace_free(&journeys->players[i].trace);
            free(journeys->players[i].out);
        }
    }
    free(journeys->links);
    free(journeys->players);
    free(journeys);
}
