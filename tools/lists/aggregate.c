#include "tools/lists/aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/lists/range.h"

#define AGGREGATE_DEPTH 129 /* nested prefixes: one of each length */

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

/* By family, first address and length: a prefix stands before those inside it. */
static int aggregate_compare(const struct ropp_prefix *a, const struct ropp_prefix *b)
{
    int order;

    if (a->addr.family != b->addr.family)
        return a->addr.family == ROPP_FAMILY_INET ? -1 : 1;
    order = memcmp(a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes);
    if (order != 0)
        return order;
    return a->length < b->length ? -1 : a->length > b->length;
}

static int aggregate_compare_items(const void *left, const void *right)
{
    return aggregate_compare((const struct ropp_prefix *)left, (const struct ropp_prefix *)right);
}

/* Of equal prefixes the allowances are last, as they have the last word. */
static int flatten_compare_items(const void *left, const void *right)
{
    const struct ropp_table_entry *a = (const struct ropp_table_entry *)left;
    const struct ropp_table_entry *b = (const struct ropp_table_entry *)right;
    int order = aggregate_compare(&a->prefix, &b->prefix);

    if (order != 0 || a->kind == b->kind)
        return order;
    return a->kind == ROPP_TABLE_BAN ? -1 : 1;
}

/* Lists come sorted as a rule, and sorting is most of the work. */
static void sort_unless_sorted(void *items, size_t count, size_t size,
                               int (*compare)(const void *, const void *))
{
    const char *item = (const char *)items;
    size_t i;

    for (i = 1; i < count; i++, item += size)
        if (compare(item, item + size) > 0) {
            qsort(items, count, size, compare);
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
    size_t count = 0, i;

    if (set->count == 0)
        return;
    sort_unless_sorted(set->items, set->count, sizeof *set->items, aggregate_compare_items);
    range = ropp_range_of(&set->items[0]);
    for (i = 1; i < set->count; i++) {
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

/* An entry that holds the address the sweep has come to. */
struct flatten_level {
    struct ropp_range range;
    bool bans;
};

/* A walk over the addresses from the first to the last. What is behind `next` has been decided. */
struct flatten_sweep {
    struct flatten_level levels[AGGREGATE_DEPTH]; /* each inside the one before it */
    size_t depth;
    struct ropp_number next; /* in the innermost level, or behind its end */
    bool is_over;            /* there is no next one: the last address has been decided */
    bool has_run;            /* banned addresses without a gap, to which more may come */
    struct ropp_range run;
    struct ropp_prefix_set *banned;
};

static void flatten_end_run(struct flatten_sweep *sweep)
{
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    size_t count, i;

    if (!sweep->has_run)
        return;
    count = ropp_range_prefixes(&sweep->run, prefixes);
    for (i = 0; i < count; i++)
        ropp_prefix_set_add(sweep->banned, &prefixes[i]);
    sweep->has_run = false;
}

/* The innermost level decides about what lies from `next` to `last`. */
static void flatten_decide(struct flatten_sweep *sweep, struct ropp_number last)
{
    const struct flatten_level *level = &sweep->levels[sweep->depth - 1];
    struct ropp_range piece;

    piece.family = level->range.family;
    piece.first = sweep->next;
    piece.last = last;
    sweep->next = ropp_number_next(last);
    sweep->is_over = last.high == UINT64_MAX && last.low == UINT64_MAX;
    if (!level->bans)
        return;
    if (sweep->has_run && aggregate_touches(&sweep->run, &piece)) {
        sweep->run.last = last;
        return;
    }
    flatten_end_run(sweep);
    sweep->has_run = true;
    sweep->run = piece;
}

/* Leaves the innermost level, at its end. */
static void flatten_leave(struct flatten_sweep *sweep)
{
    struct ropp_number last = sweep->levels[sweep->depth - 1].range.last;

    /* It may have ended together with one inside it. */
    if (!sweep->is_over && ropp_number_compare(sweep->next, last) <= 0)
        flatten_decide(sweep, last);
    sweep->depth--;
}

static bool flatten_is_inside(const struct ropp_range *inner, const struct ropp_range *outer)
{
    return inner->family == outer->family && ropp_number_compare(inner->last, outer->last) <= 0 &&
           ropp_number_compare(inner->first, outer->first) >= 0;
}

static bool flatten_is_same(const struct ropp_range *a, const struct ropp_range *b)
{
    return flatten_is_inside(a, b) && flatten_is_inside(b, a);
}

static void flatten_enter(struct flatten_sweep *sweep, const struct ropp_table_entry *entry)
{
    struct ropp_range range = ropp_range_of(&entry->prefix);
    struct flatten_level *level;

    while (sweep->depth > 0 && !flatten_is_inside(&range, &sweep->levels[sweep->depth - 1].range))
        flatten_leave(sweep);
    if (sweep->depth > 0 && flatten_is_same(&range, &sweep->levels[sweep->depth - 1].range)) {
        sweep->depth--;
    } else if (sweep->depth > 0 && ropp_number_compare(sweep->next, range.first) < 0) {
        flatten_decide(sweep, ropp_number_previous(range.first));
    }
    sweep->next = range.first;
    level = &sweep->levels[sweep->depth++];
    level->range = range;
    level->bans = entry->kind == ROPP_TABLE_BAN;
}

void ropp_flatten(struct ropp_table_entry *entries, size_t count, int64_t now_s,
                  struct ropp_prefix_set *banned)
{
    struct flatten_sweep sweep;
    size_t i;

    sort_unless_sorted(entries, count, sizeof *entries, flatten_compare_items);
    memset(&sweep, 0, sizeof sweep);
    sweep.banned = banned;
    for (i = 0; i < count; i++)
        if (entries[i].expires_s == 0 || entries[i].expires_s > now_s)
            flatten_enter(&sweep, &entries[i]);
    while (sweep.depth > 0)
        flatten_leave(&sweep);
    flatten_end_run(&sweep);
}
