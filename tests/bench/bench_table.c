// SPDX-License-Identifier: MIT
/* Measures the longest-prefix-match table: bench_table [PREFIXES...], default 1000 100000 1000000.
 * Each line is a figure: row, peer, unit, value, set apart by tabs; a look-up has one for each round.
 *
 * Each set of prefixes is asked for addresses inside a prefix that is in force (a hit), and for
 * others, drawn as the prefixes were (a miss). In the same run there is a hash table that knows
 * exact addresses only (what a ban list without prefixes would be; where the table is asked for an
 * address inside a prefix, it is asked for the prefix's own) and a scan of all prefixes.
 *
 *   mixed    single addresses, whole networks and some nesting, all over the address space
 *   crowded  single addresses as near to each other as the family allows: IPv4 /16s three quarters
 *            full, one IPv6 /64
 *   warm     4096 addresses over and over: the players of an evening, the bots of a flood
 *   cold     a million different addresses: of a large set hardly anything is in the cache
 *
 * A look-up does not start before the last one has its answer, as in a game loop that asks once for
 * each connection. Times are the processor's. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/table.h"
#include "platform.h"

enum { COLD = 1 << 20, WARM = 1 << 12, ROUNDS = 7, NETWORKS = 1 << 14, SIZES = 16 };

#define SCAN_PREFIXES 2000000u /* that a round of scans compares, more or less */

static const int64_t bench_now_s = 1000000;

struct set {
    const char *name;
    bool v6, crowded;
};

struct slot {
    struct ropp_addr addr;
    uint32_t entry; /* 1 + its index; 0 = empty */
};

/* Open addressing, at most half full. */
struct hash {
    struct slot *slots;
    size_t mask;
};

struct bench {
    struct ropp_table_entry *entries;
    size_t count;
    struct ropp_addr *asked; /* COLD addresses to ask for */
    struct ropp_addr *exact; /* the same, with prefixes' own addresses for those inside one */
    struct ropp_table *table;
    struct hash hash;
};

static uint64_t bench_random(void)
{
    static uint64_t state = UINT64_C(88172645463325252);

    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545f4914f6cdd1d) >> 8;
}

static int64_t bench_clock_ns(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
        perror("ropp: no clock: bench_table");
        exit(2);
    }
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *bench_allocate(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL) {
        fprintf(stderr, "ropp: out of memory: bench_table: give fewer prefixes\n");
        exit(2);
    }
    return memory;
}

/* Keeps the processor from starting the next look-up on a guess of the last one's answer. */
static void bench_wait(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ volatile("lfence" ::: "memory");
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#else
    atomic_thread_fence(memory_order_seq_cst);
#endif
}

/* ---- the sets ---- */

static void put_word(uint8_t *bytes, uint64_t word)
{
    int i;

    for (i = 7; i >= 0; i--) {
        bytes[i] = (uint8_t)(word & 0xff);
        word >>= 8;
    }
}

/* For the crowded IPv4 set `nth` of the addresses in use. */
static struct ropp_addr make_addr(const struct set *set, size_t nth)
{
    static uint64_t networks[NETWORKS]; /* /32s, as a registry hands them out */
    struct ropp_addr addr;
    size_t i;

    if (!set->v6)
        return ropp_addr_v4(set->crowded ? UINT32_C(0x0a000000) + (uint32_t)(nth + nth / 3)
                                         : (uint32_t)bench_random());
    if (networks[0] == 0)
        for (i = 0; i < NETWORKS; i++)
            networks[i] = UINT64_C(0x2a000000) << 32 | (bench_random() & 0x1fffff) << 32;
    memset(&addr, 0, sizeof addr);
    addr.family = ROPP_FAMILY_INET6;
    put_word(addr.bytes, set->crowded
                             ? UINT64_C(0x20010db8) << 32
                             : networks[bench_random() % NETWORKS] | (uint32_t)bench_random());
    put_word(addr.bytes + 8, bench_random() << 8 ^ bench_random());
    return addr;
}

static unsigned make_length(const struct set *set)
{
    unsigned roll = (unsigned)(bench_random() % 100);

    if (set->crowded)
        return set->v6 ? 128 : 32;
    if (!set->v6)
        return roll < 70 ? 32 : roll < 95 ? 24 : 16 + roll % 8;
    return roll < 70 ? 64 : roll < 90 ? 48 : roll < 95 ? 56 : 128;
}

/* Clears the bits from `length` on, or gives them any value. */
static void fill_after(struct ropp_addr *addr, unsigned length, bool any)
{
    unsigned bit, mask;

    for (bit = length; bit < (addr->family == ROPP_FAMILY_INET ? 32u : 128u); bit++) {
        mask = 0x80u >> (bit % 8);
        addr->bytes[bit / 8] = (uint8_t)(addr->bytes[bit / 8] & ~mask);
        if (any && bench_random() % 2 == 0)
            addr->bytes[bit / 8] = (uint8_t)(addr->bytes[bit / 8] | mask);
    }
}

static void make_entries(const struct set *set, struct bench *bench)
{
    size_t i, j;

    for (i = 0; i < bench->count; i++) {
        struct ropp_table_entry *entry = &bench->entries[i];
        uint64_t roll = bench_random();

        entry->prefix.addr = make_addr(set, i);
        entry->prefix.length = make_length(set);
        fill_after(&entry->prefix.addr, entry->prefix.length, false);
        entry->kind = roll % 100 == 0 ? ROPP_TABLE_ALLOW : ROPP_TABLE_BAN;
        /* Half stay for ever; of the others one in ten has expired. */
        entry->expires_s = roll % 2 == 0 ? 0 : roll % 20 == 1 ? 1 : bench_now_s + 1;
        entry->id = i + 1;
    }
    for (i = bench->count; i > 1; i--) {
        struct ropp_table_entry kept = bench->entries[i - 1];

        j = bench_random() % i;
        bench->entries[i - 1] = bench->entries[j];
        bench->entries[j] = kept;
    }
}

static bool table_finds(const struct bench *bench, const struct ropp_addr *addr)
{
    struct ropp_table_entry found;

    return ropp_table_lookup(bench->table, addr, bench_now_s, &found);
}

/* An address inside a prefix of the set, and the prefix's own. */
static void draw_inside(const struct bench *bench, size_t i)
{
    const struct ropp_prefix *prefix = &bench->entries[bench_random() % bench->count].prefix;

    bench->exact[i] = prefix->addr;
    bench->asked[i] = prefix->addr;
    fill_after(&bench->asked[i], prefix->length, true);
}

static void draw_any(const struct set *set, struct bench *bench, size_t i)
{
    bench->asked[i] = make_addr(set, bench_random() % (bench->count + bench->count / 3));
    bench->exact[i] = bench->asked[i];
}

/* Addresses that the table finds, or does not. */
static void make_queries(const struct set *set, struct bench *bench, bool hit)
{
    size_t i;

    for (i = 0; i < COLD; i++)
        do {
            if (hit)
                draw_inside(bench, i);
            else
                draw_any(set, bench, i);
        } while (table_finds(bench, &bench->asked[i]) != hit);
}

/* ---- the rivals ---- */

static size_t hash_of(const struct ropp_addr *addr)
{
    uint64_t high, low;

    memcpy(&high, addr->bytes, 8);
    memcpy(&low, addr->bytes + 8, 8);
    high ^= low * UINT64_C(0x9e3779b97f4a7c15);
    high = (high ^ high >> 33) * UINT64_C(0xff51afd7ed558ccd);
    high = (high ^ high >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (size_t)(high ^ high >> 33);
}

/* The slot of the address, or the empty one where it belongs. */
static struct slot *hash_slot(const struct hash *hash, const struct ropp_addr *addr)
{
    size_t at = hash_of(addr) & hash->mask;

    while (hash->slots[at].entry != 0 && !ropp_addr_equal(&hash->slots[at].addr, addr))
        at = (at + 1) & hash->mask;
    return &hash->slots[at];
}

static void hash_build(struct bench *bench)
{
    struct slot *slot;
    size_t size = 16, i;

    while (size < 2 * bench->count)
        size *= 2;
    bench->hash.mask = size - 1;
    bench->hash.slots = (struct slot *)bench_allocate(size * sizeof *slot);
    memset(bench->hash.slots, 0, size * sizeof *slot);
    for (i = 0; i < bench->count; i++) {
        slot = hash_slot(&bench->hash, &bench->entries[i].prefix.addr);
        slot->addr = bench->entries[i].prefix.addr;
        slot->entry = (uint32_t)i + 1;
    }
}

static bool hash_finds(const struct bench *bench, const struct ropp_addr *addr)
{
    const struct slot *slot = hash_slot(&bench->hash, addr);
    int64_t expires_s;

    if (slot->entry == 0)
        return false;
    expires_s = bench->entries[slot->entry - 1].expires_s;
    return expires_s == 0 || expires_s > bench_now_s;
}

static bool scan_finds(const struct bench *bench, const struct ropp_addr *addr)
{
    const struct ropp_table_entry *best = NULL, *entry = bench->entries;
    const struct ropp_table_entry *end = entry + bench->count;

    for (; entry < end; entry++)
        if (ropp_prefix_contains(&entry->prefix, addr) &&
            (entry->expires_s == 0 || entry->expires_s > bench_now_s) &&
            (best == NULL || entry->prefix.length > best->prefix.length))
            best = entry;
    return best != NULL;
}

/* ---- the measuring ---- */

static volatile size_t sink; /* keeps the compiler from dropping what is measured */

static void say(const struct set *set, size_t count, const char *what, const char *peer,
                const char *unit, double value)
{
    printf("look-up among %zu/%s %s: %s\t%s\t%s\t%.1f\n", count, set->v6 ? "IPv6" : "IPv4",
           set->name, what, peer, unit, value);
}

typedef bool (*finds_fn)(const struct bench *, const struct ropp_addr *);

/* Nanoseconds a look-up, of `times` among the first `different` addresses. */
static double time_lookups(const struct bench *bench, finds_fn finds, const struct ropp_addr *addrs,
                           size_t different, size_t times)
{
    int64_t start_ns = bench_clock_ns();
    size_t found = 0, i;

    for (i = 0; i < times; i++) {
        found += finds(bench, &addrs[i & (different - 1)]);
        bench_wait();
    }
    sink = found;
    return (double)(bench_clock_ns() - start_ns) / (double)times;
}

/* The rivals take turns, so that what disturbs the machine disturbs them alike. */
static void measure_lookups(const struct set *set, const struct bench *bench, const char *what,
                            size_t different)
{
    size_t scans = SCAN_PREFIXES / bench->count + 1, round;
    size_t times = different == WARM ? COLD / 4 : COLD;

    for (round = 0; round < ROUNDS; round++) {
        say(set, bench->count, what, "ropp", "ns",
            time_lookups(bench, table_finds, bench->asked, different, times));
        say(set, bench->count, what, "hash of addresses", "ns",
            time_lookups(bench, hash_finds, bench->exact, different, times));
        say(set, bench->count, what, "linear scan", "ns",
            time_lookups(bench, scan_finds, bench->asked, different, scans < COLD ? scans : COLD));
    }
}

static double time_build(struct bench *bench)
{
    int64_t start_ns = bench_clock_ns();

    if (ropp_table_build(bench->entries, bench->count, ropp_alloc_large, &bench->table) !=
        ROPP_TABLE_OK) {
        fprintf(stderr, "ropp: table not built: bench_table: give at most %zu prefixes\n",
                ROPP_TABLE_MAX);
        exit(2);
    }
    return (double)(bench_clock_ns() - start_ns) / 1e6;
}

static void measure_builds(const struct set *set, struct bench *bench)
{
    say(set, bench->count, "built from any order", "ropp", "ms", time_build(bench));
    free(bench->table);
    say(set, bench->count, "built from a sorted list", "ropp", "ms", time_build(bench));
    say(set, bench->count, "memory", "ropp", "bytes a prefix",
        (double)ropp_table_size(bench->table) / (double)ropp_table_count(bench->table));
}

static void measure(const struct set *set, size_t count)
{
    struct bench bench;

    bench.count = count;
    bench.entries = (struct ropp_table_entry *)bench_allocate(count * sizeof *bench.entries);
    bench.asked = (struct ropp_addr *)bench_allocate(COLD * sizeof *bench.asked);
    bench.exact = (struct ropp_addr *)bench_allocate(COLD * sizeof *bench.exact);
    make_entries(set, &bench);
    measure_builds(set, &bench);
    hash_build(&bench);
    make_queries(set, &bench, true);
    measure_lookups(set, &bench, "hit warm", WARM);
    measure_lookups(set, &bench, "hit cold", COLD);
    make_queries(set, &bench, false);
    measure_lookups(set, &bench, "miss warm", WARM);
    measure_lookups(set, &bench, "miss cold", COLD);
    fflush(stdout);
    free(bench.hash.slots);
    free(bench.table);
    free(bench.exact);
    free(bench.asked);
    free(bench.entries);
}

int main(int argc, char **argv)
{
    static const struct set sets[] = {
        {"mixed", false, false},
        {"crowded", false, true},
        {"mixed", true, false},
        {"crowded", true, true},
    };
    size_t sizes[SIZES] = {1000, 100000, 1000000}, count = 3, i, j;
    char *end;

    if (argc > 1)
        count = (size_t)argc - 1;
    if (count > SIZES) {
        fprintf(stderr, "ropp: too many sizes: bench_table: give at most %d\n", SIZES);
        return 2;
    }
    for (i = 1; i < (size_t)argc; i++) {
        sizes[i - 1] = strtoul(argv[i], &end, 10);
        if (*end != '\0' || sizes[i - 1] == 0 || sizes[i - 1] > 50000000) {
            fprintf(stderr, "ropp: not a number of prefixes: %s: write one from 1 to 50000000\n",
                    argv[i]);
            return 2;
        }
    }
    for (i = 0; i < sizeof sets / sizeof sets[0]; i++)
        for (j = 0; j < count; j++)
            measure(&sets[i], sizes[j]);
    return 0;
}
