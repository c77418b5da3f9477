#include "core/conn.h"

#include <string.h>

#include "core/standin.h"

void ropp_conn_open(struct ropp_conn *conn, enum ropp_verdict verdict, const struct ropp_addr *peer,
                    struct ropp_server_packets server_packets, int64_t now_ms, int64_t timeout_ms)
{
    conn->verdict = verdict;
    conn->reason = ROPP_REASON_NONE;
    conn->ban_id = 0;
    conn->peer = *peer;
    conn->server_packets = server_packets;
    conn->deadline_ms = now_ms + timeout_ms;
    if (verdict == ROPP_VERDICT_DIRECT) {
        conn->state = ROPP_CONN_DIRECT;
        return;
    }
    conn->state = ROPP_CONN_HEADER;
    ropp_header_init(&conn->header);
}

void ropp_conn_open_own(struct ropp_conn *conn)
{
    memset(conn, 0, sizeof *conn);
    conn->state = ROPP_CONN_DIRECT;
    conn->verdict = ROPP_VERDICT_DIRECT;
}

void ropp_conn_refuse(struct ropp_conn *conn, enum ropp_reason reason)
{
    conn->state = ROPP_CONN_REFUSED;
    conn->reason = reason;
}

/* How much of a server's login stands here instead of a header: packet ids are little-endian, and
 * no header begins with the first byte of one. */
enum login_match { LOGIN_NO, LOGIN_PERHAPS, LOGIN_YES };

static enum login_match match_packet(uint16_t id, const uint8_t *bytes, size_t length)
{
    if (id == 0 || bytes[0] != (id & 0xff))
        return LOGIN_NO;
    if (length < 2)
        return LOGIN_PERHAPS;
    return bytes[1] == id >> 8 ? LOGIN_YES : LOGIN_NO;
}

static enum login_match match_server_login(const struct ropp_conn *conn, const uint8_t *bytes,
                                           size_t length)
{
    enum login_match match = LOGIN_NO;
    size_t i;

    if (conn->header.length > 0 || length == 0)
        return LOGIN_NO;
    for (i = 0; i < sizeof conn->server_packets.id / sizeof conn->server_packets.id[0]; i++) {
        enum login_match one = match_packet(conn->server_packets.id[i], bytes, length);

        if (one > match)
            match = one;
    }
    return match;
}

/* Section 2.2: with LOCAL, or where the header names no usable address, the connection's own
 * endpoints are the real ones. */
static bool names_player(const struct ropp_header *header)
{
    return header->command == ROPP_COMMAND_PROXY && header->source.family != ROPP_FAMILY_UNSPEC;
}

/* A proxy's health check comes as LOCAL, as UNKNOWN, or (HAProxy, version 1) as a connection from
 * the proxy itself. It says nothing after its header; a player does. */
static void accept_header(struct ropp_conn *conn)
{
    if (names_player(&conn->header) && !ropp_addr_equal(&conn->header.source, &conn->peer))
        conn->state = ROPP_CONN_PROXIED;
    else
        conn->state = ROPP_CONN_QUIET;
}

static size_t feed_header(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    size_t used;

    switch (match_server_login(conn, bytes, length)) {
    case LOGIN_PERHAPS:
        return 0;
    case LOGIN_YES:
        if (conn->verdict == ROPP_VERDICT_EITHER)
            conn->state = ROPP_CONN_DIRECT;
        else
            ropp_conn_refuse(conn, ROPP_REASON_SERVER_NOT_DIRECT);
        return 0;
    case LOGIN_NO:
        break;
    }
    used = ropp_header_feed(&conn->header, bytes, length);
    if (conn->header.status == ROPP_HEADER_INVALID)
        ropp_conn_refuse(conn, conn->header.reason);
    else if (conn->header.status == ROPP_HEADER_OK)
        accept_header(conn);
    return used;
}

size_t ropp_conn_feed(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    size_t used = 0;

    if (conn->state == ROPP_CONN_HEADER)
        used = feed_header(conn, bytes, length);
    if (conn->state == ROPP_CONN_QUIET && used < length)
        conn->state = names_player(&conn->header) ? ROPP_CONN_PROXIED : ROPP_CONN_LOCAL;
    return used;
}

void ropp_conn_tick(struct ropp_conn *conn, int64_t now_ms)
{
    if (conn->state == ROPP_CONN_HEADER && now_ms >= conn->deadline_ms)
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_TIMEOUT);
}

void ropp_conn_closed(struct ropp_conn *conn)
{
    if (conn->state == ROPP_CONN_HEADER && conn->header.length > 0)
        ropp_conn_refuse(conn, ROPP_REASON_HEADER_CUT_SHORT);
}

bool ropp_conn_had_header(const struct ropp_conn *conn)
{
    return conn->state == ROPP_CONN_PROXIED || conn->state == ROPP_CONN_LOCAL;
}

uint32_t ropp_conn_client_addr(const struct ropp_conn *conn)
{
    return ropp_client_addr(conn->state == ROPP_CONN_PROXIED ? &conn->header.source : &conn->peer);
}

struct ropp_addr ropp_conn_player(const struct ropp_conn *conn)
{
    static const struct ropp_addr nobody = {ROPP_FAMILY_UNSPEC, {0}};

    if (conn->state == ROPP_CONN_PROXIED)
        return conn->header.source;
    return conn->state == ROPP_CONN_DIRECT ? conn->peer : nobody;
}
