// SPDX-License-Identifier: MIT
#include "service/keys.h"

#include <stdio.h>
#include <string.h>

#include "service/value.h"

/* ---- the keys ---- */

enum keys_form {
    KEYS_WORD,   /* one value */
    KEYS_TEXT,   /* one value, taken letter by letter */
    KEYS_SECRET, /* the same, and no message shows it */
    KEYS_LIST,   /* any number of words, each given to `set` */
    KEYS_REPEAT  /* one value; the key may repeat */
};

struct keys_key {
    const char *name;
    enum keys_form form;
    /* Sets the value; returns NULL, or what a good one looks like. `value` is terminated. */
    const char *(*set)(const struct keys_key *key, struct ropp_config *config, const char *value,
                       size_t length);
    const char *todo; /* what a good value looks like */
    size_t field;     /* of keys_set_bool and keys_set_number: its offset in struct ropp_config */
    const char *no, *yes;      /* of keys_set_bool: the words; "off" and "on" are any switch's */
    int least, most;           /* of keys_set_number */
    enum ropp_dbconf_field db; /* of keys_set_db */
};

static const char keys_no_memory[] = "out of memory; free some and start again";

/* Which of the words the value is, -1: none of them. */
static int keys_choose(const char *const words[], int count, const char *value, size_t length)
{
    bool on;
    int i;

    if (ropp_value_switch(value, length, &on)) {
        value = on ? "on" : "off";
        length = strlen(value);
    }
    for (i = 0; i < count; i++)
        if (ropp_value_is_word(value, length, words[i]))
            return i;
    return -1;
}

static const char *keys_set_bool(const struct keys_key *key, struct ropp_config *config,
                                 const char *value, size_t length)
{
    const char *const words[] = {key->no, key->yes};
    int chosen = keys_choose(words, 2, value, length);

    if (chosen < 0)
        return key->todo;
    *(bool *)((char *)config + key->field) = chosen != 0;
    return NULL;
}

static const char *keys_set_number(const struct keys_key *key, struct ropp_config *config,
                                   const char *value, size_t length)
{
    int *number = (int *)(void *)((char *)config + key->field);

    return ropp_value_number(value, length, key->least, key->most, number) ? NULL : key->todo;
}

static const char *keys_set_mode(const struct keys_key *key, struct ropp_config *config,
                                 const char *value, size_t length)
{
    static const char *const words[] = {"off", "on", "strict"};
    int chosen = keys_choose(words, 3, value, length);

    if (chosen < 0)
        return key->todo;
    config->mode = (enum ropp_mode)chosen;
    return NULL;
}

static const char *keys_set_ticket_check(const struct keys_key *key, struct ropp_config *config,
                                         const char *value, size_t length)
{
    static const char *const words[] = {"off", "log", "on"};
    int chosen = keys_choose(words, 3, value, length);

    if (chosen < 0)
        return key->todo;
    config->ticket_check = (enum ropp_ticket_check)chosen;
    return NULL;
}

static const char *keys_set_connlog(const struct keys_key *key, struct ropp_config *config,
                                    const char *value, size_t length)
{
    static const char *const words[] = {"off", "refused", "all"};
    int chosen = keys_choose(words, 3, value, length);

    if (chosen < 0)
        return key->todo;
    config->connlog = (enum ropp_connlog)chosen;
    return NULL;
}

static const char *keys_add_prefix(struct ropp_config_prefixes *list, bool may_be_all,
                                   const char *value, size_t length)
{
    struct ropp_prefix prefix;
    enum ropp_prefix_error result = ropp_prefix_parse(value, length, &prefix);

    if (result != ROPP_PREFIX_OK)
        return ropp_prefix_error_text(result);
    if (prefix.length == 0 && !may_be_all)
        return "this trusts everybody, and any player could claim any address; name your proxies";
    return ropp_config_add_prefix(list, &prefix) ? NULL : keys_no_memory;
}

static const char *keys_add_trusted(const struct keys_key *key, struct ropp_config *config,
                                    const char *value, size_t length)
{
    (void)key;
    return keys_add_prefix(&config->trusted, false, value, length);
}

static const char *keys_add_direct(const struct keys_key *key, struct ropp_config *config,
                                   const char *value, size_t length)
{
    (void)key;
    return keys_add_prefix(&config->direct, true, value, length);
}

static const char *keys_add_route(const struct keys_key *key, struct ropp_config *config,
                                  const char *value, size_t length)
{
    struct ropp_route route;

    if (!ropp_value_route(value, length, &route))
        return key->todo;
    return ropp_config_add_route(&config->routes, &route) ? NULL : keys_no_memory;
}

static const char *keys_set_standin_key(const struct keys_key *key, struct ropp_config *config,
                                        const char *value, size_t length)
{
    if (length < ROPP_STANDIN_KEY_MIN || length > ROPP_STANDIN_KEY_MAX ||
        !ropp_value_is_alphanumeric(value, length))
        return key->todo;
    ropp_standin_key_set(&config->standin_key, value, length);
    return NULL;
}

static const char *keys_add_login_only(const struct keys_key *key, struct ropp_config *config,
                                       const char *value, size_t length)
{
    return ropp_config_add_login_only(config, value, length) ? NULL : key->todo;
}

/* Only a password may be empty. */
static const char *keys_set_db(const struct keys_key *key, struct ropp_config *config,
                               const char *value, size_t length)
{
    if (length == 0 && key->db != ROPP_DBCONF_PASSWORD)
        return key->todo;
    return ropp_dbconf_set(&config->db, ROPP_DBCONF_PROXY, key->db, value) ? NULL : key->todo;
}

/* The columns of a row that its kind of value does not need. */
#define KEYS_PLAIN 0, NULL, NULL, 0, 0, ROPP_DBCONF_FIELDS
#define KEYS_BOOL(field, no, yes)                                                                  \
    "write " no " or " yes, offsetof(struct ropp_config, field), no, yes, 0, 0, ROPP_DBCONF_FIELDS
#define KEYS_SWITCH(field)                                                                         \
    "write on or off", offsetof(struct ropp_config, field), "off", "on", 0, 0, ROPP_DBCONF_FIELDS
#define KEYS_NUMBER(field, least, most, unit)                                                      \
    "write a whole number of " unit " from " #least " to " #most,                                  \
        offsetof(struct ropp_config, field), NULL, NULL, least, most, ROPP_DBCONF_FIELDS

/* The order is that of the bits of keys_set. */
static const struct keys_key keys_table[] = {
    {"proxy_protocol", KEYS_WORD, keys_set_mode, "write off, on or strict", KEYS_PLAIN},
    {"proxy_trusted", KEYS_LIST, keys_add_trusted, NULL, KEYS_PLAIN},
    {"proxy_direct", KEYS_LIST, keys_add_direct, NULL, KEYS_PLAIN},
    {"proxy_header_timeout", KEYS_WORD, keys_set_number,
     KEYS_NUMBER(header_timeout_ms, 100, 60000, "milliseconds")},
    {"proxy_listen_backlog", KEYS_WORD, keys_set_number,
     KEYS_NUMBER(listen_backlog, 1, 65535, "connections")},
    {"proxy_auth_ip_check", KEYS_WORD, keys_set_ticket_check, "write off, log or on", KEYS_PLAIN},
    {"proxy_advertise", KEYS_WORD, keys_set_bool,
     KEYS_BOOL(advertise_destination, "off", "destination")},
    {"proxy_route", KEYS_REPEAT, keys_add_route,
     "write PREFIX char=IP[:PORT] map=IP[:PORT], "
     "such as 192.0.2.10/32 char=198.51.100.1:6121 map=198.51.100.1",
     KEYS_PLAIN},
    {"proxy_hide_origin", KEYS_WORD, keys_set_bool, KEYS_SWITCH(hide_origin)},
    {"proxy_unnamed", KEYS_WORD, keys_set_bool, KEYS_BOOL(unnamed_is_hop, "refuse", "hop")},
    {"proxy_standin_key", KEYS_SECRET, keys_set_standin_key,
     "write 16 to 128 letters and digits, the same on every server of the cluster", KEYS_PLAIN},
    {"proxy_bans", KEYS_WORD, keys_set_bool, KEYS_SWITCH(bans)},
    {"proxy_ban_on_error", KEYS_WORD, keys_set_bool, KEYS_BOOL(ban_fails_closed, "open", "closed")},
    {"proxy_ban_kick", KEYS_WORD, keys_set_bool, KEYS_SWITCH(ban_kick)},
    {"proxy_ban_login_only", KEYS_REPEAT, keys_add_login_only,
     "write one reason exactly as it is in ipbanlist, at most 255 bytes", KEYS_PLAIN},
    {"proxy_connlog", KEYS_WORD, keys_set_connlog, "write off, refused or all", KEYS_PLAIN},
    {"proxy_connlog_days", KEYS_WORD, keys_set_number, KEYS_NUMBER(connlog_days, 1, 3650, "days")},
    {"proxy_connlog_rows", KEYS_WORD, keys_set_number,
     KEYS_NUMBER(connlog_rows, 1000, 100000000, "rows")},
    {"proxy_db_host", KEYS_TEXT, keys_set_db, "write a host name or an address", 0, NULL, NULL, 0,
     0, ROPP_DBCONF_HOST},
    {"proxy_db_port", KEYS_WORD, keys_set_db, "write a port from 1 to 65535", 0, NULL, NULL, 0, 0,
     ROPP_DBCONF_PORT},
    {"proxy_db_user", KEYS_TEXT, keys_set_db, "write 1 to 127 characters", 0, NULL, NULL, 0, 0,
     ROPP_DBCONF_USER},
    {"proxy_db_password", KEYS_SECRET, keys_set_db, "write at most 255 characters", 0, NULL, NULL,
     0, 0, ROPP_DBCONF_PASSWORD},
    {"proxy_db_name", KEYS_TEXT, keys_set_db, "write 1 to 127 characters", 0, NULL, NULL, 0, 0,
     ROPP_DBCONF_NAME},
};

#define KEYS_COUNT (sizeof keys_table / sizeof keys_table[0])
#define KEYS_MODE  0 /* the place of proxy_protocol */

typedef char keys_have_bits[KEYS_COUNT <= 64 ? 1 : -1];

static const struct keys_key *keys_find(const char *name)
{
    size_t i;

    for (i = 0; i < KEYS_COUNT; i++)
        if (ropp_value_is_word(name, strlen(name), keys_table[i].name))
            return &keys_table[i];
    return NULL;
}

/* Whether a key is another one but for case, blanks, hyphens and underscores. */
static bool keys_is_almost(const char *key, const char *name)
{
    static const char loose[] = "-_. \t";

    for (;; key++, name++) {
        key += strspn(key, loose);
        name += strspn(name, loose);
        if ((*key >= 'A' && *key <= 'Z' ? *key - 'A' + 'a' : *key) != *name)
            return false;
        if (*key == '\0')
            return true;
    }
}

const char *ropp_config_meant(const char *key)
{
    size_t i;

    for (i = 0; i < KEYS_COUNT; i++)
        if (keys_is_almost(key, keys_table[i].name))
            return keys_table[i].name;
    return NULL;
}

bool ropp_config_is_key(const char *key)
{
    key += strspn(key, " \t");
    return (strlen(key) >= 6 && ropp_value_is_word(key, 5, "proxy") &&
            (key[5] == '_' || key[5] == '-')) ||
           ropp_config_meant(key) != NULL;
}

bool ropp_config_is_db_key(const char *key)
{
    const char *meant = ropp_config_meant(key);

    key = meant != NULL ? meant : key;
    return strlen(key) >= 8 && ropp_value_is_word(key, 8, "proxy_db");
}

bool ropp_config_is_secret(const char *key)
{
    const struct keys_key *found = keys_find(key);

    return found != NULL && found->form == KEYS_SECRET;
}

const char *ropp_config_key_in_group(const char *name)
{
    return ropp_value_is_word(name, strlen(name), "mode") ? "proxy_protocol" : name;
}

/* The value stays out of it: it may be a password behind a mistyped key. */
static void keys_explain_unknown(const char *where, const char *key, char error[ROPP_ERROR_TEXT])
{
    const char *meant = ropp_config_meant(key);
    size_t i, used;
    int printed;

    if (meant != NULL) {
        snprintf(error, ROPP_ERROR_TEXT, "unknown setting: %s: %.64s: write %s", where, key, meant);
        return;
    }
    printed = snprintf(error, ROPP_ERROR_TEXT, "unknown setting: %s: %.64s: the settings are",
                       where, key);
    for (i = 0; i < KEYS_COUNT && printed > 0; i++) {
        used = strlen(error);
        printed = snprintf(error + used, ROPP_ERROR_TEXT - used, "%s %s", i ? "," : "",
                           keys_table[i].name);
    }
}

/* Why a setting cannot have this form, with what to write instead; NULL when it can. */
static const char *keys_explain_form(enum keys_form kind, enum ropp_config_form form)
{
    switch (form) {
    case ROPP_FORM_TEXT:
        return NULL;
    case ROPP_FORM_BARE:
        return kind == KEYS_TEXT || kind == KEYS_SECRET
                   ? "not in quotes, so its letters are not kept: write it in quotes"
                   : NULL;
    case ROPP_FORM_LIST:
        return kind == KEYS_LIST || kind == KEYS_REPEAT ? NULL : "a list: write one value";
    case ROPP_FORM_EMPTY:
        return "a list with nothing in it: write a value into it, or take the setting out";
    case ROPP_FORM_GROUP:
        break;
    }
    return kind == KEYS_LIST || kind == KEYS_REPEAT
               ? "a group: write one value, or a list of values"
               : "a group: write one value";
}

bool ropp_config_check_form(const char *where, const char *key, enum ropp_config_form form,
                            char error[ROPP_ERROR_TEXT])
{
    const struct keys_key *found = keys_find(key);
    const char *todo;

    if (found == NULL) {
        keys_explain_unknown(where, key, error);
        return false;
    }
    todo = keys_explain_form(found->form, form);
    if (todo != NULL)
        snprintf(error, ROPP_ERROR_TEXT, "wrong type: %s: %s: %s", where, found->name, todo);
    return todo == NULL;
}

bool ropp_config_set(struct ropp_config *config, const char *where, const char *key,
                     const char *value, char error[ROPP_ERROR_TEXT])
{
    static const char separators[] = ", \t";
    const struct keys_key *found = keys_find(key);
    const char *todo = "write a value";
    const char *word = value;
    size_t length;

    if (found == NULL) {
        keys_explain_unknown(where, key, error);
        return false;
    }
    if (found->form != KEYS_LIST) {
        todo = found->set(found, config, value, strlen(value));
        length = strlen(value);
    } else {
        /* At least one word, and each of them good. */
        do {
            word += strspn(word, separators);
            length = strcspn(word, separators);
            if (length == 0)
                break;
            todo = found->set(found, config, word, length);
            word += todo == NULL ? length : 0;
        } while (todo == NULL);
    }
    if (todo == NULL) {
        config->keys_set |= (uint64_t)1 << (found - keys_table);
        return true;
    }
    if (found->form == KEYS_SECRET)
        snprintf(error, ROPP_ERROR_TEXT, "bad value: %s: %s: %s", where, found->name, todo);
    else
        snprintf(error, ROPP_ERROR_TEXT, "bad value: %s: %s: '%.*s': %s", where, found->name,
                 length > 64 ? 64 : (int)length, word, todo);
    return false;
}

bool ropp_config_unused(const struct ropp_config *config, char line[ROPP_LINE_TEXT])
{
    bool missing = (config->keys_set >> KEYS_MODE & 1) == 0;
    const char *between = "";
    size_t i, used;

    line[0] = '\0';
    if (config->mode != ROPP_MODE_OFF)
        return false;
    snprintf(line, ROPP_LINE_TEXT,
             "ropp: proxy_protocol is %s, so these settings do nothing: write proxy_protocol: on "
             "(in Hercules mode: \"on\" in the group), or take them out: ",
             missing ? "missing" : "off");
    for (i = 0; i < KEYS_COUNT; i++) {
        if (!(config->keys_set >> i & 1) || i == KEYS_MODE)
            continue;
        used = strlen(line);
        snprintf(line + used, ROPP_LINE_TEXT - used, "%s%s", between, keys_table[i].name);
        between = ", ";
    }
    return between[0] != '\0';
}
