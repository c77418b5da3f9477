// SPDX-License-Identifier: MIT
/* Goes to every hop as a player does. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/hop/check.h"
#include "tools/hop/dial.h"
#include "tools/hop/exchange.h"
#include "tools/player/journey.h"
#include "tools/probe/verdict.h"

#define CHECK "player"

enum { RETRY_MS = 15000 };

/* A player at one address of a hop. */
struct visit {
    struct ropp_addr home; /* the only address that may be sent */
    struct ropp_probe_outcome outcome;
    char *wrong; /* an address that was sent and is another; NULL: none */
    int64_t began_ms, ms;
    struct ropp_addr local; /* as this machine knows itself; of no family: never connected */
};

static bool is_home(const struct visit *visit, const struct ropp_redirect *redirect)
{
    return visit->home.family == ROPP_FAMILY_INET &&
           memcmp(visit->home.bytes, redirect->ip, sizeof redirect->ip) == 0;
}

static void on_redirect(struct visit *visit, const struct ropp_event *event)
{
    char address[INET_ADDRSTRLEN];

    if (is_home(visit, event->redirect) || visit->wrong)
        return;
    inet_ntop(AF_INET, event->redirect->ip, address, sizeof address);
    visit->wrong = ropp_format("sent to the %s server at %s", event->server, address);
}

static void on_refusal(struct visit *visit, const struct ropp_event *event)
{
    struct ropp_probe_outcome *outcome = &visit->outcome;

    outcome->packet = event->packet;
    outcome->code = event->number;
    outcome->result = event->kind == ROPP_EVENT_UNKNOWN ? ROPP_PROBE_UNKNOWN : ROPP_PROBE_REFUSED;
    if (outcome->result == ROPP_PROBE_REFUSED && outcome->guest && event->leg == ROPP_LEG_LOGIN &&
        ropp_probe_is_judged(event->packet, event->number))
        outcome->result = ROPP_PROBE_ANSWERED;
}

static void on_end(struct visit *visit, const struct ropp_event *event)
{
    const struct ropp_link *link = event->link;
    struct ropp_probe_outcome *outcome = &visit->outcome;

    outcome->error = link->error;
    outcome->result = link->connected_ms == 0         ? ROPP_PROBE_UNREACHABLE
                      : link->end == ROPP_LINK_CLOSED ? ROPP_PROBE_CLOSED
                                                      : ROPP_PROBE_SILENT;
}

static void on_event(const struct ropp_event *event, void *context)
{
    struct visit *visit = context;

    visit->outcome.leg = event->leg;
    if (event->kind == ROPP_EVENT_REDIRECT)
        on_redirect(visit, event);
    else if (event->kind == ROPP_EVENT_REFUSED || event->kind == ROPP_EVENT_UNKNOWN)
        on_refusal(visit, event);
    else if (event->kind == ROPP_EVENT_ENDED)
        on_end(visit, event);
    else if (event->kind == ROPP_EVENT_CHARACTERS && event->number == 0)
        visit->outcome.result = ROPP_PROBE_NO_CHARACTER;
    if (visit->ms == 0 && event->link && event->link->connected_ms != 0)
        visit->ms = ropp_net_now_ms() - event->link->began_ms;
    if (event->link && event->leg == ROPP_LEG_LOGIN && event->link->local.length != 0)
        visit->local = ropp_dial_addr(&event->link->local);
}

/* A player goes nowhere else. */
static bool follows(const struct ropp_redirect *redirect, void *context)
{
    return is_home(context, redirect);
}

/* What was found, in words, and what to do about it, if anything. */
static char *result_of(const struct visit *visit, const char **remedy)
{
    static const char *const legs[ROPP_LEG_COUNT] = {"login", "char", "map", "char"};
    const struct ropp_probe_outcome *outcome = &visit->outcome;
    const char *causes[ROPP_PROBE_CAUSES];
    const size_t count = ropp_probe_causes(outcome, causes);

    *remedy = NULL;
    if (visit->wrong) {
        *remedy = "a player leaves the hop there: look at proxy_route and proxy_advertise";
        return ropp_copy_text(visit->wrong, strlen(visit->wrong));
    }
    switch (outcome->result) {
    case ROPP_PROBE_OK:
        return ropp_format("in the game; %lld ms to the first answer", (long long)visit->ms);
    case ROPP_PROBE_ANSWERED:
        return ropp_format("the login server answers; %lld ms", (long long)visit->ms);
    case ROPP_PROBE_NO_CHARACTER:
        return ropp_format("the char server answers; %lld ms. The account has no character",
                           (long long)visit->ms);
    default:
        *remedy = count ? causes[0] : "look into the proxy's and the servers' logs";
        if (outcome->result == ROPP_PROBE_REFUSED)
            return ropp_format("refused by the %s server: %s", legs[outcome->leg],
                               ropp_probe_refusal(outcome->leg, outcome->packet, outcome->code));
        return ropp_format("%s, at the %s server", ropp_probe_result_name(outcome->result),
                           legs[outcome->leg]);
    }
}

/* The IPv4 address by which players stay on a hop. */
static struct ropp_addr home_of(const struct ropp_hop *hop, size_t index)
{
    struct ropp_addr home = hop->public.items[index];

    for (size_t i = 0; i < hop->public.count && home.family != ROPP_FAMILY_INET; i++)
        home = hop->public.items[i];
    return home;
}

/* A name that no account has, and no visit before has had. */
static void make_up(char user[ROPP_PACKET_NAME])
{
    static unsigned count;
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)snprintf(user, ROPP_PACKET_NAME, "ropp-hop-%08x",
                   ((unsigned)now.tv_nsec ^ (unsigned)getpid() << 16) + count++);
}

static bool go(struct visit *visit, const struct ropp_plan *plan)
{
    struct ropp_journeys *journeys = ropp_journeys_begin(plan);
    const bool ok = journeys && ropp_journeys_run(journeys);

    if (ok && ropp_journeys_arrived(journeys))
        visit->outcome.result = ROPP_PROBE_OK;
    ropp_journeys_free(journeys);
    return ok;
}

static void make_plan(struct ropp_check *check, const struct ropp_addr *to, const char *user,
                      struct visit *visit, struct ropp_plan *plan)
{
    *plan = (struct ropp_plan){.client = check->client,
                               .keys = check->keys,
                               .user = user,
                               .password = check->password,
                               .count = 1,
                               .timeout_ms = check->timeout_ms,
                               .tick_ms = 10000,
                               /* The hop before has just had this player. */
                               .retry_ms = RETRY_MS,
                               .last = check->user ? ROPP_LEG_MAP : ROPP_LEG_LOGIN,
                               .follows = follows,
                               .report = on_event,
                               .context = visit};
    plan->legs[ROPP_LEG_LOGIN].to = ropp_dial_at(to, ropp_dial_login(check->network));
    ropp_plan_complete(plan);
}

static bool visit_hop(struct ropp_check *check, size_t index, size_t which)
{
    const struct ropp_hop *hop = &check->network->hops[index];
    const struct ropp_addr *to = &hop->public.items[which];
    struct visit visit = {.home = home_of(hop, which),
                          .outcome = {.result = ROPP_PROBE_ERROR,
                                      .guest = check->user == NULL,
                                      .scrambles = check->scrambles}};
    char made_up[ROPP_PACKET_NAME];
    struct ropp_check_mark mark;
    struct ropp_plan plan;
    const char *remedy;
    char *result;

    make_up(made_up);
    make_plan(check, to, check->user ? check->user : made_up, &visit, &plan);
    ropp_check_mark(check, plan.user, &mark);
    if (!go(&visit, &plan))
        return ropp_error("cannot go to a hop: %s: %s", hop->name, strerror(errno));
    result = result_of(&visit, &remedy);
    ropp_findings_add(&check->findings, hop->name, CHECK,
                      ropp_dial_text(to, ropp_dial_login(check->network)), result,
                      remedy ? ropp_copy_text(remedy, strlen(remedy)) : NULL);
    free(visit.wrong);
    check->reached[index] = check->reached[index] && remedy == NULL;
    if (remedy == NULL)
        ropp_check_header(check, &mark, index, which, &visit.local);
    return true;
}

/* The emulators' guard wants a pause now and then. */
static void keep_pace(size_t visits)
{
    if (visits && visits % ROPP_EXCHANGE_BURST == 0)
        (void)poll(NULL, 0, ROPP_EXCHANGE_PAUSE_MS);
}

bool ropp_check_visits(struct ropp_check *check)
{
    size_t visits = 0;

    for (size_t i = 0; i < check->network->count; i++) {
        check->reached[i] = true;
        for (size_t k = 0; k < check->network->hops[i].public.count; k++) {
            keep_pace(visits++);
            if (!visit_hop(check, i, k))
                return false;
        }
    }
    if (check->user == NULL)
        ropp_findings_unasked(&check->findings, "hops", "onward", NULL,
                              ropp_format("to which addresses players are sent: give --user"));
    return true;
}
