// SPDX-License-Identifier: MIT
#include "tools/lists/aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/lists/range.h"

void ropp_prefix_set_add(struct ropp_prefix_set *set, const struct ropp_prefix *prefix)
{
    set->items = (struct ropp_prefix *)ropp_grow(set->items, set->count, sizeof *set->items);
    set->items[set->count++] = *prefix;
}

void ropp_prefix_set_free(struct ropp_prefix_set *set)
{
    free(set->items);
    memset(set, 0, sizeof *set);
}

size_t ropp_prefix_set_v4(const struct ropp_prefix_set *set)
{
    size_t count = 0;

    while (count < set->count && set->items[count].addr.family == ROPP_FAMILY_INET)
        count++;
    return count;
}

int ropp_prefix_compare(const struct ropp_prefix *a, const struct ropp_prefix *b)
{
    int order;

    if (a->addr.family != b->addr.family)
        return a->addr.family == ROPP_FAMILY_INET ? -1 : 1;
    order = memcmp(a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes);
    if (order != 0)
        return order;
    return a->length < b->length ? -1 : a->length > b->length;
}

static int compare(const void *left, const void *right)
{
    return ropp_prefix_compare(left, right);
}

/* Lists come sorted as a rule, and sorting is most of the work. */
static void sort(struct ropp_prefix_set *set)
{
    size_t i;

    for (i = 1; i < set->count; i++)
        if (compare(&set->items[i - 1], &set->items[i]) > 0) {
            qsort(set->items, set->count, sizeof *set->items, compare);
            return;
        }
}

/* Whether `next`, which does not begin before `range`, overlaps or adjoins it. */
static bool aggregate_touches(const struct ropp_range *range, const struct ropp_range *next)
{
    if (range->family != next->family)
        return false;
    return ropp_number_compare(next->first, range->last) <= 0 ||
           ropp_number_compare(next->first, ropp_number_next(range->last)) == 0;
}

/* Puts the prefixes of a range behind the first `count`. There is room: the range was made of at
 * least as many, all of which have been read. */
static size_t aggregate_put(struct ropp_prefix *items, size_t count, const struct ropp_range *range)
{
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    size_t made = ropp_range_prefixes(range, prefixes);

    memcpy(items + count, prefixes, made * sizeof *prefixes);
    return count + made;
}

void ropp_aggregate(struct ropp_prefix_set *set)
{
    struct ropp_range range, next;
    size_t count = 0;

    if (set->count == 0)
        return;
    sort(set);
    range = ropp_range_of(&set->items[0]);
    for (size_t i = 1; i < set->count; i++) {
        next = ropp_range_of(&set->items[i]);
        if (!aggregate_touches(&range, &next)) {
            count = aggregate_put(set->items, count, &range);
            range = next;
        } else if (ropp_number_compare(next.last, range.last) > 0) {
            range.last = next.last;
        }
    }
    set->count = aggregate_put(set->items, count, &range);
}

/* The first addresses of the entries, and the addresses behind them: between two of these nothing
 * changes. Sorted. */
static struct ropp_prefix_set edges_of(const struct ropp_table_entry *entries, size_t count)
{
    struct ropp_prefix_set edges = {0};
    struct ropp_prefix edge = {.length = 0};
    struct ropp_range range;
    struct ropp_number last;

    for (size_t i = 0; i < count; i++) {
        edge.addr = entries[i].prefix.addr;
        ropp_prefix_set_add(&edges, &edge);
        range = ropp_range_of(&entries[i].prefix);
        last = ropp_number_last(range.family);
        if (ropp_number_compare(range.last, last) == 0)
            continue;
        edge.addr = ropp_number_addr(range.family, ropp_number_next(range.last));
        ropp_prefix_set_add(&edges, &edge);
    }
    sort(&edges);
    return edges;
}

static void add_range(struct ropp_prefix_set *set, const struct ropp_range *range)
{
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    size_t count = ropp_range_prefixes(range, prefixes), i;

    for (i = 0; i < count; i++)
        ropp_prefix_set_add(set, &prefixes[i]);
}

void ropp_flatten(struct ropp_table_entry *entries, size_t count, int64_t now_s,
                  struct ropp_prefix_set *banned)
{
    struct ropp_prefix_set edges = edges_of(entries, count);
    struct ropp_range run = {.family = ROPP_FAMILY_UNSPEC}; /* banned, without a gap, so far */
    struct ropp_table_entry decisive;
    struct ropp_table *table;

    if (ropp_table_build(entries, count, ropp_alloc_bytes, &table) != ROPP_TABLE_OK) {
        ropp_error("too many entries: %zu: put those of a network together", count);
        exit(ROPP_EXIT_USAGE);
    }
    for (size_t i = 0; i < edges.count; i++) {
        const struct ropp_addr *edge = &edges.items[i].addr;
        bool bans =
            ropp_table_lookup(table, edge, now_s, &decisive) && decisive.kind == ROPP_TABLE_BAN;

        if (run.family != ROPP_FAMILY_UNSPEC && (!bans || run.family != edge->family)) {
            run.last = run.family == edge->family ? ropp_number_previous(ropp_number_of(edge))
                                                  : ropp_number_last(run.family);
            add_range(banned, &run);
            run.family = ROPP_FAMILY_UNSPEC;
        }
        if (bans && run.family == ROPP_FAMILY_UNSPEC) {
            run.family = edge->family;
            run.first = ropp_number_of(edge);
        }
    }
    if (run.family != ROPP_FAMILY_UNSPEC) {
        run.last = ropp_number_last(run.family);
        add_range(banned, &run);
    }
    free(table);
    ropp_prefix_set_free(&edges);
}
