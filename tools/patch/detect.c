// SPDX-License-Identifier: MIT
#include "tools/patch/detect.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"

/* How many of a plan's outcomes must fit, of a hundred, for a tree to be of its dialect at all. */
#define DETECT_LEAST 60

/* What was found out about one dialect. */
struct candidate {
    const struct ropp_dialect *dialect;
    struct ropp_plan plan;
    bool holds;      /* its rules */
    const char *why; /* the rules that do not hold */
};

static size_t count_fits(const struct ropp_plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->outcome_count; i++)
        count += plan->outcomes[i].state != ROPP_OUTCOME_FAILED;
    return count;
}

static bool is_likely(const struct candidate *candidate)
{
    return count_fits(&candidate->plan) * 100 >= candidate->plan.outcome_count * DETECT_LEAST;
}

/* Whether what a dialect's glue must know of a tree is there: else it is another one's. */
static bool has_facts(const struct candidate *candidate)
{
    for (size_t i = 0; i < candidate->plan.outcome_count; i++) {
        const struct ropp_outcome *outcome = &candidate->plan.outcomes[i];

        if (outcome->hook->kind == ROPP_FACT && outcome->state == ROPP_OUTCOME_FAILED)
            return false;
    }
    return true;
}

/* Whether a dialect suits the tree better than another one. */
static bool is_better(const struct candidate *one, const struct candidate *other)
{
    if (one->plan.failed != other->plan.failed)
        return one->plan.failed < other->plan.failed;
    return one->holds && !other->holds;
}

static void add_misses(const struct candidate *candidate, struct ropp_buffer *reasons)
{
    ropp_buffer_format(reasons, "%s%s: ", reasons->size ? "; " : "", candidate->dialect->file.name);
    if (candidate->why[0] != '\0')
        ropp_buffer_format(reasons, "%s, ", candidate->why);
    ropp_buffer_format(reasons, "%zu of %zu hooks and files find no place", candidate->plan.failed,
                       candidate->plan.outcome_count);
}

/* The best of the candidates, or NULL after a message. */
static struct candidate *choose(struct candidate *candidates, size_t count,
                                const struct ropp_tree *tree)
{
    struct candidate *best = &candidates[0];
    struct ropp_buffer reasons = {0};
    bool tied = false;

    for (size_t i = 1; i < count; i++) {
        const bool better = is_better(&candidates[i], best);

        tied = !better && (tied || !is_better(best, &candidates[i]));
        if (better)
            best = &candidates[i];
    }
    if ((is_likely(best) || best->holds) && !tied)
        return best;
    for (size_t i = 0; i < count; i++)
        add_misses(&candidates[i], &reasons);
    if (tied && is_likely(best))
        ropp_error("the tree looks like more than one dialect (%s): %s: choose one with --dialect",
                   reasons.data, tree->name);
    else
        ropp_error("this is no tree that ropp knows (%s): %s: give the top folder of the sources, "
                   "or choose with --dialect",
                   reasons.data, tree->name);
    ropp_buffer_free(&reasons);
    return NULL;
}

int ropp_detect(struct ropp_plan *plan, const struct ropp_tree *tree,
                const struct ropp_patchset *set, const struct ropp_texts *without, bool force)
{
    struct candidate *candidates = ropp_alloc(set->dialect_count, sizeof *candidates), *best = NULL;
    size_t count = set->dialect_count, holders = 0;
    int status = ROPP_EXIT_DONE;

    for (size_t i = 0; i < count; i++) {
        candidates[i].dialect = &set->dialects[i];
        candidates[i].holds = ropp_dialect_holds(&set->dialects[i], tree, &candidates[i].why);
        holders += candidates[i].holds;
    }
    /* Those first whose rules hold: if there is one, and its hooks and facts fit, it is meant. */
    for (int round = 0; round < 2 && best == NULL; round++)
        for (size_t i = 0; i < count && status == ROPP_EXIT_DONE; i++) {
            if (candidates[i].holds != (round == 0))
                continue;
            status = ropp_plan_make(&candidates[i].plan, tree, set, candidates[i].dialect, without,
                                    force);
            if (round == 0 && holders == 1 && is_likely(&candidates[i]) &&
                has_facts(&candidates[i]))
                best = &candidates[i];
        }
    if (status == ROPP_EXIT_DONE && best == NULL)
        best = choose(candidates, count, tree);
    if (status == ROPP_EXIT_DONE && best == NULL)
        status = ROPP_EXIT_REFUSED;
    if (status == ROPP_EXIT_DONE) {
        *plan = best->plan;
        memset(&best->plan, 0, sizeof best->plan);
    }
    for (size_t i = 0; i < count; i++)
        ropp_plan_free(&candidates[i].plan);
    free(candidates);
    return status;
}
