// SPDX-License-Identifier: MIT
#include "tools/ban/replace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ban/entry.h"
#include "tools/base/buffer.h"
#include "tools/base/progress.h"
#include "tools/database/query.h"
#include "tools/lists/range.h"

/* Rows in one statement: enough that its own cost is nothing, and far below max_allowed_packet. */
enum { BATCH = 1000 };

/* ---- the plan ---- */

/* Where the prefix begins, as it is in the table's index: an IPv4 and an IPv6 prefix never begin with
 * the same number, but for ::ffff:0:0, which is IPv4's. */
static struct ropp_number key_of(const struct ropp_prefix *prefix)
{
    struct ropp_number key = ropp_number_of(&prefix->addr);

    if (prefix->addr.family == ROPP_FAMILY_INET)
        key.low |= UINT64_C(0xffff00000000);
    return key;
}

/* The order of the index. */
static int compare(const void *a, const void *b)
{
    const struct ropp_prefix *left = a, *right = b;
    int order = ropp_number_compare(key_of(left), key_of(right));

    return order != 0 ? order : (int)left->length - (int)right->length;
}

static void add_number(struct ropp_numbers *numbers, uint64_t number)
{
    numbers->items = ropp_grow(numbers->items, numbers->count, sizeof *numbers->items);
    numbers->items[numbers->count++] = number;
}

/* A walk down both sorted lists at once: the one that is to be, and the one that is there. */
struct walk {
    struct ropp_replacement *replacement;
    size_t wanted; /* the first that does not come before the entry at hand */
    bool taken;    /* it is there */
};

static void pass_wanted(struct walk *walk)
{
    if (!walk->taken)
        add_number(&walk->replacement->added, walk->wanted);
    walk->taken = false;
    walk->wanted++;
}

/* Takes the next entry that is there. Of the same prefix twice the first one stays. */
static void take_entry(struct walk *walk, const struct ropp_prefix *prefix, uint64_t id,
                       bool differs, bool in_force)
{
    struct ropp_replacement *replacement = walk->replacement;
    const struct ropp_prefix *prefixes = replacement->prefixes, *around = NULL;
    int order = 1;

    while (walk->wanted < replacement->count &&
           (order = compare(&prefixes[walk->wanted], prefix)) < 0)
        pass_wanted(walk);
    if (order != 0 || walk->taken)
        add_number(&replacement->removed, id);
    else if (differs)
        add_number(&replacement->changed, id);
    /* No two of the wanted prefixes overlap: the last one that does not begin behind the entry is
     * the only one that can be around it. */
    if (order == 0)
        around = &prefixes[walk->wanted];
    else if (walk->wanted > 0)
        around = &prefixes[walk->wanted - 1];
    walk->taken = walk->taken || order == 0;
    replacement->current_count += in_force;
    replacement->gone_count += in_force && (around == NULL || around->length > prefix->length ||
                                            !ropp_prefix_contains(around, &prefix->addr));
}

/* The entries come one after the other, in the order of compare. */
bool ropp_replace_plan(struct ropp_session *session, struct ropp_replacement *replacement)
{
    const char *sql =
        ropp_sql_format(session,
                        "SELECT id, prefix, kind <> '%s' OR reason <> BINARY %s OR NOT expires <=> "
                        "%s, " ROPP_ENTRY_IN_FORCE " FROM proxy_ban WHERE source = %s "
                        "ORDER BY source, range_start, prefix_length, id",
                        ropp_kind_text(replacement->allow),
                        ropp_sql_text(session, replacement->reason),
                        ropp_sql_moment(session, replacement->expires_s),
                        ropp_sql_text(session, replacement->source));
    MYSQL_RES *rows = ropp_session_stream(session, sql);
    struct walk walk = {.replacement = replacement};
    struct ropp_prefix prefix;
    MYSQL_ROW row;

    if (rows == NULL)
        return false;
    if (replacement->count > 0)
        qsort(replacement->prefixes, replacement->count, sizeof *replacement->prefixes, compare);
    while ((row = mysql_fetch_row(rows)) != NULL) {
        /* What the triggers let in is a prefix; if not, it is none of the file's and goes. */
        if (ropp_prefix_parse(row[1], strlen(row[1]), &prefix) != ROPP_PREFIX_OK)
            memset(&prefix, 0, sizeof prefix);
        take_entry(&walk, &prefix, ropp_column_count(row[0]),
                   row[2] == NULL || ropp_column_count(row[2]) != 0,
                   ropp_column_count(row[3]) != 0);
    }
    mysql_free_result(rows);
    while (walk.wanted < replacement->count)
        pass_wanted(&walk);
    return mysql_errno(session->db.mysql) == 0;
}

/* ---- writing ---- */

bool ropp_replace_lock(struct ropp_session *session, const char *source, uint64_t *free)
{
    /* A lock's name belongs to the whole server, and is short. */
    return ropp_session_number(
        session, free,
        ropp_sql_format(session,
                        "SELECT GET_LOCK(CONCAT('ropp-import-', MD5(CONCAT(DATABASE(), '/', "
                        "LOWER(%s)))), 0)",
                        ropp_sql_text(session, source)));
}

/* What is being written. */
struct writing {
    struct ropp_session *session;
    const struct ropp_replacement *replacement;
    const char *values; /* of each entry: kind, reason, author, source, expires */
    struct ropp_progress progress;
    uint64_t done;
};

static void add_id(struct ropp_buffer *sql, const struct writing *writing, uint64_t id)
{
    (void)writing;
    ropp_buffer_format(sql, "%" PRIu64, id);
}

/* An end of the prefix's range, as the table has it. */
static void add_end(struct ropp_buffer *sql, enum ropp_family family, struct ropp_number end)
{
    struct ropp_addr addr = ropp_number_addr(family, end);
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(&addr, text);
    ropp_buffer_format(sql, ",'%s%s'", family == ROPP_FAMILY_INET ? "::ffff:" : "", text);
}

/* With the columns that the table's trigger makes of a prefix: to compare them costs it less. */
static void add_row(struct ropp_buffer *sql, const struct writing *writing, uint64_t index)
{
    const struct ropp_prefix *prefix = &writing->replacement->prefixes[index];
    const struct ropp_range range = ropp_range_of(prefix);
    char text[ROPP_PREFIX_TEXT];

    ropp_prefix_format(prefix, text);
    ropp_buffer_format(sql, "('%s',%d,%u", text, range.family == ROPP_FAMILY_INET ? 4 : 6,
                       (unsigned)prefix->length);
    add_end(sql, range.family, range.first);
    add_end(sql, range.family, range.last);
    ropp_buffer_format(sql, ",%s)", writing->values);
}

/* One statement for each batch of the numbers: `begin`, what is added for each, and `end`. */
static bool
write_batches(struct writing *writing, const struct ropp_numbers *numbers, const char *begin,
              void (*add)(struct ropp_buffer *sql, const struct writing *writing, uint64_t number),
              const char *end)
{
    struct ropp_buffer sql = {0};
    size_t at = 0, left;
    bool good = true;

    while (good && at < numbers->count) {
        sql.size = 0;
        ropp_buffer_text(&sql, begin);
        for (left = BATCH; left > 0 && at < numbers->count; left--, at++) {
            add(&sql, writing, numbers->items[at]);
            ropp_buffer_text(&sql, left > 1 && at + 1 < numbers->count ? "," : end);
        }
        good = ropp_session_run(writing->session, "%s", sql.data);
        ropp_progress_show(&writing->progress, writing->done + at);
    }
    writing->done += numbers->count;
    ropp_buffer_free(&sql);
    return good;
}

/* The source comes last, so that the servers' look at its counter waits for it only briefly. */
static bool write_all(struct writing *writing, bool changes)
{
    const struct ropp_replacement *replacement = writing->replacement;
    struct ropp_session *session = writing->session;
    const char *update =
        ropp_sql_format(session,
                        "UPDATE proxy_ban SET kind = '%s', reason = %s, expires = %s WHERE id IN (",
                        ropp_kind_text(replacement->allow),
                        ropp_sql_text(session, replacement->reason),
                        ropp_sql_moment(session, replacement->expires_s));

    return write_batches(writing, &replacement->removed, "DELETE FROM proxy_ban WHERE id IN (",
                         add_id, ")") &&
           write_batches(writing, &replacement->changed, update, add_id, ")") &&
           write_batches(
               writing, &replacement->added,
               "INSERT INTO proxy_ban (prefix, family, prefix_length, range_start, range_end, "
               "kind, reason, author, source, expires) VALUES ",
               add_row, "") &&
           (!changes ||
            ropp_session_run(session,
                             "INSERT INTO proxy_ban_history (action, kind, reason, author, source, "
                             "expires, user, entries) "
                             "VALUES ('import', %s, LEFT(USER(), 128), %zu)",
                             writing->values, replacement->count)) &&
           ropp_session_run(session,
                            "INSERT INTO proxy_source (name, version, entries, author) "
                            "VALUES (%s, 1, %zu, %s) ON DUPLICATE KEY UPDATE version = version + "
                            "%d, entries = VALUES(entries), updated = CURRENT_TIMESTAMP, "
                            "author = VALUES(author)",
                            ropp_sql_text(session, replacement->source), replacement->count,
                            ropp_sql_text(session, replacement->author), changes);
}

bool ropp_replace_write(struct ropp_session *session, const struct ropp_replacement *replacement)
{
    uint64_t total = (uint64_t)replacement->removed.count + replacement->changed.count +
                     replacement->added.count;
    struct writing writing = {.session = session, .replacement = replacement};
    bool good;

    writing.values =
        ropp_sql_format(session, "'%s',%s,%s,%s,%s", ropp_kind_text(replacement->allow),
                        ropp_sql_text(session, replacement->reason),
                        ropp_sql_text(session, replacement->author),
                        ropp_sql_text(session, replacement->source),
                        ropp_sql_moment(session, replacement->expires_s));
    ropp_progress_begin(&writing.progress, "writing", "prefixes", total);
    good = ropp_session_run(session, "SET @ropp_bulk = 1, @ropp_wide = 1") &&
           ropp_session_run(session, "START TRANSACTION") && write_all(&writing, total > 0) &&
           ropp_session_run(session, "COMMIT");
    ropp_progress_end(&writing.progress);
    return good;
}

void ropp_replace_free(struct ropp_replacement *replacement)
{
    free(replacement->removed.items);
    free(replacement->changed.items);
    free(replacement->added.items);
}
