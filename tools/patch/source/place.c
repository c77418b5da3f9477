// SPDX-License-Identifier: MIT
#include "tools/patch/source/place.h"

#include <stdlib.h>
#include <string.h>

void ropp_place_free(struct ropp_place *place)
{
    ropp_texts_free(&place->lines);
    free(place->indent);
    free(place->function);
    free(place->conditions);
    memset(place, 0, sizeof *place);
}
