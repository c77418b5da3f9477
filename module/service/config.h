// SPDX-License-Identifier: MIT
/* The proxy_ settings of one server, read at its start and fixed from then on (service/keys.h has
 * the keys). */
#ifndef ROPP_SERVICE_CONFIG_H
#define ROPP_SERVICE_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"
#include "core/route.h"
#include "core/standin.h"
#include "service/dbconf.h"
#include "service/text.h"
#include "service/tickets.h"

/* A list that grows while settings are read; never on the connection path. */
struct ropp_config_prefixes {
    struct ropp_prefix *items; /* owned; from malloc */
    size_t count;
};

struct ropp_config_route_list {
    struct ropp_route *items; /* owned; from malloc */
    size_t count;
};

/* Texts: files that were read when another one imported them, reasons. */
struct ropp_config_texts {
    char **items; /* owned, and so is each of them; from malloc */
    size_t count;
};

/* Adds a copy of text[0..length). False when memory is short. */
bool ropp_config_add_text(struct ropp_config_texts *list, const char *text, size_t length);

#define ROPP_CONFIG_REASON_MAX 255 /* bytes; what ipbanlist holds */

/* Which connections the connection log keeps. */
enum ropp_connlog { ROPP_CONNLOG_OFF, ROPP_CONNLOG_REFUSED, ROPP_CONNLOG_ALL };

/* As many as the system allows: it takes what is more for that (Linux' net.core.somaxconn). */
#define ROPP_BACKLOG_SYSTEM INT_MAX

struct ropp_config {
    enum ropp_mode mode;
    struct ropp_config_prefixes trusted;
    struct ropp_config_prefixes direct;
    int header_timeout_ms;
    int listen_backlog; /* connections; ROPP_BACKLOG_SYSTEM by default */
    enum ropp_ticket_check ticket_check;
    bool advertise_destination;
    bool hide_origin;
    struct ropp_standin_key standin_key;
    bool unnamed_is_hop; /* players whom no header names come in as their proxy's address */
    struct ropp_config_route_list routes;
    bool bans;
    bool ban_fails_closed; /* nobody comes in before the ban list is known */
    bool ban_kick;
    struct ropp_config_texts login_only; /* the reasons of ipbanlist that keep the emulator's own
                                            meaning: no new logins, and nothing else */
    enum ropp_connlog connlog;
    int connlog_days;
    int connlog_rows; /* of all servers that share the table */
    struct ropp_dbconf db;
    struct ropp_config_texts imported;
    const char *left_out; /* the features that the server was woven without, with blanks between
                             them; not owned; NULL: none */
    uint64_t keys_set;    /* a bit for each key that was set, in the order of keys.c */
    /* For who reads an emulator's settings from outside: the folder that its paths are relative to,
     * not owned. Then only the keys about the database count, and a file that is there but cannot
     * be read is an error. NULL: the server itself reads. */
    const char *tree;
};

void ropp_config_init(struct ropp_config *config);
void ropp_config_free(struct ropp_config *config);

/* Adds a copy of a prefix or a route to a list. False when memory is short. */
bool ropp_config_add_prefix(struct ropp_config_prefixes *list, const struct ropp_prefix *prefix);
bool ropp_config_add_route(struct ropp_config_route_list *list, const struct ropp_route *route);

/* Adds a reason to login_only, as the setting does. False when it is empty, too long, or memory is
 * short. */
bool ropp_config_add_login_only(struct ropp_config *config, const char *reason, size_t length);

/* Checks the settings as a whole. */
bool ropp_config_check(const struct ropp_config *config, char error[ROPP_ERROR_TEXT]);

/* The policy and the routes that the settings describe. Valid as long as they are. */
struct ropp_policy ropp_config_policy(const struct ropp_config *config);
struct ropp_routes ropp_config_routes(const struct ropp_config *config);

#endif
