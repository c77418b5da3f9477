// SPDX-License-Identifier: MIT
/* One connection, from accept until the emulator may have it and has seen its first bytes.
 *
 * Three things about it are kept apart: where it is in its life (phase), whose it is (owner), and
 * whether it is refused (reason). A refusal changes neither of the others: what was proxied stays
 * proxied, and is rewritten, until it is closed.
 *
 *   open ──► OPEN                                       STOCK: nobody looks at it
 *        ├─► FIRST ──► OPEN                             DIRECT: the first bytes are no header
 *        ├─► HELD ──► OPEN                              banned: they are a server's login
 *        └─► HEADER ─┬─► FIRST ──► OPEN                 the player is named
 *              ▲     ├─► OPEN                           EITHER: a server's login
 *              │     └─► SILENT ──► OPEN                nobody is named, or a trusted proxy
 *              └────────────┘                           behind which another header may follow
 *
 * FIRST becomes HELD while the bytes might still become a header. Whoever sends a header that
 * nobody may send is refused.
 *
 * Pure: bytes and time come as arguments. No heap. A connection is one struct of constant size, which
 * keeps what is needed for the rest of its life; the decoder, five times as large, is the caller's
 * and is needed only while a header is read (core/readers.h). */
#ifndef ROPP_CORE_CONN_H
#define ROPP_CORE_CONN_H

#include <stdint.h>

#include "core/header.h"
#include "core/policy.h"
#include "core/server.h"
#include "core/standin.h"

enum ropp_phase {
    /* Kept from the emulator. */
    ROPP_PHASE_HEADER, /* its header is not complete yet */
    ROPP_PHASE_SILENT, /* its header is, and nothing was sent since: a health check so far */
    ROPP_PHASE_HELD,   /* its first bytes are too few to be recognised */
    /* The emulator's. */
    ROPP_PHASE_FIRST, /* nothing was sent yet; the first bytes are to be looked at */
    ROPP_PHASE_OPEN   /* nothing more to look at */
};

enum ropp_owner {
    ROPP_OWNER_UNKNOWN, /* a header is awaited */
    ROPP_OWNER_DIRECT,  /* the peer itself */
    ROPP_OWNER_PROXIED, /* its source, behind proxies */
    ROPP_OWNER_UNNAMED, /* somebody behind a proxy whose header names nobody */
    ROPP_OWNER_OWN      /* a connection of this server's own making */
};

/* Headers that may follow each other, each naming a trusted proxy but the last. */
#define ROPP_CONN_HEADERS_MAX 8

/* How long the first bytes of a banned peer are awaited: a server sends its login at once. */
#define ROPP_CONN_HOLD_MS 1000

/* A descriptor has one for the emulator's whole life, so what is small is kept in few bits. */
struct ropp_conn {
    int64_t deadline_ms;  /* of HEADER, SILENT and HELD; 0 when HELD has just begun */
    uint64_t ban_id;      /* the entry that banned it, if one has */
    struct ropp_addr hop; /* the proxy nearest to the player: the peer, or in a chain the last
                             trusted source; as the peer where there was no header */
    /* Of the innermost complete header; UNSPEC and 0 before, and where it names none. */
    struct ropp_addr source, destination;
    uint16_t source_port, destination_port;
    uint32_t peer;               /* IPv4, host byte order; 0 for nobody's */
    enum ropp_reason reason : 8; /* why it is refused; NONE: it is not */
    enum ropp_reason
        unless_link : 8; /* why it will be, unless it logs in as a server; NONE: no matter */
    enum ropp_phase phase : 4;
    enum ropp_owner owner : 4;
    enum ropp_verdict verdict : 4;
    enum ropp_server server : 4; /* whose connection it is: which packets are a server's login */
    uint16_t timeout_ms;
    uint16_t headers : 4;        /* complete ones */
    uint16_t header_version : 2; /* of the innermost one that was begun; 0: none was */
    bool has_begun : 1;          /* a header has, and is not complete */
    bool is_local : 1;           /* the complete one is LOCAL */
    bool is_unix : 1;            /* names a unix socket */
    bool is_late : 1; /* SILENT, and its deadline has passed: no further header is accepted */
    bool is_link : 1; /* its first bytes were a server's login, which alone let it in */
};

/* Begins a connection to a server; timeout_ms is 65535 at most. One with the verdict REFUSE is the
 * caller's to refuse. */
void ropp_conn_open(struct ropp_conn *conn, enum ropp_verdict verdict, uint32_t peer,
                    enum ropp_server server, int64_t now_ms, int timeout_ms);

/* The same for a connection of this server's own making: nobody's address. */
void ropp_conn_open_own(struct ropp_conn *conn);

/* Keeps a connection that has just begun, and that is to be refused for `reason`, until its first
 * bytes show whether it is another server of the cluster: whatever ban covers a server's address,
 * the servers stay linked. */
void ropp_conn_hold(struct ropp_conn *conn, enum ropp_reason reason);

/* Whether it was let in only as a server, for a login of which the rest has not come in time. */
bool ropp_conn_link_is_late(const struct ropp_conn *conn, int64_t now_ms);

/* The emulator has looked at the login of a connection that is_link, and it is no server's; or that
 * one is late. */
void ropp_conn_link_failed(struct ropp_conn *conn);

/* Whether ropp_conn_feed wants a decoder: a header is being read, or another one may follow. */
bool ropp_conn_wants_reader(const struct ropp_conn *conn);

/* Whether the decoder must be the same with the next call, and until the connection is the
 * emulator's: a header has begun, or what it said is still to be written down. */
bool ropp_conn_needs_reader(const struct ropp_conn *conn);

/* Takes what has arrived and not been consumed yet. Returns how many bytes were headers; they are
 * to be dropped, and what follows them is the game's. Unconsumed bytes are offered again with the
 * next call. Does nothing with a connection that is refused. `reader` is its decoder, just
 * initialised or the one it needs; NULL where it wants none. Afterwards the innermost header is
 * there. */
size_t ropp_conn_feed(struct ropp_conn *conn, struct ropp_header *reader,
                      const struct ropp_policy *policy, const uint8_t *bytes, size_t length);

/* Ends what has a deadline: a header that has not come in time is refused, bytes that have not
 * become a header are the game's. A deadline never touches the session after. */
void ropp_conn_tick(struct ropp_conn *conn, int64_t now_ms);

/* The peer has closed. Refuses a connection that broke off within its header; one that never sent
 * a byte (a plain TCP health check) is nobody's fault and only ends. */
void ropp_conn_closed(struct ropp_conn *conn);

/* Refuses for a reason of the caller's: the emulator's own guard, for one. */
void ropp_conn_refuse(struct ropp_conn *conn, enum ropp_reason reason);

bool ropp_conn_is_refused(const struct ropp_conn *conn);

/* Whether the emulator must not see it yet. */
bool ropp_conn_is_kept(const struct ropp_conn *conn);

/* Whether it came through a proxy, refused or not: then nobody may log in as a server here, and no
 * packet may carry the origin's address. */
bool ropp_conn_is_proxied(const struct ropp_conn *conn);

/* The peer as an address; UNSPEC for a connection of this server's own. */
struct ropp_addr ropp_conn_peer(const struct ropp_conn *conn);

/* Who is at the other end, as far as bans and the guard go: the source when PROXIED, the hop when
 * UNNAMED, the peer when DIRECT, UNSPEC for all others. */
struct ropp_addr ropp_conn_player(const struct ropp_conn *conn);

/* The address the emulator is to keep, host byte order: the player's or its stand-in when PROXIED,
 * the hop's when UNNAMED, the peer's otherwise. */
uint32_t ropp_conn_client_addr(const struct ropp_conn *conn, const struct ropp_standin_key *key);

#endif
