// SPDX-License-Identifier: MIT
/* What the servers have logged of a player who was a check: the address, and the header it came
 * with. The connection log has both where it keeps what was accepted (proxy_connlog: all); else
 * the login server's own log has the address. */
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/database/query.h"
#include "tools/hop/check.h"
#include "tools/hop/dial.h"
#include "tools/lists/private.h"

#define CHECK "header"

/* The servers write their log twice a second. */
enum { LOOKS = 15, LOOK_MS = 200 };

/* What was logged. */
struct logged {
    struct ropp_addr source;
    struct ropp_addr hop; /* who wrote the header */
    bool has_header;      /* it is known with which header: */
    unsigned version;
    bool unique_id;
};

static const char *loginlog_count(struct ropp_session *session, const char *user)
{
    return ropp_sql_format(session, "SELECT COUNT(*) FROM loginlog WHERE user = %s",
                           ropp_sql_text(session, user));
}

void ropp_check_mark(struct ropp_check *check, const char *user, struct ropp_check_mark *mark)
{
    struct ropp_session *session = check->session;

    *mark = (struct ropp_check_mark){.user = user};
    if (session == NULL)
        return;
    mark->has_connlog = ropp_session_number(session, &mark->connlog,
                                            "SELECT COALESCE(MAX(id), 0) FROM proxy_connlog");
    /* An emulator may have it in another database, or under another name. */
    mark->has_loginlog =
        ropp_session_number(session, &mark->loginlog, loginlog_count(session, user));
}

static bool read_addr(const char *text, struct ropp_addr *addr)
{
    if (!ropp_addr_parse(text, strlen(text), addr))
        return false;
    ropp_addr_unmap(addr);
    return true;
}

/* The addresses from which hops come, as a list of SQL. */
static const char *tunnels(struct ropp_check *check)
{
    struct ropp_buffer list = {0};

    for (size_t i = 0; i < check->network->count; i++)
        ropp_buffer_format(&list, "%s%s", i ? ", " : "",
                           ropp_sql_address(check->session, &check->network->hops[i].tunnel));
    return ropp_sql_take(check->session, &list);
}

/* The player dialled this address, as the header says; or there was none that was believed. */
static bool look_in_connlog(struct ropp_check *check, const struct ropp_check_mark *mark,
                            const struct ropp_addr *dialled, struct logged *logged)
{
    struct ropp_session *session = check->session;
    MYSQL_RES *rows = ropp_session_rows(
        session,
        ropp_sql_format(
            session,
            "SELECT source, hop, header, unique_id IS NOT NULL FROM proxy_connlog WHERE id "
            "> %" PRIu64 " AND server = 'login' AND (destination = %s OR (hop IS NULL "
            "AND source IN (%s))) ORDER BY id DESC LIMIT 1",
            mark->connlog, ropp_sql_address(session, dialled), tunnels(check)));
    MYSQL_ROW row = rows ? mysql_fetch_row(rows) : NULL;
    const bool found = row && read_addr(ropp_column_text(row[0]), &logged->source);

    if (found) {
        logged->has_header = true;
        (void)read_addr(ropp_column_text(row[1]), &logged->hop); /* NULL: there was no header */
        logged->version = (unsigned)ropp_column_number(row[2]);
        logged->unique_id = ropp_column_number(row[3]) != 0;
    }
    mysql_free_result(rows);
    return found;
}

static bool look_in_loginlog(struct ropp_check *check, const struct ropp_check_mark *mark,
                             struct logged *logged)
{
    struct ropp_session *session = check->session;
    MYSQL_RES *rows;
    MYSQL_ROW row;
    uint64_t count = 0;
    bool found;

    if (!ropp_session_number(session, &count, loginlog_count(session, mark->user)) ||
        count <= mark->loginlog)
        return false;
    rows = ropp_session_rows(
        session, ropp_sql_format(session,
                                 "SELECT ip FROM loginlog WHERE user = %s ORDER BY time DESC "
                                 "LIMIT 1",
                                 ropp_sql_text(session, mark->user)));
    row = rows ? mysql_fetch_row(rows) : NULL;
    found = row && read_addr(ropp_column_text(row[0]), &logged->source);
    mysql_free_result(rows);
    return found;
}

static bool look(struct ropp_check *check, const struct ropp_check_mark *mark,
                 const struct ropp_addr *dialled, struct logged *logged)
{
    for (unsigned i = 0; i < LOOKS; i++) {
        if (mark->has_connlog && look_in_connlog(check, mark, dialled, logged))
            return true;
        (void)poll(NULL, 0, LOOK_MS);
    }
    return mark->has_loginlog && look_in_loginlog(check, mark, logged);
}

/* -- the verdict --------------------------------------------------------------- */

static bool is_of_network(const struct ropp_network *network, const struct ropp_addr *addr)
{
    const struct ropp_origin *origin = &network->origin;
    bool found =
        ropp_addr_equal(&origin->address, addr) || ropp_addresses_have(&origin->public, addr);

    for (size_t i = 0; i < network->count && !found; i++)
        found = ropp_addr_equal(&network->hops[i].tunnel, addr) ||
                ropp_addresses_have(&network->hops[i].public, addr) ||
                ropp_addresses_have(&network->hops[i].bind, addr);
    return found;
}

static bool is_private(const struct ropp_addr *addr)
{
    const struct ropp_prefix prefix = {*addr, addr->family == ROPP_FAMILY_INET ? 32 : 128};
    const struct ropp_range range = ropp_range_of(&prefix);
    struct ropp_range found;

    return ropp_private_first(&range, &found);
}

static char *judge_source(const struct ropp_check *check, const struct ropp_addr *source,
                          const struct ropp_addr *local, char **remedy)
{
    char is[ROPP_ADDR_TEXT], own[ROPP_ADDR_TEXT];

    ropp_addr_format(source, is);
    ropp_addr_format(local, own);
    if (ropp_addr_equal(source, local))
        return ropp_format("logged as %s, which is this machine", is);
    if (is_of_network(check->network, source)) {
        *remedy = ropp_format("its header is not believed: proxy_trusted has to have the hop's "
                              "tunnel, and proxy_direct must not");
        return ropp_format("logged as %s, and this machine is %s", is, own);
    }
    if (is_private(local) || source->family != local->family)
        return ropp_format("logged as %s; here it is %s", is, own);
    *remedy = ropp_format("something before the hop changes a player's address: a hop behind "
                          "another proxy, or NAT?");
    return ropp_format("logged as %s, and this machine is %s", is, own);
}

/* HAProxy's as it is rendered are of version 2 and have an id; nginx can write no such. What came
 * through another hop is that one's. */
static char *judge_header(const struct ropp_hop *hop, const struct logged *logged, char **remedy)
{
    if (!logged->has_header)
        return ropp_format("; with which header: connlog = all in [origin]");
    if (hop->kind == ROPP_HOP_NGINX || !ropp_addr_equal(&logged->hop, &hop->tunnel) ||
        (logged->version == 2 && logged->unique_id))
        return ropp_format("; header of version %u", logged->version);
    if (*remedy == NULL)
        *remedy = ropp_format("the hop runs with an older file: `ropp hop render`, then load its "
                              "haproxy.cfg");
    return ropp_format("; header of version %u%s", logged->version,
                       logged->version == 2 ? " without an id" : "");
}

void ropp_check_header(struct ropp_check *check, const struct ropp_check_mark *mark, size_t hop,
                       size_t index, const struct ropp_addr *local)
{
    const struct ropp_hop *self = &check->network->hops[hop];
    char *at = ropp_dial_text(&self->public.items[index], ropp_dial_login(check->network));
    struct logged logged = {.has_header = false};
    char *source, *header, *remedy = NULL;

    if (check->session == NULL) {
        ropp_findings_unasked(&check->findings, self->name, CHECK, at,
                              ropp_format("%s", check->no_session));
        return;
    }
    if (!look(check, mark, &self->bind.items[index], &logged)) {
        ropp_findings_unasked(&check->findings, self->name, CHECK, at,
                              ropp_format("neither proxy_connlog nor loginlog has this player: "
                                          "write connlog = all in [origin]"));
        return;
    }
    source = judge_source(check, &logged.source, local, &remedy);
    header = judge_header(self, &logged, &remedy);
    ropp_findings_add(&check->findings, self->name, CHECK, at, ropp_format("%s%s", source, header),
                      remedy);
    free(source);
    free(header);
}
