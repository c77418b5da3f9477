// SPDX-License-Identifier: MIT
/* ipset's sets (tools/lists/export.h): replaced by a swap, or changed where they are. */
#include "tools/base/cli.h"
#include "tools/edge/edge.h"
#include "tools/edge/program.h"

#include <stdlib.h>
#include <string.h>

/* How many members a set has, and one more. 0: it is not there, or ipset cannot say. */
static uint64_t members(const char *name)
{
    static const char number[] = "Number of entries: ";
    const char *const list[] = {"ipset", "list", "-t", name, NULL};
    struct ropp_buffer text = {0};
    const char *at = NULL;
    uint64_t count = 0;

    if (ropp_program_ask(list, &text) && text.size > 0)
        at = strstr(text.data, number);
    if (at != NULL)
        count = strtoull(at + strlen(number), NULL, 10) + 1;
    ropp_buffer_free(&text);
    return count;
}

static struct ropp_edge_mark look(void)
{
    const struct ropp_edge_mark mark = {
        {members(ROPP_EXPORT_IPSETS "4"), members(ROPP_EXPORT_IPSETS "6")}};

    return mark;
}

/* What look() finds in sets that have these. */
static struct ropp_edge_mark mark_of(const struct ropp_prefix_set *set)
{
    size_t v4 = ropp_prefix_set_v4(set);
    const struct ropp_edge_mark mark = {{v4 + 1, set->count - v4 + 1}};

    return mark;
}

static bool send_plan(const struct ropp_edge_task *task, const struct ropp_edge_plan *plan)
{
    static const char *const restore[] = {"ipset", "restore", NULL};
    struct ropp_program program;

    if (!ropp_program_begin(&program, restore))
        return false;
    if (plan->step == ROPP_EDGE_CHANGE)
        ropp_export_change(program.input, ROPP_EXPORT_IPSET, &plan->gone, &plan->come);
    else
        ropp_export(program.input, ROPP_EXPORT_IPSET, task->after, task->now_s);
    return ropp_program_end(&program);
}

/* That all has arrived is asked, not believed. */
static bool carry_out(const struct ropp_edge_task *task, const struct ropp_edge_plan *plan)
{
    const struct ropp_edge_mark should = mark_of(&plan->whole);
    struct ropp_edge_mark found;

    if (!send_plan(task, plan))
        return false;
    found = look();
    return memcmp(&found, &should, sizeof found) == 0 ||
           ropp_error("the sets do not have what was put in: somebody else changes them");
}

static bool tend(const struct ropp_edge *edge, struct ropp_edge_task *task)
{
    const struct ropp_edge_mark now = look();
    struct ropp_edge_plan plan = {0};
    bool good = true;

    (void)edge;
    ropp_edge_plan(&plan, task, &now, ROPP_EXPORT_IPSET, 1);
    task->mark = now;
    if (plan.step != ROPP_EDGE_KEEP) {
        task->touched = true;
        good = carry_out(task, &plan);
        task->mark = mark_of(&plan.whole);
    }
    ropp_edge_plan_free(&plan);
    return good;
}

const struct ropp_edge_kind ropp_edge_ipset = {"ipset", tend};
