// SPDX-License-Identifier: MIT
/* What "did you mean" finds. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/base/suggest.h"

static const char *const names[] = {"add",      "del",      "list",     "check",  "import",
                                    "export",   "--source", "--within", "--json", "--prometheus",
                                    "--author", "drop",     "edrop"};

static const struct {
    const char *word;
    const char *nearest; /* "" for none */
} cases[] = {
    {"lst", "list"},            /* one missing */
    {"listt", "list"},          /* one too many */
    {"lisd", "list"},           /* one wrong */
    {"lsit", "list"},           /* two swapped */
    {"imp", "import"},          /* a beginning */
    {"exprot", "export"},       /* swapped */
    {"--sorce", "--source"},    /* an option */
    {"--sorce=x", "--source"},  /* with its value */
    {"-json", "--json"},        /* a dash missing */
    {"--prom", "--prometheus"}, /* the beginning of one */
    {"--auther", "--author"},   /* wrong */
    {"--wihtn", "--within"},    /* swapped, and one missing */
    {"drpo", "drop"},           /* not edrop */
    {"edrpo", "edrop"},         /* the nearer one */
    {"ad", "add"},              /* two characters are a beginning */
    {"a", ""},                  /* one is not */
    {"", ""},                   /* nothing */
    {"dance", ""},              /* nothing like it */
    {"--colour", ""},           /* nor this */
    {"xx", ""},                 /* two wrong of two */
    {"imxxrt", "import"},       /* two wrong of six */
    {"ixxxrt", ""},             /* three are too many */
    {"chxxk", ""},              /* two of five as well */
    {"chexk", "check"},         /* one is not */
    {"0123456789012345678901234567890123456789012345678901234567890123456789", ""},
};

static void finds(void **state)
{
    struct ropp_suggestion meant;
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ropp_suggest_begin(&meant, cases[i].word);
        for (j = 0; j < sizeof names / sizeof names[0]; j++)
            ropp_suggest_offer(&meant, names[j]);
        if (strcmp(meant.nearest, cases[i].nearest) != 0)
            fail_msg("'%s': is '%s' and should be '%s'", cases[i].word, meant.nearest,
                     cases[i].nearest);
    }
}

static void says(void **state)
{
    struct ropp_suggestion meant;

    (void)state;
    ropp_suggest_begin(&meant, "statsu");
    assert_string_equal(ropp_suggest_text(&meant), "");
    ropp_suggest_offer(&meant, "status");
    assert_string_equal(ropp_suggest_text(&meant), "did you mean 'status'? ");
}

/* A name of the greatest length fits, a longer one is passed over. */
static void bounds(void **state)
{
    struct ropp_suggestion meant;
    char name[ROPP_SUGGEST_NAME + 1];

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ropp_suggest_begin(&meant, "nnn");
    ropp_suggest_offer(&meant, name);
    assert_string_equal(meant.nearest, "");
    ropp_suggest_offer(&meant, name + 1);
    assert_string_equal(meant.nearest, name + 1);
    ropp_suggest_text(&meant);
    assert_int_equal(strlen(meant.text), strlen(name + 1) + strlen("did you mean ''? "));
    ropp_suggest_begin(&meant, name + 1);
    ropp_suggest_offer(&meant, name + 2);
    assert_string_equal(meant.nearest, name + 2);
}

static void slips(void **state)
{
    static const struct {
        const char *a, *b;
        size_t slips;
    } pairs[] = {
        {"", "", 0},       {"a", "", 1},          {"", "abc", 3},      {"same", "same", 0},
        {"ab", "ba", 1},   {"abcd", "acbd", 1},   {"ca", "abc", 3},    {"kitten", "sitting", 3},
        {"abc", "xyz", 3}, {"abcdef", "bcde", 2}, {"badc", "abcd", 2}, {"aab", "aba", 1},
    };
    char longest[ROPP_SUGGEST_NAME + 1];

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_int_equal(ropp_suggest_distance(pairs[i].a, pairs[i].b), pairs[i].slips);
        assert_int_equal(ropp_suggest_distance(pairs[i].b, pairs[i].a), pairs[i].slips);
    }
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(ropp_suggest_distance(longest + 1, longest + 1), 0);
    assert_int_equal(ropp_suggest_distance(longest + 1, ""), ROPP_SUGGEST_NAME - 1);
    assert_true(ropp_suggest_distance(longest, "") == SIZE_MAX);
    assert_true(ropp_suggest_distance("", longest) == SIZE_MAX);
}

/* The nearest counts, and of equal ones the first. */
static void nearest(void **state)
{
    static const char *const offered[] = {"lists", "lost", "list", "last"};
    struct ropp_suggestion meant;

    (void)state;
    ropp_suggest_begin(&meant, "lest");
    for (size_t i = 0; i < 4; i++)
        ropp_suggest_offer(&meant, offered[i]);
    assert_string_equal(meant.nearest, "lost");
    assert_int_equal(meant.distance, 1);
    ropp_suggest_begin(&meant, "exprot"); /* two slips first, then one */
    ropp_suggest_offer(&meant, "expert");
    assert_string_equal(meant.nearest, "expert");
    assert_int_equal(meant.distance, 2);
    ropp_suggest_offer(&meant, "export");
    assert_string_equal(meant.nearest, "export");
    assert_int_equal(meant.distance, 1);
    ropp_suggest_begin(&meant, "--within=--source");
    assert_string_equal(meant.word, "--within");
    ropp_suggest_begin(&meant, "a=b"); /* no option */
    assert_string_equal(meant.word, "a=b");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds),   cmocka_unit_test(says),   cmocka_unit_test(slips),
        cmocka_unit_test(nearest), cmocka_unit_test(bounds),
    };

    return UNIT_RUN(argc, argv, "suggest", tests, NULL, NULL);
}
