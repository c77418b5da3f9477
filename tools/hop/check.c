// SPDX-License-Identifier: MIT
/* `ropp hop check`: goes to every hop as a player does, and to the origin as an attacker would. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/hop/dial.h"
#include "tools/hop/hop.h"
#include "tools/hop/network.h"
#include "tools/player/journey.h"
#include "tools/probe/password.h"
#include "tools/probe/verdict.h"

enum { RETRY_MS = 15000 };

struct request {
    const char *file;
    const char *user;
    const char *pass_file;
    uint64_t packetver;
    uint64_t timeout_ms;
    bool json;
};

/* What was found out: of a machine, at an address. */
struct row {
    const char *machine;
    char *at;
    bool good;
    char *result;
    char *remedy; /* NULL when it is good */
};

struct rows {
    struct row *items;
    size_t count;
};

static const struct request defaults = {.packetver = ROPP_CLIENT_USUAL, .timeout_ms = 5000};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, user, "--user", "U",
              "log in as this user and go into the game; the password is asked for, or in "
              "ROPP_PROBE_PASSWORD. Without, a made-up user is turned away by the login server"),
    ROPP_TEXT(struct request, pass_file, "--pass-file", "FILE", "the password is its first line"),
    ROPP_NUMBER(struct request, packetver, "--packetver", "N", 20000000, 29999999,
                "the client's version that the servers are built for (20211103)"),
    ROPP_NUMBER(struct request, timeout_ms, "--timeout", "MS", 100, 60000,
                "for each answer (5000)"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_OPTIONS_END,
};

static void add_row(struct rows *rows, const char *machine, char *at, char *result, char *remedy)
{
    rows->items = ropp_grow(rows->items, rows->count, sizeof *rows->items);
    rows->items[rows->count++] = (struct row){machine, at, remedy == NULL, result, remedy};
}

/* -- the origin -------------------------------------------------------------- */

/* Adds a connection for every game port at every public address of the origin's. */
static struct ropp_link *origin_links(const struct ropp_network *network, int timeout_ms,
                                      size_t *count)
{
    const struct ropp_origin *origin = &network->origin;
    struct ropp_link *links = NULL;

    for (size_t i = 0; i < origin->public.count; i++)
        for (size_t role = 0; role < ROPP_ROLES; role++)
            for (size_t k = 0; k < origin->ports[role].count; k++) {
                links = ropp_grow(links, *count, sizeof *links);
                links[(*count)++] =
                    (struct ropp_link){.to = ropp_dial_at(&origin->public.items[i],
                                                          origin->ports[role].items[k]),
                                       .timeout_ms = timeout_ms,
                                       .fd = -1};
            }
    return links;
}

static bool check_origin(const struct ropp_network *network, const struct request *request,
                         struct rows *rows)
{
    size_t count = 0;
    struct ropp_link *links = origin_links(network, (int)request->timeout_ms, &count);
    bool ok = count == 0 || ropp_link_run(links, count, NULL, NULL);

    for (size_t i = 0; i < count; i++) {
        const bool open = links[i].connected_ms != 0;
        char at[ROPP_HOSTPORT_TEXT];

        ropp_hostport_format(&links[i].to, at);
        if (ok)
            add_row(rows, "origin", ropp_copy_text(at, strlen(at)),
                    ropp_format("%s", open ? "OPEN TO EVERYBODY" : "closed, as it should be"),
                    open ? ropp_format("load origin/nftables.conf there: players must come by hops")
                         : NULL);
        ropp_link_free(&links[i]);
    }
    free(links);
    return ok || ropp_error("cannot check the origin: %s", strerror(errno));
}

/* -- a hop ------------------------------------------------------------------- */

/* A player at one address of a hop. */
struct visit {
    struct ropp_addr home; /* the only address that may be sent */
    struct ropp_probe_outcome outcome;
    char *wrong; /* an address that was sent and is another; NULL: none */
    int64_t began_ms, ms;
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

static bool visit_hop(const struct ropp_network *network, const struct ropp_hop *hop, size_t index,
                      const struct ropp_plan *account, struct rows *rows)
{
    const uint16_t port = ropp_dial_login(network);
    struct visit visit = {.home = home_of(hop, index),
                          .outcome = {.result = ROPP_PROBE_ERROR,
                                      .guest = account->last == ROPP_LEG_LOGIN}};
    struct ropp_plan plan = *account;
    struct ropp_journeys *journeys;
    const char *remedy;
    char *result;

    plan.legs[ROPP_LEG_LOGIN].to = ropp_dial_at(&hop->public.items[index], port);
    ropp_plan_complete(&plan);
    plan.follows = follows;
    plan.report = on_event;
    plan.context = &visit;
    journeys = ropp_journeys_begin(&plan);
    if (journeys == NULL || !ropp_journeys_run(journeys)) {
        ropp_error("cannot go to a hop: %s: %s", hop->name, strerror(errno));
        ropp_journeys_free(journeys);
        return false;
    }
    if (ropp_journeys_arrived(journeys))
        visit.outcome.result = ROPP_PROBE_OK;
    ropp_journeys_free(journeys);
    result = result_of(&visit, &remedy);
    add_row(rows, hop->name, ropp_dial_text(&hop->public.items[index], port), result,
            remedy ? ropp_copy_text(remedy, strlen(remedy)) : NULL);
    free(visit.wrong);
    return true;
}

static bool check_hops(const struct ropp_network *network, const struct request *request,
                       const char *password, struct rows *rows)
{
    const struct ropp_plan account = {.client = ropp_client_find((unsigned)request->packetver),
                                      .user = request->user ? request->user : "ropp-hop-check",
                                      .password = password,
                                      .count = 1,
                                      .timeout_ms = (int)request->timeout_ms,
                                      .tick_ms = 10000,
                                      /* The hop before has just had this player. */
                                      .retry_ms = RETRY_MS,
                                      .last = request->user ? ROPP_LEG_MAP : ROPP_LEG_LOGIN};

    for (size_t i = 0; i < network->count; i++)
        for (size_t k = 0; k < network->hops[i].public.count; k++)
            if (!visit_hop(network, &network->hops[i], k, &account, rows))
                return false;
    return true;
}

/* -- what is printed ---------------------------------------------------------- */

static size_t count_bad(const struct rows *rows)
{
    size_t bad = 0;

    for (size_t i = 0; i < rows->count; i++)
        bad += !rows->items[i].good;
    return bad;
}

static void print_table(const struct rows *rows)
{
    struct ropp_columns columns = {.sides = "llll"};

    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];

        ropp_columns_cell(&columns, row->good ? "ok" : "BAD");
        ropp_columns_cell(&columns, row->machine);
        ropp_columns_cell(&columns, row->at);
        ropp_columns_cell(&columns, row->result);
    }
    ropp_columns_print(&columns, 3, stdout);
    for (size_t i = 0; i < rows->count; i++)
        if (!rows->items[i].good)
            printf("%s %s: %s\n", rows->items[i].machine, rows->items[i].at, rows->items[i].remedy);
    printf("%zu checked, %zu bad\n", rows->count, count_bad(rows));
}

static void print_json(const struct rows *rows)
{
    struct ropp_json json = {.out = stdout};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_bool(&json, "good", count_bad(rows) == 0);
    ropp_json_begin(&json, "checks", '[');
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];

        ropp_json_begin(&json, NULL, '{');
        ropp_json_string(&json, "machine", row->machine);
        ropp_json_string(&json, "at", row->at);
        ropp_json_bool(&json, "good", row->good);
        ropp_json_string(&json, "result", row->result);
        ropp_json_some(&json, "remedy", row->remedy);
        ropp_json_end(&json, '}');
    }
    ropp_json_done(&json, "]}");
}

static void free_rows(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->items[i].at);
        free(rows->items[i].result);
        free(rows->items[i].remedy);
    }
    free(rows->items);
}

static int check_network(const struct request *request, const struct ropp_network *network)
{
    char password[ROPP_PACKET_NAME] = "none";
    struct rows rows = {NULL, 0};
    bool ok = request->user == NULL || ropp_password_get(request->pass_file, password);
    int status;

    ok = ok && check_origin(network, request, &rows) &&
         check_hops(network, request, password, &rows);
    if (ok && request->json)
        print_json(&rows);
    else if (ok)
        print_table(&rows);
    status = !ok ? ROPP_EXIT_USAGE : count_bad(&rows) ? ROPP_EXIT_REFUSED : ROPP_EXIT_DONE;
    free_rows(&rows);
    return status;
}

static int check(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct ropp_network network;
    int status = ropp_network_load(&network, request->file);

    (void)session;
    /* 1 is a network that is not as it should be, 2 that nobody knows. */
    if (status != ROPP_EXIT_DONE)
        status = ROPP_EXIT_USAGE;
    else
        status = check_network(request, &network);
    ropp_network_free(&network);
    return status;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    request->file = words->items[0];
    if (request->pass_file && request->user == NULL)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "a password without an account: --pass-file: give --user");
    return ROPP_EXIT_DONE;
}

const struct ropp_cli_command ropp_hop_check = {
    .name = "hop check",
    .summary = "go to every hop as a player, and look whether the origin is hidden",
    .usage = "FILE [OPTION ...]",
    .about = "Goes a player's way by every hop of a description: does the game answer, and is the "
             "player sent to that hop's own address and to no other. And nobody must reach the "
             "game's ports at the origin's public address. From a machine outside of the network."
             "\n\n"
             "Without --user each hop costs one wrong login in the server's eyes, and emulators "
             "ban an address for seven in five minutes: give an account to check often.",
    .options = {{options}},
    .words = {.most = 1, .missing = "no file"},
    .statuses = "0 all is as it should be, 1 something is not, 2 wrong usage or environment",
    .example = "hop check hops.conf --user tester",
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = check,
};
