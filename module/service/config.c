#include "service/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether the first `length` characters of text are word, in any case. */
static bool is_word(const char *text, size_t length, const char *word)
{
    size_t i;

    if (strlen(word) != length)
        return false;
    for (i = 0; i < length; i++)
        if (lower(text[i]) != word[i])
            return false;
    return true;
}

bool ropp_config_is_word(const char *text, const char *word)
{
    return is_word(text, strlen(text), word);
}

void ropp_config_init(struct ropp_config *config)
{
    memset(config, 0, sizeof *config);
    config->mode = ROPP_MODE_OFF;
    config->header_timeout_ms = 3000;
    config->listen_backlog = 511;
    config->ticket_check = ROPP_TICKET_LOG;
    config->advertise_destination = true;
    config->hide_origin = true;
    config->bans = true;
    config->ban_kick = true;
    config->connlog = ROPP_CONNLOG_REFUSED;
    config->connlog_days = 30;
    config->connlog_rows = 1000000;
    ropp_dbconf_init(&config->db);
}

static void free_texts(struct ropp_config_texts *list)
{
    while (list->count > 0)
        free(list->items[--list->count]);
    free(list->items);
}

bool ropp_config_add_text(struct ropp_config_texts *list, const char *text, size_t length)
{
    char **items = (char **)realloc(list->items, (list->count + 1) * sizeof *items);
    char *copy = (char *)malloc(length + 1);

    if (items)
        list->items = items;
    if (!items || !copy) {
        free(copy);
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    items[list->count++] = copy;
    return true;
}

void ropp_config_free(struct ropp_config *config)
{
    free(config->trusted.items);
    free(config->direct.items);
    free(config->routes.items);
    free_texts(&config->imported);
    free_texts(&config->login_only);
    ropp_config_init(config);
}

struct ropp_policy ropp_config_policy(const struct ropp_config *config)
{
    struct ropp_policy policy;

    policy.mode = config->mode;
    policy.trusted.items = config->trusted.items;
    policy.trusted.count = config->trusted.count;
    policy.direct.items = config->direct.items;
    policy.direct.count = config->direct.count;
    return policy;
}

struct ropp_routes ropp_config_routes(const struct ropp_config *config)
{
    struct ropp_routes routes;

    routes.items = config->routes.items;
    routes.count = config->routes.count;
    routes.advertise_destination = config->advertise_destination;
    routes.hide_origin = config->hide_origin;
    return routes;
}

/* ---- the values ---- */

/* Each reader returns NULL, or what a good value looks like. */

/* A switch, in each of the words that the emulators' own files use for one. */
static bool read_switch(const char *value, size_t length, bool *on)
{
    *on = is_word(value, length, "on") || is_word(value, length, "yes") ||
          is_word(value, length, "true");
    return *on || is_word(value, length, "off") || is_word(value, length, "no") ||
           is_word(value, length, "false");
}

/* For settings that can be off, but are more than a switch when they are not. */
static bool is_off(const char *value, size_t length)
{
    bool on;

    return read_switch(value, length, &on) && !on;
}

static const char *set_mode(struct ropp_config *config, const char *value, size_t length)
{
    bool on;

    if (read_switch(value, length, &on))
        config->mode = on ? ROPP_MODE_ON : ROPP_MODE_OFF;
    else if (is_word(value, length, "strict"))
        config->mode = ROPP_MODE_STRICT;
    else
        return "write off, on or strict";
    return NULL;
}

/* A whole number within bounds, with nothing before or behind it. */
static bool read_number(const char *value, size_t length, int least, int most, int *number)
{
    long result = 0;
    size_t i;

    if (length == 0 || length > 9)
        return false;
    for (i = 0; i < length; i++) {
        if (value[i] < '0' || value[i] > '9')
            return false;
        result = result * 10 + (value[i] - '0');
    }
    if (result < least || result > most)
        return false;
    *number = (int)result;
    return true;
}

static const char *set_timeout(struct ropp_config *config, const char *value, size_t length)
{
    if (!read_number(value, length, 100, 60000, &config->header_timeout_ms))
        return "write a whole number of milliseconds from 100 to 60000";
    return NULL;
}

static const char *set_backlog(struct ropp_config *config, const char *value, size_t length)
{
    if (!read_number(value, length, 1, 65535, &config->listen_backlog))
        return "write a whole number of connections from 1 to 65535";
    return NULL;
}

static const char *add_prefix(struct ropp_config_prefixes *list, const struct ropp_prefix *prefix)
{
    struct ropp_prefix *items =
        (struct ropp_prefix *)realloc(list->items, (list->count + 1) * sizeof *items);

    if (!items)
        return "out of memory; free some and start again";
    items[list->count] = *prefix;
    list->items = items;
    list->count++;
    return NULL;
}

static const char *add_trusted(struct ropp_config *config, const char *value, size_t length)
{
    struct ropp_prefix prefix;
    enum ropp_prefix_error result = ropp_prefix_parse(value, length, &prefix);

    if (result != ROPP_PREFIX_OK)
        return ropp_prefix_error_text(result);
    if (prefix.length == 0)
        return "this trusts everybody, and any player could claim any address; name your proxies";
    return add_prefix(&config->trusted, &prefix);
}

static const char *add_direct(struct ropp_config *config, const char *value, size_t length)
{
    struct ropp_prefix prefix;
    enum ropp_prefix_error result = ropp_prefix_parse(value, length, &prefix);

    if (result != ROPP_PREFIX_OK)
        return ropp_prefix_error_text(result);
    return add_prefix(&config->direct, &prefix);
}

static const char *set_ticket_check(struct ropp_config *config, const char *value, size_t length)
{
    bool on;

    if (read_switch(value, length, &on))
        config->ticket_check = on ? ROPP_TICKET_ON : ROPP_TICKET_OFF;
    else if (is_word(value, length, "log"))
        config->ticket_check = ROPP_TICKET_LOG;
    else
        return "write off, log or on";
    return NULL;
}

static const char *set_advertise(struct ropp_config *config, const char *value, size_t length)
{
    if (is_word(value, length, "destination"))
        config->advertise_destination = true;
    else if (is_off(value, length))
        config->advertise_destination = false;
    else
        return "write off or destination";
    return NULL;
}

static const char *set_switch(bool *on, const char *value, size_t length)
{
    return read_switch(value, length, on) ? NULL : "write on or off";
}

static const char *set_hide_origin(struct ropp_config *config, const char *value, size_t length)
{
    return set_switch(&config->hide_origin, value, length);
}

static const char *set_unnamed(struct ropp_config *config, const char *value, size_t length)
{
    if (!is_word(value, length, "refuse") && !is_word(value, length, "hop"))
        return "write refuse or hop";
    config->unnamed_is_hop = is_word(value, length, "hop");
    return NULL;
}

static const char *set_standin_key(struct ropp_config *config, const char *value, size_t length)
{
    size_t i;

    if (length < ROPP_STANDIN_KEY_MIN || length > ROPP_STANDIN_KEY_MAX)
        return "write 16 to 128 letters and digits, the same on every server of the cluster";
    for (i = 0; i < length; i++) {
        char c = lower(value[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return "write letters and digits alone, the same on every server of the cluster";
    }
    ropp_standin_key_set(&config->standin_key, value, length);
    return NULL;
}

static const char *set_bans(struct ropp_config *config, const char *value, size_t length)
{
    return set_switch(&config->bans, value, length);
}

static const char *set_ban_kick(struct ropp_config *config, const char *value, size_t length)
{
    return set_switch(&config->ban_kick, value, length);
}

static const char *set_ban_on_error(struct ropp_config *config, const char *value, size_t length)
{
    if (!is_word(value, length, "open") && !is_word(value, length, "closed"))
        return "write open or closed";
    config->ban_fails_closed = is_word(value, length, "closed");
    return NULL;
}

bool ropp_config_add_login_only(struct ropp_config *config, const char *reason, size_t length)
{
    return length > 0 && length <= ROPP_CONFIG_REASON_MAX &&
           ropp_config_add_text(&config->login_only, reason, length);
}

static const char *add_login_only(struct ropp_config *config, const char *value, size_t length)
{
    if (ropp_config_add_login_only(config, value, length))
        return NULL;
    return "write one reason as it stands in ipbanlist, at most 255 bytes";
}

static const char *set_connlog(struct ropp_config *config, const char *value, size_t length)
{
    if (is_off(value, length))
        config->connlog = ROPP_CONNLOG_OFF;
    else if (is_word(value, length, "refused"))
        config->connlog = ROPP_CONNLOG_REFUSED;
    else if (is_word(value, length, "all"))
        config->connlog = ROPP_CONNLOG_ALL;
    else
        return "write off, refused or all";
    return NULL;
}

static const char *set_connlog_days(struct ropp_config *config, const char *value, size_t length)
{
    if (!read_number(value, length, 1, 3650, &config->connlog_days))
        return "write a whole number of days from 1 to 3650";
    return NULL;
}

static const char *set_connlog_rows(struct ropp_config *config, const char *value, size_t length)
{
    if (!read_number(value, length, 1000, 100000000, &config->connlog_rows))
        return "write a whole number of rows from 1000 to 100000000";
    return NULL;
}

/* Only a password may be empty. */
static const char *set_db(struct ropp_config *config, enum ropp_dbconf_field field,
                          const char *value, const char *todo)
{
    if (value[0] == '\0' && field != ROPP_DBCONF_PASSWORD)
        return todo;
    return ropp_dbconf_set(&config->db, ROPP_DBCONF_PROXY, field, value) ? NULL : todo;
}

static const char *set_db_host(struct ropp_config *config, const char *value, size_t length)
{
    (void)length;
    return set_db(config, ROPP_DBCONF_HOST, value, "write a host name or an address");
}

static const char *set_db_port(struct ropp_config *config, const char *value, size_t length)
{
    (void)length;
    return set_db(config, ROPP_DBCONF_PORT, value, "write a port from 1 to 65535");
}

static const char *set_db_user(struct ropp_config *config, const char *value, size_t length)
{
    (void)length;
    return set_db(config, ROPP_DBCONF_USER, value, "write 1 to 127 characters");
}

static const char *set_db_password(struct ropp_config *config, const char *value, size_t length)
{
    (void)length;
    return set_db(config, ROPP_DBCONF_PASSWORD, value, "write at most 255 characters");
}

static const char *set_db_name(struct ropp_config *config, const char *value, size_t length)
{
    (void)length;
    return set_db(config, ROPP_DBCONF_NAME, value, "write 1 to 127 characters");
}

/* IP[:PORT] */
static bool read_endpoint(const char *text, size_t length, struct ropp_endpoint *endpoint)
{
    const char *colon = (const char *)memchr(text, ':', length);
    size_t ip_length = colon ? (size_t)(colon - text) : length;
    struct ropp_addr addr;
    int port = 0;

    if (!ropp_addr_parse(text, ip_length, &addr) || addr.family != ROPP_FAMILY_INET ||
        ropp_addr_to_v4(&addr) == 0)
        return false;
    if (colon && !read_number(colon + 1, length - ip_length - 1, 1, 65535, &port))
        return false;
    endpoint->ip = ropp_addr_to_v4(&addr);
    endpoint->port = (uint16_t)port;
    return true;
}

/* char=IP[:PORT] or map=IP[:PORT]; either may come once. */
static bool read_route_target(const char *word, size_t length, struct ropp_route *route)
{
    static const char *const names[ROPP_TARGET_COUNT] = {"char=", "map="};
    int i;

    for (i = 0; i < ROPP_TARGET_COUNT; i++) {
        size_t name = strlen(names[i]);

        if (length > name && is_word(word, name, names[i]))
            return route->to[i].ip == 0 && read_endpoint(word + name, length - name, &route->to[i]);
    }
    return false;
}

static bool read_route(const char *value, size_t length, struct ropp_route *route)
{
    const char *end = value + length;
    size_t word = strcspn(value, " \t");

    memset(route, 0, sizeof *route);
    if (ropp_prefix_parse(value, word, &route->prefix) != ROPP_PREFIX_OK)
        return false;
    for (value += word; value < end; value += word) {
        value += strspn(value, " \t");
        word = strcspn(value, " \t");
        if (word == 0)
            break;
        if (!read_route_target(value, word, route))
            return false;
    }
    return route->to[ROPP_TARGET_CHAR].ip != 0 || route->to[ROPP_TARGET_MAP].ip != 0;
}

static const char *add_route(struct ropp_config *config, const char *value, size_t length)
{
    struct ropp_config_route_list *list = &config->routes;
    struct ropp_route route, *items;

    if (!read_route(value, length, &route))
        return "write PREFIX char=IP[:PORT] map=IP[:PORT], "
               "such as 192.0.2.10/32 char=198.51.100.1:6121 map=198.51.100.1";
    items = (struct ropp_route *)realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items)
        return "out of memory; free some and start again";
    items[list->count] = route;
    list->items = items;
    list->count++;
    return NULL;
}

/* ---- the keys ---- */

enum config_value {
    CONFIG_WORD,   /* one value */
    CONFIG_TEXT,   /* one value, taken letter by letter */
    CONFIG_SECRET, /* the same, and no message shows it */
    CONFIG_LIST,   /* any number of words, each given to `set` */
    CONFIG_REPEAT  /* one value; the key may repeat */
};

struct config_key {
    const char *name;
    enum config_value value;
    const char *(*set)(struct ropp_config *config, const char *value, size_t length);
};

static const struct config_key config_keys[] = {
    {"proxy_protocol", CONFIG_WORD, set_mode},
    {"proxy_trusted", CONFIG_LIST, add_trusted},
    {"proxy_direct", CONFIG_LIST, add_direct},
    {"proxy_header_timeout", CONFIG_WORD, set_timeout},
    {"proxy_listen_backlog", CONFIG_WORD, set_backlog},
    {"proxy_auth_ip_check", CONFIG_WORD, set_ticket_check},
    {"proxy_advertise", CONFIG_WORD, set_advertise},
    {"proxy_route", CONFIG_REPEAT, add_route},
    {"proxy_hide_origin", CONFIG_WORD, set_hide_origin},
    {"proxy_unnamed", CONFIG_WORD, set_unnamed},
    {"proxy_standin_key", CONFIG_SECRET, set_standin_key},
    {"proxy_bans", CONFIG_WORD, set_bans},
    {"proxy_ban_on_error", CONFIG_WORD, set_ban_on_error},
    {"proxy_ban_kick", CONFIG_WORD, set_ban_kick},
    {"proxy_ban_login_only", CONFIG_REPEAT, add_login_only},
    {"proxy_connlog", CONFIG_WORD, set_connlog},
    {"proxy_connlog_days", CONFIG_WORD, set_connlog_days},
    {"proxy_connlog_rows", CONFIG_WORD, set_connlog_rows},
    {"proxy_db_host", CONFIG_TEXT, set_db_host},
    {"proxy_db_port", CONFIG_WORD, set_db_port},
    {"proxy_db_user", CONFIG_TEXT, set_db_user},
    {"proxy_db_password", CONFIG_SECRET, set_db_password},
    {"proxy_db_name", CONFIG_TEXT, set_db_name},
};

#define CONFIG_KEY_COUNT (sizeof config_keys / sizeof config_keys[0])

/* A bit of keys_set for each. */
typedef char config_keys_have_bits[CONFIG_KEY_COUNT <= 64 ? 1 : -1];

static const struct config_key *find_key(const char *key)
{
    size_t i;

    for (i = 0; i < CONFIG_KEY_COUNT; i++)
        if (ropp_config_is_word(key, config_keys[i].name))
            return &config_keys[i];
    return NULL;
}

/* Whether a key is another one but for case, blanks, hyphens and underscores. */
static bool is_almost(const char *key, const char *name)
{
    static const char loose[] = "-_. \t";

    for (;; key++, name++) {
        key += strspn(key, loose);
        name += strspn(name, loose);
        if (lower(*key) != *name)
            return false;
        if (*key == '\0')
            return true;
    }
}

const char *ropp_config_meant(const char *key)
{
    size_t i;

    for (i = 0; i < CONFIG_KEY_COUNT; i++)
        if (is_almost(key, config_keys[i].name))
            return config_keys[i].name;
    return NULL;
}

bool ropp_config_is_key(const char *key)
{
    key += strspn(key, " \t");
    return (strlen(key) >= 6 && is_word(key, 5, "proxy") && (key[5] == '_' || key[5] == '-')) ||
           ropp_config_meant(key) != NULL;
}

bool ropp_config_is_db_key(const char *key)
{
    const char *meant = ropp_config_meant(key);

    key = meant ? meant : key;
    return strlen(key) >= 8 && is_word(key, 8, "proxy_db");
}

bool ropp_config_is_secret(const char *key)
{
    const struct config_key *found = find_key(key);

    return found && found->value == CONFIG_SECRET;
}

const char *ropp_config_key_in_group(const char *name)
{
    return ropp_config_is_word(name, "mode") ? "proxy_protocol" : name;
}

/* The value stays out of it: it may be a password behind a mistyped key. */
static void explain_unknown(const char *where, const char *key, char error[ROPP_ERROR_TEXT])
{
    const char *meant = ropp_config_meant(key);
    size_t i, used;
    int printed;

    if (meant) {
        snprintf(error, ROPP_ERROR_TEXT, "unknown setting: %s: %.64s: write %s", where, key, meant);
        return;
    }
    printed = snprintf(error, ROPP_ERROR_TEXT, "unknown setting: %s: %.64s: the settings are",
                       where, key);
    for (i = 0; i < CONFIG_KEY_COUNT && printed > 0; i++) {
        used = strlen(error);
        printed = snprintf(error + used, ROPP_ERROR_TEXT - used, "%s %s", i ? "," : "",
                           config_keys[i].name);
    }
}

/* Why a setting cannot have this form, with what to write instead; NULL when it can. */
static const char *explain_form(enum config_value value, enum ropp_config_form form)
{
    switch (form) {
    case ROPP_FORM_TEXT:
        return NULL;
    case ROPP_FORM_BARE:
        return value == CONFIG_TEXT || value == CONFIG_SECRET
                   ? "not in quotes, so its letters are not kept: write it in quotes"
                   : NULL;
    case ROPP_FORM_LIST:
        return value == CONFIG_LIST || value == CONFIG_REPEAT ? NULL : "a list: write one value";
    case ROPP_FORM_EMPTY:
        return "a list with nothing in it: write a value into it, or take the setting out";
    case ROPP_FORM_GROUP:
        break;
    }
    return value == CONFIG_LIST || value == CONFIG_REPEAT
               ? "a group: write one value, or a list of values"
               : "a group: write one value";
}

bool ropp_config_check_form(const char *where, const char *key, enum ropp_config_form form,
                            char error[ROPP_ERROR_TEXT])
{
    const struct config_key *found = find_key(key);
    const char *todo;

    if (!found) {
        explain_unknown(where, key, error);
        return false;
    }
    todo = explain_form(found->value, form);
    if (todo)
        snprintf(error, ROPP_ERROR_TEXT, "wrong type: %s: %s: %s", where, found->name, todo);
    return todo == NULL;
}

bool ropp_config_set(struct ropp_config *config, const char *where, const char *key,
                     const char *value, char error[ROPP_ERROR_TEXT])
{
    static const char separators[] = ", \t";
    const struct config_key *found = find_key(key);
    const char *todo = "write a value";
    const char *word = value;
    size_t length;

    if (!found) {
        explain_unknown(where, key, error);
        return false;
    }
    if (found->value != CONFIG_LIST) {
        todo = found->set(config, value, strlen(value));
        length = strlen(value);
    } else {
        /* At least one word, and each of them good. */
        do {
            word += strspn(word, separators);
            length = strcspn(word, separators);
            if (length == 0)
                break;
            todo = found->set(config, word, length);
            word += todo ? 0 : length;
        } while (!todo);
    }
    if (!todo) {
        config->keys_set |= (uint64_t)1 << (found - config_keys);
        return true;
    }
    if (found->value == CONFIG_SECRET)
        snprintf(error, ROPP_ERROR_TEXT, "bad value: %s: %s: %s", where, found->name, todo);
    else
        snprintf(error, ROPP_ERROR_TEXT, "bad value: %s: %s: '%.*s': %s", where, found->name,
                 length > 64 ? 64 : (int)length, word, todo);
    return false;
}

/* ---- all of them ---- */

bool ropp_config_check(const struct ropp_config *config, char error[ROPP_ERROR_TEXT])
{
    if (config->mode == ROPP_MODE_OFF || config->trusted.count > 0)
        return true;
    snprintf(error, ROPP_ERROR_TEXT,
             "no proxy is trusted: proxy_protocol is %s and proxy_trusted is missing: name the "
             "addresses your proxies connect from, or set proxy_protocol to off",
             config->mode == ROPP_MODE_ON ? "on" : "strict");
    return false;
}

bool ropp_config_unused(const struct ropp_config *config, char line[ROPP_LINE_TEXT])
{
    bool missing = true;
    const char *between = "";
    size_t i, used;

    line[0] = '\0';
    for (i = 0; i < CONFIG_KEY_COUNT; i++)
        if (config->keys_set >> i & 1 && config_keys[i].set == set_mode)
            missing = false;
    if (config->mode != ROPP_MODE_OFF)
        return false;
    snprintf(line, ROPP_LINE_TEXT,
             "ropp: proxy_protocol is %s, so these settings do nothing: write proxy_protocol: on "
             "(in Hercules mode: \"on\" in the group), or take them out: ",
             missing ? "missing" : "off");
    for (i = 0; i < CONFIG_KEY_COUNT; i++) {
        if (!(config->keys_set >> i & 1) || config_keys[i].set == set_mode)
            continue;
        used = strlen(line);
        snprintf(line + used, ROPP_LINE_TEXT - used, "%s%s", between, config_keys[i].name);
        between = ", ";
    }
    return between[0] != '\0';
}
