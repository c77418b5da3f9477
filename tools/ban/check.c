/* The decision is the core's own (core/ban.h), made over the few entries that contain the address:
 * one point look-up in the index for each length that a prefix can have. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ban.h"
#include "core/standin.h"
#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/ipbanlist.h"
#include "tools/ban/target.h"
#include "tools/base/cli.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/base/moment.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"

struct request {
    struct ropp_connect connect;
    bool json;
    struct ropp_addr addr;
    struct ropp_addr standin;           /* of an IPv6 address; else UNSPEC */
    const struct ropp_standin_key *key; /* the session's */
};

/* Everything that could decide. */
struct findings {
    MYSQL_RES *bans;   /* of proxy_ban */
    MYSQL_RES *ipbans; /* of ipbanlist; NULL when there is no such table */
    struct ropp_entry *entries;
    struct ropp_table_entry *rows; /* as the core sees them; the id is the index and one */
    size_t count;
    const struct ropp_entry *decides; /* NULL: none does */
    bool banned;
    bool login_only; /* only at the login server's own check of ipbanlist: for new logins */
};

static const struct ropp_option options[] = {
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    if (words->count == 0) {
        ropp_error("no address: ban check: write `ropp ban check ADDRESS`");
        return ROPP_EXIT_USAGE;
    }
    return ropp_target_address(words->items[0], &request->addr) ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

/* ---- finding ---- */

/* The point look-ups: the address cut to every length. */
static void add_probes(struct ropp_buffer *sql, const struct ropp_addr *addr)
{
    unsigned bits = addr->family == ROPP_FAMILY_INET ? 32 : 128, length = bits + 1;
    struct ropp_addr start = *addr;

    while (length-- > 0) {
        if (length < bits)
            start.bytes[length / 8] &= (uint8_t) ~(0x80u >> (length % 8));
        ropp_buffer_text(sql, length < bits ? " OR (range_start = " : "(range_start = ");
        ropp_sql_address(sql, &start);
        ropp_buffer_format(sql, " AND prefix_length = %u)", length);
    }
}

static MYSQL_RES *find_bans(struct ropp_session *session, const struct request *request)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_format(&sql, "SELECT " ROPP_ENTRY_COLUMNS " FROM proxy_ban WHERE family = %d AND (",
                       request->addr.family == ROPP_FAMILY_INET ? 4 : 6);
    add_probes(&sql, &request->addr);
    ropp_buffer_text(&sql, ")");
    if (request->standin.family == ROPP_FAMILY_INET) {
        ropp_buffer_text(&sql, " OR (range_start = ");
        ropp_sql_address(&sql, &request->standin);
        ropp_buffer_text(&sql, " AND prefix_length = 32 AND family = 4)");
    }
    ropp_buffer_text(&sql, " ORDER BY prefix_length DESC, kind = 'ban', expires IS NOT NULL, "
                           "expires DESC, id");
    return ropp_session_rows(session, &sql);
}

static void take_row(struct findings *findings, const struct ropp_entry *entry)
{
    struct ropp_table_entry row;

    if (!ropp_entry_for_table(entry, &row))
        return;
    findings->entries = ropp_grow(findings->entries, findings->count, sizeof *findings->entries);
    findings->rows = ropp_grow(findings->rows, findings->count, sizeof *findings->rows);
    findings->entries[findings->count] = *entry;
    /* Rows come in the order of their ids where that decides. */
    row.id = findings->count + 1;
    findings->rows[findings->count++] = row;
}

static bool is_one(const struct ropp_entry *entry)
{
    const char *slash = strchr(entry->prefix, '/');

    return slash != NULL && strcmp(slash, "/32") == 0;
}

/* Gathers what both tables have. */
static bool find(struct ropp_session *session, const struct request *request,
                 struct findings *findings)
{
    const struct ropp_addr *v4 =
        request->addr.family == ROPP_FAMILY_INET ? &request->addr : &request->standin;
    struct ropp_entry entry;
    MYSQL_ROW row;

    findings->bans = find_bans(session, request);
    if (findings->bans == NULL)
        return false;
    while ((row = mysql_fetch_row(findings->bans)) != NULL) {
        entry = ropp_entry_of(row);
        take_row(findings, &entry);
    }
    if (!ropp_ipbanlist_around(session, v4, &findings->ipbans))
        return false;
    while (findings->ipbans != NULL && (row = mysql_fetch_row(findings->ipbans)) != NULL)
        if (ropp_ipbanlist_entry(row, &entry)) {
            /* A pattern around a stand-in reaches nobody but in the emulator's own check. */
            entry.login_only = entry.login_only || (v4->bytes[0] >= 240 && !is_one(&entry));
            take_row(findings, &entry);
        }
    return true;
}

/* ---- deciding ---- */

static bool is_over(const struct ropp_entry *entry, int64_t now_s)
{
    return entry->expires_s != 0 && entry->expires_s <= now_s;
}

static bool is_panel(const struct ropp_entry *entry)
{
    return entry->id == 0;
}

/* The table of those rows that are of ipbanlist, or of those that are not. NULL when there is no
 * memory for it. */
static struct ropp_table *table_of(const struct findings *findings, bool panel)
{
    struct ropp_table_entry *rows = ropp_alloc(findings->count, sizeof *rows);
    struct ropp_table *table = NULL;
    size_t i, count = 0;

    for (i = 0; i < findings->count; i++)
        if (is_panel(&findings->entries[i]) == panel && !findings->entries[i].login_only)
            rows[count++] = findings->rows[i];
    if (ropp_table_build(rows, count, malloc, &table) != ROPP_TABLE_OK)
        table = NULL;
    free(rows);
    return table;
}

/* Where no entry decides everywhere, the emulator's own check at login may still refuse. */
static void decide_login(struct findings *findings, int64_t now_s)
{
    size_t i;

    for (i = 0; i < findings->count && findings->decides == NULL; i++) {
        if (!findings->entries[i].login_only || is_over(&findings->entries[i], now_s))
            continue;
        findings->decides = &findings->entries[i];
        findings->banned = true;
        findings->login_only = true;
    }
}

/* Asks the core. False with a message when there is no memory for it. */
static bool decide(struct findings *findings, const struct request *request, int64_t now_s)
{
    struct ropp_table *own = table_of(findings, false), *panel = table_of(findings, true);
    bool good = own != NULL && panel != NULL;
    struct ropp_table_entry decisive;
    struct ropp_ban_lists lists;

    if (good) {
        lists.own = own;
        lists.ipbanlist = panel;
        lists.key = request->key;
        memset(&decisive, 0, sizeof decisive);
        findings->banned = ropp_ban_judge(lists, &request->addr, now_s, &decisive);
        if (decisive.id != 0)
            findings->decides = &findings->entries[decisive.id - 1];
        else
            decide_login(findings, now_s);
    } else {
        ropp_error("cannot decide: %zu entries: close other programs and run it again",
                   findings->count);
    }
    free(own);
    free(panel);
    return good;
}

/* The prefix length an entry counts with for this player: that for a stand-in is one for the /64.
 */
static unsigned length_for(const struct request *request, const struct ropp_table_entry *row)
{
    return row->prefix.addr.family == request->addr.family ? row->prefix.length : 64;
}

/* Why the decisive entry is it. */
static const char *why(const struct findings *findings, const struct request *request,
                       int64_t now_s)
{
    size_t i, at = (size_t)(findings->decides - findings->entries), others = 0;
    const struct ropp_entry *entry;
    const char *answer = "the longest prefix in force that contains the address decides";

    if (findings->login_only)
        return "the login server's own check refuses new logins; char and map do not ask, and "
               "nobody "
               "is thrown out";

    for (i = 0; i < findings->count; i++) {
        entry = &findings->entries[i];
        if (i == at || is_over(entry, now_s))
            continue;
        others++;
        if (is_panel(entry) != is_panel(findings->decides))
            return findings->decides->allow ? "an allowance wins against all of ipbanlist"
                                            : "an entry of proxy_ban decides before ipbanlist";
        if (length_for(request, &findings->rows[i]) != length_for(request, &findings->rows[at]))
            continue;
        if (entry->allow != findings->decides->allow)
            return "of equal prefixes the allowance decides";
        answer = "of equal prefixes the one that stays longest decides";
    }
    return others == 0 ? "it is the only entry in force that contains the address" : answer;
}

/* ---- the answer ---- */

static const char *verdict(const struct findings *findings)
{
    if (findings->decides == NULL)
        return "not listed";
    if (findings->login_only)
        return "no new logins";
    return findings->banned ? "banned" : "allowed";
}

static void print_decisive(const struct findings *findings, const struct request *request,
                           int64_t now_s)
{
    const struct ropp_entry *entry = findings->decides;
    char end[ROPP_END_TEXT], created[ROPP_MOMENT_TEXT];

    ropp_end_format(entry->expires_s, now_s, end);
    printf(" %s", end);
    if (entry->reason[0] != '\0') {
        fputs(": ", stdout);
        ropp_print_safe(stdout, entry->reason);
    }
    ropp_moment_format(entry->created_s, created);
    printf("\nby:  %s %s of the list %s, since %s", entry->allow ? "allowance" : "ban",
           entry->prefix, entry->source, created);
    if (entry->author[0] != '\0') {
        fputs(", by ", stdout);
        ropp_print_safe(stdout, entry->author);
    }
    printf("\nwhy: %s\n", why(findings, request, now_s));
}

static void print_others(const struct findings *findings, int64_t now_s)
{
    struct ropp_columns columns = {"lllll", NULL, 0};
    const struct ropp_entry *entry;
    char end[ROPP_END_TEXT];
    size_t i;

    for (i = 0; i < findings->count; i++) {
        entry = &findings->entries[i];
        if (entry == findings->decides)
            continue;
        if (columns.count == 0)
            puts("also around it:");
        ropp_end_format(entry->expires_s, now_s, end);
        ropp_columns_cell(&columns, entry->allow ? "  allowance" : "  ban");
        ropp_columns_cell(&columns, entry->prefix);
        ropp_columns_cell(&columns, end);
        ropp_columns_cell(&columns, entry->source);
        ropp_columns_cell(&columns, entry->reason);
    }
    ropp_columns_print(&columns, 2, stdout);
}

static void print_text(const struct findings *findings, const struct request *request,
                       int64_t now_s)
{
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(&request->addr, text);
    printf("%s: %s", text, verdict(findings));
    if (findings->decides != NULL)
        print_decisive(findings, request, now_s);
    else
        putchar('\n');
    print_others(findings, now_s);
    if (request->standin.family == ROPP_FAMILY_INET) {
        ropp_addr_format(&request->standin, text);
        printf("stand-in in the emulator: %s\n", text);
    }
}

static void print_json(const struct findings *findings, const struct request *request,
                       int64_t now_s)
{
    struct ropp_json json = {.out = stdout};
    char text[ROPP_ADDR_TEXT];
    size_t i;

    ropp_addr_format(&request->addr, text);
    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "address", text);
    ropp_addr_format(&request->standin, text);
    ropp_json_string(&json, "standin", text[0] != '\0' ? text : NULL);
    ropp_json_string(&json, "verdict", verdict(findings));
    ropp_json_bool(&json, "banned", findings->banned);
    ropp_json_string(&json, "where",
                     !findings->banned      ? NULL
                     : findings->login_only ? "login"
                                            : "everywhere");
    if (findings->decides != NULL) {
        ropp_entry_json(&json, "entry", findings->decides);
        ropp_json_string(&json, "why", why(findings, request, now_s));
    } else {
        ropp_json_string(&json, "entry", NULL);
        ropp_json_string(&json, "why", NULL);
    }
    ropp_json_begin(&json, "others", '[');
    for (i = 0; i < findings->count; i++)
        if (&findings->entries[i] != findings->decides)
            ropp_entry_json(&json, NULL, &findings->entries[i]);
    ropp_json_end(&json, ']');
    ropp_json_end(&json, '}');
    putchar('\n');
}

static int check(struct ropp_session *session, void *context)
{
    struct request *request = context;
    struct findings findings = {0};
    int status = ROPP_EXIT_USAGE;

    request->key = &session->standin_key;
    if (request->addr.family == ROPP_FAMILY_INET6)
        request->standin = ropp_addr_v4(ropp_client_addr(&request->addr, request->key));
    if (!find(session, request, &findings)) {
        status = ropp_session_error(session);
    } else if (decide(&findings, request, session->now_s)) {
        if (request->json)
            print_json(&findings, request, session->now_s);
        else
            print_text(&findings, request, session->now_s);
        status = findings.banned ? ROPP_EXIT_REFUSED : ROPP_EXIT_DONE;
    }
    mysql_free_result(findings.bans);
    mysql_free_result(findings.ipbans);
    free(findings.entries);
    free(findings.rows);
    return status;
}

const struct ropp_cli_command ropp_ban_check = {
    .name = "ban check",
    .summary = "tell whether an address is banned, by which entry and why",
    .usage = "ADDRESS [OPTION ...]",
    .about = "Tells whether a player with this address is banned, as the servers decide it, by "
             "which entry and why. The emulator's own ipbanlist is asked as well.",
    .options = {{options, ropp_connect_options}},
    .words = {.most = 1},
    .statuses = "0 not banned, 1 banned, 2 wrong usage or environment",
    .example = "ban check 203.0.113.7 --tree ../rathena",
    ROPP_COMMAND_DATABASE,
    .request_size = sizeof(struct request),
    .read = read_request,
    .run = check,
};
