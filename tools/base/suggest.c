// SPDX-License-Identifier: MIT
#include "tools/base/suggest.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The optimal string alignment distance. */
size_t ropp_suggest_distance(const char *a, const char *b)
{
    size_t rows[3][ROPP_SUGGEST_NAME], wide = strlen(b);
    size_t *before = rows[0], *above = rows[1], *row = rows[2], *spare;

    if (strlen(a) >= ROPP_SUGGEST_NAME || wide >= ROPP_SUGGEST_NAME)
        return SIZE_MAX;
    for (size_t j = 0; j <= wide; j++)
        above[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        row[0] = i + 1;
        for (size_t j = 0; j < wide; j++) {
            row[j + 1] = least(least(above[j + 1], row[j]) + 1, above[j] + (a[i] != b[j]));
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
                row[j + 1] = least(row[j + 1], before[j - 1] + 1);
        }
        spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[wide];
}

/* Without the dashes of an option: they say nothing about what was meant. */
static const char *bare(const char *word)
{
    return word + strspn(word, "-");
}

void ropp_suggest_begin(struct ropp_suggestion *suggestion, const char *word)
{
    size_t length = word[0] == '-' ? strcspn(word, "=") : strlen(word);

    memset(suggestion, 0, sizeof *suggestion);
    if (length < sizeof suggestion->word)
        memcpy(suggestion->word, word, length);
}

void ropp_suggest_offer(struct ropp_suggestion *suggestion, const char *name)
{
    const char *word = bare(suggestion->word), *whole = bare(name);
    size_t length = strlen(word), slips;

    if (length < 2 || strlen(name) >= ROPP_SUGGEST_NAME)
        return;
    slips = strncmp(word, whole, length) == 0 ? 1 : ropp_suggest_distance(word, whole);
    if (slips > (strlen(whole) > 5 ? 2U : 1U))
        return;
    if (suggestion->nearest[0] != '\0' && slips >= suggestion->distance)
        return;
    snprintf(suggestion->nearest, sizeof suggestion->nearest, "%s", name);
    suggestion->distance = slips;
}

const char *ropp_suggest_text(struct ropp_suggestion *suggestion)
{
    if (suggestion->nearest[0] != '\0')
        snprintf(suggestion->text, sizeof suggestion->text, "did you mean '%s'? ",
                 suggestion->nearest);
    return suggestion->text;
}
