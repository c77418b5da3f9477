// SPDX-License-Identifier: MIT
/* The keys by which owners write the settings.
 *
 *   key                   value                                    default
 *   proxy_protocol        off, on, strict                          off
 *   proxy_trusted         prefixes, separated by commas or spaces; may repeat
 *   proxy_direct          the same
 *   proxy_header_timeout  milliseconds, 100 to 60000               3000
 *   proxy_listen_backlog  connections, 1 to 65535                  what the system allows
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
#ifndef ROPP_SERVICE_KEYS_H
#define ROPP_SERVICE_KEYS_H

#include "service/config.h"

/* Takes one key. `where` names the place for people ("conf/login_athena.conf:12"). False with
 * `error` when the key is unknown or the value is not of its form. */
bool ropp_config_set(struct ropp_config *config, const char *where, const char *key,
                     const char *value, char error[ROPP_ERROR_TEXT]);

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

/* Whether something is set although the mode is off: the usual way to believe that one is
 * protected. The line says what, and what to write. */
bool ropp_config_unused(const struct ropp_config *config, char line[ROPP_LINE_TEXT]);

#endif
