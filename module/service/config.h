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
 *   proxy_standin_key     16 to 128 letters and digits, the same on every server
 *   proxy_bans            on, off                                  on
 *   proxy_ban_on_error    open, closed                             open
 *   proxy_ban_kick        on, off                                  on
 *   proxy_ban_login_only  a reason in ipbanlist, spaces and all; may repeat
 *   proxy_connlog         off, refused, all                        refused
 *   proxy_connlog_days    days, 1 to 3650                          30
 *   proxy_connlog_rows    rows, 1000 to 100000000                  1000000
 *   proxy_db_host, proxy_db_port, proxy_db_user, proxy_db_password, proxy_db_name
 *                         the ban list's database                  the emulator's own
 *
 * A switch may also be written yes, true, no or false. Keys and words are compared without regard
 * to case, as the emulators do. Every function that can fail fills `error` with one line that names
 * the place, the key and the value it saw, and what to write instead. */
#ifndef ROPP_SERVICE_CONFIG_H
#define ROPP_SERVICE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"
#include "core/route.h"
#include "core/standin.h"
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

/* Texts: files that were read when another one imported them, reasons. */
struct ropp_config_texts {
    char **items; /* owned, and so is each of them; from malloc */
    size_t count;
};

/* Adds a copy of text[0..length). False when memory is short. */
bool ropp_config_add_text(struct ropp_config_texts *list, const char *text, size_t length);

#define ROPP_CONFIG_REASON_MAX 255 /* bytes; what ipbanlist holds */

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
    uint64_t keys_set; /* a bit for each key that was set, in the order of config.c */
    /* For who reads an emulator's settings from outside: the folder that its paths are relative to,
     * not owned. Then only the keys about the database count, and a file that is there but cannot
     * be read is an error. NULL: the server itself reads. */
    const char *tree;
};

void ropp_config_init(struct ropp_config *config);
void ropp_config_free(struct ropp_config *config);

/* Takes one key. `where` tells people the place ("conf/login_athena.conf:12"). False with `error`
 * when the key is unknown or the value is not of its form. */
bool ropp_config_set(struct ropp_config *config, const char *where, const char *key,
                     const char *value, char error[ROPP_ERROR_TEXT]);

/* Adds a reason to login_only, as the setting does. False when it is empty, too long, or memory is
 * short. */
bool ropp_config_add_login_only(struct ropp_config *config, const char *reason, size_t length);

/* Whether a text is a word, in any case; the word is in small letters. */
bool ropp_config_is_word(const char *text, const char *word);

/* In what form a value was written, in files that know types. */
enum ropp_config_form {
    ROPP_FORM_TEXT,  /* in quotes: as it was written */
    ROPP_FORM_BARE,  /* true, false or a number, of which only the value is left: 042 is 42 */
    ROPP_FORM_LIST,  /* a list; its elements are set one by one */
    ROPP_FORM_EMPTY, /* a list with nothing in it */
    ROPP_FORM_GROUP
};

/* Whether a key's value can be written in this form. False with `error` when not, or when the key
 * is unknown. */
bool ropp_config_check_form(const char *where, const char *key, enum ropp_config_form form,
                            char error[ROPP_ERROR_TEXT]);

/* Whether a key is one of ours, or meant to be: by its beginning, or as ropp_config_meant has it.
 */
bool ropp_config_is_key(const char *key);

/* The key that is the same but for case, blanks, hyphens and underscores; NULL: none. */
const char *ropp_config_meant(const char *key);

/* Whether a key is one about the database, known or not. */
bool ropp_config_is_db_key(const char *key);

/* Whether a key's value is a secret: no message shows it, and it may hold anything. */
bool ropp_config_is_secret(const char *key);

/* What a setting of Hercules' group proxy_protocol is called elsewhere: `mode` has another name. */
const char *ropp_config_key_in_group(const char *name);

/* Checks the settings as a whole. */
bool ropp_config_check(const struct ropp_config *config, char error[ROPP_ERROR_TEXT]);

/* Whether something is set although the mode is off: the usual way to believe that one is
 * protected. The line says what, and what to write. */
bool ropp_config_unused(const struct ropp_config *config, char line[ROPP_LINE_TEXT]);

/* The policy and the routes that the settings describe. Valid as long as they are. */
struct ropp_policy ropp_config_policy(const struct ropp_config *config);
struct ropp_routes ropp_config_routes(const struct ropp_config *config);

#endif
