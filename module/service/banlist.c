#include "service/banlist.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"

/* ER_NO_SUCH_TABLE */
#define BANLIST_NO_TABLE 1146

/* How often tables that are not there are looked for. */
#define BANLIST_TABLES_MS 5000

/* ipbanlist has no counter to ask and is read whole, which may take a quarter of the time; but
 * one that was slow for once must not make the next one late. */
#define BANLIST_PANEL_SHARE 4
#define BANLIST_PANEL_MS    10000

/* By how much this machine's clock may differ from the one that never jumps before it was set. */
#define BANLIST_CLOCK_MS 1000

void ropp_banlist_init(struct ropp_banlist *list, const char *panel_table)
{
    memset(list, 0, sizeof *list);
    snprintf(list->panel_table, sizeof list->panel_table, "%s", panel_table);
    list->changed = true; /* an empty list is one to publish, too */
}

void ropp_banlist_free(struct ropp_banlist *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        free(list->sources[i].entries.items);
    free(list->sources);
    free(list->panel.items);
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

/* Whether a poll failed for want of a table; then that is no failure. */
static bool banlist_lacks_table(const struct ropp_db *db)
{
    return mysql_errno(db->mysql) == BANLIST_NO_TABLE;
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
    sources->version = UINT64_MAX; /* not loaded */
    return sources;
}

/* The time that is left is told in Unix time, which no time zone moves: by the clock on the wall an
 * entry may seem to end an hour earlier or later. */
static bool banlist_load(struct ropp_banlist_source *source, struct ropp_db *db,
                         char error[ROPP_ERROR_TEXT])
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
    free(source->entries.items);
    source->entries = loaded;
    return true;
}

/* Notes what the database says of a source. Tells by *stale when that is something else than what
 * is loaded; TRUNCATE empties a table without a word to its counter. */
static bool banlist_note_source(struct ropp_banlist *list, const char *name, uint64_t version,
                                bool empty, bool *stale)
{
    struct ropp_banlist_source *source = banlist_find(list, name);

    if (source == NULL)
        source = banlist_new_source(list, name);
    if (source == NULL)
        return false;
    source->seen = true;
    source->wanted = version;
    if (empty && source->entries.count > 0)
        source->version = UINT64_MAX;
    if (source->version != version)
        *stale = true;
    return true;
}

static bool banlist_read_sources(struct ropp_banlist *list, struct ropp_db *db, bool *stale,
                                 char error[ROPP_ERROR_TEXT])
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

    *stale = false;
    if (result == NULL)
        return false;
    for (i = 0; i < list->count; i++)
        list->sources[i].seen = false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        /* No entry is of a source whose name is longer than the triggers allow. */
        if (row[0] != NULL && strlen(row[0]) < ROPP_BANLIST_NAME &&
            banlist_number(row[1], &version) && banlist_number(row[2], &filled) &&
            !banlist_note_source(list, row[0], version, filled == 0, stale))
            break;
    }
    mysql_free_result(result);
    if (row != NULL)
        return banlist_no_memory(error);
    for (i = 0; i < list->count; i++)
        *stale = *stale || !list->sources[i].seen;
    return !ropp_db_failed(db, error);
}

/* Forgets the sources that are in the database no more. */
static void banlist_drop_unseen(struct ropp_banlist *list)
{
    size_t i, kept = 0;

    for (i = 0; i < list->count; i++) {
        if (list->sources[i].seen)
            list->sources[kept++] = list->sources[i];
        else
            free(list->sources[i].entries.items);
    }
    list->count = kept;
}

/* The tables are there no more: neither is any ban in them. */
static void banlist_drop_all(struct ropp_banlist *list)
{
    size_t i;

    if (list->count == 0)
        return;
    for (i = 0; i < list->count; i++)
        list->sources[i].seen = false;
    banlist_drop_unseen(list);
    list->changed = true;
}

/* Loads every source that has changed, all as of one moment. */
static bool banlist_load_stale(struct ropp_banlist *list, struct ropp_db *db,
                               char error[ROPP_ERROR_TEXT])
{
    struct ropp_banlist_source *source;
    bool stale;
    size_t i;

    if (!ropp_db_run(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", error) ||
        !banlist_read_sources(list, db, &stale, error))
        return false;
    for (i = 0; i < list->count; i++) {
        source = &list->sources[i];
        if (!source->seen || source->version == source->wanted)
            continue;
        if (!banlist_load(source, db, error))
            return false;
        source->version = source->wanted;
    }
    banlist_drop_unseen(list);
    list->changed = true;
    return ropp_db_run(db, "COMMIT", error);
}

static bool banlist_poll_sources(struct ropp_banlist *list, struct ropp_db *db,
                                 char error[ROPP_ERROR_TEXT])
{
    bool stale;

    if (!banlist_read_sources(list, db, &stale, error)) {
        if (!banlist_lacks_table(db))
            return false;
        list->installed = false;
        banlist_drop_all(list);
        return true;
    }
    list->installed = true;
    return !stale || banlist_load_stale(list, db, error);
}

/* ---- ipbanlist ---- */

/* The four forms that an emulator asks for: a.b.c.d, a.b.c.*, a.b.*.* and a.*.*.*, numbers without
 * leading zeros. No other form ever bans anybody. Spaces at the end are nothing to MariaDB. */
static bool banlist_pattern(const char *text, struct ropp_prefix *prefix)
{
    char quad[sizeof "255.255.255.255"];
    size_t length = strlen(text), stars = 0, i;

    while (length > 0 && text[length - 1] == ' ')
        length--;
    while (length >= 2 && stars < 3 && memcmp(text + length - 2, ".*", 2) == 0) {
        length -= 2;
        stars++;
    }
    if (length + 2 * stars >= sizeof quad || memchr(text, ':', length) != NULL)
        return false;
    memcpy(quad, text, length);
    for (i = 0; i < stars; i++)
        memcpy(quad + length + 2 * i, ".0", 2);
    if (!ropp_addr_parse(quad, length + 2 * stars, &prefix->addr) ||
        prefix->addr.family != ROPP_FAMILY_INET)
        return false;
    prefix->length = 32 - 8 * (unsigned)stars;
    return true;
}

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

/* Whether two sorted lists say the same; the two machines' clocks make a second of difference. */
static bool banlist_same(const struct ropp_banlist_entries *a, const struct ropp_banlist_entries *b)
{
    int64_t apart;
    size_t i;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++) {
        apart = a->items[i].expires_s - b->items[i].expires_s;
        if (a->items[i].prefix.length != b->items[i].prefix.length ||
            !ropp_addr_equal(&a->items[i].prefix.addr, &b->items[i].prefix.addr) || apart < -1 ||
            apart > 1)
            return false;
    }
    return true;
}

static bool banlist_read_panel(struct ropp_banlist *list, struct ropp_db *db,
                               struct ropp_banlist_entries *entries, char error[ROPP_ERROR_TEXT])
{
    char sql[512];
    int64_t wall_ms = ropp_wall_ms();
    struct ropp_table_entry *entry;
    MYSQL_RES *result;
    MYSQL_ROW row;

    snprintf(sql, sizeof sql,
             "SELECT list, TIMESTAMPDIFF(MICROSECOND, NOW(6), rtime) FROM `%s` "
             "WHERE rtime > NOW()",
             list->panel_table);
    result = ropp_db_query(db, sql, error);
    if (result == NULL)
        return false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        entry = banlist_add(entries);
        if (entry == NULL)
            break;
        if (row[0] == NULL || row[1] == NULL || !banlist_pattern(row[0], &entry->prefix) ||
            !banlist_expiry(row[1], wall_ms, &entry->expires_s))
            entries->count--;
    }
    mysql_free_result(result);
    if (row != NULL)
        return banlist_no_memory(error);
    return !ropp_db_failed(db, error);
}

static int64_t banlist_panel_pause(int64_t took_ms)
{
    int64_t pause_ms = took_ms * BANLIST_PANEL_SHARE;

    return pause_ms < BANLIST_PANEL_MS ? pause_ms : BANLIST_PANEL_MS;
}

/* Puts what was read in the place of what was known. Takes it over. */
static void banlist_take_panel(struct ropp_banlist *list, struct ropp_banlist_entries *read)
{
    if (read->count > 0)
        qsort(read->items, read->count, sizeof *read->items, banlist_compare);
    if (banlist_same(read, &list->panel)) {
        free(read->items);
        return;
    }
    free(list->panel.items);
    list->panel = *read;
    list->changed = true;
}

static bool banlist_poll_panel(struct ropp_banlist *list, struct ropp_db *db,
                               char error[ROPP_ERROR_TEXT])
{
    struct ropp_banlist_entries read = {NULL, 0, 0};
    int64_t began_ms = ropp_now_ms();

    if (!banlist_read_panel(list, db, &read, error)) {
        free(read.items);
        if (!banlist_lacks_table(db))
            return false;
        list->panel_installed = false;
        read.items = NULL;
        read.count = 0;
    } else {
        list->panel_installed = true;
        list->panel_due_ms = began_ms + banlist_panel_pause(ropp_now_ms() - began_ms);
    }
    banlist_take_panel(list, &read);
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
    bool look;

    banlist_watch_clock(list);
    look = now_ms >= list->tables_due_ms;
    if (look)
        list->tables_due_ms = now_ms + BANLIST_TABLES_MS;
    if ((list->installed || look) && !banlist_poll_sources(list, db, error))
        return false;
    return (!list->panel_installed && !look) || now_ms < list->panel_due_ms ||
           banlist_poll_panel(list, db, error);
}

void ropp_banlist_doubt(struct ropp_banlist *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        list->sources[i].version = UINT64_MAX;
    list->tables_due_ms = 0;
    list->panel_due_ms = 0;
}

static size_t banlist_copy(struct ropp_table_entry *to, const struct ropp_banlist_entries *from)
{
    if (from->count > 0)
        memcpy(to, from->items, from->count * sizeof *to);
    return from->count;
}

/* The table of `count` entries in all, NULL when memory is short. */
static struct ropp_table *banlist_build(const struct ropp_banlist *list, size_t count)
{
    struct ropp_table_entry *all;
    struct ropp_table *table = NULL;
    size_t i;

    all = (struct ropp_table_entry *)malloc((count > 0 ? count : 1) * sizeof *all);
    if (all == NULL)
        return NULL;
    count = banlist_copy(all, &list->panel);
    for (i = 0; i < list->count; i++)
        count += banlist_copy(all + count, &list->sources[i].entries);
    if (ropp_table_build(all, count, malloc, &table) != ROPP_TABLE_OK)
        table = NULL;
    free(all);
    return table;
}

struct ropp_snapshot *ropp_banlist_snapshot(struct ropp_banlist *list)
{
    struct ropp_snapshot *snapshot = (struct ropp_snapshot *)malloc(sizeof *snapshot);
    size_t count = list->panel.count, i;

    for (i = 0; i < list->count; i++)
        count += list->sources[i].entries.count;
    if (snapshot == NULL)
        return NULL;
    snapshot->table = banlist_build(list, count);
    if (snapshot->table == NULL) {
        free(snapshot);
        return NULL;
    }
    snapshot->loaded_ms = ropp_wall_ms();
    snapshot->older = NULL;
    list->changed = false;
    return snapshot;
}
