// SPDX-License-Identifier: MIT
/* The values that settings have, read from the text that an owner wrote. Each function takes
 * text[0..length), which need not be terminated, and returns false when it is not of its form; then
 * the result is not to be used. Letters are compared without regard to case, as the emulators do.
 */
#ifndef ROPP_SERVICE_VALUE_H
#define ROPP_SERVICE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/route.h"

/* Whether the text is this word, which is in small letters. */
bool ropp_value_is_word(const char *text, size_t length, const char *word);

/* A switch, in each of the words that the emulators' own files use for one: on, yes, true; off, no,
 * false. */
bool ropp_value_switch(const char *text, size_t length, bool *on);

/* A switch that is off: for settings that are more than a switch when they are on. */
bool ropp_value_is_off(const char *text, size_t length);

/* A whole number from least to most, with nothing before or behind it. */
bool ropp_value_number(const char *text, size_t length, int least, int most, int *number);

/* PREFIX char=IP[:PORT] map=IP[:PORT]; either of the two may be missing. */
bool ropp_value_route(const char *text, size_t length, struct ropp_route *route);

/* Whether there are letters and digits alone. */
bool ropp_value_is_alphanumeric(const char *text, size_t length);

#endif
