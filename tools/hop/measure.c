// SPDX-License-Identifier: MIT
/* `ropp hop measure`: the time that a player's exchange takes at every hop, and what the ways
 * behind each take. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/base/progress.h"
#include "tools/hop/ask.h"
#include "tools/hop/dial.h"
#include "tools/hop/exchange.h"
#include "tools/hop/hop.h"
#include "tools/hop/prefer.h"
#include "tools/hop/render.h"
#include "tools/hop/ways.h"

enum { ASK_MS = 2000 };

struct request {
    const char *file;
    uint64_t count;
    uint64_t every_ms; /* 0: as often as the servers like it */
    uint64_t timeout_ms;
    const char *prefer;
    bool watch;
    bool through;
    bool json;
};

/* What is known of a hop's ways. */
struct behind {
    struct ropp_samples ways[ROPP_HOP_WAYS];
    struct ropp_preference preference;
    char *note; /* what was changed last, or could not be; NULL: nothing */
};

struct measure {
    const struct request *request;
    const struct ropp_network *network;
    struct ropp_exchanges exchanges;
    struct behind *behind; /* of each hop */
    struct ropp_ways ways; /* as of the last round */
};

static const struct request defaults = {.count = 10, .timeout_ms = 5000};

static const struct ropp_option options[] = {
    ROPP_NUMBER(struct request, count, "--count", "N", 1, 1000,
                "this many exchanges with each; with --watch the last N are looked at (10)"),
    ROPP_NUMBER(struct request, every_ms, "--every", "MS", 1, 3600000,
                "the pause after three connections; the usual one is as long as the emulators' "
                "guard and the hops' own limits want it (3200 or more)"),
    ROPP_NUMBER(struct request, timeout_ms, "--timeout", "MS", 100, 60000,
                "for each exchange (5000)"),
    ROPP_FLAG(struct request, watch, "--watch", "again and again, until Ctrl-C"),
    ROPP_FLAG(struct request, through, "--through",
              "also what each hop's HAProxy says of the ways behind it: from the origin"),
    ROPP_TEXT(struct request, prefer, "--prefer", "fastest|file",
              "let new sessions take the fastest of a hop's ways, once it was 15 % and 5 ms "
              "faster three times in a row; or go back to the order in the file"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object (with --watch one a line)"),
    ROPP_OPTIONS_END,
};

static bool prefers(const struct request *request, const char *what)
{
    return request->prefer && strcmp(request->prefer, what) == 0;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    request->file = words->items[0];
    if (request->prefer && !prefers(request, "fastest") && !prefers(request, "file"))
        return ropp_fail(ROPP_EXIT_USAGE, "no such order: --prefer %s: give fastest or file",
                         request->prefer);
    if (prefers(request, "fastest") && !request->watch && request->count < ROPP_PREFER_ROUNDS)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "too few rounds to prefer a way: --count %" PRIu64 ": give %d or more",
                         request->count, ROPP_PREFER_ROUNDS);
    request->through = request->through || request->prefer;
    return ROPP_EXIT_DONE;
}

/* -- the ways behind a hop ----------------------------------------------------- */

static void set_note(struct behind *behind, char *note)
{
    free(behind->note);
    behind->note = note;
}

static const char *way_name(const struct measure *measure, size_t hop, size_t way)
{
    return ropp_way_name(measure->network, measure->network->hops[hop].ways[way]);
}

/* The way whose switch is on; without one the file's first. */
static size_t first_way(const struct measure *measure, size_t hop)
{
    const struct ropp_way *ways = ropp_ways_of(&measure->ways, hop);

    for (size_t i = 0; i < measure->network->hops[hop].way_count; i++)
        if (ways[i].preferred)
            return i;
    return 0;
}

static void prefer_way(struct measure *measure, size_t hop)
{
    struct behind *behind = &measure->behind[hop];
    struct ropp_preference *preference = &behind->preference;
    const size_t count = measure->network->hops[hop].way_count, before = first_way(measure, hop);
    struct ropp_way *ways = ropp_ways_of(&measure->ways, hop);
    int64_t ms[ROPP_HOP_WAYS];
    char *trouble;

    /* Somebody else may have turned the switches, or HAProxy was started anew. */
    if (preference->way != before)
        *preference = (struct ropp_preference){.way = before};
    for (size_t i = 0; i < count; i++)
        ms[i] = ways[i].whole_ms;
    if (!ropp_prefer(preference, ms, count))
        return;
    trouble = ropp_ways_prefer(measure->network, hop, preference->way, ASK_MS);
    if (trouble) {
        set_note(behind, trouble);
        return;
    }
    for (size_t i = 0; i < count; i++)
        ways[i].preferred = i == preference->way;
    set_note(behind, ropp_format("new sessions go by %s (%" PRId64 " ms; %s: %" PRId64 " ms)",
                                 way_name(measure, hop, preference->way), ms[preference->way],
                                 way_name(measure, hop, before), ms[before]));
}

static void look_through(struct measure *measure)
{
    ropp_ways_free(&measure->ways);
    ropp_ways_read(measure->network, ASK_MS, &measure->ways);
    for (size_t i = 0; i < measure->network->count; i++) {
        if (measure->ways.troubles[i])
            continue;
        for (size_t k = 0; k < measure->network->hops[i].way_count; k++)
            ropp_samples_add(&measure->behind[i].ways[k],
                             ropp_ways_of(&measure->ways, i)[k].whole_ms);
        if (prefers(measure->request, "fastest"))
            prefer_way(measure, i);
    }
}

/* Turns every switch off. */
static void prefer_file(struct measure *measure)
{
    for (size_t i = 0; i < measure->network->count; i++) {
        const struct ropp_hop *hop = &measure->network->hops[i];

        if (hop->way_count < 2 || ropp_ask_none(hop))
            continue;
        set_note(&measure->behind[i],
                 ropp_ways_prefer(measure->network, i, hop->way_count, ASK_MS));
        if (measure->behind[i].note == NULL)
            set_note(&measure->behind[i], ropp_format("the file's order"));
    }
}

/* -- tables --------------------------------------------------------------------- */

static void ms_cell(struct ropp_columns *columns, int64_t ms)
{
    if (ms < 0)
        ropp_columns_cell(columns, "-");
    else
        ropp_columns_format(columns, "%" PRId64 " ms", ms);
}

static void head_cells(struct ropp_columns *columns, const char *const *names)
{
    for (; *names; names++)
        ropp_columns_cell(columns, *names);
}

static void summary_cells(struct ropp_columns *columns, const struct ropp_summary *summary)
{
    ms_cell(columns, summary->median_ms);
    ms_cell(columns, summary->p95_ms);
    ms_cell(columns, summary->jitter_ms);
    ropp_columns_format(columns, "%zu of %zu", summary->failed, summary->tried);
}

static void print_exchanges(const struct measure *measure)
{
    static const char *const heading[] = {"HOP", "AT",     "FROM",   "CONNECT", "MEDIAN",
                                          "P95", "JITTER", "FAILED", NULL};
    struct ropp_columns columns = {.sides = "lllrrrrr"};

    head_cells(&columns, heading);
    for (size_t i = 0; i < measure->exchanges.count; i++) {
        const struct ropp_exchange *exchange = &measure->exchanges.items[i];
        const struct ropp_summary connect = ropp_samples_summary(&exchange->connect),
                                  whole = ropp_samples_summary(&exchange->whole);
        char *at = ropp_dial_text(&exchange->at, ropp_dial_login(measure->network));

        ropp_columns_cell(&columns, measure->network->hops[exchange->hop].name);
        ropp_columns_cell(&columns, at);
        ropp_columns_cell(&columns, exchange->from ? exchange->from : "-");
        ms_cell(&columns, connect.median_ms);
        summary_cells(&columns, &whole);
        free(at);
    }
    ropp_columns_print(&columns, 2, stdout);
    for (size_t i = 0; i < measure->exchanges.count; i++)
        if (ropp_samples_summary(&measure->exchanges.items[i].whole).failed)
            printf("%s: %s\n", measure->network->hops[measure->exchanges.items[i].hop].name,
                   measure->exchanges.items[i].trouble);
}

static const char *place_of(const struct measure *measure, size_t hop, size_t way)
{
    if (!ropp_ways_of(&measure->ways, hop)[way].up)
        return "down";
    return ropp_ways_taken(measure->network, &measure->ways, hop) == way ? "taken" : "spare";
}

static void way_cells(const struct measure *measure, size_t hop, size_t index,
                      struct ropp_columns *columns)
{
    const struct ropp_way *way = &ropp_ways_of(&measure->ways, hop)[index];
    const struct ropp_summary summary = ropp_samples_summary(&measure->behind[hop].ways[index]);

    ropp_columns_cell(columns, measure->network->hops[hop].name);
    ropp_columns_cell(columns, way_name(measure, hop, index));
    ropp_columns_cell(columns, place_of(measure, hop, index));
    ms_cell(columns, way->step_ms);
    summary_cells(columns, &summary);
    ropp_columns_format(columns, "%" PRIu64, way->sessions);
}

/* What a hop's proxy has said may be anything. */
static void print_note(const char *name, const char *way, const char *what, const char *text)
{
    printf("%s: %s%s", name, way, what);
    ropp_print_safe(stdout, text);
    putchar('\n');
}

/* What is to be said of a hop's ways besides. */
static void print_notes(const struct measure *measure, size_t hop)
{
    const char *name = measure->network->hops[hop].name;

    if (measure->ways.troubles[hop])
        print_note(name, "", "not asked: ", measure->ways.troubles[hop]);
    for (size_t i = 0; i < measure->network->hops[hop].way_count; i++) {
        const char *trouble = ropp_ways_of(&measure->ways, hop)[i].trouble;

        if (trouble)
            print_note(name, way_name(measure, hop, i), " is down: ", trouble);
    }
    if (measure->behind[hop].note)
        print_note(name, "", "", measure->behind[hop].note);
}

static void print_ways(const struct measure *measure)
{
    static const char *const heading[] = {"HOP", "WAY",    "STATE",  "STEP",     "MEDIAN",
                                          "P95", "JITTER", "FAILED", "SESSIONS", NULL};
    struct ropp_columns columns = {.sides = "lllrrrrrr"};

    putchar('\n');
    for (size_t i = 0; i < measure->network->count; i++) {
        if (measure->ways.troubles[i])
            continue;
        if (columns.count == 0)
            head_cells(&columns, heading);
        for (size_t k = 0; k < measure->network->hops[i].way_count; k++)
            way_cells(measure, i, k, &columns);
    }
    ropp_columns_print(&columns, 2, stdout);
    for (size_t i = 0; i < measure->network->count; i++)
        print_notes(measure, i);
}

/* -- JSON ------------------------------------------------------------------------ */

static void ms_json(struct ropp_json *json, const char *key, int64_t ms)
{
    if (ms < 0)
        ropp_json_raw(json, key, NULL);
    else
        ropp_json_number(json, key, ms);
}

static void summary_json(struct ropp_json *json, const struct ropp_summary *summary)
{
    ms_json(json, "median_ms", summary->median_ms);
    ms_json(json, "p95_ms", summary->p95_ms);
    ms_json(json, "jitter_ms", summary->jitter_ms);
    ropp_json_number(json, "tried", (int64_t)summary->tried);
    ropp_json_number(json, "failed", (int64_t)summary->failed);
}

static void exchange_json(const struct measure *measure, const struct ropp_exchange *exchange,
                          struct ropp_json *json)
{
    const struct ropp_summary connect = ropp_samples_summary(&exchange->connect),
                              whole = ropp_samples_summary(&exchange->whole);
    char *at = ropp_dial_text(&exchange->at, ropp_dial_login(measure->network));

    ropp_json_begin(json, NULL, '{');
    ropp_json_string(json, "hop", measure->network->hops[exchange->hop].name);
    ropp_json_string(json, "at", at);
    ropp_json_string(json, "from", exchange->from);
    ms_json(json, "connect_ms", connect.median_ms);
    summary_json(json, &whole);
    ropp_json_some(json, "trouble", whole.failed ? exchange->trouble : NULL);
    ropp_json_end(json, '}');
    free(at);
}

static void way_json(const struct measure *measure, size_t hop, size_t index,
                     struct ropp_json *json)
{
    const struct ropp_way *way = &ropp_ways_of(&measure->ways, hop)[index];
    const struct ropp_summary summary = ropp_samples_summary(&measure->behind[hop].ways[index]);

    ropp_json_begin(json, NULL, '{');
    ropp_json_string(json, "hop", measure->network->hops[hop].name);
    ropp_json_string(json, "way", way_name(measure, hop, index));
    ropp_json_string(json, "state", place_of(measure, hop, index));
    ropp_json_bool(json, "preferred", way->preferred);
    ms_json(json, "step_ms", way->step_ms);
    summary_json(json, &summary);
    ropp_json_number(json, "sessions", (int64_t)way->sessions);
    ropp_json_some(json, "trouble", way->trouble);
    ropp_json_end(json, '}');
}

static void ways_json(const struct measure *measure, struct ropp_json *json)
{
    ropp_json_begin(json, "ways", '[');
    for (size_t i = 0; i < measure->network->count; i++)
        for (size_t k = 0; k < measure->network->hops[i].way_count; k++)
            if (measure->ways.troubles[i] == NULL)
                way_json(measure, i, k, json);
    ropp_json_end(json, ']');
    ropp_json_begin(json, "not_asked", '{');
    for (size_t i = 0; i < measure->network->count; i++)
        ropp_json_some(json, measure->network->hops[i].name, measure->ways.troubles[i]);
    ropp_json_end(json, '}');
}

static void print_json(const struct measure *measure)
{
    struct ropp_json json = {.out = stdout};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_begin(&json, "hops", '[');
    for (size_t i = 0; i < measure->exchanges.count; i++)
        exchange_json(measure, &measure->exchanges.items[i], &json);
    ropp_json_end(&json, ']');
    if (measure->request->through)
        ways_json(measure, &json);
    ropp_json_done(&json, "}");
}

/* -- the command ------------------------------------------------------------------ */

static void print(const struct measure *measure)
{
    if (measure->request->json) {
        print_json(measure);
        return;
    }
    print_exchanges(measure);
    if (measure->request->through)
        print_ways(measure);
}

static bool go_round(struct measure *measure)
{
    if (!ropp_exchanges_round(&measure->exchanges, (int)measure->request->timeout_ms))
        return ropp_error("cannot measure: %s", strerror(errno));
    if (measure->request->through)
        look_through(measure);
    return true;
}

/* Until Ctrl-C, an error, or nobody who reads it. */
static bool watch(struct measure *measure)
{
    const bool clear = isatty(STDOUT_FILENO) && !measure->request->json;

    while (go_round(measure)) {
        if (clear)
            fputs("\033[H\033[2J", stdout);
        print(measure);
        if (!clear && !measure->request->json)
            putchar('\n');
        if (fflush(stdout) != 0)
            break;
    }
    return false;
}

static bool go_rounds(struct measure *measure)
{
    struct ropp_progress progress;
    bool ok = true;

    ropp_progress_begin(&progress, "measuring", "rounds", measure->request->count);
    for (uint64_t i = 0; i < measure->request->count && ok; i++) {
        ok = go_round(measure);
        ropp_progress_show(&progress, i + 1);
    }
    ropp_progress_end(&progress);
    if (ok)
        print(measure);
    return ok;
}

static void begin(struct measure *measure, const struct request *request,
                  const struct ropp_network *network)
{
    *measure = (struct measure){.request = request, .network = network};
    measure->behind = ropp_alloc(network->count, sizeof *measure->behind);
    ropp_exchanges_begin(&measure->exchanges, network, request->count, (int64_t)request->every_ms);
    ropp_ways_begin(&measure->ways, network->count);
    for (size_t i = 0; i < network->count; i++)
        for (size_t k = 0; k < ROPP_HOP_WAYS; k++)
            ropp_samples_begin(&measure->behind[i].ways[k], request->count);
    if (prefers(request, "file"))
        prefer_file(measure);
}

static void end(struct measure *measure)
{
    for (size_t i = 0; i < measure->network->count; i++) {
        for (size_t k = 0; k < ROPP_HOP_WAYS; k++)
            ropp_samples_free(&measure->behind[i].ways[k]);
        free(measure->behind[i].note);
    }
    free(measure->behind);
    ropp_exchanges_free(&measure->exchanges);
    ropp_ways_free(&measure->ways);
}

/* Whether every address has answered at least once. */
static bool all_answered(const struct measure *measure)
{
    for (size_t i = 0; i < measure->exchanges.count; i++) {
        const struct ropp_summary whole = ropp_samples_summary(&measure->exchanges.items[i].whole);

        if (whole.failed == whole.tried)
            return false;
    }
    return true;
}

static int measure_network(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct ropp_network network;
    struct measure measure;
    int status = ropp_network_load(&network, request->file);

    (void)session;
    if (status == ROPP_EXIT_DONE) {
        begin(&measure, request, &network);
        if (!(request->watch ? watch(&measure) : go_rounds(&measure)))
            status = ROPP_EXIT_USAGE;
        else if (!all_answered(&measure))
            status = ROPP_EXIT_REFUSED;
        end(&measure);
    } else {
        status = ROPP_EXIT_USAGE;
    }
    ropp_network_free(&network);
    return status;
}

const struct ropp_cli_command ropp_hop_measure = {
    .name = "hop measure",
    .summary = "the time a player's exchange takes at every hop, and on the ways behind it",
    .usage = "FILE [OPTION ...]",
    .about =
        "Dials every hop of a description as a player does, asks the login server behind it for a "
        "key, and says how long that takes from this machine: median, the 95th of a hundred, by "
        "how much one differs from the next, and how many failed. It costs no login.\n\n"
        "With --through, from the origin, it shows the ways behind each hop as that hop's HAProxy "
        "measures them, to the next machine (STEP) and as a whole. With --prefer fastest new "
        "sessions take the fastest one as long as it is up; those that are open stay where they "
        "are, and after a new start of HAProxy the file's order holds.",
    .options = {{options}},
    .words = {.most = 1, .missing = "no file"},
    .statuses = "0 every hop has answered, 1 one never has, 2 wrong usage or environment",
    .example = "hop measure hops.conf --watch --prefer fastest",
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = measure_network,
};
