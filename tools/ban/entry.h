/* An entry of `proxy_ban` as it is read and shown. */
#ifndef ROPP_TOOLS_BAN_ENTRY_H
#define ROPP_TOOLS_BAN_ENTRY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/addr.h"
#include "core/table.h"
#include "tools/base/json.h"
#include "tools/database/connect.h"

/* The list that people write to by hand. */
#define ROPP_SOURCE_MANUAL "manual"

/* What a SELECT of entries reads, in the order of ropp_entry_of. */
#define ROPP_ENTRY_COLUMNS                                                                         \
    "id, kind, prefix, reason, author, source, UNIX_TIMESTAMP(created), UNIX_TIMESTAMP(expires)"

/* The condition of an entry that is in force. */
#define ROPP_ENTRY_IN_FORCE "(expires IS NULL OR expires > NOW())"

/* Reason, author and source are the result's, and live as long as its row. */
struct ropp_entry {
    uint64_t id;
    bool allow;
    char prefix[ROPP_PREFIX_TEXT];
    const char *reason;
    const char *author;
    const char *source;
    int64_t created_s;
    int64_t expires_s; /* 0: never */
    bool login_only;   /* of ipbanlist: the emulator's own row, which acts at its login alone */
};

struct ropp_entry ropp_entry_of(MYSQL_ROW row);

/* For the core's table. False when the prefix is no prefix, which the tables do not let in. */
bool ropp_entry_for_table(const struct ropp_entry *entry, struct ropp_table_entry *out);

/* The entry as an object. */
void ropp_entry_json(struct ropp_json *json, const char *key, const struct ropp_entry *entry);

/* Prints the command that makes it, without an end of line. Whoever had it meant it: a prefix that
 * is refused at first has its --force. An entry of that prefix that is there
 * keeps its reason when this one has none. */
void ropp_entry_print_add(FILE *out, const struct ropp_entry *entry,
                          const struct ropp_connect *connect);

/* "until 2026-11-25 14:03 (7 d 0 h)", "for ever", or "until 2026-11-25 14:03, which is past". */
#define ROPP_END_TEXT 80
void ropp_end_format(int64_t expires_s, int64_t now_s, char out[ROPP_END_TEXT]);

/* Tells the history who is acting. False when that failed. */
bool ropp_session_author(struct ropp_session *session, const char *author);

/* Who is at the keyboard: behind sudo, or the user's own name. */
const char *ropp_author_default(void);

#endif
