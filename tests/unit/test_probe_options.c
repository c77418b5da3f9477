// SPDX-License-Identifier: MIT
/* What `ropp probe` is asked to do: what its options come to, and what does not go together. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/probe/options.h"

/* ---- names of hosts ---- */

static char looked_up[400]; /* "NAME PORT FAMILY ", one behind the other */
static int found_family;    /* in which the name has an address; 0: in none */

int __wrap_getaddrinfo(const char *name, const char *port, const struct addrinfo *hints,
                       struct addrinfo **found);
void __wrap_freeaddrinfo(struct addrinfo *found);

static struct addrinfo answer;
static struct ropp_hostport answered;
static int freed;

int __wrap_getaddrinfo(const char *name, const char *port, const struct addrinfo *hints,
                       struct addrinfo **found)
{
    size_t used = strlen(looked_up);

    snprintf(looked_up + used, sizeof looked_up - used, "%s %s %s ", name, port,
             hints->ai_family == AF_INET    ? "4"
             : hints->ai_family == AF_INET6 ? "6"
                                            : "any");
    assert_int_equal(hints->ai_socktype, SOCK_STREAM);
    if (found_family == 0 || hints->ai_family != found_family)
        return EAI_NONAME;
    assert_true(ropp_hostport_parse(found_family == AF_INET ? "192.0.2.5:77" : "[2001:db8::5]:77",
                                    0, &answered));
    answer = (struct addrinfo){.ai_addr = &answered.any, .ai_addrlen = answered.length};
    *found = &answer;
    return 0;
}

void __wrap_freeaddrinfo(struct addrinfo *found)
{
    assert_ptr_equal(found, &answer);
    freed++;
}

/* ---- options ---- */

static struct capture err;
static struct ropp_probe_options options;
static const struct ropp_options tables = {{ropp_probe_options}};
static const struct ropp_words_rule rule = {.most = 1};

static int begin(void **state)
{
    (void)state;
    looked_up[0] = '\0';
    found_family = 0;
    freed = 0;
    return 0;
}

/* The words behind "ropp probe"; the host is the one that is no option. */
static bool reads(const char *line)
{
    static char copy[600];
    char *argv[32] = {(char *)"probe"}, *rest = copy, *word;
    struct ropp_words words;
    int argc = 1;
    bool good;

    snprintf(copy, sizeof copy, "%s", line);
    while ((word = strsep(&rest, " ")) != NULL)
        if (word[0] != '\0')
            argv[argc++] = word;
    options = ropp_probe_defaults;
    capture_begin(&err, stderr);
    good = ropp_options_read(argc, argv, "probe", &tables, &rule, &options, &words) &&
           ropp_probe_options_complete(&options, words.count > 0 ? words.items[0] : NULL);
    capture_end(&err);
    return good;
}

static void takes(const char *line)
{
    if (!reads(line))
        fail_msg("%s", err.text);
    assert_string_equal(err.text, "");
}

static void fails(const char *line, const char *message)
{
    assert_false(reads(line));
    assert_string_equal(err.text, message);
}

static void at_is(const struct ropp_hostport *at, const char *wanted)
{
    char text[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(at, text);
    assert_string_equal(text, wanted);
}

static void test_alone(void **state)
{
    (void)state;
    takes("192.0.2.1");
    at_is(&options.to, "192.0.2.1:6900");
    at_is(&options.from, "none");
    at_is(&options.claim, "none");
    at_is(&options.destination, "none");
    at_is(&options.char_at, "none");
    at_is(&options.map_at, "none");
    assert_string_equal(options.where, "192.0.2.1");
    assert_int_equal(options.until, ROPP_LEG_LOGIN);
    assert_int_equal(options.sender, ROPP_SENDER_NONE);
    assert_int_equal(options.packetver, 20211103);
    assert_int_equal(options.client->version, 20211103);
    assert_int_equal(options.timeout_ms, 5000);
    assert_int_equal(options.hidden_count, 0);
    assert_false(options.keys_set);
    assert_false(options.json);
    assert_null(options.user);
    assert_null(options.create);
    assert_null(options.pass_file);
    assert_string_equal(looked_up, "");
}

static void test_together(void **state)
{
    (void)state;
    takes("192.0.2.1:6901 --user me --pass-file f --create Hero --packetver 20180621 --keys 1,2,3 "
          "--timeout 100 --json --must-not-contain 192.0.2.7 --must-not-contain 2001:db8::7 "
          "--from 192.0.2.2 --char-at 192.0.2.3:6121 --map-at [2001:db8::4]:5121");
    at_is(&options.to, "192.0.2.1:6901");
    at_is(&options.from, "192.0.2.2:0");
    at_is(&options.char_at, "192.0.2.3:6121");
    at_is(&options.map_at, "[2001:db8::4]:5121");
    assert_string_equal(options.user, "me");
    assert_string_equal(options.pass_file, "f");
    assert_string_equal(options.create, "Hero");
    assert_int_equal(options.until, ROPP_LEG_MAP);
    assert_int_equal(options.packetver, 20180621);
    assert_int_equal(options.client->version, 20180620);
    assert_true(options.keys_set);
    assert_int_equal(options.keys.start, 1);
    assert_int_equal(options.keys.factor, 2);
    assert_int_equal(options.keys.step, 3);
    assert_int_equal(options.timeout_ms, 100);
    assert_true(options.json);
    assert_int_equal(options.hidden_count, 2);
    at_is(&options.hidden[0], "192.0.2.7:0");
    at_is(&options.hidden[1], "[2001:db8::7]:0");
}

static void test_headers(void **state)
{
    (void)state;
    takes("192.0.2.1 --header v1 --claim 192.0.2.3");
    assert_int_equal(options.sender, ROPP_SENDER_V1);
    at_is(&options.claim, "192.0.2.3:40000");
    takes("192.0.2.1 --header v2 --claim 192.0.2.3:5 --dest 192.0.2.4");
    assert_int_equal(options.sender, ROPP_SENDER_V2);
    at_is(&options.claim, "192.0.2.3:5");
    at_is(&options.destination, "192.0.2.4:6900");
    takes("192.0.2.1 --header v2 --claim 192.0.2.3 --dest [2001:db8::4]:80");
    at_is(&options.destination, "[2001:db8::4]:80");
    takes("192.0.2.1 --header v2 --header none");
    assert_int_equal(options.sender, ROPP_SENDER_NONE);
    takes(
        "192.0.2.1 --user u --until char --header v1 --claim 192.0.2.3 --dest 192.0.2.4 --char-at "
        "192.0.2.5:6");
    assert_int_equal(options.until, ROPP_LEG_CHAR);
    takes("192.0.2.1 --user u --header v1 --claim 192.0.2.3 --dest 192.0.2.4 --char-at 192.0.2.5:6 "
          "--map-at 192.0.2.5:7");
    assert_int_equal(options.until, ROPP_LEG_MAP);
}

/* The largest and the smallest, and one beyond. */
static void test_limits(void **state)
{
    static const char no_time[] = ": give milliseconds, 100 to 60000\n";
    char line[300], message[200];

    (void)state;
    for (int i = 0; i < 4; i++) {
        static const int times[] = {100, 60000, 99, 60001};

        snprintf(line, sizeof line, "192.0.2.1 --timeout %d", times[i]);
        snprintf(message, sizeof message, "ropp: not a time: --timeout '%d'%s", times[i], no_time);
        if (i < 2)
            takes(line);
        else
            fails(line, message);
    }
    fails("192.0.2.1 --timeout 1s", "ropp: not a time: --timeout '1s': give milliseconds, 100 to "
                                    "60000\n");
    takes("192.0.2.1 --user 01234567890123456789012");
    fails("192.0.2.1 --user 012345678901234567890123",
          "ropp: not a user's name: --user '012345678901234567890123': it has 1 to 23 bytes\n");
    takes("192.0.2.1 --user u --create 01234567890123456789012");
    fails("192.0.2.1 --user u --create 012345678901234567890123",
          "ropp: not a character's name: --create '012345678901234567890123': it has 4 to 23 "
          "bytes\n");
    fails("192.0.2.1 --user u --create abc",
          "ropp: not a character's name: --create 'abc': it has 4 to 23 bytes\n");
    takes("192.0.2.1 --packetver 20100728");
    takes("192.0.2.1 --packetver 99999999");
    fails(
        "192.0.2.1 --packetver 20100727",
        "ropp: not a known version: --packetver '20100727': give the client's date, from 20100728 "
        "on, as in 20211103\n");
    fails("192.0.2.1 --packetver 100000000",
          "ropp: not a known version: --packetver '100000000': give the client's date, from "
          "20100728 on, as in 20211103\n");
    fails(
        "192.0.2.1 --packetver=x",
        "ropp: not a known version: --packetver 'x': give the client's date, from 20100728 on, as "
        "in 20211103\n");
    snprintf(line, sizeof line, "192.0.2.1");
    for (int i = 1; i <= 8; i++)
        snprintf(line + strlen(line), sizeof line - strlen(line), " --must-not-contain=::%d", i);
    takes(line);
    assert_int_equal(options.hidden_count, 8);
    at_is(&options.hidden[7], "[::8]:0");
    strcat(line, " --must-not-contain=::9");
    fails(line, "ropp: too many: --must-not-contain '::9': at most 8\n");
}

static void test_words(void **state)
{
    (void)state;
    takes("192.0.2.1 --until login");
    assert_int_equal(options.until, ROPP_LEG_LOGIN);
    takes("192.0.2.1 --user u --until login");
    assert_int_equal(options.until, ROPP_LEG_LOGIN);
    takes("192.0.2.1 --user u --until map");
    assert_int_equal(options.until, ROPP_LEG_MAP);
    fails("192.0.2.1 --until maps", "ropp: no such place: --until 'maps': it is login, char or "
                                    "map\n");
    fails("192.0.2.1 --header v3", "ropp: no such header: --header 'v3': it is v1, v2 or none\n");
    fails("192.0.2.1 --keys 1,2", "ropp: not three keys: --keys '1,2': give them as in "
                                  "0x12345678,0x9abcdef0,0x13579bdf\n");
    fails("192.0.2.1 --claim here", "ropp: not an address: --claim 'here': give an IPv4 or IPv6 "
                                    "address, as in 192.0.2.1:6900 or [2001:db8::1]:6900\n");
    fails("192.0.2.1 --dest here", "ropp: not an address: --dest 'here': give an IPv4 or IPv6 "
                                   "address, as in 192.0.2.1:6900 or [2001:db8::1]:6900\n");
    fails("192.0.2.1 --from here", "ropp: not an address: --from 'here': give an IPv4 or IPv6 "
                                   "address, as in 192.0.2.1 or [2001:db8::1]\n");
    fails("192.0.2.1 --must-not-contain here",
          "ropp: not an address: --must-not-contain 'here': give an IPv4 or IPv6 address, as in "
          "192.0.2.1 or [2001:db8::1]\n");
    fails("192.0.2.1 --char-at 192.0.2.1", "ropp: not an address with its port: --char-at "
                                           "'192.0.2.1': give one as in 192.0.2.1:6121\n");
    fails("192.0.2.1 --map-at 192.0.2.1:0", "ropp: not an address with its port: --map-at "
                                            "'192.0.2.1:0': give one as in 192.0.2.1:6121\n");
    fails("192.0.2.1 --map-at x",
          "ropp: not an address with its port: --map-at 'x': give one as in "
          "192.0.2.1:6121\n");
}

static void test_what_does_not_go_together(void **state)
{
    static const char no_way[] = "ropp: the servers will name the address in --dest, which is the "
                                 "proxy's: --until: give the "
                                 "origin's with --char-at and --map-at, or --until login\n";

    (void)state;
    fails("", "ropp: no host: what to probe: give HOST:PORT, see `ropp probe --help`\n");
    fails("192.0.2.1 --until char", "ropp: no account: --until: a made-up user comes no further "
                                    "than login: give --user\n");
    fails("192.0.2.1 --pass-file f",
          "ropp: a password without an account: --pass-file: give --user\n");
    fails("192.0.2.1 --create Hero",
          "ropp: no use for a character: --create: it goes with --user and --until map\n");
    fails("192.0.2.1 --user u --until char --create Hero",
          "ropp: no use for a character: --create: it goes with --user and --until map\n");
    fails("192.0.2.1 --header v1",
          "ropp: a header without a player: --header: say with --claim who the player is\n");
    fails("192.0.2.1 --claim 192.0.2.3",
          "ropp: no header to put it in: --claim, --dest: give --header v1 or v2\n");
    fails("192.0.2.1 --dest 192.0.2.3",
          "ropp: no header to put it in: --claim, --dest: give --header v1 or v2\n");
    fails("192.0.2.1 --user u --header v1 --claim 192.0.2.3 --dest 192.0.2.4", no_way);
    fails("192.0.2.1 --user u --header v1 --claim 192.0.2.3 --dest 192.0.2.4 --char-at 192.0.2.5:6",
          no_way);
    fails("192.0.2.1 --user u --header v1 --claim 192.0.2.3 --dest 192.0.2.4 --map-at 192.0.2.5:6",
          no_way);
    fails("192.0.2.1 --user u --until char --header v1 --claim 192.0.2.3 --dest 192.0.2.4 --map-at "
          "192.0.2.5:6",
          no_way);
    fails("192.0.2.1 --from ::1",
          "ropp: an IPv4 and an IPv6 address: --from and '192.0.2.1': give both of one kind\n");
    takes("2001:db8::1 --from ::1");
    at_is(&options.to, "[2001:db8::1]:6900");
}

/* ---- hosts ---- */

static void test_hosts(void **state)
{
    static const char *const wrong[] = {
        "192.0.2.1:0",  "192.0.2.1:65536",   "192.0.2.1:x",    "192.0.2.1:", ":6900",
        "[2001:db8::1", "[2001:db8::1]6900", "[2001:db8::1]:", "[]",         "[]:6900",
    };
    char name[300], message[400];

    (void)state;
    takes("192.0.2.1:1");
    at_is(&options.to, "192.0.2.1:1");
    takes("192.0.2.1:65535");
    at_is(&options.to, "192.0.2.1:65535");
    takes("2001:db8::1");
    at_is(&options.to, "[2001:db8::1]:6900");
    takes("[2001:db8::1]");
    at_is(&options.to, "[2001:db8::1]:6900");
    takes("[2001:db8::1]:77");
    at_is(&options.to, "[2001:db8::1]:77");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(message, sizeof message,
                 "ropp: not a host and a port: '%s': give HOST:PORT, as in play.example.org:6900\n",
                 wrong[i]);
        fails(wrong[i], message);
    }
    assert_string_equal(looked_up, "");
    /* The longest name, and one that is longer. */
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    found_family = AF_INET;
    takes(name);
    name[255] = 'n';
    name[256] = '\0';
    snprintf(message, sizeof message,
             "ropp: not a host and a port: '%s': give HOST:PORT, as in play.example.org:6900\n",
             name);
    fails(name, message);
}

static void looks_up(const char *line, int family, const char *wanted, bool good)
{
    looked_up[0] = '\0';
    freed = 0;
    found_family = family;
    if (reads(line) != good)
        fail_msg("%s", err.text);
    assert_string_equal(looked_up, wanted);
    assert_int_equal(freed, good);
}

/* An IPv4 address first, as the game's client; only one of the family that is asked for. */
static void test_names(void **state)
{
    (void)state;
    looks_up("play.example.org", AF_INET, "play.example.org 6900 4 ", true);
    at_is(&options.to, "192.0.2.5:77");
    looks_up("play.example.org:6901", AF_INET6, "play.example.org 6901 4 play.example.org 6901 6 ",
             true);
    at_is(&options.to, "[2001:db8::5]:77");
    looks_up("play.example.org --from 192.0.2.1", AF_INET, "play.example.org 6900 4 ", true);
    looks_up("play.example.org --from 192.0.2.1", AF_INET6, "play.example.org 6900 4 ", false);
    looks_up("play.example.org --from ::1", AF_INET6, "play.example.org 6900 6 ", true);
    looks_up("play.example.org --from ::1", AF_INET, "play.example.org 6900 6 ", false);
    looks_up("play.example.org", 0, "play.example.org 6900 4 play.example.org 6900 6 ", false);
    assert_string_equal(err.text,
                        "ropp: unknown host: play.example.org (Name or service not known): look "
                        "whether the name is right and DNS answers\n");
    looks_up("[play.example.org]:9", AF_INET, "play.example.org 9 4 ", true);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_alone, begin),
        cmocka_unit_test_setup(test_together, begin),
        cmocka_unit_test_setup(test_headers, begin),
        cmocka_unit_test_setup(test_limits, begin),
        cmocka_unit_test_setup(test_words, begin),
        cmocka_unit_test_setup(test_what_does_not_go_together, begin),
        cmocka_unit_test_setup(test_hosts, begin),
        cmocka_unit_test_setup(test_names, begin),
    };

    return UNIT_RUN(argc, argv, "probe options", tests, NULL, NULL);
}
