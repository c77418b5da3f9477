// SPDX-License-Identifier: MIT
#include "service/explain.h"

#include <stdio.h>

#define EXPLAIN_AGAIN_MS   10000
#define EXPLAIN_UNNAMED_MS 600000 /* the same proxy's unnamed players */

static bool explain_kind_of(enum ropp_reason reason, enum ropp_explain_kind *kind)
{
    static const struct {
        enum ropp_reason reason;
        enum ropp_explain_kind kind;
    } known[] = {
        {ROPP_REASON_UNTRUSTED_HEADER, ROPP_EXPLAIN_UNTRUSTED_HEADER},
        {ROPP_REASON_SECOND_HEADER, ROPP_EXPLAIN_SECOND_HEADER},
        {ROPP_REASON_UNNAMED, ROPP_EXPLAIN_UNNAMED},
        {ROPP_REASON_NO_ROUTE, ROPP_EXPLAIN_NO_ROUTE},
        {ROPP_REASON_UNKNOWN_FORM, ROPP_EXPLAIN_UNKNOWN_FORM},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].reason == reason) {
            *kind = known[i].kind;
            return true;
        }
    }
    return false;
}

/* What a header without an address says instead. */
static const char *explain_names(const struct ropp_conn *conn)
{
    if (conn->header_version == 1)
        return "UNKNOWN";
    if (conn->is_local)
        return "LOCAL";
    return conn->is_unix ? "a unix socket" : "UNSPEC";
}

void ropp_explain_note(struct ropp_explain *explain, const struct ropp_conn *conn,
                       const uint8_t *packet, size_t length)
{
    struct ropp_explain_case *c;
    enum ropp_explain_kind kind;

    if (!explain_kind_of(conn->reason, &kind))
        return;
    c = &explain->cases[kind];
    c->peer = ropp_conn_peer(conn);
    c->hop = conn->hop;
    c->player = ropp_conn_player(conn);
    c->destination = conn->destination;
    c->names = explain_names(conn);
    c->packet = packet != NULL && length >= 2 ? (unsigned)(packet[0] | packet[1] << 8) : 0;
    c->length = length;
    c->is_waiting = true;
    explain->is_waiting = true;
}

static bool explain_is_due(const struct ropp_explain_case *c, enum ropp_explain_kind kind,
                           int64_t now_ms)
{
    bool same = kind == ROPP_EXPLAIN_UNNAMED && ropp_addr_equal(&c->of, &c->peer);

    return c->is_waiting && (!c->was_logged || now_ms - c->logged_ms >=
                                                   (same ? EXPLAIN_UNNAMED_MS : EXPLAIN_AGAIN_MS));
}

static void explain_write(const struct ropp_explain_case *c, enum ropp_explain_kind kind,
                          char line[ROPP_LINE_TEXT])
{
    char peer[ROPP_ADDR_TEXT], hop[ROPP_ADDR_TEXT], player[ROPP_ADDR_TEXT];
    char dialled[ROPP_ADDR_TEXT];

    ropp_addr_format(&c->peer, peer);
    ropp_addr_format(&c->hop, hop);
    ropp_addr_format(&c->player, player);
    if (ropp_addr_format(&c->destination, dialled) == 0)
        snprintf(dialled, sizeof dialled, "nowhere");
    switch (kind) {
    case ROPP_EXPLAIN_UNTRUSTED_HEADER:
        snprintf(line, ROPP_LINE_TEXT,
                 "ropp: a PROXY header from %s, which is not in proxy_trusted: nobody gets in "
                 "through it: if it is a proxy of yours, add proxy_trusted: %s",
                 peer, peer);
        break;
    case ROPP_EXPLAIN_SECOND_HEADER:
        if (ropp_addr_equal(&c->player, &c->hop)) {
            snprintf(
                line, ROPP_LINE_TEXT,
                "ropp: a second PROXY header behind one from %s that names no address: let that "
                "proxy name the proxy in front of it, which proxy_trusted must contain",
                peer);
            break;
        }
        snprintf(line, ROPP_LINE_TEXT,
                 "ropp: a second PROXY header, from %s through %s, which is not in proxy_trusted: "
                 "if %s is a proxy of yours, add it there",
                 player, peer, player);
        break;
    case ROPP_EXPLAIN_UNNAMED:
        snprintf(line, ROPP_LINE_TEXT,
                 "ropp: the headers of %s name %s and no address, and players behind it are "
                 "refused: let its front listen on TCP (not on a unix socket), or set "
                 "proxy_unnamed: hop to let them in as %s",
                 peer, c->names, hop);
        break;
    case ROPP_EXPLAIN_NO_ROUTE:
        snprintf(
            line, ROPP_LINE_TEXT,
            "ropp: no route back for %s through %s to %s: add proxy_route: %s char=<the address "
            "players dial> map=<the address players dial>",
            player, hop, dialled, hop);
        break;
    case ROPP_EXPLAIN_UNKNOWN_FORM:
        snprintf(line, ROPP_LINE_TEXT,
                 "ropp: packet 0x%04x of %lu bytes would send %s the origin's address in a form "
                 "that is not known: report it with your client's version, or set "
                 "proxy_hide_origin to off",
                 c->packet, (unsigned long)c->length, player);
        break;
    case ROPP_EXPLAIN_KINDS:
        break;
    }
}

bool ropp_explain_line(struct ropp_explain *explain, int64_t now_ms, char line[ROPP_LINE_TEXT])
{
    struct ropp_explain_case *c;
    int kind;

    explain->is_waiting = false;
    for (kind = 0; kind < ROPP_EXPLAIN_KINDS; kind++) {
        c = &explain->cases[kind];
        if (explain_is_due(c, (enum ropp_explain_kind)kind, now_ms)) {
            explain_write(c, (enum ropp_explain_kind)kind, line);
            c->is_waiting = false;
            c->was_logged = true;
            c->logged_ms = now_ms;
            c->of = c->peer;
            explain->is_waiting = true; /* perhaps another is due as well */
            return true;
        }
        explain->is_waiting = explain->is_waiting || c->is_waiting;
    }
    return false;
}
