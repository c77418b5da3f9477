// SPDX-License-Identifier: MIT
/* `play`: players who go the whole way. */
#include "tests/player/commands.h"

#include <signal.h>
#include <stdio.h>

/* SIGUSR1 ends the stay of all players, at their next tick. */
static volatile sig_atomic_t stay_over;

static void end_stay(int number)
{
    (void)number;
    stay_over = 1;
}

/* Begins a line. */
static void begin(const struct ropp_event *event, const char *word)
{
    printf("%s player=%u leg=%s", word, event->player, event->leg_name);
}

static void print_redirect(const struct ropp_event *event)
{
    const struct ropp_redirect *to = event->redirect;
    begin(event, "redirect");
    printf(" server=%s packet=0x%04x address=%u.%u.%u.%u:%u domain=%s", event->server, to->packet,
           to->ip[0], to->ip[1], to->ip[2], to->ip[3], to->port, to->domain);
    printf(to->map[0] != '\0' ? " map=%s\n" : "\n", to->map);
}

static void print_end(const struct ropp_event *event)
{
    static const char *const words[] = {"running", "answered", "closed", "timeout", "unreachable"};
    const struct ropp_link *link = event->link;
    begin(event,
          event->played && link->end == ROPP_LINK_CLOSED ? "disconnected" : words[link->end]);
    printf(" ms=%lld bytes=%zu error=%d\n", (long long)event->ms, link->in_length, link->error);
}

/* A line an event: a word, then player=N and what else there is to say as key=value. */
static void print_event(const struct ropp_event *event, void *context)
{
    const struct ropp_options *options = context;
    switch (event->kind) {
    case ROPP_EVENT_LOGIN:
        begin(event, "login");
        printf(" account=%u servers=%u\n", event->login->account_id, event->login->server_count);
        break;
    case ROPP_EVENT_REDIRECT:
        print_redirect(event);
        break;
    case ROPP_EVENT_CHARACTERS:
        begin(event, "characters");
        printf(" count=%u\n", event->number);
        break;
    case ROPP_EVENT_CREATED:
        begin(event, "created");
        printf(" name=%s\n", event->name);
        break;
    case ROPP_EVENT_ENTERED:
        begin(event, "entered");
        printf(" map=%s name=%s\n", event->map, event->name);
        break;
    case ROPP_EVENT_MOVED:
        begin(event, "moved");
        printf(" map=%s\n", event->map);
        break;
    case ROPP_EVENT_TEXT:
        begin(event, "text");
        printf(" words=%.*s\n", (int)event->number, event->words);
        break;
    case ROPP_EVENT_TICKED:
        if (!options->times)
            return;
        begin(event, "ticked");
        printf(" at_ms=%lld us=%lld\n", (long long)ropp_net_now_ms(), (long long)event->us);
        break;
    case ROPP_EVENT_STAYED:
        begin(event, "stayed");
        printf(" ms=%lld slowest_ms=%lld ticks=%u answered=%u\n", (long long)event->ms,
               (long long)event->slowest_ms, event->ticks, event->ticks_answered);
        break;
    case ROPP_EVENT_REFUSED:
        begin(event, "refused");
        printf(" packet=0x%04x code=%u\n", event->packet, event->number);
        break;
    case ROPP_EVENT_UNKNOWN:
        begin(event, "unknown");
        printf(" packet=0x%04x\n", event->packet);
        break;
    case ROPP_EVENT_ENDED:
        print_end(event);
        break;
    case ROPP_EVENT_NO_HEADER:
        fputs("player: no such header: source and destination do not fit together\n", stderr);
        break;
    case ROPP_EVENT_PLAYING:
    default:
        printf("playing count=%u\n", event->number);
    }
    fflush(stdout);
}

static struct ropp_plan plan_from(const struct ropp_options *options)
{
    struct ropp_plan plan = options->plan;
    struct ropp_leg_plan *login = &plan.legs[ROPP_LEG_LOGIN];
    login->to = options->to;
    login->from = options->from;
    login->claim = options->claim;
    login->destination = options->destination;
    login->sender_set = true;
    login->sender = options->sender;
    ropp_plan_complete(&plan);
    plan.user = options->user;
    plan.password = options->password;
    plan.from_each = options->from_each;
    plan.claim_each = options->claim_each;
    plan.count = options->count;
    plan.spread_ms = options->spread_ms;
    plan.timeout_ms = options->timeout_ms;
    plan.stay_ms = options->stay_ms;
    plan.stay_over = &stay_over;
    plan.create = true;
    plan.report = print_event;
    plan.context = (void *)(uintptr_t)options;
    return plan;
}

static void print_find(const struct ropp_trace_find *find, void *context)
{
    const unsigned *player = context;
    printf("leak player=%u leg=%s offset=%zu order=%s address=%s\n", *player, find->leg,
           find->offset, find->order, find->address);
}

/* Looks for every address that must not be there, in all that was received. */
static size_t search(const struct ropp_options *options, const struct ropp_journeys *journeys)
{
    size_t found = 0;
    size_t searched = 0;
    if (options->hidden_count == 0)
        return 0;
    for (unsigned i = 0; i < options->count; i++) {
        const struct ropp_trace *trace = ropp_journeys_trace(journeys, i);
        searched += ropp_trace_length(trace);
        for (size_t h = 0; h < options->hidden_count; h++)
            found += ropp_trace_search(trace, &options->hidden[h], print_find, &i);
    }
    printf("searched bytes=%zu found=%zu\n", searched, found);
    return found;
}

int ropp_player_play(const struct ropp_options *options)
{
    struct ropp_plan plan = plan_from(options);
    struct sigaction action = {.sa_handler = end_stay};
    struct ropp_journeys *journeys = ropp_journeys_begin(&plan);
    int status = ROPP_PLAYER_FAILED;
    if (journeys == NULL)
        return ROPP_PLAYER_USAGE;
    if (sigaction(SIGUSR1, &action, NULL) != 0 || !ropp_journeys_run(journeys)) {
        perror("player");
    } else {
        unsigned arrived = ropp_journeys_arrived(journeys);
        size_t found = search(options, journeys);
        printf("arrived count=%u of=%u\n", arrived, plan.count);
        if (arrived == plan.count && found == 0)
            status = ROPP_PLAYER_OK;
    }
    ropp_journeys_free(journeys);
    return status;
}
