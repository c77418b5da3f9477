// SPDX-License-Identifier: MIT
#include "service/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ban.h"
#include "service/banlist.h"
#include "service/connlog.h"
#include "service/status.h"

#define WORKER_SERVER_S  5      /* how long the database may take to answer */
#define WORKER_RETRY_MS  5000   /* between tries at most */
#define WORKER_REMIND_MS 300000 /* between lines about a database that stays away */
#define WORKER_COUNT_MS  10000  /* between lines about how many bans there are */
#define WORKER_STATUS_MS 2000
#define WORKER_PRUNE_MS  3600000 /* between looks for old rows of the connection log */
#define WORKER_MORE_MS   1000    /* the same while there are more */
#define WORKER_LIMIT_MS  60000   /* between looks at how many there are */
#define WORKER_TABLE_MS  5000    /* between looks for a table that cannot be used */

/* A table that is written to. */
struct worker_table {
    const char *name;
    bool usable;    /* it was there when it was looked for, and nothing has failed since */
    bool logged;    /* that it cannot be used, to this connection */
    int64_t due_ms; /* when it is looked for again */
};

/* What was logged of a part of the ban list that cannot be read. */
struct worker_trouble {
    char text[ROPP_LINE_TEXT];
    int64_t logged_ms;
};

/* The thread's own. */
struct worker_state {
    struct ropp_worker *shared;
    struct ropp_db_settings settings;
    struct ropp_db db;
    struct ropp_banlist list;
    struct ropp_connlog_writer connlog;
    struct ropp_connlog_bound connlog_bound;
    struct ropp_status status;
    struct worker_table connlog_table, status_table;
    int64_t away_ms;     /* since when the database is away; 0 when it is not */
    int64_t reminded_ms; /* when that was said last */
    unsigned retry_ms;   /* until the next try */
    int64_t status_due_ms, prune_due_ms, limit_due_ms;
    bool has_more;      /* records in the queue, most likely */
    uint64_t counted;   /* the bans that were logged to be in force */
    int64_t counted_ms; /* when; 0: not yet */
    bool uninstalled_logged;
    struct worker_trouble own_trouble, ipbanlist_trouble;
    char covered[ROPP_PREFIX_TEXT]; /* the ban of an own address that was logged last */
};

static bool worker_begin(struct worker_state *state, struct ropp_worker *shared)
{
    const struct ropp_config *config = shared->config;

    memset(state, 0, sizeof *state);
    state->shared = shared;
    state->settings = ropp_dbconf_settings(&config->db);
    state->settings.server_s = WORKER_SERVER_S;
    state->status.server = shared->server;
    state->status.port = shared->port;
    state->status.mode = config->mode;
    state->status.started_ms = ropp_wall_ms();
    state->status.bans = config->bans ? ROPP_BANS_LOADING : ROPP_BANS_OFF;
    ropp_host_name(state->status.host);
    state->status.login_only = &config->login_only;
    state->status.left_out = config->left_out;
    return ropp_banlist_init(&state->list, config->db.ipban_table, &config->login_only);
}

/* ---- the database comes and goes ---- */

/* What a line says of the bans in force while the database is away. */
static const char *worker_meanwhile(const struct worker_state *state)
{
    if (state->status.bans == ROPP_BANS_OFF)
        return "the connection log waits";
    if (state->status.loaded_ms != 0)
        return "the bans that were loaded last stay in force";
    return state->shared->config->ban_fails_closed ? "no bans are known, so nobody comes in"
                                                   : "no bans are known, so EVERYBODY comes in";
}

/* The same of a part of the list that was never read. */
static const char *worker_unknown(const struct worker_state *state)
{
    return state->shared->config->ban_fails_closed && state->status.loaded_ms == 0
               ? "its bans are not known, so nobody comes in"
               : "its bans are not known and NOT in force";
}

/* Says why the database cannot be used, at once and then now and then. */
static void worker_lose(struct worker_state *state, const char *error)
{
    int64_t now_ms = ropp_now_ms();

    ropp_db_close(&state->db);
    if (state->status.bans == ROPP_BANS_CURRENT)
        state->status.bans = ROPP_BANS_STALE;
    if (state->away_ms == 0) {
        state->away_ms = now_ms;
        state->retry_ms = 1000;
    } else if (now_ms - state->reminded_ms < WORKER_REMIND_MS) {
        return;
    }
    state->reminded_ms = now_ms;
    ropp_notes_put(&state->shared->notes, ROPP_NOTE_WARNING, "ropp: %.400s: %s", error,
                   worker_meanwhile(state));
}

/* What was wrong with a table may be right for a new connection. */
static void worker_begin_table(struct worker_table *table, const char *name)
{
    memset(table, 0, sizeof *table);
    table->name = name;
}

/* A table that somebody has locked must not keep the worker from the others. */
static const char worker_session[] =
    "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1";

static bool worker_open(struct worker_state *state)
{
    char error[ROPP_ERROR_TEXT];

    if (state->db.mysql != NULL)
        return true;
    if (!ropp_db_open(&state->db, &state->settings, error) ||
        !ropp_db_run(&state->db, worker_session, error)) {
        worker_lose(state, error);
        return false;
    }
    ropp_banlist_doubt(&state->list);
    memset(&state->connlog_bound, 0, sizeof state->connlog_bound);
    worker_begin_table(&state->connlog_table, "proxy_connlog");
    worker_begin_table(&state->status_table, "proxy_status");
    return true;
}

/* The database has answered to the last. */
static void worker_found(struct worker_state *state)
{
    if (state->away_ms != 0)
        ropp_notes_put(&state->shared->notes, ROPP_NOTE_STATUS,
                       "ropp: MariaDB is back after %lld s",
                       (long long)((ropp_now_ms() - state->away_ms) / 1000));
    state->away_ms = 0;
}

/* ---- bans ---- */

/* Says how many bans there are: the first time, and again when the number is another by a tenth. An
 * import changes it many times, so what is said next waits for a while. */
static void worker_log_count(struct worker_state *state)
{
    uint64_t count = state->status.entries;
    uint64_t change = count > state->counted ? count - state->counted : state->counted - count;
    int64_t now_ms = ropp_now_ms();

    if (state->status.loaded_ms == 0)
        return;
    if (state->counted_ms != 0 && (change == 0 || change * 10 < state->counted ||
                                   now_ms - state->counted_ms < WORKER_COUNT_MS))
        return;
    state->counted = count;
    state->counted_ms = now_ms;
    ropp_notes_put(&state->shared->notes, ROPP_NOTE_STATUS,
                   "ropp: bans: %lu prefixes in force, %lu KiB", (unsigned long)count,
                   (unsigned long)(state->status.bytes / 1024));
}

/* Says when a ban covers one of this machine's own addresses, once for each ban: most likely the
 * owner did not mean it. */
static void worker_warn_own(struct worker_state *state, const struct ropp_snapshot *snapshot)
{
    char text[ROPP_ADDR_TEXT], prefix[ROPP_PREFIX_TEXT];
    struct ropp_addr own[ROPP_OWN_ADDRESSES];
    struct ropp_table_entry entry;
    size_t count = ropp_own_addresses(own), i;

    for (i = 0; i < count; i++)
        if (ropp_ban_judge(ropp_snapshot_lists(snapshot, NULL), &own[i], ropp_wall_ms() / 1000,
                           &entry))
            break;
    if (i == count) {
        state->covered[0] = '\0';
        return;
    }
    ropp_prefix_format(&entry.prefix, prefix);
    if (strcmp(prefix, state->covered) == 0)
        return;
    memcpy(state->covered, prefix, sizeof prefix);
    ropp_addr_format(&own[i], text);
    ropp_notes_put(&state->shared->notes, ROPP_NOTE_WARNING,
                   "ropp: the ban %s covers this machine's own address %s: its links come in all "
                   "the same, players and other servers there do not: ropp ban check %s",
                   prefix, text, text);
}

static bool worker_publish(struct worker_state *state, char error[ROPP_ERROR_TEXT])
{
    struct ropp_snapshot *snapshot = ropp_banlist_snapshot(&state->list);

    if (snapshot == NULL) {
        snprintf(error, ROPP_ERROR_TEXT, "out of memory: the ban list: free some");
        return false;
    }
    state->status.loaded_ms = snapshot->loaded_ms;
    state->status.entries =
        ropp_table_count(snapshot->table) + ropp_table_count(snapshot->ipbanlist);
    state->status.bytes = ropp_table_size(snapshot->table) + ropp_table_size(snapshot->ipbanlist);
    worker_warn_own(state, snapshot);
    ropp_snapshot_publish(&state->shared->slots, snapshot);
    return true;
}

/* Says that ropp's tables are not there, once; and on a server that cannot have them, that the
 * emulator's own list counts all the same. */
static void worker_log_uninstalled(struct worker_state *state, bool closed)
{
    const char *what;

    if (state->uninstalled_logged)
        return;
    state->uninstalled_logged = true;
    if (!ropp_db_has_room(&state->db, &what)) {
        ropp_notes_put(&state->shared->notes, ROPP_NOTE_WARNING,
                       "ropp: there is no table proxy_source in %.60s, and its server, %.60s, "
                       "cannot have it: the bans of ipbanlist count alone; bans by prefix and the "
                       "connection log need MariaDB 10.5",
                       state->settings.name, what);
        return;
    }
    ropp_notes_put(&state->shared->notes, ROPP_NOTE_WARNING,
                   "ropp: there is no table proxy_source in %.60s: bans by prefix and the "
                   "connection log wait for it%s: mariadb %.60s < sql/install.sql",
                   state->settings.name, closed ? ", and nobody comes in" : "",
                   state->settings.name);
}

/* Says what keeps a part of the list from being read, at once and then now and then; and that it is
 * over. */
static void worker_log_trouble(struct worker_state *state, struct worker_trouble *trouble,
                               const struct ropp_banlist_part *part, const char *name)
{
    int64_t now_ms = ropp_now_ms();
    bool same = strcmp(trouble->text, part->trouble) == 0;

    if (same && (part->trouble[0] == '\0' || now_ms - trouble->logged_ms < WORKER_REMIND_MS))
        return;
    if (part->trouble[0] == '\0')
        ropp_notes_put(&state->shared->notes, ROPP_NOTE_STATUS, "ropp: bans: %s can be read again",
                       name);
    else
        ropp_notes_put(&state->shared->notes, ROPP_NOTE_WARNING, "ropp: bans: %.400s: %s",
                       part->trouble,
                       part->known ? "the bans that were read last stay in force"
                                   : worker_unknown(state));
    memcpy(trouble->text, part->trouble, sizeof trouble->text);
    trouble->logged_ms = now_ms;
}

/* Whether nobody comes in, because it is not known which bans there are and the owner wants it so.
 * A database without ipbanlist has no bans of it; one without ropp's tables has reported nothing,
 * unless it cannot have them: then ipbanlist is all there will ever be. */
static bool worker_is_closed(struct worker_state *state)
{
    const struct ropp_banlist *list = &state->list;
    const char *what;

    if (!state->shared->config->ban_fails_closed || state->status.loaded_ms != 0)
        return false;
    if (!list->ipbanlist.known && list->ipbanlist.trouble[0] != '\0')
        return true;
    return !list->own.known &&
           (list->own.trouble[0] != '\0' || ropp_db_has_room(&state->db, &what));
}

static bool worker_poll(struct worker_state *state, char error[ROPP_ERROR_TEXT])
{
    struct ropp_banlist *list = &state->list;

    if (state->status.bans == ROPP_BANS_OFF)
        return true;
    if (!ropp_banlist_poll(list, &state->db, ropp_now_ms(), error))
        return false;
    worker_log_trouble(state, &state->own_trouble, &list->own, "proxy_ban");
    worker_log_trouble(state, &state->ipbanlist_trouble, &list->ipbanlist, list->ipbanlist_table);
    if (!list->own.installed && !list->own.known && list->own.trouble[0] == '\0')
        worker_log_uninstalled(state, worker_is_closed(state));
    if (worker_is_closed(state))
        return true;
    if (list->changed && !worker_publish(state, error))
        return false;
    worker_log_count(state);
    state->status.bans = list->own.trouble[0] != '\0' || list->ipbanlist.trouble[0] != '\0'
                             ? ROPP_BANS_STALE
                             : ROPP_BANS_CURRENT;
    return true;
}

/* An allowance that ends leaves the ban beneath it in force. Nothing is to be read for that, and
 * the database may be away. When memory is short, the next turn tries again. */
static void worker_end_allowances(struct worker_state *state)
{
    char unused[ROPP_ERROR_TEXT];

    if (ropp_banlist_allowance_ended(&state->list, ropp_wall_ms() / 1000))
        (void)worker_publish(state, unused);
}

/* ---- connection log and status ---- */

static void worker_put_off(struct worker_table *table)
{
    table->usable = false;
    table->due_ms = ropp_now_ms() + WORKER_TABLE_MS;
}

/* A statement about a table failed while the connection holds: the table is not there, or not as it
 * should be. Says so once a connection, but not where all tables are missing, which was said; and
 * looks for it again. */
static void worker_give_up(struct worker_state *state, struct worker_table *table,
                           const char *error)
{
    worker_put_off(table);
    if (table->logged || (!state->list.own.installed && state->status.bans != ROPP_BANS_OFF))
        return;
    table->logged = true;
    ropp_notes_put(&state->shared->notes, ROPP_NOTE_WARNING,
                   "ropp: %s: %.300s: mariadb %.60s < sql/install.sql", table->name, error,
                   state->settings.name);
}

/* Looks for a table before anything is written to it, so that nothing is lost for want of one. */
static bool worker_may_use(struct worker_state *state, struct worker_table *table)
{
    char sql[64], error[ROPP_ERROR_TEXT];

    if (table->usable || ropp_now_ms() < table->due_ms)
        return table->usable;
    snprintf(sql, sizeof sql, "SELECT 1 FROM %s LIMIT 0", table->name);
    table->usable = ropp_db_run(&state->db, sql, error);
    if (!table->usable && !ropp_db_gone(&state->db))
        worker_give_up(state, table, error);
    return table->usable;
}

/* What is to become of a failed statement: false when the connection is gone with it. A table that
 * is locked is left alone for a while and not reported. */
static bool worker_failed(struct worker_state *state, struct worker_table *table, const char *error)
{
    if (ropp_db_gone(&state->db))
        return false;
    if (ropp_db_busy(&state->db))
        worker_put_off(table);
    else
        worker_give_up(state, table, error);
    return true;
}

/* A statement a turn, so that the bans are asked for in between. */
static bool worker_connlog(struct worker_state *state, char error[ROPP_ERROR_TEXT])
{
    unsigned written = 0;
    bool good = !worker_may_use(state, &state->connlog_table) ||
                ropp_connlog_write(&state->connlog, &state->db, &state->shared->connqueue,
                                   state->shared->server, &written, error);

    state->has_more = good && written == ROPP_CONNLOG_BATCH;
    return good || worker_failed(state, &state->connlog_table, error);
}

static bool worker_log_status(struct worker_state *state, char error[ROPP_ERROR_TEXT])
{
    int64_t now_ms = ropp_now_ms();

    if (now_ms < state->status_due_ms || !worker_may_use(state, &state->status_table))
        return true;
    state->status_due_ms = now_ms + WORKER_STATUS_MS;
    state->status.connlog_dropped = ropp_connqueue_dropped(&state->shared->connqueue);
    return ropp_status_write(&state->status, state->shared->stats, &state->db, error) ||
           worker_failed(state, &state->status_table, error);
}

static void worker_prune(struct worker_state *state)
{
    int64_t now_ms = ropp_now_ms();

    if (!state->connlog_table.usable || now_ms < state->prune_due_ms)
        return;
    state->prune_due_ms =
        now_ms + (ropp_connlog_prune(&state->db, state->shared->config->connlog_days)
                      ? WORKER_MORE_MS
                      : WORKER_PRUNE_MS);
}

/* A step a turn, so that the bans are asked for in between. */
static void worker_limit(struct worker_state *state)
{
    int64_t now_ms = ropp_now_ms();

    if (!state->connlog_table.usable || now_ms < state->limit_due_ms)
        return;
    if (!ropp_connlog_limit(&state->connlog_bound, &state->db,
                            (uint64_t)state->shared->config->connlog_rows))
        state->limit_due_ms = now_ms + WORKER_LIMIT_MS;
}

/* ---- the loop ---- */

static bool worker_turn(struct worker_state *state)
{
    char error[ROPP_ERROR_TEXT];

    ropp_snapshot_sweep(&state->shared->slots);
    worker_end_allowances(state);
    if (!worker_open(state))
        return false;
    if (!worker_poll(state, error) || !worker_connlog(state, error) ||
        !worker_log_status(state, error)) {
        worker_lose(state, error);
        return false;
    }
    worker_found(state);
    worker_prune(state);
    worker_limit(state);
    return true;
}

static unsigned worker_pause(struct worker_state *state, bool good)
{
    unsigned pause_ms = state->retry_ms;

    if (good)
        return state->has_more ? 0 : ROPP_WORKER_POLL_MS;
    state->retry_ms = state->retry_ms * 2 < WORKER_RETRY_MS ? state->retry_ms * 2 : WORKER_RETRY_MS;
    return pause_ms;
}

/* What the queue holds goes to the table if that can be had at once. */
static void worker_end(struct worker_state *state)
{
    char error[ROPP_ERROR_TEXT];

    do
        state->has_more = false;
    while (state->db.mysql != NULL && worker_connlog(state, error) && state->has_more);
    ropp_db_close(&state->db);
    ropp_banlist_free(&state->list);
    mysql_thread_end();
}

static void worker_run(void *argument)
{
    struct ropp_worker *shared = (struct ropp_worker *)argument;
    struct worker_state state;

    mysql_thread_init();
    if (!worker_begin(&state, shared))
        ropp_notes_put(&shared->notes, ROPP_NOTE_WARNING,
                       "ropp: out of memory: the ban list: free some and start again");
    while (state.list.ipbanlist_rows != NULL &&
           ropp_thread_wait(&shared->thread, worker_pause(&state, worker_turn(&state))))
        continue;
    worker_end(&state);
}

bool ropp_worker_start(struct ropp_worker *worker)
{
    /* The emulator's own connections may have done this before, or do it next: it counts. */
    return mysql_library_init(0, NULL, NULL) == 0 &&
           ropp_thread_start(&worker->thread, worker_run, worker);
}

bool ropp_worker_stop(struct ropp_worker *worker, unsigned wait_ms)
{
    if (!ropp_thread_stop(&worker->thread, wait_ms))
        return false;
    ropp_snapshot_sweep(&worker->slots);
    ropp_snapshot_free((struct ropp_snapshot *)ropp_exchange(&worker->slots.fresh, NULL));
    return true;
}
