#include "tools/ban/replace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ban/entry.h"
#include "tools/base/buffer.h"
#include "tools/base/progress.h"
#include "tools/database/query.h"

/* Rows in one statement: enough that its own cost is nothing, and far below max_allowed_packet. */
enum { BATCH = 1000 };

/* An entry that is there. */
struct current {
    uint64_t id;
    struct ropp_prefix prefix;
    bool differs; /* in something else than its prefix */
    bool in_force;
};

struct currents {
    struct current *items;
    size_t count;
};

/* ---- the plan ---- */

/* The address as 16 bytes, as it stands in the table's index. */
static void key_of(const struct ropp_prefix *prefix, uint8_t key[16])
{
    memset(key, 0, 16);
    if (prefix->addr.family == ROPP_FAMILY_INET) {
        key[10] = key[11] = 0xff;
        memcpy(key + 12, prefix->addr.bytes, 4);
    } else {
        memcpy(key, prefix->addr.bytes, 16);
    }
}

/* The order of the index; an IPv4 and an IPv6 prefix never begin with the same 16 bytes, but for
 * ::ffff:0:0, which is IPv4's. */
static int compare(const void *a, const void *b)
{
    const struct ropp_prefix *left = a, *right = b;
    uint8_t left_key[16], right_key[16];
    int order;

    key_of(left, left_key);
    key_of(right, right_key);
    order = memcmp(left_key, right_key, sizeof left_key);
    if (order != 0)
        return order;
    return left->length < right->length ? -1 : left->length > right->length;
}

/* Reads the list as it is, in the order of compare. */
static bool read_currents(struct ropp_session *session, const struct ropp_replacement *replacement,
                          struct currents *currents)
{
    struct ropp_buffer sql = {0};
    char error[ROPP_ERROR_TEXT];
    struct current *current;
    MYSQL_RES *result;
    MYSQL_ROW row;

    ropp_buffer_format(&sql, "SELECT id, prefix, kind <> '%s' OR reason <> BINARY ",
                       replacement->allow ? "allow" : "ban");
    ropp_sql_text(&sql, session, replacement->reason);
    ropp_buffer_text(&sql, " OR NOT expires <=> ");
    ropp_sql_moment(&sql, replacement->expires_s);
    ropp_buffer_text(&sql, ", " ROPP_ENTRY_IN_FORCE " FROM proxy_ban WHERE source = ");
    ropp_sql_text(&sql, session, replacement->source);
    ropp_buffer_text(&sql, " ORDER BY source, range_start, prefix_length, id");
    result = ropp_db_query(&session->db, sql.data, error);
    ropp_buffer_free(&sql);
    if (result == NULL)
        return false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        currents->items = ropp_grow(currents->items, currents->count, sizeof *currents->items);
        current = &currents->items[currents->count++];
        current->id = strtoull(row[0], NULL, 10);
        /* What the triggers let in is a prefix; if not, it is none of the file's and goes. */
        if (ropp_prefix_parse(row[1], strlen(row[1]), &current->prefix) != ROPP_PREFIX_OK)
            memset(&current->prefix, 0, sizeof current->prefix);
        current->differs = row[2] == NULL || row[2][0] != '0';
        current->in_force = row[3] != NULL && row[3][0] == '1';
    }
    mysql_free_result(result);
    return !ropp_db_failed(&session->db, error);
}

static void remove_id(struct ropp_replacement *replacement, uint64_t id)
{
    replacement->removed =
        ropp_grow(replacement->removed, replacement->removed_count, sizeof *replacement->removed);
    replacement->removed[replacement->removed_count++] = id;
}

static void change_id(struct ropp_replacement *replacement, uint64_t id)
{
    replacement->changed =
        ropp_grow(replacement->changed, replacement->changed_count, sizeof *replacement->changed);
    replacement->changed[replacement->changed_count++] = id;
}

static void add_index(struct ropp_replacement *replacement, size_t index)
{
    replacement->added =
        ropp_grow(replacement->added, replacement->added_count, sizeof *replacement->added);
    replacement->added[replacement->added_count++] = index;
}

/* Walks down both sorted lists at once. Of the same prefix twice the first one stays. */
static void merge(struct ropp_replacement *replacement, const struct currents *currents)
{
    size_t wanted = 0, at;
    bool taken = false; /* the wanted one is there */

    for (at = 0; at < currents->count; at++) {
        const struct current *current = &currents->items[at];
        int order = 1;

        while (wanted < replacement->count &&
               (order = compare(&replacement->prefixes[wanted], &current->prefix)) < 0) {
            if (!taken)
                add_index(replacement, wanted);
            taken = false;
            wanted++;
        }
        if (wanted == replacement->count || order != 0 || taken) {
            remove_id(replacement, current->id);
            continue;
        }
        taken = true;
        if (current->differs)
            change_id(replacement, current->id);
    }
    for (; wanted < replacement->count; wanted++, taken = false)
        if (!taken)
            add_index(replacement, wanted);
}

static bool contains(const struct ropp_prefix *wide, const struct ropp_prefix *narrow)
{
    return wide->addr.family == narrow->addr.family && wide->length <= narrow->length &&
           ropp_prefix_contains(wide, &narrow->addr);
}

/* Counts the entries in force, and those that are not covered any more. No two of the wanted
 * prefixes overlap: the last one that does not begin behind an entry is the only one around it. */
static void count_gone(struct ropp_replacement *replacement, const struct currents *currents)
{
    const struct ropp_prefix *wanted = replacement->prefixes;
    size_t next = 0, at;

    for (at = 0; at < currents->count; at++) {
        const struct current *current = &currents->items[at];

        if (!current->in_force)
            continue;
        replacement->current_count++;
        while (next < replacement->count && compare(&wanted[next], &current->prefix) <= 0)
            next++;
        replacement->gone_count += next == 0 || !contains(&wanted[next - 1], &current->prefix);
    }
}

bool ropp_replace_plan(struct ropp_session *session, struct ropp_replacement *replacement)
{
    struct currents currents = {0};
    bool good;

    if (replacement->count > 0)
        qsort(replacement->prefixes, replacement->count, sizeof *replacement->prefixes, compare);
    good = read_currents(session, replacement, &currents);
    if (good) {
        merge(replacement, &currents);
        count_gone(replacement, &currents);
    }
    free(currents.items);
    return good;
}

/* ---- writing ---- */

bool ropp_replace_lock(struct ropp_session *session, const char *source, bool *free)
{
    struct ropp_buffer sql = {0};
    MYSQL_RES *result;
    MYSQL_ROW row;

    /* A lock's name belongs to the whole server, and is short. */
    ropp_buffer_text(&sql, "SELECT GET_LOCK(CONCAT('ropp-import-', MD5(CONCAT(DATABASE(), '/', "
                           "LOWER(");
    ropp_sql_text(&sql, session, source);
    ropp_buffer_text(&sql, ")))), 0)");
    result = ropp_session_rows(session, &sql);
    if (result == NULL)
        return false;
    row = mysql_fetch_row(result);
    *free = row != NULL && row[0] != NULL && row[0][0] == '1';
    mysql_free_result(result);
    return true;
}

static void add_ids(struct ropp_buffer *sql, const uint64_t *ids, size_t count)
{
    size_t i;

    ropp_buffer_text(sql, " WHERE id IN (");
    for (i = 0; i < count; i++)
        ropp_buffer_format(sql, "%s%" PRIu64, i > 0 ? "," : "", ids[i]);
    ropp_buffer_text(sql, ")");
}

static size_t batch_at(size_t done, size_t count)
{
    return count - done < BATCH ? count - done : BATCH;
}

static bool write_removed(struct ropp_session *session, const struct ropp_replacement *replacement,
                          struct ropp_progress *progress, uint64_t *done)
{
    struct ropp_buffer sql = {0};
    size_t at, batch;

    for (at = 0; at < replacement->removed_count; at += batch) {
        batch = batch_at(at, replacement->removed_count);
        ropp_buffer_text(&sql, "DELETE FROM proxy_ban");
        add_ids(&sql, replacement->removed + at, batch);
        if (!ropp_session_run(session, &sql))
            return false;
        *done += batch;
        ropp_progress_show(progress, *done);
    }
    return true;
}

static bool write_changed(struct ropp_session *session, const struct ropp_replacement *replacement,
                          struct ropp_progress *progress, uint64_t *done)
{
    struct ropp_buffer sql = {0};
    size_t at, batch;

    for (at = 0; at < replacement->changed_count; at += batch) {
        batch = batch_at(at, replacement->changed_count);
        ropp_buffer_format(&sql, "UPDATE proxy_ban SET kind = '%s', reason = ",
                           replacement->allow ? "allow" : "ban");
        ropp_sql_text(&sql, session, replacement->reason);
        ropp_buffer_text(&sql, ", expires = ");
        ropp_sql_moment(&sql, replacement->expires_s);
        add_ids(&sql, replacement->changed + at, batch);
        if (!ropp_session_run(session, &sql))
            return false;
        *done += batch;
        ropp_progress_show(progress, *done);
    }
    return true;
}

/* What follows the prefix in every row that is inserted. */
static void add_common(struct ropp_buffer *common, struct ropp_session *session,
                       const struct ropp_replacement *replacement)
{
    ropp_buffer_format(common, "','%s',", replacement->allow ? "allow" : "ban");
    ropp_sql_text(common, session, replacement->reason);
    ropp_buffer_text(common, ",");
    ropp_sql_text(common, session, replacement->author);
    ropp_buffer_text(common, ",");
    ropp_sql_text(common, session, replacement->source);
    ropp_buffer_text(common, ",");
    ropp_sql_moment(common, replacement->expires_s);
    ropp_buffer_text(common, ")");
}

static bool write_added(struct ropp_session *session, const struct ropp_replacement *replacement,
                        struct ropp_progress *progress, uint64_t *done)
{
    struct ropp_buffer sql = {0}, common = {0};
    char text[ROPP_PREFIX_TEXT];
    size_t at, batch, i;
    bool good = true;

    add_common(&common, session, replacement);
    for (at = 0; good && at < replacement->added_count; at += batch) {
        batch = batch_at(at, replacement->added_count);
        ropp_buffer_text(&sql, "INSERT INTO proxy_ban (prefix, kind, reason, author, source, "
                               "expires) VALUES ");
        for (i = 0; i < batch; i++) {
            size_t length =
                ropp_prefix_format(&replacement->prefixes[replacement->added[at + i]], text);

            ropp_buffer_text(&sql, i > 0 ? ",('" : "('");
            ropp_buffer_add(&sql, text, length);
            ropp_buffer_add(&sql, common.data, common.size);
        }
        good = ropp_session_run(session, &sql);
        *done += batch;
        ropp_progress_show(progress, *done);
    }
    ropp_buffer_free(&common);
    return good;
}

/* Last, so that the servers' look at the counter waits for it only briefly. */
static bool write_source(struct ropp_session *session, const struct ropp_replacement *replacement,
                         bool changes)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, "INSERT INTO proxy_source (name, version, entries, author) VALUES (");
    ropp_sql_text(&sql, session, replacement->source);
    ropp_buffer_format(&sql, ", 1, %zu, ", replacement->count);
    ropp_sql_text(&sql, session, replacement->author);
    ropp_buffer_format(&sql,
                       ") ON DUPLICATE KEY UPDATE version = version + %d, entries = "
                       "VALUES(entries), updated = CURRENT_TIMESTAMP, author = VALUES(author)",
                       changes ? 1 : 0);
    return ropp_session_run(session, &sql);
}

static bool write_history(struct ropp_session *session, const struct ropp_replacement *replacement)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_format(&sql,
                       "INSERT INTO proxy_ban_history (action, kind, reason, author, source, "
                       "expires, user, entries) VALUES ('import', '%s', ",
                       replacement->allow ? "allow" : "ban");
    ropp_sql_text(&sql, session, replacement->reason);
    ropp_buffer_text(&sql, ", ");
    ropp_sql_text(&sql, session, replacement->author);
    ropp_buffer_text(&sql, ", ");
    ropp_sql_text(&sql, session, replacement->source);
    ropp_buffer_text(&sql, ", ");
    ropp_sql_moment(&sql, replacement->expires_s);
    ropp_buffer_format(&sql, ", LEFT(USER(), 128), %zu)", replacement->count);
    return ropp_session_run(session, &sql);
}

bool ropp_replace_write(struct ropp_session *session, const struct ropp_replacement *replacement)
{
    uint64_t total = (uint64_t)replacement->removed_count + replacement->changed_count +
                     replacement->added_count;
    struct ropp_progress progress;
    char error[ROPP_ERROR_TEXT];
    uint64_t done = 0;
    bool good;

    ropp_progress_begin(&progress, "writing", "prefixes", total);
    good = ropp_db_run(&session->db, "SET @ropp_bulk = 1, @ropp_wide = 1", error) &&
           ropp_db_run(&session->db, "START TRANSACTION", error) &&
           write_removed(session, replacement, &progress, &done) &&
           write_changed(session, replacement, &progress, &done) &&
           write_added(session, replacement, &progress, &done) &&
           (total == 0 || write_history(session, replacement)) &&
           write_source(session, replacement, total > 0) &&
           ropp_db_run(&session->db, "COMMIT", error);
    ropp_progress_end(&progress);
    return good;
}

void ropp_replace_free(struct ropp_replacement *replacement)
{
    free(replacement->removed);
    free(replacement->changed);
    free(replacement->added);
    replacement->removed = replacement->changed = NULL;
    replacement->added = NULL;
    replacement->removed_count = replacement->changed_count = replacement->added_count = 0;
}
