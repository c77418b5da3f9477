// SPDX-License-Identifier: MIT
/* Which of the names there are was meant by a word that is none of them: "did you mean".
 *
 *     struct ropp_suggestion meant;
 *     ropp_suggest_begin(&meant, word);
 *     for (each name there is)
 *         ropp_suggest_offer(&meant, name);
 *     ropp_error("no such list: %s: %ssee `ropp ban list`", word, ropp_suggest_text(&meant)); */
#ifndef ROPP_TOOLS_BASE_SUGGEST_H
#define ROPP_TOOLS_BASE_SUGGEST_H

#include <stddef.h>

enum {
    ROPP_SUGGEST_NAME = 64, /* longer words and names are passed over */
};

struct ropp_suggestion {
    char word[ROPP_SUGGEST_NAME];
    char nearest[ROPP_SUGGEST_NAME]; /* empty: none is near */
    size_t distance;                 /* of `nearest`, in slips */
    char text[ROPP_SUGGEST_NAME + 32];
};

/* The word as it was written; of `--name=VALUE` the name. */
void ropp_suggest_begin(struct ropp_suggestion *suggestion, const char *word);

/* One of the names there are. It is near when the word is its beginning, or becomes it by one slip
 * (a character wrong, missing, too many, or two of them swapped), or two when the name has more
 * than five characters. Of names equally near the first one counts. */
void ropp_suggest_offer(struct ropp_suggestion *suggestion, const char *name);

/* "did you mean 'NAME'? ", for the third part of a message, or "" when none is near. It is the
 * suggestion's own. */
const char *ropp_suggest_text(struct ropp_suggestion *suggestion);

/* The slips between two words; SIZE_MAX when one is passed over for its length. */
size_t ropp_suggest_distance(const char *a, const char *b);

#endif
