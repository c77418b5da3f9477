#include "tools/decode/flows.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 8192 };

/* A piece of what the opener said. */
struct piece {
    struct piece *next;
    uint32_t seq;
    uint32_t length;
    const uint8_t *bytes;
};

struct flow {
    struct flow *next;   /* in its bucket */
    struct flow *behind; /* as first seen */
    struct ropp_end from, to;
    bool opened;   /* a SYN was seen, from `from` or answered to it: */
    uint32_t base; /* then the number of the first byte */
    struct piece *pieces, **last;
    size_t count;
};

struct ropp_flows {
    struct flow *first, **last;
    size_t count, silent;
    struct flow *buckets[BUCKETS];
};

struct ropp_flows *ropp_flows_new(void)
{
    struct ropp_flows *flows = calloc(1, sizeof *flows);

    if (flows != NULL)
        flows->last = &flows->first;
    return flows;
}

size_t ropp_flows_count(const struct ropp_flows *flows)
{
    return flows->count;
}

size_t ropp_flows_silent(const struct ropp_flows *flows)
{
    return flows->silent;
}

void ropp_flows_free(struct ropp_flows *flows)
{
    struct flow *flow, *behind;
    struct piece *piece, *next;

    if (flows == NULL)
        return;
    for (flow = flows->first; flow != NULL; flow = behind) {
        behind = flow->behind;
        for (piece = flow->pieces; piece != NULL; piece = next) {
            next = piece->next;
            free(piece);
        }
        free(flow);
    }
    free(flows);
}

/* ---- finding a segment's connection ---- */

static bool same_end(const struct ropp_end *a, const struct ropp_end *b)
{
    return a->port == b->port && ropp_addr_equal(&a->addr, &b->addr);
}

static uint32_t hash_end(const struct ropp_end *end)
{
    uint32_t hash = 2166136261u ^ end->port;

    for (size_t i = 0; i < sizeof end->addr.bytes; i++)
        hash = (hash ^ end->addr.bytes[i]) * 16777619u;
    return hash ^ hash >> 16;
}

/* The same for both directions. */
static struct flow **bucket_of(struct ropp_flows *flows, const struct ropp_segment *segment)
{
    return &flows->buckets[(hash_end(&segment->from) + hash_end(&segment->to)) % BUCKETS];
}

/* The newest connection between the two ends: ports are used again. */
static struct flow *find(struct flow *flow, const struct ropp_segment *segment)
{
    for (; flow != NULL; flow = flow->next) {
        if (same_end(&flow->from, &segment->from) && same_end(&flow->to, &segment->to))
            return flow;
        if (same_end(&flow->from, &segment->to) && same_end(&flow->to, &segment->from))
            return flow;
    }
    return NULL;
}

static struct flow *begin(struct ropp_flows *flows, struct flow **bucket,
                          const struct ropp_end *from, const struct ropp_end *to)
{
    struct flow *flow = calloc(1, sizeof *flow);

    if (flow == NULL)
        return NULL;
    flow->from = *from;
    flow->to = *to;
    flow->last = &flow->pieces;
    flow->next = *bucket;
    *bucket = flow;
    *flows->last = flow;
    flows->last = &flow->behind;
    flows->count++;
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
    ahead = flow->pieces == NULL ? 0 : distance(flow->pieces->seq, segment->seq);
    return ahead < 0 || ahead > ROPP_HEADER_MAX;
}

static bool is_first_of_any(const struct ropp_segment *segment)
{
    return segment->syn || segment->length > 0;
}

/* ---- what it says ---- */

static bool keep(struct ropp_flows *flows, struct flow *flow, const struct ropp_segment *segment,
                 bool copy)
{
    struct piece *piece = malloc(sizeof *piece + (copy ? segment->length : 0));

    if (piece == NULL)
        return false;
    piece->next = NULL;
    piece->seq = segment->seq;
    piece->bytes = segment->payload;
    if (copy)
        piece->bytes = memcpy(piece + 1, segment->payload, segment->length);
    piece->length = (uint32_t)segment->length;
    *flow->last = piece;
    flow->last = &piece->next;
    flows->silent -= flow->count == 0;
    flow->count++;
    return true;
}

static void open_at(struct flow *flow, uint32_t base)
{
    if (flow->opened)
        return;
    flow->opened = true;
    flow->base = base;
}

bool ropp_flows_add(struct ropp_flows *flows, const struct ropp_segment *segment, bool copy)
{
    struct flow **bucket = bucket_of(flows, segment);
    struct flow *flow = find(*bucket, segment);
    bool answers = segment->syn && segment->ack;

    if (flow == NULL && !is_first_of_any(segment))
        return true;
    if (flow == NULL || begins_anew(flow, segment))
        flow = answers ? begin(flows, bucket, &segment->to, &segment->from)
                       : begin(flows, bucket, &segment->from, &segment->to);
    if (flow == NULL)
        return false;
    if (!same_end(&flow->from, &segment->from)) {
        if (answers)
            open_at(flow, segment->acked);
        return true;
    }
    if (segment->syn && !answers)
        open_at(flow, segment->seq);
    return segment->length == 0 || keep(flows, flow, segment, copy);
}

/* ---- putting it together ---- */

/* A piece and where it begins, counted from the first byte of all; what was captured first counts
 * where two overlap. */
struct place {
    int64_t at;
    size_t order;
    const struct piece *piece;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void place_all(const struct flow *flow, struct place *places)
{
    uint32_t base = flow->opened ? flow->base : flow->pieces->seq;
    const struct piece *piece;
    size_t i = 0;

    for (piece = flow->pieces; piece != NULL; piece = piece->next, i++) {
        places[i].at = distance(piece->seq, base);
        places[i].order = i;
        places[i].piece = piece;
    }
    qsort(places, flow->count, sizeof *places, compare_places);
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

static void assemble(const struct flow *flow, const struct place *places, uint8_t *out,
                     struct ropp_capture *capture)
{
    int64_t first = flow->opened ? 0 : places[0].at, at, early;
    const struct piece *piece;

    memset(capture, 0, sizeof *capture);
    capture->bytes = out;
    capture->has_ends = true;
    capture->from = flow->from;
    capture->to = flow->to;
    for (size_t i = 0; i < flow->count && !capture->has_gap; i++) {
        piece = places[i].piece;
        at = places[i].at - first;
        early = at < 0 ? -at : 0; /* a packet that keeps a connection alive repeats an old byte */
        if (early < piece->length)
            capture->has_gap = !join(capture, out, (uint64_t)(at + early), piece->bytes + early,
                                     piece->length - (uint64_t)early);
    }
}

static bool tell_flow(const struct flow *flow, uint8_t *bytes, ropp_capture_call *call,
                      void *context)
{
    struct ropp_capture capture;
    struct place *places = malloc(flow->count * sizeof *places);

    if (places == NULL)
        return false;
    place_all(flow, places);
    assemble(flow, places, bytes, &capture);
    free(places);
    call(context, &capture);
    return true;
}

bool ropp_flows_tell(struct ropp_flows *flows, ropp_capture_call *call, void *context)
{
    uint8_t *bytes = malloc(ROPP_HEADER_MAX);
    const struct flow *flow;
    bool good = bytes != NULL;

    for (flow = flows->first; good && flow != NULL; flow = flow->behind)
        if (flow->count > 0)
            good = tell_flow(flow, bytes, call, context);
    free(bytes);
    return good;
}
