// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/policy.h"
#include "core/standin.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

static enum ropp_verdict judge(enum ropp_mode mode, const char *peer)
{
    struct ropp_prefix trusted[2], direct[2];
    struct ropp_policy policy;
    struct ropp_addr from = addr(peer);

    trusted[0] = prefix("192.0.2.0/24");
    trusted[1] = prefix("127.0.0.1");
    direct[0] = prefix("127.0.0.1");
    direct[1] = prefix("198.51.100.7/32");
    policy.mode = mode;
    policy.trusted.items = trusted;
    policy.trusted.count = 2;
    policy.direct.items = direct;
    policy.direct.count = 2;
    return ropp_policy_judge(&policy, &from);
}

static void test_off(void **state)
{
    (void)state;
    assert_int_equal(judge(ROPP_MODE_OFF, "192.0.2.1"), ROPP_VERDICT_STOCK);
    assert_int_equal(judge(ROPP_MODE_OFF, "203.0.113.1"), ROPP_VERDICT_STOCK);
    assert_int_equal(judge(ROPP_MODE_OFF, "127.0.0.1"), ROPP_VERDICT_STOCK);
}

static void test_on(void **state)
{
    (void)state;
    assert_int_equal(judge(ROPP_MODE_ON, "192.0.2.1"), ROPP_VERDICT_HEADER);
    assert_int_equal(judge(ROPP_MODE_ON, "198.51.100.7"), ROPP_VERDICT_DIRECT);
    assert_int_equal(judge(ROPP_MODE_ON, "127.0.0.1"), ROPP_VERDICT_EITHER);
    assert_int_equal(judge(ROPP_MODE_ON, "203.0.113.1"), ROPP_VERDICT_DIRECT);
}

static void test_strict(void **state)
{
    (void)state;
    assert_int_equal(judge(ROPP_MODE_STRICT, "192.0.2.255"), ROPP_VERDICT_HEADER);
    assert_int_equal(judge(ROPP_MODE_STRICT, "198.51.100.7"), ROPP_VERDICT_DIRECT);
    assert_int_equal(judge(ROPP_MODE_STRICT, "127.0.0.1"), ROPP_VERDICT_EITHER);
    assert_int_equal(judge(ROPP_MODE_STRICT, "203.0.113.1"), ROPP_VERDICT_REFUSE);
    assert_int_equal(judge(ROPP_MODE_STRICT, "192.0.3.0"), ROPP_VERDICT_REFUSE);
}

/* A v4 list also covers who comes through NAT64. */
static void test_nat64(void **state)
{
    (void)state;
    assert_int_equal(judge(ROPP_MODE_ON, "64:ff9b::192.0.2.1"), ROPP_VERDICT_HEADER);
    assert_int_equal(judge(ROPP_MODE_ON, "64:ff9b:1::192.0.2.1"), ROPP_VERDICT_DIRECT);
}

static void test_ipv4_keeps_its_address(void **state)
{
    struct ropp_addr a = addr("203.0.113.9"), none;

    (void)state;
    memset(&none, 0, sizeof none);
    assert_int_equal(ropp_client_addr(&a, NULL), 0xcb007109);
    assert_int_equal(ropp_client_addr(&none, NULL), 0);
}

/* The values are part of the contract: every server of a cluster, of whatever version, computes
 * them. */
static void test_standin_is_stable(void **state)
{
    struct ropp_addr a = addr("2001:db8::1"), b = addr("2001:db8:0:0:ffff::2"),
                     c = addr("2001:db8:0:1::1");

    (void)state;
    assert_int_equal(ropp_client_addr(&a, NULL), 0xf2953f81);
    assert_int_equal(ropp_client_addr(&a, NULL), ropp_client_addr(&b, NULL));
    assert_int_not_equal(ropp_client_addr(&a, NULL), ropp_client_addr(&c, NULL));
}

static void test_standin_range(void **state)
{
    struct ropp_addr a = addr("2001:db8::");
    uint32_t seen[16] = {0}, standin;
    unsigned i;

    (void)state;
    for (i = 0; i < 65536; i++) {
        a.bytes[6] = (uint8_t)(i >> 8);
        a.bytes[7] = (uint8_t)i;
        standin = ropp_client_addr(&a, NULL);
        assert_int_equal(standin >> 28, 0xf);
        assert_int_not_equal(standin, 0xffffffff);
        seen[standin >> 24 & 0xf]++;
    }
    /* Neighbouring networks spread over the whole range: 4096 each, give or take. */
    for (i = 0; i < 16; i++)
        assert_in_range(seen[i], 3800, 4400);
}

/* The network whose stand-in would be the broadcast address. */
static void test_standin_is_no_broadcast(void **state)
{
    struct ropp_addr a = addr("fdec:40cb:6536:de9f::1");

    (void)state;
    assert_int_equal(ropp_client_addr(&a, NULL), 0xfffffffe);
}

/* SipHash-2-4's own test vector: the key 00..0f; the message 00..07, whose hash is
 * 0x93f5f5799a932462. */
static void test_standin_with_key(void **state)
{
    struct ropp_standin_key key = {true,
                                   {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
    struct ropp_standin_key one = {false, {0, 0}}, other = {false, {0, 0}};
    struct ropp_addr a, v4 = addr("203.0.113.9");
    unsigned i;

    (void)state;
    memset(&a, 0, sizeof a);
    a.family = ROPP_FAMILY_INET6;
    for (i = 0; i < 8; i++)
        a.bytes[i] = (uint8_t)i;
    assert_int_equal(ropp_client_addr(&a, &key), 0xf93f5f57);
    assert_int_equal(ropp_client_addr(&a, &one), ropp_client_addr(&a, NULL)); /* not set */
    ropp_standin_key_set(&one, "a key of this cluster", 21);
    ropp_standin_key_set(&other, "a key of that cluster", 21);
    assert_int_not_equal(ropp_client_addr(&a, &one), ropp_client_addr(&a, &other));
    assert_int_equal(ropp_client_addr(&a, &one) >> 28, 0xf);
    assert_int_equal(ropp_client_addr(&v4, &one), 0xcb007109);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_on),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_nat64),
        cmocka_unit_test(test_ipv4_keeps_its_address),
        cmocka_unit_test(test_standin_is_stable),
        cmocka_unit_test(test_standin_range),
        cmocka_unit_test(test_standin_is_no_broadcast),
        cmocka_unit_test(test_standin_with_key),
    };

    return UNIT_RUN(argc, argv, "policy", tests, NULL, NULL);
}
