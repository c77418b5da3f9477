// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "core/crc32c.h"
#include "tests/unit/unit.h"
#include "tools/probe/verdict.h"

/* ---- addresses ---- */

static void test_addresses(void **state)
{
    static const struct {
        const char *dialled;
        uint8_t ip[4];
        enum ropp_probe_way way;
    } cases[] = {
        {"198.51.100.7:6900", {198, 51, 100, 7}, ROPP_WAY_SAME},
        {"198.51.100.7:6900", {198, 51, 100, 8}, ROPP_WAY_OTHER},
        {"198.51.100.7:6900", {10, 0, 0, 5}, ROPP_WAY_UNDIALABLE},
        {"198.51.100.7:6900", {192, 168, 1, 5}, ROPP_WAY_UNDIALABLE},
        {"198.51.100.7:6900", {127, 0, 0, 1}, ROPP_WAY_UNDIALABLE},
        {"198.51.100.7:6900", {0, 0, 0, 0}, ROPP_WAY_UNDIALABLE},
        {"10.0.0.5:6900", {10, 0, 0, 5}, ROPP_WAY_SAME},
        {"10.0.0.5:6900", {192, 168, 1, 5}, ROPP_WAY_OTHER},
        {"10.0.0.5:6900", {198, 51, 100, 7}, ROPP_WAY_OTHER},
        {"10.0.0.5:6900", {127, 0, 0, 1}, ROPP_WAY_UNDIALABLE},
        {"127.0.0.1:6900", {127, 0, 0, 2}, ROPP_WAY_OTHER},
        {"[::ffff:198.51.100.7]:6900", {198, 51, 100, 7}, ROPP_WAY_SAME},
        {"[2001:db8::1]:6900", {198, 51, 100, 7}, ROPP_WAY_OTHER},
        {"[2001:db8::1]:6900", {10, 0, 0, 5}, ROPP_WAY_UNDIALABLE},
        {"[2001:db8::1]:6900", {127, 0, 0, 1}, ROPP_WAY_UNDIALABLE},
        {"[::1]:6900", {127, 0, 0, 1}, ROPP_WAY_UNDIALABLE},
        {"[::ffff:127.0.0.1]:6900", {127, 0, 0, 1}, ROPP_WAY_SAME},
        {"[::ffff:127.0.0.1]:6900", {127, 0, 0, 2}, ROPP_WAY_OTHER},
        {"198.51.100.7:6900", {126, 0, 0, 1}, ROPP_WAY_OTHER},
        {"198.51.100.7:6900", {128, 0, 0, 1}, ROPP_WAY_OTHER},
        {"126.0.0.1:6900", {127, 0, 0, 1}, ROPP_WAY_UNDIALABLE},
        {"127.0.0.1:6900", {198, 51, 100, 7}, ROPP_WAY_OTHER},
        {"198.51.100.7:6900", {51, 198, 100, 7}, ROPP_WAY_OTHER},
        {"[c633:6407::]:6900", {198, 51, 100, 7}, ROPP_WAY_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ropp_hostport dialled;

        assert_true(ropp_hostport_parse(cases[i].dialled, 0, &dialled));
        if (ropp_probe_judge(&dialled, cases[i].ip) != cases[i].way)
            fail_msg("%s, sent to %u.%u.%u.%u", cases[i].dialled, cases[i].ip[0], cases[i].ip[1],
                     cases[i].ip[2], cases[i].ip[3]);
    }
}

/* ---- refusals ---- */

static void test_judged(void **state)
{
    static const unsigned packets[] = {0x006a, 0x083e, 0x0b02};

    (void)state;
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        assert_true(ropp_probe_is_judged(packets[i], 0));
        assert_true(ropp_probe_is_judged(packets[i], 1));
        assert_false(ropp_probe_is_judged(packets[i], 3));
    }
    assert_false(ropp_probe_is_judged(0x0081, 0));
    assert_false(ropp_probe_is_judged(0x0081, 1));
}

static void test_refusals(void **state)
{
    (void)state;
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_LOGIN, 0x006a, 0), "there is no such account");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_LOGIN, 0x083e, 1), "the password is wrong");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_LOGIN, 0x006a, 7), "the server is full");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_LOGIN, 0x006a, 8), "not let in");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_LOGIN, 0x006a, 0xffffffff), "not let in");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_CHAR, 0x0081, 1), "the server is closed");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_CHAR, 0x006e, 0),
                        "a character has that name already");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_MAP, 0x006a, 0), "the server does not let in");
}

/* Every packet and code that has words of its own, and the codes beside them. */
static void test_all_refusals(void **state)
{
    static const struct {
        unsigned packet, code;
        const char *words;
    } all[] = {
        {0x006a, 0, "there is no such account"},
        {0x006a, 1, "the password is wrong"},
        {0x006a, 2, "the account has expired"},
        {0x006a, 3, "rejected: as a banned address is"},
        {0x083e, 4, "the account is blocked"},
        {0x083e, 5, "the client's version or hash is not the server's"},
        {0x0b02, 6, "the account is banned for a time"},
        {0x0b02, 7, "the server is full"},
        {0x0b02, 8, "not let in"},
        {0x0081, 0, "disconnected by the server"},
        {0x0081, 1, "the server is closed"},
        {0x0081, 2, "somebody else has logged in with the account"},
        {0x0081, 3, "disconnected by the server"},
        {0x0081, 4, "the server is full"},
        {0x0081, 5, "disconnected by the server"},
        {0x0081, 7, "disconnected by the server"},
        {0x0081, 8, "the account is still online: try again in a minute"},
        {0x0081, 9, "disconnected by the server"},
        {0x0081, 14, "disconnected by the server"},
        {0x0081, 15, "disconnected by a game master"},
        {0x0081, 16, "disconnected by the server"},
        {0x006e, 0, "a character has that name already"},
        {0x006e, 1, "the server makes no such character"},
        {0x006e, 2, "the server does not take such a name"},
        {0x006e, 3, "the character's slot may not be used"},
        {0x006e, 4, "the server makes no such character"},
        {0x006c, 0, "the ticket, or the choice of a character, is refused"},
        {0x0840, 7, "no map server is there"},
        {0x0074, 0, "the server does not let in"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_string_equal(ropp_probe_refusal(ROPP_LEG_LOGIN, all[i].packet, all[i].code),
                            all[i].words);
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_CHAR, 0x006a, 1), "the server does not let in");
    assert_string_equal(ropp_probe_refusal(ROPP_LEG_MAP, 0x0081, 4), "the server is full");
}

/* ---- causes ---- */

static struct ropp_probe_outcome outcome(enum ropp_probe_result result, enum ropp_leg leg)
{
    return (struct ropp_probe_outcome){.result = result, .leg = leg};
}

static void expect(const struct ropp_probe_outcome *outcome, const char *word)
{
    const char *causes[ROPP_PROBE_CAUSES];
    size_t count = ropp_probe_causes(outcome, causes);

    for (size_t i = 0; i < count; i++)
        if (strstr(causes[i], word) != NULL)
            return;
    fail_msg("none of %zu causes of '%s' says %s", count, ropp_probe_result_name(outcome->result),
             word);
}

static void expect_first(const struct ropp_probe_outcome *outcome, const char *word)
{
    const char *causes[ROPP_PROBE_CAUSES] = {""};

    (void)ropp_probe_causes(outcome, causes);
    if (strstr(causes[0], word) == NULL)
        fail_msg("the first cause is not %s: %s", word, causes[0]);
}

static size_t place_of(const struct ropp_probe_outcome *outcome, const char *word)
{
    const char *causes[ROPP_PROBE_CAUSES];
    size_t count = ropp_probe_causes(outcome, causes), i;

    for (i = 0; i < count && strstr(causes[i], word) == NULL; i++)
        ;
    return i;
}

static void expect_before(const struct ropp_probe_outcome *outcome, const char *first,
                          const char *second)
{
    if (place_of(outcome, first) >= place_of(outcome, second))
        fail_msg("'%s' does not come before '%s'", first, second);
}

static void test_closed(void **state)
{
    struct ropp_probe_outcome plain = outcome(ROPP_PROBE_CLOSED, ROPP_LEG_LOGIN);
    struct ropp_probe_outcome map = outcome(ROPP_PROBE_CLOSED, ROPP_LEG_MAP);

    (void)state;
    expect(&plain, "send-proxy-v2");
    expect(&plain, "untrusted-peer");
    expect(&plain, "ipbanlist");
    plain.header = true;
    expect_first(&plain, "does not trust this machine");
    expect_first(&map, "--packetver");
    map.scrambles = true;
    expect_first(&map, "--keys");
    expect(&map, "--packetver");
    plain.scrambles = true;
    expect_first(&plain, "does not trust this machine");
}

/* A connection that says nothing shows which of the causes are likely. */
static void test_quiet(void **state)
{
    struct ropp_probe_outcome end = outcome(ROPP_PROBE_CLOSED, ROPP_LEG_LOGIN);
    static const char *const all[] = {"send-proxy-v2",       "names nobody",
                                      "a PROXY header from", "untrusted-peer",
                                      "reaches no server",   "preserve_client_ip",
                                      "proxy_unnamed: hop"};

    (void)state;
    end.quiet = ROPP_QUIET_CLOSED;
    expect_before(&end, "a PROXY header from", "send-proxy-v2");
    expect_before(&end, "a PROXY header from", "names nobody");
    expect_before(&end, "untrusted-peer", "names nobody");
    expect_before(&end, "reaches no server", "send-proxy-v2");
    end.quiet = ROPP_QUIET_OPEN;
    expect_before(&end, "send-proxy-v2", "a PROXY header from");
    expect_before(&end, "names nobody", "untrusted-peer");
    expect_before(&end, "names nobody", "reaches no server");
    for (int quiet = ROPP_QUIET_UNKNOWN; quiet <= ROPP_QUIET_OPEN; quiet++) {
        end.quiet = (enum ropp_probe_quiet)quiet;
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            expect(&end, all[i]);
    }
    end.header = true;
    expect_first(&end, "a PROXY header from");
}

static void test_no_answer(void **state)
{
    struct ropp_probe_outcome silent = outcome(ROPP_PROBE_SILENT, ROPP_LEG_LOGIN);
    struct ropp_probe_outcome down = outcome(ROPP_PROBE_UNREACHABLE, ROPP_LEG_LOGIN);

    (void)state;
    expect_first(&silent, "the proxy accepts");
    down.error = ECONNREFUSED;
    expect_first(&down, "nothing listens");
    down.error = ETIMEDOUT;
    expect_first(&down, "firewall");
    down.error = EADDRNOTAVAIL;
    expect_first(&down, "--from");
    down.error = ECONNREFUSED;
    down.leg = ROPP_LEG_CHAR;
    expect(&down, "login, char and map");
}

static void test_refused(void **state)
{
    struct ropp_probe_outcome refused = outcome(ROPP_PROBE_REFUSED, ROPP_LEG_CHAR);

    (void)state;
    refused.packet = 0x0081;
    refused.code = 1;
    expect_first(&refused, "no route back");
    refused.packet = 0x006c;
    expect_before(&refused, "PIN code", "proxy_auth_ip_check"); /* the one is on by default */
    expect(&refused, "proxy_auth_ip_check");
    expect(&refused, "PIN");
    refused.leg = ROPP_LEG_LOGIN;
    refused.packet = 0x006a;
    refused.code = 3;
    expect_first(&refused, "banned");
    refused.scrambles = true;
    expect_first(&refused, "banned");
    /* What rAthena's map server answers until 2016 to a packet it does not know. */
    refused.leg = ROPP_LEG_MAP;
    expect_first(&refused, "--keys");
    expect(&refused, "--packetver");
    refused.scrambles = false;
    expect_first(&refused, "--packetver");
}

/* Every end has a name, fits the room for its causes, and says what to do unless all is well. */
static void test_every_end(void **state)
{
    const char *causes[ROPP_PROBE_CAUSES];

    (void)state;
    for (int i = 0; i <= ROPP_PROBE_ERROR; i++)
        for (int leg = 0; leg < ROPP_LEG_COUNT; leg++) {
            struct ropp_probe_outcome end = outcome((enum ropp_probe_result)i, (enum ropp_leg)leg);
            size_t count;

            end.scrambles = true;
            count = ropp_probe_causes(&end, causes);
            assert_non_null(ropp_probe_result_name(end.result));
            assert_in_range(count, 0, ROPP_PROBE_CAUSES);
            if (ropp_probe_is_good(end.result))
                assert_int_equal(count, 0);
        }
    assert_true(ropp_probe_is_good(ROPP_PROBE_OK));
    assert_true(ropp_probe_is_good(ROPP_PROBE_ANSWERED));
    assert_false(ropp_probe_is_good(ROPP_PROBE_LEAK));
}

/* All causes of all ends, one behind the other. Whoever changes them takes the new sum over;
 * otherwise it stays. */
static void test_all_causes(void **state)
{
    static const unsigned packets[][2] = {{0, 0},      {0x0081, 1}, {0x0081, 2}, {0x006c, 0},
                                          {0x006a, 3}, {0x083e, 3}, {0x0b02, 3}, {0x006a, 1},
                                          {0x0069, 3}, {0x006e, 3}};
    static const int errors[] = {0, ECONNREFUSED, ETIMEDOUT, EADDRNOTAVAIL};
    const char *causes[ROPP_PROBE_CAUSES];
    uint32_t sum = 0;
    unsigned cases = 0;

    (void)state;
    for (unsigned i = 0; i < (ROPP_PROBE_ERROR + 1) * ROPP_LEG_COUNT * 2 * 2 * 3 * 10 * 4; i++) {
        unsigned rest = i;
        struct ropp_probe_outcome end = {.result = (enum ropp_probe_result)(rest % 11)};
        size_t count;

        end.leg = (enum ropp_leg)((rest /= 11) % ROPP_LEG_COUNT);
        end.header = (rest /= ROPP_LEG_COUNT) % 2;
        end.scrambles = (rest /= 2) % 2;
        end.quiet = (enum ropp_probe_quiet)((rest /= 2) % 3);
        end.packet = packets[(rest /= 3) % 10][0];
        end.code = packets[rest % 10][1];
        end.error = errors[rest / 10];
        count = ropp_probe_causes(&end, causes);
        for (size_t j = 0; j < count; j++)
            sum = ropp_crc32c(sum, (const uint8_t *)causes[j], strlen(causes[j]) + 1);
        sum = ropp_crc32c(sum, (const uint8_t *)ropp_probe_result_name(end.result), 2);
        cases++;
    }
    assert_int_equal(ROPP_PROBE_ERROR, 10);
    assert_int_equal(cases, 21120);
    if (sum != 0x2f33050d)
        fail_msg("the causes come to 0x%08x", (unsigned)sum);
}

static void test_names_of_ends(void **state)
{
    static const char *const names[] = {"ok",        "answered",     "refused", "closed",
                                        "silent",    "unreachable",  "unknown", "leak",
                                        "no-server", "no-character", "error"};

    (void)state;
    for (int i = 0; i <= ROPP_PROBE_ERROR; i++) {
        assert_string_equal(ropp_probe_result_name((enum ropp_probe_result)i), names[i]);
        assert_int_equal(ropp_probe_is_good((enum ropp_probe_result)i), i < 2);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),     cmocka_unit_test(test_judged),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_closed),
        cmocka_unit_test(test_quiet),         cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_every_end),
        cmocka_unit_test(test_all_refusals),  cmocka_unit_test(test_all_causes),
        cmocka_unit_test(test_names_of_ends),
    };

    return UNIT_RUN(argc, argv, "verdict", tests, NULL, NULL);
}
