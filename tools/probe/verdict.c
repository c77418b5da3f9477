#include "tools/probe/verdict.h"

#include <errno.h>
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

enum { NO_ACCOUNT = 0, WRONG_PASSWORD = 1, REJECTED = 3, SERVER_CLOSED = 1, STILL_ONLINE = 8 };

#define PACKET_NOTICE       0x0081 /* sent by any server */
#define PACKET_CHAR_REFUSAL 0x006c /* of the entry, or of the choice of a character */
#define PACKET_NOT_CREATED  0x006e

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

static const char *notice(unsigned code)
{
    switch (code) {
    case SERVER_CLOSED:
        return "the server is closed";
    case 2:
        return "somebody else has logged in with the account";
    case 4:
        return "the server is full";
    case STILL_ONLINE:
        return "the account is still online: try again in a minute";
    case 15:
        return "disconnected by a game master";
    default:
        return "disconnected by the server";
    }
}

static const char *not_created(unsigned code)
{
    switch (code) {
    case 0:
        return "a character has that name already";
    case 2:
        return "the server does not take such a name";
    case 3:
        return "the character's slot may not be used";
    default:
        return "the server makes no such character";
    }
}

const char *ropp_probe_refusal(enum ropp_leg leg, unsigned packet, unsigned code)
{
    if (packet == PACKET_NOTICE)
        return notice(code);
    if (packet == PACKET_NOT_CREATED)
        return not_created(code);
    if (packet == PACKET_CHAR_REFUSAL)
        return "the ticket, or the choice of a character, is refused";
    if (packet == 0x0840)
        return "no map server is there";
    return leg == ROPP_LEG_LOGIN && is_login_refusal(packet) ? login_refusal(code)
                                                             : "the server does not let in";
}

/* ---- causes ---- */

static const char no_header[] =
    "the server trusts the proxy, but the proxy sends no header, or a broken one: look for `ropp: "
    "refused` in the server's log; HAProxy needs send-proxy-v2, nginx proxy_protocol on";
static const char not_trusted[] =
    "the proxy sends a header, but is not in proxy_trusted: the server's log then says `a PROXY "
    "header from`, with the address to add; when that is a player's own, a load balancer preserves "
    "it: on AWS set preserve_client_ip.enabled=false";
static const char strict[] =
    "the server is strict and does not trust the proxy: its log then says untrusted-peer; add the "
    "proxy's address to proxy_trusted";
static const char unnamed[] =
    "the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a unix socket: "
    "the server's log then says unnamed-player; let the proxy listen on an address, or set "
    "proxy_unnamed: hop";
static const char hop_down[] =
    "the proxy reaches no server behind it: look at the proxy's log, and whether the server runs";
static const char banned[] =
    "this address is banned, or counted out by the emulator's own guard: look into the tables "
    "proxy_ban and ipbanlist, and for `DDoS` in the server's log";
static const char untrusted_here[] =
    "the server does not trust this machine: its log then says `a PROXY header from`; a header is "
    "believed only from an address in proxy_trusted";
static const char claim_banned[] =
    "the header is refused, or the address it claims is banned: look for `ropp: refused` in the "
    "server's log";
static const char black_hole[] =
    "the proxy accepts, but does not reach the server: look at the address, the port and the "
    "firewall between the two";
static const char other_service[] =
    "another service has this port: a player's first port is the login server's, 6900 by default";
static const char hangs[] = "the server hangs: look whether it answers directly";
static const char wrong_version[] =
    "the server is built for another version of the client: give its PACKETVER with --packetver";
static const char scrambled[] = "the map server expects scrambled packets, as clients until 2018 "
                                "send them: give its three keys "
                                "with --keys, or use --until char";
static const char third_port[] =
    "the hop does not forward this server's port: it must listen for login, char and map";
static const char no_route_back[] = "the server knows no route back through this hop: look for "
                                    "`ropp: no route back` in its log; it "
                                    "names the proxy_route to add";
static const char no_char_server[] =
    "no char server is connected to the login server, or it is in maintenance";
static const char ticket_address[] =
    "proxy_auth_ip_check is on and the player's address differs from the login server's: look for "
    "`ropp: ticket` in the log";
static const char pin_code[] =
    "the account needs a PIN code, which the probe does not know: use --until char, or an account "
    "without";
static const char add_route[] =
    "the servers tell where they stand themselves: behind the proxy they need ropp with this hop "
    "in proxy_trusted, and proxy_hide_origin on";
static const char nat_route[] =
    "the proxy is behind NAT and names its private address: add a proxy_route for it";
static const char see_no_server[] = "look into the login server's log: is the char server linked?";
static const char make_one[] = "--create NAME makes one; the probe makes none unasked";

static size_t add(const char *causes[ROPP_PROBE_CAUSES], size_t count, const char *cause)
{
    causes[count] = cause;
    return count + 1;
}

/* Of what closes without being spoken to. */
static size_t add_before(const char **causes, size_t count)
{
    count = add(causes, count, hop_down);
    count = add(causes, count, not_trusted);
    return add(causes, count, strict);
}

/* Of what closes on a player's first bytes. */
static size_t add_after(const char **causes, size_t count)
{
    count = add(causes, count, no_header);
    return add(causes, count, unnamed);
}

static size_t causes_closed(const struct ropp_probe_outcome *outcome, const char **causes)
{
    size_t count = 0;

    if (outcome->leg == ROPP_LEG_MAP && outcome->scrambles)
        count = add(causes, count, scrambled);
    if (outcome->leg == ROPP_LEG_MAP)
        count = add(causes, count, wrong_version);
    if (outcome->header) {
        count = add(causes, count, untrusted_here);
        return add(causes, count, claim_banned);
    }
    if (outcome->quiet == ROPP_QUIET_OPEN)
        count = add_before(causes, add_after(causes, count));
    else
        count = add_after(causes, add_before(causes, count));
    count = add(causes, count, banned);
    return outcome->leg == ROPP_LEG_LOGIN ? add(causes, count, other_service) : count;
}

static size_t causes_silent(const struct ropp_probe_outcome *outcome, const char **causes)
{
    size_t count = add(causes, 0, black_hole);

    if (outcome->leg == ROPP_LEG_LOGIN)
        count = add(causes, count, other_service);
    return add(causes, count, hangs);
}

static size_t causes_unreachable(const struct ropp_probe_outcome *outcome, const char **causes)
{
    size_t count = 0;

    if (outcome->error == EADDRNOTAVAIL)
        return add(causes, 0, "--from is not an address of this machine");
    if (outcome->error == ECONNREFUSED)
        count = add(
            causes, count,
            "nothing listens there: look whether the proxy runs, and on which address and port");
    else
        count = add(causes, count,
                    "a firewall drops the connection, or the machine is down: try from elsewhere");
    return outcome->leg == ROPP_LEG_LOGIN ? count : add(causes, count, third_port);
}

static size_t causes_refused(const struct ropp_probe_outcome *outcome, const char **causes)
{
    size_t count = 0;

    if (outcome->packet == PACKET_NOTICE && outcome->code == SERVER_CLOSED) {
        count = add(causes, count, no_route_back);
        return outcome->leg == ROPP_LEG_LOGIN ? add(causes, count, no_char_server) : count;
    }
    if (outcome->packet == PACKET_CHAR_REFUSAL) {
        count = add(causes, count, ticket_address);
        return add(causes, count, pin_code);
    }
    if (is_login_refusal(outcome->packet) && outcome->code == REJECTED)
        return add(causes, count, banned);
    return outcome->leg == ROPP_LEG_MAP ? add(causes, count, ticket_address) : count;
}

size_t ropp_probe_causes(const struct ropp_probe_outcome *outcome,
                         const char *causes[ROPP_PROBE_CAUSES])
{
    size_t count;

    switch (outcome->result) {
    case ROPP_PROBE_CLOSED:
        return causes_closed(outcome, causes);
    case ROPP_PROBE_SILENT:
        return causes_silent(outcome, causes);
    case ROPP_PROBE_UNREACHABLE:
        return causes_unreachable(outcome, causes);
    case ROPP_PROBE_REFUSED:
        return causes_refused(outcome, causes);
    case ROPP_PROBE_UNKNOWN:
        return add(causes, 0, outcome->leg == ROPP_LEG_LOGIN ? other_service : wrong_version);
    case ROPP_PROBE_LEAK:
        count = add(causes, 0, add_route);
        return add(causes, count, nat_route);
    case ROPP_PROBE_NO_SERVER:
        return add(causes, 0, see_no_server);
    case ROPP_PROBE_NO_CHARACTER:
        return add(causes, 0, make_one);
    case ROPP_PROBE_OK:
    case ROPP_PROBE_ANSWERED:
    case ROPP_PROBE_ERROR:
    default:
        return 0;
    }
}

/* ---- addresses ---- */

/* An IPv4 address written as IPv6 is IPv4. */
static struct ropp_addr addr_of(const struct ropp_hostport *at)
{
    struct ropp_addr addr = {.family = ROPP_FAMILY_UNSPEC};

    switch (ropp_hostport_bytes(at, addr.bytes)) {
    case 4:
        addr.family = ROPP_FAMILY_INET;
        break;
    case 16:
        addr.family = ROPP_FAMILY_INET6;
        ropp_addr_unwrap(&addr);
        break;
    default:
        break;
    }
    return addr;
}

enum ropp_probe_told ropp_probe_judge(const struct ropp_hostport *dialled, const uint8_t ip[4])
{
    const uint8_t loopback = 127;
    struct ropp_addr from = addr_of(dialled);
    struct ropp_addr told = {.family = ROPP_FAMILY_INET};

    memcpy(told.bytes, ip, 4);
    if (ropp_addr_equal(&from, &told))
        return ROPP_TOLD_SAME;
    if (ip[0] == loopback && (from.family != ROPP_FAMILY_INET || from.bytes[0] != loopback))
        return ROPP_TOLD_UNDIALABLE;
    return ropp_route_dialable(&from, &told) ? ROPP_TOLD_OTHER : ROPP_TOLD_UNDIALABLE;
}
