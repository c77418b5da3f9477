// SPDX-License-Identifier: MIT
/* `ropp probe` against servers that are made up: all that it prints for each way to end, and its
 * exit status. Its clock goes ten times as fast. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/base/command.h"
#include "tools/player/bytes.h"
#include "tools/player/net.h"
#include "tools/player/packet.h"
#include "tools/probe/probe.h"

/* ---- time ---- */

enum { FASTER = 10, LIMIT_MS = 20000 };

int64_t __real_ropp_net_now_us(void);
int64_t __wrap_ropp_net_now_us(void);
int64_t __wrap_ropp_net_now_ms(void);
int __real_poll(struct pollfd *polled, nfds_t count, int wait_ms);
int __wrap_poll(struct pollfd *polled, nfds_t count, int wait_ms);

static bool no_poll;

int64_t __wrap_ropp_net_now_us(void)
{
    return __real_ropp_net_now_us() * FASTER;
}

int64_t __wrap_ropp_net_now_ms(void)
{
    return __wrap_ropp_net_now_us() / 1000;
}

int __wrap_poll(struct pollfd *polled, nfds_t count, int wait_ms)
{
    if (no_poll) {
        errno = ENOMEM;
        return -1;
    }
    return __real_poll(polled, count, (wait_ms + FASTER - 1) / FASTER);
}

/* ---- the servers, all of them one ---- */

/* Something is received, and answered. */
struct exchange {
    bool connects; /* on a connection of its own */
    bool closes;
    size_t wants; /* bytes */
    size_t length;
    uint8_t got[200];
    uint8_t answer[800];
};

static struct exchange script[10];
static size_t exchanges;
static int listener;
static struct ropp_hostport at;
static unsigned peers[10]; /* the ports that connections came from */
static size_t connections;

static int take(void)
{
    struct pollfd polled = {.fd = listener, .events = POLLIN};
    struct ropp_hostport peer = {.length = sizeof peer.address};
    int fd;

    if (__real_poll(&polled, 1, LIMIT_MS) != 1)
        return -1;
    fd = accept(listener, &peer.any, &peer.length);
    if (fd >= 0 && connections < sizeof peers / sizeof peers[0])
        peers[connections++] = ropp_hostport_port(&peer);
    return fd;
}

static void *serve(void *unused)
{
    uint8_t rest[256];
    int fd = -1;

    for (size_t i = 0; i < exchanges; i++) {
        struct exchange *said = &script[i];
        size_t have = 0;
        ssize_t got = 1;

        if (said->connects) { /* the player hangs up first */
            int last = fd;

            fd = take();
            if (last >= 0)
                (void)close(last);
        }
        while (fd >= 0 && have < said->wants && got > 0) {
            got = recv(fd, said->got + have, said->wants - have, 0);
            have += got > 0 ? (size_t)got : 0;
        }
        if (fd >= 0 && said->length > 0)
            (void)send(fd, said->answer, said->length, MSG_NOSIGNAL);
        if (fd >= 0 && said->closes) {
            (void)close(fd);
            fd = -1;
        }
    }
    while (fd >= 0 && recv(fd, rest, sizeof rest, 0) > 0)
        ;
    if (fd >= 0)
        (void)close(fd);
    return unused;
}

static struct exchange *then(bool connects, size_t wants, unsigned packet, size_t length)
{
    struct exchange *said = &script[exchanges++];

    said->connects = connects;
    said->wants = wants;
    said->length = length;
    ropp_put16(said->answer, packet);
    return said;
}

static void address_to(uint8_t *bytes, const char *ip)
{
    struct ropp_hostport where;

    assert_true(ropp_hostport_parse(ip, 0, &where));
    assert_int_equal(ropp_hostport_bytes(&where, bytes), 4);
    ropp_put16(bytes + 4, ropp_hostport_port(&at));
}

enum { OF_LOGIN = ROPP_PACKET_LOGIN, ENTRY = 175, NAME = 108, SLOT = 138 };

/* Char servers at these addresses, with blanks between them; with names, which a client dials. */
static struct exchange *login_accepts(const char *servers, const char *domain)
{
    size_t fixed = domain != NULL ? 64 : 47, each = domain != NULL ? 160 : 32;
    struct exchange *said = then(true, OF_LOGIN, domain != NULL ? 0x0ac4 : 0x0069, fixed);
    char copy[100], *rest = copy, *word;

    ropp_put32(said->answer + 4, 11);
    ropp_put32(said->answer + 8, 2000001);
    ropp_put32(said->answer + 12, 12);
    said->answer[46] = 1;
    snprintf(copy, sizeof copy, "%s", servers);
    while ((word = strsep(&rest, " ")) != NULL)
        if (word[0] != '\0') {
            address_to(said->answer + said->length, word);
            if (domain != NULL)
                memcpy(said->answer + said->length + 32, domain, strlen(domain));
            said->length += each;
        }
    ropp_put16(said->answer + 2, (unsigned)said->length);
    return said;
}

static struct exchange *char_lists(size_t characters)
{
    struct exchange *said = then(true, 17, 0x006b, 27 + characters * ENTRY);

    ropp_put16(said->answer + 2, (unsigned)said->length);
    if (characters > 0) {
        memcpy(said->answer + 27 + NAME, "hero", 4);
        said->answer[27 + SLOT] = 3;
    }
    return said;
}

static struct exchange *char_sends_to(const char *map, const char *domain)
{
    struct exchange *said =
        then(false, 3, domain != NULL ? 0x0ac5 : 0x0071, domain != NULL ? 156 : 28);

    ropp_put32(said->answer + 2, 150007);
    memcpy(said->answer + 6, "prontera.gat", 12);
    address_to(said->answer + 22, map);
    if (domain != NULL)
        memcpy(said->answer + 28, domain, strlen(domain));
    return said;
}

static void map_lets_in(void)
{
    struct exchange *said = then(true, 23, 0x0283, 17);

    ropp_put32(said->answer + 2, 2000001);
    ropp_put16(said->answer + 6, 0x02eb);
    then(false, 2, 0, 0); /* the map is loaded */
}

/* ---- what is heard of it ---- */

static struct capture out, err;
static char told[16384]; /* of standard output, without what differs from one run to the next */

static bool ends_in(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);

    return length >= size && memcmp(text + length - size, word, size) == 0;
}

/* The number at text becomes what it stands for. Returns how many bytes of it are read. */
static size_t put_number(char *to, const char *text, const char *before, size_t before_size)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    bool is_time = strncmp(end, " ms", 3) == 0 || ends_in(before, before_size, "\"ms\":");
    size_t length = (size_t)(end - text);

    sprintf(to, "%.*s", (int)length, text);
    if (is_time && number <= LIMIT_MS)
        strcpy(to, "N");
    else if (number == ropp_hostport_port(&at))
        strcpy(to, "PORT");
    for (size_t i = 0; i < connections; i++)
        if (number == peers[i])
            sprintf(to, "OWN%zu", i);
    return length;
}

static void tell(const char *text)
{
    char *to = told;

    for (size_t at_byte = 0; text[at_byte] != '\0';) {
        bool is_digit = text[at_byte] >= '0' && text[at_byte] <= '9';

        if (ends_in(text, at_byte, "user = 'ropp-probe-") &&
            strspn(text + at_byte, "0123456789abcdef") == 8) {
            strcpy(to, "HEX");
            at_byte += 8;
        } else if (is_digit) {
            at_byte += put_number(to, text + at_byte, text, at_byte);
        } else {
            to[0] = text[at_byte++];
            to[1] = '\0';
        }
        to += strlen(to);
    }
}

static int begin(void **state)
{
    (void)state;
    memset(script, 0, sizeof script);
    exchanges = connections = 0;
    no_poll = false;
    assert_true(ropp_hostport_parse("127.0.0.1", 0, &at));
    listener = ropp_net_listen(&at);
    assert_true(listener >= 0);
    assert_int_equal(setenv("ROPP_PROBE_PASSWORD", "secret", 1), 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    return listener < 0 ? 0 : close(listener);
}

/* The words behind the host; "PORT" in them is the listener's. */
static int does(const char *line)
{
    static char copies[30][100];
    char where[40], *argv[32] = {(char *)"probe", where}, copy[400], *rest = copy, *word, *port;
    int argc = 2, status, error;
    pthread_t server;

    snprintf(where, sizeof where, "127.0.0.1:%u", ropp_hostport_port(&at));
    snprintf(copy, sizeof copy, "%s", line);
    while ((word = strsep(&rest, " ")) != NULL) {
        if (word[0] == '\0')
            continue;
        port = strstr(word, "PORT");
        if (port != NULL)
            snprintf(copies[argc - 2], sizeof copies[0], "%.*s%u", (int)(port - word), word,
                     ropp_hostport_port(&at));
        else
            snprintf(copies[argc - 2], sizeof copies[0], "%s", word);
        argv[argc] = copies[argc - 2];
        argc++;
    }
    error = pthread_create(&server, NULL, serve, NULL);
    assert_int_equal(error, 0);
    capture_begin(&out, stdout);
    capture_begin(&err, stderr);
    status = ropp_command_run(&ropp_probe, argc, argv);
    capture_end(&err);
    capture_end(&out);
    assert_int_equal(pthread_join(server, NULL), 0);
    tell(out.text);
    return status;
}

static void says(const char *line, int wanted, const char *printed)
{
    int status = does(line);

    assert_string_equal(err.text, "");
    assert_string_equal(told, printed);
    assert_int_equal(status, wanted);
}

/* The same as text and as JSON: `again` writes the script for the second time. */
static void both(void (*again)(void), const char *line, int wanted, const char *text,
                 const char *json)
{
    char with_json[400];

    again();
    says(line, wanted, text);
    memset(script, 0, sizeof script);
    exchanges = connections = 0;
    again();
    snprintf(with_json, sizeof with_json, "%s --json", line);
    says(with_json, wanted, json);
}

/* ---- without an account ---- */

static void refuses(void)
{
    then(true, OF_LOGIN, 0x006a, 23);
}

static void test_answered(void **state)
{
    (void)state;
    both(refuses, "", 0,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  refused after N ms: there is no such account (packet 0x006a, code 0)\n"
         "\n"
         "answered: the login server answered, and turned a made-up user away: the way there "
         "works\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'ropp-probe-HEX' ORDER BY time "
         "DESC LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"refused\",\"ms\":N,\"packet"
         "\":\"0x006a\",\"code\":0,\"meaning\":\"there is no such "
         "account\"}],\"result\":\"answered\",\"reason\":\"the login server answered, and turned "
         "a made-up user away: the way there works\",\"look\":\"SELECT time, ip, rcode, log FROM "
         "loginlog WHERE user = 'ropp-probe-HEX' ORDER BY time DESC LIMIT 1;\"}\n");
    assert_int_equal(ropp_get16(script[0].got), 0x0064);
    assert_int_equal(script[0].got[2], 55);
    assert_memory_equal(script[0].got + 6, "ropp-probe-", 11);
    assert_int_equal(strspn((const char *)script[0].got + 17, "0123456789abcdef"), 8);
    assert_string_equal((const char *)script[0].got + 30, "probe");
}

/* Each made-up name is another one. */
static void test_made_up_names(void **state)
{
    char first[24];

    (void)state;
    refuses();
    (void)does("");
    memcpy(first, script[0].got + 6, sizeof first);
    exchanges = 0;
    refuses();
    (void)does("");
    assert_memory_not_equal(script[0].got + 6, first, sizeof first);
}

static void rejects(void)
{
    then(true, OF_LOGIN, 0x083e, 26)->answer[2] = 3;
}

static void test_rejected(void **state)
{
    (void)state;
    both(rejects, "", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  refused after N ms: rejected: as a banned address is (packet 0x083e, code 3)\n"
         "\n"
         "refused: by the login server: rejected: as a banned address is\n"
         "Likely causes:\n"
         "  - this address is banned, or counted out by the emulator's own guard: look into the "
         "tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"refused\",\"ms\":N,\"packet"
         "\":\"0x083e\",\"code\":3,\"meaning\":\"rejected: as a banned address "
         "is\"}],\"result\":\"refused\",\"reason\":\"by the login server: rejected: as a banned "
         "address is\",\"causes\":[\"this address is banned, or counted out by the emulator's own "
         "guard: look into the tables proxy_ban and ipbanlist, and for `DDoS` in the server's "
         "log\"]}\n");
}

static void is_closed(void)
{
    then(true, OF_LOGIN, 0x0081, 3)->answer[2] = 1;
}

static void test_closed_server(void **state)
{
    (void)state;
    both(is_closed, "", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  refused after N ms: the server is closed (packet 0x0081, code 1)\n"
         "\n"
         "refused: by the login server: the server is closed\n"
         "Likely causes:\n"
         "  - the server knows no route back through this hop: look for `ropp: no route back` in "
         "its log; it names the proxy_route to add\n"
         "  - no char server is connected to the login server, or it is in maintenance\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"refused\",\"ms\":N,\"packet"
         "\":\"0x0081\",\"code\":1,\"meaning\":\"the server is "
         "closed\"}],\"result\":\"refused\",\"reason\":\"by the login server: the server is "
         "closed\",\"causes\":[\"the server knows no route back through this hop: look for `ropp: "
         "no route back` in its log; it names the proxy_route to add\",\"no char server is "
         "connected to the login server, or it is in maintenance\"]}\n");
}

static void speaks_otherwise(void)
{
    memcpy(then(true, OF_LOGIN, 0, 8)->answer, "HTTP/1.1", 8);
}

static void test_unknown(void **state)
{
    (void)state;
    both(speaks_otherwise, "", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  an unknown answer after N ms: packet 0x5448\n"
         "\n"
         "unknown: packet 0x5448 is no answer that a login server gives\n"
         "Likely causes:\n"
         "  - another service has this port: a player's first port is the login server's, 6900 by "
         "default\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"unknown\",\"ms\":N,\"packet"
         "\":\"0x5448\"}],\"result\":\"unknown\",\"reason\":\"packet 0x5448 is no answer that a "
         "login server gives\",\"causes\":[\"another service has this port: a player's first port "
         "is the login server's, 6900 by default\"]}\n");
}

/* Closed on whoever speaks, and on whoever says nothing. */
static void closes_any(void)
{
    then(true, OF_LOGIN, 0, 0)->closes = true;
    then(true, 0, 0, 0)->closes = true;
}

static void test_closed(void **state)
{
    (void)state;
    both(closes_any, "", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  closed after N ms, without an answer\n"
         "login  another connection, that says nothing: closed after N ms\n"
         "\n"
         "closed: the login server, or the proxy before it, closed the connection without an "
         "answer\n"
         "Likely causes:\n"
         "  - the proxy reaches no server behind it: look at the proxy's log, and whether the "
         "server runs\n"
         "  - the proxy sends a header, but is not in proxy_trusted: the server's log then says "
         "`a PROXY header from`, with the address to add; when that is a player's own, a load "
         "balancer preserves it: on AWS set preserve_client_ip.enabled=false\n"
         "  - the server is strict and does not trust the proxy: its log then says "
         "untrusted-peer; add the proxy's address to proxy_trusted\n"
         "  - the server trusts the proxy, but the proxy sends no header, or a broken one: look "
         "for `ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx "
         "proxy_protocol on\n"
         "  - the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a unix "
         "socket: the server's log then says unnamed-player; let the proxy listen on an address, "
         "or set proxy_unnamed: hop\n"
         "  - this address is banned, or counted out by the emulator's own guard: look into the "
         "tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n"
         "  - another service has this port: a player's first port is the login server's, 6900 by "
         "default\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"closed\",\"to\":\"127.0.0.1:"
         "PORT\",\"ms\":N},{\"leg\":\"login\",\"step\":\"quiet\",\"end\":\"closed\",\"ms\":N}],\"r"
         "esult\":\"closed\",\"reason\":\"the login server, or the proxy before it, closed the "
         "connection without an answer\",\"causes\":[\"the proxy reaches no server behind it: "
         "look at the proxy's log, and whether the server runs\",\"the proxy sends a header, but "
         "is not in proxy_trusted: the server's log then says `a PROXY header from`, with the "
         "address to add; when that is a player's own, a load balancer preserves it: on AWS set "
         "preserve_client_ip.enabled=false\",\"the server is strict and does not trust the proxy: "
         "its log then says untrusted-peer; add the proxy's address to proxy_trusted\",\"the "
         "server trusts the proxy, but the proxy sends no header, or a broken one: look for "
         "`ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx proxy_protocol "
         "on\",\"the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a "
         "unix socket: the server's log then says unnamed-player; let the proxy listen on an "
         "address, or set proxy_unnamed: hop\",\"this address is banned, or counted out by the "
         "emulator's own guard: look into the tables proxy_ban and ipbanlist, and for `DDoS` in "
         "the server's log\",\"another service has this port: a player's first port is the login "
         "server's, 6900 by default\"]}\n");
}

static void closes_who_speaks(void)
{
    then(true, OF_LOGIN, 0, 0)->closes = true;
    then(true, 1, 0, 0);
}

static void test_closed_when_spoken_to(void **state)
{
    (void)state;
    both(closes_who_speaks, "--timeout 60000", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  closed after N ms, without an answer\n"
         "login  another connection, that says nothing: still open after N ms\n"
         "\n"
         "closed: the login server, or the proxy before it, closed the connection without an "
         "answer\n"
         "Likely causes:\n"
         "  - the server trusts the proxy, but the proxy sends no header, or a broken one: look "
         "for `ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx "
         "proxy_protocol on\n"
         "  - the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a unix "
         "socket: the server's log then says unnamed-player; let the proxy listen on an address, "
         "or set proxy_unnamed: hop\n"
         "  - the proxy reaches no server behind it: look at the proxy's log, and whether the "
         "server runs\n"
         "  - the proxy sends a header, but is not in proxy_trusted: the server's log then says "
         "`a PROXY header from`, with the address to add; when that is a player's own, a load "
         "balancer preserves it: on AWS set preserve_client_ip.enabled=false\n"
         "  - the server is strict and does not trust the proxy: its log then says "
         "untrusted-peer; add the proxy's address to proxy_trusted\n"
         "  - this address is banned, or counted out by the emulator's own guard: look into the "
         "tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n"
         "  - another service has this port: a player's first port is the login server's, 6900 by "
         "default\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"closed\",\"to\":\"127.0.0.1:"
         "PORT\",\"ms\":N},{\"leg\":\"login\",\"step\":\"quiet\",\"end\":\"open\",\"ms\":N}],\"res"
         "ult\":\"closed\",\"reason\":\"the login server, or the proxy before it, closed the "
         "connection without an answer\",\"causes\":[\"the server trusts the proxy, but the proxy "
         "sends no header, or a broken one: look for `ropp: refused` in the server's log; HAProxy "
         "needs send-proxy-v2, nginx proxy_protocol on\",\"the proxy's header names nobody (LOCAL "
         "or UNKNOWN), as HAProxy's does behind a unix socket: the server's log then says "
         "unnamed-player; let the proxy listen on an address, or set proxy_unnamed: hop\",\"the "
         "proxy reaches no server behind it: look at the proxy's log, and whether the server "
         "runs\",\"the proxy sends a header, but is not in proxy_trusted: the server's log then "
         "says `a PROXY header from`, with the address to add; when that is a player's own, a "
         "load balancer preserves it: on AWS set preserve_client_ip.enabled=false\",\"the server "
         "is strict and does not trust the proxy: its log then says untrusted-peer; add the "
         "proxy's address to proxy_trusted\",\"this address is banned, or counted out by the "
         "emulator's own guard: look into the tables proxy_ban and ipbanlist, and for `DDoS` in "
         "the server's log\",\"another service has this port: a player's first port is the login "
         "server's, 6900 by default\"]}\n");
}

static void is_silent(void)
{
    then(true, OF_LOGIN, 0, 0);
}

static void test_silent(void **state)
{
    (void)state;
    both(is_silent, "--timeout 100", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  no answer in N ms\n"
         "\n"
         "silent: connected, but the login server did not answer in N ms\n"
         "Likely causes:\n"
         "  - the proxy accepts, but does not reach the server: look at the address, the port and "
         "the firewall between the two\n"
         "  - another service has this port: a player's first port is the login server's, 6900 by "
         "default\n"
         "  - the server hangs: look whether it answers directly\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"silent\",\"to\":\"127.0.0.1:"
         "PORT\",\"ms\":N}],\"result\":\"silent\",\"reason\":\"connected, but the login server "
         "did not answer in N ms\",\"causes\":[\"the proxy accepts, but does not reach the "
         "server: look at the address, the port and the firewall between the two\",\"another "
         "service has this port: a player's first port is the login server's, 6900 by "
         "default\",\"the server hangs: look whether it answers directly\"]}\n");
}

static void is_nobody(void)
{
}

static void test_nobody_is_there(void **state)
{
    (void)state;
    assert_int_equal(close(listener), 0);
    listener = -1;
    both(is_nobody, "", 1,
         "login  no connection to 127.0.0.1:PORT after N ms: Connection refused\n"
         "\n"
         "unreachable: no connection to the login server: Connection refused\n"
         "Likely causes:\n"
         "  - nothing listens there: look whether the proxy runs, and on which address and port\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"unreachable\",\"to\":\"127.0.0.1:PORT\",\"ms\""
         ":N}],\"result\":\"unreachable\",\"reason\":\"no connection to the login server: "
         "Connection refused\",\"causes\":[\"nothing listens there: look whether the proxy runs, "
         "and on which address and port\"]}\n");
}

static void test_from_elsewhere(void **state)
{
    (void)state;
    both(is_nobody, "--from 192.0.2.77", 1,
         "login  no connection to 127.0.0.1:PORT after N ms: Cannot assign requested address\n"
         "\n"
         "unreachable: no connection to the login server: Cannot assign requested address\n"
         "Likely causes:\n"
         "  - --from is not an address of this machine\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"unreachable\",\"to\":\"127.0.0.1:PORT\",\"ms\""
         ":N}],\"result\":\"unreachable\",\"reason\":\"no connection to the login server: Cannot "
         "assign requested address\",\"causes\":[\"--from is not an address of this machine\"]}\n");
}

/* ---- with an account ---- */

static void lets_in(void)
{
    memcpy(login_accepts("127.0.0.1", NULL)->answer + 16, "\xcb\x00\x71\x09", 4);
}

static void test_login(void **state)
{
    (void)state;
    both(lets_in, "--user o'b\\r --until login", 0,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1, last seen from 203.0.113.9\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "\n"
         "ok: as far as the login server, in N ms\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'o''b\\\\r' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1,\"last_ip\":\"203.0.113.9\"},{\"leg\":\"login\",\"step\":\"add"
         "ress\",\"server\":\"char\",\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"}],\""
         "result\":\"ok\",\"reason\":\"as far as the login server, in N ms\",\"look\":\"SELECT "
         "time, ip, rcode, log FROM loginlog WHERE user = 'o''b\\\\\\\\r' ORDER BY time DESC "
         "LIMIT 1;\"}\n");
    assert_string_equal((const char *)script[0].got + 6, "o'b\\r");
    assert_string_equal((const char *)script[0].got + 30, "secret");
}

static void lets_in_by_name(void)
{
    login_accepts("127.0.0.1 127.0.0.2", "char.example.org\x1b[2J");
}

static void test_login_by_name(void **state)
{
    (void)state;
    both(lets_in_by_name, "--user tester --until login", 0,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 2\n"
         "login  sent to the char server at 127.0.0.2:PORT (not what was dialled: right if a "
         "proxy_route says so); a client dials its name: char.example.org?[2J\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled); a client dials its name: "
         "char.example.org?[2J\n"
         "\n"
         "ok: as far as the login server, in N ms\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":2},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.2\",\"port\":PORT,\"way\":\"other\",\"domain\":\"char.example.org"
         "\\u001b[2J\"},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\",\"address\":\""
         "127.0.0.1\",\"port\":PORT,\"way\":\"same\",\"domain\":\"char.example.org\\u001b[2J\"}],"
         "\"result\":\"ok\",\"reason\":\"as far as the login server, in N ms\",\"look\":\"SELECT "
         "time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC LIMIT "
         "1;\"}\n");
}

static void lets_in_to_nobody(void)
{
    login_accepts("", NULL);
}

static void test_no_char_server(void **state)
{
    (void)state;
    both(lets_in_to_nobody, "--user tester", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 0\n"
         "\n"
         "no-server: the login server knows no char server\n"
         "Likely causes:\n"
         "  - look into the login server's log: is the char server linked?\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":0}],\"result\":\"no-server\",\"reason\":\"the login server "
         "knows no char server\",\"causes\":[\"look into the login server's log: is the char "
         "server linked?\"],\"look\":\"SELECT time, ip, rcode, log FROM loginlog WHERE user = "
         "'tester' ORDER BY time DESC LIMIT 1;\"}\n");
}

static void lists_two(void)
{
    login_accepts("127.0.0.1", NULL);
    char_lists(2);
}

static void test_characters(void **state)
{
    (void)state;
    both(lists_two, "--user tester --until char", 0,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
         "char   let in after N ms: characters: 2\n"
         "\n"
         "ok: as far as the char server, in N ms\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"char\",\"step\":\"c"
         "onnected\",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN1\",\"ms\":N},{\"leg\":\"ch"
         "ar\",\"step\":\"characters\",\"ms\":N,\"count\":2}],\"result\":\"ok\",\"reason\":\"as "
         "far as the char server, in N ms\",\"look\":\"SELECT time, ip, rcode, log FROM loginlog "
         "WHERE user = 'tester' ORDER BY time DESC LIMIT 1;\"}\n");
    assert_int_equal(ropp_get16(script[1].got), 0x0065);
}

static void lists_none(void)
{
    login_accepts("127.0.0.1", NULL);
    char_lists(0);
}

static void test_no_character(void **state)
{
    (void)state;
    both(lists_none, "--user tester", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
         "char   let in after N ms: characters: 0\n"
         "\n"
         "no-character: the account has no character to enter the game with\n"
         "Likely causes:\n"
         "  - --create NAME makes one; the probe makes none unasked\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"char\",\"step\":\"c"
         "onnected\",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN1\",\"ms\":N},{\"leg\":\"ch"
         "ar\",\"step\":\"characters\",\"ms\":N,\"count\":0}],\"result\":\"no-character\",\"reason"
         "\":\"the account has no character to enter the game with\",\"causes\":[\"--create NAME "
         "makes one; the probe makes none unasked\"],\"look\":\"SELECT time, ip, rcode, log FROM "
         "loginlog WHERE user = 'tester' ORDER BY time DESC LIMIT 1;\"}\n");
}

static void makes_one_and_refuses_it(void)
{
    lists_none();
    then(false, 36, 0x006d, 2 + ENTRY)->answer[2 + SLOT] = 5;
    then(false, 3, 0x006c, 3);
}

static void test_created(void **state)
{
    (void)state;
    both(makes_one_and_refuses_it, "--user tester --create Heroine", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
         "char   let in after N ms: characters: 0\n"
         "char   made the character Heroine\n"
         "char   refused after N ms: the ticket, or the choice of a character, is refused (packet "
         "0x006c, code 0)\n"
         "\n"
         "refused: by the char server: the ticket, or the choice of a character, is refused\n"
         "Likely causes:\n"
         "  - the account needs a PIN code, which is not known here: use an account without, or "
         "`ropp probe --until char`; Hercules asks every account for one, unless its `pincode` is "
         "off\n"
         "  - proxy_auth_ip_check is on and the player's address differs from the login server's: "
         "look for `ropp: ticket` in the log\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"char\",\"step\":\"c"
         "onnected\",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN1\",\"ms\":N},{\"leg\":\"ch"
         "ar\",\"step\":\"characters\",\"ms\":N,\"count\":0},{\"leg\":\"char\",\"step\":\"created"
         "\",\"name\":\"Heroine\"},{\"leg\":\"char\",\"step\":\"refused\",\"ms\":N,\"packet\":\"0x"
         "006c\",\"code\":0,\"meaning\":\"the ticket, or the choice of a character, is "
         "refused\"}],\"result\":\"refused\",\"reason\":\"by the char server: the ticket, or the "
         "choice of a character, is refused\",\"causes\":[\"the account needs a PIN code, which "
         "is not known here: use an account without, or `ropp probe --until char`; Hercules asks "
         "every account for one, unless its `pincode` is off\",\"proxy_auth_ip_check is on and "
         "the player's address differs from the login server's: look for `ropp: ticket` in the "
         "log\"],\"look\":\"SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER "
         "BY time DESC LIMIT 1;\"}\n");
    assert_string_equal((const char *)script[2].got + 2, "Heroine");
    assert_int_equal(script[3].got[2], 5);
}

static void all_the_way(void)
{
    login_accepts("127.0.0.1", NULL);
    char_lists(1);
    char_sends_to("127.0.0.1", NULL);
    map_lets_in();
}

static void test_all_the_way(void **state)
{
    (void)state;
    both(all_the_way, "--user tester", 0,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
         "char   let in after N ms: characters: 1\n"
         "char   sent to the map server at 127.0.0.1:PORT (as dialled)\n"
         "map    connected to 127.0.0.1:PORT from 127.0.0.1:OWN2 in N ms\n"
         "map    in the game after N ms: hero on prontera.gat\n"
         "\n"
         "ok: as far as the map server, in N ms\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"char\",\"step\":\"c"
         "onnected\",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN1\",\"ms\":N},{\"leg\":\"ch"
         "ar\",\"step\":\"characters\",\"ms\":N,\"count\":1},{\"leg\":\"char\",\"step\":\"address"
         "\",\"server\":\"map\",\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\",\"map\":"
         "\"prontera.gat\"},{\"leg\":\"map\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"fr"
         "om\":\"127.0.0.1:OWN2\",\"ms\":N},{\"leg\":\"map\",\"step\":\"entered\",\"ms\":N,\"name"
         "\":\"hero\",\"map\":\"prontera.gat\"}],\"result\":\"ok\",\"reason\":\"as far as the map "
         "server, in N ms\",\"look\":\"SELECT time, ip, rcode, log FROM loginlog WHERE user = "
         "'tester' ORDER BY time DESC LIMIT 1;\"}\n");
}

/* The map server is named, is elsewhere, and closes on the player. */
static void no_further_than_the_map(void)
{
    login_accepts("127.0.0.1", NULL);
    char_lists(1);
    char_sends_to("127.0.0.3", "map.example.org");
    then(true, 19, 0, 0)->closes = true;
}

static void no_further(void)
{
    no_further_than_the_map();
    script[1].length = 27 + 147; /* of 2015 */
    ropp_put16(script[1].answer + 2, 27 + 147);
    memset(script[1].answer + 27, 0, 200);
    memcpy(script[1].answer + 27 + 80, "hero", 4);
}

static void test_closed_by_the_map(void **state)
{
    (void)state;
    both(no_further, "--user tester --packetver 20151104 --map-at 127.0.0.1:PORT", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
         "char   let in after N ms: characters: 1\n"
         "char   sent to the map server at 127.0.0.3:PORT (not what was dialled: right if a "
         "proxy_route says so); a client dials its name: map.example.org\n"
         "map    connected to 127.0.0.1:PORT from 127.0.0.1:OWN2 in N ms\n"
         "map    closed after N ms, without an answer\n"
         "\n"
         "closed: the map server, or the proxy before it, closed the connection without an "
         "answer\n"
         "Likely causes:\n"
         "  - the map server expects scrambled packets, as clients until 2018 send them: give its "
         "three keys with --keys, or use `ropp probe --until char`\n"
         "  - the server is built for another version of the client: give its PACKETVER with "
         "--packetver\n"
         "  - the proxy reaches no server behind it: look at the proxy's log, and whether the "
         "server runs\n"
         "  - the proxy sends a header, but is not in proxy_trusted: the server's log then says "
         "`a PROXY header from`, with the address to add; when that is a player's own, a load "
         "balancer preserves it: on AWS set preserve_client_ip.enabled=false\n"
         "  - the server is strict and does not trust the proxy: its log then says "
         "untrusted-peer; add the proxy's address to proxy_trusted\n"
         "  - the server trusts the proxy, but the proxy sends no header, or a broken one: look "
         "for `ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx "
         "proxy_protocol on\n"
         "  - the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a unix "
         "socket: the server's log then says unnamed-player; let the proxy listen on an address, "
         "or set proxy_unnamed: hop\n"
         "  - this address is banned, or counted out by the emulator's own guard: look into the "
         "tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"char\",\"step\":\"c"
         "onnected\",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN1\",\"ms\":N},{\"leg\":\"ch"
         "ar\",\"step\":\"characters\",\"ms\":N,\"count\":1},{\"leg\":\"char\",\"step\":\"address"
         "\",\"server\":\"map\",\"address\":\"127.0.0.3\",\"port\":PORT,\"way\":\"other\",\"domain"
         "\":\"map.example.org\",\"map\":\"prontera.gat\"},{\"leg\":\"map\",\"step\":\"connected\""
         ",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN2\",\"ms\":N},{\"leg\":\"map\",\"step"
         "\":\"closed\",\"to\":\"127.0.0.1:PORT\",\"ms\":N}],\"result\":\"closed\",\"reason\":\"th"
         "e map server, or the proxy before it, closed the connection without an "
         "answer\",\"causes\":[\"the map server expects scrambled packets, as clients until 2018 "
         "send them: give its three keys with --keys, or use `ropp probe --until char`\",\"the "
         "server is built for another version of the client: give its PACKETVER with "
         "--packetver\",\"the proxy reaches no server behind it: look at the proxy's log, and "
         "whether the server runs\",\"the proxy sends a header, but is not in proxy_trusted: the "
         "server's log then says `a PROXY header from`, with the address to add; when that is a "
         "player's own, a load balancer preserves it: on AWS set "
         "preserve_client_ip.enabled=false\",\"the server is strict and does not trust the proxy: "
         "its log then says untrusted-peer; add the proxy's address to proxy_trusted\",\"the "
         "server trusts the proxy, but the proxy sends no header, or a broken one: look for "
         "`ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx proxy_protocol "
         "on\",\"the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a "
         "unix socket: the server's log then says unnamed-player; let the proxy listen on an "
         "address, or set proxy_unnamed: hop\",\"this address is banned, or counted out by the "
         "emulator's own guard: look into the tables proxy_ban and ipbanlist, and for `DDoS` in "
         "the server's log\"],\"look\":\"SELECT time, ip, rcode, log FROM loginlog WHERE user = "
         "'tester' ORDER BY time DESC LIMIT 1;\"}\n");
}

static void test_closed_by_the_map_with_keys(void **state)
{
    (void)state;
    both(no_further,
         "--user tester --packetver 20151104 --keys 0x10000,2,0x10000 --map-at "
         "127.0.0.1:PORT",
         1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
         "char   let in after N ms: characters: 1\n"
         "char   sent to the map server at 127.0.0.3:PORT (not what was dialled: right if a "
         "proxy_route says so); a client dials its name: map.example.org\n"
         "map    connected to 127.0.0.1:PORT from 127.0.0.1:OWN2 in N ms\n"
         "map    closed after N ms, without an answer\n"
         "\n"
         "closed: the map server, or the proxy before it, closed the connection without an "
         "answer\n"
         "Likely causes:\n"
         "  - the server is built for another version of the client: give its PACKETVER with "
         "--packetver\n"
         "  - the proxy reaches no server behind it: look at the proxy's log, and whether the "
         "server runs\n"
         "  - the proxy sends a header, but is not in proxy_trusted: the server's log then says "
         "`a PROXY header from`, with the address to add; when that is a player's own, a load "
         "balancer preserves it: on AWS set preserve_client_ip.enabled=false\n"
         "  - the server is strict and does not trust the proxy: its log then says "
         "untrusted-peer; add the proxy's address to proxy_trusted\n"
         "  - the server trusts the proxy, but the proxy sends no header, or a broken one: look "
         "for `ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx "
         "proxy_protocol on\n"
         "  - the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a unix "
         "socket: the server's log then says unnamed-player; let the proxy listen on an address, "
         "or set proxy_unnamed: hop\n"
         "  - this address is banned, or counted out by the emulator's own guard: look into the "
         "tables proxy_ban and ipbanlist, and for `DDoS` in the server's log\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"char\",\"step\":\"c"
         "onnected\",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN1\",\"ms\":N},{\"leg\":\"ch"
         "ar\",\"step\":\"characters\",\"ms\":N,\"count\":1},{\"leg\":\"char\",\"step\":\"address"
         "\",\"server\":\"map\",\"address\":\"127.0.0.3\",\"port\":PORT,\"way\":\"other\",\"domain"
         "\":\"map.example.org\",\"map\":\"prontera.gat\"},{\"leg\":\"map\",\"step\":\"connected\""
         ",\"to\":\"127.0.0.1:PORT\",\"from\":\"127.0.0.1:OWN2\",\"ms\":N},{\"leg\":\"map\",\"step"
         "\":\"closed\",\"to\":\"127.0.0.1:PORT\",\"ms\":N}],\"result\":\"closed\",\"reason\":\"th"
         "e map server, or the proxy before it, closed the connection without an "
         "answer\",\"causes\":[\"the server is built for another version of the client: give its "
         "PACKETVER with --packetver\",\"the proxy reaches no server behind it: look at the "
         "proxy's log, and whether the server runs\",\"the proxy sends a header, but is not in "
         "proxy_trusted: the server's log then says `a PROXY header from`, with the address to "
         "add; when that is a player's own, a load balancer preserves it: on AWS set "
         "preserve_client_ip.enabled=false\",\"the server is strict and does not trust the proxy: "
         "its log then says untrusted-peer; add the proxy's address to proxy_trusted\",\"the "
         "server trusts the proxy, but the proxy sends no header, or a broken one: look for "
         "`ropp: refused` in the server's log; HAProxy needs send-proxy-v2, nginx proxy_protocol "
         "on\",\"the proxy's header names nobody (LOCAL or UNKNOWN), as HAProxy's does behind a "
         "unix socket: the server's log then says unnamed-player; let the proxy listen on an "
         "address, or set proxy_unnamed: hop\",\"this address is banned, or counted out by the "
         "emulator's own guard: look into the tables proxy_ban and ipbanlist, and for `DDoS` in "
         "the server's log\"],\"look\":\"SELECT time, ip, rcode, log FROM loginlog WHERE user = "
         "'tester' ORDER BY time DESC LIMIT 1;\"}\n");
    /* 0x0360, scrambled once */
    assert_int_equal(ropp_get16(script[3].got), 0x0360 ^ 0x0003);
}

/* ---- addresses that are wrong ---- */

static void sends_inside(void)
{
    struct exchange *said = login_accepts("127.0.0.1", NULL);

    memcpy(said->answer + said->length - 26, "see 203.0.113.9 and on", 22);
    memcpy(said->answer + 20, "\xcb\x00\x71\x09", 4);
    memcpy(said->answer + 30, "\x09\x71\x00\xcb", 4);
}

static void test_leaks(void **state)
{
    (void)state;
    both(sends_inside,
         "--user tester --until login --must-not-contain 203.0.113.9 --must-not-contain "
         "2001:db8::1",
         1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "login  203.0.113.9 is in what was received, at byte 20 (network order)\n"
         "login  203.0.113.9 is in what was received, at byte 30 (host order)\n"
         "login  203.0.113.9 is in what was received, at byte 57 (text order)\n"
         "all    searched 79 received bytes for what must not be there: 3 found\n"
         "\n"
         "leak: 203.0.113.9 is in what the login server sent\n"
         "Likely causes:\n"
         "  - the servers send their own addresses: behind the proxy they need ropp with this hop "
         "in proxy_trusted, and proxy_hide_origin on\n"
         "  - the proxy is behind NAT and names its private address: add a proxy_route for it\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"login\",\"step\":\""
         "leak\",\"address\":\"203.0.113.9\",\"offset\":20,\"order\":\"network\"},{\"leg\":\"login"
         "\",\"step\":\"leak\",\"address\":\"203.0.113.9\",\"offset\":30,\"order\":\"host\"},{\"le"
         "g\":\"login\",\"step\":\"leak\",\"address\":\"203.0.113.9\",\"offset\":57,\"order\":\"te"
         "xt\"},{\"leg\":\"all\",\"step\":\"searched\",\"bytes\":79,\"found\":3}],\"result\":\"lea"
         "k\",\"reason\":\"203.0.113.9 is in what the login server sent\",\"causes\":[\"the "
         "servers send their own addresses: behind the proxy they need ropp with this hop in "
         "proxy_trusted, and proxy_hide_origin on\",\"the proxy is behind NAT and names its "
         "private address: add a proxy_route for it\"],\"look\":\"SELECT time, ip, rcode, log "
         "FROM loginlog WHERE user = 'tester' ORDER BY time DESC LIMIT 1;\"}\n");
}

static void test_no_leaks(void **state)
{
    (void)state;
    both(sends_inside,
         "--user tester --until login --must-not-contain 203.0.113.8 --must-not-contain "
         "[2001:db8::1]",
         0,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  let in after N ms: account 2000001, char servers: 1\n"
         "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
         "all    searched 79 received bytes for what must not be there: 0 found\n"
         "\n"
         "ok: as far as the login server, in N ms\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"accepted\",\"ms\":N,\"accoun"
         "t\":2000001,\"servers\":1},{\"leg\":\"login\",\"step\":\"address\",\"server\":\"char\","
         "\"address\":\"127.0.0.1\",\"port\":PORT,\"way\":\"same\"},{\"leg\":\"all\",\"step\":\"se"
         "arched\",\"bytes\":79,\"found\":0}],\"result\":\"ok\",\"reason\":\"as far as the login "
         "server, in N ms\",\"look\":\"SELECT time, ip, rcode, log FROM loginlog WHERE user = "
         "'tester' ORDER BY time DESC LIMIT 1;\"}\n");
}

/* From the names in a header; what is dialled is the hop's. */
static void test_undialable(void **state)
{
    (void)state;
    login_accepts("198.51.100.7 10.0.0.5", NULL)->wants += 45;
    says("--user tester --header v1 --claim 192.0.2.9:4444 --dest 198.51.100.7 --until login", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  sent a header (v1): 192.0.2.9:4444 dialled 198.51.100.7:6900\n"
         "login  let in after N ms: account 2000001, char servers: 2\n"
         "login  sent to the char server at 10.0.0.5:PORT (nobody outside can dial that)\n"
         "login  sent to the char server at 198.51.100.7:PORT (as dialled)\n"
         "\n"
         "leak: the player is sent to the char server at 10.0.0.5, and nobody outside can dial "
         "that\n"
         "Likely causes:\n"
         "  - the servers send their own addresses: behind the proxy they need ropp with this hop "
         "in proxy_trusted, and proxy_hide_origin on\n"
         "  - the proxy is behind NAT and names its private address: add a proxy_route for it\n"
         "A player cannot see which address the server saw. Its database knows:\n"
         "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
         "LIMIT 1;\n");
    assert_memory_equal(script[0].got, "PROXY TCP4 192.0.2.9 198.51.100.7 4444 6900\r\n", 45);
}

static void closes_on_a_header(void)
{
    then(true, 28 + OF_LOGIN, 0, 0)->closes = true;
}

/* Nobody stays quiet then. */
static void test_closed_on_a_header(void **state)
{
    static const uint8_t header[] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55,
                                     0x49, 0x54, 0x0a, 0x21, 0x11, 0,    12,   192,  0,
                                     2,    9,    127,  0,    0,    1,    0x9c, 0x40};

    (void)state;
    both(closes_on_a_header, "--header v2 --claim 192.0.2.9", 1,
         "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
         "login  sent a header (v2): 192.0.2.9:40000 dialled 127.0.0.1:PORT\n"
         "login  closed after N ms, without an answer\n"
         "\n"
         "closed: the login server, or the proxy before it, closed the connection without an "
         "answer\n"
         "Likely causes:\n"
         "  - the server does not trust this machine: its log then says `a PROXY header from`; a "
         "header is believed only from an address in proxy_trusted\n"
         "  - the header is refused, or the address it claims is banned: look for `ropp: refused` "
         "in the server's log\n",
         "{\"steps\":[{\"leg\":\"login\",\"step\":\"connected\",\"to\":\"127.0.0.1:PORT\",\"from\""
         ":\"127.0.0.1:OWN0\",\"ms\":N},{\"leg\":\"login\",\"step\":\"header\",\"version\":\"v2\","
         "\"source\":\"192.0.2.9:40000\",\"destination\":\"127.0.0.1:PORT\"},{\"leg\":\"login\",\""
         "step\":\"closed\",\"to\":\"127.0.0.1:PORT\",\"ms\":N}],\"result\":\"closed\",\"reason\":"
         "\"the login server, or the proxy before it, closed the connection without an "
         "answer\",\"causes\":[\"the server does not trust this machine: its log then says `a "
         "PROXY header from`; a header is believed only from an address in proxy_trusted\",\"the "
         "header is refused, or the address it claims is banned: look for `ropp: refused` in the "
         "server's log\"]}\n");
    assert_memory_equal(script[0].got, header, sizeof header);
    assert_int_equal(script[0].got[26] << 8 | script[0].got[27], ropp_hostport_port(&at));
}

/* One of the servers is dialled by IPv6. */
static void test_no_header(void **state)
{
    int status;

    (void)state;
    login_accepts("127.0.0.1", NULL)->wants += 28;
    status = does("--user tester --header v2 --claim 192.0.2.9 --until char --char-at [::1]:PORT");
    assert_string_equal(
        err.text,
        "ropp: no header can be written: --claim and what is dialled (the char server) are not of "
        "one kind: give both as IPv4 or both as IPv6, with --dest\n");
    assert_string_equal(
        told,
        "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
        "login  sent a header (v2): 192.0.2.9:40000 dialled 127.0.0.1:PORT\n"
        "login  let in after N ms: account 2000001, char servers: 1\n"
        "login  sent to the char server at 127.0.0.1:PORT (as dialled)\n"
        "\n"
        "error: the probe itself failed\n"
        "A player cannot see which address the server saw. Its database knows:\n"
        "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
        "LIMIT 1;\n");
    assert_int_equal(status, 2);
}

static void test_the_system_fails(void **state)
{
    int status;
    char wanted[100];

    (void)state;
    no_poll = true;
    snprintf(wanted, sizeof wanted,
             "ropp: the probe failed: 127.0.0.1:%u: Cannot allocate memory\n",
             ropp_hostport_port(&at));
    status = does("");
    assert_string_equal(err.text, wanted);
    assert_string_equal(told, "\n"
                              "error: the probe itself failed\n");
    assert_int_equal(status, 2);
}

/* The nearest one that is known; and where to go is said by the one who asks. */
static void test_another_client(void **state)
{
    int status;

    (void)state;
    login_accepts("127.0.0.9", NULL);
    char_lists(0);
    status = does("--user tester --packetver 20211117 --char-at 127.0.0.1:PORT --until char");
    assert_string_equal(err.text,
                        "ropp: the client 20211117 is not known: taking the packets of 20211103\n");
    assert_string_equal(
        told,
        "login  connected to 127.0.0.1:PORT from 127.0.0.1:OWN0 in N ms\n"
        "login  let in after N ms: account 2000001, char servers: 1\n"
        "login  sent to the char server at 127.0.0.9:PORT (not what was dialled: right if a "
        "proxy_route says so)\n"
        "char   connected to 127.0.0.1:PORT from 127.0.0.1:OWN1 in N ms\n"
        "char   let in after N ms: characters: 0\n"
        "\n"
        "ok: as far as the char server, in N ms\n"
        "A player cannot see which address the server saw. Its database knows:\n"
        "  SELECT time, ip, rcode, log FROM loginlog WHERE user = 'tester' ORDER BY time DESC "
        "LIMIT 1;\n");
    assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answered, begin, end),
        cmocka_unit_test_setup_teardown(test_made_up_names, begin, end),
        cmocka_unit_test_setup_teardown(test_rejected, begin, end),
        cmocka_unit_test_setup_teardown(test_closed_server, begin, end),
        cmocka_unit_test_setup_teardown(test_unknown, begin, end),
        cmocka_unit_test_setup_teardown(test_closed, begin, end),
        cmocka_unit_test_setup_teardown(test_closed_when_spoken_to, begin, end),
        cmocka_unit_test_setup_teardown(test_silent, begin, end),
        cmocka_unit_test_setup_teardown(test_nobody_is_there, begin, end),
        cmocka_unit_test_setup_teardown(test_from_elsewhere, begin, end),
        cmocka_unit_test_setup_teardown(test_login, begin, end),
        cmocka_unit_test_setup_teardown(test_login_by_name, begin, end),
        cmocka_unit_test_setup_teardown(test_no_char_server, begin, end),
        cmocka_unit_test_setup_teardown(test_characters, begin, end),
        cmocka_unit_test_setup_teardown(test_no_character, begin, end),
        cmocka_unit_test_setup_teardown(test_created, begin, end),
        cmocka_unit_test_setup_teardown(test_all_the_way, begin, end),
        cmocka_unit_test_setup_teardown(test_closed_by_the_map, begin, end),
        cmocka_unit_test_setup_teardown(test_closed_by_the_map_with_keys, begin, end),
        cmocka_unit_test_setup_teardown(test_leaks, begin, end),
        cmocka_unit_test_setup_teardown(test_no_leaks, begin, end),
        cmocka_unit_test_setup_teardown(test_undialable, begin, end),
        cmocka_unit_test_setup_teardown(test_closed_on_a_header, begin, end),
        cmocka_unit_test_setup_teardown(test_no_header, begin, end),
        cmocka_unit_test_setup_teardown(test_the_system_fails, begin, end),
        cmocka_unit_test_setup_teardown(test_another_client, begin, end),
    };

    return UNIT_RUN(argc, argv, "probe", tests, NULL, NULL);
}
