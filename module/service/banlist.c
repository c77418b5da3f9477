// SPDX-License-Identifier: MIT
#include "service/banlist.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"

/* ER_NO_SUCH_TABLE, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR */
#define BANLIST_NO_TABLE      1146
#define BANLIST_DENIED        1142
#define BANLIST_COLUMN_DENIED 1143

/* How often tables that cannot be read are looked for. */
#define BANLIST_TABLES_MS 5000

/* For how long proxy_ban is read again and again after it could not be: a dump that is restored in
 * many statements moves no counter. */
#define BANLIST_SETTLE_MS 60000

/* The rows of ipbanlist that are meant: those whose reason is not one of the emulator's own. A
 * connection of the emulator's may have written its bytes in another character set than the
 * table's, so they are compared as they are stored, as they were sent in latin1, and as text. */
#define BANLIST_STORED "CAST(COALESCE(reason, '') AS BINARY)"
#define BANLIST_LATIN1 "CAST(CONVERT(COALESCE(reason, '') USING latin1) AS BINARY)"
#define BANLIST_TEXT   "CAST(CONVERT(COALESCE(reason, '') USING utf8mb4) AS BINARY)"

/* ipbanlist has no counter to ask and is read whole, which may take a quarter of the time; but
 * one that was slow for once must not make the next one late. */
#define BANLIST_PANEL_SHARE 4
#define BANLIST_PANEL_MS    10000

/* By how much this machine's clock may differ from the one that never jumps before it was set. */
#define BANLIST_CLOCK_MS 1000

/* Puts text there, with its NUL; returns its end. */
static char *banlist_put(char *at, const char *text)
{
    size_t length = strlen(text);

    memcpy(at, text, length + 1);
    return at + length;
}

/* The same of the first `length` bytes of text as x'...'. */
static char *banlist_put_hex(char *at, const char *text, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    at = banlist_put(at, "x'");
    for (i = 0; i < length; i++) {
        *at++ = digits[(unsigned char)text[i] >> 4];
        *at++ = digits[(unsigned char)text[i] & 15];
    }
    return banlist_put(at, "'");
}

/* How much of a reason that ends in % is the beginning of those that are meant; 0: it is one itself. */
static size_t banlist_beginning(const char *reason)
{
    size_t length = strlen(reason);

    return length > 1 && reason[length - 1] == '%' ? length - 1 : 0;
}

/* The same of " AND WHAT NOT IN (x'...', ...) AND LEFT(WHAT, N) <> x'...'". */
static char *banlist_put_except(char *at, const char *what, const struct ropp_config_texts *reasons)
{
    char number[12];
    size_t i, length;

    at = banlist_put(banlist_put(banlist_put(at, " AND "), what), " NOT IN (");
    for (i = 0; i < reasons->count; i++)
        at = banlist_put_hex(banlist_put(at, i > 0 ? ", " : ""), reasons->items[i],
                             strlen(reasons->items[i]));
    at = banlist_put(at, ")");
    for (i = 0; i < reasons->count; i++) {
        length = banlist_beginning(reasons->items[i]);
        if (length == 0)
            continue;
        snprintf(number, sizeof number, "%u", (unsigned)length);
        at = banlist_put(banlist_put(banlist_put(at, " AND LEFT("), what), ", ");
        at = banlist_put(banlist_put(at, number), ") <> ");
        at = banlist_put_hex(at, reasons->items[i], length);
    }
    return at;
}

bool ropp_banlist_init(struct ropp_banlist *list, const char *ipbanlist_table,
                       const struct ropp_config_texts *login_only)
{
    size_t size = 1, i;
    char *at;

    memset(list, 0, sizeof *list);
    snprintf(list->ipbanlist_table, sizeof list->ipbanlist_table, "%s", ipbanlist_table);
    list->changed = true; /* an empty list is one to publish, too */
    list->allowance_ends_s = INT64_MAX;
    for (i = 0; i < login_only->count; i++)
        size += 3 * (4 * strlen(login_only->items[i]) + sizeof ", x''" + sizeof BANLIST_LATIN1 +
                     sizeof " AND LEFT(, 255) <> x''");
    size += 3 * sizeof BANLIST_LATIN1 + 3 * sizeof " AND  NOT IN ()";
    list->ipbanlist_rows = (char *)malloc(size);
    if (list->ipbanlist_rows == NULL)
        return false;
    at = list->ipbanlist_rows;
    *at = '\0';
    if (login_only->count > 0) {
        at = banlist_put_except(at, BANLIST_STORED, login_only);
        at = banlist_put_except(at, BANLIST_LATIN1, login_only);
        (void)banlist_put_except(at, BANLIST_TEXT, login_only);
    }
    return true;
}

void ropp_banlist_free(struct ropp_banlist *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        free(list->sources[i].entries.items);
    free(list->sources);
    free(list->ipbanlist_entries.items);
    free(list->ipbanlist_rows);
    memset(list, 0, sizeof *list);
}

static bool banlist_no_memory(char error[ROPP_ERROR_TEXT])
{
    snprintf(error, ROPP_ERROR_TEXT, "out of memory: the ban list: free some");
    return false;
}

/* Makes room for one more and gives it, blank. NULL when memory is short. */
static struct ropp_table_entry *banlist_add(struct ropp_banlist_entries *entries)
{
    struct ropp_table_entry *items;
    size_t room;

    if (entries->count == entries->room) {
        room = entries->room < 16 ? 16 : entries->room * 2;
        items = (struct ropp_table_entry *)realloc(entries->items, room * sizeof *items);
        if (items == NULL)
            return NULL;
        entries->items = items;
        entries->room = room;
    }
    memset(&entries->items[entries->count], 0, sizeof *entries->items);
    return &entries->items[entries->count++];
}

/* ---- rows ---- */

/* A number without a sign, all of the text. */
static bool banlist_number(const char *text, uint64_t *number)
{
    char *end;

    if (text == NULL || text[0] < '0' || text[0] > '9')
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0';
}

/* The expiry of a row in this machine's time, from the microseconds that are left of it; NULL means
 * never. An entry stays for what is left of its last second. */
static bool banlist_expiry(const char *left_us, int64_t wall_ms, int64_t *expires_s)
{
    char *end;
    long long left;

    *expires_s = 0;
    if (left_us == NULL)
        return true;
    left = strtoll(left_us, &end, 10);
    if (end == left_us || *end != '\0' || left > INT64_MAX / 2)
        return false;
    *expires_s = (wall_ms + left / 1000 + 999) / 1000;
    return true;
}

static bool banlist_kind(const char *text, enum ropp_table_kind *kind)
{
    if (text == NULL || (strcmp(text, "ban") != 0 && strcmp(text, "allow") != 0))
        return false;
    *kind = strcmp(text, "allow") == 0 ? ROPP_TABLE_ALLOW : ROPP_TABLE_BAN;
    return true;
}

/* Sixteen bytes, IPv4 as IPv4-mapped IPv6, and the length in the family's own bits. Also an entry
 * that was written as NAT64 is one for the IPv4 addresses in it. */
static bool banlist_prefix(const char *bytes, unsigned long size, uint64_t length,
                           struct ropp_prefix *prefix)
{
    if (bytes == NULL || size != sizeof prefix->addr.bytes || length > 128)
        return false;
    prefix->addr.family = ROPP_FAMILY_INET6;
    memcpy(prefix->addr.bytes, bytes, sizeof prefix->addr.bytes);
    ropp_addr_unmap(&prefix->addr);
    prefix->length = (unsigned)length;
    ropp_prefix_unwrap(prefix);
    return true;
}

/* id, kind, start, length, microseconds left. A row that says nothing sensible can only be of a
 * table that is not ours; it bans nobody. */
static bool banlist_read_row(MYSQL_ROW row, const unsigned long *sizes, int64_t wall_ms,
                             struct ropp_table_entry *entry)
{
    uint64_t length;

    if (!banlist_kind(row[1], &entry->kind) || !banlist_number(row[0], &entry->id) ||
        !banlist_number(row[3], &length))
        return false;
    return banlist_prefix(row[2], sizes[2], length, &entry->prefix) &&
           banlist_expiry(row[4], wall_ms, &entry->expires_s) && ropp_table_entry_valid(entry);
}

/* ---- what is wrong ---- */

/* Whether any entry is in force. */
static bool banlist_in_force(const struct ropp_banlist_entries *entries)
{
    int64_t now_s = ropp_wall_ms() / 1000;
    size_t i;

    for (i = 0; i < entries->count; i++)
        if (entries->items[i].expires_s == 0 || entries->items[i].expires_s > now_s)
            return true;
    return false;
}

/* What to do about a table that cannot be read. */
static const char *banlist_remedy(unsigned code)
{
    switch (code) {
    case BANLIST_NO_TABLE:
        return "restore it, or load sql/install.sql";
    case BANLIST_DENIED:
    case BANLIST_COLUMN_DENIED:
        return "GRANT SELECT on it to the servers' user";
    default:
        return "mend it, or load sql/install.sql";
    }
}

/* A part could not be read, and `error` says why. False when that is the connection's fault, or
 * memory's. Without a table that nothing was read from there is nothing to report: that is not
 * installed. */
static bool banlist_miss(struct ropp_banlist_part *part, struct ropp_db *db, bool in_force,
                         const char *error)
{
    unsigned code = mysql_errno(db->mysql);

    if (code == 0 || ropp_db_gone(db))
        return false;
    part->paused = !ropp_db_busy(db);
    if (code == BANLIST_NO_TABLE)
        part->installed = false;
    if (code == BANLIST_NO_TABLE && !in_force)
        part->trouble[0] = '\0';
    else
        snprintf(part->trouble, sizeof part->trouble, "%.300s: %s", error, banlist_remedy(code));
    return true;
}

/* A part was read. */
static void banlist_got(struct ropp_banlist_part *part)
{
    part->known = true;
    part->installed = true;
    part->paused = false;
    part->trouble[0] = '\0';
}

/* Whether two sorted lists say the same; the two machines' clocks make a second of difference. */
static bool banlist_same(const struct ropp_banlist_entries *a, const struct ropp_banlist_entries *b)
{
    int64_t apart;
    size_t i;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++) {
        apart = a->items[i].expires_s - b->items[i].expires_s;
        if (a->items[i].kind != b->items[i].kind || a->items[i].id != b->items[i].id ||
            (a->items[i].expires_s == 0) != (b->items[i].expires_s == 0) ||
            a->items[i].prefix.length != b->items[i].prefix.length ||
            !ropp_addr_equal(&a->items[i].prefix.addr, &b->items[i].prefix.addr) || apart < -1 ||
            apart > 1)
            return false;
    }
    return true;
}

/* ---- the sources of proxy_ban ---- */

static struct ropp_banlist_source *banlist_find(struct ropp_banlist *list, const char *name)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (strcmp(list->sources[i].name, name) == 0)
            return &list->sources[i];
    return NULL;
}

static struct ropp_banlist_source *banlist_new_source(struct ropp_banlist *list, const char *name)
{
    struct ropp_banlist_source *sources =
        (struct ropp_banlist_source *)realloc(list->sources,
                                              (list->count + 1) * sizeof *list->sources);

    if (sources == NULL)
        return NULL;
    list->sources = sources;
    sources += list->count++;
    memset(sources, 0, sizeof *sources);
    snprintf(sources->name, sizeof sources->name, "%s", name);
    sources->suspect = true;
    return sources;
}

/* The time that is left is kept in Unix time, which no time zone moves: by the clock on the wall an
 * entry may seem to end an hour earlier or later. */
static bool banlist_load(struct ropp_banlist *list, struct ropp_banlist_source *source,
                         struct ropp_db *db, char error[ROPP_ERROR_TEXT])
{
    char sql[1024], name[2 * ROPP_BANLIST_NAME];
    struct ropp_banlist_entries loaded = {NULL, 0, 0};
    int64_t wall_ms = ropp_wall_ms();
    struct ropp_table_entry *entry;
    MYSQL_RES *result;
    MYSQL_ROW row;

    mysql_real_escape_string(db->mysql, name, source->name, (unsigned long)strlen(source->name));
    snprintf(sql, sizeof sql,
             "SELECT id, kind, CAST(range_start AS BINARY(16)), prefix_length, "
             "(UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP()) * 1000000 - MICROSECOND(NOW(6)) "
             "FROM proxy_ban WHERE source = '%s' AND "
             "(expires IS NULL OR UNIX_TIMESTAMP(expires) > UNIX_TIMESTAMP()) "
             "ORDER BY range_start, prefix_length",
             name);
    result = ropp_db_query(db, sql, error);
    if (result == NULL)
        return false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        entry = banlist_add(&loaded);
        if (entry == NULL)
            break;
        if (!banlist_read_row(row, mysql_fetch_lengths(result), wall_ms, entry))
            loaded.count--;
    }
    mysql_free_result(result); /* reads the rest of the rows, if there is any */
    if (row != NULL || ropp_db_failed(db, error)) {
        free(loaded.items);
        return row != NULL ? banlist_no_memory(error) : false;
    }
    list->changed = list->changed || !banlist_same(&loaded, &source->entries);
    free(source->entries.items);
    source->entries = loaded;
    source->version = source->wanted;
    source->filled = source->fills;
    source->suspect = false;
    return true;
}

/* Whether a source's entries have vanished. DELETE moves the counter of proxy_source.
 * TRUNCATE does not, and neither does a dump that has made the table anew and not filled it yet. */
static bool banlist_is_emptied(const struct ropp_banlist_source *source)
{
    return source->filled && !source->fills && source->version == source->wanted &&
           banlist_in_force(&source->entries);
}

static bool banlist_wants_load(const struct ropp_banlist_source *source)
{
    return source->seen && !banlist_is_emptied(source) &&
           (source->suspect || source->version != source->wanted ||
            (source->fills && !source->filled));
}

/* Notes what the database says of a source. False when memory is short. */
static bool banlist_note_source(struct ropp_banlist *list, const char *name, uint64_t version,
                                bool fills)
{
    struct ropp_banlist_source *source = banlist_find(list, name);

    if (source == NULL)
        source = banlist_new_source(list, name);
    if (source == NULL)
        return false;
    source->seen = true;
    source->wanted = version;
    source->fills = fills;
    return true;
}

/* Every source is suspect when proxy_source has none at all: install.sql puts one there. */
static void banlist_judge_sources(struct ropp_banlist *list, char trouble[ROPP_LINE_TEXT])
{
    bool any = false;
    size_t i;

    trouble[0] = '\0';
    for (i = 0; i < list->count; i++)
        any = any || list->sources[i].seen;
    for (i = 0; i < list->count; i++) {
        const struct ropp_banlist_source *source = &list->sources[i];

        if (!any && banlist_in_force(&source->entries))
            snprintf(trouble, ROPP_LINE_TEXT,
                     "proxy_source has no row any more: restore it, or load sql/install.sql");
        else if (source->seen && banlist_is_emptied(source))
            snprintf(trouble, ROPP_LINE_TEXT,
                     "proxy_ban has no entry of the list %s any more, and nobody has deleted them: "
                     "restore it, or say that it is meant: UPDATE proxy_source SET version = "
                     "version + 1",
                     source->name);
    }
    /* What is kept needs no row. */
    for (i = 0; i < list->count && !any; i++) {
        list->sources[i].seen = true;
        list->sources[i].fills = false;
        list->sources[i].wanted = list->sources[i].version;
    }
}

static bool banlist_read_sources(struct ropp_banlist *list, struct ropp_db *db,
                                 char trouble[ROPP_LINE_TEXT], char error[ROPP_ERROR_TEXT])
{
    MYSQL_RES *result =
        ropp_db_query(db,
                      "SELECT name, version, "
                      "EXISTS (SELECT 1 FROM proxy_ban WHERE source = proxy_source.name) "
                      "FROM proxy_source",
                      error);
    uint64_t version, filled;
    MYSQL_ROW row;
    size_t i;

    if (result == NULL)
        return false;
    for (i = 0; i < list->count; i++)
        list->sources[i].seen = false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        /* No entry is of a source whose name is longer than the triggers allow. */
        if (row[0] != NULL && strlen(row[0]) < ROPP_BANLIST_NAME &&
            banlist_number(row[1], &version) && banlist_number(row[2], &filled) &&
            !banlist_note_source(list, row[0], version, filled != 0))
            break;
    }
    mysql_free_result(result);
    if (row != NULL)
        return banlist_no_memory(error);
    if (ropp_db_failed(db, error))
        return false;
    banlist_judge_sources(list, trouble);
    return true;
}

/* Forgets the sources that are in the database no more. */
static void banlist_drop_unseen(struct ropp_banlist *list)
{
    size_t i, kept = 0;

    for (i = 0; i < list->count; i++) {
        if (list->sources[i].seen) {
            list->sources[kept++] = list->sources[i];
            continue;
        }
        list->changed = list->changed || list->sources[i].entries.count > 0;
        free(list->sources[i].entries.items);
    }
    list->count = kept;
}

/* Loads every source that has changed, all as of one moment. */
static bool banlist_load_changed(struct ropp_banlist *list, struct ropp_db *db,
                                 char trouble[ROPP_LINE_TEXT], char error[ROPP_ERROR_TEXT])
{
    size_t i;

    if (!ropp_db_run(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", error) ||
        !banlist_read_sources(list, db, trouble, error))
        return false;
    for (i = 0; i < list->count; i++)
        if (banlist_wants_load(&list->sources[i]) &&
            !banlist_load(list, &list->sources[i], db, error))
            return false;
    return ropp_db_run(db, "COMMIT", error);
}

static bool banlist_read_own(struct ropp_banlist *list, struct ropp_db *db,
                             char trouble[ROPP_LINE_TEXT], char error[ROPP_ERROR_TEXT])
{
    bool wanted = false;
    size_t i;

    if (!banlist_read_sources(list, db, trouble, error))
        return false;
    for (i = 0; i < list->count; i++)
        wanted = wanted || banlist_wants_load(&list->sources[i]);
    return !wanted || banlist_load_changed(list, db, trouble, error);
}

static void banlist_doubt_sources(struct ropp_banlist *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        list->sources[i].suspect = true;
}

/* After proxy_ban could not be read, what it says may be on its way still. */
static void banlist_settle(struct ropp_banlist *list, int64_t now_ms)
{
    if (list->settled_ms == 0)
        return;
    banlist_doubt_sources(list);
    if (now_ms >= list->settled_ms)
        list->settled_ms = 0;
}

static bool banlist_in_force_own(const struct ropp_banlist *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (banlist_in_force(&list->sources[i].entries))
            return true;
    return false;
}

static bool banlist_poll_own(struct ropp_banlist *list, struct ropp_db *db, int64_t now_ms,
                             char error[ROPP_ERROR_TEXT])
{
    char trouble[ROPP_LINE_TEXT], unused[ROPP_ERROR_TEXT];
    bool troubled = list->own.trouble[0] != '\0';

    if (!banlist_read_own(list, db, trouble, error)) {
        if (!banlist_miss(&list->own, db, banlist_in_force_own(list), error))
            return false;
        return ropp_db_run(db, "ROLLBACK", unused); /* of the transaction that loads */
    }
    banlist_drop_unseen(list);
    banlist_got(&list->own);
    memcpy(list->own.trouble, trouble, sizeof trouble);
    if (troubled && trouble[0] == '\0')
        list->settled_ms = now_ms + BANLIST_SETTLE_MS;
    return true;
}

/* ---- ipbanlist ---- */

static int banlist_compare(const void *left, const void *right)
{
    const struct ropp_table_entry *a = (const struct ropp_table_entry *)left;
    const struct ropp_table_entry *b = (const struct ropp_table_entry *)right;
    int order = memcmp(a->prefix.addr.bytes, b->prefix.addr.bytes, sizeof a->prefix.addr.bytes);

    if (order != 0)
        return order;
    if (a->prefix.length != b->prefix.length)
        return a->prefix.length < b->prefix.length ? -1 : 1;
    return a->expires_s < b->expires_s ? -1 : a->expires_s > b->expires_s;
}

static bool banlist_read_ipbanlist_rows(struct ropp_banlist *list, struct ropp_db *db,
                                        struct ropp_banlist_entries *entries,
                                        char error[ROPP_ERROR_TEXT])
{
    size_t size = strlen(list->ipbanlist_rows) + 256;
    char *sql = (char *)malloc(size);
    int64_t wall_ms = ropp_wall_ms();
    struct ropp_table_entry *entry;
    MYSQL_RES *result;
    MYSQL_ROW row;

    if (sql == NULL)
        return banlist_no_memory(error);
    snprintf(sql, size,
             "SELECT list, TIMESTAMPDIFF(MICROSECOND, NOW(6), rtime) FROM `%s` "
             "WHERE rtime > NOW()%s",
             list->ipbanlist_table, list->ipbanlist_rows);
    result = ropp_db_query(db, sql, error);
    free(sql);
    if (result == NULL)
        return false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        entry = banlist_add(entries);
        if (entry == NULL)
            break;
        if (row[0] == NULL || row[1] == NULL ||
            !ropp_pattern_parse(row[0], strlen(row[0]), &entry->prefix) ||
            !banlist_expiry(row[1], wall_ms, &entry->expires_s))
            entries->count--;
    }
    mysql_free_result(result);
    if (row != NULL)
        return banlist_no_memory(error);
    return !ropp_db_failed(db, error);
}

static int64_t banlist_ipbanlist_pause(int64_t took_ms)
{
    int64_t pause_ms = took_ms * BANLIST_PANEL_SHARE;

    return pause_ms < BANLIST_PANEL_MS ? pause_ms : BANLIST_PANEL_MS;
}

/* Puts what was read in the place of what was known. Takes it over. */
static void banlist_take_ipbanlist(struct ropp_banlist *list, struct ropp_banlist_entries *read)
{
    if (read->count > 0)
        qsort(read->items, read->count, sizeof *read->items, banlist_compare);
    if (banlist_same(read, &list->ipbanlist_entries)) {
        free(read->items);
        return;
    }
    free(list->ipbanlist_entries.items);
    list->ipbanlist_entries = *read;
    list->changed = true;
}

/* Reads the first column of the first row; empty when there is none, or NULL. */
static bool banlist_read_text(struct ropp_db *db, const char *sql, char *text, size_t size,
                              char error[ROPP_ERROR_TEXT])
{
    MYSQL_RES *result = ropp_db_query(db, sql, error);
    MYSQL_ROW row;

    text[0] = '\0';
    if (result == NULL)
        return false;
    row = mysql_fetch_row(result);
    if (row != NULL && row[0] != NULL)
        snprintf(text, size, "%s", row[0]);
    mysql_free_result(result);
    return !ropp_db_failed(db, error);
}

/* When ipbanlist was made, which shows whether it is still the same table. */
static bool banlist_read_created(struct ropp_banlist *list, struct ropp_db *db, char created[32],
                                 char error[ROPP_ERROR_TEXT])
{
    char sql[512], name[2 * ROPP_BANLIST_NAME];

    mysql_real_escape_string(db->mysql, name, list->ipbanlist_table,
                             (unsigned long)strlen(list->ipbanlist_table));
    snprintf(sql, sizeof sql,
             "SELECT UNIX_TIMESTAMP(CREATE_TIME) FROM information_schema.TABLES "
             "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '%s'",
             name);
    return banlist_read_text(db, sql, created, 32, error);
}

/* Whether ipbanlist is another table than the one that was read, and nobody has written to it:
 * then nobody has lifted the bans in it either. */
static bool banlist_is_new_ipbanlist(struct ropp_banlist *list, struct ropp_db *db, bool *is_new,
                                     char error[ROPP_ERROR_TEXT])
{
    char sql[128], created[32], any[2];

    snprintf(sql, sizeof sql, "SELECT 1 FROM `%s` LIMIT 1", list->ipbanlist_table);
    if (!banlist_read_created(list, db, created, error) ||
        !banlist_read_text(db, sql, any, sizeof any, error))
        return false;
    *is_new = any[0] == '\0' && strcmp(created, list->ipbanlist_created) != 0;
    return true;
}

static bool banlist_read_ipbanlist(struct ropp_banlist *list, struct ropp_db *db,
                                   struct ropp_banlist_entries *read, bool *is_new,
                                   char error[ROPP_ERROR_TEXT])
{
    char created[32];

    *is_new = false;
    if (!banlist_read_created(list, db, created, error) ||
        !banlist_read_ipbanlist_rows(list, db, read, error) ||
        (read->count == 0 && banlist_in_force(&list->ipbanlist_entries) &&
         !banlist_is_new_ipbanlist(list, db, is_new, error)))
        return false;
    if (!*is_new)
        memcpy(list->ipbanlist_created, created, sizeof created);
    return true;
}

static bool banlist_poll_ipbanlist(struct ropp_banlist *list, struct ropp_db *db,
                                   char error[ROPP_ERROR_TEXT])
{
    struct ropp_banlist_entries read = {NULL, 0, 0};
    int64_t began_ms = ropp_now_ms();
    bool is_new;

    if (!banlist_read_ipbanlist(list, db, &read, &is_new, error)) {
        free(read.items);
        return banlist_miss(&list->ipbanlist, db, banlist_in_force(&list->ipbanlist_entries),
                            error);
    }
    banlist_got(&list->ipbanlist);
    list->ipbanlist_due_ms = began_ms + banlist_ipbanlist_pause(ropp_now_ms() - began_ms);
    if (!is_new) {
        banlist_take_ipbanlist(list, &read);
        return true;
    }
    free(read.items);
    snprintf(list->ipbanlist.trouble, sizeof list->ipbanlist.trouble,
             "%s is a new table without a row: restore it, or write any row into it to say that "
             "it is meant",
             list->ipbanlist_table);
    return true;
}

/* ---- all of it ---- */

/* Expiries are in this machine's time. When its clock is set, or the machine was suspended, how
 * long each entry is still in force must be asked again. */
static void banlist_watch_clock(struct ropp_banlist *list)
{
    int64_t ahead_ms = ropp_wall_ms() - ropp_now_ms(), moved_ms = ahead_ms - list->ahead_ms;

    if (moved_ms >= -BANLIST_CLOCK_MS && moved_ms <= BANLIST_CLOCK_MS)
        return;
    list->ahead_ms = ahead_ms;
    ropp_banlist_doubt(list);
}

bool ropp_banlist_poll(struct ropp_banlist *list, struct ropp_db *db, int64_t now_ms,
                       char error[ROPP_ERROR_TEXT])
{
    bool look = now_ms >= list->tables_due_ms;

    banlist_watch_clock(list);
    if (look) {
        list->tables_due_ms = now_ms + BANLIST_TABLES_MS;
        banlist_settle(list, now_ms);
    }
    if ((look || !list->own.paused) && !banlist_poll_own(list, db, now_ms, error))
        return false;
    return (!look && list->ipbanlist.paused) || now_ms < list->ipbanlist_due_ms ||
           banlist_poll_ipbanlist(list, db, error);
}

void ropp_banlist_doubt(struct ropp_banlist *list)
{
    banlist_doubt_sources(list);
    list->tables_due_ms = 0;
    list->ipbanlist_due_ms = 0;
}

bool ropp_banlist_allowance_ended(const struct ropp_banlist *list, int64_t now_s)
{
    return now_s >= list->allowance_ends_s;
}

/* When the next allowance ends. */
static int64_t banlist_next_end(const struct ropp_banlist *list, int64_t now_s)
{
    int64_t next_s = INT64_MAX;
    size_t i, k;

    for (i = 0; i < list->count; i++) {
        for (k = 0; k < list->sources[i].entries.count; k++) {
            const struct ropp_table_entry *entry = &list->sources[i].entries.items[k];

            if (entry->kind == ROPP_TABLE_ALLOW && entry->expires_s > now_s &&
                entry->expires_s < next_s)
                next_s = entry->expires_s;
        }
    }
    return next_s;
}

static size_t banlist_copy(struct ropp_table_entry *to, const struct ropp_banlist_entries *from)
{
    if (from->count > 0)
        memcpy(to, from->items, from->count * sizeof *to);
    return from->count;
}

/* The table of the first `count` entries, NULL when memory is short. */
static struct ropp_table *banlist_table(struct ropp_table_entry *entries, size_t count)
{
    struct ropp_table *table;

    return ropp_table_build(entries, count, ropp_alloc_large, &table) == ROPP_TABLE_OK ? table
                                                                                       : NULL;
}

/* Builds both tables, one after the other in the same memory. */
static bool banlist_build(const struct ropp_banlist *list, struct ropp_snapshot *snapshot)
{
    size_t room = list->ipbanlist_entries.count + 1, count = 0, i;
    struct ropp_table_entry *all;

    for (i = 0; i < list->count; i++)
        room += list->sources[i].entries.count;
    all = (struct ropp_table_entry *)malloc(room * sizeof *all);
    if (all == NULL)
        return false;
    for (i = 0; i < list->count; i++)
        count += banlist_copy(all + count, &list->sources[i].entries);
    snapshot->table = banlist_table(all, count);
    if (snapshot->table != NULL)
        snapshot->ipbanlist = banlist_table(all, banlist_copy(all, &list->ipbanlist_entries));
    free(all);
    return snapshot->ipbanlist != NULL;
}

struct ropp_snapshot *ropp_banlist_snapshot(struct ropp_banlist *list)
{
    struct ropp_snapshot *snapshot = (struct ropp_snapshot *)malloc(sizeof *snapshot);

    if (snapshot == NULL)
        return NULL;
    snapshot->table = NULL;
    snapshot->ipbanlist = NULL;
    snapshot->loaded_ms = 0;
    snapshot->older = NULL;
    if (!banlist_build(list, snapshot)) {
        ropp_snapshot_free(snapshot);
        return NULL;
    }
    snapshot->loaded_ms = ropp_wall_ms();
    list->allowance_ends_s = banlist_next_end(list, snapshot->loaded_ms / 1000);
    list->changed = false;
    return snapshot;
}
