// SPDX-License-Identifier: MIT
/* The player of the end-to-end tests. */
#include "tests/player/commands.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
    "usage: player login|play|server-login|silent|watch|raw|listen|balance HOST:PORT "
    "[options]\n"
    "       player client VERSION\n"
    "\n"
    "  login         logs a player in: one line of result for each connection\n"
    "  play          goes the whole way: login, char, map; shows each step\n"
    "  server-login  logs in as a char server does (packet 0x2710), stays with --stay\n"
    "  silent        opens connections, sends --hex if given, waits to be closed\n"
    "  watch         connects again and again until --want in|banned: at a login server by the\n"
    "                answer; elsewhere, with --say-nothing or --one-byte, by whether the "
    "connection is closed\n"
    "  raw           sends --hex or --file, shows in hex what comes back\n"
    "  listen        takes one connection at HOST:PORT, saves what it sends, answers with --hex\n"
    "                or --file if given\n"
    "  balance       listens at HOST:PORT, forwards --to, with headers and health checks --as\n"
    "                one of Amazon's load balancers; ends at the timeout\n"
    "  client        says as which version a client of that one is played\n"
    "\n"
    "  --from ADDRESS        source address (and :port)\n"
    "  --from-each           each further connection from the next address\n"
    "  --user U --pass P --name N\n"
    "  --header v1|v1-unknown|v2|v2-local|v2-unspec    a PROXY header in front\n"
    "  --claim ADDRESS[:PORT]  source in the header (default: --from)\n"
    "  --claim-each          each further connection claims the next address\n"
    "  --dest ADDRESS[:PORT] destination in the header (default: HOST:PORT)\n"
    "  --total N             fill a v2 header up to N bytes\n"
    "  --hex HEX, --file F   bytes to send after the header\n"
    "  --split N --gap MS    send what comes before the packet (or the packet, if nothing does)\n"
    "                        in segments of N bytes, MS between them\n"
    "  --hold MS             send nothing for so long\n"
    "  --count N             connections; --spread MS begins them over that time\n"
    "  --timeout MS          for everything (default 5000)\n"
    "  --quiet MS            of raw: with nothing more for so long, it was all\n"
    "  --stay MS             how long a char server, or a player in the game, stays; SIGUSR1 ends\n"
    "                        a player's stay\n"
    "  --times               of login and play: how long each answer took, in microseconds\n"
    "  --save FILE           received bytes\n"
    "  --to HOST:PORT, --as elb|nlb|nlb-endpoint    of balance\n"
    "\n"
    "For play; --timeout is for each answer there, and --count counts players:\n"
    "  --packetver N         version of the client's packets, or the nearest older one that is\n"
    "                        known (default 20211103)\n"
    "  --keys K1,K2,K3       scrambles what is said to the map server, as clients until 2018 do\n"
    "  --user-each           players are called USER1, USER2 ...; --user-first N begins with N\n"
    "  --char-at, --map-at, --again-at HOST:PORT    instead of where the servers say\n"
    "  --char-X, --map-X, --again-X    from, header, claim, dest for that server (default: as for\n"
    "                        the one before); `again` is the char server when the player comes "
    "back\n"
    "  --chat TEXT           says something in the game, shows what words come back\n"
    "  --warp TEXT           says something that leads to another map\n"
    "  --again               goes back to the characters, and comes in again\n"
    "  --retry MS            tries again for so long when the account is still online, or no map\n"
    "                        server is (default 0)\n"
    "  --tick MS             between packets that keep the session alive (default 10000)\n"
    "  --stay-at login|char|map    where the way ends, and the player stays (default: map)\n"
    "  --must-not-contain ADDRESS    fails when that is anywhere in the received bytes\n"
    "\n"
    "Exit status: 0 the server answered and accepted, 1 not, 2 usage.\n";

static int usage(const char *what, const char *value)
{
    if (what != NULL)
        fprintf(stderr, "player: %s: %s\n\n", what, value);
    fputs(usage_text, stderr);
    return ROPP_PLAYER_USAGE;
}

static bool parse_number(const char *text, long least, long most, long *out)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < least || value > most)
        return false;
    *out = value;
    return true;
}

static bool parse_sender(const char *text, enum ropp_sender *out)
{
    static const struct {
        const char *name;
        enum ropp_sender sender;
    } known[] = {
        {"none", ROPP_SENDER_NONE},
        {"v1", ROPP_SENDER_V1},
        {"v1-unknown", ROPP_SENDER_V1_UNKNOWN},
        {"v2", ROPP_SENDER_V2},
        {"v2-local", ROPP_SENDER_V2_LOCAL},
        {"v2-unspec", ROPP_SENDER_V2_UNSPEC},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(text, known[i].name) == 0) {
            *out = known[i].sender;
            return true;
        }
    return false;
}

static bool parse_balancer(const char *text, enum ropp_balancer *out)
{
    static const char *const names[] = {"none", "elb", "nlb", "nlb-endpoint"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (enum ropp_balancer)i;
            return true;
        }
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool parse_hex(const char *text, struct ropp_options *options)
{
    size_t length = strlen(text);
    if (length % 2 != 0 || length == 0 || options->bytes != NULL)
        return false;
    options->bytes = malloc(length / 2);
    if (options->bytes == NULL)
        return false;
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        options->bytes[i] = (uint8_t)(high << 4 | low);
    }
    options->bytes_length = length / 2;
    return true;
}

static bool read_file(const char *path, struct ropp_options *options)
{
    const size_t room = 1u << 20;
    FILE *file = fopen(path, "rb");
    if (file == NULL || options->bytes != NULL)
        goto err;
    options->bytes = malloc(room);
    if (options->bytes == NULL)
        goto err;
    options->bytes_length = fread(options->bytes, 1, room, file);
    if (ferror(file))
        goto err;
    fclose(file);
    return true;
err:
    if (file != NULL)
        fclose(file);
    return false;
}

enum option_key {
    OPTION_FROM = 256,
    OPTION_FROM_EACH,
    OPTION_USER,
    OPTION_PASS,
    OPTION_NAME,
    OPTION_HEADER,
    OPTION_CLAIM,
    OPTION_CLAIM_EACH,
    OPTION_DEST,
    OPTION_TOTAL,
    OPTION_HEX,
    OPTION_FILE,
    OPTION_SPLIT,
    OPTION_GAP,
    OPTION_HOLD,
    OPTION_COUNT,
    OPTION_SPREAD,
    OPTION_TIMEOUT,
    OPTION_QUIET,
    OPTION_STAY,
    OPTION_SAVE,
    OPTION_TIMES,
    OPTION_TO,
    OPTION_AS,
    OPTION_PACKETVER,
    OPTION_KEYS,
    OPTION_USER_EACH,
    OPTION_USER_FIRST,
    OPTION_CHAT,
    OPTION_WARP,
    OPTION_AGAIN,
    OPTION_RETRY,
    OPTION_TICK,
    OPTION_STAY_AT,
    OPTION_WANT,
    OPTION_ONE_BYTE,
    OPTION_SAY_NOTHING,
    OPTION_HIDDEN,
    OPTION_LEG_AT, /* from here on: plus the leg */
    OPTION_LEG_FROM = OPTION_LEG_AT + ROPP_LEG_COUNT,
    OPTION_LEG_HEADER = OPTION_LEG_FROM + ROPP_LEG_COUNT,
    OPTION_LEG_CLAIM = OPTION_LEG_HEADER + ROPP_LEG_COUNT,
    OPTION_LEG_DEST = OPTION_LEG_CLAIM + ROPP_LEG_COUNT
};

#define LEG_OPTIONS(name, leg)                                                                     \
    {name "-at", required_argument, NULL, OPTION_LEG_AT + (leg)},                                  \
        {name "-from", required_argument, NULL, OPTION_LEG_FROM + (leg)},                          \
        {name "-header", required_argument, NULL, OPTION_LEG_HEADER + (leg)},                      \
        {name "-claim", required_argument, NULL, OPTION_LEG_CLAIM + (leg)},                        \
    {                                                                                              \
        name "-dest", required_argument, NULL, OPTION_LEG_DEST + (leg)                             \
    }

static const struct option long_options[] = {
    {"from", required_argument, NULL, OPTION_FROM},
    {"from-each", no_argument, NULL, OPTION_FROM_EACH},
    {"user", required_argument, NULL, OPTION_USER},
    {"pass", required_argument, NULL, OPTION_PASS},
    {"name", required_argument, NULL, OPTION_NAME},
    {"header", required_argument, NULL, OPTION_HEADER},
    {"claim", required_argument, NULL, OPTION_CLAIM},
    {"claim-each", no_argument, NULL, OPTION_CLAIM_EACH},
    {"dest", required_argument, NULL, OPTION_DEST},
    {"total", required_argument, NULL, OPTION_TOTAL},
    {"hex", required_argument, NULL, OPTION_HEX},
    {"file", required_argument, NULL, OPTION_FILE},
    {"split", required_argument, NULL, OPTION_SPLIT},
    {"gap", required_argument, NULL, OPTION_GAP},
    {"hold", required_argument, NULL, OPTION_HOLD},
    {"count", required_argument, NULL, OPTION_COUNT},
    {"spread", required_argument, NULL, OPTION_SPREAD},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"quiet", required_argument, NULL, OPTION_QUIET},
    {"stay", required_argument, NULL, OPTION_STAY},
    {"times", no_argument, NULL, OPTION_TIMES},
    {"save", required_argument, NULL, OPTION_SAVE},
    {"to", required_argument, NULL, OPTION_TO},
    {"as", required_argument, NULL, OPTION_AS},
    {"packetver", required_argument, NULL, OPTION_PACKETVER},
    {"keys", required_argument, NULL, OPTION_KEYS},
    {"user-each", no_argument, NULL, OPTION_USER_EACH},
    {"user-first", required_argument, NULL, OPTION_USER_FIRST},
    {"chat", required_argument, NULL, OPTION_CHAT},
    {"warp", required_argument, NULL, OPTION_WARP},
    {"again", no_argument, NULL, OPTION_AGAIN},
    {"retry", required_argument, NULL, OPTION_RETRY},
    {"tick", required_argument, NULL, OPTION_TICK},
    {"stay-at", required_argument, NULL, OPTION_STAY_AT},
    {"want", required_argument, NULL, OPTION_WANT},
    {"one-byte", no_argument, NULL, OPTION_ONE_BYTE},
    {"say-nothing", no_argument, NULL, OPTION_SAY_NOTHING},
    {"must-not-contain", required_argument, NULL, OPTION_HIDDEN},
    LEG_OPTIONS("char", ROPP_LEG_CHAR),
    LEG_OPTIONS("map", ROPP_LEG_MAP),
    LEG_OPTIONS("again", ROPP_LEG_AGAIN),
    {NULL, 0, NULL, 0},
};

static bool take_number(int key, const char *value, struct ropp_options *options)
{
    long number = 0;
    long least = key == OPTION_COUNT || key == OPTION_TIMEOUT || key == OPTION_TICK ? 1 : 0;
    if (!parse_number(value, least, key == OPTION_COUNT ? 2000 : 3600000, &number))
        return false;
    switch (key) {
    case OPTION_TOTAL:
        options->header_total = (size_t)number;
        return number <= ROPP_SENDER_MAX;
    case OPTION_SPLIT:
        options->piece = (size_t)number;
        return true;
    case OPTION_GAP:
        options->gap_ms = (int)number;
        return true;
    case OPTION_HOLD:
        options->hold_ms = (int)number;
        return true;
    case OPTION_COUNT:
        options->count = (unsigned)number;
        return true;
    case OPTION_SPREAD:
        options->spread_ms = (int)number;
        return true;
    case OPTION_TIMEOUT:
        options->timeout_ms = (int)number;
        return true;
    case OPTION_QUIET:
        options->quiet_ms = (int)number;
        return true;
    case OPTION_STAY:
        options->stay_ms = (int)number;
        return true;
    case OPTION_USER_FIRST:
        options->plan.user_first = (unsigned)number;
        return true;
    case OPTION_RETRY:
        options->plan.retry_ms = (int)number;
        return true;
    case OPTION_TICK:
        options->plan.tick_ms = (int)number;
        return true;
    default:
        return false;
    }
}

static bool take_packetver(const char *value, struct ropp_plan *plan)
{
    long number = 0;
    if (!parse_number(value, 0, 99999999, &number))
        return false;
    plan->client = ropp_client_find((unsigned)number);
    if (plan->client == NULL)
        fprintf(stderr, "player: the oldest version known is %u\n", ropp_client_oldest());
    return plan->client != NULL;
}

static bool take_last(const char *value, struct ropp_plan *plan)
{
    static const char *const names[] = {"login", "char", "map"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(value, names[i]) == 0) {
            plan->last = (enum ropp_leg)i;
            return true;
        }
    return false;
}

static bool take_action(enum ropp_action_kind kind, const char *text, struct ropp_plan *plan)
{
    if (plan->action_count == ROPP_ACTIONS)
        return false;
    plan->actions[plan->action_count].kind = kind;
    plan->actions[plan->action_count].text = text;
    plan->action_count++;
    return true;
}

static bool take_hidden(const char *value, struct ropp_options *options)
{
    return options->hidden_count < ROPP_HIDDEN &&
           ropp_hostport_parse(value, 0, &options->hidden[options->hidden_count++]);
}

static bool take_leg_option(int key, const char *value, struct ropp_plan *plan)
{
    struct ropp_leg_plan *leg = &plan->legs[(key - OPTION_LEG_AT) % ROPP_LEG_COUNT];
    switch ((key - OPTION_LEG_AT) / ROPP_LEG_COUNT * ROPP_LEG_COUNT + OPTION_LEG_AT) {
    case OPTION_LEG_AT:
        return ropp_hostport_parse(value, 0, &leg->to);
    case OPTION_LEG_FROM:
        return ropp_hostport_parse(value, 0, &leg->from);
    case OPTION_LEG_HEADER:
        leg->sender_set = true;
        return parse_sender(value, &leg->sender);
    case OPTION_LEG_CLAIM:
        return ropp_hostport_parse(value, 40000, &leg->claim);
    case OPTION_LEG_DEST:
        return ropp_hostport_parse(value, 6900, &leg->destination);
    default:
        return false;
    }
}

static bool take_play_option(int key, const char *value, struct ropp_options *options)
{
    switch (key) {
    case OPTION_PACKETVER:
        return take_packetver(value, &options->plan);
    case OPTION_KEYS:
        options->plan.keys = &options->keys;
        return ropp_scramble_parse(value, &options->keys);
    case OPTION_USER_EACH:
        return options->plan.user_each = true;
    case OPTION_CHAT:
        return take_action(ROPP_ACTION_CHAT, value, &options->plan);
    case OPTION_WARP:
        return take_action(ROPP_ACTION_WARP, value, &options->plan);
    case OPTION_AGAIN:
        return take_action(ROPP_ACTION_AGAIN, NULL, &options->plan);
    case OPTION_STAY_AT:
        return take_last(value, &options->plan);
    case OPTION_HIDDEN:
        return take_hidden(value, options);
    default:
        return key >= OPTION_LEG_AT ? take_leg_option(key, value, &options->plan)
                                    : take_number(key, value, options);
    }
}

static bool take_option(int key, const char *value, struct ropp_options *options)
{
    switch (key) {
    case OPTION_FROM:
        return ropp_hostport_parse(value, 0, &options->from);
    case OPTION_FROM_EACH:
        return options->from_each = true;
    case OPTION_USER:
        options->user = value;
        return true;
    case OPTION_PASS:
        options->password = value;
        return true;
    case OPTION_NAME:
        options->name = value;
        return true;
    case OPTION_HEADER:
        return parse_sender(value, &options->sender);
    case OPTION_CLAIM:
        return ropp_hostport_parse(value, 40000, &options->claim);
    case OPTION_CLAIM_EACH:
        return options->claim_each = true;
    case OPTION_DEST:
        return ropp_hostport_parse(value, 6900, &options->destination);
    case OPTION_HEX:
        return parse_hex(value, options);
    case OPTION_FILE:
        return read_file(value, options);
    case OPTION_WANT:
        options->want_banned = strcmp(value, "banned") == 0;
        return options->want_banned || strcmp(value, "in") == 0;
    case OPTION_ONE_BYTE:
        return options->short_watch = options->one_byte = true;
    case OPTION_SAY_NOTHING:
        return options->short_watch = true;
    case OPTION_TIMES:
        return options->times = true;
    case OPTION_SAVE:
        options->save = value;
        return true;
    case OPTION_TO:
        return ropp_hostport_parse(value, 0, &options->forward);
    case OPTION_AS:
        return parse_balancer(value, &options->balancer);
    default:
        return take_play_option(key, value, options);
    }
}

static int run(const char *command, const struct ropp_options *options)
{
    if (strcmp(command, "login") == 0)
        return ropp_player_login(options);
    if (strcmp(command, "play") == 0)
        return ropp_player_play(options);
    if (strcmp(command, "server-login") == 0)
        return ropp_player_server_login(options);
    if (strcmp(command, "silent") == 0)
        return ropp_player_silent(options);
    if (strcmp(command, "watch") == 0)
        return ropp_player_watch(options);
    if (strcmp(command, "raw") == 0)
        return ropp_player_raw(options);
    if (strcmp(command, "listen") == 0)
        return ropp_player_listen(options);
    if (strcmp(command, "balance") == 0)
        return ropp_player_balance(options);
    return usage("no such subcommand", command);
}

static int say_client(const char *value)
{
    struct ropp_plan plan;
    if (!take_packetver(value, &plan))
        return usage("not a version that can be played", value);
    printf("client version=%u\n", plan.client->version);
    return ROPP_PLAYER_OK;
}

int main(int argc, char **argv)
{
    struct ropp_options options = {
        .user = "player", .password = "secret", .name = "char", .count = 1, .timeout_ms = 5000};
    options.plan.client = ropp_client_find(20211103);
    options.plan.user_first = 1;
    options.plan.tick_ms = 10000;
    options.plan.last = ROPP_LEG_MAP;
    int key;
    if (argc < 3)
        return usage(NULL, NULL);
    if (argc == 3 && strcmp(argv[1], "client") == 0)
        return say_client(argv[2]);
    if (!ropp_hostport_parse(argv[2], 0, &options.to))
        return usage("not HOST:PORT", argv[2]);
    optind = 3;
    while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (key == '?')
            return usage(NULL, NULL);
        if (!take_option(key, optarg, &options)) {
            int status = usage("bad option", argv[optind - 1]);
            free(options.bytes);
            return status;
        }
    }
    int status = optind == argc ? run(argv[1], &options) : usage("not an option", argv[optind]);
    free(options.bytes);
    return status;
}
