// SPDX-License-Identifier: MIT
#include "tools/probe/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/keep.h"
#include "tools/probe/options.h"
#include "tools/player/password.h"
#include "tools/probe/report.h"
#include "tools/probe/verdict.h"

enum { TICK_MS = 10000, QUIET_MS = 1000 };

struct probe {
    const struct ropp_probe_options *options;
    struct ropp_report report;
    struct ropp_probe_outcome outcome;
    struct ropp_plan plan;
    char user[ROPP_PACKET_NAME];
    char password[ROPP_PACKET_NAME];
    bool introduced[ROPP_LEG_COUNT]; /* the leg's connection was reported */
    bool login_noted;                /* in loginlog, under the user's name */
    const char *leak;                /* what is wrong with an address, the last of all; or NULL */
    int64_t began_ms;
};

/* What the player dialled as far as the server knows: `otherwise` without --dest. */
static const struct ropp_hostport *dialled(const struct probe *probe,
                                           const struct ropp_hostport *otherwise)
{
    const struct ropp_hostport *named = &probe->options->destination;

    return named->length != 0 ? named : otherwise;
}

/* ---- steps ---- */

static void report_connection(struct probe *probe, const struct ropp_event *event)
{
    const struct ropp_link *link = event->link;
    struct ropp_report *report = &probe->report;
    char to[ROPP_HOSTPORT_TEXT], from[ROPP_HOSTPORT_TEXT];
    int64_t ms = link->connected_ms - link->began_ms;

    ropp_hostport_format(&link->to, to);
    ropp_hostport_format(&link->local, from);
    ropp_report_step(report, event->leg_name, "connected");
    ropp_report_text(report, "to", to);
    ropp_report_text(report, "from", from);
    ropp_report_number(report, "ms", ms);
    ropp_report_close(report, "connected to %s from %s in %lld ms", to, from, (long long)ms);
}

static void report_header(struct probe *probe, const struct ropp_event *event)
{
    struct ropp_report *report = &probe->report;
    const char *version = probe->options->sender == ROPP_SENDER_V1 ? "v1" : "v2";
    char source[ROPP_HOSTPORT_TEXT], destination[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(&probe->options->claim, source);
    ropp_hostport_format(dialled(probe, &event->link->to), destination);
    ropp_report_step(report, event->leg_name, "header");
    ropp_report_text(report, "version", version);
    ropp_report_text(report, "source", source);
    ropp_report_text(report, "destination", destination);
    ropp_report_close(report, "sent a header (%s): %s dialled %s", version, source, destination);
}

/* Before whatever else there is to report of a leg. */
static void introduce(struct probe *probe, const struct ropp_event *event)
{
    if (probe->introduced[event->leg] || event->link->connected_ms == 0)
        return;
    probe->introduced[event->leg] = true;
    report_connection(probe, event);
    if (probe->options->sender != ROPP_SENDER_NONE)
        report_header(probe, event);
}

/* Opens the step of an answer, with the time since the connection was made. */
static long long open_answer(struct probe *probe, const struct ropp_event *event, const char *step)
{
    int64_t ms = ropp_net_now_ms() - event->link->connected_ms;

    ropp_report_step(&probe->report, event->leg_name, step);
    ropp_report_number(&probe->report, "ms", ms);
    return (long long)ms;
}

static void report_login(struct probe *probe, const struct ropp_event *event)
{
    static const uint8_t none[4];
    struct ropp_report *report = &probe->report;
    const struct ropp_reply *reply = event->login;
    long long ms = open_answer(probe, event, "accepted");
    bool has_last = memcmp(reply->last_ip, none, sizeof none) != 0;
    char address[INET_ADDRSTRLEN] = "";

    probe->login_noted = true;
    if (reply->server_count == 0)
        probe->outcome.result = ROPP_PROBE_NO_SERVER;
    ropp_report_number(report, "account", reply->account_id);
    ropp_report_number(report, "servers", reply->server_count);
    if (has_last) {
        inet_ntop(AF_INET, reply->last_ip, address, sizeof address);
        ropp_report_text(report, "last_ip", address);
    }
    ropp_report_close(report, "let in after %lld ms: account %u, char servers: %u%s%s", ms,
                      reply->account_id, reply->server_count, has_last ? ", last seen from " : "",
                      address);
}

static void report_redirect(struct probe *probe, const struct ropp_event *event)
{
    static const char *const names[] = {"same", "other", "undialable"};
    static const char *const words[] = {"as dialled",
                                        "not what was dialled: right if a proxy_route says so",
                                        "nobody outside can dial that"};
    struct ropp_report *report = &probe->report;
    const struct ropp_redirect *redirect = event->redirect;
    enum ropp_probe_way way = ropp_probe_judge(dialled(probe, &probe->options->to), redirect->ip);
    bool named = redirect->domain[0] != '\0';
    char address[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, redirect->ip, address, sizeof address);
    if (way == ROPP_WAY_UNDIALABLE)
        probe->leak =
            ropp_keep_format("the player is sent to the %s server at %s, and nobody outside "
                             "can dial that",
                             event->server, address);
    ropp_report_step(report, event->leg_name, "address");
    ropp_report_text(report, "server", event->server);
    ropp_report_text(report, "address", address);
    ropp_report_number(report, "port", redirect->port);
    ropp_report_text(report, "way", names[way]);
    if (named)
        ropp_report_text(report, "domain", redirect->domain);
    if (redirect->map[0] != '\0')
        ropp_report_text(report, "map", redirect->map);
    ropp_report_close(report, "sent to the %s server at %s:%u (%s)%s%s", event->server, address,
                      redirect->port, words[way], named ? "; a client dials its name: " : "",
                      redirect->domain);
}

static void report_characters(struct probe *probe, const struct ropp_event *event)
{
    long long ms = open_answer(probe, event, "characters");

    if (event->number == 0)
        probe->outcome.result = ROPP_PROBE_NO_CHARACTER;
    ropp_report_number(&probe->report, "count", event->number);
    ropp_report_close(&probe->report, "let in after %lld ms: characters: %u", ms, event->number);
}

static void report_created(struct probe *probe, const struct ropp_event *event)
{
    ropp_report_step(&probe->report, event->leg_name, "created");
    ropp_report_text(&probe->report, "name", event->name);
    ropp_report_close(&probe->report, "made the character %s", event->name);
}

static void report_entered(struct probe *probe, const struct ropp_event *event)
{
    long long ms = open_answer(probe, event, "entered");

    ropp_report_text(&probe->report, "name", event->name);
    ropp_report_text(&probe->report, "map", event->map);
    ropp_report_close(&probe->report, "in the game after %lld ms: %s on %s", ms, event->name,
                      event->map);
}

/* A refusal, or an answer that is not known. */
static void report_end_of_way(struct probe *probe, const struct ropp_event *event)
{
    struct ropp_probe_outcome *outcome = &probe->outcome;
    struct ropp_report *report = &probe->report;
    bool refused = event->kind == ROPP_EVENT_REFUSED;
    const char *meaning = ropp_probe_refusal(event->leg, event->packet, event->number);
    long long ms = open_answer(probe, event, refused ? "refused" : "unknown");
    char packet[16];

    outcome->result = refused ? ROPP_PROBE_REFUSED : ROPP_PROBE_UNKNOWN;
    outcome->packet = event->packet;
    (void)snprintf(packet, sizeof packet, "0x%04x", event->packet);
    ropp_report_text(report, "packet", packet);
    if (!refused) {
        ropp_report_close(report, "an unknown answer after %lld ms: packet %s", ms, packet);
        return;
    }
    outcome->code = event->number;
    if (event->leg == ROPP_LEG_LOGIN)
        probe->login_noted = ropp_probe_is_judged(event->packet, event->number);
    if (outcome->guest && probe->login_noted)
        outcome->result = ROPP_PROBE_ANSWERED;
    ropp_report_number(report, "code", event->number);
    ropp_report_text(report, "meaning", meaning);
    ropp_report_close(report, "refused after %lld ms: %s (packet %s, code %u)", ms, meaning, packet,
                      event->number);
}

static void report_ended(struct probe *probe, const struct ropp_event *event)
{
    const struct ropp_link *link = event->link;
    struct ropp_report *report = &probe->report;
    struct ropp_probe_outcome *outcome = &probe->outcome;
    bool connected = link->connected_ms != 0;
    int64_t ms = link->ended_ms - (connected ? link->connected_ms : link->began_ms);
    char to[ROPP_HOSTPORT_TEXT];

    outcome->error = connected || link->end == ROPP_LINK_UNREACHABLE ? link->error : ETIMEDOUT;
    outcome->result = !connected                      ? ROPP_PROBE_UNREACHABLE
                      : link->end == ROPP_LINK_CLOSED ? ROPP_PROBE_CLOSED
                                                      : ROPP_PROBE_SILENT;
    ropp_hostport_format(&link->to, to);
    ropp_report_step(report, event->leg_name, ropp_probe_result_name(outcome->result));
    ropp_report_text(report, "to", to);
    ropp_report_number(report, "ms", ms);
    if (!connected)
        ropp_report_close(report, "no connection to %s after %lld ms: %s", to, (long long)ms,
                          strerror(outcome->error));
    else if (link->end == ROPP_LINK_CLOSED)
        ropp_report_close(report, "closed after %lld ms, without an answer", (long long)ms);
    else
        ropp_report_close(report, "no answer in %lld ms", (long long)ms);
}

static void on_event(const struct ropp_event *event, void *context)
{
    static void (*const reports[])(struct probe * probe, const struct ropp_event *event) = {
        [ROPP_EVENT_LOGIN] = report_login,
        [ROPP_EVENT_REDIRECT] = report_redirect,
        [ROPP_EVENT_CHARACTERS] = report_characters,
        [ROPP_EVENT_CREATED] = report_created,
        [ROPP_EVENT_ENTERED] = report_entered,
        [ROPP_EVENT_REFUSED] = report_end_of_way,
        [ROPP_EVENT_UNKNOWN] = report_end_of_way,
        [ROPP_EVENT_ENDED] = report_ended,
        [ROPP_EVENT_PLAYING] = NULL,
    };
    struct probe *probe = context;

    probe->outcome.leg = event->leg;
    if (event->kind == ROPP_EVENT_NO_HEADER) {
        probe->outcome.result = ROPP_PROBE_ERROR;
        ropp_error("no header can be written: --claim and what is dialled (the %s server) are not "
                   "of one kind: give both as IPv4 or both as IPv6, with --dest",
                   event->leg_name);
        return;
    }
    introduce(probe, event);
    if (reports[event->kind] != NULL)
        reports[event->kind](probe, event);
}

/* Whether the login port also closes on somebody who says nothing. */
static void stay_quiet(struct probe *probe)
{
    const struct ropp_probe_options *options = probe->options;
    struct ropp_link link = {.to = options->to, .from = options->from, .fd = -1};
    bool open;

    link.timeout_ms = options->timeout_ms < QUIET_MS ? options->timeout_ms : QUIET_MS;
    if (!ropp_link_run(&link, 1, NULL, NULL))
        return;
    open = link.end == ROPP_LINK_TIMED_OUT;
    if (link.connected_ms != 0 && (open || link.end == ROPP_LINK_CLOSED)) {
        probe->outcome.quiet = open ? ROPP_QUIET_OPEN : ROPP_QUIET_CLOSED;
        ropp_report_step(&probe->report, "login", "quiet");
        ropp_report_text(&probe->report, "end", open ? "open" : "closed");
        ropp_report_number(&probe->report, "ms", link.ended_ms - link.connected_ms);
        ropp_report_close(&probe->report, "another connection, that says nothing: %s after %lld ms",
                          open ? "still open" : "closed",
                          (long long)(link.ended_ms - link.connected_ms));
    }
    ropp_link_free(&link);
}

/* A player outside could not go there. */
static bool follows(const struct ropp_redirect *redirect, void *context)
{
    const struct probe *probe = context;

    return ropp_probe_judge(dialled(probe, &probe->options->to), redirect->ip) !=
           ROPP_WAY_UNDIALABLE;
}

/* ---- what came of it ---- */

static void report_find(const struct ropp_trace_find *find, void *context)
{
    struct probe *probe = context;
    struct ropp_report *report = &probe->report;

    probe->leak = ropp_keep_format("%s is in what the %s server sent", find->address, find->leg);
    ropp_report_step(report, find->leg, "leak");
    ropp_report_text(report, "address", find->address);
    ropp_report_number(report, "offset", (int64_t)find->offset);
    ropp_report_text(report, "order", find->order);
    ropp_report_close(report, "%s is in what was received, at byte %zu (%s order)", find->address,
                      find->offset, find->order);
}

static void search(struct probe *probe, const struct ropp_trace *trace)
{
    size_t found = 0, length = ropp_trace_length(trace);

    for (size_t i = 0; i < probe->options->hidden_count; i++)
        found += ropp_trace_search(trace, &probe->options->hidden[i], report_find, probe);
    if (probe->options->hidden_count == 0)
        return;
    ropp_report_step(&probe->report, "all", "searched");
    ropp_report_number(&probe->report, "bytes", (int64_t)length);
    ropp_report_number(&probe->report, "found", (int64_t)found);
    ropp_report_close(&probe->report,
                      "searched %zu received bytes for what must not be there: %zu found", length,
                      found);
}

static const char *reason_of(const struct probe *probe)
{
    static const char *const legs[ROPP_LEG_COUNT] = {"login", "char", "map", "char"};
    const struct ropp_probe_outcome *outcome = &probe->outcome;
    const char *leg = legs[outcome->leg];

    switch (outcome->result) {
    case ROPP_PROBE_OK:
        return ropp_keep_format("as far as the %s server, in %lld ms", leg,
                                (long long)(ropp_net_now_ms() - probe->began_ms));
    case ROPP_PROBE_ANSWERED:
        return "the login server answered, and turned a made-up user away: the way there works";
    case ROPP_PROBE_REFUSED:
        return ropp_keep_format("by the %s server: %s", leg,
                                ropp_probe_refusal(outcome->leg, outcome->packet, outcome->code));
    case ROPP_PROBE_CLOSED:
        return ropp_keep_format("the %s server, or the proxy before it, closed the connection "
                                "without an answer",
                                leg);
    case ROPP_PROBE_SILENT:
        return ropp_keep_format("connected, but the %s server did not answer in %d ms", leg,
                                probe->options->timeout_ms);
    case ROPP_PROBE_UNREACHABLE:
        return ropp_keep_format("no connection to the %s server: %s", leg,
                                strerror(outcome->error));
    case ROPP_PROBE_UNKNOWN:
        return ropp_keep_format("packet 0x%04x is no answer that a %s server gives",
                                outcome->packet, leg);
    case ROPP_PROBE_LEAK:
        return probe->leak;
    case ROPP_PROBE_NO_SERVER:
        return "the login server knows no char server";
    case ROPP_PROBE_NO_CHARACTER:
        return "the account has no character to enter the game with";
    case ROPP_PROBE_ERROR:
    default:
        return "the probe itself failed";
    }
}

/* The query that shows under which address the login server has noted the user, or NULL. */
static const char *look_of(const struct probe *probe)
{
    struct ropp_buffer query = {0};

    if (!probe->login_noted)
        return NULL;
    ropp_buffer_text(&query, "SELECT time, ip, rcode, log FROM loginlog WHERE user = '");
    for (const char *c = probe->user; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\')
            ropp_buffer_add(&query, c, 1);
        ropp_buffer_add(&query, c, 1);
    }
    ropp_buffer_text(&query, "' ORDER BY time DESC LIMIT 1;");
    return ropp_keep(ropp_buffer_take(&query));
}

static void report_outcome(struct probe *probe)
{
    const char *causes[ROPP_PROBE_CAUSES];
    size_t count = ropp_probe_causes(&probe->outcome, causes);

    ropp_report_end(&probe->report, ropp_probe_result_name(probe->outcome.result), reason_of(probe),
                    causes, count, look_of(probe));
}

/* ---- the command ---- */

/* A name that no account has; emulators take an ending of _M or _F for a wish to register. */
static void make_up(struct probe *probe)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)snprintf(probe->user, sizeof probe->user, "ropp-probe-%08x",
                   (unsigned)now.tv_nsec ^ (unsigned)getpid() << 16);
    (void)snprintf(probe->password, sizeof probe->password, "probe");
}

static bool choose_account(struct probe *probe)
{
    probe->outcome.guest = probe->options->user == NULL;
    if (probe->outcome.guest) {
        make_up(probe);
        return true;
    }
    (void)snprintf(probe->user, sizeof probe->user, "%s", probe->options->user);
    return ropp_password_get(probe->options->pass_file, probe->password);
}

static void make_plan(struct probe *probe)
{
    const struct ropp_probe_options *options = probe->options;
    struct ropp_plan *plan = &probe->plan;
    struct ropp_leg_plan *login = &plan->legs[ROPP_LEG_LOGIN];

    login->to = options->to;
    login->from = options->from;
    login->claim = options->claim;
    login->destination = options->destination;
    login->sender_set = true;
    login->sender = options->sender;
    plan->legs[ROPP_LEG_CHAR].to = options->char_at;
    plan->legs[ROPP_LEG_MAP].to = options->map_at;
    ropp_plan_complete(plan);
    plan->client = options->client;
    plan->keys = options->keys_set ? &options->keys : NULL;
    plan->user = probe->user;
    plan->password = probe->password;
    plan->count = 1;
    plan->timeout_ms = options->timeout_ms;
    plan->tick_ms = TICK_MS;
    plan->last = options->until;
    plan->create = options->create != NULL;
    plan->character = options->create;
    plan->follows = follows;
    plan->report = on_event;
    plan->context = probe;
}

static int run(struct probe *probe)
{
    struct ropp_journeys *journeys = ropp_journeys_begin(&probe->plan);
    struct ropp_probe_outcome *outcome = &probe->outcome;

    if (journeys == NULL)
        return ROPP_EXIT_USAGE;
    ropp_report_begin(&probe->report, probe->options->json);
    probe->began_ms = ropp_net_now_ms();
    if (ropp_journeys_run(journeys)) {
        search(probe, ropp_journeys_trace(journeys, 0));
        if (probe->leak != NULL)
            outcome->result = ROPP_PROBE_LEAK;
        else if (ropp_journeys_arrived(journeys) != 0)
            outcome->result = ROPP_PROBE_OK;
        /* Only a player's own way shows something by its silence: a header is not silent. */
        if (outcome->result == ROPP_PROBE_CLOSED && outcome->leg == ROPP_LEG_LOGIN &&
            !outcome->header)
            stay_quiet(probe);
    } else {
        ropp_error("the probe failed: %s: %s", probe->options->where, strerror(errno));
        outcome->result = ROPP_PROBE_ERROR;
    }
    report_outcome(probe);
    ropp_journeys_free(journeys);
    if (outcome->result == ROPP_PROBE_ERROR)
        return ROPP_EXIT_USAGE;
    return ropp_probe_is_good(outcome->result) ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

static int read_request(void *context, const struct ropp_words *words)
{
    const char *where = words->count > 0 ? words->items[0] : NULL;

    return ropp_probe_options_complete(context, where) ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

static int probe_host(struct ropp_session *session, void *context)
{
    const struct ropp_probe_options *options = context;
    struct probe probe = {.options = options, .outcome = {.result = ROPP_PROBE_ERROR}};

    (void)session;
    if (!choose_account(&probe))
        return ROPP_EXIT_USAGE;
    probe.outcome.header = options->sender != ROPP_SENDER_NONE;
    probe.outcome.scrambles = options->packetver < ROPP_SCRAMBLE_UNTIL && !options->keys_set;
    if (options->client->version != options->packetver)
        fprintf(stderr, "ropp: the client %u is not known: taking the packets of %u\n",
                options->packetver, options->client->version);
    make_plan(&probe);
    return run(&probe);
}

const struct ropp_cli_command ropp_probe = {
    .name = "probe",
    .summary = "go a player's way through a proxy, and say how it went",
    .usage = "HOST[:PORT] [OPTION ...]",
    .about = "Goes a player's way through a hop (a proxy, or the server itself): does it forward, "
             "does the server answer, where does it send the player, or why was it refused. "
             "PORT is the login server's, 6900 unless given.\n\n"
             "Without --user it tries to log in with a made-up name. The server turns that away, "
             "and the way there is proven. It is one wrong login in the server's eyes.",
    .options = {{ropp_probe_options}},
    .words = {.most = 1, .too_many = "more than one host", .instead = "probe one at a time"},
    .statuses = "0 answered, and the way back is right; 1 refused, leaking or no answer; 2 wrong "
                "usage or environment",
    .example = "probe play.example.net:6900 --user tester",
    .request_size = sizeof(struct ropp_probe_options),
    .defaults = &ropp_probe_defaults,
    .read = read_request,
    .run = probe_host,
};
