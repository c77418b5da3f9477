// SPDX-License-Identifier: MIT
#include "tools/decode/flows.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"

/* A piece of what the opener said. */
struct piece {
    uint32_t seq, length;
    const uint8_t *bytes;
    char *copy;   /* NULL: the bytes are the caller's */
    size_t order; /* as captured: what came first counts where two overlap */
    int64_t at;   /* where it begins, counted from the first byte of all */
};

struct flow {
    struct ropp_end from, to;
    bool opened;   /* a SYN was seen, from `from` or answered to it: */
    uint32_t base; /* then the number of the first byte */
    struct piece *pieces;
    size_t count;
};

struct ropp_flows {
    struct flow **flows; /* as first seen */
    size_t count, silent;
    /* A tree (tsearch) of the newest connection between each two ends: ports are used again. Not a
     * hash: who is captured chooses the ends, and could choose them all for one place of its table. */
    void *newest;
};

struct ropp_flows *ropp_flows_new(void)
{
    return ropp_alloc(1, sizeof(struct ropp_flows));
}

size_t ropp_flows_count(const struct ropp_flows *flows)
{
    return flows->count;
}

size_t ropp_flows_silent(const struct ropp_flows *flows)
{
    return flows->silent;
}

/* What is in the tree is freed with the list. */
static void leave(void *flow)
{
    (void)flow;
}

void ropp_flows_free(struct ropp_flows *flows)
{
    if (flows == NULL)
        return;
    for (size_t i = 0; i < flows->count; i++) {
        for (size_t k = 0; k < flows->flows[i]->count; k++)
            free(flows->flows[i]->pieces[k].copy);
        free(flows->flows[i]->pieces);
        free(flows->flows[i]);
    }
    tdestroy(flows->newest, leave);
    free(flows->flows);
    free(flows);
}

/* ---- finding a segment's connection ---- */

static int compare_ends(const struct ropp_end *a, const struct ropp_end *b)
{
    if (a->addr.family != b->addr.family)
        return a->addr.family < b->addr.family ? -1 : 1;
    if (a->port != b->port)
        return a->port < b->port ? -1 : 1;
    return memcmp(a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes);
}

static bool same_end(const struct ropp_end *a, const struct ropp_end *b)
{
    return compare_ends(a, b) == 0;
}

/* By their two ends, whichever is which. */
static int compare_flows(const void *left, const void *right)
{
    const struct flow *a = left, *b = right;
    bool a_swapped = compare_ends(&a->from, &a->to) > 0;
    bool b_swapped = compare_ends(&b->from, &b->to) > 0;
    int order = compare_ends(a_swapped ? &a->to : &a->from, b_swapped ? &b->to : &b->from);

    return order != 0 ? order
                      : compare_ends(a_swapped ? &a->from : &a->to, b_swapped ? &b->from : &b->to);
}

/* The newest connection between the two ends; NULL when there is none. */
static struct flow *find(const struct ropp_flows *flows, const struct ropp_segment *segment)
{
    const struct flow wanted = {.from = segment->from, .to = segment->to};
    struct flow *const *found = tfind(&wanted, &flows->newest, compare_flows);

    return found != NULL ? *found : NULL;
}

static struct flow *begin(struct ropp_flows *flows, const struct ropp_end *from,
                          const struct ropp_end *to)
{
    struct flow *flow = ropp_alloc(1, sizeof *flow), **newest;

    flow->from = *from;
    flow->to = *to;
    newest = ropp_checked(tsearch(flow, &flows->newest, compare_flows));
    *newest = flow;
    flows->flows = ropp_grow(flows->flows, flows->count, sizeof(struct flow *));
    flows->flows[flows->count++] = flow;
    flows->silent++;
    return flow;
}

/* Numbers wrap around: a little before the base is before it, not four thousand million behind. */
static int64_t distance(uint32_t seq, uint32_t base)
{
    uint32_t ahead = seq - base;

    return ahead < 0x80000000u ? (int64_t)ahead : (int64_t)ahead - 0x100000000;
}

/* Whether a SYN begins another connection than the one at hand. It does not when it is the same SYN
 * again, or was captured late: behind the bytes that it announces. */
static bool begins_anew(const struct flow *flow, const struct ropp_segment *segment)
{
    int64_t ahead;

    if (!segment->syn || segment->ack)
        return false;
    if (!same_end(&flow->from, &segment->from))
        return true;
    if (flow->opened)
        return flow->base != segment->seq;
    ahead = flow->count == 0 ? 0 : distance(flow->pieces[0].seq, segment->seq);
    return ahead < 0 || ahead > ROPP_HEADER_MAX;
}

/* ---- what it says ---- */

static void keep(struct ropp_flows *flows, struct flow *flow, const struct ropp_segment *segment,
                 bool copy)
{
    struct piece piece = {segment->seq,     (uint32_t)segment->length,
                          segment->payload, NULL,
                          flow->count,      0};

    if (copy) {
        piece.copy = ropp_copy_text((const char *)segment->payload, segment->length);
        piece.bytes = (const uint8_t *)piece.copy;
    }
    flows->silent -= flow->count == 0;
    flow->pieces = ropp_grow(flow->pieces, flow->count, sizeof *flow->pieces);
    flow->pieces[flow->count++] = piece;
}

void ropp_flows_add(struct ropp_flows *flows, const struct ropp_segment *segment, bool copy)
{
    struct flow *flow = find(flows, segment);
    bool answers = segment->syn && segment->ack, from_opener;

    if (flow == NULL && !segment->syn && segment->length == 0)
        return;
    if (flow == NULL || begins_anew(flow, segment))
        flow = answers ? begin(flows, &segment->to, &segment->from)
                       : begin(flows, &segment->from, &segment->to);
    from_opener = same_end(&flow->from, &segment->from);
    if (!flow->opened && segment->syn && from_opener != answers) {
        flow->opened = true;
        flow->base = answers ? segment->acked : segment->seq;
    }
    if (from_opener && segment->length > 0)
        keep(flows, flow, segment, copy);
}

/* ---- putting it together ---- */

static int compare_pieces(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Adds what is new in `length` bytes, the first of which is the connection's byte number `at`.
 * False when something is missing between them and what is there. */
static bool join(struct ropp_capture *capture, uint8_t *out, uint64_t at, const uint8_t *bytes,
                 uint64_t length)
{
    uint64_t known, count;

    if (at > capture->total)
        return false;
    known = capture->total - at;
    if (known >= length)
        return true;
    count = length - known;
    capture->total += count;
    if (count > ROPP_HEADER_MAX - capture->kept)
        count = ROPP_HEADER_MAX - capture->kept;
    memcpy(out + capture->kept, bytes + known, (size_t)count);
    capture->kept += (size_t)count;
    return true;
}

static void assemble(const struct flow *flow, uint8_t *out, struct ropp_capture *capture)
{
    uint32_t base = flow->opened ? flow->base : flow->pieces[0].seq;
    int64_t first, at, early;

    for (size_t i = 0; i < flow->count; i++)
        flow->pieces[i].at = distance(flow->pieces[i].seq, base);
    qsort(flow->pieces, flow->count, sizeof *flow->pieces, compare_pieces);
    first = flow->opened ? 0 : flow->pieces[0].at;
    *capture =
        (struct ropp_capture){.bytes = out, .has_ends = true, .from = flow->from, .to = flow->to};
    for (size_t i = 0; i < flow->count && !capture->has_gap; i++) {
        const struct piece *piece = &flow->pieces[i];

        at = piece->at - first;
        early = at < 0 ? -at : 0; /* a packet that keeps a connection alive repeats an old byte */
        if (early < piece->length)
            capture->has_gap = !join(capture, out, (uint64_t)(at + early), piece->bytes + early,
                                     piece->length - (uint64_t)early);
    }
}

void ropp_flows_each(struct ropp_flows *flows, ropp_capture_call *call, void *context)
{
    uint8_t *bytes = ropp_alloc(ROPP_HEADER_MAX, 1);
    struct ropp_capture capture;

    for (size_t i = 0; i < flows->count; i++)
        if (flows->flows[i]->count > 0) {
            assemble(flows->flows[i], bytes, &capture);
            call(context, &capture);
        }
    free(bytes);
}
