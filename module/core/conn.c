// SPDX-License-Identifier: MIT
#include "core/conn.h"

#include <string.h>

#include "core/standin.h"

void ropp_conn_open(struct ropp_conn *conn, enum ropp_verdict verdict, const struct ropp_addr *peer,
                    struct ropp_server_packets server_packets, int64_t now_ms, int64_t timeout_ms)
{
    static const struct {
        enum ropp_phase phase;
        enum ropp_owner owner;
    } begins[] = {
        {ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT},    /* STOCK */
        {ROPP_PHASE_FIRST, ROPP_OWNER_DIRECT},   /* DIRECT */
        {ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN}, /* HEADER */
        {ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN}, /* EITHER */
        {ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT},    /* REFUSE */
    };

    conn->phase = begins[verdict].phase;
    conn->owner = begins[verdict].owner;
    conn->reason = ROPP_REASON_NONE;
    conn->unless_link = ROPP_REASON_NONE;
    conn->verdict = verdict;
    conn->ban_id = 0;
    conn->peer = *peer;
    conn->hop = *peer;
    conn->server_packets = server_packets;
    conn->timeout_ms = timeout_ms;
    conn->deadline_ms = now_ms + timeout_ms;
    conn->headers = 0;
    conn->is_late = false;
    conn->is_link = false;
    ropp_header_init(&conn->header);
}

void ropp_conn_open_own(struct ropp_conn *conn)
{
    memset(conn, 0, sizeof *conn);
    conn->phase = ROPP_PHASE_OPEN;
    conn->owner = ROPP_OWNER_OWN;
    conn->verdict = ROPP_VERDICT_STOCK;
}

void ropp_conn_hold(struct ropp_conn *conn, enum ropp_reason reason)
{
    conn->phase = ROPP_PHASE_HELD;
    conn->reason = ROPP_REASON_NONE;
    conn->unless_link = reason;
    conn->deadline_ms += ROPP_CONN_HOLD_MS - conn->timeout_ms; /* both count from its beginning */
}

void ropp_conn_link_failed(struct ropp_conn *conn)
{
    ropp_conn_refuse(conn, conn->unless_link != ROPP_REASON_NONE ? conn->unless_link
                                                                 : ROPP_REASON_NOT_PROXY);
}

void ropp_conn_refuse(struct ropp_conn *conn, enum ropp_reason reason)
{
    conn->reason = reason;
}

bool ropp_conn_is_refused(const struct ropp_conn *conn)
{
    return conn->reason != ROPP_REASON_NONE;
}

bool ropp_conn_is_kept(const struct ropp_conn *conn)
{
    return conn->phase < ROPP_PHASE_FIRST;
}

bool ropp_conn_is_proxied(const struct ropp_conn *conn)
{
    return conn->owner == ROPP_OWNER_PROXIED || conn->owner == ROPP_OWNER_UNNAMED;
}

/* ---- what the first bytes are ---- */

/* How much of a server's login is there: packet ids are little-endian, and no header begins with
 * the first byte of one. */
static enum ropp_match conn_match_packet(uint16_t id, const uint8_t *bytes, size_t length)
{
    if (id == 0 || bytes[0] != (id & 0xff))
        return ROPP_MATCH_NO;
    if (length < 2)
        return ROPP_MATCH_PERHAPS;
    return bytes[1] == id >> 8 ? ROPP_MATCH_YES : ROPP_MATCH_NO;
}

static enum ropp_match conn_match_server_login(const struct ropp_conn *conn, const uint8_t *bytes,
                                               size_t length)
{
    enum ropp_match match = ROPP_MATCH_NO, one;
    size_t i;

    for (i = 0; i < sizeof conn->server_packets.id / sizeof conn->server_packets.id[0]; i++) {
        one = conn_match_packet(conn->server_packets.id[i], bytes, length);
        if (one > match)
            match = one;
    }
    return match;
}

/* ---- a header ---- */

/* Section 2.2: with LOCAL, or where the header names no usable address, the connection's own
 * endpoints are the real ones. */
static bool conn_names_player(const struct ropp_header *header)
{
    return header->command == ROPP_COMMAND_PROXY && header->source.family != ROPP_FAMILY_UNSPEC;
}

/* A proxy's health check comes as LOCAL, as UNKNOWN, or (HAProxy, version 1) as a connection from
 * the proxy itself. It sends nothing after its header; a player does, and a proxy in front of this
 * one another header. */
static void conn_accept_header(struct ropp_conn *conn, const struct ropp_policy *policy)
{
    conn->headers++;
    conn->owner = conn_names_player(&conn->header) ? ROPP_OWNER_PROXIED : ROPP_OWNER_UNNAMED;
    if (conn->owner == ROPP_OWNER_UNNAMED)
        conn->phase = ROPP_PHASE_SILENT;
    else if (ropp_is_standin(ropp_addr_to_v4(&conn->header.source)))
        ropp_conn_refuse(conn, ROPP_REASON_RESERVED_SOURCE);
    else
        conn->phase =
            ropp_policy_trusts(policy, &conn->header.source) ? ROPP_PHASE_SILENT : ROPP_PHASE_FIRST;
}

static size_t conn_feed_header(struct ropp_conn *conn, const struct ropp_policy *policy,
                               const uint8_t *bytes, size_t length)
{
    enum ropp_match login = ROPP_MATCH_NO;
    size_t used;

    if (conn->headers == 0 && conn->header.length == 0)
        login = conn_match_server_login(conn, bytes, length);
    if (login == ROPP_MATCH_PERHAPS)
        return 0;
    if (login == ROPP_MATCH_YES) {
        if (conn->verdict != ROPP_VERDICT_EITHER) {
            ropp_conn_refuse(conn, ROPP_REASON_SERVER_NOT_DIRECT);
            return 0;
        }
        conn->owner = ROPP_OWNER_DIRECT;
        conn->phase = ROPP_PHASE_OPEN;
        conn->is_link = true;
        return 0;
    }
    used = ropp_header_feed(&conn->header, bytes, length);
    if (conn->header.status == ROPP_HEADER_INVALID)
        ropp_conn_refuse(conn, conn->header.reason);
    else if (conn->header.status == ROPP_HEADER_OK)
        conn_accept_header(conn, policy);
    return used;
}

/* ---- what comes behind it, or without one ---- */

/* Whether another header would be read here. */
static bool conn_may_continue(const struct ropp_conn *conn)
{
    return conn->phase == ROPP_PHASE_SILENT && conn->owner == ROPP_OWNER_PROXIED;
}

/* A further header begins: who was the player so far is a proxy. */
static void conn_continue_chain(struct ropp_conn *conn)
{
    if (conn->is_late) {
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_TIMEOUT);
    } else if (conn->headers == ROPP_CONN_HEADERS_MAX) {
        ropp_conn_refuse(conn, ROPP_REASON_CHAIN_TOO_LONG);
    } else {
        conn->hop = conn->header.source;
        conn->phase = ROPP_PHASE_HEADER;
        conn->owner = ROPP_OWNER_UNKNOWN;
        ropp_header_init(&conn->header);
    }
}

/* Bytes behind a header that names a trusted proxy, or nobody. */
static void conn_feed_silent(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    enum ropp_match header = ropp_header_match(bytes, length);

    if (!conn_may_continue(conn) && header == ROPP_MATCH_YES)
        ropp_conn_refuse(conn, ROPP_REASON_SECOND_HEADER);
    else if (header == ROPP_MATCH_YES)
        conn_continue_chain(conn);
    else if (header == ROPP_MATCH_NO)
        conn->phase = ROPP_PHASE_OPEN;
}

/* The first bytes of a session that is the emulator's, or may become it. */
static void conn_feed_first(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    switch (ropp_header_match(bytes, length)) {
    case ROPP_MATCH_YES:
        ropp_conn_refuse(conn, conn->headers > 0 ? ROPP_REASON_SECOND_HEADER
                                                 : ROPP_REASON_UNTRUSTED_HEADER);
        break;
    case ROPP_MATCH_PERHAPS:
        if (conn->phase == ROPP_PHASE_FIRST)
            conn->deadline_ms = 0;
        conn->phase = ROPP_PHASE_HELD;
        break;
    case ROPP_MATCH_NO:
        conn->phase = ROPP_PHASE_OPEN;
        break;
    }
}

/* The first bytes of somebody who is banned: only a server may go on, if it is one. */
static void conn_feed_link(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    switch (conn_match_server_login(conn, bytes, length)) {
    case ROPP_MATCH_YES:
        conn->phase = ROPP_PHASE_OPEN;
        conn->is_link = true;
        break;
    case ROPP_MATCH_PERHAPS:
        break;
    case ROPP_MATCH_NO:
        ropp_conn_refuse(conn, conn->unless_link);
        break;
    }
}

/* Offers bytes to the phase the connection is in. Returns how many were a header's. */
static size_t conn_feed_phase(struct ropp_conn *conn, const struct ropp_policy *policy,
                              const uint8_t *bytes, size_t length)
{
    switch (conn->phase) {
    case ROPP_PHASE_HEADER:
        return conn_feed_header(conn, policy, bytes, length);
    case ROPP_PHASE_SILENT:
        conn_feed_silent(conn, bytes, length);
        break;
    case ROPP_PHASE_HELD:
    case ROPP_PHASE_FIRST:
        if (conn->unless_link != ROPP_REASON_NONE)
            conn_feed_link(conn, bytes, length);
        else
            conn_feed_first(conn, bytes, length);
        break;
    case ROPP_PHASE_OPEN:
        break;
    }
    return 0;
}

size_t ropp_conn_feed(struct ropp_conn *conn, const struct ropp_policy *policy,
                      const uint8_t *bytes, size_t length)
{
    enum ropp_phase before;
    size_t used = 0, taken;

    /* Each step consumes bytes or changes the phase; the last one does neither. */
    while (used < length && conn->phase != ROPP_PHASE_OPEN && !ropp_conn_is_refused(conn)) {
        before = conn->phase;
        taken = conn_feed_phase(conn, policy, bytes + used, length - used);
        used += taken;
        if (taken == 0 && conn->phase == before)
            break;
    }
    return used;
}

void ropp_conn_tick(struct ropp_conn *conn, int64_t now_ms)
{
    if (!ropp_conn_is_kept(conn) || ropp_conn_is_refused(conn))
        return;
    if (conn->deadline_ms == 0)
        conn->deadline_ms = now_ms + conn->timeout_ms;
    if (now_ms < conn->deadline_ms)
        return;
    if (conn->phase == ROPP_PHASE_HEADER)
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_TIMEOUT);
    else if (conn->phase == ROPP_PHASE_SILENT)
        conn->is_late = true;
    else if (conn->unless_link != ROPP_REASON_NONE)
        ropp_conn_refuse(conn, conn->unless_link);
    else
        conn->phase = ROPP_PHASE_OPEN;
}

void ropp_conn_closed(struct ropp_conn *conn)
{
    if (conn->phase == ROPP_PHASE_HEADER && !ropp_conn_is_refused(conn) &&
        (conn->header.length > 0 || conn->headers > 0))
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_CUT_SHORT);
}

struct ropp_addr ropp_conn_player(const struct ropp_conn *conn)
{
    static const struct ropp_addr nobody = {ROPP_FAMILY_UNSPEC, {0}};

    switch (conn->owner) {
    case ROPP_OWNER_PROXIED:
        return conn->header.source;
    case ROPP_OWNER_DIRECT:
    case ROPP_OWNER_UNNAMED:
        return conn->hop;
    case ROPP_OWNER_UNKNOWN:
    case ROPP_OWNER_OWN:
        break;
    }
    return nobody;
}

uint32_t ropp_conn_client_addr(const struct ropp_conn *conn, const struct ropp_standin_key *key)
{
    return ropp_client_addr(conn->owner == ROPP_OWNER_PROXIED ? &conn->header.source : &conn->hop,
                            key);
}
