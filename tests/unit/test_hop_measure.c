// SPDX-License-Identifier: MIT
/* `ropp hop measure`, to the letter: the servers, the hops' proxies and the clock stand in for real
 * ones (tests/e2e has those). What comes of single times is test_hop_times.c. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/base/command.h"
#include "tools/hop/ask.h"
#include "tools/hop/exchange.h"
#include "tools/hop/hop.h"
#include "tools/player/link.h"

/* -- a clock that is waited for ------------------------------------------------------- */

static int64_t now_ms;
static size_t waits;
static bool is_terminal;

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int64_t __wrap_ropp_net_now_ms(void);
int __wrap_isatty(int fd);

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
    assert_null(polled);
    assert_int_equal(count, 0);
    assert_in_range(timeout_ms, 1, 3600000);
    waits++;
    now_ms += timeout_ms;
    return 0;
}

int64_t __wrap_ropp_net_now_ms(void)
{
    return now_ms;
}

int __wrap_isatty(int fd)
{
    return fd == STDOUT_FILENO && is_terminal;
}

/* -- servers that stand in ------------------------------------------------------------ */

/* What comes of an exchange. Less than 0: it does not come so far. */
struct act {
    int connect_ms, whole_ms;
    enum ropp_link_end end;
    unsigned packet; /* or the error that there is no connection for */
};

#define GOOD(connect, whole)                                                                       \
    {                                                                                              \
        connect, whole, ROPP_LINK_ANSWERED, 0x01dc                                                 \
    }
#define ITEMS 4

static const struct act (*acts)[ITEMS]; /* of each round */
static size_t act_count, acted;         /* in all */
static int wanted_timeout_ms;
static struct ropp_buffer batches; /* when, and to whom */

bool __wrap_ropp_link_run(struct ropp_link *links, size_t count, void (*open)(void *context),
                          void *context);

static void play(struct ropp_link *link, const struct act *act)
{
    char to[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(&link->to, to);
    ropp_buffer_format(&batches, " %s", to);
    assert_int_equal(link->timeout_ms, wanted_timeout_ms);
    assert_int_equal(link->out_length, 2);
    assert_memory_equal(link->out, "\xdb\x01", 2);
    link->in_length = 1;
    assert_false(link->heard(link));
    link->in_length = 2;
    assert_true(link->heard(link));
    link->began_ms = now_ms;
    link->end = act->end;
    link->in = malloc(2);
    link->in[0] = (uint8_t)(act->packet & 255);
    link->in[1] = (uint8_t)(act->packet >> 8);
    if (act->end == ROPP_LINK_UNREACHABLE)
        link->error = (int)act->packet;
    if (act->connect_ms >= 0) {
        link->connected_ms = now_ms + act->connect_ms;
        assert_true(
            ropp_hostport_parse(acted < 4 ? "192.0.2.9" : "[2001:db8::9]", 40001, &link->local));
    }
    link->ended_ms = now_ms + act->whole_ms;
}

bool __wrap_ropp_link_run(struct ropp_link *links, size_t count, void (*open)(void *context),
                          void *context)
{
    assert_true(open == NULL && context == NULL);
    for (size_t i = 0; i < count; i++)
        links[i].fd = -1; /* none is open yet */
    if (acted >= act_count) {
        errno = ENETDOWN;
        return false;
    }
    ropp_buffer_format(&batches, "%d:", (int)now_ms);
    for (size_t i = 0; i < count; i++) {
        play(&links[i], &acts[acted / ITEMS][acted % ITEMS]);
        acted++;
    }
    ropp_buffer_text(&batches, "\n");
    return true;
}

/* -- proxies that stand in ------------------------------------------------------------- */

/* What `show stat` says there, each time it is asked, the last one again and again; "!": that fails. */
static const char *const *stats[2];
static size_t shown[2];
static size_t at; /* whom one talks to */
static int open_proxies;
static struct ropp_buffer told;
static const char *refusal;

bool __wrap_ropp_haproxy_open(struct ropp_haproxy *haproxy, const char *where, int timeout_ms);
bool __wrap_ropp_haproxy_ask(struct ropp_haproxy *haproxy, const char *command,
                             struct ropp_buffer *answer);
bool __wrap_ropp_haproxy_tell(struct ropp_haproxy *haproxy, const struct ropp_buffer *commands);
void __wrap_ropp_haproxy_close(struct ropp_haproxy *haproxy);

bool __wrap_ropp_haproxy_open(struct ropp_haproxy *haproxy, const char *where, int timeout_ms)
{
    assert_int_equal(timeout_ms, 2000);
    memset(haproxy, 0, sizeof *haproxy);
    strcpy(haproxy->trouble, "cannot be reached: x\033y");
    at = strcmp(where, "10.66.0.10:8405") == 0 ? 0 : 1;
    assert_string_equal(where, at == 0 ? "10.66.0.10:8405" : "10.66.0.11:9405");
    if (stats[at] == NULL)
        return false;
    open_proxies++;
    return true;
}

bool __wrap_ropp_haproxy_ask(struct ropp_haproxy *haproxy, const char *command,
                             struct ropp_buffer *answer)
{
    const char *text = stats[at][shown[at]];

    assert_string_equal(command, "show stat");
    if (stats[at][shown[at] + 1] != NULL)
        shown[at]++;
    strcpy(haproxy->trouble, "does not answer within 2000 ms");
    if (strcmp(text, "!") == 0)
        return false;
    ropp_buffer_text(answer, text);
    return true;
}

bool __wrap_ropp_haproxy_tell(struct ropp_haproxy *haproxy, const struct ropp_buffer *commands)
{
    ropp_buffer_format(&told, "%zu:\n%s", at, commands->data);
    if (refusal != NULL)
        strcpy(haproxy->trouble, refusal);
    return refusal == NULL;
}

void __wrap_ropp_haproxy_close(struct ropp_haproxy *haproxy)
{
    (void)haproxy;
    open_proxies--;
}

/* -- what is measured ------------------------------------------------------------------ */

static char path[] = "/tmp/ropp-hops-XXXXXX";

/* Four addresses. */
#define NETWORK                                                                                    \
    "[origin]\naddress = 10.66.0.1\nlogin = 6910\n"                                                \
    "[hop miami]\npublic = 198.51.100.10\ntunnel = 10.66.0.10\n"                                   \
    "[hop lima]\npublic = 198.51.100.20, 2001:db8::20\ntunnel = 10.66.0.11\n"                      \
    "via = miami, direct\ncontrol = 9405\n"                                                        \
    "[hop jakarta]\npublic = 198.51.100.30\nkind = nginx\nvia = miami, direct\n"

static int begin(void **state)
{
    FILE *file = fopen(path, "w");

    (void)state;
    assert_non_null(file);
    fputs(NETWORK, file);
    fclose(file);
    ropp_buffer_free(&batches);
    ropp_buffer_free(&told);
    now_ms = 1000;
    waits = acted = act_count = 0;
    wanted_timeout_ms = 5000;
    is_terminal = false;
    stats[0] = stats[1] = NULL;
    shown[0] = shown[1] = 0;
    refusal = NULL;
    return 0;
}

static int end(void **state)
{
    (void)state;
    ropp_buffer_free(&batches);
    ropp_buffer_free(&told);
    return open_proxies == 0 ? 0 : -1;
}

static void command(int status, const char *out, const char *error, ...)
{
    static struct capture output, errors;
    char *words[16] = {(char[]){"measure"}, path};
    int count = 2, ended;
    va_list args;

    va_start(args, error);
    for (char *word = va_arg(args, char *); word != NULL; word = va_arg(args, char *))
        words[count++] = word;
    va_end(args);
    acted = 0;
    shown[0] = shown[1] = 0;
    batches.size = told.size = 0;
    ropp_buffer_text(&batches, "");
    ropp_buffer_text(&told, "");
    now_ms = 1000;
    waits = 0;
    capture_begin(&output, stdout);
    capture_begin(&errors, stderr);
    ended = ropp_command_run(&ropp_hop_measure, count, words);
    capture_end(&errors);
    capture_end(&output);
    assert_text(errors.text, error);
    assert_text(output.text, out);
    assert_int_equal(ended, status);
}

#define WORD(text) ((char[]){text})

static void play_rounds(const struct act (*rounds)[ITEMS], size_t count)
{
    acts = rounds;
    act_count = count * ITEMS;
}

static struct act ten[10][ITEMS];

static void play_ten(void)
{
    for (size_t i = 0; i < 40; i++)
        ten[i / 4][i % 4] = (struct act){1, (int)i + 2, ROPP_LINK_ANSWERED, 0x01dc};
    play_rounds((const struct act(*)[ITEMS])ten, 10);
}

/* -- exchanges --------------------------------------------------------------------------- */

static const struct act four[][ITEMS] = {
    {GOOD(10, 21), GOOD(30, 61), GOOD(50, 111), GOOD(70, 151)},
    {GOOD(11, 22),
     {31, 62, ROPP_LINK_ANSWERED, 0x006a},
     {51, 112, ROPP_LINK_CLOSED, 0},
     GOOD(71, 157)},
    {GOOD(12, 24), GOOD(32, 64), GOOD(52, 117), {-1, 152, ROPP_LINK_UNREACHABLE, ECONNREFUSED}},
    {GOOD(14, 28),
     {33, 62, ROPP_LINK_TIMED_OUT, 0},
     {-1, 112, ROPP_LINK_TIMED_OUT, 0},
     GOOD(75, 150)},
};

static void test_exchanges(void **state)
{
    (void)state;
    play_rounds(four, 4);
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    11 ms   22 ms   28 ms    2 ms  0 of 4\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    31 ms   61 ms   64 ms    3 ms  2 of 4\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    51 ms  111 ms  117 ms    6 ms  2 of 4\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    71 ms  151 ms  157 ms    7 ms  1 of 4\n"
            "lima: no answer in time\n"
            "lima: no connection in time\n"
            "jakarta: no connection: Connection refused\n",
            "", WORD("--count"), WORD("4"), WORD("--every"), WORD("100"), NULL);
    assert_text(batches.data, "1000: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "1100: 198.51.100.30:6910\n"
                              "1200: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "1300: 198.51.100.30:6910\n"
                              "1400: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "1500: 198.51.100.30:6910\n"
                              "1600: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "1700: 198.51.100.30:6910\n");
    command(
        0,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 11, \"median_ms\": 22, \"p95_ms\": 28, \"jitter_ms\": "
        "2, \"tried\": 4, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 31, \"median_ms\": 61, \"p95_ms\": 64, "
        "\"jitter_ms\": 3, \"tried\": 4, \"failed\": 2, \"trouble\": \"no answer in time\"}, "
        "{\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", \"from\": \"[2001:db8::9]\", "
        "\"connect_ms\": 51, \"median_ms\": 111, \"p95_ms\": 117, \"jitter_ms\": 6, \"tried\": 4, "
        "\"failed\": 2, \"trouble\": \"no connection in time\"}, {\"hop\": \"jakarta\", \"at\": "
        "\"198.51.100.30:6910\", \"from\": \"[2001:db8::9]\", \"connect_ms\": 71, \"median_ms\": "
        "151, \"p95_ms\": 157, \"jitter_ms\": 7, \"tried\": 4, \"failed\": 1, \"trouble\": \"no "
        "connection: Connection refused\"}]}\n",
        "", WORD("--count"), WORD("4"), WORD("--every"), WORD("100"), WORD("--json"), NULL);
    /* The usual pause, as the hops' limits want it; and a longer one. */
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    10 ms   21 ms   22 ms    1 ms  0 of 2\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    30 ms   61 ms   61 ms    0 ms  1 of 2\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    50 ms  111 ms  111 ms    0 ms  1 of 2\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    70 ms  151 ms  157 ms    6 ms  0 of 2\n"
            "lima: packet 0x006a in place of a key: is this address banned?\n"
            "lima: closed without an answer\n",
            "", WORD("--count"), WORD("2"), NULL);
    assert_text(batches.data, "1000: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "6251: 198.51.100.30:6910\n"
                              "11502: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "16753: 198.51.100.30:6910\n");
    wanted_timeout_ms = 60000;
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n",
            "", WORD("--count"), WORD("1"), WORD("--every"), WORD("150000"), WORD("--timeout"),
            WORD("60000"), NULL);
    assert_text(batches.data, "1000: 198.51.100.10:6910 198.51.100.20:6910 [2001:db8::20]:6910\n"
                              "151000: 198.51.100.30:6910\n");
    assert_int_equal(waits, 1);
}

/* One that has never answered is 1; a system that fails, in the middle, is 2. */
static void test_never(void **state)
{
    static const struct act never[][ITEMS] = {
        {GOOD(10, 21), GOOD(30, 61), {5, 5, ROPP_LINK_RUNNING, 0}, GOOD(70, 151)},
        {GOOD(10, 21), GOOD(30, 61), {5, 5, ROPP_LINK_ANSWERED, 0x01db}, GOOD(70, 151)},
    };

    (void)state;
    wanted_timeout_ms = 100;
    play_rounds(never, 2);
    command(1,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    10 ms   21 ms   21 ms    0 ms  0 of 2\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    30 ms   61 ms   61 ms    0 ms  0 of 2\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]     5 ms       -       -       -  2 of 2\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    70 ms  151 ms  151 ms    0 ms  0 of 2\n"
            "lima: packet 0x01db in place of a key: is this address banned?\n",
            "", WORD("--count"), WORD("2"), WORD("--every"), WORD("1"), WORD("--timeout"),
            WORD("100"), NULL);
    command(
        1,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 21, \"jitter_ms\": "
        "0, \"tried\": 2, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, "
        "\"jitter_ms\": 0, \"tried\": 2, \"failed\": 0}, {\"hop\": \"lima\", \"at\": "
        "\"[2001:db8::20]:6910\", \"from\": \"[2001:db8::9]\", \"connect_ms\": 5, \"median_ms\": "
        "null, \"p95_ms\": null, \"jitter_ms\": null, \"tried\": 2, \"failed\": 2, \"trouble\": "
        "\"packet 0x01db in place of a key: is this address banned?\"}, {\"hop\": \"jakarta\", "
        "\"at\": \"198.51.100.30:6910\", \"from\": \"[2001:db8::9]\", \"connect_ms\": 70, "
        "\"median_ms\": 151, \"p95_ms\": 151, \"jitter_ms\": 0, \"tried\": 2, \"failed\": 0}]}\n",
        "", WORD("--count"), WORD("2"), WORD("--every"), WORD("1"), WORD("--timeout"), WORD("100"),
        WORD("--json"), NULL);
    command(2, "", "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("3"),
            WORD("--every"), WORD("1"), WORD("--timeout"), WORD("100"), NULL);
}

/* -- the ways behind ----------------------------------------------------------------------- */

#define HEAD "# pxname,svname,scur,status,check_status,check_duration\n"
#define PORT(port, server, sessions, status, ms)                                                   \
    "to-" port "," server "," #sessions "," status ",L4OK," #ms "\n"
#define DIRECT(a, b, c, status, ms)                                                                \
    PORT("login", "direct", a, "UP", 90)                                                           \
    PORT("char", "direct", b, status, ms) PORT("map", "direct", c, "UP", 91)
#define THROUGH(a, b, c, status, ms)                                                               \
    PORT("login", "miami", a, "UP", 0)                                                             \
    PORT("char", "miami", b, status, 0)                                                            \
    PORT("map", "miami", c, "UP", 0)                                                               \
    "up-login,miami,0,UP,L7OK,180\nup-char,miami,0,UP,L7OK," #ms "\nup-map,miami,0,UP,L7OK,181\n"
#define SWITCHES(miami, direct) "preferred,miami,0," miami ",,\npreferred,direct,0," direct ",,\n"

static void test_ways(void **state)
{
    static const char *const miami[] = {HEAD DIRECT(1, 2, 4, "UP", 40),
                                        HEAD DIRECT(1, 2, 5, "UP", 44), NULL},
                             *const lima[] = {HEAD DIRECT(0, 0, 0, "UP", 80)
                                                  THROUGH(8, 16, 32, "UP", 61),
                                              HEAD DIRECT(0, 0, 1, "DOWN", 80)
                                                  THROUGH(8, 16, 33, "UP", 63),
                                              NULL},
                             *const off[] = {HEAD DIRECT(0, 0, 0, "DOWN", 80)
                                                 THROUGH(1, 1, 1, "DOWN", 61)
                                                     SWITCHES("MAINT", "UP"),
                                             NULL},
                             *const fails[] = {"!", NULL}, *const nothing[] = {"", NULL};

    (void)state;
    play_rounds(four, 4);
    stats[0] = miami;
    stats[1] = lima;
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    10 ms   21 ms   22 ms    1 ms  0 of 2\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    30 ms   61 ms   61 ms    0 ms  1 of 2\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    50 ms  111 ms  111 ms    0 ms  1 of 2\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    70 ms  151 ms  157 ms    6 ms  0 of 2\n"
            "lima: packet 0x006a in place of a key: is this address banned?\n"
            "lima: closed without an answer\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  44 ms   40 ms  44 ms    4 ms  0 of 2         8\n"
            "lima   miami   taken  32 ms   71 ms  76 ms    5 ms  0 of 2        57\n"
            "lima   direct  down       -   80 ms  80 ms    0 ms  1 of 2         1\n"
            "lima: direct is down: char: DOWN, L4OK\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("2"), WORD("--through"), NULL);
    assert_string_equal(told.data, "");
    command(
        0,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 22, \"jitter_ms\": "
        "1, \"tried\": 2, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, "
        "\"jitter_ms\": 0, \"tried\": 2, \"failed\": 1, \"trouble\": \"packet 0x006a in place of a "
        "key: is this address banned?\"}, {\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 50, \"median_ms\": 111, \"p95_ms\": 111, "
        "\"jitter_ms\": 0, \"tried\": 2, \"failed\": 1, \"trouble\": \"closed without an "
        "answer\"}, {\"hop\": \"jakarta\", \"at\": \"198.51.100.30:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 70, \"median_ms\": 151, \"p95_ms\": 157, "
        "\"jitter_ms\": 6, \"tried\": 2, \"failed\": 0}], \"ways\": [{\"hop\": \"miami\", \"way\": "
        "\"direct\", \"state\": \"taken\", \"preferred\": false, \"step_ms\": 44, \"median_ms\": "
        "40, \"p95_ms\": 44, \"jitter_ms\": 4, \"tried\": 2, \"failed\": 0, \"sessions\": 8}, "
        "{\"hop\": \"lima\", \"way\": \"miami\", \"state\": \"taken\", \"preferred\": false, "
        "\"step_ms\": 32, \"median_ms\": 71, \"p95_ms\": 76, \"jitter_ms\": 5, \"tried\": 2, "
        "\"failed\": 0, \"sessions\": 57}, {\"hop\": \"lima\", \"way\": \"direct\", \"state\": "
        "\"down\", \"preferred\": false, \"step_ms\": null, \"median_ms\": 80, \"p95_ms\": 80, "
        "\"jitter_ms\": 0, \"tried\": 2, \"failed\": 1, \"sessions\": 1, \"trouble\": \"char: "
        "DOWN, L4OK\"}], \"not_asked\": {\"jakarta\": \"nginx has no runtime API\"}}\n",
        "", WORD("--count"), WORD("2"), WORD("--through"), WORD("--json"), NULL);
    /* None of miami is known, and so not how long the way by it is. */
    stats[0] = NULL;
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP   WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "lima  miami   taken  31 ms       -      -       -  1 of 1        56\n"
            "lima  direct  spare  80 ms   80 ms  80 ms    0 ms  0 of 1         0\n"
            "miami: not asked: its HAProxy at 10.66.0.10:8405: cannot be reached: x?y (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--through"), NULL);
    stats[0] = fails;
    stats[1] = off;
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP   WAY     STATE  STEP  MEDIAN  P95  JITTER  FAILED  SESSIONS\n"
            "lima  miami   down      -       -    -       -  1 of 1         3\n"
            "lima  direct  down      -       -    -       -  1 of 1         0\n"
            "miami: not asked: its HAProxy at 10.66.0.10:8405: does not answer within 2000 ms (it "
            "answers the origin, 10.66.0.1, and nobody else)\n"
            "lima: miami is down: char: DOWN, L7OK\n"
            "lima: direct is down: char: DOWN, L4OK\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--through"), NULL);
    command(
        0,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": \"192.0.2.9\", "
        "\"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 21, \"jitter_ms\": 0, \"tried\": 1, "
        "\"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", \"from\": "
        "\"192.0.2.9\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, \"jitter_ms\": 0, "
        "\"tried\": 1, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", "
        "\"from\": \"192.0.2.9\", \"connect_ms\": 50, \"median_ms\": 111, \"p95_ms\": 111, "
        "\"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}, {\"hop\": \"jakarta\", \"at\": "
        "\"198.51.100.30:6910\", \"from\": \"192.0.2.9\", \"connect_ms\": 70, \"median_ms\": 151, "
        "\"p95_ms\": 151, \"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}], \"ways\": [{\"hop\": "
        "\"lima\", \"way\": \"miami\", \"state\": \"down\", \"preferred\": false, \"step_ms\": "
        "null, \"median_ms\": null, \"p95_ms\": null, \"jitter_ms\": null, \"tried\": 1, "
        "\"failed\": 1, \"sessions\": 3, \"trouble\": \"char: DOWN, L7OK\"}, {\"hop\": \"lima\", "
        "\"way\": \"direct\", \"state\": \"down\", \"preferred\": true, \"step_ms\": null, "
        "\"median_ms\": null, \"p95_ms\": null, \"jitter_ms\": null, \"tried\": 1, \"failed\": 1, "
        "\"sessions\": 0, \"trouble\": \"char: DOWN, L4OK\"}], \"not_asked\": {\"miami\": \"its "
        "HAProxy at 10.66.0.10:8405: does not answer within 2000 ms (it answers the origin, "
        "10.66.0.1, and nobody else)\", \"jakarta\": \"nginx has no runtime API\"}}\n",
        "", WORD("--count"), WORD("1"), WORD("--through"), WORD("--json"), NULL);
    stats[0] = stats[1] = nothing;
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP    WAY     STATE  STEP  MEDIAN  P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  down      -       -    -       -  1 of 1         0\n"
            "lima   miami   down      -       -    -       -  1 of 1         0\n"
            "lima   direct  down      -       -    -       -  1 of 1         0\n"
            "miami: direct is down: login: HAProxy has no such way: render it again; char: HAProxy "
            "has no such way: render it again; map: HAProxy has no such way: render it again\n"
            "lima: miami is down: login: HAProxy has no such way: render it again; char: HAProxy "
            "has no such way: render it again; map: HAProxy has no such way: render it again\n"
            "lima: direct is down: login: HAProxy has no such way: render it again; char: HAProxy "
            "has no such way: render it again; map: HAProxy has no such way: render it again\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--through"), NULL);
    stats[0] = stats[1] = NULL;
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "miami: not asked: its HAProxy at 10.66.0.10:8405: cannot be reached: x?y (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "lima: not asked: its HAProxy at 10.66.0.11:9405: cannot be reached: x?y (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--through"), NULL);
    command(
        0,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": \"192.0.2.9\", "
        "\"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 21, \"jitter_ms\": 0, \"tried\": 1, "
        "\"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", \"from\": "
        "\"192.0.2.9\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, \"jitter_ms\": 0, "
        "\"tried\": 1, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", "
        "\"from\": \"192.0.2.9\", \"connect_ms\": 50, \"median_ms\": 111, \"p95_ms\": 111, "
        "\"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}, {\"hop\": \"jakarta\", \"at\": "
        "\"198.51.100.30:6910\", \"from\": \"192.0.2.9\", \"connect_ms\": 70, \"median_ms\": 151, "
        "\"p95_ms\": 151, \"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}], \"ways\": [], "
        "\"not_asked\": {\"miami\": \"its HAProxy at 10.66.0.10:8405: cannot be reached: x\\u001by "
        "(it answers the origin, 10.66.0.1, and nobody else)\", \"lima\": \"its HAProxy at "
        "10.66.0.11:9405: cannot be reached: x\\u001by (it answers the origin, 10.66.0.1, and "
        "nobody else)\", \"jakarta\": \"nginx has no runtime API\"}}\n",
        "", WORD("--count"), WORD("1"), WORD("--through"), WORD("--json"), NULL);
}

/* The way by miami takes 30 + 40 ms, and the straight one 50; then somebody turns the switch. */
static void test_prefers(void **state)
{
    static const char *const miami[] = {HEAD DIRECT(1, 2, 4, "UP", 40), NULL},
                             *const lima[] = {HEAD DIRECT(0, 0, 0, "UP", 50)
                                                  THROUGH(8, 16, 32, "UP", 60)
                                                      SWITCHES("MAINT", "MAINT"),
                                              NULL},
                             *const turned[] = {HEAD DIRECT(0, 0, 0, "UP", 50)
                                                    THROUGH(8, 16, 32, "UP", 60)
                                                        SWITCHES("MAINT", "MAINT"),
                                                HEAD DIRECT(0, 0, 0, "UP", 50)
                                                    THROUGH(8, 16, 32, "UP", 60)
                                                        SWITCHES("MAINT", "UP"),
                                                HEAD DIRECT(0, 0, 0, "UP", 90)
                                                    THROUGH(8, 16, 32, "UP", 60)
                                                        SWITCHES("MAINT", "UP"),
                                                NULL};

    (void)state;
    play_rounds(four, 4);
    stats[0] = miami;
    stats[1] = lima;
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    11 ms   22 ms   24 ms    2 ms  0 of 3\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    31 ms   61 ms   64 ms    3 ms  1 of 3\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    51 ms  111 ms  117 ms    6 ms  1 of 3\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    70 ms  151 ms  157 ms    6 ms  1 of 3\n"
            "lima: packet 0x006a in place of a key: is this address banned?\n"
            "lima: closed without an answer\n"
            "jakarta: no connection: Connection refused\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 3         7\n"
            "lima   miami   spare  30 ms   70 ms  70 ms    0 ms  0 of 3        56\n"
            "lima   direct  taken  50 ms   50 ms  50 ms    0 ms  0 of 3         0\n"
            "lima: new sessions go by direct (50 ms; miami: 70 ms)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("3"), WORD("--prefer"), WORD("fastest"), NULL);
    assert_string_equal(told.data, "1:\n"
                                   "set server preferred/miami state maint\n"
                                   "set server preferred/direct state ready\n");
    command(0,
            "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": "
            "\"[2001:db8::9]\", \"connect_ms\": 11, \"median_ms\": 22, \"p95_ms\": 24, "
            "\"jitter_ms\": 2, \"tried\": 3, \"failed\": 0}, {\"hop\": \"lima\", \"at\": "
            "\"198.51.100.20:6910\", \"from\": \"[2001:db8::9]\", \"connect_ms\": 31, "
            "\"median_ms\": 61, \"p95_ms\": 64, \"jitter_ms\": 3, \"tried\": 3, \"failed\": 1, "
            "\"trouble\": \"packet 0x006a in place of a key: is this address banned?\"}, {\"hop\": "
            "\"lima\", \"at\": \"[2001:db8::20]:6910\", \"from\": \"[2001:db8::9]\", "
            "\"connect_ms\": 51, \"median_ms\": 111, \"p95_ms\": 117, \"jitter_ms\": 6, \"tried\": "
            "3, \"failed\": 1, \"trouble\": \"closed without an answer\"}, {\"hop\": \"jakarta\", "
            "\"at\": \"198.51.100.30:6910\", \"from\": \"[2001:db8::9]\", \"connect_ms\": 70, "
            "\"median_ms\": 151, \"p95_ms\": 157, \"jitter_ms\": 6, \"tried\": 3, \"failed\": 1, "
            "\"trouble\": \"no connection: Connection refused\"}], \"ways\": [{\"hop\": \"miami\", "
            "\"way\": \"direct\", \"state\": \"taken\", \"preferred\": false, \"step_ms\": 40, "
            "\"median_ms\": 40, \"p95_ms\": 40, \"jitter_ms\": 0, \"tried\": 3, \"failed\": 0, "
            "\"sessions\": 7}, {\"hop\": \"lima\", \"way\": \"miami\", \"state\": \"spare\", "
            "\"preferred\": false, \"step_ms\": 30, \"median_ms\": 70, \"p95_ms\": 70, "
            "\"jitter_ms\": 0, \"tried\": 3, \"failed\": 0, \"sessions\": 56}, {\"hop\": \"lima\", "
            "\"way\": \"direct\", \"state\": \"taken\", \"preferred\": true, \"step_ms\": 50, "
            "\"median_ms\": 50, \"p95_ms\": 50, \"jitter_ms\": 0, \"tried\": 3, \"failed\": 0, "
            "\"sessions\": 0}], \"not_asked\": {\"jakarta\": \"nginx has no runtime API\"}}\n",
            "", WORD("--count"), WORD("3"), WORD("--prefer"), WORD("fastest"), WORD("--json"),
            NULL);
    refusal = "refuses a command: No such server.";
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    11 ms   22 ms   24 ms    2 ms  0 of 3\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    31 ms   61 ms   64 ms    3 ms  1 of 3\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    51 ms  111 ms  117 ms    6 ms  1 of 3\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    70 ms  151 ms  157 ms    6 ms  1 of 3\n"
            "lima: packet 0x006a in place of a key: is this address banned?\n"
            "lima: closed without an answer\n"
            "jakarta: no connection: Connection refused\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 3         7\n"
            "lima   miami   taken  30 ms   70 ms  70 ms    0 ms  0 of 3        56\n"
            "lima   direct  spare  50 ms   50 ms  50 ms    0 ms  0 of 3         0\n"
            "lima: its HAProxy at 10.66.0.11:9405: refuses a command: No such server. (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("3"), WORD("--prefer"), WORD("fastest"), NULL);
    /* Again after three more: the last one is said. */
    play_ten();
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN    P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]     1 ms   14 ms  26 ms    4 ms  0 of 7\n"
            "lima     198.51.100.20:6910   [2001:db8::9]     1 ms   15 ms  27 ms    4 ms  0 of 7\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]     1 ms   16 ms  28 ms    4 ms  0 of 7\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]     1 ms   17 ms  29 ms    4 ms  0 of 7\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 7         7\n"
            "lima   miami   taken  30 ms   70 ms  70 ms    0 ms  0 of 7        56\n"
            "lima   direct  spare  50 ms   50 ms  50 ms    0 ms  0 of 7         0\n"
            "lima: its HAProxy at 10.66.0.11:9405: refuses a command: No such server. (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("7"), WORD("--prefer"), WORD("fastest"), NULL);
    assert_text(told.data, "1:\n"
                           "set server preferred/miami state maint\n"
                           "set server preferred/direct state ready\n"
                           "1:\n"
                           "set server preferred/miami state maint\n"
                           "set server preferred/direct state ready\n");
    play_rounds(four, 4);
    refusal = NULL;
    /* It is not changed where it was before, and counted anew when it was turned. */
    stats[1] = turned;
    command(0,
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    11 ms   22 ms   28 ms    2 ms  0 of 4\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    31 ms   61 ms   64 ms    3 ms  2 of 4\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    51 ms  111 ms  117 ms    6 ms  2 of 4\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    71 ms  151 ms  157 ms    7 ms  1 of 4\n"
            "lima: no answer in time\n"
            "lima: no connection in time\n"
            "jakarta: no connection: Connection refused\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 4         7\n"
            "lima   miami   spare  30 ms   70 ms  70 ms    0 ms  0 of 4        56\n"
            "lima   direct  taken  90 ms   50 ms  90 ms   13 ms  0 of 4         0\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("4"), WORD("--prefer"), WORD("fastest"), NULL);
    assert_string_equal(told.data, "");
    /* The file's order. */
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 1         7\n"
            "lima   miami   taken  30 ms   70 ms  70 ms    0 ms  0 of 1        56\n"
            "lima   direct  spare  50 ms   50 ms  50 ms    0 ms  0 of 1         0\n"
            "lima: the file's order\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--prefer"), WORD("file"), NULL);
    assert_string_equal(told.data, "1:\n"
                                   "set server preferred/miami state maint\n"
                                   "set server preferred/direct state maint\n");
    refusal = "refuses a command: No such server.";
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 1         7\n"
            "lima   miami   taken  30 ms   70 ms  70 ms    0 ms  0 of 1        56\n"
            "lima   direct  spare  50 ms   50 ms  50 ms    0 ms  0 of 1         0\n"
            "lima: its HAProxy at 10.66.0.11:9405: refuses a command: No such server. (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--prefer"), WORD("file"), NULL);
    stats[1] = NULL;
    command(0,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
            "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 1         7\n"
            "lima: not asked: its HAProxy at 10.66.0.11:9405: cannot be reached: x?y (it answers "
            "the origin, 10.66.0.1, and nobody else)\n"
            "lima: its HAProxy at 10.66.0.11:9405: cannot be reached: x?y (it answers the origin, "
            "10.66.0.1, and nobody else)\n"
            "jakarta: not asked: nginx has no runtime API\n",
            "", WORD("--count"), WORD("1"), WORD("--prefer"), WORD("file"), NULL);
}

/* Until something fails. */
static void test_watches(void **state)
{
    static const char *const miami[] = {HEAD DIRECT(1, 2, 4, "UP", 40), NULL};

    (void)state;
    play_rounds(four, 2);
    command(2,
            "HOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\n"
            "HOP      AT                   FROM           CONNECT  MEDIAN     P95  JITTER  FAILED\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    11 ms   22 ms   22 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    31 ms       -       -       -  1 of 1\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    51 ms       -       -       -  1 of 1\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    71 ms  157 ms  157 ms    0 ms  0 of 1\n"
            "lima: packet 0x006a in place of a key: is this address banned?\n"
            "lima: closed without an answer\n"
            "\n",
            "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("1"), WORD("--watch"),
            NULL);
    stats[0] = miami;
    command(
        2,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": \"192.0.2.9\", "
        "\"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 21, \"jitter_ms\": 0, \"tried\": 1, "
        "\"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", \"from\": "
        "\"192.0.2.9\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, \"jitter_ms\": 0, "
        "\"tried\": 1, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", "
        "\"from\": \"192.0.2.9\", \"connect_ms\": 50, \"median_ms\": 111, \"p95_ms\": 111, "
        "\"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}, {\"hop\": \"jakarta\", \"at\": "
        "\"198.51.100.30:6910\", \"from\": \"192.0.2.9\", \"connect_ms\": 70, \"median_ms\": 151, "
        "\"p95_ms\": 151, \"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}], \"ways\": [{\"hop\": "
        "\"miami\", \"way\": \"direct\", \"state\": \"taken\", \"preferred\": false, \"step_ms\": "
        "40, \"median_ms\": 40, \"p95_ms\": 40, \"jitter_ms\": 0, \"tried\": 1, \"failed\": 0, "
        "\"sessions\": 7}], \"not_asked\": {\"lima\": \"its HAProxy at 10.66.0.11:9405: cannot be "
        "reached: x\\u001by (it answers the origin, 10.66.0.1, and nobody else)\", \"jakarta\": "
        "\"nginx has no runtime API\"}}\n"
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 22, \"jitter_ms\": "
        "1, \"tried\": 2, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, "
        "\"jitter_ms\": 0, \"tried\": 2, \"failed\": 1, \"trouble\": \"packet 0x006a in place of a "
        "key: is this address banned?\"}, {\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 50, \"median_ms\": 111, \"p95_ms\": 111, "
        "\"jitter_ms\": 0, \"tried\": 2, \"failed\": 1, \"trouble\": \"closed without an "
        "answer\"}, {\"hop\": \"jakarta\", \"at\": \"198.51.100.30:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 70, \"median_ms\": 151, \"p95_ms\": 157, "
        "\"jitter_ms\": 6, \"tried\": 2, \"failed\": 0}], \"ways\": [{\"hop\": \"miami\", \"way\": "
        "\"direct\", \"state\": \"taken\", \"preferred\": false, \"step_ms\": 40, \"median_ms\": "
        "40, \"p95_ms\": 40, \"jitter_ms\": 0, \"tried\": 2, \"failed\": 0, \"sessions\": 7}], "
        "\"not_asked\": {\"lima\": \"its HAProxy at 10.66.0.11:9405: cannot be reached: x\\u001by "
        "(it answers the origin, 10.66.0.1, and nobody else)\", \"jakarta\": \"nginx has no "
        "runtime API\"}}\n",
        "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("2"), WORD("--watch"),
        WORD("--json"), WORD("--through"), NULL);
    is_terminal = true;
    command(2,
            "\033[H\033[2JHOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER "
            " FAILED\n"
            "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
            "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
            "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
            "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
            "\033[H\033[2JHOP      AT                   FROM           CONNECT  MEDIAN     P95  "
            "JITTER\n"
            "miami    198.51.100.10:6910   [2001:db8::9]    11 ms   22 ms   22 ms    0 ms\n"
            "lima     198.51.100.20:6910   [2001:db8::9]    31 ms       -       -       -\n"
            "lima     [2001:db8::20]:6910  [2001:db8::9]    51 ms       -       -       -\n"
            "jakarta  198.51.100.30:6910   [2001:db8::9]    71 ms  157 ms  157 ms    0 ms\n"
            "\n"
            "HOP      AT                   FAILED\n"
            "miami    198.51.100.10:6910   0 of 1\n"
            "lima     198.51.100.20:6910   1 of 1\n"
            "lima     [2001:db8::20]:6910  1 of 1\n"
            "jakarta  198.51.100.30:6910   0 of 1\n"
            "lima: packet 0x006a in place of a key: is this address banned?\n"
            "lima: closed without an answer\n",
            "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("1"), WORD("--watch"),
            NULL);
    command(
        2,
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": \"192.0.2.9\", "
        "\"connect_ms\": 10, \"median_ms\": 21, \"p95_ms\": 21, \"jitter_ms\": 0, \"tried\": 1, "
        "\"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", \"from\": "
        "\"192.0.2.9\", \"connect_ms\": 30, \"median_ms\": 61, \"p95_ms\": 61, \"jitter_ms\": 0, "
        "\"tried\": 1, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"[2001:db8::20]:6910\", "
        "\"from\": \"192.0.2.9\", \"connect_ms\": 50, \"median_ms\": 111, \"p95_ms\": 111, "
        "\"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}, {\"hop\": \"jakarta\", \"at\": "
        "\"198.51.100.30:6910\", \"from\": \"192.0.2.9\", \"connect_ms\": 70, \"median_ms\": 151, "
        "\"p95_ms\": 151, \"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}]}\n"
        "{\"hops\": [{\"hop\": \"miami\", \"at\": \"198.51.100.10:6910\", \"from\": "
        "\"[2001:db8::9]\", \"connect_ms\": 11, \"median_ms\": 22, \"p95_ms\": 22, \"jitter_ms\": "
        "0, \"tried\": 1, \"failed\": 0}, {\"hop\": \"lima\", \"at\": \"198.51.100.20:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 31, \"median_ms\": null, \"p95_ms\": null, "
        "\"jitter_ms\": null, \"tried\": 1, \"failed\": 1, \"trouble\": \"packet 0x006a in place "
        "of a key: is this address banned?\"}, {\"hop\": \"lima\", \"at\": "
        "\"[2001:db8::20]:6910\", \"from\": \"[2001:db8::9]\", \"connect_ms\": 51, \"median_ms\": "
        "null, \"p95_ms\": null, \"jitter_ms\": null, \"tried\": 1, \"failed\": 1, \"trouble\": "
        "\"closed without an answer\"}, {\"hop\": \"jakarta\", \"at\": \"198.51.100.30:6910\", "
        "\"from\": \"[2001:db8::9]\", \"connect_ms\": 71, \"median_ms\": 157, \"p95_ms\": 157, "
        "\"jitter_ms\": 0, \"tried\": 1, \"failed\": 0}]}\n",
        "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("1"), WORD("--watch"),
        WORD("--json"), NULL);
    /* Two rounds are enough for ever. */
    command(
        2,
        "\033[H\033[2JHOP      AT                   FROM       CONNECT  MEDIAN     P95  JITTER  "
        "FAILED\n"
        "miami    198.51.100.10:6910   192.0.2.9    10 ms   21 ms   21 ms    0 ms  0 of 1\n"
        "lima     198.51.100.20:6910   192.0.2.9    30 ms   61 ms   61 ms    0 ms  0 of 1\n"
        "lima     [2001:db8::20]:6910  192.0.2.9    50 ms  111 ms  111 ms    0 ms  0 of 1\n"
        "jakarta  198.51.100.30:6910   192.0.2.9    70 ms  151 ms  151 ms    0 ms  0 of 1\n"
        "\n"
        "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
        "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 1         7\n"
        "lima: not asked: its HAProxy at 10.66.0.11:9405: cannot be reached: x?y (it answers the "
        "origin, 10.66.0.1, and nobody else)\n"
        "jakarta: not asked: nginx has no runtime API\n"
        "\033[H\033[2JHOP      AT                   FROM           CONNECT  MEDIAN     P95  "
        "JITTER\n"
        "miami    198.51.100.10:6910   [2001:db8::9]    10 ms   21 ms   22 ms    1 ms\n"
        "lima     198.51.100.20:6910   [2001:db8::9]    30 ms   61 ms   61 ms    0 ms\n"
        "lima     [2001:db8::20]:6910  [2001:db8::9]    50 ms  111 ms  111 ms    0 ms\n"
        "jakarta  198.51.100.30:6910   [2001:db8::9]    70 ms  151 ms  157 ms    6 ms\n"
        "\n"
        "HOP      AT                   FAILED\n"
        "miami    198.51.100.10:6910   0 of 2\n"
        "lima     198.51.100.20:6910   1 of 2\n"
        "lima     [2001:db8::20]:6910  1 of 2\n"
        "jakarta  198.51.100.30:6910   0 of 2\n"
        "lima: packet 0x006a in place of a key: is this address banned?\n"
        "lima: closed without an answer\n"
        "\n"
        "HOP    WAY     STATE   STEP  MEDIAN    P95  JITTER  FAILED  SESSIONS\n"
        "miami  direct  taken  40 ms   40 ms  40 ms    0 ms  0 of 2         7\n"
        "lima: not asked: its HAProxy at 10.66.0.11:9405: cannot be reached: x?y (it answers the "
        "origin, 10.66.0.1, and nobody else)\n"
        "jakarta: not asked: nginx has no runtime API\n",
        "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("2"), WORD("--watch"),
        WORD("--prefer"), WORD("fastest"), NULL);
}

static void test_wrong_words(void **state)
{
    char missing[128];
    FILE *file;

    (void)state;
    play_rounds(four, 4);
    command(2, "", "ropp: no such order: --prefer slowest: give fastest or file\n",
            WORD("--prefer"), WORD("slowest"), NULL);
    command(2, "", "ropp: too few rounds to prefer a way: --count 2: give 3 or more\n",
            WORD("--prefer"), WORD("fastest"), WORD("--count"), WORD("2"), NULL);
    command(2, "", "ropp: no such number: --count 0: write one from 1 to 1000\n", WORD("--count"),
            WORD("0"), NULL);
    command(2, "", "ropp: no such number: --count 1001: write one from 1 to 1000\n",
            WORD("--count"), WORD("1001"), NULL);
    command(2, "", "ropp: no such number: --every 0: write one from 1 to 3600000\n",
            WORD("--every"), WORD("0"), NULL);
    command(2, "", "ropp: no such number: --every 3600001: write one from 1 to 3600000\n",
            WORD("--every"), WORD("3600001"), NULL);
    command(2, "", "ropp: no such number: --timeout 99: write one from 100 to 60000\n",
            WORD("--timeout"), WORD("99"), NULL);
    command(2, "", "ropp: no such number: --timeout 60001: write one from 100 to 60000\n",
            WORD("--timeout"), WORD("60001"), NULL);
    /* Ten rounds, of which there are four. */
    command(2, "", "ropp: cannot measure: Network is down\n", NULL);
    assert_int_equal(acted, 16);
    play_rounds(four, 0);
    command(2, "", "ropp: cannot measure: Network is down\n", WORD("--count"), WORD("1000"), NULL);
    /* A description that is refused is nothing that anybody has looked at. */
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("[origin]\naddress = 10.66.0.1\n", file);
    fclose(file);
    snprintf(missing, sizeof missing, "ropp: %s:1: no hop: write a section [hop NAME] for each\n",
             path);
    command(2, "", missing, NULL);
    unlink(path);
    snprintf(missing, sizeof missing, "ropp: cannot open the file: %s: No such file or directory\n",
             path);
    command(2, "", missing, NULL);
}

/* No more and no less than the ten that are usual. */
static void test_ten(void **state)
{
    (void)state;
    play_ten();
    command(
        0,
        "HOP      AT                   FROM           CONNECT  MEDIAN    P95  JITTER   FAILED\n"
        "miami    198.51.100.10:6910   [2001:db8::9]     1 ms   18 ms  38 ms    4 ms  0 of 10\n"
        "lima     198.51.100.20:6910   [2001:db8::9]     1 ms   19 ms  39 ms    4 ms  0 of 10\n"
        "lima     [2001:db8::20]:6910  [2001:db8::9]     1 ms   20 ms  40 ms    4 ms  0 of 10\n"
        "jakarta  198.51.100.30:6910   [2001:db8::9]     1 ms   21 ms  41 ms    4 ms  0 of 10\n",
        "", WORD("--every"), WORD("3600000"), NULL);
    assert_int_equal(acted, 40);
    assert_int_equal(now_ms, 1000 + INT64_C(19) * 3600000);
}

static int make_file(void **state)
{
    (void)state;
    return close(mkstemp(path));
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exchanges, begin, end),
        cmocka_unit_test_setup_teardown(test_never, begin, end),
        cmocka_unit_test_setup_teardown(test_ways, begin, end),
        cmocka_unit_test_setup_teardown(test_prefers, begin, end),
        cmocka_unit_test_setup_teardown(test_watches, begin, end),
        cmocka_unit_test_setup_teardown(test_wrong_words, begin, end),
        cmocka_unit_test_setup_teardown(test_ten, begin, end),
    };

    return UNIT_RUN(argc, argv, "hop_measure", tests, make_file, remove_file);
}
