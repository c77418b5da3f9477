// SPDX-License-Identifier: MIT
#include "core/table.h"

#include <stdlib.h>
#include <string.h>

#define TABLE_FANOUT 16u        /* keys in a node: one cache line of IPv4, two of IPv6 */
#define TABLE_LEVELS 7u         /* 16^7 is more than ROPP_TABLE_MAX */
#define TABLE_LINE   64u        /* bytes of a cache line; every array starts on one */
#define TABLE_NONE   UINT32_MAX /* no entry */

/* What a look-up must know of an entry before it reads anything else of it. */
#define TABLE_LENGTH  0x00ffu /* of the prefix, in bits */
#define TABLE_ALLOWS  0x0100u
#define TABLE_EXPIRES 0x0200u /* expires_s is not 0 */
#define TABLE_NESTED  0x0400u /* an entry of the same part is around it */

/* Asks for memory that is needed in a moment, so that two waits become one. */
#if defined(__GNUC__)
#    define TABLE_PREFETCH(address) __builtin_prefetch(address)
#else
#    define TABLE_PREFETCH(address) ((void)(address))
#endif

/* The parts of a table, each searched alone. HOSTS are the prefixes longer than a /64: without
 * them, half of an address is the whole key. */
enum { TABLE_V4, TABLE_NETS, TABLE_HOSTS, TABLE_PARTS };

/* An address as a number; IPv4 in the upper 32 bits. */
struct table_key {
    uint64_t high, low;
};

/* What only an entry that contains the address is asked for. */
struct table_detail {
    int64_t expires_s;
    uint64_t id;
};

/* The same where every entry's fits, as Unix times until 2106 and a database's numbers do. */
struct table_brief {
    uint32_t expires_s, id;
};

struct table_part {
    uint32_t count;                /* entries */
    unsigned levels;               /* 0 when there are no entries */
    size_t level_at[TABLE_LEVELS]; /* the first slot of each level */
    size_t slots;                  /* of all levels, each filled up to whole nodes */
    uint32_t *keys;                /* by slot, V4: first addresses, ascending */
    uint64_t *highs;               /* by slot, V6: their upper halves */
    uint64_t *lows;                /* by slot, HOSTS: their lower halves */
    uint16_t *traits;              /* by entry, as are the next three; entry n has slot n */
    uint32_t *parents;             /* the entry next around it, if TABLE_NESTED */
    struct table_brief *briefs;    /* one of these two; the other is NULL */
    struct table_detail *details;
    uint64_t *filter;      /* HOSTS: a bit for each /64 with an entry, see table_filter_bit */
    unsigned filter_shift; /* it has 1 << (64 - filter_shift) bits */
};

struct ropp_table {
    size_t size; /* bytes, this struct included */
    struct table_part parts[TABLE_PARTS];
};

static int table_part_of(const struct ropp_prefix *prefix)
{
    if (prefix->addr.family == ROPP_FAMILY_INET)
        return TABLE_V4;
    return prefix->length <= 64 ? TABLE_NETS : TABLE_HOSTS;
}

static uint64_t table_word(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 | (uint64_t)bytes[2] << 40 |
           (uint64_t)bytes[3] << 32 | (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 |
           (uint64_t)bytes[6] << 8 | (uint64_t)bytes[7];
}

static struct table_key table_key_of(const struct ropp_addr *addr)
{
    struct table_key key;

    key.high = table_word(addr->bytes);
    key.low = table_word(addr->bytes + 8);
    return key;
}

/* Whether the two agree in the first `length` bits. */
static bool table_agree(struct table_key a, struct table_key b, unsigned length)
{
    if (length <= 64)
        return length == 0 || (a.high ^ b.high) >> (64 - length) == 0;
    return a.high == b.high && (a.low ^ b.low) >> (128 - length) == 0;
}

/* Whether the bits from `length` on are zero. */
static bool table_ends_zero(struct table_key key, unsigned length)
{
    if (length < 64)
        return key.high << length == 0 && key.low == 0;
    return length == 128 || key.low << (length - 64) == 0;
}

bool ropp_table_entry_valid(const struct ropp_table_entry *entry)
{
    const struct ropp_prefix *prefix = &entry->prefix;
    struct ropp_prefix unwrapped = *prefix;

    if (entry->kind != ROPP_TABLE_BAN && entry->kind != ROPP_TABLE_ALLOW)
        return false;
    if (prefix->addr.family != ROPP_FAMILY_INET && prefix->addr.family != ROPP_FAMILY_INET6)
        return false;
    if (prefix->length > (prefix->addr.family == ROPP_FAMILY_INET ? 32u : 128u))
        return false;
    ropp_prefix_unwrap(&unwrapped);
    if (unwrapped.addr.family != prefix->addr.family)
        return false;
    return table_ends_zero(table_key_of(&prefix->addr), prefix->length);
}

static int table_compare_prefix(const struct ropp_prefix *a, const struct ropp_prefix *b)
{
    int order = table_part_of(a) - table_part_of(b);

    if (order != 0)
        return order;
    order = memcmp(a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes);
    if (order != 0)
        return order;
    return a->length < b->length ? -1 : a->length > b->length;
}

static int table_compare_expiry(int64_t a_s, int64_t b_s)
{
    if (a_s == b_s)
        return 0;
    if (a_s == 0 || b_s == 0)
        return a_s == 0 ? 1 : -1;
    return a_s < b_s ? -1 : 1;
}

/* Part by part, an entry before those inside it, and of equal prefixes the one that comes first in
 * deciding last: the search finds the last. */
static int table_compare(const void *left, const void *right)
{
    const struct ropp_table_entry *a = (const struct ropp_table_entry *)left;
    const struct ropp_table_entry *b = (const struct ropp_table_entry *)right;
    int order = table_compare_prefix(&a->prefix, &b->prefix);

    if (order != 0)
        return order;
    if (a->kind != b->kind)
        return a->kind == ROPP_TABLE_BAN ? -1 : 1;
    order = table_compare_expiry(a->expires_s, b->expires_s);
    if (order != 0)
        return order;
    return a->id > b->id ? -1 : a->id < b->id;
}

static void table_sort(struct ropp_table_entry *entries, size_t count)
{
    size_t i;

    for (i = 1; i < count; i++) {
        if (table_compare(&entries[i - 1], &entries[i]) > 0) {
            qsort(entries, count, sizeof *entries, table_compare);
            return;
        }
    }
}

/* Whether the entry after this one has the same prefix and stays at least as long, so that this one
 * can never decide. Leaves a ban and an allowance of each prefix at most. */
static bool table_is_superseded(const struct ropp_table_entry *entry,
                                const struct ropp_table_entry *end)
{
    const struct ropp_table_entry *next = entry + 1;

    return next < end && table_compare_prefix(&entry->prefix, &next->prefix) == 0 &&
           table_compare_expiry(entry->expires_s, next->expires_s) <= 0;
}

/* Finds the levels and their slots for `count` entries. */
static void table_layout(struct table_part *part, size_t count)
{
    size_t keys = count, nodes;

    part->levels = 0;
    part->slots = 0;
    while (keys > 0) {
        nodes = (keys + TABLE_FANOUT - 1) / TABLE_FANOUT;
        part->level_at[part->levels++] = part->slots;
        part->slots += nodes * TABLE_FANOUT;
        keys = nodes > 1 ? nodes : 0;
    }
}

/* Takes the next `bytes` of the block; only moves *at when there is no block yet. */
static void *table_take(uint8_t *block, size_t *at, size_t bytes)
{
    uint8_t *start = block != NULL ? block + *at : NULL;

    *at += (bytes + TABLE_LINE - 1) / TABLE_LINE * TABLE_LINE;
    return start;
}

static bool table_is_brief(const struct ropp_table_entry *entry)
{
    return entry->id <= UINT32_MAX && entry->expires_s >= 0 && entry->expires_s <= UINT32_MAX;
}

static void table_place(struct ropp_table *table, const size_t counts[TABLE_PARTS], bool brief,
                        uint8_t *block, size_t *at)
{
    struct table_part *part;
    size_t count, slots, bytes;
    int i;

    for (i = 0; i < TABLE_PARTS; i++) {
        part = &table->parts[i];
        table_layout(part, counts[i]);
        slots = part->slots;
        count = counts[i];
        if (i == TABLE_V4)
            part->keys = (uint32_t *)table_take(block, at, slots * sizeof *part->keys);
        else
            part->highs = (uint64_t *)table_take(block, at, slots * sizeof *part->highs);
        part->traits = (uint16_t *)table_take(block, at, count * sizeof *part->traits);
        part->parents = (uint32_t *)table_take(block, at, count * sizeof *part->parents);
        if (brief)
            part->briefs =
                (struct table_brief *)table_take(block, at, count * sizeof *part->briefs);
        else
            part->details =
                (struct table_detail *)table_take(block, at, count * sizeof *part->details);
        if (i != TABLE_HOSTS)
            continue;
        part->lows = (uint64_t *)table_take(block, at, slots * sizeof *part->lows);
        part->filter_shift = 58;
        for (bytes = 8; bytes < count; bytes *= 2)
            part->filter_shift--;
        part->filter = (uint64_t *)table_take(block, at, bytes);
    }
}

/* Where a /64 has its bit in the filter. Nearly every address is in a /64 without hosts, and one
 * bit says so; another /64 that shares the bit only costs a search. An eighth of the bits at most
 * is set. */
static size_t table_filter_bit(const struct table_part *hosts, uint64_t high)
{
    return (size_t)(high * UINT64_C(0x9e3779b97f4a7c15) >> hosts->filter_shift);
}

static bool table_has_hosts(const struct table_part *hosts, uint64_t high)
{
    size_t bit = table_filter_bit(hosts, high);

    return (hosts->filter[bit / 64] >> (bit % 64) & 1) != 0;
}

static struct table_key table_key_at(const struct table_part *part, size_t slot)
{
    struct table_key key;

    key.high = part->keys != NULL ? (uint64_t)part->keys[slot] << 32 : part->highs[slot];
    key.low = part->lows != NULL ? part->lows[slot] : 0;
    return key;
}

static void table_set_key(struct table_part *part, size_t slot, struct table_key key)
{
    if (part->keys != NULL)
        part->keys[slot] = (uint32_t)(key.high >> 32);
    else
        part->highs[slot] = key.high;
    if (part->lows != NULL)
        part->lows[slot] = key.low;
}

/* Adds the next entry in the order of table_compare. The links of the entries so far are the stack
 * of those still open: what does not contain this one contains nothing that comes later, and no
 * later entry steps over it again. */
static void table_append(struct table_part *part, const struct ropp_table_entry *entry)
{
    struct table_key key = table_key_of(&entry->prefix.addr);
    uint32_t n = part->count++, parent = n > 0 ? n - 1 : TABLE_NONE;
    unsigned traits = entry->prefix.length;
    size_t bit;

    while (parent != TABLE_NONE &&
           !table_agree(key, table_key_at(part, parent), part->traits[parent] & TABLE_LENGTH))
        parent = part->parents[parent];
    if (entry->kind == ROPP_TABLE_ALLOW)
        traits |= TABLE_ALLOWS;
    if (entry->expires_s != 0)
        traits |= TABLE_EXPIRES;
    if (parent != TABLE_NONE)
        traits |= TABLE_NESTED;
    table_set_key(part, n, key);
    part->traits[n] = (uint16_t)traits;
    part->parents[n] = parent;
    if (part->briefs != NULL) {
        part->briefs[n].expires_s = (uint32_t)entry->expires_s;
        part->briefs[n].id = (uint32_t)entry->id;
    } else {
        part->details[n].expires_s = entry->expires_s;
        part->details[n].id = entry->id;
    }
    if (part->filter != NULL) {
        bit = table_filter_bit(part, key.high);
        part->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
}

/* Makes every level of the one below it, each filled up with the greatest key. */
static void table_index(struct table_part *part)
{
    size_t used = part->count, at, below = 0, slot;
    struct table_key greatest;
    unsigned level;

    greatest.high = UINT64_MAX;
    greatest.low = UINT64_MAX;
    for (level = 0; level < part->levels; level++) {
        at = part->level_at[level];
        if (level > 0) {
            used = (used + TABLE_FANOUT - 1) / TABLE_FANOUT;
            for (slot = 0; slot < used; slot++)
                table_set_key(part, at + slot, table_key_at(part, below + slot * TABLE_FANOUT));
        }
        for (slot = used; slot % TABLE_FANOUT != 0; slot++)
            table_set_key(part, at + slot, greatest);
        below = at;
    }
}

enum ropp_table_error ropp_table_build(struct ropp_table_entry *entries, size_t count,
                                       void *(*allocate)(size_t size), struct ropp_table **out)
{
    size_t counts[TABLE_PARTS] = {0, 0, 0}, size, at, i;
    struct ropp_table plan, *table;
    bool brief = true;
    uint8_t *block;

    if (count > ROPP_TABLE_MAX)
        return ROPP_TABLE_TOO_MANY;
    for (i = 0; i < count; i++) {
        if (!ropp_table_entry_valid(&entries[i]))
            return ROPP_TABLE_BAD_ENTRY;
        brief = brief && table_is_brief(&entries[i]);
    }
    table_sort(entries, count);
    for (i = 0; i < count; i++)
        if (!table_is_superseded(&entries[i], entries + count))
            counts[table_part_of(&entries[i].prefix)]++;

    /* The arrays follow the struct from the first whole cache line on. */
    size = sizeof plan + TABLE_LINE - 1;
    memset(&plan, 0, sizeof plan);
    table_place(&plan, counts, brief, NULL, &size);
    block = (uint8_t *)allocate(size);
    if (block == NULL)
        return ROPP_TABLE_NO_MEMORY;
    memset(block, 0, size); /* no /64 is in the filter, and no byte is left to chance */
    at = sizeof plan;
    at += (TABLE_LINE - ((uintptr_t)block + at) % TABLE_LINE) % TABLE_LINE;
    plan.size = size;
    table_place(&plan, counts, brief, block, &at);
    table = (struct ropp_table *)(void *)block;
    *table = plan;

    for (i = 0; i < count; i++)
        if (!table_is_superseded(&entries[i], entries + count))
            table_append(&table->parts[table_part_of(&entries[i].prefix)], &entries[i]);
    for (i = 0; i < TABLE_PARTS; i++)
        table_index(&table->parts[i]);
    *out = table;
    return ROPP_TABLE_OK;
}

/* Asks for what the search will want of a node's entries, while it still reads the node's keys. */
static void table_prefetch(const struct table_part *part, size_t node)
{
    TABLE_PREFETCH(part->traits + node);
    if (part->briefs != NULL) {
        TABLE_PREFETCH(part->briefs + node);
        TABLE_PREFETCH(part->briefs + node + TABLE_FANOUT / 2);
    }
}

/* The three searches: the last entry that starts at or before the key, or the first of all when
 * none does (it is not around the key, and nothing is around it). Three keys of a node decide in
 * which four of its sixteen to look, and three of those decide which key it is; they are added up
 * rather than branched on, so that nothing is mispredicted. The greatest key is answered first,
 * because what fills up the nodes would count for it. */

static uint32_t table_search_v4(const struct table_part *part, uint32_t key)
{
    unsigned level = part->levels;
    const uint32_t *keys;
    size_t node, i = 0;

    if (key == UINT32_MAX)
        return part->count - 1;
    while (level-- > 0) {
        node = i * TABLE_FANOUT;
        if (level == 0)
            table_prefetch(part, node);
        keys = part->keys + part->level_at[level] + node;
        i = 4 * ((size_t)(keys[4] <= key) + (size_t)(keys[8] <= key) + (size_t)(keys[12] <= key));
        keys += i;
        i += node + (size_t)(keys[1] <= key) + (size_t)(keys[2] <= key) + (size_t)(keys[3] <= key);
    }
    return (uint32_t)i;
}

static uint32_t table_search_nets(const struct table_part *part, uint64_t key)
{
    unsigned level = part->levels;
    const uint64_t *keys;
    size_t node, i = 0;

    if (key == UINT64_MAX)
        return part->count - 1;
    while (level-- > 0) {
        node = i * TABLE_FANOUT;
        if (level == 0)
            table_prefetch(part, node);
        keys = part->highs + part->level_at[level] + node;
        i = 4 * ((size_t)(keys[4] <= key) + (size_t)(keys[8] <= key) + (size_t)(keys[12] <= key));
        keys += i;
        i += node + (size_t)(keys[1] <= key) + (size_t)(keys[2] <= key) + (size_t)(keys[3] <= key);
    }
    return (uint32_t)i;
}

/* 1 when the key in the slot is at or before `key`, else 0. */
static size_t table_reached(const struct table_part *hosts, size_t slot, struct table_key key)
{
    uint64_t high = hosts->highs[slot], low = hosts->lows[slot];

    return (size_t)(high < key.high) | ((size_t)(high == key.high) & (size_t)(low <= key.low));
}

static uint32_t table_search_hosts(const struct table_part *part, struct table_key key)
{
    unsigned level = part->levels;
    size_t node, slot, i = 0;

    if (key.high == UINT64_MAX && key.low == UINT64_MAX)
        return part->count - 1;
    while (level-- > 0) {
        node = i * TABLE_FANOUT;
        if (level == 0)
            table_prefetch(part, node);
        slot = part->level_at[level] + node;
        i = 4 * (table_reached(part, slot + 4, key) + table_reached(part, slot + 8, key) +
                 table_reached(part, slot + 12, key));
        slot += i;
        i += node + table_reached(part, slot + 1, key) + table_reached(part, slot + 2, key) +
             table_reached(part, slot + 3, key);
    }
    return (uint32_t)i;
}

/* Clears the bits of the address after `length`. */
static void table_truncate(struct ropp_addr *addr, unsigned length)
{
    unsigned whole = length / 8;

    if (length % 8 != 0) {
        addr->bytes[whole] = (uint8_t)(addr->bytes[whole] & (0xff00u >> (length % 8)));
        whole++;
    }
    memset(addr->bytes + whole, 0, sizeof addr->bytes - whole);
}

static int64_t table_expiry(const struct table_part *part, uint32_t n)
{
    return part->briefs != NULL ? part->briefs[n].expires_s : part->details[n].expires_s;
}

/* Goes from the entry that the search found outwards to the one that decides. Those around the
 * found one begin with the same bits, so that its key serves for theirs. */
static bool table_decide(const struct table_part *part, uint32_t at, const struct ropp_addr *addr,
                         int64_t now_s, struct ropp_table_entry *out)
{
    struct table_key key = table_key_of(addr), found = table_key_at(part, at);
    unsigned traits;

    for (;;) {
        traits = part->traits[at];
        if (table_agree(key, found, traits & TABLE_LENGTH) &&
            ((traits & TABLE_EXPIRES) == 0 || table_expiry(part, at) > now_s))
            break;
        if ((traits & TABLE_NESTED) == 0)
            return false;
        at = part->parents[at];
    }
    out->prefix.addr = *addr;
    out->prefix.length = traits & TABLE_LENGTH;
    table_truncate(&out->prefix.addr, out->prefix.length);
    out->kind = (traits & TABLE_ALLOWS) != 0 ? ROPP_TABLE_ALLOW : ROPP_TABLE_BAN;
    out->expires_s = table_expiry(part, at);
    out->id = part->briefs != NULL ? part->briefs[at].id : part->details[at].id;
    return true;
}

bool ropp_table_lookup(const struct ropp_table *table, const struct ropp_addr *addr, int64_t now_s,
                       struct ropp_table_entry *out)
{
    const struct table_part *v4 = &table->parts[TABLE_V4];
    const struct table_part *nets = &table->parts[TABLE_NETS];
    const struct table_part *hosts = &table->parts[TABLE_HOSTS];
    struct table_key key = table_key_of(addr);

    if (addr->family == ROPP_FAMILY_INET)
        return v4->count > 0 &&
               table_decide(v4, table_search_v4(v4, (uint32_t)(key.high >> 32)), addr, now_s, out);
    if (addr->family != ROPP_FAMILY_INET6)
        return false;
    if (hosts->count > 0 && table_has_hosts(hosts, key.high) &&
        table_decide(hosts, table_search_hosts(hosts, key), addr, now_s, out))
        return true;
    return nets->count > 0 &&
           table_decide(nets, table_search_nets(nets, key.high), addr, now_s, out);
}

size_t ropp_table_count(const struct ropp_table *table)
{
    size_t count = 0;
    int i;

    for (i = 0; i < TABLE_PARTS; i++)
        count += table->parts[i].count;
    return count;
}

size_t ropp_table_size(const struct ropp_table *table)
{
    return table->size;
}
