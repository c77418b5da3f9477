// SPDX-License-Identifier: MIT
/* The decision is the core's own (core/ban.h), made over the few entries that contain the address:
 * one point look-up in the index for each length that a prefix can have. */
#include <stdio.h>
#include <stdlib.h>

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
};

/* What is found about the address, and what is decided. */
struct findings {
    struct ropp_addr addr;
    struct ropp_addr standin; /* of an IPv6 address; else UNSPEC */
    int64_t now_s;
    struct ropp_entries entries;      /* everything that could decide */
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

/* The point look-ups: the address cut to every length, from the longest on. */
static const char *probes(struct ropp_session *session, const struct ropp_addr *addr)
{
    struct ropp_prefix probe = {*addr, addr->family == ROPP_FAMILY_INET ? 32 : 128};
    struct ropp_buffer sql = {0};

    for (;; probe.length--) {
        ropp_prefix_clear(&probe);
        ropp_buffer_format(&sql, "(range_start = %s AND prefix_length = %u)%s",
                           ropp_sql_address(session, &probe.addr), probe.length,
                           probe.length > 0 ? " OR " : "");
        if (probe.length == 0)
            return ropp_sql_take(session, &sql);
    }
}

/* Gathers what both tables have. */
static bool find(struct ropp_session *session, struct findings *findings)
{
    bool is_v4 = findings->addr.family == ROPP_FAMILY_INET;
    const struct ropp_addr *v4 = is_v4 ? &findings->addr : &findings->standin;
    const char *condition = ropp_sql_format(
        session,
        "family = %d AND (%s) OR (family = 4 AND range_start = %s AND prefix_length = 32) "
        "ORDER BY prefix_length DESC, kind = 'ban', expires IS NOT NULL, expires DESC, id",
        is_v4 ? 4 : 6, probes(session, &findings->addr), ropp_sql_address(session, v4));
    struct ropp_entry *entry;

    if (!ropp_entries_read(session, &findings->entries, condition) ||
        !ropp_ipbanlist_read(session, v4, &findings->entries))
        return false;
    /* A pattern around a stand-in reaches nobody but in the emulator's own check. */
    for (size_t i = 0; i < findings->entries.count; i++) {
        entry = &findings->entries.items[i];
        if (entry->id == 0 && v4->bytes[0] >= 240 && entry->network.length < 32)
            entry->login_only = true;
    }
    return true;
}

/* ---- deciding ---- */

static bool is_over(const struct ropp_entry *entry, int64_t now_s)
{
    return entry->expires_s != 0 && entry->expires_s <= now_s;
}

/* The table of those entries that are of ipbanlist, or of those that are not. The id of a row is
 * the entry's number, from 1: entries come in the order of their ids where that decides. */
static struct ropp_table *table_of(const struct ropp_entries *entries, bool ipbanlist)
{
    struct ropp_table_entry *rows = ropp_alloc(entries->count, sizeof *rows);
    struct ropp_table *table = NULL;
    size_t count = 0;

    for (size_t i = 0; i < entries->count; i++)
        if ((entries->items[i].id == 0) == ipbanlist && !entries->items[i].login_only) {
            rows[count] = ropp_entry_row(&entries->items[i]);
            rows[count++].id = i + 1;
        }
    (void)ropp_table_build(rows, count, ropp_alloc_bytes, &table);
    free(rows);
    return table;
}

/* Where no entry decides everywhere, the emulator's own check at login may still refuse. */
static void decide_login(struct findings *findings)
{
    const struct ropp_entry *entry = findings->entries.items;
    size_t left;

    for (left = findings->entries.count; left > 0 && findings->decides == NULL; left--, entry++) {
        if (!entry->login_only || is_over(entry, findings->now_s))
            continue;
        findings->decides = entry;
        findings->banned = true;
        findings->login_only = true;
    }
}

/* Asks the core. */
static void decide(struct findings *findings, const struct ropp_standin_key *key)
{
    struct ropp_table *own = table_of(&findings->entries, false);
    struct ropp_table *ipbanlist = table_of(&findings->entries, true);
    const struct ropp_ban_lists lists = {own, ipbanlist, key};
    struct ropp_table_entry decisive = {.id = 0};

    findings->banned = ropp_ban_judge(lists, &findings->addr, findings->now_s, &decisive);
    if (decisive.id != 0)
        findings->decides = &findings->entries.items[decisive.id - 1];
    else
        decide_login(findings);
    free(own);
    free(ipbanlist);
}

/* The prefix length an entry counts with for this player: that for a stand-in is one for the /64.
 */
static unsigned length_for(const struct findings *findings, const struct ropp_entry *entry)
{
    return entry->network.addr.family == findings->addr.family ? entry->network.length : 64;
}

/* Why the decisive entry is it; NULL when there is none. */
static const char *why(const struct findings *findings)
{
    const char *answer = "the longest prefix in force that contains the address decides";
    const struct ropp_entry *entry, *decides = findings->decides;
    bool alone = true;

    if (decides == NULL)
        return NULL;
    if (findings->login_only)
        return "the login server's own check refuses new logins; char and map do not ask, and "
               "nobody is thrown out";
    for (size_t i = 0; i < findings->entries.count; i++) {
        entry = &findings->entries.items[i];
        if (entry == decides || is_over(entry, findings->now_s))
            continue;
        if ((entry->id == 0) != (decides->id == 0))
            return decides->allow ? "an allowance wins against all of ipbanlist"
                                  : "an entry of proxy_ban decides before ipbanlist";
        alone = false;
        if (length_for(findings, entry) != length_for(findings, decides))
            continue;
        if (entry->allow != decides->allow)
            return "of equal prefixes the allowance decides";
        answer = "of equal prefixes the one that stays longest decides";
    }
    return alone ? "it is the only entry in force that contains the address" : answer;
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

static void print_decisive(const struct findings *findings)
{
    const struct ropp_entry *entry = findings->decides;
    char created[ROPP_MOMENT_TEXT];

    putchar(' ');
    ropp_entry_print_end(entry, findings->now_s);
    ropp_moment_format(entry->created_s, created);
    printf("\nby:  %s %s of the list %s, since %s%s", entry->allow ? "allowance" : "ban",
           entry->prefix, entry->source, created, entry->author[0] != '\0' ? ", by " : "");
    ropp_print_safe(stdout, entry->author);
    printf("\nwhy: %s", why(findings));
}

static void print_others(const struct findings *findings)
{
    struct ropp_columns columns = {.sides = "lllll"};
    const struct ropp_entry *entry;
    char end[ROPP_END_TEXT];

    for (size_t i = 0; i < findings->entries.count; i++) {
        entry = &findings->entries.items[i];
        if (entry == findings->decides)
            continue;
        if (columns.count == 0)
            puts("also around it:");
        ropp_end_format(entry->expires_s, findings->now_s, end);
        ropp_columns_cell(&columns, entry->allow ? "  allowance" : "  ban");
        ropp_columns_cell(&columns, entry->prefix);
        ropp_columns_cell(&columns, end);
        ropp_columns_cell(&columns, entry->source);
        ropp_columns_cell(&columns, entry->reason);
    }
    ropp_columns_print(&columns, 2, stdout);
}

static void print_text(const struct findings *findings, const char *address, const char *standin)
{
    printf("%s: %s", address, verdict(findings));
    if (findings->decides != NULL)
        print_decisive(findings);
    putchar('\n');
    print_others(findings);
    if (standin != NULL)
        printf("stand-in in the emulator: %s\n", standin);
}

static void print_json(const struct findings *findings, const char *address, const char *standin)
{
    struct ropp_json json = {.out = stdout};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "address", address);
    ropp_json_string(&json, "standin", standin);
    ropp_json_string(&json, "verdict", verdict(findings));
    ropp_json_bool(&json, "banned", findings->banned);
    ropp_json_string(&json, "where",
                     !findings->banned      ? NULL
                     : findings->login_only ? "login"
                                            : "everywhere");
    ropp_entry_json(&json, "entry", findings->decides);
    ropp_json_string(&json, "why", why(findings));
    ropp_json_begin(&json, "others", '[');
    for (size_t i = 0; i < findings->entries.count; i++)
        if (&findings->entries.items[i] != findings->decides)
            ropp_entry_json(&json, NULL, &findings->entries.items[i]);
    ropp_json_done(&json, "]}");
}

static int check(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct findings findings = {.addr = request->addr, .now_s = session->now_s};
    bool is_v6 = request->addr.family == ROPP_FAMILY_INET6;
    char address[ROPP_ADDR_TEXT], standin[ROPP_ADDR_TEXT];
    int status;

    if (is_v6)
        findings.standin = ropp_addr_v4(ropp_client_addr(&request->addr, &session->standin_key));
    ropp_addr_format(&findings.addr, address);
    ropp_addr_format(&findings.standin, standin);
    if (find(session, &findings)) {
        decide(&findings, &session->standin_key);
        (request->json ? print_json : print_text)(&findings, address, is_v6 ? standin : NULL);
        status = findings.banned ? ROPP_EXIT_REFUSED : ROPP_EXIT_DONE;
    } else {
        status = ropp_session_error(session);
    }
    ropp_entries_free(&findings.entries);
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
