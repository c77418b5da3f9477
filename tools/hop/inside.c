// SPDX-License-Identifier: MIT
/* What hops' proxies say: their ways, and whom they ban. */
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ban/banned.h"
#include "tools/base/buffer.h"
#include "tools/hop/ask.h"
#include "tools/hop/check.h"
#include "tools/hop/dial.h"
#include "tools/hop/render.h"
#include "tools/hop/ways.h"
#include "tools/lists/difference.h"

#define WAYS "ways"
#define BANS "bans"

/* `ropp ban follow` is behind by seconds. */
enum { ASK_MS = 5000, LOOKS = 6, LOOK_MS = 1000 };

static char *at_of(const struct ropp_hop *hop)
{
    return ropp_ask_none(hop) ? NULL : ropp_dial_text(&hop->tunnel, hop->control);
}

/* -- ways ----------------------------------------------------------------------- */

/* A way through a hop that no player gets into either is down for a reason that is shown there. */
static bool is_explained(const struct ropp_check *check, size_t way)
{
    return way != ROPP_WAY_DIRECT && !check->reached[way];
}

static void check_ways(struct ropp_check *check, const struct ropp_ways *ways, size_t index)
{
    const struct ropp_hop *hop = &check->network->hops[index];
    const size_t taken = ropp_ways_taken(check->network, ways, index);
    struct ropp_buffer result = {0};
    bool bad = false;

    if (taken < hop->way_count)
        ropp_buffer_format(&result, "%s is taken", ropp_way_name(check->network, hop->ways[taken]));
    for (size_t i = 0; i < hop->way_count; i++) {
        const struct ropp_way *way = &ropp_ways_of(ways, index)[i];

        if (way->up)
            continue;
        ropp_buffer_format(&result, "%s%s is down (%s)", result.size ? "; " : "",
                           ropp_way_name(check->network, hop->ways[i]), way->trouble);
        bad = bad || !is_explained(check, hop->ways[i]);
    }
    ropp_findings_add(&check->findings, hop->name, WAYS, at_of(hop), ropp_buffer_take(&result),
                      bad ? ropp_format("does the tunnel to there work (`wg show`: keys, the last "
                                        "handshake), and do the servers run?")
                          : NULL);
}

/* One that cannot be asked: where no player gets in either, that says it already. */
static void cannot_ask(struct ropp_check *check, const struct ropp_hop *hop, bool reached,
                       const char *trouble)
{
    if (ropp_ask_none(hop) || !reached)
        ropp_findings_unasked(&check->findings, hop->name, WAYS, at_of(hop),
                              ropp_copy_text(trouble, strlen(trouble)));
    else
        ropp_findings_add(&check->findings, hop->name, WAYS, at_of(hop),
                          ropp_copy_text(trouble, strlen(trouble)),
                          ropp_format("look from the origin, by the tunnel (`wg show`); and does "
                                      "the hop run with the haproxy.cfg of this file?"));
    ropp_findings_unasked(&check->findings, hop->name, BANS, at_of(hop),
                          ropp_copy_text(trouble, strlen(trouble)));
}

/* -- bans ----------------------------------------------------------------------- */

/* Reads "0x55d0c0ffee00 192.0.2.0/24" lines. */
static void read_list(const char *text, struct ropp_prefix_set *set)
{
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
        const char *prefix = text + strcspn(text, " \n");
        struct ropp_prefix read;

        prefix += *prefix == ' ';
        if (ropp_prefix_parse(prefix, strcspn(prefix, "\n"), &read) == ROPP_PREFIX_OK)
            ropp_prefix_set_add(set, &read);
    }
    ropp_aggregate(set);
}

/* Adds what a hop bans to `set`. Returns a trouble, or NULL. */
static char *read_hop(struct ropp_check *check, const struct ropp_hop *hop,
                      struct ropp_prefix_set *set)
{
    struct ropp_haproxy haproxy;
    struct ropp_haproxy_acl acl;
    struct ropp_buffer text = {0};
    char *trouble = NULL, *command = NULL;

    if (!ropp_ask_open(&haproxy, check->network, hop, ASK_MS, &trouble))
        return trouble;
    if (ropp_haproxy_acl(&haproxy, ropp_hop_bans(hop), &acl))
        command = ropp_format("show acl #%u", acl.id);
    if (command && ropp_haproxy_ask(&haproxy, command, &text))
        read_list(text.size ? text.data : "", set);
    else
        trouble = ropp_ask_trouble(&haproxy, check->network, hop);
    ropp_haproxy_close(&haproxy);
    ropp_buffer_free(&text);
    free(command);
    return trouble;
}

/* What a hop's list lacks, and has too much. */
struct comparison {
    struct ropp_prefix_set banned, hop, gone, come;
    char *trouble;
};

static void comparison_free(struct comparison *comparison)
{
    ropp_prefix_set_free(&comparison->banned);
    ropp_prefix_set_free(&comparison->hop);
    ropp_prefix_set_free(&comparison->gone);
    ropp_prefix_set_free(&comparison->come);
    free(comparison->trouble);
    *comparison = (struct comparison){.trouble = NULL};
}

static bool is_same(const struct comparison *comparison)
{
    return comparison->trouble == NULL && comparison->gone.count == 0 &&
           comparison->come.count == 0;
}

static void compare(struct ropp_check *check, const struct ropp_hop *hop,
                    struct comparison *comparison)
{
    uint64_t standins;

    if (ropp_banned_read(check->session, NULL, &comparison->banned, &standins)) {
        ropp_aggregate(&comparison->banned);
        comparison->trouble = read_hop(check, hop, &comparison->hop);
    } else {
        comparison->trouble =
            ropp_format("the bans cannot be read: %s", mysql_error(check->session->db.mysql));
    }
    if (comparison->trouble == NULL)
        ropp_difference(&comparison->hop, &comparison->banned, &comparison->gone,
                        &comparison->come);
}

static char *words_of(const struct comparison *comparison)
{
    struct ropp_buffer words = {0};
    char prefix[ROPP_PREFIX_TEXT];

    if (comparison->trouble)
        return ropp_copy_text(comparison->trouble, strlen(comparison->trouble));
    ropp_buffer_format(&words, "%zu prefixes", comparison->hop.count);
    if (is_same(comparison))
        ropp_buffer_text(&words, ", as in the database");
    else
        ropp_buffer_format(&words, " where the database has %zu", comparison->banned.count);
    if (comparison->come.count) {
        ropp_prefix_format(&comparison->come.items[0], prefix);
        ropp_buffer_format(&words, "; missing: %s", prefix);
    }
    if (comparison->gone.count) {
        ropp_prefix_format(&comparison->gone.items[0], prefix);
        ropp_buffer_format(&words, "; too many: %s", prefix);
    }
    return ropp_buffer_take(&words);
}

static void check_bans(struct ropp_check *check, const struct ropp_hop *hop)
{
    struct comparison comparison = {.trouble = NULL};
    char *at = at_of(hop), *remedy = NULL;

    if (check->session == NULL) {
        ropp_findings_unasked(&check->findings, hop->name, BANS, at,
                              ropp_format("%s", check->no_session));
        return;
    }
    for (unsigned i = 0; i < LOOKS && (i == 0 || !is_same(&comparison)); i++) {
        if (i)
            (void)poll(NULL, 0, LOOK_MS);
        comparison_free(&comparison);
        compare(check, hop, &comparison);
    }
    if (!is_same(&comparison))
        remedy = ropp_format("bring it up to date: `ropp ban follow --haproxy %s=%s`, or `ropp ban "
                             "export --format haproxy --output %s` there and a reload of HAProxy",
                             at, ropp_hop_bans(hop), ropp_hop_bans(hop));
    ropp_findings_add(&check->findings, hop->name, BANS, at, words_of(&comparison), remedy);
    comparison_free(&comparison);
}

/* -- all of them ------------------------------------------------------------------ */

void ropp_check_inside(struct ropp_check *check)
{
    struct ropp_ways ways;

    if (!check->through) {
        ropp_findings_unasked(&check->findings, "hops", WAYS, NULL,
                              ropp_format("from the origin: --through"));
        ropp_findings_unasked(&check->findings, "hops", BANS, NULL,
                              ropp_format("from the origin: --through"));
        return;
    }
    ropp_ways_read(check->network, ASK_MS, &ways);
    for (size_t i = 0; i < check->network->count; i++) {
        const struct ropp_hop *hop = &check->network->hops[i];

        if (ways.troubles[i]) {
            cannot_ask(check, hop, check->reached[i], ways.troubles[i]);
            continue;
        }
        check_ways(check, &ways, i);
        check_bans(check, hop);
    }
    ropp_ways_free(&ways);
}
