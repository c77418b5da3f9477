// SPDX-License-Identifier: MIT
/* tests/corpus/headers.tsv through the decoder: each header whole, byte by byte and in every
 * two-way cut, with the verdict and the player's address that the table says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/header.h"
#include "tests/unit/hex.h"
#include "tests/unit/unit.h"

enum { LINE = 8192, COLUMNS = 5 };

struct header_case {
    char *name, *verdict, *source, *why;
    uint8_t bytes[LINE / 2];
    size_t length;
};

/* What the decoder says, in the table's words. */
static const char *verdict_of(const struct ropp_header *h)
{
    if (h->status == ROPP_HEADER_NEED_MORE)
        return "need-more";
    if (h->status == ROPP_HEADER_INVALID)
        return ropp_reason_name(h->reason);
    return h->source.family == ROPP_FAMILY_UNSPEC ? "no-address" : "address";
}

static void check(const struct header_case *c, const struct ropp_header *h, const char *how)
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
static void feed(const struct header_case *c, size_t first, size_t piece, const char *how)
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

static void run(const struct header_case *c)
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

/* False for a comment. */
static bool read_case(char *line, struct header_case *c)
{
    char *columns[COLUMNS], *at = line;
    size_t i;

    if (line[0] == '#')
        return false;
    line[strcspn(line, "\n")] = '\0';
    for (i = 0; i < COLUMNS; i++) {
        assert_non_null(at);
        columns[i] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    assert_null(at);
    c->name = columns[0];
    c->verdict = columns[1];
    c->source = columns[2];
    c->why = columns[4];
    assert_true(strlen(columns[3]) % 2 == 0 && c->why[0] != '\0');
    c->length = from_hex(columns[3], c->bytes);
    return true;
}

static void test_corpus(void **state)
{
    static const char path[] = ROPP_SOURCE "/tests/corpus/headers.tsv";
    static struct header_case c;
    static char line[LINE];
    size_t count = 0;
    FILE *file;

    (void)state;
    file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot read: %s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        assert_non_null(strchr(line, '\n'));
        if (!read_case(line, &c))
            continue;
        run(&c);
        count++;
    }
    fclose(file);
    assert_true(count > 150);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};

    return UNIT_RUN(argc, argv, "corpus", tests, NULL, NULL);
}
