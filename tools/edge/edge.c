// SPDX-License-Identifier: MIT
#include "tools/edge/edge.h"

#include <string.h>

#include "tools/lists/difference.h"

static void plan_change(struct ropp_edge_plan *plan, const struct ropp_edge_task *task,
                        enum ropp_export_format format, size_t gone_cost)
{
    struct ropp_prefix_set before = {0};

    ropp_export_prefixes(format, task->before, &before);
    ropp_difference(&before, &plan->whole, &plan->gone, &plan->come);
    ropp_prefix_set_free(&before);
    if (plan->gone.count > SIZE_MAX / (gone_cost + 1) ||
        plan->gone.count * gone_cost + plan->come.count > plan->whole.count)
        plan->step = ROPP_EDGE_REPLACE;
    else
        plan->step = plan->gone.count + plan->come.count > 0 ? ROPP_EDGE_CHANGE : ROPP_EDGE_KEEP;
}

void ropp_edge_plan(struct ropp_edge_plan *plan, const struct ropp_edge_task *task,
                    const struct ropp_edge_mark *now, enum ropp_export_format format,
                    size_t gone_cost)
{
    bool left =
        task->before != NULL && !task->again && memcmp(&task->mark, now, sizeof task->mark) == 0;

    if (left && task->before == task->after)
        return; /* ROPP_EDGE_KEEP */
    ropp_export_prefixes(format, task->after, &plan->whole);
    plan->step = ROPP_EDGE_REPLACE;
    if (left)
        plan_change(plan, task, format, gone_cost);
}

void ropp_edge_plan_free(struct ropp_edge_plan *plan)
{
    ropp_prefix_set_free(&plan->whole);
    ropp_prefix_set_free(&plan->gone);
    ropp_prefix_set_free(&plan->come);
}
