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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds),
        cmocka_unit_test(says),
        cmocka_unit_test(bounds),
    };

    return UNIT_RUN(argc, argv, "suggest", tests, NULL, NULL);
}
