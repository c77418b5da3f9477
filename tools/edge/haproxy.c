// SPDX-License-Identifier: MIT
/* HAProxy's list in memory, by its runtime API. What its file has is not touched: a HAProxy that is
 * started again begins with that, and is seen to have begun. */
#include "tools/base/cli.h"
#include "tools/edge/edge.h"
#include "tools/edge/haproxyapi.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How long one exchange may take, and how long HAProxy may pause while it takes in a list. */
#define EXCHANGE_MS 5000

/* To take an entry out HAProxy goes through all of them, as fast as it takes in a fiftieth. */
#define GONE_SHARE 50

static bool complain(const struct ropp_haproxy *haproxy)
{
    return ropp_error("%s", haproxy->trouble);
}

static struct ropp_edge_mark mark_of(const struct ropp_haproxy_acl *acl)
{
    const struct ropp_edge_mark mark = {{acl->pid, acl->id, acl->version, acl->entries}};

    return mark;
}

/* Adds a line for each prefix: "VERB #ID PREFIX". */
static void add_lines(struct ropp_buffer *lines, const char *verb, unsigned id,
                      const struct ropp_prefix_set *set)
{
    char text[ROPP_PREFIX_TEXT];

    for (size_t i = 0; i < set->count; i++) {
        ropp_prefix_format(&set->items[i], text);
        ropp_buffer_format(lines, "%s #%u %s\n", verb, id, text);
    }
}

/* First puts in, then takes out: who stays banned always is. */
static bool change(struct ropp_haproxy *haproxy, const struct ropp_haproxy_acl *acl,
                   const struct ropp_edge_plan *plan)
{
    struct ropp_buffer lines = {0};
    bool good;

    add_lines(&lines, "add acl", acl->id, &plan->come);
    add_lines(&lines, "del acl", acl->id, &plan->gone);
    good = ropp_haproxy_tell(haproxy, &lines) || complain(haproxy);
    ropp_buffer_free(&lines);
    return good;
}

/* Begins a version of the list that nobody is judged by yet. */
static bool prepare(struct ropp_haproxy *haproxy, unsigned id, uint64_t *version)
{
    static const char created[] = "New version created: ";
    struct ropp_buffer answer = {0};
    char command[64];
    bool good;

    snprintf(command, sizeof command, "prepare acl #%u", id);
    good = ropp_haproxy_ask(haproxy, command, &answer) || complain(haproxy);
    if (good && (answer.size == 0 || strncmp(answer.data, created, sizeof created - 1) != 0))
        good = ropp_error("begins no new list: %.200s", answer.size > 0 ? answer.data : "");
    if (good)
        *version = strtoull(answer.data + sizeof created - 1, NULL, 10);
    ropp_buffer_free(&answer);
    return good;
}

/* The new list is complete before it counts, and then the old one does no longer. */
static bool replace(struct ropp_haproxy *haproxy, const struct ropp_haproxy_acl *acl,
                    const struct ropp_edge_plan *plan)
{
    struct ropp_buffer lines = {0};
    uint64_t version;
    char verb[64];
    bool good;

    if (!prepare(haproxy, acl->id, &version))
        return false;
    snprintf(verb, sizeof verb, "add acl @%" PRIu64, version);
    add_lines(&lines, verb, acl->id, &plan->whole);
    ropp_buffer_format(&lines, "commit acl @%" PRIu64 " #%u\n", version, acl->id);
    good = ropp_haproxy_tell(haproxy, &lines) || complain(haproxy);
    ropp_buffer_free(&lines);
    return good;
}

/* That all has arrived is asked, not believed. */
static bool carry_out(struct ropp_haproxy *haproxy, const char *file, struct ropp_haproxy_acl *acl,
                      const struct ropp_edge_plan *plan)
{
    if (!(plan->step == ROPP_EDGE_CHANGE ? change : replace)(haproxy, acl, plan))
        return false;
    if (!ropp_haproxy_acl(haproxy, file, acl))
        return complain(haproxy);
    return acl->entries == plan->whole.count ||
           ropp_error("has %" PRIu64 " prefixes where it should have %zu: somebody else changes "
                      "its list",
                      acl->entries, plan->whole.count);
}

static bool tend_open(struct ropp_haproxy *haproxy, const struct ropp_edge *edge,
                      struct ropp_edge_task *task)
{
    struct ropp_edge_plan plan = {0};
    struct ropp_haproxy_acl acl;
    struct ropp_edge_mark now;
    bool good = true;

    if (!ropp_haproxy_acl(haproxy, edge->acl, &acl))
        return complain(haproxy);
    now = mark_of(&acl);
    ropp_edge_plan(&plan, task, &now, ROPP_EXPORT_HAPROXY, task->after->count / GONE_SHARE + 1);
    if (plan.step != ROPP_EDGE_KEEP) {
        task->touched = true;
        good = carry_out(haproxy, edge->acl, &acl, &plan);
    }
    task->mark = mark_of(&acl);
    ropp_edge_plan_free(&plan);
    return good;
}

static bool tend(const struct ropp_edge *edge, struct ropp_edge_task *task)
{
    struct ropp_haproxy haproxy;
    bool good;

    if (!ropp_haproxy_open(&haproxy, edge->at, EXCHANGE_MS))
        return complain(&haproxy);
    good = tend_open(&haproxy, edge, task);
    ropp_haproxy_close(&haproxy);
    return good;
}

const struct ropp_edge_kind ropp_edge_haproxy = {"haproxy", tend};
