#include "tools/probe/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/cli.h"
#include "tools/probe/options.h"
#include "tools/probe/password.h"
#include "tools/probe/report.h"
#include "tools/probe/verdict.h"

enum { TICK_MS = 10000, QUIET_MS = 1000, REASON_TEXT = 512, LOOK_TEXT = 256 };

struct probe {
    const struct ropp_probe_options *options;
    struct ropp_report report;
    struct ropp_probe_outcome outcome;
    struct ropp_plan plan;
    char user[ROPP_PACKET_NAME];
    char password[ROPP_PACKET_NAME];
    bool introduced[ROPP_LEG_COUNT]; /* the leg's connection was told of */
    bool login_noted;                /* in loginlog, under the user's name */
    char leak[REASON_TEXT];          /* what is wrong with an address; empty when nothing is */
    int64_t began_ms;
};

/* What the player dialled as far as the server knows. */
static const struct ropp_hostport *dialled(const struct probe *probe)
{
    return probe->options->destination.length != 0 ? &probe->options->destination
                                                   : &probe->options->to;
}

/* ---- steps ---- */

static void tell_connection(struct probe *probe, const struct ropp_event *event)
{
    const struct ropp_link *link = event->link;
    char to[ROPP_HOSTPORT_TEXT], from[ROPP_HOSTPORT_TEXT];
    int64_t ms = link->connected_ms - link->began_ms;

    ropp_hostport_format(&link->to, to);
    ropp_hostport_format(&link->local, from);
    ropp_report_step(&probe->report, event->leg_name, "connected");
    ropp_report_text(&probe->report, "to", to);
    ropp_report_text(&probe->report, "from", from);
    ropp_report_number(&probe->report, "ms", ms);
    ropp_report_close(&probe->report, "connected to %s from %s in %lld ms", to, from,
                      (long long)ms);
}

static void tell_header(struct probe *probe, const struct ropp_event *event)
{
    const struct ropp_probe_options *options = probe->options;
    const char *version = options->sender == ROPP_SENDER_V1 ? "v1" : "v2";
    char source[ROPP_HOSTPORT_TEXT], destination[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(&options->claim, source);
    ropp_hostport_format(options->destination.length != 0 ? &options->destination
                                                          : &event->link->to,
                         destination);
    ropp_report_step(&probe->report, event->leg_name, "header");
    ropp_report_text(&probe->report, "version", version);
    ropp_report_text(&probe->report, "source", source);
    ropp_report_text(&probe->report, "destination", destination);
    ropp_report_close(&probe->report, "sent a header (%s): %s dialled %s", version, source,
                      destination);
}

/* Before whatever else there is to tell of a leg. */
static void introduce(struct probe *probe, const struct ropp_event *event)
{
    if (probe->introduced[event->leg] || event->link->connected_ms == 0)
        return;
    probe->introduced[event->leg] = true;
    tell_connection(probe, event);
    if (probe->options->sender != ROPP_SENDER_NONE)
        tell_header(probe, event);
}

/* Opens the step of an answer, with the time since the connection stood. */
static int64_t open_answer(struct probe *probe, const struct ropp_event *event, const char *step)
{
    int64_t ms = ropp_net_now_ms() - event->link->connected_ms;

    ropp_report_step(&probe->report, event->leg_name, step);
    ropp_report_number(&probe->report, "ms", ms);
    return ms;
}

static void tell_login(struct probe *probe, const struct ropp_event *event)
{
    static const uint8_t none[4];
    const struct ropp_reply *reply = event->login;
    int64_t ms = open_answer(probe, event, "accepted");
    char last[INET_ADDRSTRLEN + 32] = "";
    char address[INET_ADDRSTRLEN];

    probe->login_noted = true;
    if (reply->server_count == 0)
        probe->outcome.result = ROPP_PROBE_NO_SERVER;
    ropp_report_number(&probe->report, "account", reply->account_id);
    ropp_report_number(&probe->report, "servers", reply->server_count);
    if (memcmp(reply->last_ip, none, sizeof none) != 0) {
        inet_ntop(AF_INET, reply->last_ip, address, sizeof address);
        ropp_report_text(&probe->report, "last_ip", address);
        (void)snprintf(last, sizeof last, ", last seen from %s", address);
    }
    ropp_report_close(&probe->report, "let in after %lld ms: account %u, char servers: %u%s",
                      (long long)ms, reply->account_id, reply->server_count, last);
}

static void tell_told(struct probe *probe, const struct ropp_event *event)
{
    static const char *const names[] = {"same", "other", "undialable"};
    static const char *const words[] = {"as dialled",
                                        "not what was dialled: right if a proxy_route says so",
                                        "nobody outside can dial that"};
    const struct ropp_told *told = event->told;
    enum ropp_probe_told judged = ropp_probe_judge(dialled(probe), told->ip);
    char address[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, told->ip, address, sizeof address);
    if (judged == ROPP_TOLD_UNDIALABLE)
        (void)snprintf(probe->leak, sizeof probe->leak,
                       "the player is told that the %s server is at %s, and nobody outside can "
                       "dial that",
                       event->server, address);
    ropp_report_step(&probe->report, event->leg_name, "told");
    ropp_report_text(&probe->report, "server", event->server);
    ropp_report_text(&probe->report, "address", address);
    ropp_report_number(&probe->report, "port", told->port);
    ropp_report_text(&probe->report, "way", names[judged]);
    if (told->domain[0] != '\0')
        ropp_report_text(&probe->report, "domain", told->domain);
    if (told->map[0] != '\0')
        ropp_report_text(&probe->report, "map", told->map);
    ropp_report_close(&probe->report, "told the %s server's address: %s:%u (%s)%s%s", event->server,
                      address, told->port, words[judged],
                      told->domain[0] != '\0' ? "; a client dials its name: " : "", told->domain);
}

static void tell_characters(struct probe *probe, const struct ropp_event *event)
{
    int64_t ms = open_answer(probe, event, "characters");

    if (event->number == 0)
        probe->outcome.result = ROPP_PROBE_NO_CHARACTER;
    ropp_report_number(&probe->report, "count", event->number);
    ropp_report_close(&probe->report, "let in after %lld ms: characters: %u", (long long)ms,
                      event->number);
}

static void tell_created(struct probe *probe, const struct ropp_event *event)
{
    ropp_report_step(&probe->report, event->leg_name, "created");
    ropp_report_text(&probe->report, "name", event->name);
    ropp_report_close(&probe->report, "made the character %s", event->name);
}

static void tell_entered(struct probe *probe, const struct ropp_event *event)
{
    int64_t ms = open_answer(probe, event, "entered");

    ropp_report_text(&probe->report, "name", event->name);
    ropp_report_text(&probe->report, "map", event->map);
    ropp_report_close(&probe->report, "in the game after %lld ms: %s on %s", (long long)ms,
                      event->name, event->map);
}

static void tell_refused(struct probe *probe, const struct ropp_event *event)
{
    struct ropp_probe_outcome *outcome = &probe->outcome;
    const char *meaning = ropp_probe_refusal(event->leg, event->packet, event->number);
    int64_t ms = open_answer(probe, event, "refused");
    char packet[16];

    outcome->packet = event->packet;
    outcome->code = event->number;
    outcome->result = ROPP_PROBE_REFUSED;
    if (event->leg == ROPP_LEG_LOGIN)
        probe->login_noted = ropp_probe_is_judged(event->packet, event->number);
    if (outcome->guest && probe->login_noted)
        outcome->result = ROPP_PROBE_ANSWERED;
    (void)snprintf(packet, sizeof packet, "0x%04x", event->packet);
    ropp_report_text(&probe->report, "packet", packet);
    ropp_report_number(&probe->report, "code", event->number);
    ropp_report_text(&probe->report, "meaning", meaning);
    ropp_report_close(&probe->report, "refused after %lld ms: %s (packet %s, code %u)",
                      (long long)ms, meaning, packet, event->number);
}

static void tell_unknown(struct probe *probe, const struct ropp_event *event)
{
    int64_t ms = open_answer(probe, event, "unknown");
    char packet[16];

    probe->outcome.result = ROPP_PROBE_UNKNOWN;
    probe->outcome.packet = event->packet;
    (void)snprintf(packet, sizeof packet, "0x%04x", event->packet);
    ropp_report_text(&probe->report, "packet", packet);
    ropp_report_close(&probe->report, "an unknown answer after %lld ms: packet %s", (long long)ms,
                      packet);
}

static void tell_ended(struct probe *probe, const struct ropp_event *event)
{
    const struct ropp_link *link = event->link;
    struct ropp_probe_outcome *outcome = &probe->outcome;
    bool stood = link->connected_ms != 0;
    int64_t ms = link->ended_ms - (stood ? link->connected_ms : link->began_ms);
    char to[ROPP_HOSTPORT_TEXT];

    outcome->error = stood || link->end == ROPP_LINK_UNREACHABLE ? link->error : ETIMEDOUT;
    outcome->result = !stood                          ? ROPP_PROBE_UNREACHABLE
                      : link->end == ROPP_LINK_CLOSED ? ROPP_PROBE_CLOSED
                                                      : ROPP_PROBE_SILENT;
    ropp_hostport_format(&link->to, to);
    ropp_report_step(&probe->report, event->leg_name, ropp_probe_result_name(outcome->result));
    ropp_report_text(&probe->report, "to", to);
    ropp_report_number(&probe->report, "ms", ms);
    if (!stood)
        ropp_report_close(&probe->report, "no connection to %s after %lld ms: %s", to,
                          (long long)ms, strerror(outcome->error));
    else if (link->end == ROPP_LINK_CLOSED)
        ropp_report_close(&probe->report, "closed after %lld ms, without an answer", (long long)ms);
    else
        ropp_report_close(&probe->report, "no answer in %lld ms", (long long)ms);
}

static void tell(const struct ropp_event *event, void *context)
{
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
    switch (event->kind) {
    case ROPP_EVENT_LOGIN:
        tell_login(probe, event);
        return;
    case ROPP_EVENT_TOLD:
        tell_told(probe, event);
        return;
    case ROPP_EVENT_CHARACTERS:
        tell_characters(probe, event);
        return;
    case ROPP_EVENT_CREATED:
        tell_created(probe, event);
        return;
    case ROPP_EVENT_ENTERED:
        tell_entered(probe, event);
        return;
    case ROPP_EVENT_REFUSED:
        tell_refused(probe, event);
        return;
    case ROPP_EVENT_UNKNOWN:
        tell_unknown(probe, event);
        return;
    case ROPP_EVENT_ENDED:
        tell_ended(probe, event);
        return;
    case ROPP_EVENT_MOVED:
    case ROPP_EVENT_TEXT:
    case ROPP_EVENT_STAYED:
    case ROPP_EVENT_NO_HEADER:
    case ROPP_EVENT_PLAYING:
    default:
        return;
    }
}

/* Whether the login port also closes on somebody who says nothing. */
static void stay_quiet(struct probe *probe)
{
    const struct ropp_probe_options *options = probe->options;
    struct ropp_link link = {.to = options->to, .from = options->from, .fd = -1};
    bool open, closed;

    link.timeout_ms = options->timeout_ms < QUIET_MS ? options->timeout_ms : QUIET_MS;
    if (!ropp_link_run(&link, 1, NULL, NULL))
        return;
    open = link.connected_ms != 0 && link.end == ROPP_LINK_TIMED_OUT;
    closed = link.connected_ms != 0 && link.end == ROPP_LINK_CLOSED;
    if (open || closed) {
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
static bool follows(const struct ropp_told *told, void *context)
{
    const struct probe *probe = context;

    return ropp_probe_judge(dialled(probe), told->ip) != ROPP_TOLD_UNDIALABLE;
}

/* ---- what came of it ---- */

static void tell_find(const struct ropp_trace_find *find, void *context)
{
    struct probe *probe = context;

    (void)snprintf(probe->leak, sizeof probe->leak, "%s stands in what the %s server sent",
                   find->address, find->leg);
    ropp_report_step(&probe->report, find->leg, "leak");
    ropp_report_text(&probe->report, "address", find->address);
    ropp_report_number(&probe->report, "offset", (int64_t)find->offset);
    ropp_report_text(&probe->report, "order", find->order);
    ropp_report_close(&probe->report, "%s stands in what was received, at byte %zu (%s order)",
                      find->address, find->offset, find->order);
}

static void search(struct probe *probe, const struct ropp_journeys *journeys)
{
    const struct ropp_trace *trace = ropp_journeys_trace(journeys, 0);
    size_t found = 0;
    size_t i;

    for (i = 0; i < probe->options->hidden_count; i++)
        found += ropp_trace_search(trace, &probe->options->hidden[i], tell_find, probe);
    if (i == 0)
        return;
    ropp_report_step(&probe->report, "all", "searched");
    ropp_report_number(&probe->report, "bytes", (int64_t)ropp_trace_length(trace));
    ropp_report_number(&probe->report, "found", (int64_t)found);
    ropp_report_close(&probe->report,
                      "searched %zu received bytes for what must not be there: %zu found",
                      ropp_trace_length(trace), found);
}

static void judge(struct probe *probe, const struct ropp_journeys *journeys)
{
    search(probe, journeys);
    if (probe->leak[0] != '\0')
        probe->outcome.result = ROPP_PROBE_LEAK;
    else if (ropp_journeys_arrived(journeys) != 0)
        probe->outcome.result = ROPP_PROBE_OK;
}

/* Only a player's own way tells something by its silence: a header is not silent. */
static bool wants_quiet(const struct probe *probe)
{
    return probe->outcome.result == ROPP_PROBE_CLOSED && probe->outcome.leg == ROPP_LEG_LOGIN &&
           !probe->outcome.header;
}

static void write_reason(const struct probe *probe, char out[REASON_TEXT])
{
    static const char *const legs[ROPP_LEG_COUNT] = {"login", "char", "map", "char"};
    const struct ropp_probe_outcome *outcome = &probe->outcome;
    const char *leg = legs[outcome->leg];
    long long ms = (long long)(ropp_net_now_ms() - probe->began_ms);

    switch (outcome->result) {
    case ROPP_PROBE_OK:
        (void)snprintf(out, REASON_TEXT, "as far as the %s server, in %lld ms", leg, ms);
        return;
    case ROPP_PROBE_ANSWERED:
        (void)snprintf(out, REASON_TEXT,
                       "the login server answered, and turned a made-up user away: the way there "
                       "works");
        return;
    case ROPP_PROBE_REFUSED:
        (void)snprintf(out, REASON_TEXT, "by the %s server: %s", leg,
                       ropp_probe_refusal(outcome->leg, outcome->packet, outcome->code));
        return;
    case ROPP_PROBE_CLOSED:
        (void)snprintf(out, REASON_TEXT,
                       "the %s server, or the proxy before it, closed the connection without an "
                       "answer",
                       leg);
        return;
    case ROPP_PROBE_SILENT:
        (void)snprintf(out, REASON_TEXT, "connected, but the %s server did not answer in %d ms",
                       leg, probe->options->timeout_ms);
        return;
    case ROPP_PROBE_UNREACHABLE:
        (void)snprintf(out, REASON_TEXT, "no connection to the %s server: %s", leg,
                       strerror(outcome->error));
        return;
    case ROPP_PROBE_UNKNOWN:
        (void)snprintf(out, REASON_TEXT, "packet 0x%04x is no answer that a %s server gives",
                       outcome->packet, leg);
        return;
    case ROPP_PROBE_LEAK:
        (void)snprintf(out, REASON_TEXT, "%s", probe->leak);
        return;
    case ROPP_PROBE_NO_SERVER:
        (void)snprintf(out, REASON_TEXT, "the login server knows no char server");
        return;
    case ROPP_PROBE_NO_CHARACTER:
        (void)snprintf(out, REASON_TEXT, "the account has no character to enter the game with");
        return;
    case ROPP_PROBE_ERROR:
    default:
        (void)snprintf(out, REASON_TEXT, "the probe itself failed");
    }
}

/* The query that shows under which address the login server has noted the user. */
static const char *write_look(const struct probe *probe, char out[LOOK_TEXT])
{
    char name[2 * ROPP_PACKET_NAME];
    size_t length = 0;

    if (!probe->login_noted)
        return NULL;
    for (const char *c = probe->user; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\')
            name[length++] = *c;
        name[length++] = *c;
    }
    name[length] = '\0';
    (void)snprintf(out, LOOK_TEXT,
                   "SELECT time, ip, rcode, log FROM loginlog WHERE user = '%s' ORDER BY time DESC "
                   "LIMIT 1;",
                   name);
    return out;
}

static void tell_outcome(struct probe *probe)
{
    const char *causes[ROPP_PROBE_CAUSES];
    size_t count = ropp_probe_causes(&probe->outcome, causes);
    char reason[REASON_TEXT], look[LOOK_TEXT];

    write_reason(probe, reason);
    ropp_report_end(&probe->report, ropp_probe_result_name(probe->outcome.result), reason, causes,
                    count, write_look(probe, look));
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
    plan->tell = tell;
    plan->context = probe;
}

static int finish(struct probe *probe)
{
    tell_outcome(probe);
    if (probe->outcome.result == ROPP_PROBE_ERROR)
        return ROPP_EXIT_USAGE;
    return ropp_probe_is_good(probe->outcome.result) ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

static int run(struct probe *probe)
{
    struct ropp_journeys *journeys = ropp_journeys_begin(&probe->plan);
    int status;

    if (journeys == NULL) {
        if (errno != EINVAL) /* that was told */
            ropp_error("the probe cannot begin: %s: %s", probe->options->where, strerror(errno));
        return ROPP_EXIT_USAGE;
    }
    ropp_report_begin(&probe->report, probe->options->json);
    probe->began_ms = ropp_net_now_ms();
    if (ropp_journeys_run(journeys)) {
        judge(probe, journeys);
        if (wants_quiet(probe))
            stay_quiet(probe);
    } else {
        ropp_error("the probe failed: %s: %s", probe->options->where, strerror(errno));
        probe->outcome.result = ROPP_PROBE_ERROR;
    }
    status = finish(probe);
    ropp_journeys_free(journeys);
    return status;
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
             "does the server answer, which addresses is the player told, or why was it refused. "
             "PORT is the login server's, 6900 unless given.\n\n"
             "Without --user it tries to log in with a made-up name. The server turns that away, "
             "and the way there is proven. It is one wrong login in the server's eyes.",
    .options = {{ropp_probe_options}},
    .words = {1, "more than one host", "probe one at a time"},
    .statuses = "0 answered, and the way back is right; 1 refused, leaking or no answer; 2 wrong "
                "usage or environment",
    .example = "probe play.example.net:6900 --user tester",
    .request_size = sizeof(struct ropp_probe_options),
    .defaults = &ropp_probe_defaults,
    .read = read_request,
    .run = probe_host,
};
