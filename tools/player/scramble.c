// SPDX-License-Identifier: MIT
#include "tools/player/scramble.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "tools/player/bytes.h"

/* Reads one key and what ends it; NULL when it is none. */
static const char *parse_key(const char *text, char end, uint32_t *key)
{
    char *rest = NULL;
    unsigned long long value;

    while (*text == ' ')
        text++;
    if (!isdigit((unsigned char)*text))
        return NULL;
    errno = 0;
    value = strtoull(text, &rest, text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10);
    if (errno != 0 || value > UINT32_MAX || *rest != end)
        return NULL;
    *key = (uint32_t)value;
    return rest + 1;
}

bool ropp_scramble_parse(const char *text, struct ropp_scramble_keys *keys)
{
    struct ropp_scramble_keys read;

    text = parse_key(text, ',', &read.start);
    if (text != NULL)
        text = parse_key(text, ',', &read.factor);
    if (text == NULL || parse_key(text, '\0', &read.step) == NULL)
        return false;
    *keys = read;
    return true;
}

void ropp_scramble(const struct ropp_scramble_keys *keys, uint32_t *state, uint8_t *packet)
{
    *state = *state * keys->factor + keys->step;
    ropp_put16(packet, ropp_get16(packet) ^ (*state >> 16 & 0x7fff));
}
