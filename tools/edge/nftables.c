// SPDX-License-Identifier: MIT
/* nftables' sets (tools/lists/export.h), in one transaction each time. That somebody has emptied a
 * set and left it in its place is not seen; that it was made anew is. */
#include "tools/base/cli.h"
#include "tools/edge/edge.h"
#include "tools/edge/program.h"

#include <stdlib.h>
#include <string.h>

/* The kernel's number of a table or a set, which no other gets: behind both texts, in this order. 0:
 * it is not there. */
static uint64_t handle_in(const char *text, const char *thing, const char *handle)
{
    const char *at = strstr(text, thing);

    at = at != NULL ? strstr(at, handle) : NULL;
    /* Where nft prints no numbers, that it is there has to do. */
    return at != NULL ? strtoull(at + strlen(handle), NULL, 10) + 1 : 0;
}

/* All zero: the sets are not there, or nft cannot say. */
static struct ropp_edge_mark look(void)
{
    static const char *const tables[] = {"nft", "-j", "list", "tables", NULL};
    static const char *const sets[] = {"nft", "-a", "-t", "list", "sets", "inet", NULL};
    struct ropp_edge_mark mark = {{0}};
    struct ropp_buffer text = {0};

    if (ropp_program_ask(tables, &text) && text.size > 0)
        mark.words[0] = handle_in(text.data, "\"inet\", \"name\": \"ropp\"", "\"handle\": ");
    ropp_buffer_free(&text);
    if (ropp_program_ask(sets, &text) && text.size > 0) {
        const char *table = strstr(text.data, "table " ROPP_EXPORT_NFT_TABLE " {");

        for (size_t i = 0; table != NULL && i < 2; i++)
            mark.words[1 + i] = handle_in(table,
                                          i == 0 ? "set " ROPP_EXPORT_NFT_SETS "4 {"
                                                 : "set " ROPP_EXPORT_NFT_SETS "6 {",
                                          "# handle ");
    }
    ropp_buffer_free(&text);
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
