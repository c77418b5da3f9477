// SPDX-License-Identifier: MIT
/* A storm of connections, good and bad, to the servers of a cluster: see --help, and
 * tests/chaos/run, which brings about the rest of the chaos. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "tests/chaos/act.h"
#include "tools/player/packet.h"

static const char usage_text[] =
    "usage: storm --login HOST:PORT [--char HOST:PORT] [--other HOST:PORT]... [options]\n"
    "\n"
    "  --connections N   how many (default 1000)\n"
    "  --seed N          what they do follows from it (default: the time)\n"
    "  --first N         begins with that connection of the seed's (default 0): a way to repeat "
    "one\n"
    "  --at-once N       so many at a time (default 200)\n"
    "  --crowd N         twice in between, so many more at once to each server (default 0)\n"
    "  --server-user U --server-pass P    of the servers' account, which nobody may use here\n"
    "\n"
    "SIGUSR1 says that the servers are out of service and SIGUSR2 that they are back: in "
    "between,\n"
    "players may be turned away. Lines on standard output:\n"
    "\n"
    "  seed N                     at the beginning\n"
    "  reached N                  each hundredth of the way\n"
    "  crowd in, crowd out        players may be turned away in between\n"
    "  wrong KIND ...             a connection that came out as it must not\n"
    "  kind KIND COUNT RESULT=N   at the end\n"
    "  done ...                   the last one\n"
    "\n"
    "Exit status: 0 all came out as they may, 1 not, 2 usage.\n";

static const char *const outcome_names[CHAOS_OUTCOMES] = {"unreached", "left",     "closed",
                                                          "stuck",     "accepted", "server",
                                                          "refused",   "answered"};

#define WRONG_SHOWN 10 /* of each kind; the others are counted */
#define SLOW_MS     2000

struct tally {
    uint64_t outcomes[CHAOS_OUTCOMES];
    uint64_t wrong;
};

struct storm {
    struct chaos_world world;
    uint64_t first, connections;
    uint64_t next, until; /* the next number, and the end of this part of the storm */
    uint64_t finished, reached;
    unsigned at_once, crowd;
    struct tally *tallies; /* by kind; the last is the crowd's */
    uint64_t wrong, excused, slow;
    bool crowded; /* the crowd is there */
    bool failed;  /* for want of memory */
};

/* A connection that runs. */
struct runner {
    struct storm *storm;
    struct chaos_act act;
    unsigned disturbances; /* when it began */
    bool once;             /* it is one of the crowd */
};

/* ---- when the servers are out of service ---- */

static volatile sig_atomic_t disturbed;
static volatile sig_atomic_t disturbances; /* beginnings and ends, so far */

static void note_signal(int number)
{
    disturbed = number == SIGUSR1;
    disturbances++;
}

/* Whether they were, at any time of the connection's life. */
static bool was_disturbed(const struct runner *runner)
{
    return disturbed || runner->storm->crowded || runner->disturbances != (unsigned)disturbances;
}

/* ---- what came of it ---- */

static enum chaos_outcome heard_login(const struct ropp_link *link, struct ropp_reply *reply)
{
    if (ropp_packet_read(link->in, link->in_length, reply) == 0)
        return CHAOS_ANSWERED; /* part of a packet */
    switch (reply->answer) {
    case ROPP_ANSWER_ACCEPTED:
        return CHAOS_ACCEPTED;
    case ROPP_ANSWER_REFUSED:
    case ROPP_ANSWER_NOTICE:
        return CHAOS_REFUSED;
    case ROPP_ANSWER_SERVER:
        return reply->code == 0 ? CHAOS_SERVER : CHAOS_ANSWERED;
    default:
        return CHAOS_ANSWERED;
    }
}

static enum chaos_outcome outcome_of(const struct runner *runner, const struct ropp_link *link,
                                     struct ropp_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    if (link->in_length > 0 && runner->act.target == 0)
        return heard_login(link, reply);
    /* A char server lets a map server in with 0x2af9 and a zero. */
    if (link->in_length >= 3 && link->in[0] == 0xf9 && link->in[1] == 0x2a)
        return link->in[2] == 0 ? CHAOS_SERVER : CHAOS_ANSWERED;
    if (link->in_length > 0)
        return CHAOS_ANSWERED;
    if (link->connected_ms == 0)
        return link->end == ROPP_LINK_ANSWERED ? CHAOS_LEFT : CHAOS_UNREACHED;
    switch (link->end) {
    case ROPP_LINK_CLOSED:
        return CHAOS_CLOSED;
    case ROPP_LINK_ANSWERED:
        return CHAOS_LEFT;
    default:
        return CHAOS_STUCK;
    }
}

static unsigned outcome_index(enum chaos_outcome outcome)
{
    unsigned index = 0;
    while ((1U << index) != (unsigned)outcome)
        index++;
    return index;
}

/* Whether the char server was named by the address that it must be. */
static bool told_right(const struct chaos_act *act, const struct ropp_reply *reply)
{
    if (act->sent_address == 0 || reply->answer != ROPP_ANSWER_ACCEPTED)
        return true;
    for (unsigned i = 0; i < reply->server_count; i++) {
        const uint8_t *ip = reply->servers[i].ip;
        if (((uint32_t)ip[0] << 24 | (uint32_t)ip[1] << 16 | (uint32_t)ip[2] << 8 | ip[3]) !=
            act->sent_address)
            return false;
    }
    return true;
}

static void show_bytes(const char *name, const uint8_t *bytes, size_t length)
{
    printf(" %s(%zu)=", name, length);
    for (size_t i = 0; i < length && i < 160; i++)
        printf("%02x", bytes[i]);
}

static void show_wrong(const struct runner *runner, const struct ropp_link *link,
                       enum chaos_outcome outcome)
{
    char from[ROPP_HOSTPORT_TEXT], to[ROPP_HOSTPORT_TEXT];
    ropp_hostport_format(link->local.length != 0 ? &link->local : &link->from, from);
    ropp_hostport_format(&link->to, to);
    printf("wrong %s number=%" PRIu64 " %s from=%s to=%s ms=%lld error=%d",
           chaos_kind_name(runner->act.kind), runner->act.number,
           outcome_names[outcome_index(outcome)], from, to,
           (long long)(link->ended_ms - link->began_ms), link->error);
    show_bytes("said", link->out, link->out_length);
    show_bytes("heard", link->in, link->in_length);
    putchar('\n');
    fflush(stdout);
}

static void judge(struct runner *runner, const struct ropp_link *link)
{
    struct storm *storm = runner->storm;
    struct tally *tally = &storm->tallies[runner->act.kind];
    struct ropp_reply reply;
    enum chaos_outcome outcome = outcome_of(runner, link, &reply);
    bool fine = (runner->act.allowed & outcome) != 0 && told_right(&runner->act, &reply);
    tally->outcomes[outcome_index(outcome)]++;
    if (runner->act.honest && !runner->once && link->ended_ms - link->connected_ms > SLOW_MS)
        storm->slow++;
    if (fine)
        return;
    if (was_disturbed(runner) && (runner->act.honest || outcome == CHAOS_UNREACHED)) {
        storm->excused++;
        return;
    }
    storm->wrong++;
    if (tally->wrong++ < WRONG_SHOWN)
        show_wrong(runner, link, outcome);
}

/* ---- the run ---- */

static bool heard(struct ropp_link *link)
{
    const struct runner *runner = link->context;
    struct ropp_reply reply;
    /* The char server's own packets need not be understood. */
    return runner->act.target != 0 || ropp_packet_read(link->in, link->in_length, &reply) != 0;
}

static void reset_at_close(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* The moment at which this side ends it. */
static bool moment(struct ropp_link *link)
{
    const struct runner *runner = link->context;
    if (link->fd < 0)
        return true;
    switch (runner->act.ending) {
    case CHAOS_RESET:
        reset_at_close(link->fd);
        return true;
    case CHAOS_HALF:
        (void)shutdown(link->fd, SHUT_WR);
        return false;
    case CHAOS_WAIT:
    case CHAOS_CLOSE:
    default:
        return true;
    }
}

static void forget(struct ropp_link *link)
{
    free((void *)(uintptr_t)link->out);
    link->out = NULL;
    link->out_length = 0;
}

static void report_reached(struct storm *storm)
{
    uint64_t reached = storm->finished * 100 / storm->connections;
    if (reached == storm->reached)
        return;
    storm->reached = reached;
    printf("reached %" PRIu64 "\n", reached);
    fflush(stdout);
}

static bool plan_next(struct ropp_link *link)
{
    struct runner *runner = link->context;
    struct storm *storm = runner->storm;
    if (storm->next == storm->until || storm->failed)
        return false;
    runner->disturbances = (unsigned)disturbances;
    storm->failed = !chaos_act_plan(&storm->world, storm->next++, &runner->act, link);
    return !storm->failed;
}

static void set_moment(struct ropp_link *link)
{
    const struct runner *runner = link->context;
    if (runner->act.ending != CHAOS_WAIT)
        link->turn_ms = ropp_net_now_ms() + runner->act.end_ms;
}

static bool ended(struct ropp_link *link)
{
    struct runner *runner = link->context;
    struct storm *storm = runner->storm;
    judge(runner, link);
    forget(link);
    if (runner->once)
        return false;
    storm->finished++;
    report_reached(storm);
    if (!plan_next(link))
        return false;
    ropp_link_again(link);
    set_moment(link);
    return true;
}

static void prepare(struct storm *storm, struct ropp_link *link, struct runner *runner)
{
    memset(link, 0, sizeof *link);
    link->fd = -1;
    link->context = runner;
    link->heard = heard;
    link->turn = moment;
    link->ended = ended;
    memset(runner, 0, sizeof *runner);
    runner->storm = storm;
    runner->disturbances = (unsigned)disturbances;
}

/* Those who take the servers' descriptors away, all at once. */
static size_t prepare_crowd(struct storm *storm, struct ropp_link *links, struct runner *runners)
{
    unsigned targets = storm->world.target_count;
    size_t count = 0;
    while (count < (size_t)storm->crowd * targets) {
        prepare(storm, &links[count], &runners[count]);
        runners[count].once = true;
        if (!chaos_act_crowd(&storm->world, storm->until + count, (unsigned)(count % targets),
                             &runners[count].act, &links[count])) {
            storm->failed = true;
            break;
        }
        set_moment(&links[count++]);
    }
    return count;
}

static void report_crowd(bool crowd, const char *word)
{
    if (!crowd)
        return;
    printf("crowd %s\n", word);
    fflush(stdout);
}

/* The connections up to that number, with the crowd or without. */
static bool run_part(struct storm *storm, uint64_t until, bool crowd, struct ropp_link *links,
                     struct runner *runners)
{
    size_t count = 0;
    storm->until = until;
    storm->crowded = crowd;
    if (crowd)
        count = prepare_crowd(storm, links, runners);
    for (unsigned i = 0; i < storm->at_once; i++, count++) {
        prepare(storm, &links[count], &runners[count]);
        if (!plan_next(&links[count]))
            break;
        set_moment(&links[count]);
    }
    report_crowd(crowd, "in");
    if (!ropp_link_run(links, count, NULL, NULL))
        storm->failed = true;
    report_crowd(crowd, "out");
    for (size_t i = 0; i < count; i++) {
        ropp_link_free(&links[i]);
        forget(&links[i]);
    }
    return !storm->failed;
}

/* Long and calm stretches, and two short ones with the crowd in them. */
static bool run_storm(struct storm *storm)
{
    static const struct {
        unsigned until_percent;
        bool crowd;
    } parts[] = {{40, false}, {43, true}, {80, false}, {83, true}, {100, false}};
    size_t most = storm->at_once + (size_t)storm->crowd * storm->world.target_count;
    struct ropp_link *links = calloc(most, sizeof *links);
    struct runner *runners = calloc(most, sizeof *runners);
    bool good = links != NULL && runners != NULL;
    for (size_t i = 0; good && i < sizeof parts / sizeof *parts; i++)
        good = run_part(storm, storm->first + storm->connections * parts[i].until_percent / 100,
                        parts[i].crowd, links, runners);
    free(links);
    free(runners);
    return good;
}

static void report(const struct storm *storm)
{
    for (unsigned kind = 0; kind <= chaos_kind_count(); kind++) {
        const uint64_t *outcomes = storm->tallies[kind].outcomes;
        uint64_t sum = 0;
        for (unsigned i = 0; i < CHAOS_OUTCOMES; i++)
            sum += outcomes[i];
        if (sum == 0)
            continue;
        printf("kind %s %" PRIu64, chaos_kind_name(kind), sum);
        for (unsigned i = 0; i < CHAOS_OUTCOMES; i++)
            if (outcomes[i] != 0)
                printf(" %s=%" PRIu64, outcome_names[i], outcomes[i]);
        putchar('\n');
    }
    printf("done connections=%" PRIu64 " wrong=%" PRIu64 " excused=%" PRIu64 " slow=%" PRIu64 "\n",
           storm->finished, storm->wrong, storm->excused, storm->slow);
}

/* ---- the command line ---- */

static int usage(const char *what, const char *value)
{
    fprintf(stderr, "storm: %s: %s\n\n%s", what, value, usage_text);
    return 2;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *behind = NULL;
    errno = 0;
    *out = strtoull(text, &behind, 10);
    return *text >= '0' && *text <= '9' && *behind == '\0' && errno == 0;
}

static bool add_target(struct chaos_world *world, enum chaos_server server, const char *text)
{
    if (world->target_count == CHAOS_TARGETS)
        return false;
    world->targets[world->target_count].server = server;
    return ropp_hostport_parse(text, 0, &world->targets[world->target_count++].at);
}

enum option_key {
    OPTION_LOGIN = 1,
    OPTION_CHAR,
    OPTION_OTHER,
    OPTION_CONNECTIONS,
    OPTION_SEED,
    OPTION_FIRST,
    OPTION_AT_ONCE,
    OPTION_CROWD,
    OPTION_USER,
    OPTION_PASS,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"login", required_argument, NULL, OPTION_LOGIN},
    {"char", required_argument, NULL, OPTION_CHAR},
    {"other", required_argument, NULL, OPTION_OTHER},
    {"connections", required_argument, NULL, OPTION_CONNECTIONS},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"first", required_argument, NULL, OPTION_FIRST},
    {"at-once", required_argument, NULL, OPTION_AT_ONCE},
    {"crowd", required_argument, NULL, OPTION_CROWD},
    {"server-user", required_argument, NULL, OPTION_USER},
    {"server-pass", required_argument, NULL, OPTION_PASS},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool take_number(struct storm *storm, int key, const char *text)
{
    uint64_t number;
    if (!parse_number(text, &number))
        return false;
    switch (key) {
    case OPTION_CONNECTIONS:
        storm->connections = number;
        return number > 0;
    case OPTION_SEED:
        storm->world.seed = number;
        return true;
    case OPTION_FIRST:
        storm->first = number;
        return true;
    case OPTION_AT_ONCE:
        storm->at_once = (unsigned)number;
        return number > 0 && number <= 10000;
    default:
        storm->crowd = (unsigned)number;
        return number <= 10000;
    }
}

static bool take_option(struct storm *storm, int key, const char *text)
{
    switch (key) {
    case OPTION_LOGIN:
        return storm->world.target_count == 0 && add_target(&storm->world, CHAOS_LOGIN, text);
    case OPTION_CHAR:
        return storm->world.target_count == 1 && add_target(&storm->world, CHAOS_CHAR, text);
    case OPTION_OTHER:
        return storm->world.target_count > 0 && add_target(&storm->world, CHAOS_OTHER, text);
    case OPTION_USER:
        storm->world.server_user = text;
        return true;
    case OPTION_PASS:
        storm->world.server_password = text;
        return true;
    default:
        return take_number(storm, key, text);
    }
}

/* As many sockets as the crowd needs, or all that the system gives. */
static void raise_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
    struct storm storm = {.connections = 1000, .at_once = 200};
    struct sigaction action = {.sa_handler = note_signal};
    int key;
    storm.world.seed = (uint64_t)ropp_net_now_ms();
    storm.world.server_user = "s1";
    storm.world.server_password = "p1";
    while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (key == OPTION_HELP) {
            fputs(usage_text, stdout);
            return 0;
        }
        if (key == '?' || !take_option(&storm, key, optarg))
            return usage("wrong option or value", key == '?' ? argv[optind - 1] : optarg);
    }
    if (storm.world.target_count == 0 || optind < argc)
        return usage("wrong arguments", "--login is needed, and options only");
    storm.next = storm.first;
    storm.tallies = calloc(chaos_kind_count() + 1, sizeof *storm.tallies);
    if (storm.tallies == NULL || sigaction(SIGUSR1, &action, NULL) != 0 ||
        sigaction(SIGUSR2, &action, NULL) != 0) {
        perror("storm");
        return 2;
    }
    raise_limit();
    printf("seed %" PRIu64 "\n", storm.world.seed);
    fflush(stdout);
    if (!run_storm(&storm)) {
        perror("storm");
        free(storm.tallies);
        return 2;
    }
    report(&storm);
    free(storm.tallies);
    return storm.wrong == 0 ? 0 : 1;
}
