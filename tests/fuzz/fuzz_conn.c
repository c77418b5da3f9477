// SPDX-License-Identifier: MIT
/* A connection that sends any bytes, cut anywhere: whose it is, whether it is refused and how many bytes were headers must
 * come out as they do when all comes at once. Nobody is believed to be somebody else who was not expected to send a header, and what is refused
 * stays so.
 *
 * The first byte is what the policy has decided and the server, the second how the rest is cut. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/conn.h"

static const struct ropp_standin_key no_key;

/* What a connection has come to. */
struct outcome {
    struct ropp_conn conn;
    size_t used;
};

static struct ropp_policy the_policy(struct ropp_prefix *trusted)
{
    struct ropp_policy policy = {.mode = ROPP_MODE_ON, .trusted = {trusted, 1}};

    FUZZ_CHECK(ropp_prefix_parse("192.0.2.0/24", 12, trusted) == ROPP_PREFIX_OK);
    return policy;
}

/* As the glue has it: a decoder where one is wanted, the same one while it is needed. */
static size_t feed(struct ropp_conn *conn, struct ropp_header *reader, const uint8_t *bytes,
                   size_t size)
{
    struct ropp_prefix trusted;
    const struct ropp_policy policy = the_policy(&trusted);
    const bool wanted = ropp_conn_wants_reader(conn), refused = ropp_conn_is_refused(conn);
    size_t used;

    if (!ropp_conn_needs_reader(conn))
        ropp_header_init(reader);
    used = ropp_conn_feed(conn, wanted ? reader : NULL, &policy, bytes, size);
    FUZZ_CHECK(used <= size && (!refused || used == 0));
    return used;
}

static void check_owner(const struct ropp_conn *conn)
{
    const bool expected =
        conn->verdict == ROPP_VERDICT_HEADER || conn->verdict == ROPP_VERDICT_EITHER;

    FUZZ_CHECK(conn->headers <= ROPP_CONN_HEADERS_MAX);
    FUZZ_CHECK(expected || (conn->headers == 0 && !ropp_conn_is_proxied(conn)));
    if (conn->owner == ROPP_OWNER_PROXIED) {
        FUZZ_CHECK(conn->headers > 0 && conn->source.family != ROPP_FAMILY_UNSPEC);
        FUZZ_CHECK(ropp_addr_equal(&(struct ropp_addr){0}, &conn->source) == false);
    }
    if (conn->owner == ROPP_OWNER_DIRECT)
        FUZZ_CHECK(ropp_conn_client_addr(conn, &no_key) == conn->peer);
}

static struct outcome play(uint8_t how, const uint8_t *bytes, size_t size, unsigned cut)
{
    struct outcome outcome = {.used = 0};
    struct ropp_header reader;
    size_t arrived = 0;

    ropp_header_init(&reader);
    ropp_conn_open(&outcome.conn, (enum ropp_verdict)(how % 4), 0xc0000201,
                   (enum ropp_server)(1 + how / 4 % 3), 0, 3000);
    while (arrived < size) {
        cut = (cut * 5 + 1) & 0xff;
        arrived = cut % 16 == 0 || arrived + cut % 16 > size ? size : arrived + cut % 16;
        outcome.used += feed(&outcome.conn, &reader, bytes + outcome.used, arrived - outcome.used);
        check_owner(&outcome.conn);
    }
    return outcome;
}

/* The end of it, either way: what was refused stays so, and who is let in has an address. */
static void finish(struct ropp_conn conn, bool closed)
{
    const enum ropp_reason reason = conn.reason;

    if (closed)
        ropp_conn_closed(&conn);
    else
        ropp_conn_tick(&conn, 60000);
    FUZZ_CHECK(reason == ROPP_REASON_NONE || conn.reason == reason);
    FUZZ_CHECK(closed || conn.phase != ROPP_PHASE_HEADER || ropp_conn_is_refused(&conn));
    check_owner(&conn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, parts;

    if (size < 2)
        return 0;
    whole = play(data[0], data + 2, size - 2, 0xf3); /* makes the first cut the last */
    parts = play(data[0], data + 2, size - 2, data[1]);
    /* Where it is refused in the middle of a header nobody asks how far it had come. */
    if (!ropp_conn_is_refused(&whole.conn))
        FUZZ_CHECK(whole.conn.phase == parts.conn.phase && whole.used == parts.used);
    FUZZ_CHECK(whole.conn.owner == parts.conn.owner && whole.conn.reason == parts.conn.reason);
    FUZZ_CHECK(whole.conn.headers == parts.conn.headers &&
               whole.conn.is_link == parts.conn.is_link);
    FUZZ_CHECK(ropp_addr_equal(&whole.conn.source, &parts.conn.source));
    FUZZ_CHECK(ropp_addr_equal(&whole.conn.hop, &parts.conn.hop));
    FUZZ_CHECK(whole.conn.destination_port == parts.conn.destination_port);
    finish(parts.conn, false);
    finish(parts.conn, true);
    return 0;
}
