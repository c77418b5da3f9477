/* One connection, from accept until the emulator may have it.
 *
 *   open ──► DIRECT                                   the emulator's, untouched
 *        └─► HEADER ──► PROXIED                       the true address is known
 *                   ├─► QUIET ──► LOCAL or PROXIED    the proxy's own connection
 *                   ├─► DIRECT                        a server's login from a peer that is both
 *                   └─► REFUSED                       to be closed; `reason` says why
 *
 * Pure: bytes and time come as arguments. No heap; a connection is one struct of constant size. */
#ifndef ROPP_CORE_CONN_H
#define ROPP_CORE_CONN_H

#include <stdint.h>

#include "core/header.h"
#include "core/policy.h"

enum ropp_conn_state {
    ROPP_CONN_DIRECT,  /* the emulator's, as if ropp were not there */
    ROPP_CONN_HEADER,  /* its header is not complete yet */
    ROPP_CONN_PROXIED, /* behind a proxy; header.source is the player */
    ROPP_CONN_QUIET,   /* the proxy's own connection (a health check) that has sent nothing yet */
    ROPP_CONN_LOCAL,   /* one that speaks and named no address: it keeps the peer's */
    ROPP_CONN_REFUSED
};

/* The packets that begin a server's login here; 0 for none. */
struct ropp_server_packets {
    uint16_t id[2];
};

struct ropp_conn {
    enum ropp_conn_state state;
    enum ropp_verdict verdict;
    enum ropp_reason reason; /* why REFUSED */
    uint64_t ban_id;         /* the entry that banned it, if one has */
    struct ropp_addr peer;
    struct ropp_server_packets server_packets;
    int64_t deadline_ms; /* for the header alone */
    struct ropp_header header;
};

/* Begins a connection. `verdict` is the policy's and not REFUSE. */
void ropp_conn_open(struct ropp_conn *conn, enum ropp_verdict verdict, const struct ropp_addr *peer,
                    struct ropp_server_packets server_packets, int64_t now_ms, int64_t timeout_ms);

/* The same for a connection of this server's own making: DIRECT, and nobody's address. */
void ropp_conn_open_own(struct ropp_conn *conn);

/* Takes what has arrived and not been consumed yet. Returns how many bytes were the header's; they
 * are to be dropped, and what follows them is the game's. Unconsumed bytes are offered again with
 * the next call. */
size_t ropp_conn_feed(struct ropp_conn *conn, const uint8_t *bytes, size_t length);

/* Refuses a connection whose header has not come in time. The deadline ends with the header. */
void ropp_conn_tick(struct ropp_conn *conn, int64_t now_ms);

/* The peer has closed. Refuses a connection that broke off within its header; one that never sent
 * a byte (a plain TCP health check) is nobody's fault and only ends. */
void ropp_conn_closed(struct ropp_conn *conn);

/* Refuses for a reason of the caller's: the emulator's own guard, for one. */
void ropp_conn_refuse(struct ropp_conn *conn, enum ropp_reason reason);

/* Whether a header came before the game's bytes: then nobody may log in as a server here. */
bool ropp_conn_had_header(const struct ropp_conn *conn);

/* Who is at the other end as far as bans go: the player when PROXIED, the peer when DIRECT, UNSPEC
 * for the proxy's own connections and for the server's. */
struct ropp_addr ropp_conn_player(const struct ropp_conn *conn);

/* The address the emulator is to keep, host byte order: the player's or its stand-in when PROXIED,
 * the peer's otherwise. */
uint32_t ropp_conn_client_addr(const struct ropp_conn *conn);

#endif
