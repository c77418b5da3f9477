/* The proxy_ settings of one server, read at its start and fixed from then on.
 *
 *   key                   value                                    default
 *   proxy_protocol        off, on, strict                          off
 *   proxy_trusted         prefixes, separated by commas or spaces; may repeat
 *   proxy_direct          the same
 *   proxy_header_timeout  milliseconds, 100 to 60000               3000
 *   proxy_listen_backlog  connections, 1 to 65535                  511
 *   proxy_auth_ip_check   off, log, on                             log
 *   proxy_advertise       off, destination                         destination
 *   proxy_route           PREFIX char=IP[:PORT] map=IP[:PORT]; may repeat
 *   proxy_hide_origin     on, off                                  on
 *   proxy_unnamed         refuse, hop                              refuse
 *   proxy_bans            on, off                                  on
 *   proxy_ban_on_error    open, closed                             open
 *   proxy_ban_kick        on, off                                  on
 *   proxy_connlog         off, refused, all                        refused
 *   proxy_connlog_days    days, 1 to 3650                          30
 *   proxy_db_host, proxy_db_port, proxy_db_user, proxy_db_password, proxy_db_name
 *                         the ban list's database                  the emulator's own
 *
 * Keys are compared without regard to case, as the emulators do. Every function that can fail fills
 * `error` with one line that names the place, the key and the value it saw, and what to write
 * instead. */
#ifndef ROPP_SERVICE_CONFIG_H
#define ROPP_SERVICE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"
#include "core/route.h"
#include "service/dbconf.h"
#include "service/text.h"

/* A list that grows while settings are read; never on the connection path. */
struct ropp_config_prefixes {
    struct ropp_prefix *items; /* owned; from malloc */
    size_t count;
};

struct ropp_config_route_list {
    struct ropp_route *items; /* owned; from malloc */
    size_t count;
};

/* Files that were read when another one imported them. */
struct ropp_config_paths {
    char **items; /* owned, and so is each of them; from malloc */
    size_t count;
};

/* Whether a ticket is worth something from another address than the one it was issued to. */
enum ropp_ticket_check { ROPP_TICKET_OFF, ROPP_TICKET_LOG, ROPP_TICKET_ON };

/* Which connections the journal keeps. */
enum ropp_connlog { ROPP_CONNLOG_OFF, ROPP_CONNLOG_REFUSED, ROPP_CONNLOG_ALL };

struct ropp_config {
    enum ropp_mode mode;
    struct ropp_config_prefixes trusted;
    struct ropp_config_prefixes direct;
    int header_timeout_ms;
    int listen_backlog;
    enum ropp_ticket_check ticket_check;
    bool advertise_destination;
    bool hide_origin;
    bool unnamed_is_hop; /* players whom no header names come in as their proxy's address */
    struct ropp_config_route_list routes;
    bool bans;
    bool ban_fails_closed; /* nobody comes in before the ban list is known */
    bool ban_kick;
    enum ropp_connlog connlog;
    int connlog_days;
    struct ropp_dbconf db;
    struct ropp_config_paths imported;
};

void ropp_config_init(struct ropp_config *config);
void ropp_config_free(struct ropp_config *config);

/* Takes one key. `where` tells people the place ("conf/login_athena.conf:12"). False with `error`
 * when the key is unknown or the value is not of its form. */
bool ropp_config_set(struct ropp_config *config, const char *where, const char *key,
                     const char *value, char error[ROPP_ERROR_TEXT]);

/* Whether a key is one of ours by its beginning, known or not. */
bool ropp_config_is_key(const char *key);

/* Reads the proxy_ keys, and the emulator's own keys about its databases, of a file of `key: value`
 * lines, the emulators' own format, and passes over every other line. Where a line imports another
 * file, that one is read at this place, as the emulator does, so that of two values the later one
 * counts; when the emulator comes to it by itself, it is not read again. A file that cannot be
 * opened is the emulator's to report: true. */
bool ropp_config_read_lines(struct ropp_config *config, enum ropp_server server, const char *path,
                            char error[ROPP_ERROR_TEXT]);

/* Checks the settings as a whole. */
bool ropp_config_check(const struct ropp_config *config, char error[ROPP_ERROR_TEXT]);

/* The policy and the routes that the settings describe. Valid as long as they are. */
struct ropp_policy ropp_config_policy(const struct ropp_config *config);
struct ropp_routes ropp_config_routes(const struct ropp_config *config);

#endif
