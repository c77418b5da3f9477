#include "service/config.h"

#include <errno.h>
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
    ropp_dbconf_init(&config->db);
}

void ropp_config_free(struct ropp_config *config)
{
    free(config->trusted.items);
    free(config->direct.items);
    free(config->routes.items);
    while (config->imported.count > 0)
        free(config->imported.items[--config->imported.count]);
    free(config->imported.items);
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

static const char *set_mode(struct ropp_config *config, const char *value, size_t length)
{
    if (is_word(value, length, "off"))
        config->mode = ROPP_MODE_OFF;
    else if (is_word(value, length, "on"))
        config->mode = ROPP_MODE_ON;
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
    if (is_word(value, length, "off"))
        config->ticket_check = ROPP_TICKET_OFF;
    else if (is_word(value, length, "log"))
        config->ticket_check = ROPP_TICKET_LOG;
    else if (is_word(value, length, "on"))
        config->ticket_check = ROPP_TICKET_ON;
    else
        return "write off, log or on";
    return NULL;
}

static const char *set_advertise(struct ropp_config *config, const char *value, size_t length)
{
    if (is_word(value, length, "destination"))
        config->advertise_destination = true;
    else if (is_word(value, length, "off"))
        config->advertise_destination = false;
    else
        return "write off or destination";
    return NULL;
}

static const char *set_switch(bool *on, const char *value, size_t length)
{
    if (!is_word(value, length, "on") && !is_word(value, length, "off"))
        return "write on or off";
    *on = is_word(value, length, "on");
    return NULL;
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

static const char *set_connlog(struct ropp_config *config, const char *value, size_t length)
{
    if (is_word(value, length, "off"))
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
    CONFIG_WORD,  /* one value */
    CONFIG_LIST,  /* any number of words, each given to `set` */
    CONFIG_SECRET /* one value that no message shows */
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
    {"proxy_route", CONFIG_WORD, add_route},
    {"proxy_hide_origin", CONFIG_WORD, set_hide_origin},
    {"proxy_unnamed", CONFIG_WORD, set_unnamed},
    {"proxy_bans", CONFIG_WORD, set_bans},
    {"proxy_ban_on_error", CONFIG_WORD, set_ban_on_error},
    {"proxy_ban_kick", CONFIG_WORD, set_ban_kick},
    {"proxy_connlog", CONFIG_WORD, set_connlog},
    {"proxy_connlog_days", CONFIG_WORD, set_connlog_days},
    {"proxy_db_host", CONFIG_WORD, set_db_host},
    {"proxy_db_port", CONFIG_WORD, set_db_port},
    {"proxy_db_user", CONFIG_WORD, set_db_user},
    {"proxy_db_password", CONFIG_SECRET, set_db_password},
    {"proxy_db_name", CONFIG_WORD, set_db_name},
};

#define CONFIG_KEY_COUNT (sizeof config_keys / sizeof config_keys[0])

/* The value stays out of it: it may be a password behind a mistyped key. */
static void explain_unknown(const char *where, const char *key, char error[ROPP_ERROR_TEXT])
{
    size_t i, used;
    int printed;

    printed = snprintf(error, ROPP_ERROR_TEXT, "unknown setting: %s: %.64s: the settings are",
                       where, key);
    for (i = 0; i < CONFIG_KEY_COUNT && printed > 0; i++) {
        used = strlen(error);
        printed = snprintf(error + used, ROPP_ERROR_TEXT - used, "%s %s", i ? "," : "",
                           config_keys[i].name);
    }
}

bool ropp_config_set(struct ropp_config *config, const char *where, const char *key,
                     const char *value, char error[ROPP_ERROR_TEXT])
{
    static const char separators[] = ", \t";
    const struct config_key *found = NULL;
    const char *todo = "write a value";
    const char *word = value;
    size_t i, length;

    for (i = 0; i < CONFIG_KEY_COUNT; i++)
        if (is_word(key, strlen(key), config_keys[i].name))
            found = &config_keys[i];
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
    if (!todo)
        return true;
    if (found->value == CONFIG_SECRET)
        snprintf(error, ROPP_ERROR_TEXT, "bad value: %s: %s: %s", where, found->name, todo);
    else
        snprintf(error, ROPP_ERROR_TEXT, "bad value: %s: %s: '%.*s': %s", where, found->name,
                 length > 64 ? 64 : (int)length, word, todo);
    return false;
}

/* ---- files of `key: value` lines ---- */

#define LINE_TEXT 1024

static char *trim(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* The emulators take a comment only at the beginning of a line; owners also write one behind a
 * value, and no value of ours but a password holds two slashes. */
static void cut_comment(char *value)
{
    char *comment = strstr(value, "//");

    if (comment)
        *comment = '\0';
}

bool ropp_config_is_key(const char *key)
{
    static const char prefix[] = "proxy_";
    size_t i;

    for (i = 0; i < sizeof prefix - 1; i++)
        if (lower(key[i]) != prefix[i])
            return false;
    return true;
}

/* Reads the rest of a line that did not fit. */
static void skip_line(FILE *file)
{
    int c;

    do
        c = getc(file);
    while (c != '\n' && c != EOF);
}

/* ---- imports ---- */

#define IMPORT_DEPTH 8 /* of files that import files; an emulator in a circle ends by itself */

static bool is_imported(const struct ropp_config *config, const char *path)
{
    size_t i;

    for (i = 0; i < config->imported.count; i++)
        if (strcmp(config->imported.items[i], path) == 0)
            return true;
    return false;
}

static bool remember_import(struct ropp_config *config, const char *path,
                            char error[ROPP_ERROR_TEXT])
{
    struct ropp_config_paths *list = &config->imported;
    char **items = (char **)realloc(list->items, (list->count + 1) * sizeof *items);
    char *copy = (char *)malloc(strlen(path) + 1);

    if (items)
        list->items = items;
    if (!items || !copy) {
        free(copy);
        snprintf(error, ROPP_ERROR_TEXT, "out of memory: %.140s: free some and start again", path);
        return false;
    }
    strcpy(copy, path);
    items[list->count++] = copy;
    return true;
}

/* ---- lines ---- */

/* What is being read. */
struct config_file {
    struct ropp_config *config;
    enum ropp_server server;
    const char *path;
    unsigned number; /* of the line */
    unsigned depth;  /* of imports */
};

static bool read_file(const struct config_file *from, const char *path,
                      char error[ROPP_ERROR_TEXT]);

/* Takes a line that is the emulator's own: what matters of those is where its database is, and
 * which other files there are. */
static bool read_foreign_line(const struct config_file *file, char *line,
                              char error[ROPP_ERROR_TEXT])
{
    char *colon = strchr(line, ':'), *key, *value;

    if (!colon)
        return true;
    *colon = '\0';
    key = trim(line);
    value = trim(colon + 1);
    if (value[0] == '\0')
        return true; /* no setting to the emulators either */
    if (!is_word(key, strlen(key), "import")) {
        ropp_dbconf_take(&file->config->db, file->server, key, value);
        return true;
    }
    if (file->depth >= IMPORT_DEPTH)
        return true;
    return (is_imported(file->config, value) || remember_import(file->config, value, error)) &&
           read_file(file, value, error);
}

/* Takes a line that begins with a key of ours. */
static bool read_own_line(const struct config_file *file, char *line, bool cut,
                          char error[ROPP_ERROR_TEXT])
{
    char *colon = strchr(line, ':'), where[160];

    snprintf(where, sizeof where, "%.140s:%u", file->path, file->number);
    if (!colon) {
        line[strcspn(line, " \t=")] = '\0'; /* what follows may be a password */
        snprintf(error, ROPP_ERROR_TEXT, "no colon: %s: %.64s: write KEY: VALUE", where, line);
        return false;
    }
    *colon = '\0';
    line = trim(line);
    if (cut) {
        snprintf(error, ROPP_ERROR_TEXT,
                 "line too long: %s: %.64s: at most %d characters; the key may repeat", where, line,
                 LINE_TEXT - 2);
        return false;
    }
    if (!is_word(line, strlen(line), "proxy_db_password"))
        cut_comment(colon + 1);
    return ropp_config_set(file->config, where, line, trim(colon + 1), error);
}

/* Takes one line, in place; a cut one is too long. */
static bool read_line(const struct config_file *file, char *line, bool cut,
                      char error[ROPP_ERROR_TEXT])
{
    line = trim(line);
    if (ropp_config_is_key(line))
        return read_own_line(file, line, cut, error);
    return cut || read_foreign_line(file, line, error);
}

static bool read_lines(struct config_file *file, FILE *stream, char error[ROPP_ERROR_TEXT])
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    char line[LINE_TEXT];

    while (fgets(line, sizeof line, stream)) {
        bool cut = strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n';
        bool marked = file->number == 0 && strncmp(line, byte_order_mark, 3) == 0;

        file->number++;
        if (!read_line(file, line + (marked ? 3 : 0), cut, error))
            return false;
        if (cut)
            skip_line(stream);
    }
    if (!ferror(stream))
        return true;
    snprintf(error, ROPP_ERROR_TEXT, "cannot read: %.140s:%u: %s", file->path, file->number,
             strerror(errno));
    return false;
}

static bool read_file(const struct config_file *from, const char *path, char error[ROPP_ERROR_TEXT])
{
    struct config_file file = *from;
    FILE *stream = fopen(path, "r");
    bool good;

    if (!stream)
        return true;
    file.path = path;
    file.number = 0;
    file.depth++;
    good = read_lines(&file, stream, error);
    fclose(stream);
    return good;
}

bool ropp_config_read_lines(struct ropp_config *config, enum ropp_server server, const char *path,
                            char error[ROPP_ERROR_TEXT])
{
    struct config_file from = {config, server, NULL, 0, 0};

    return is_imported(config, path) || read_file(&from, path, error);
}

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
