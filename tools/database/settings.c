#include "tools/database/settings.h"

#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/decimal.h"

static bool set_text(char *to, size_t size, const char *value, const char *where)
{
    size_t length = strlen(value);

    if (length >= size) {
        ropp_error("too long: %s: write at most %zu bytes", where, size - 1);
        return false;
    }
    memcpy(to, value, length + 1);
    return true;
}

static bool set_port(unsigned *port, const char *value, const char *where)
{
    uint64_t number;

    if (!ropp_decimal_read(value, 1, 65535, &number)) {
        ropp_error("no port: %s: '%s': write a number from 1 to 65535", where, value);
        return false;
    }
    *port = (unsigned)number;
    return true;
}

bool ropp_setting_set(struct ropp_db_settings *settings, enum ropp_setting setting,
                      const char *value, const char *where)
{
    switch (setting) {
    case ROPP_SETTING_HOST:
        settings->socket[0] = '\0';
        return set_text(settings->host, sizeof settings->host, value, where);
    case ROPP_SETTING_SOCKET:
        memcpy(settings->host, "localhost", sizeof "localhost");
        return set_text(settings->socket, sizeof settings->socket, value, where);
    case ROPP_SETTING_PORT:
        return set_port(&settings->port, value, where);
    case ROPP_SETTING_USER:
        return set_text(settings->user, sizeof settings->user, value, where);
    case ROPP_SETTING_PASSWORD:
        return set_text(settings->password, sizeof settings->password, value, where);
    case ROPP_SETTING_DATABASE:
        return set_text(settings->name, sizeof settings->name, value, where);
    }
    return false;
}
