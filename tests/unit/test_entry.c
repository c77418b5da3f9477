// SPDX-License-Identifier: MIT
/* Entries of the ban list without a database: how they are read and shown, which of them could hit
 * their owner, and what may be written for one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/ban/entry.h"
#include "tools/ban/guard.h"
#include "tools/ban/target.h"

static struct capture out, err;

/* ---- how long ---- */

#define NOW_S INT64_C(2000000000) /* 2033-05-18 03:33:20 */

static void end_is(int64_t expires_s, const char *wanted)
{
    char text[ROPP_END_TEXT];

    ropp_end_format(expires_s, NOW_S, text);
    assert_string_equal(text, wanted);
}

static void test_ends(void **state)
{
    (void)state;
    end_is(0, "for ever");
    end_is(NOW_S - 1, "until 2033-05-18 03:33, which is past");
    end_is(NOW_S, "until 2033-05-18 03:33, which is past");
    end_is(NOW_S + 1, "until 2033-05-18 03:33 (1 s)");
    end_is(NOW_S + 3600, "until 2033-05-18 04:33 (1 h 0 min)");
}

/* ---- as they are read ---- */

static struct ropp_entry entry_of(const char *id, const char *kind, const char *prefix,
                                  const char *reason, const char *source, const char *expires)
{
    const char *row[] = {id, kind, prefix, reason, "alice", source, "1800000001", expires};

    return ropp_entry_of((MYSQL_ROW)(uintptr_t)row);
}

static void test_rows(void **state)
{
    struct ropp_entry entry =
        entry_of("18446744073709551615", "allow", "192.0.2.0/24", "why", "list", "2000000002");
    struct ropp_table_entry row = ropp_entry_row(&entry);
    const char *nothing[8] = {NULL};

    (void)state;
    assert_true(entry.id == UINT64_MAX);
    assert_true(entry.allow);
    assert_string_equal(entry.prefix, "192.0.2.0/24");
    assert_int_equal(entry.network.length, 24);
    assert_string_equal(entry.reason, "why");
    assert_string_equal(entry.author, "alice");
    assert_string_equal(entry.source, "list");
    assert_int_equal(entry.created_s, 1800000001);
    assert_int_equal(entry.expires_s, 2000000002);
    assert_false(entry.login_only);
    assert_int_equal(row.kind, ROPP_TABLE_ALLOW);
    assert_int_equal(row.expires_s, 2000000002);
    assert_true(row.id == UINT64_MAX);
    assert_int_equal(row.prefix.length, 24);
    entry = entry_of("7", "ban", "nonsense", "", "manual", NULL);
    assert_false(entry.allow);
    assert_int_equal(entry.expires_s, 0);
    assert_int_equal(entry.network.addr.family, ROPP_FAMILY_UNSPEC);
    assert_int_equal(ropp_entry_row(&entry).kind, ROPP_TABLE_BAN);
    entry = ropp_entry_of((MYSQL_ROW)(uintptr_t)nothing);
    assert_int_equal(entry.id, 0);
    assert_string_equal(entry.prefix, "");
    assert_string_equal(entry.reason, "");
    assert_string_equal(entry.source, "");
}

/* ---- as they are shown ---- */

static void prints(const struct ropp_entry *entry, const struct ropp_connect *connect,
                   const char *wanted)
{
    capture_begin(&out, stdout);
    ropp_entry_print_add(entry, connect);
    capture_end(&out);
    assert_string_equal(out.text, wanted);
}

static void test_commands(void **state)
{
    static const struct ropp_connect none,
        some = {.tree = "a tree", .host = "h", .ask_password = true};
    struct ropp_entry entry = entry_of("1", "ban", "192.0.2.0/24", "", "manual", NULL);

    (void)state;
    prints(&entry, &none, "ropp ban add 192.0.2.0/24\n");
    prints(&entry, &some, "ropp ban add 192.0.2.0/24 --tree 'a tree' --host h --ask-password\n");
    entry = entry_of("1", "allow", "10.0.0.0/7", "it is", "list", "2000000002");
    prints(
        &entry, &none,
        "ropp ban add 10.0.0.0/7 --allow --source list --until 2033-05-18T03:33:22Z --reason 'it "
        "is'\n");
    entry = entry_of("1", "ban", "12.0.0.0/7", "", "manual", NULL);
    prints(&entry, &none, "ropp ban add 12.0.0.0/7 --force\n");
    entry = entry_of("1", "ban", "10.1.0.0/16", "", "manual", NULL);
    prints(&entry, &none, "ropp ban add 10.1.0.0/16 --force\n");
    entry = entry_of("1", "ban", "240.0.0.1/32", "", "manual", NULL);
    prints(&entry, &none, "ropp ban add 240.0.0.1/32\n");
}

static void test_reasons(void **state)
{
    struct ropp_entry entry = entry_of("1", "ban", "192.0.2.0/24", "red \x1b[31m", "manual", NULL);
    struct ropp_json json = {.out = stdout};

    (void)state;
    capture_begin(&out, stdout);
    ropp_entry_print_end(&entry, NOW_S);
    capture_end(&out);
    assert_string_equal(out.text, "for ever: red ?[31m");
    entry.reason = "";
    capture_begin(&out, stdout);
    ropp_entry_print_end(&entry, NOW_S);
    capture_end(&out);
    assert_string_equal(out.text, "for ever");
    capture_begin(&out, stdout);
    ropp_json_begin(&json, NULL, '{');
    ropp_entry_json(&json, "one", &entry);
    ropp_entry_json(&json, "none", NULL);
    ropp_json_done(&json, "}");
    capture_end(&out);
    assert_string_equal(out.text,
                        "{\"one\": {\"id\": 1, \"kind\": \"ban\", \"prefix\": \"192.0.2.0/24\", "
                        "\"reason\": \"\", \"author\": \"alice\", \"source\": \"manual\", "
                        "\"created\": \"2027-01-15T08:00:01Z\", \"expires\": null}, \"none\": "
                        "null}\n");
}

static void test_authors(void **state)
{
    (void)state;
    assert_int_equal(setenv("SUDO_USER", "sudoer", 1), 0);
    assert_string_equal(ropp_author("given"), "given");
    assert_string_equal(ropp_author(""), "");
    assert_string_equal(ropp_author(NULL), "sudoer");
    assert_int_equal(setenv("SUDO_USER", "", 1), 0);
    assert_string_not_equal(ropp_author(NULL), "");
    assert_int_equal(unsetenv("SUDO_USER"), 0);
    assert_string_not_equal(ropp_author(NULL), "sudoer");
}

/* ---- what could hit its owner ---- */

static struct ropp_prefix prefix_of(const char *text)
{
    struct ropp_prefix prefix;

    assert_int_equal(ropp_prefix_parse(text, strlen(text), &prefix), ROPP_PREFIX_OK);
    return prefix;
}

static void test_guards(void **state)
{
    static const struct {
        const char *text;
        bool wide, standin;
        const char *private; /* NULL: nothing of it is */
    } cases[] = {
        {"8.0.0.0/8", false, false, NULL},
        {"12.0.0.0/7", true, false, NULL},
        {"0.0.0.0/0", true, false, "0.0.0.0/8"},
        {"2a00::/16", false, false, NULL},
        {"2a00::/15", true, false, NULL},
        {"::/0", true, false, "::/3"},
        {"10.1.2.0/24", false, false, "10.1.2.0/24"},
        {"172.0.0.0/8", false, false, "172.16.0.0/12"},
        {"239.255.255.255", false, false, "239.255.255.255/32"},
        {"240.0.0.0", false, true, NULL},
        {"255.255.255.255", false, true, NULL},
        {"240.0.0.0/31", false, false, "240.0.0.0/31"},
        {"f000::/32", false, false, "f000::/32"},
        {"f000::/128", false, false, "f000::/128"},
    };
    struct ropp_prefix prefix, part;
    char text[ROPP_PREFIX_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        prefix = prefix_of(cases[i].text);
        assert_int_equal(ropp_guard_wide(&prefix), cases[i].wide);
        assert_int_equal(ropp_guard_standin(&prefix), cases[i].standin);
        assert_int_equal(ropp_guard_private(&prefix, &part), cases[i].private != NULL);
        if (cases[i].private == NULL)
            continue;
        ropp_prefix_format(&part, text);
        assert_string_equal(text, cases[i].private);
    }
}

/* ---- what may be written ---- */

static void target_is(const char *text, const char *wanted, bool widened)
{
    struct ropp_ban_target target;

    assert_true(ropp_target_prefix(text, &target));
    assert_string_equal(target.text, wanted);
    assert_int_equal(target.widened, widened);
}

static void no_target(const char *text, const char *message)
{
    struct ropp_ban_target target;
    bool good;

    capture_begin(&err, stderr);
    good = ropp_target_prefix(text, &target);
    capture_end(&err);
    assert_string_equal(err.text, message);
    assert_false(good);
}

static void test_targets(void **state)
{
    struct ropp_addr addr;

    (void)state;
    target_is("192.0.2.1", "192.0.2.1/32", false);
    target_is("192.0.2.0/24", "192.0.2.0/24", false);
    target_is("2001:db8::1", "2001:db8::/64", true);
    target_is("2001:db8::1/128", "2001:db8::1/128", false);
    target_is("::ffff:192.0.2.1", "192.0.2.1/32", false);
    target_is("::ffff:192.0.2.0/120", "192.0.2.0/24", false);
    no_target("192.0.2.1/24", "ropp: bits are set behind the prefix: 192.0.2.1/24: write "
                              "192.0.2.0/24, or 192.0.2.1 for the one address\n");
    no_target("192.0.2.3/31", "ropp: bits are set behind the prefix: 192.0.2.3/31: write "
                              "192.0.2.2/31, or 192.0.2.3 for the one address\n");
    no_target("2001:db8::1/64", "ropp: bits are set behind the prefix: 2001:db8::1/64: write "
                                "2001:db8::/64, or 2001:db8::1 for the one address\n");
    no_target("::ffff:192.0.2.1/96", "ropp: bits are set behind the prefix: ::ffff:192.0.2.1/96: "
                                     "write 0.0.0.0/0, or ::ffff:192.0.2.1 for the one address\n");
    no_target("192.0.*.*", "ropp: a pattern: '192.0.*.*': write 192.0.0.0/16\n");
    no_target("192.*.0.*", "ropp: no prefix: '192.*.0.*': write an IPv4 or IPv6 address such as "
                           "192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH\n");
    no_target("192.0.2.0/33", "ropp: no prefix: '192.0.2.0/33': write the length behind the slash "
                              "as a plain number, at most 32 for IPv4 and 128 for IPv6\n");
    assert_true(ropp_target_address("2001:db8::1", &addr));
    capture_begin(&err, stderr);
    assert_false(ropp_target_address("192.0.2.0/24", &addr));
    capture_end(&err);
    assert_string_equal(err.text, "ropp: no address: '192.0.2.0/24': write an IPv4 or IPv6 address "
                                  "such as 192.0.2.7 or 2001:db8::7\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),     cmocka_unit_test(test_rows),
        cmocka_unit_test(test_commands), cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_authors),  cmocka_unit_test(test_guards),
        cmocka_unit_test(test_targets),
    };

    setenv("TZ", "UTC0", 1);
    return UNIT_RUN(argc, argv, "entry", tests, NULL, NULL);
}
