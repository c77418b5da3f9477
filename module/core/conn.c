// SPDX-License-Identifier: MIT
#include "core/conn.h"

#include <string.h>

#include "core/standin.h"

void ropp_conn_open(struct ropp_conn *conn, enum ropp_verdict verdict, uint32_t peer,
                    enum ropp_server server, int64_t now_ms, int timeout_ms)
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

    memset(conn, 0, sizeof *conn);
    conn->phase = begins[verdict].phase;
    conn->owner = begins[verdict].owner;
    conn->verdict = verdict;
    conn->server = server;
    conn->peer = peer;
    conn->hop = ropp_addr_v4(peer);
    conn->timeout_ms = (uint16_t)timeout_ms;
    conn->deadline_ms = now_ms + timeout_ms;
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

bool ropp_conn_link_is_late(const struct ropp_conn *conn, int64_t now_ms)
{
    return conn->is_link && conn->unless_link != ROPP_REASON_NONE && now_ms >= conn->deadline_ms;
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
    struct ropp_server_packets packets = ropp_server_logins(conn->server);
    enum ropp_match match = ROPP_MATCH_NO, one;
    size_t i;

    for (i = 0; i < sizeof packets.id / sizeof packets.id[0]; i++) {
        one = conn_match_packet(packets.id[i], bytes, length);
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
static void conn_accept_header(struct ropp_conn *conn, const struct ropp_header *header,
                               const struct ropp_policy *policy)
{
    conn->headers++;
    conn->has_begun = false;
    conn->is_local = header->command == ROPP_COMMAND_LOCAL;
    conn->is_unix = header->family == ROPP_FAMILY_UNIX;
    conn->source = header->source;
    conn->destination = header->destination;
    conn->source_port = header->source_port;
    conn->destination_port = header->destination_port;
    conn->owner = conn_names_player(header) ? ROPP_OWNER_PROXIED : ROPP_OWNER_UNNAMED;
    if (conn->owner == ROPP_OWNER_UNNAMED)
        conn->phase = ROPP_PHASE_SILENT;
    else if (ropp_is_standin(ropp_addr_to_v4(&conn->source)))
        ropp_conn_refuse(conn, ROPP_REASON_RESERVED_SOURCE);
    else
        conn->phase =
            ropp_policy_trusts(policy, &conn->source) ? ROPP_PHASE_SILENT : ROPP_PHASE_FIRST;
}

static size_t conn_feed_header(struct ropp_conn *conn, struct ropp_header *reader,
                               const struct ropp_policy *policy, const uint8_t *bytes,
                               size_t length)
{
    enum ropp_match login = ROPP_MATCH_NO;
    size_t used;

    if (conn->headers == 0 && !conn->has_begun)
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
    used = ropp_header_feed(reader, bytes, length);
    conn->header_version = reader->version & 3u;
    conn->has_begun = reader->length > 0;
    if (reader->status == ROPP_HEADER_INVALID)
        ropp_conn_refuse(conn, reader->reason);
    else if (reader->status == ROPP_HEADER_OK)
        conn_accept_header(conn, reader, policy);
    return used;
}

/* ---- what comes behind it, or without one ---- */

/* Whether another header would be read here. */
static bool conn_may_continue(const struct ropp_conn *conn)
{
    return conn->phase == ROPP_PHASE_SILENT && conn->owner == ROPP_OWNER_PROXIED;
}

/* A further header begins: who was the player so far is a proxy. */
static void conn_continue_chain(struct ropp_conn *conn, struct ropp_header *reader)
{
    static const struct ropp_addr none = {ROPP_FAMILY_UNSPEC, {0}};

    if (conn->is_late) {
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_TIMEOUT);
    } else if (conn->headers == ROPP_CONN_HEADERS_MAX) {
        ropp_conn_refuse(conn, ROPP_REASON_CHAIN_TOO_LONG);
    } else {
        conn->hop = conn->source;
        conn->source = none;
        conn->destination = none;
        conn->source_port = 0;
        conn->destination_port = 0;
        conn->header_version = 0;
        conn->phase = ROPP_PHASE_HEADER;
        conn->owner = ROPP_OWNER_UNKNOWN;
        ropp_header_init(reader);
    }
}

/* Bytes behind a header that names a trusted proxy, or nobody. */
static void conn_feed_silent(struct ropp_conn *conn, struct ropp_header *reader,
                             const uint8_t *bytes, size_t length)
{
    enum ropp_match header = ropp_header_match(bytes, length);

    if (!conn_may_continue(conn) && header == ROPP_MATCH_YES)
        ropp_conn_refuse(conn, ROPP_REASON_SECOND_HEADER);
    else if (header == ROPP_MATCH_YES)
        conn_continue_chain(conn, reader);
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
static size_t conn_feed_phase(struct ropp_conn *conn, struct ropp_header *reader,
                              const struct ropp_policy *policy, const uint8_t *bytes, size_t length)
{
    switch (conn->phase) {
    case ROPP_PHASE_HEADER:
        return conn_feed_header(conn, reader, policy, bytes, length);
    case ROPP_PHASE_SILENT:
        conn_feed_silent(conn, reader, bytes, length);
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

bool ropp_conn_wants_reader(const struct ropp_conn *conn)
{
    return !ropp_conn_is_refused(conn) &&
           (conn->phase == ROPP_PHASE_HEADER || conn->phase == ROPP_PHASE_SILENT);
}

bool ropp_conn_needs_reader(const struct ropp_conn *conn)
{
    return ropp_conn_wants_reader(conn) && (conn->has_begun || conn->phase == ROPP_PHASE_SILENT);
}

size_t ropp_conn_feed(struct ropp_conn *conn, struct ropp_header *reader,
                      const struct ropp_policy *policy, const uint8_t *bytes, size_t length)
{
    enum ropp_phase before;
    size_t used = 0, taken;

    /* Each step consumes bytes or changes the phase; the last one does neither. */
    while (used < length && conn->phase != ROPP_PHASE_OPEN && !ropp_conn_is_refused(conn)) {
        before = conn->phase;
        taken = conn_feed_phase(conn, reader, policy, bytes + used, length - used);
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
        (conn->has_begun || conn->headers > 0))
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_CUT_SHORT);
}

struct ropp_addr ropp_conn_peer(const struct ropp_conn *conn)
{
    static const struct ropp_addr nobody = {ROPP_FAMILY_UNSPEC, {0}};

    return conn->peer != 0 ? ropp_addr_v4(conn->peer) : nobody;
}

struct ropp_addr ropp_conn_player(const struct ropp_conn *conn)
{
    static const struct ropp_addr nobody = {ROPP_FAMILY_UNSPEC, {0}};

    switch (conn->owner) {
    case ROPP_OWNER_PROXIED:
        return conn->source;
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
    return ropp_client_addr(conn->owner == ROPP_OWNER_PROXIED ? &conn->source : &conn->hop, key);
}
