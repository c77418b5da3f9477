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
#include "tools/lists/range.h"

struct request {
    struct ropp_connect connect;
    bool json;
    struct ropp_addr addr;
    struct ropp_addr standin;           /* of an IPv6 address; else UNSPEC */
    const struct ropp_standin_key *key; /* the session's */
};

/* Everything that could decide. */
struct findings {
    struct ropp_entries own;       /* of proxy_ban */
    struct ropp_entries ipbanlist; /* the emulator's */
    struct ropp_entry *entries;    /* of both */
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

    return ropp_target_address(words->items[0], &request->addr) ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

/* ---- finding ---- */

/* The point look-ups: the address cut to every length, from the longest on. To be freed. */
static char *probes(struct ropp_session *session, const struct ropp_addr *addr)
{
    struct ropp_prefix probe = {*addr, addr->family == ROPP_FAMILY_INET ? 32 : 128};
    struct ropp_buffer sql = {0};

    for (;; probe.length--) {
        ropp_prefix_clear(&probe);
        ropp_buffer_format(&sql, "(range_start = %s AND prefix_length = %u)%s",
                           ropp_sql_address(session, &probe.addr), probe.length,
                           probe.length > 0 ? " OR " : "");
        if (probe.length == 0)
            return ropp_buffer_take(&sql);
    }
}

static bool find_own(struct ropp_session *session, const struct request *request,
                     struct ropp_entries *own)
{
    char *around = probes(session, &request->addr);
    const char *standin = "FALSE";
    bool good;

    if (request->standin.family == ROPP_FAMILY_INET)
        standin = ropp_sql_format(session, "range_start = %s AND prefix_length = 32 AND family = 4",
                                  ropp_sql_address(session, &request->standin));
    good = ropp_entries_read(session, own,
                             "family = %d AND (%s) OR (%s) ORDER BY prefix_length DESC, "
                             "kind = 'ban', expires IS NOT NULL, expires DESC, id",
                             request->addr.family == ROPP_FAMILY_INET ? 4 : 6, around, standin);
    free(around);
    return good;
}

/* Rows come in the order of their ids where that decides. */
static void take(struct findings *findings, const struct ropp_entries *entries)
{
    struct ropp_table_entry row;
    size_t i;

    for (i = 0; i < entries->count; i++) {
        if (!ropp_entry_for_table(&entries->items[i], &row))
            continue;
        row.id = findings->count + 1;
        findings->entries[findings->count] = entries->items[i];
        findings->rows[findings->count++] = row;
    }
}

/* Gathers what both tables have. */
static bool find(struct ropp_session *session, const struct request *request,
                 struct findings *findings)
{
    const struct ropp_addr *v4 =
        request->addr.family == ROPP_FAMILY_INET ? &request->addr : &request->standin;
    struct ropp_entry *entry = NULL;
    size_t count;

    if (!find_own(session, request, &findings->own) ||
        !ropp_ipbanlist_read(session, v4, &findings->ipbanlist))
        return false;
    /* A pattern around a stand-in reaches nobody but in the emulator's own check. */
    for (count = findings->ipbanlist.count; count > 0 && v4->bytes[0] >= 240; count--) {
        entry = &findings->ipbanlist.items[count - 1];
        entry->login_only = entry->login_only || strstr(entry->prefix, "/32") == NULL;
    }
    count = findings->own.count + findings->ipbanlist.count;
    findings->entries = ropp_alloc(count, sizeof *findings->entries);
    findings->rows = ropp_alloc(count, sizeof *findings->rows);
    take(findings, &findings->own);
    take(findings, &findings->ipbanlist);
    return true;
}

/* ---- deciding ---- */

static bool is_over(const struct ropp_entry *entry, int64_t now_s)
{
    return entry->expires_s != 0 && entry->expires_s <= now_s;
}

/* The table of those rows that are of ipbanlist, or of those that are not. NULL when there is no
 * memory for it. */
static struct ropp_table *table_of(const struct findings *findings, bool ipbanlist)
{
    struct ropp_table_entry *rows = ropp_alloc(findings->count, sizeof *rows);
    struct ropp_table *table = NULL;
    size_t i, count = 0;

    for (i = 0; i < findings->count; i++)
        if ((findings->entries[i].id == 0) == ipbanlist && !findings->entries[i].login_only)
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
    struct ropp_table *own = table_of(findings, false), *ipbanlist = table_of(findings, true);
    const struct ropp_ban_lists lists = {own, ipbanlist, request->key};
    bool good = own != NULL && ipbanlist != NULL;
    struct ropp_table_entry decisive = {.id = 0};

    if (good)
        findings->banned = ropp_ban_judge(lists, &request->addr, now_s, &decisive);
    else
        ropp_error("cannot decide: %zu entries: close other programs and run it again",
                   findings->count);
    if (decisive.id != 0)
        findings->decides = &findings->entries[decisive.id - 1];
    else
        decide_login(findings, now_s);
    free(own);
    free(ipbanlist);
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
               "nobody is thrown out";
    for (i = 0; i < findings->count; i++) {
        entry = &findings->entries[i];
        if (i == at || is_over(entry, now_s))
            continue;
        others++;
        if ((entry->id == 0) != (findings->decides->id == 0))
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
    char created[ROPP_MOMENT_TEXT];

    putchar(' ');
    ropp_entry_print_end(entry, now_s);
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
    ropp_json_done(&json, "]}");
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
    ropp_entries_free(&findings.own);
    ropp_entries_free(&findings.ipbanlist);
    free(findings.entries);
    free(findings.rows);
    return status;
}

const struct ropp_cli_command ropp_ban_check = {
    .name = "ban check",
    .summary = "show whether an address is banned, by which entry and why",
    .usage = "ADDRESS [OPTION ...]",
    .about = "Shows whether a player with this address is banned, as the servers decide it, by "
             "which entry and why. The emulator's own ipbanlist is asked as well.",
    .words = {.most = 1, .missing = "no address"},
    .statuses = "0 not banned, 1 banned, 2 wrong usage or environment",
    .example = "ban check 203.0.113.7 --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .read = read_request,
    .run = check,
};
