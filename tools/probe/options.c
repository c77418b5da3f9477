// SPDX-License-Identifier: MIT
#include "tools/probe/options.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/decimal.h"

enum {
    LOGIN_PORT = 6900,
    CLAIM_PORT = 40000, /* of a claimed source that names none */
    TIMEOUT_MS = 5000,
    TIMEOUT_MIN_MS = 100,
    TIMEOUT_MAX_MS = 60000,
    NAME_MIN = 4, /* of a character; the emulators' own */
    HOST_TEXT = 256
};

/* The options that are an address. */
static const struct address {
    const char *name;
    size_t at;
    int port; /* where the value names none: 0: it need not, -1: it must */
} addresses[] = {
    {"--from", offsetof(struct ropp_probe_options, from), 0},
    {"--claim", offsetof(struct ropp_probe_options, claim), CLAIM_PORT},
    {"--dest", offsetof(struct ropp_probe_options, destination), LOGIN_PORT},
    {"--char-at", offsetof(struct ropp_probe_options, char_at), -1},
    {"--map-at", offsetof(struct ropp_probe_options, map_at), -1},
};

static bool read_address(const char *name, const char *value, int port, struct ropp_hostport *out)
{
    const char *example = port != 0 ? ":6900" : "";

    if (ropp_hostport_parse(value, port > 0 ? (uint16_t)port : 0, out) &&
        (port >= 0 || ropp_hostport_port(out) != 0))
        return true;
    if (port < 0)
        return ropp_error("not an address with its port: %s '%s': give one as in 192.0.2.1:6121",
                          name, value);
    return ropp_error("not an address: %s '%s': give an IPv4 or IPv6 address, as in 192.0.2.1%s or "
                      "[2001:db8::1]%s",
                      name, value, example, example);
}

static bool take_address(void *request, const char *name, const char *value)
{
    const struct address *address = addresses;

    while (strcmp(address->name, name) != 0)
        address++;
    return read_address(name, value, address->port,
                        (struct ropp_hostport *)(void *)((char *)request + address->at));
}

/* The name of a user or of a character. */
static bool take_name(void *request, const char *name, const char *value)
{
    struct ropp_probe_options *options = request;
    bool user = strcmp(name, "--user") == 0;
    size_t length = strlen(value), least = user ? 1 : NAME_MIN;

    *(user ? &options->user : &options->create) = value;
    return (length >= least && length < ROPP_PACKET_NAME) ||
           ropp_error("not a %s's name: %s '%s': it has %zu to %d bytes",
                      user ? "user" : "character", name, value, least, ROPP_PACKET_NAME - 1);
}

static bool find_word(const char *value, const char *const words[3], unsigned *index)
{
    for (*index = 0; *index < 3; ++*index)
        if (strcmp(value, words[*index]) == 0)
            return true;
    return false;
}

static bool take_until(void *request, const char *name, const char *value)
{
    static const char *const legs[] = {"login", "char", "map"}; /* as enum ropp_leg begins */
    struct ropp_probe_options *options = request;
    unsigned leg;

    options->until_set = find_word(value, legs, &leg);
    options->until = (enum ropp_leg)leg;
    return options->until_set ||
           ropp_error("no such place: %s '%s': it is login, char or map", name, value);
}

static bool take_header(void *request, const char *name, const char *value)
{
    static const char *const words[] = {"none", "v1", "v2"};
    static const enum ropp_sender senders[] = {ROPP_SENDER_NONE, ROPP_SENDER_V1, ROPP_SENDER_V2};
    struct ropp_probe_options *options = request;
    unsigned index;

    if (!find_word(value, words, &index))
        return ropp_error("no such header: %s '%s': it is v1, v2 or none", name, value);
    options->sender = senders[index];
    return true;
}

static bool take_packetver(void *request, const char *name, const char *value)
{
    struct ropp_probe_options *options = request;
    uint64_t number;

    (void)name;
    options->packetver = ropp_decimal_read(value, 0, 99999999, &number) ? (unsigned)number : 0;
    options->client = ropp_client_find(options->packetver);
    return options->client != NULL ||
           ropp_error("not a known version: --packetver '%s': give the client's date, from %u on, "
                      "as in %u",
                      value, ropp_client_oldest(), (unsigned)ROPP_CLIENT_USUAL);
}

static bool take_keys(void *request, const char *name, const char *value)
{
    struct ropp_probe_options *options = request;

    (void)name;
    options->keys_set = ropp_scramble_parse(value, &options->keys);
    return options->keys_set || ropp_error("not three keys: --keys '%s': give them as in "
                                           "0x12345678,0x9abcdef0,0x13579bdf",
                                           value);
}

static bool take_timeout(void *request, const char *name, const char *value)
{
    struct ropp_probe_options *options = request;
    uint64_t number;

    (void)name;
    if (!ropp_decimal_read(value, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS, &number))
        return ropp_error("not a time: --timeout '%s': give milliseconds, %d to %d", value,
                          TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
    options->timeout_ms = (int)number;
    return true;
}

static bool take_hidden(void *request, const char *name, const char *value)
{
    struct ropp_probe_options *options = request;

    if (options->hidden_count == ROPP_PROBE_HIDDEN)
        return ropp_error("too many: %s '%s': at most %d", name, value, ROPP_PROBE_HIDDEN);
    return read_address(name, value, 0, &options->hidden[options->hidden_count++]);
}

/* ---- the command line ---- */

const struct ropp_option ropp_probe_options[] = {
    ROPP_CALL(take_name, "--user", "U",
              "log in as U; the password comes from the environment variable ROPP_PROBE_PASSWORD, "
              "else it is asked for"),
    ROPP_TEXT(struct ropp_probe_options, pass_file, "--pass-file", "FILE",
              "or from the first line of FILE (- is standard input)"),
    ROPP_CALL(take_until, "--until", "login|char|map",
              "how far to go: the login; the list of characters; the game, with the first "
              "character, for a moment. With --user: map, else: login"),
    ROPP_CALL(take_name, "--create", "NAME",
              "make a character of that name where the account has none"),
    ROPP_CALL(take_packetver, "--packetver", "N",
              "the client's version that the servers are built for (20211103), or the nearest "
              "older one that is known"),
    ROPP_CALL(take_keys, "--keys", "K1,K2,K3",
              "what the client scrambles its packets with, as those until 2018 do: rAthena's map "
              "server prints them at its start, Hercules has them in src/map/packets_keys_main.h"),
    ROPP_CALL(take_timeout, "--timeout", "MS", "for each answer, 100 to 60000 (5000)"),
    ROPP_CALL(take_hidden, "--must-not-contain", "ADDRESS",
              "fail when that address is anywhere in what the servers send, such as the origin's; "
              "may repeat"),
    ROPP_FLAG(struct ropp_probe_options, json, "--json", "print one JSON object"),
    ROPP_HEADING("To play the proxy against the origin, from an address in its proxy_trusted:"),
    ROPP_CALL(take_header, "--header", "v1|v2|none", "send a PROXY protocol header first"),
    ROPP_CALL(take_address, "--claim", "ADDRESS[:PORT]", "the player in it; needed with --header"),
    ROPP_CALL(take_address, "--dest", "ADDRESS[:PORT]",
              "what that player dialled, by default HOST:PORT"),
    ROPP_CALL(take_address, "--from", "ADDRESS", "connect from this address of the machine"),
    ROPP_CALL(take_address, "--char-at", "ADDRESS:PORT",
              "go there for the char server, and not where the login server says"),
    ROPP_CALL(take_address, "--map-at", "ADDRESS:PORT",
              "go there for the map server, and not where the char server says"),
    ROPP_OPTIONS_END,
};

/* What does not go together. */
static bool fits(const struct ropp_probe_options *options)
{
    bool proxy = options->sender != ROPP_SENDER_NONE;

    if (options->where == NULL)
        return ropp_error("no host: what to probe: give HOST:PORT, see `ropp probe --help`");
    if (options->user == NULL && options->until != ROPP_LEG_LOGIN)
        return ropp_error(
            "no account: --until: a made-up user comes no further than login: give --user");
    if (options->user == NULL && options->pass_file != NULL)
        return ropp_error("a password without an account: --pass-file: give --user");
    if (options->create != NULL && options->until != ROPP_LEG_MAP)
        return ropp_error("no use for a character: --create: it goes with --user and --until map");
    if (proxy && options->claim.length == 0)
        return ropp_error(
            "a header without a player: --header: say with --claim who the player is");
    if (!proxy && (options->claim.length != 0 || options->destination.length != 0))
        return ropp_error("no header to put it in: --claim, --dest: give --header v1 or v2");
    if (options->destination.length != 0 &&
        ((options->until >= ROPP_LEG_CHAR && options->char_at.length == 0) ||
         (options->until >= ROPP_LEG_MAP && options->map_at.length == 0)))
        return ropp_error(
            "the servers will name the address in --dest, which is the proxy's: --until: "
            "give the origin's with --char-at and --map-at, or --until login");
    return true;
}

/* ---- the host ---- */

/* Splits HOST:PORT, [HOST]:PORT, HOST. A bare IPv6 address has no port. */
static bool split(const char *where, char host[HOST_TEXT], uint64_t *port)
{
    bool bracket = where[0] == '[';
    const char *start = where + bracket, *end = start + strcspn(start, bracket ? "]" : ":");

    *port = LOGIN_PORT;
    if (!bracket && *end != '\0' && strchr(end + 1, ':') != NULL)
        end = start + strlen(start); /* a bare IPv6 address */
    if (end == start || end - start >= HOST_TEXT || (bracket && *end == '\0'))
        return false;
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    end += bracket;
    return *end == '\0' || (*end == ':' && ropp_decimal_read(end + 1, 1, 65535, port));
}

static bool find_host(struct ropp_probe_options *options)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char host[HOST_TEXT], port_text[8];
    uint64_t port;
    int family = options->from.address.ss_family; /* unset: AF_UNSPEC */
    int error;

    if (!split(options->where, host, &port))
        return ropp_error("not a host and a port: '%s': give HOST:PORT, as in "
                          "play.example.org:6900",
                          options->where);
    if (ropp_hostport_parse(host, (uint16_t)port, &options->to))
        return true;
    (void)snprintf(port_text, sizeof port_text, "%u", (unsigned)port);
    hints.ai_family = family != AF_UNSPEC ? family : AF_INET; /* what the game's client dials */
    error = getaddrinfo(host, port_text, &hints, &found);
    if (error != 0 && family == AF_UNSPEC) {
        hints.ai_family = AF_INET6;
        error = getaddrinfo(host, port_text, &hints, &found);
    }
    if (error != 0)
        return ropp_error("unknown host: %s (%s): look whether the name is right and DNS answers",
                          host, gai_strerror(error));
    memcpy(&options->to.address, found->ai_addr, found->ai_addrlen);
    options->to.length = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

static bool same_family(const struct ropp_probe_options *options)
{
    return options->from.length == 0 ||
           options->from.address.ss_family == options->to.address.ss_family ||
           ropp_error("an IPv4 and an IPv6 address: --from and '%s': give both of one kind",
                      options->where);
}

const struct ropp_probe_options ropp_probe_defaults = {.packetver = ROPP_CLIENT_USUAL,
                                                       .timeout_ms = TIMEOUT_MS};

bool ropp_probe_options_complete(struct ropp_probe_options *options, const char *where)
{
    options->where = where;
    if (options->client == NULL)
        options->client = ropp_client_find(options->packetver);
    if (!options->until_set)
        options->until = options->user != NULL ? ROPP_LEG_MAP : ROPP_LEG_LOGIN;
    return fits(options) && find_host(options) && same_family(options);
}
