// SPDX-License-Identifier: MIT
/* An entry of `proxy_ban` as it is read and shown. */
#ifndef ROPP_TOOLS_BAN_ENTRY_H
#define ROPP_TOOLS_BAN_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/table.h"
#include "tools/base/json.h"
#include "tools/database/connect.h"

/* The list that people write to by hand. */
#define ROPP_SOURCE_MANUAL "manual"

/* The columns of a row that ropp_entry_of reads. */
#define ROPP_ENTRY_COLUMNS                                                                         \
    "id, kind, prefix, reason, author, source, UNIX_TIMESTAMP(created), UNIX_TIMESTAMP(expires)"

/* The condition of an entry that is in force. */
#define ROPP_ENTRY_IN_FORCE "(expires IS NULL OR expires > NOW())"

/* Reason, author and source are the result's, and live as long as its row. */
struct ropp_entry {
    uint64_t id; /* 0: of ipbanlist */
    bool allow;
    char prefix[ROPP_PREFIX_TEXT];
    struct ropp_prefix network; /* the same; UNSPEC when it is no prefix, which triggers refuse */
    const char *reason;
    const char *author;
    const char *source;
    int64_t created_s;
    int64_t expires_s; /* 0: never */
    bool login_only;   /* of ipbanlist: the emulator's own row, which acts at its login alone */
};

struct ropp_entry ropp_entry_of(MYSQL_ROW row);

/* Entries that are held, with the rows of both tables that they are of. A zeroed one is empty. */
struct ropp_entries {
    struct ropp_entry *items;
    size_t count;
    MYSQL_RES *rows, *ipbanlist;
};

/* Reads those of a condition into an empty one; they have a network. False when the statement
 * failed. */
bool ropp_entries_read(struct ropp_session *session, struct ropp_entries *entries,
                       const char *condition);
void ropp_entries_free(struct ropp_entries *entries);

/* What a statement has for the kind. */
const char *ropp_kind_text(bool allow);

/* For the core's table; it is valid when it has a network. */
struct ropp_table_entry ropp_entry_row(const struct ropp_entry *entry);

/* The entry as an object; NULL: JSON's null. */
void ropp_entry_json(struct ropp_json *json, const char *key, const struct ropp_entry *entry);

/* Prints the command that makes it, and ends the line. Whoever had it meant it: a prefix that is
 * refused at first has its --force. An entry of that prefix that is there keeps its reason when
 * this one has none. */
void ropp_entry_print_add(const struct ropp_entry *entry, const struct ropp_connect *connect);

/* Prints until when it is, and after a colon the reason, if it has one. */
void ropp_entry_print_end(const struct ropp_entry *entry, int64_t now_s);

/* "until 2026-11-25 14:03 (7 d 0 h)", "for ever", or "until 2026-11-25 14:03, which is past". */
#define ROPP_END_TEXT 80
void ropp_end_format(int64_t expires_s, int64_t now_s, char out[ROPP_END_TEXT]);

/* Begins a transaction, in whose history this is who acts. False when that failed. */
bool ropp_session_begin(struct ropp_session *session, const char *author);

/* Who acts: the name that is given; NULL: who is at the keyboard, behind sudo, or the user. */
const char *ropp_author(const char *given);

#endif
