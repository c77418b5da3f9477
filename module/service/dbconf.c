// SPDX-License-Identifier: MIT
#include "service/dbconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the emulators take when nothing is set. */
static const struct ropp_db_settings dbconf_defaults = {"127.0.0.1", "",   "ragnarok", "",
                                                        "ragnarok",  3306, 0};

void ropp_dbconf_init(struct ropp_dbconf *conf)
{
    memset(conf, 0, sizeof *conf);
    strcpy(conf->ipban_table, "ipbanlist");
}

static bool dbconf_copy(char *out, size_t size, const char *value)
{
    if (strlen(value) >= size)
        return false;
    strcpy(out, value);
    return true;
}

static bool dbconf_port(const char *value, unsigned *port)
{
    char *end;
    unsigned long number;

    if (value[0] < '0' || value[0] > '9')
        return false;
    number = strtoul(value, &end, 10);
    if (*end != '\0' || number == 0 || number > 65535)
        return false;
    *port = (unsigned)number;
    return true;
}

/* As the emulators have it: a number at the beginning, whatever follows, in sixteen bits. 0 is
 * MariaDB's own port. */
static unsigned dbconf_emulator_port(const char *value)
{
    return (unsigned)(strtoul(value, NULL, 10) & 0xffff);
}

static bool dbconf_write(struct ropp_db_settings *to, enum ropp_dbconf_field field,
                         const char *value)
{
    switch (field) {
    case ROPP_DBCONF_HOST:
        return dbconf_copy(to->host, sizeof to->host, value);
    case ROPP_DBCONF_PORT:
        return dbconf_port(value, &to->port);
    case ROPP_DBCONF_USER:
        return dbconf_copy(to->user, sizeof to->user, value);
    case ROPP_DBCONF_PASSWORD:
        return dbconf_copy(to->password, sizeof to->password, value);
    case ROPP_DBCONF_NAME:
        return dbconf_copy(to->name, sizeof to->name, value);
    case ROPP_DBCONF_FIELDS:
        break;
    }
    return false;
}

bool ropp_dbconf_set(struct ropp_dbconf *conf, enum ropp_dbconf_rank rank,
                     enum ropp_dbconf_field field, const char *value)
{
    if (!dbconf_write(&conf->from[rank], field, value))
        return false;
    conf->set[rank][field] = true;
    return true;
}

/* ---- the emulators' keys ---- */

static bool dbconf_begins(const char *key, const char *prefix)
{
    for (; *prefix != '\0'; key++, prefix++)
        if ((*key >= 'A' && *key <= 'Z' ? *key - 'A' + 'a' : *key) != *prefix)
            return false;
    return true;
}

static bool dbconf_is(const char *key, const char *name)
{
    return strlen(key) == strlen(name) && dbconf_begins(key, name);
}

/* Which of the emulator's accounts a key is about; *rest is what follows. */
static bool dbconf_find_rank(enum ropp_server server, const char *key, enum ropp_dbconf_rank *rank,
                             const char **rest)
{
    static const struct {
        const char *prefix;
        bool exact;              /* the emulators' login server takes it in small letters only */
        enum ropp_server server; /* whose own; NONE: every server's */
        enum ropp_dbconf_rank rank;
    } known[] = {
        {"ipban_db_", false, ROPP_SERVER_NONE, ROPP_DBCONF_IPBAN},
        {"ipban.sql.db_", false, ROPP_SERVER_NONE, ROPP_DBCONF_IPBAN},
        {"login_server_", true, ROPP_SERVER_NONE, ROPP_DBCONF_LOGIN},
        {"sql.db_", true, ROPP_SERVER_NONE, ROPP_DBCONF_LOGIN},
        {"char_server_", false, ROPP_SERVER_CHAR, ROPP_DBCONF_OWN},
        {"map_server_", false, ROPP_SERVER_MAP, ROPP_DBCONF_OWN},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!dbconf_begins(key, known[i].prefix) ||
            (known[i].exact && strncmp(key, known[i].prefix, strlen(known[i].prefix)) != 0) ||
            (known[i].server != ROPP_SERVER_NONE && known[i].server != server))
            continue;
        *rank = known[i].rank;
        *rest = key + strlen(known[i].prefix);
        return true;
    }
    return false;
}

static bool dbconf_find_field(const char *name, enum ropp_dbconf_field *field)
{
    static const struct {
        const char *name;
        enum ropp_dbconf_field field;
    } known[] = {
        {"ip", ROPP_DBCONF_HOST},           {"hostname", ROPP_DBCONF_HOST},
        {"port", ROPP_DBCONF_PORT},         {"id", ROPP_DBCONF_USER},
        {"username", ROPP_DBCONF_USER},     {"pw", ROPP_DBCONF_PASSWORD},
        {"password", ROPP_DBCONF_PASSWORD}, {"db", ROPP_DBCONF_NAME},
        {"database", ROPP_DBCONF_NAME},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (dbconf_is(name, known[i].name)) {
            *field = known[i].field;
            return true;
        }
    }
    return false;
}

void ropp_dbconf_take(struct ropp_dbconf *conf, enum ropp_server server, const char *key,
                      const char *value)
{
    enum ropp_dbconf_rank rank;
    enum ropp_dbconf_field field;
    const char *rest;

    if (dbconf_is(key, "ipban_table") || dbconf_is(key, "ipban.sql.ipban_table")) {
        (void)dbconf_copy(conf->ipban_table, sizeof conf->ipban_table, value);
        return;
    }
    if (!dbconf_find_rank(server, key, &rank, &rest) || !dbconf_find_field(rest, &field))
        return;
    if (field != ROPP_DBCONF_PORT) {
        (void)ropp_dbconf_set(conf, rank, field, value);
        return;
    }
    conf->from[rank].port = dbconf_emulator_port(value);
    conf->set[rank][field] = true;
}

struct ropp_db_settings ropp_dbconf_settings(const struct ropp_dbconf *conf)
{
    struct ropp_db_settings result = dbconf_defaults;
    const struct ropp_db_settings *from;
    int rank;

    for (rank = 0; rank < ROPP_DBCONF_RANKS; rank++) {
        from = &conf->from[rank];
        if (conf->set[rank][ROPP_DBCONF_HOST])
            strcpy(result.host, from->host);
        if (conf->set[rank][ROPP_DBCONF_PORT])
            result.port = from->port;
        if (conf->set[rank][ROPP_DBCONF_USER])
            strcpy(result.user, from->user);
        if (conf->set[rank][ROPP_DBCONF_PASSWORD])
            strcpy(result.password, from->password);
        if (conf->set[rank][ROPP_DBCONF_NAME])
            strcpy(result.name, from->name);
    }
    return result;
}
