// SPDX-License-Identifier: MIT
/* nftables' sets (tools/lists/export.h), in one transaction each time. That somebody has emptied a
 * set and left it in its place is not seen; that it was made anew is. */
#include "tools/edge/edge.h"
#include "tools/edge/nfhandle.h"
#include "tools/edge/program.h"

/* ROPP_EXPORT_NFT_TABLE without its family. */
#define TABLE "ropp"

/* All zero: the sets are not there. */
static struct ropp_edge_mark look(void)
{
    const struct ropp_edge_mark mark = {{ropp_nf_table(TABLE),
                                         ropp_nf_set(TABLE, ROPP_EXPORT_NFT_SETS "4"),
                                         ropp_nf_set(TABLE, ROPP_EXPORT_NFT_SETS "6")}};

    return mark;
}

static bool carry_out(const struct ropp_edge_task *task, const struct ropp_edge_plan *plan)
{
    static const char *const nft[] = {"nft", "-f", "-", NULL};
    struct ropp_program program;

    if (!ropp_program_begin(&program, nft))
        return false;
    if (plan->step == ROPP_EDGE_CHANGE)
        ropp_export_change(program.input, ROPP_EXPORT_NFTABLES, &plan->gone, &plan->come);
    else
        ropp_export(program.input, ROPP_EXPORT_NFTABLES, task->after, task->now_s);
    return ropp_program_end(&program);
}

static bool tend(const struct ropp_edge *edge, struct ropp_edge_task *task)
{
    const struct ropp_edge_mark now = look();
    struct ropp_edge_plan plan = {0};
    bool good = true;

    (void)edge;
    ropp_edge_plan(&plan, task, &now, ROPP_EXPORT_NFTABLES, 1);
    task->mark = now;
    if (plan.step != ROPP_EDGE_KEEP) {
        task->touched = true;
        good = carry_out(task, &plan);
        task->mark = look();
    }
    ropp_edge_plan_free(&plan);
    return good;
}

const struct ropp_edge_kind ropp_edge_nftables = {"nftables", tend};
