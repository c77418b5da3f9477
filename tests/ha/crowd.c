// SPDX-License-Identifier: MIT
/* Players who know several hops and play by one of them: they log in, play for a while, leave, and
 * come again. Whose session breaks, or who does not get in, does what a client's owner does: tries
 * the hops in turn, so many times each. One process, one connection a player at a time.
 *
 * What happens is a line each, on standard output: what, the wall clock in milliseconds, the
 * player's name, the hop's, and then
 *
 *   leg SERVER ADDRESS PORT    a connection was made; the player's own end
 *   in TRIES MS                in the game: at the so-manieth try, so long after the first began
 *   lost PORT SINCE WHY        a session broke; its last answer came at SINCE
 *   failed SERVER WHY          a try failed
 *   stranded SINCE             no hop let the player in; it goes on trying all the same
 *   stray SERVER ADDRESS       the server sent the player to another address than the hop's
 *   seen ADDRESS               the map server sees another address than the player's own
 *   left ANSWERS               the player has left by itself
 *   took MS                    an exchange with the map server
 *
 * SIGTERM: all leave, and the process ends. */
#include <arpa/inet.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "tests/chaos/random.h"
#include "tools/base/buffer.h"
#include "tools/base/decimal.h"
#include "tools/player/bytes.h"
#include "tools/player/client.h"
#include "tools/player/link.h"

#define HOPS       8
#define ROUNDS     3 /* a player tries every hop so often before it is stranded */
#define ONLINE_MAX 8 /* and a hop so often where the game says that the account is online still */
#define LEG_MS     10000 /* for each server, from the connection to its answer */
#define ANSWER_MS  15000 /* in the game, after which nobody is thought to be there */
#define AGAIN_MS   1000  /* between two tries */
#define REFUSED_MS                                                                                 \
    4000 /* behind an answer, which people read; the game's guard locks out who comes */
#define ONLINE_MS 4000 /* more than five times with less than three seconds in between */
#define REST_MS   3000 /* between two sessions */
#define LAST_MS   100  /* a connection that is done with is kept a little longer */

enum stage { STAGE_LOGIN, STAGE_CHAR, STAGE_ENTRY, STAGE_LOADING, STAGE_GAME, STAGE_LAST };

static const char *const servers[] = {"login", "char", "map", "map", "map", "map"};

/* What a try comes to. */
enum outcome {
    OUTCOME_NONE,   /* nothing yet: the connection ended, or nobody answered */
    OUTCOME_NEXT,   /* the next server */
    OUTCOME_LEFT,   /* the player has left */
    OUTCOME_ONLINE, /* the game still has the account */
    OUTCOME_REFUSED
};

struct hop {
    const char *name;
    struct ropp_hostport at;
};

struct crowd {
    struct hop hops[HOPS];
    size_t hop_count;
    const struct ropp_client *client;
    const char *user;
    struct ropp_hostport from;
    uint64_t count;
    uint64_t seed;
    uint64_t tick_ms;
    uint64_t play_ms;   /* how long a session is, about */
    uint64_t spread_ms; /* they begin evenly over this time */
    size_t others;      /* the first player's first hop; the next one's is the next */
};

struct player {
    const struct crowd *crowd;
    struct ropp_link *link;
    struct chaos_random random;
    char name[ROPP_PACKET_NAME];
    size_t home; /* the hop it begins with */
    size_t hop;
    enum stage stage;
    enum outcome outcome;
    struct ropp_hostport next;
    struct ropp_ticket ticket;
    uint32_t character;
    uint8_t slot;
    char character_name[ROPP_PACKET_NAME + 1];
    unsigned tries; /* since it was in the game, or began */
    unsigned online;
    int64_t trying_ms; /* since then; both clocks */
    int64_t trying_wall;
    int64_t leave_ms;
    int64_t asked_ms; /* the tick that has no answer yet; 0: all have */
    int64_t answered_wall;
    unsigned answers;
    size_t read; /* of what was received */
    struct ropp_buffer out;
};

static volatile sig_atomic_t over;

static void note_signal(int number)
{
    (void)number;
    over = 1;
}

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

ROPP_PRINTF(3, 4)
static void say(const struct player *player, const char *what, const char *format, ...)
{
    va_list args;
    printf("%s %" PRId64 " %s %s ", what, wall_ms(), player->name,
           player->crowd->hops[player->hop].name);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static void address_text(const struct ropp_hostport *at, char out[INET_ADDRSTRLEN])
{
    inet_ntop(AF_INET, &at->v4.sin_addr, out, INET_ADDRSTRLEN);
}

/* ---- a connection ---- */

static void send_packet(struct player *player, struct ropp_packet packet)
{
    ropp_buffer_add(&player->out, packet.bytes, packet.length);
    player->link->out = (const uint8_t *)player->out.data;
    player->link->out_length = player->out.size;
}

/* Sets the link up for a server; it has yet to be begun. */
static void prepare(struct player *player, enum stage stage, const struct ropp_hostport *to,
                    int64_t delay_ms)
{
    struct ropp_link *link = player->link;
    link->to = *to;
    link->delay_ms = (int)delay_ms;
    link->timeout_ms = (int)delay_ms + LEG_MS;
    player->stage = stage;
    player->outcome = OUTCOME_NONE;
    player->read = 0;
    player->out.size = 0;
    if (stage == STAGE_LOGIN)
        send_packet(player, ropp_client_login(player->crowd->client, player->name, "secret"));
    else if (stage == STAGE_CHAR)
        send_packet(player, ropp_client_char_enter(&player->ticket));
    else
        send_packet(player, ropp_client_map_enter(player->crowd->client, &player->ticket,
                                                  player->character));
}

static void prepare_login(struct player *player, int64_t delay_ms)
{
    prepare(player, STAGE_LOGIN, &player->crowd->hops[player->hop].at, delay_ms);
}

/* The connection has served its purpose. */
static bool done(struct player *player, enum outcome outcome)
{
    player->outcome = outcome;
    return true;
}

static bool refuse(struct player *player, unsigned packet, unsigned code)
{
    const unsigned still_online = 8;
    if (packet == 0x0081 && code == still_online)
        return done(player, OUTCOME_ONLINE);
    say(player, "failed", "%s refused-%04x-%u", servers[player->stage], packet, code);
    return done(player, OUTCOME_REFUSED);
}

/* To where the server says, which must be the hop that was dialled. */
static bool follow(struct player *player, const char *server, const uint8_t ip[4], uint16_t port,
                   const char *domain)
{
    char text[INET_ADDRSTRLEN];
    player->next = ropp_hostport_v4(ip, port);
    if (player->next.v4.sin_addr.s_addr != player->crowd->hops[player->hop].at.v4.sin_addr.s_addr ||
        domain[0] != '\0') {
        address_text(&player->next, text);
        say(player, "stray", "%s %s%s", server, text, domain);
    }
    return done(player, OUTCOME_NEXT);
}

/* ---- login and char ---- */

static bool hear_login(struct player *player)
{
    struct ropp_reply reply;
    if (ropp_packet_read(player->link->in, player->link->in_length, &reply) == 0)
        return false;
    if (reply.answer != ROPP_ANSWER_ACCEPTED || reply.server_count == 0)
        return refuse(player, reply.packet, reply.code);
    player->ticket =
        (struct ropp_ticket){reply.account_id, reply.login_id1, reply.login_id2, reply.sex};
    return follow(player, "char", reply.servers[0].ip, reply.servers[0].port,
                  reply.servers[0].domain);
}

static bool take_char(struct player *player, const struct ropp_char_reply *reply)
{
    switch (reply->answer) {
    case ROPP_CHAR_LIST:
        player->slot = reply->slot;
        snprintf(player->character_name, sizeof player->character_name, "%s",
                 reply->count != 0 ? reply->name : player->name);
        if (reply->count != 0)
            send_packet(player, ropp_client_char_select(reply->slot));
        else
            send_packet(player, ropp_client_char_create(player->crowd->client, player->name));
        return false;
    case ROPP_CHAR_CREATED:
        player->slot = reply->slot;
        send_packet(player, ropp_client_char_select(reply->slot));
        return false;
    case ROPP_CHAR_TOWNS:
        if (reply->town < 0)
            return refuse(player, reply->packet, 0);
        send_packet(player, ropp_client_char_town(player->slot, (uint8_t)reply->town));
        return false;
    case ROPP_CHAR_MAP:
        player->character = reply->character;
        return follow(player, "map", reply->redirect.ip, reply->redirect.port,
                      reply->redirect.domain);
    case ROPP_CHAR_REFUSED:
    case ROPP_CHAR_UNKNOWN:
        return refuse(player, reply->packet, reply->code);
    case ROPP_CHAR_OTHER:
    default:
        return false;
    }
}

static bool hear_char(struct player *player)
{
    const struct ropp_link *link = player->link;
    struct ropp_char_reply reply;
    size_t length;
    while ((length = ropp_client_char_read(player->crowd->client, &player->ticket,
                                           player->read == 0, link->in + player->read,
                                           link->in_length - player->read, &reply)) != 0) {
        player->read += length;
        if (take_char(player, &reply))
            return true;
    }
    return false;
}

/* ---- the game ---- */

static void tick(struct player *player)
{
    const int64_t now = ropp_net_now_ms();
    send_packet(player, ropp_client_map_tick(player->crowd->client, (uint32_t)now));
    player->asked_ms = now;
}

/* The map server's answers begin to count: it is asked what address it sees, and for the time. */
static void enter(struct player *player)
{
    const int64_t now = ropp_net_now_ms();
    const uint64_t play = player->crowd->play_ms;
    say(player, "in", "%u %" PRId64, player->tries + 1, now - player->trying_ms);
    player->stage = STAGE_GAME;
    player->tries = 0;
    player->online = 0;
    player->answers = 0;
    player->leave_ms = now + (int64_t)(play / 2 + chaos_below(&player->random, (uint32_t)play + 1));
    player->answered_wall = wall_ms();
    player->read = player->link->in_length;
    player->link->deadline_ms = now + ANSWER_MS;
    send_packet(player, ropp_client_map_chat(player->crowd->client, player->character_name, "@ip"));
    tick(player);
}

static bool hear_entry(struct player *player)
{
    struct ropp_map_reply reply;
    ropp_client_map_read(player->link->in, player->link->in_length, &reply);
    if (reply.answer == ROPP_MAP_NEED_MORE)
        return false;
    if (reply.answer != ROPP_MAP_ENTERED)
        return refuse(player, reply.packet, reply.code);
    send_packet(player, ropp_client_map_loaded());
    player->stage = STAGE_LOADING;
    player->link->deadline_ms = ropp_net_now_ms() + LEG_MS;
    player->read = player->link->in_length;
    return false;
}

static bool hear_loading(struct player *player)
{
    if (player->link->in_length > player->read)
        enter(player);
    return false;
}

/* The words of a packet of the map server's, which says nothing but what address it sees. */
static void hear_words(struct player *player, const uint8_t *words, size_t length)
{
    char own[INET_ADDRSTRLEN];
    address_text(&player->link->local, own);
    while (length > 0 && words[length - 1] == '\0')
        length--;
    if (length != strlen(own) || memcmp(words, own, length) != 0)
        say(player, "seen", "%.*s", (int)length, (const char *)words);
}

static void hear_time(struct player *player)
{
    const int64_t now = ropp_net_now_ms();
    if (player->asked_ms == 0)
        return;
    say(player, "took", "%" PRId64, now - player->asked_ms);
    player->asked_ms = 0;
    player->answers++;
    player->answered_wall = wall_ms();
    player->link->deadline_ms = now + ANSWER_MS;
    player->link->turn_ms = now + (int64_t)player->crowd->tick_ms;
}

/* Takes the packets off that have come. A map server that throws the player out says 0x0081. */
static bool hear_game(struct player *player)
{
    const struct ropp_link *link = player->link;
    for (;;) {
        const uint8_t *bytes = link->in + player->read;
        const size_t length = link->in_length - player->read;
        size_t whole = 2;
        if (length < 2)
            return false;
        switch (ropp_get16(bytes)) {
        case 0x007f: /* the time */
            whole = 6;
            break;
        case 0x0081:
            whole = 3;
            break;
        case 0x008e: /* words */
            whole = length < 4 ? 4 : ropp_get16(bytes + 2);
            break;
        default: /* of no concern: the next packet may begin anywhere */
            whole = 1;
        }
        if (length < whole)
            return false;
        player->read += whole;
        if (whole == 6)
            hear_time(player);
        else if (ropp_get16(bytes) == 0x0081)
            return refuse(player, 0x0081, bytes[2]);
        else if (ropp_get16(bytes) == 0x008e && whole > 4)
            hear_words(player, bytes + 4, whole - 4);
    }
}

/* ---- the link's calls ---- */

static bool heard(struct ropp_link *link)
{
    static bool (*const hear[])(struct player * player) = {hear_login,   hear_char, hear_entry,
                                                           hear_loading, hear_game, NULL};
    struct player *player = link->context;
    return hear[player->stage] != NULL && hear[player->stage](player);
}

/* In the game: it is time to ask again, or to go. */
static bool turn(struct ropp_link *link)
{
    struct player *player = link->context;
    const struct ropp_packet quit = {{0x8a, 0x01}, 4};
    if (player->stage == STAGE_LAST)
        return done(player, OUTCOME_LEFT);
    if (player->stage == STAGE_GAME && (over || ropp_net_now_ms() >= player->leave_ms)) {
        say(player, "left", "%u", player->answers);
        send_packet(player, quit);
        player->stage = STAGE_LAST;
        link->turn_ms = ropp_net_now_ms() + LAST_MS;
    } else if (player->stage == STAGE_GAME) {
        tick(player);
    }
    return false;
}

static const char *why(const struct ropp_link *link)
{
    if (link->end == ROPP_LINK_UNREACHABLE)
        return "unreachable";
    return link->end == ROPP_LINK_CLOSED      ? "closed"
           : link->connected_ms == 0          ? "no-connection"
           : link->end == ROPP_LINK_TIMED_OUT ? "silent"
                                              : "thrown";
}

static void say_leg(const struct player *player)
{
    char own[INET_ADDRSTRLEN];
    address_text(&player->link->local, own);
    say(player, "leg", "%s %s %u", servers[player->stage], own,
        ropp_hostport_port(&player->link->local));
}

static void start_trying(struct player *player, int64_t delay_ms)
{
    player->tries = 0;
    player->online = 0;
    player->trying_ms = ropp_net_now_ms() + delay_ms;
    player->trying_wall = wall_ms() + delay_ms;
}

/* The next hop in turn, until all have been tried as often as a player has patience. */
static void try_next(struct player *player)
{
    player->online = 0;
    player->hop = (player->hop + 1) % player->crowd->hop_count;
    if (++player->tries == ROUNDS * player->crowd->hop_count) {
        say(player, "stranded", "%" PRId64, player->trying_wall);
        start_trying(player, AGAIN_MS);
    }
    prepare_login(player, player->outcome == OUTCOME_REFUSED ? REFUSED_MS : AGAIN_MS);
}

/* What follows a connection's end; prepares the next one. */
static void go_on(struct player *player)
{
    const bool in_game = player->stage == STAGE_GAME;
    switch (player->outcome) {
    case OUTCOME_NEXT:
        prepare(player, player->stage == STAGE_LOGIN ? STAGE_CHAR : STAGE_ENTRY, &player->next, 0);
        return;
    case OUTCOME_LEFT:
        start_trying(player, REST_MS);
        player->hop = player->home;
        prepare_login(player, REST_MS);
        return;
    case OUTCOME_ONLINE:
        if (!in_game && ++player->online < ONLINE_MAX) {
            prepare_login(player, ONLINE_MS);
            return;
        }
        break;
    case OUTCOME_NONE:
    case OUTCOME_REFUSED:
    default:
        break;
    }
    if (in_game) {
        say(player, "lost", "%u %" PRId64 " %s", ropp_hostport_port(&player->link->local),
            player->answered_wall, why(player->link));
        start_trying(player, AGAIN_MS);
        prepare_login(player, AGAIN_MS);
        return;
    }
    if (player->outcome != OUTCOME_REFUSED)
        say(player, "failed", "%s %s", servers[player->stage],
            player->outcome == OUTCOME_ONLINE ? "online" : why(player->link));
    try_next(player);
}

static bool ended(struct ropp_link *link)
{
    struct player *player = link->context;
    if (link->connected_ms != 0)
        say_leg(player);
    if (player->stage == STAGE_LAST)
        player->outcome = OUTCOME_LEFT;
    if (over && player->outcome != OUTCOME_NEXT)
        return false;
    go_on(player);
    ropp_link_again(link);
    return true;
}

/* ---- all of them ---- */

static void begin(const struct crowd *crowd, struct player *player, struct ropp_link *link,
                  uint64_t number)
{
    const int64_t delay = (int64_t)(crowd->spread_ms * number / crowd->count);
    *link = (struct ropp_link){
        .context = player, .heard = heard, .turn = turn, .ended = ended, .fd = -1};
    link->from = ropp_hostport_after(&crowd->from, (uint32_t)number);
    *player = (struct player){.crowd = crowd, .link = link};
    player->random = chaos_row(crowd->seed, number);
    player->home = (crowd->others + number) % crowd->hop_count;
    player->hop = player->home;
    snprintf(player->name, sizeof player->name, "%s%" PRIu64, crowd->user, number + 1);
    start_trying(player, delay);
    prepare_login(player, delay);
}

static bool run(const struct crowd *crowd)
{
    struct player *players = ropp_alloc(crowd->count, sizeof *players);
    struct ropp_link *links = ropp_alloc(crowd->count, sizeof *links);
    for (uint64_t i = 0; i < crowd->count; i++)
        begin(crowd, &players[i], &links[i], i);
    const bool good = ropp_link_run(links, crowd->count, NULL, NULL);
    for (uint64_t i = 0; i < crowd->count; i++) {
        ropp_link_free(&links[i]);
        ropp_buffer_free(&players[i].out);
    }
    free(links);
    free(players);
    return good;
}

/* ---- options ---- */

static const char usage_text[] =
    "usage: crowd --hop NAME=ADDRESS:PORT... --user NAME --from ADDRESS [options]\n"
    "\n"
    "  --hop NAME=ADDRESS:PORT  a hop, and its login server's port; all that players know\n"
    "  --user NAME      players are called NAME1, NAME2 ...; their password is `secret`\n"
    "  --from ADDRESS   the first player's; each further one has the next\n"
    "  --count N        players (default 1)\n"
    "  --first N        the first player's hop (default 0); the next one's is the next\n"
    "  --tick MS        between an answer and the next question (default 2000)\n"
    "  --play MS        how long they play: half to one and a half of this (default 60000)\n"
    "  --spread MS      they begin evenly over this time (default 0)\n"
    "  --seed N         what they do by chance follows from it (default 1)\n";

static const struct option long_options[] = {
    {"hop", required_argument, NULL, 'h'},   {"user", required_argument, NULL, 'u'},
    {"from", required_argument, NULL, 'f'},  {"count", required_argument, NULL, 'c'},
    {"first", required_argument, NULL, 'o'}, {"tick", required_argument, NULL, 't'},
    {"play", required_argument, NULL, 'p'},  {"spread", required_argument, NULL, 's'},
    {"seed", required_argument, NULL, 'r'},  {0},
};

static bool add_hop(struct crowd *crowd, char *text)
{
    char *at = strchr(text, '=');
    if (at == NULL || crowd->hop_count == HOPS)
        return false;
    *at++ = '\0';
    struct hop *hop = &crowd->hops[crowd->hop_count++];
    hop->name = text;
    return ropp_hostport_parse(at, 6900, &hop->at) && hop->at.any.sa_family == AF_INET;
}

static bool take_option(struct crowd *crowd, int key, char *text)
{
    uint64_t first;
    switch (key) {
    case 'h':
        return add_hop(crowd, text);
    case 'u':
        crowd->user = text;
        return true;
    case 'f':
        return ropp_hostport_parse(text, 0, &crowd->from) && crowd->from.any.sa_family == AF_INET;
    case 'c':
        return ropp_decimal_read(text, 1, 100000, &crowd->count);
    case 'o':
        if (!ropp_decimal_read(text, 0, HOPS, &first))
            return false;
        crowd->others = (size_t)first;
        return true;
    case 't':
        return ropp_decimal_read(text, 1, 60000, &crowd->tick_ms);
    case 'p':
        return ropp_decimal_read(text, 1, 86400000, &crowd->play_ms);
    case 's':
        return ropp_decimal_read(text, 0, 3600000, &crowd->spread_ms);
    case 'r':
        return ropp_decimal_read(text, 0, UINT64_MAX, &crowd->seed);
    default:
        return false;
    }
}

int main(int argc, char **argv)
{
    struct crowd crowd = {.count = 1, .seed = 1, .tick_ms = 2000, .play_ms = 60000, .user = NULL};
    struct sigaction action = {.sa_handler = note_signal};
    struct rlimit files;
    int key;
    while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!take_option(&crowd, key, optarg)) {
            fputs(usage_text, stderr);
            return 2;
        }
    if (crowd.hop_count == 0 || crowd.user == NULL || crowd.from.length == 0 || optind < argc) {
        fputs(usage_text, stderr);
        return 2;
    }
    crowd.client = ropp_client_find(ROPP_CLIENT_USUAL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    if (sigaction(SIGTERM, &action, NULL) != 0 || setvbuf(stdout, NULL, _IOLBF, 0) != 0) {
        perror("crowd");
        return 2;
    }
    if (!run(&crowd)) {
        perror("crowd");
        return 2;
    }
    return 0;
}
