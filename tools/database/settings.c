// SPDX-License-Identifier: MIT
#include "tools/database/settings.h"

#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/decimal.h"

static bool set_port(unsigned *port, const char *value, const char *where)
{
    uint64_t number;

    if (!ropp_decimal_read(value, 1, 65535, &number))
        return ropp_error("no port: %s: '%s': write a number from 1 to 65535", where, value);
    *port = (unsigned)number;
    return true;
}

bool ropp_setting_set(struct ropp_db_settings *settings, const char *key, const char *value,
                      const char *where)
{
    const struct {
        const char *key;
        char *to;
        size_t size;
    } texts[] = {
        {"host", settings->host, sizeof settings->host},
        {"socket", settings->socket, sizeof settings->socket},
        {"user", settings->user, sizeof settings->user},
        {"password", settings->password, sizeof settings->password},
        {"database", settings->name, sizeof settings->name},
    };

    if (strcmp(key, "port") == 0)
        return set_port(&settings->port, value, where);
    if (strcmp(key, "host") == 0)
        settings->socket[0] = '\0';
    if (strcmp(key, "socket") == 0)
        memcpy(settings->host, "localhost", sizeof "localhost");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(key, texts[i].key) != 0)
            continue;
        if (strlen(value) >= texts[i].size)
            return ropp_error("too long: %s: write at most %zu bytes", where, texts[i].size - 1);
        memcpy(texts[i].to, value, strlen(value) + 1);
    }
    return true;
}
