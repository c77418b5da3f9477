// SPDX-License-Identifier: MIT
/* nftables' sets (tools/lists/export.h), in one transaction each time; nft itself is needed to make
 * them alone. That a set was made anew is seen; that somebody has emptied one and left it in its
 * place is not, until something is to be taken out of it. */
#include "tools/base/cli.h"
#include "tools/edge/edge.h"
#include "tools/edge/nfbatch.h"
#include "tools/edge/nfhandle.h"
#include "tools/edge/program.h"

#include <stdio.h>

/* ROPP_EXPORT_NFT_TABLE without its family. */
#define TABLE "ropp"
#define SET4  ROPP_EXPORT_NFT_SETS "4"
#define SET6  ROPP_EXPORT_NFT_SETS "6"

/* All zero: the sets are not there. */
static struct ropp_edge_mark look(void)
{
    const struct ropp_edge_mark mark = {
        {ropp_nf_table(TABLE), ropp_nf_set(TABLE, SET4), ropp_nf_set(TABLE, SET6)}};

    return mark;
}

/* Makes the sets that are not there, empty; one that is there keeps what it has. */
static bool make_sets(void)
{
    static const char *const nft[] = {"nft", "-f", "-", NULL};
    struct ropp_program program;

    if (!ropp_program_begin(&program, nft))
        return false;
    fputs("add table " ROPP_EXPORT_NFT_TABLE "\n"
          "add set " ROPP_EXPORT_NFT_TABLE " " SET4 " { type ipv4_addr; flags interval; }\n"
          "add set " ROPP_EXPORT_NFT_TABLE " " SET6 " { type ipv6_addr; flags interval; }\n",
          program.input);
    return ropp_program_end(&program);
}

/* Adds the elements of both sets. */
static void add_both(struct ropp_nf_batch *batch, const struct ropp_prefix_set *set,
                     void (*add)(struct ropp_nf_batch *batch, const char *table, const char *set,
                                 const struct ropp_prefix *items, size_t count))
{
    size_t v4 = ropp_prefix_set_v4(set);

    add(batch, TABLE, SET4, set->items, v4);
    if (set->count > v4)
        add(batch, TABLE, SET6, set->items + v4, set->count - v4);
}

static bool carry_out(const struct ropp_edge_plan *plan)
{
    struct ropp_nf_batch batch = {0};

    ropp_nf_begin(&batch);
    if (plan->step == ROPP_EDGE_REPLACE) {
        ropp_nf_flush(&batch, TABLE, SET4);
        ropp_nf_flush(&batch, TABLE, SET6);
        add_both(&batch, &plan->whole, ropp_nf_add);
    } else {
        add_both(&batch, &plan->gone, ropp_nf_delete);
        add_both(&batch, &plan->come, ropp_nf_add);
    }
    return ropp_nf_commit(&batch);
}

static bool has_sets(const struct ropp_edge_mark *mark)
{
    return mark->words[0] != 0 && mark->words[1] != 0 && mark->words[2] != 0;
}

/* The sets, made if they are not there. What is marked is what they were before they are filled: sets
 * that somebody makes anew meanwhile are seen at the next look. */
static bool find_sets(struct ropp_edge_mark *mark)
{
    if (has_sets(mark))
        return true;
    if (!make_sets())
        return false;
    *mark = look();
    return has_sets(mark) ||
           ropp_error("the sets were taken away again: somebody else deletes them");
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
        good = find_sets(&task->mark) && carry_out(&plan);
    }
    ropp_edge_plan_free(&plan);
    return good;
}

const struct ropp_edge_kind ropp_edge_nftables = {"nftables", tend};
