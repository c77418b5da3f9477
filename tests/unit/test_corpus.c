// SPDX-License-Identifier: MIT
/* tests/corpus/headers.tsv through the decoder: each header whole, byte by byte and in every
 * two-way cut, with the verdict and the player's address that the table says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/header.h"
#include "tests/unit/unit.h"
#include "tests/unit/corpus.h"

/* What the decoder says, in the table's words. */
static const char *verdict_of(const struct ropp_header *h)
{
    if (h->status == ROPP_HEADER_NEED_MORE)
        return "need-more";
    if (h->status == ROPP_HEADER_INVALID)
        return ropp_reason_name(h->reason);
    return h->source.family == ROPP_FAMILY_UNSPEC ? "no-address" : "address";
}

static void check(const struct corpus_case *c, const struct ropp_header *h, const char *how)
{
    char source[ROPP_ADDR_TEXT] = "-";

    if (h->status == ROPP_HEADER_OK && h->source.family != ROPP_FAMILY_UNSPEC)
        ropp_addr_format(&h->source, source);
    if (strcmp(verdict_of(h), c->verdict) != 0 || strcmp(source, c->source) != 0)
        fail_msg("%s, %s: %s %s (%s)", c->name, how, verdict_of(h), source, c->why);
    if (h->departure != (strncmp(c->why, "departure", 9) == 0))
        fail_msg("%s, %s: departure %d", c->name, how, (int)h->departure);
}

/* `piece` bytes at a time from `first` on, which come at once. */
static void feed(const struct corpus_case *c, size_t first, size_t piece, const char *how)
{
    struct ropp_header h;
    size_t at = 0, used, size = first;

    ropp_header_init(&h);
    do {
        if (size > c->length - at)
            size = c->length - at;
        used = ropp_header_feed(&h, c->bytes + at, size);
        at += used;
        if (used < size || at == c->length)
            break;
        size = piece;
    } while (h.status == ROPP_HEADER_NEED_MORE);
    assert_int_equal(h.length, at);
    check(c, &h, how);
}

static void run(const struct corpus_case *c)
{
    char how[32];
    size_t cut;

    feed(c, c->length, 0, "whole");
    feed(c, 1, 1, "byte by byte");
    for (cut = 1; cut < c->length; cut++) {
        snprintf(how, sizeof how, "cut at %zu", cut);
        feed(c, cut, c->length, how);
    }
}

static void test_corpus(void **state)
{
    (void)state;
    assert_true(corpus_each(run) > 150);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};

    return UNIT_RUN(argc, argv, "corpus", tests, NULL, NULL);
}
