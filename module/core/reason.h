// SPDX-License-Identifier: MIT
/* Every reason for which a connection is refused, in one list.
 *
 * ROPP_REASON(NAME, "stable-name", "Sentence.") gives the constant ROPP_REASON_NAME, the key that
 * counters, logs and `--json` show (it never changes once released), and what a person reads: what
 * is wrong and what it usually means. */
#ifndef ROPP_CORE_REASON_H
#define ROPP_CORE_REASON_H

/* The decoder's reasons (core/header.h). */
#define ROPP_HEADER_REASONS(ROPP_REASON)                                                           \
    ROPP_REASON(NOT_PROXY, "not-proxy-protocol",                                                   \
                "The connection does not begin with a PROXY protocol header; usually the proxy "   \
                "is not set to send one, or a client has connected past it.")                      \
    ROPP_REASON(V1_PROTOCOL, "v1-protocol",                                                        \
                "A version 1 header names a protocol that is not TCP4, TCP6 or UNKNOWN; "          \
                "usually the sender does not speak the PROXY protocol at all.")                    \
    ROPP_REASON(V1_SPACING, "v1-spacing",                                                          \
                "The fields of a version 1 header are not separated by exactly one space; "        \
                "usually the line was written by hand or by a script.")                            \
    ROPP_REASON(V1_MISSING_FIELD, "v1-missing-field",                                              \
                "A version 1 header ends before both addresses and both ports were given; "        \
                "usually the sender did not know the connection's addresses.")                     \
    ROPP_REASON(V1_ADDRESS, "v1-address",                                                          \
                "A version 1 header has a source that is no IPv4 or IPv6 address; usually the "    \
                "sender sends a name.")                                                            \
    ROPP_REASON(V1_PORT, "v1-port",                                                                \
                "A version 1 header has a port that is not a plain number from 0 to 65535; "       \
                "signs and leading zeros are not allowed.")                                        \
    ROPP_REASON(V1_LINE_END, "v1-line-end",                                                        \
                "A version 1 header does not end with CR LF right after its last field; usually "  \
                "the sender ends its lines with LF alone or adds a field.")                        \
    ROPP_REASON(V1_TOO_LONG, "v1-too-long",                                                        \
                "A version 1 header has no CR LF within its first 107 bytes; usually the sender "  \
                "does not speak the PROXY protocol.")                                              \
    ROPP_REASON(V2_VERSION, "v2-version",                                                          \
                "A binary header carries a version other than 2; the sender is newer than this "   \
                "decoder or the bytes are damaged.")                                               \
    ROPP_REASON(V2_COMMAND, "v2-command",                                                          \
                "A version 2 header has a command that is neither LOCAL nor PROXY; the sender is " \
                "broken or the bytes are damaged.")                                                \
    ROPP_REASON(V2_FAMILY, "v2-family",                                                            \
                "A version 2 header has an address family that version 2 does not define; the "    \
                "sender is broken or the bytes are damaged.")                                      \
    ROPP_REASON(V2_TRANSPORT, "v2-transport",                                                      \
                "A version 2 header has a transport that version 2 does not define; the sender "   \
                "is broken or the bytes are damaged.")                                             \
    ROPP_REASON(V2_LENGTH, "v2-length",                                                            \
                "A version 2 header announces fewer bytes than the addresses of its family need; " \
                "the sender is broken or the bytes are damaged.")                                  \
    ROPP_REASON(TLV_TRUNCATED, "tlv-truncated",                                                    \
                "The last one or two bytes of a version 2 header cannot be a TLV, which takes at " \
                "least three; the sender counts its header's length wrongly.")                     \
    ROPP_REASON(TLV_OVERRUN, "tlv-overrun",                                                        \
                "A TLV claims more bytes than the version 2 header has left; the sender counts "   \
                "its header's or its TLV's length wrongly.")                                       \
    ROPP_REASON(CRC32C_SIZE, "crc32c-size",                                                        \
                "The checksum TLV is not four bytes long; the sender is broken.")                  \
    ROPP_REASON(CRC32C_DUPLICATE, "crc32c-duplicate",                                              \
                "A version 2 header carries more than one checksum; usually two proxies have "     \
                "each added theirs to one header.")                                                \
    ROPP_REASON(CRC32C_MISMATCH, "crc32c-mismatch",                                                \
                "The checksum of a version 2 header is wrong; the header was damaged or changed "  \
                "on its way.")                                                                     \
    ROPP_REASON(UNIQUE_ID_SIZE, "unique-id-size",                                                  \
                "The unique id of a version 2 header is longer than the 128 bytes the protocol "   \
                "allows; shorten it in the proxy's configuration.")                                \
    ROPP_REASON(SSL_SIZE, "ssl-size",                                                              \
                "The SSL TLV is shorter than its five fixed bytes; the sender is broken.")         \
    ROPP_REASON(SSL_TLV_TRUNCATED, "ssl-tlv-truncated",                                            \
                "The last one or two bytes of the SSL TLV cannot be a TLV, which takes at least "  \
                "three; the sender counts its length wrongly.")                                    \
    ROPP_REASON(SSL_TLV_OVERRUN, "ssl-tlv-overrun",                                                \
                "A TLV inside the SSL TLV claims more bytes than the SSL TLV has left; the "       \
                "sender counts one of the two lengths wrongly.")

/* The connection's reasons (core/conn.h, service/module.h). */
#define ROPP_CONN_REASONS(ROPP_REASON)                                                             \
    ROPP_REASON(UNTRUSTED, "untrusted-peer",                                                       \
                "In strict mode only the proxies in proxy_trusted and the servers in "             \
                "proxy_direct may connect; this peer is in neither.")                              \
    ROPP_REASON(HEADER_TIMEOUT, "header-timeout",                                                  \
                "A trusted proxy opened the connection and sent no complete header within "        \
                "proxy_header_timeout; usually the proxy is not set to send one.")                 \
    ROPP_REASON(                                                                                   \
        HEADER_CROWDED_OUT, "header-crowded-out",                                                  \
        "So many connections waited for their header that the one that had waited for the "        \
        "longest time made room; usually a proxy that hangs, or is not set to send any. Where "    \
        "players are many, raise the limit of open files (ulimit -n).")                            \
    ROPP_REASON(                                                                                   \
        SILENT_CROWDED_OUT, "silent-crowded-out",                                                  \
        "No descriptor was left, and of the players who had said nothing the one that had been "   \
        "there for the longest time made room; usually a flood. Where players are many, raise "    \
        "the limit of open files (ulimit -n).")                                                    \
    ROPP_REASON(HEADER_CUT_SHORT, "header-cut-short",                                              \
                "The connection was closed in the middle of its header.")                          \
    ROPP_REASON(SERVER_NOT_DIRECT, "server-not-direct",                                            \
                "A server of the cluster connects from a proxy's address; when both share one "    \
                "machine, add that address to proxy_direct as well.")                              \
    ROPP_REASON(SERVER_BEHIND_PROXY, "server-behind-proxy",                                        \
                "Somebody behind a proxy tried to log in as a server of the cluster.")             \
    ROPP_REASON(GUARD, "emulator-guard",                                                           \
                "The emulator's own guard (its allow and deny lists, its DDoS counting) does not " \
                "let the player's address in.")                                                    \
    ROPP_REASON(NO_ROUTE, "no-route",                                                              \
                "A player came through a hop whose address players dial is not known; they would " \
                "have been sent the origin's. Add the proxy_route that the log names.")            \
    ROPP_REASON(UNKNOWN_FORM, "unknown-packet-form",                                               \
                "A packet has the origin's address in it, or could, in a form that ropp does not " \
                "know, so that it cannot be replaced; usually the fork or the client's version "   \
                "is a rare one.")                                                                  \
    ROPP_REASON(BANNED, "banned",                                                                  \
                "The player's address is banned; `ropp ban check ADDRESS` names the entry.")       \
    ROPP_REASON(BANS_UNKNOWN, "bans-unknown",                                                      \
                "The ban list was not loaded yet and proxy_ban_on_error is closed; usually "       \
                "MariaDB cannot be reached.")                                                      \
    ROPP_REASON(UNTRUSTED_HEADER, "untrusted-header",                                              \
                "A PROXY header came from a peer that is not in proxy_trusted; usually a proxy "   \
                "of yours whose address is missing there.")                                        \
    ROPP_REASON(SECOND_HEADER, "second-header",                                                    \
                "A second PROXY header followed one whose source is not in proxy_trusted; either " \
                "the outer proxy's address is missing there, or a player sent it.")                \
    ROPP_REASON(CHAIN_TOO_LONG, "chain-too-long",                                                  \
                "More than eight PROXY headers came one after the other; usually two proxies "     \
                "send to each other.")                                                             \
    ROPP_REASON(RESERVED_SOURCE, "reserved-source",                                                \
                "A header names a source in 240.0.0.0/4, where no client can be; IPv6 players "    \
                "have their stand-ins there.")                                                     \
    ROPP_REASON(UNNAMED, "unnamed-player",                                                         \
                "A proxy's header names no address (LOCAL, UNKNOWN, UNIX), and game packets came " \
                "behind it; usually the proxy's front is a unix socket. Let it listen on TCP, or " \
                "set proxy_unnamed to hop.")

#define ROPP_REASONS(ROPP_REASON)                                                                  \
    ROPP_HEADER_REASONS(ROPP_REASON)                                                               \
    ROPP_CONN_REASONS(ROPP_REASON)

#define ROPP_REASON_CONSTANT(name, key, text) ROPP_REASON_##name,
enum ropp_reason {
    ROPP_REASON_NONE,
    ROPP_REASONS(ROPP_REASON_CONSTANT) ROPP_REASON_COUNT /* not a reason: how many there are */
};
#undef ROPP_REASON_CONSTANT

/* The stable key; "none" for ROPP_REASON_NONE, "unknown" for a value that is no reason. */
const char *ropp_reason_name(enum ropp_reason reason);

/* The sentence for people. */
const char *ropp_reason_text(enum ropp_reason reason);

#endif
