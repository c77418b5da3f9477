// SPDX-License-Identifier: MIT
#include "service/value.h"

#include <string.h>

static char value_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ropp_value_is_word(const char *text, size_t length, const char *word)
{
    size_t i;

    if (strlen(word) != length)
        return false;
    for (i = 0; i < length; i++)
        if (value_lower(text[i]) != word[i])
            return false;
    return true;
}

bool ropp_value_switch(const char *text, size_t length, bool *on)
{
    *on = ropp_value_is_word(text, length, "on") || ropp_value_is_word(text, length, "yes") ||
          ropp_value_is_word(text, length, "true");
    return *on || ropp_value_is_word(text, length, "off") ||
           ropp_value_is_word(text, length, "no") || ropp_value_is_word(text, length, "false");
}

bool ropp_value_is_off(const char *text, size_t length)
{
    bool on;

    return ropp_value_switch(text, length, &on) && !on;
}

bool ropp_value_number(const char *text, size_t length, int least, int most, int *number)
{
    long result = 0;
    size_t i;

    if (length == 0 || length > 9)
        return false;
    for (i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        result = result * 10 + (text[i] - '0');
    }
    if (result < least || result > most)
        return false;
    *number = (int)result;
    return true;
}

bool ropp_value_is_alphanumeric(const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        char c = value_lower(text[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

/* IP[:PORT] */
static bool value_endpoint(const char *text, size_t length, struct ropp_endpoint *endpoint)
{
    const char *colon = (const char *)memchr(text, ':', length);
    size_t ip_length = colon != NULL ? (size_t)(colon - text) : length;
    struct ropp_addr addr;
    int port = 0;

    if (!ropp_addr_parse(text, ip_length, &addr) || addr.family != ROPP_FAMILY_INET ||
        ropp_addr_to_v4(&addr) == 0)
        return false;
    if (colon != NULL && !ropp_value_number(colon + 1, length - ip_length - 1, 1, 65535, &port))
        return false;
    endpoint->ip = ropp_addr_to_v4(&addr);
    endpoint->port = (uint16_t)port;
    return true;
}

/* char=IP[:PORT] or map=IP[:PORT]; either may come once. */
static bool value_route_target(const char *word, size_t length, struct ropp_route *route)
{
    static const char *const names[ROPP_TARGET_COUNT] = {"char=", "map="};
    int i;

    for (i = 0; i < ROPP_TARGET_COUNT; i++) {
        size_t name = strlen(names[i]);

        if (length > name && ropp_value_is_word(word, name, names[i]))
            return route->to[i].ip == 0 &&
                   value_endpoint(word + name, length - name, &route->to[i]);
    }
    return false;
}

/* The length of the next word of text..end, which begins where the blanks before it end. */
static size_t value_next_word(const char **text, const char *end)
{
    const char *at = *text;
    size_t length = 0;

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (at + length < end && at[length] != ' ' && at[length] != '\t')
        length++;
    *text = at;
    return length;
}

bool ropp_value_route(const char *text, size_t length, struct ropp_route *route)
{
    const char *end = text + length;
    size_t word = value_next_word(&text, end);

    memset(route, 0, sizeof *route);
    if (ropp_prefix_parse(text, word, &route->prefix) != ROPP_PREFIX_OK)
        return false;
    for (text += word; (word = value_next_word(&text, end)) > 0; text += word)
        if (!value_route_target(text, word, route))
            return false;
    return route->to[ROPP_TARGET_CHAR].ip != 0 || route->to[ROPP_TARGET_MAP].ip != 0;
}
