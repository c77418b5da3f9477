// SPDX-License-Identifier: MIT
#include "tools/probe/verdict.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/route.h"

const char *ropp_probe_result_name(enum ropp_probe_result result)
{
    static const char *const names[] = {
        [ROPP_PROBE_OK] = "ok",
        [ROPP_PROBE_ANSWERED] = "answered",
        [ROPP_PROBE_REFUSED] = "refused",
        [ROPP_PROBE_CLOSED] = "closed",
        [ROPP_PROBE_SILENT] = "silent",
        [ROPP_PROBE_UNREACHABLE] = "unreachable",
        [ROPP_PROBE_UNKNOWN] = "unknown",
        [ROPP_PROBE_LEAK] = "leak",
        [ROPP_PROBE_NO_SERVER] = "no-server",
        [ROPP_PROBE_NO_CHARACTER] = "no-character",
        [ROPP_PROBE_ERROR] = "error",
    };

    return names[result];
}

bool ropp_probe_is_good(enum ropp_probe_result result)
{
    return result == ROPP_PROBE_OK || result == ROPP_PROBE_ANSWERED;
}

/* ---- refusals ---- */

enum { REJECTED = 3, SERVER_CLOSED = 1, STILL_ONLINE = 8 };

#define PACKET_NOTICE       0x0081 /* sent by any server */
#define PACKET_CHAR_REFUSAL 0x006c /* of the entry, or of the choice of a character */
#define PACKET_NOT_CREATED  0x006e
#define ANY_CODE            UINT_MAX

static bool is_login_refusal(unsigned packet)
{
    return packet == 0x006a || packet == 0x083e || packet == 0x0b02;
}

bool ropp_probe_is_judged(unsigned packet, unsigned code)
{
    return is_login_refusal(packet) && code != REJECTED;
}

static const char *login_refusal(unsigned code)
{
    static const char *const words[] = {
        "there is no such account",         "the password is wrong",
        "the account has expired",          "rejected: as a banned address is",
        "the account is blocked",           "the client's version or hash is not the server's",
        "the account is banned for a time", "the server is full",
    };

    return code < sizeof words / sizeof words[0] ? words[code] : "not let in";
}

static const struct refusal {
    unsigned packet, code;
    const char *words;
} refusals[] = {
    {PACKET_NOTICE, SERVER_CLOSED, "the server is closed"},
    {PACKET_NOTICE, 2, "somebody else has logged in with the account"},
    {PACKET_NOTICE, 4, "the server is full"},
    {PACKET_NOTICE, STILL_ONLINE, "the account is still online: try again in a minute"},
    {PACKET_NOTICE, 15, "disconnected by a game master"},
    {PACKET_NOTICE, ANY_CODE, "disconnected by the server"},
    {PACKET_NOT_CREATED, 0, "a character has that name already"},
    {PACKET_NOT_CREATED, 2, "the server does not take such a name"},
    {PACKET_NOT_CREATED, 3, "the character's slot may not be used"},
    {PACKET_NOT_CREATED, ANY_CODE, "the server makes no such character"},
    {PACKET_CHAR_REFUSAL, ANY_CODE, "the ticket, or the choice of a character, is refused"},
    {0x0840, ANY_CODE, "no map server is there"},
};

const char *ropp_probe_refusal(enum ropp_leg leg, unsigned packet, unsigned code)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (packet == refusals[i].packet &&
            (code == refusals[i].code || refusals[i].code == ANY_CODE))
            return refusals[i].words;
    return leg == ROPP_LEG_LOGIN && is_login_refusal(packet) ? login_refusal(code)
                                                             : "the server does not let in";
}

/* ---- causes ---- */

/* What an outcome has besides its result. */
enum {
    AT_LOGIN = 1,
    BEHIND_LOGIN = 2,
    AT_MAP = 4,
    SCRAMBLES = 8,
    WITH_HEADER = 16,
    PLAIN = 32,
    CLOSES_SPOKEN_TO = 64, /* and not a connection that says nothing */
    CLOSES_ANY = 128,      /* or it was not tried */
    NOTHING_LISTENS = 256,
    NO_SUCH_SOURCE = 512,
    NOT_CONNECTED = 1024, /* for another cause */
    IS_CLOSED = 2048,
    CHOICE_REFUSED = 4096,
    IS_REJECTED = 8192,
    REFUSED_ELSE = 16384
};

static unsigned conditions(const struct ropp_probe_outcome *outcome)
{
    unsigned met = outcome->leg == ROPP_LEG_LOGIN ? AT_LOGIN : BEHIND_LOGIN;

    met |= outcome->leg == ROPP_LEG_MAP ? AT_MAP : 0;
    met |= outcome->scrambles ? SCRAMBLES : 0;
    if (outcome->header)
        met |= WITH_HEADER;
    else
        met |= PLAIN | (outcome->quiet == ROPP_QUIET_OPEN ? CLOSES_SPOKEN_TO : CLOSES_ANY);
    if (outcome->packet == PACKET_NOTICE && outcome->code == SERVER_CLOSED)
        met |= IS_CLOSED;
    else if (outcome->packet == PACKET_CHAR_REFUSAL)
        met |= CHOICE_REFUSED;
    else
        met |= is_login_refusal(outcome->packet) && outcome->code == REJECTED ? IS_REJECTED
                                                                              : REFUSED_ELSE;
    if (outcome->error == EADDRNOTAVAIL)
        return met | NO_SUCH_SOURCE;
    return met | (outcome->error == ECONNREFUSED ? NOTHING_LISTENS : NOT_CONNECTED);
}

static const char no_header[] =
    "the server trusts the proxy, but the proxy sends no header, or a broken one: look for `ropp: "
    "refused` in the server's log; HAProxy needs send-proxy-v2, nginx proxy_protocol on";
static const char unnamed[] =
    "the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a unix socket: "
    "the server's log then says unnamed-player; let the proxy listen on an address, or set "
    "proxy_unnamed: hop";
static const char banned[] =
    "this address is banned, or counted out by the emulator's own guard: look into the tables "
    "proxy_ban and ipbanlist, and for `DDoS` in the server's log";
static const char other_service[] =
    "another service has this port: a player's first port is the login server's, 6900 by default";
static const char wrong_version[] =
    "the server is built for another version of the client: give its PACKETVER with --packetver";
static const char scrambled[] =
    "the map server expects scrambled packets, as clients until 2018 send them: give its three "
    "keys with --keys, or use `ropp probe --until char`";
static const char third_port[] =
    "the hop does not forward this server's port: it must listen for login, char and map";
static const char ticket_address[] =
    "proxy_auth_ip_check is on and the player's address differs from the login server's: look for "
    "`ropp: ticket` in the log";

/* Of one result, the most likely first. */
static const struct cause {
    enum ropp_probe_result result;
    unsigned when; /* all of these conditions */
    const char *text;
} all_causes[] = {
    {ROPP_PROBE_CLOSED, AT_MAP | SCRAMBLES, scrambled},
    {ROPP_PROBE_CLOSED, AT_MAP, wrong_version},
    {ROPP_PROBE_CLOSED, WITH_HEADER,
     "the server does not trust this machine: its log then says `a PROXY header from`; a header "
     "is believed only from an address in proxy_trusted"},
    {ROPP_PROBE_CLOSED, WITH_HEADER,
     "the header is refused, or the address it claims is banned: look for `ropp: refused` in the "
     "server's log"},
    {ROPP_PROBE_CLOSED, CLOSES_SPOKEN_TO, no_header},
    {ROPP_PROBE_CLOSED, CLOSES_SPOKEN_TO, unnamed},
    {ROPP_PROBE_CLOSED, PLAIN,
     "the proxy reaches no server behind it: look at the proxy's log, and whether the server "
     "runs"},
    {ROPP_PROBE_CLOSED, PLAIN,
     "the proxy sends a header, but is not in proxy_trusted: the server's log then says `a PROXY "
     "header from`, with the address to add; when that is a player's own, a load balancer "
     "preserves it: on AWS set preserve_client_ip.enabled=false"},
    {ROPP_PROBE_CLOSED, PLAIN,
     "the server is strict and does not trust the proxy: its log then says untrusted-peer; add "
     "the proxy's address to proxy_trusted"},
    {ROPP_PROBE_CLOSED, CLOSES_ANY, no_header},
    {ROPP_PROBE_CLOSED, CLOSES_ANY, unnamed},
    {ROPP_PROBE_CLOSED, PLAIN, banned},
    {ROPP_PROBE_CLOSED, PLAIN | AT_LOGIN, other_service},
    {ROPP_PROBE_SILENT, 0,
     "the proxy accepts, but does not reach the server: look at the address, the port and the "
     "firewall between the two"},
    {ROPP_PROBE_SILENT, AT_LOGIN, other_service},
    {ROPP_PROBE_SILENT, 0, "the server hangs: look whether it answers directly"},
    {ROPP_PROBE_UNREACHABLE, NO_SUCH_SOURCE, "--from is not an address of this machine"},
    {ROPP_PROBE_UNREACHABLE, NOTHING_LISTENS,
     "nothing listens there: look whether the proxy runs, and on which address and port"},
    {ROPP_PROBE_UNREACHABLE, NOT_CONNECTED,
     "a firewall drops the connection, or the machine is down: try from elsewhere"},
    {ROPP_PROBE_UNREACHABLE, NOTHING_LISTENS | BEHIND_LOGIN, third_port},
    {ROPP_PROBE_UNREACHABLE, NOT_CONNECTED | BEHIND_LOGIN, third_port},
    {ROPP_PROBE_REFUSED, IS_CLOSED,
     "the server knows no route back through this hop: look for `ropp: no route back` in its log; "
     "it names the proxy_route to add"},
    {ROPP_PROBE_REFUSED, IS_CLOSED | AT_LOGIN,
     "no char server is connected to the login server, or it is in maintenance"},
    {ROPP_PROBE_REFUSED, CHOICE_REFUSED,
     "the account needs a PIN code, which is not known here: use an account without, or `ropp "
     "probe --until char`; Hercules asks every account for one, unless its `pincode` is off"},
    {ROPP_PROBE_REFUSED, CHOICE_REFUSED, ticket_address},
    {ROPP_PROBE_REFUSED, IS_REJECTED | AT_MAP | SCRAMBLES, scrambled},
    {ROPP_PROBE_REFUSED, IS_REJECTED | AT_MAP, wrong_version},
    {ROPP_PROBE_REFUSED, IS_REJECTED | AT_LOGIN, banned},
    {ROPP_PROBE_REFUSED, REFUSED_ELSE | AT_MAP, ticket_address},
    {ROPP_PROBE_UNKNOWN, AT_LOGIN, other_service},
    {ROPP_PROBE_UNKNOWN, BEHIND_LOGIN, wrong_version},
    {ROPP_PROBE_LEAK, 0,
     "the servers send their own addresses: behind the proxy they need ropp with this hop in "
     "proxy_trusted, and proxy_hide_origin on"},
    {ROPP_PROBE_LEAK, 0,
     "the proxy is behind NAT and names its private address: add a proxy_route for it"},
    {ROPP_PROBE_NO_SERVER, 0, "look into the login server's log: is the char server linked?"},
    {ROPP_PROBE_NO_CHARACTER, 0, "--create NAME makes one; the probe makes none unasked"},
};

size_t ropp_probe_causes(const struct ropp_probe_outcome *outcome,
                         const char *causes[ROPP_PROBE_CAUSES])
{
    unsigned met = conditions(outcome);
    size_t count = 0;

    for (size_t i = 0; i < sizeof all_causes / sizeof all_causes[0]; i++)
        if (all_causes[i].result == outcome->result && (all_causes[i].when & ~met) == 0)
            causes[count++] = all_causes[i].text;
    return count;
}

/* ---- addresses ---- */

enum ropp_probe_way ropp_probe_judge(const struct ropp_hostport *dialled, const uint8_t ip[4])
{
    const uint8_t loopback = 127;
    struct ropp_addr from = {.family = ROPP_FAMILY_UNSPEC}, sent = {.family = ROPP_FAMILY_INET};
    unsigned size = ropp_hostport_bytes(dialled, from.bytes);

    if (size != 0)
        from.family = size == 4 ? ROPP_FAMILY_INET : ROPP_FAMILY_INET6;
    if (size == 16)
        ropp_addr_unwrap(&from); /* an IPv4 address written as IPv6 is IPv4 */
    memcpy(sent.bytes, ip, 4);
    if (ropp_addr_equal(&from, &sent))
        return ROPP_WAY_SAME;
    if (ip[0] == loopback && (from.family != ROPP_FAMILY_INET || from.bytes[0] != loopback))
        return ROPP_WAY_UNDIALABLE;
    return ropp_route_dialable(&from, &sent) ? ROPP_WAY_OTHER : ROPP_WAY_UNDIALABLE;
}
