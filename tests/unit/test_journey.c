// SPDX-License-Identifier: MIT
/* What a leg of a player's way has from the leg before. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/player/journey.h"

static struct ropp_plan plan;

static int begin(void **state)
{
    (void)state;
    memset(&plan, 0, sizeof plan);
    return 0;
}

static void set(struct ropp_hostport *where, const char *text)
{
    assert_true(ropp_hostport_parse(text, 1, where));
}

static void is(const struct ropp_hostport *where, const char *text)
{
    char got[ROPP_HOSTPORT_TEXT];

    assert_true(where->length > 0);
    ropp_hostport_format(where, got);
    assert_string_equal(got, text);
}

static void test_all_from_the_first(void **state)
{
    size_t i;

    (void)state;
    set(&plan.legs[0].to, "192.0.2.1:6900");
    set(&plan.legs[0].from, "192.0.2.2:2");
    set(&plan.legs[0].claim, "192.0.2.3:3");
    set(&plan.legs[0].destination, "192.0.2.4:4");
    plan.legs[0].sender = ROPP_SENDER_V2;
    plan.legs[0].sender_set = true;
    ropp_plan_complete(&plan);
    for (i = 1; i < ROPP_LEG_COUNT; i++) {
        assert_int_equal(plan.legs[i].to.length, 0); /* where the servers say */
        is(&plan.legs[i].from, "192.0.2.2:2");
        is(&plan.legs[i].claim, "192.0.2.3:3");
        is(&plan.legs[i].destination, "192.0.2.4:4");
        assert_int_equal(plan.legs[i].sender, ROPP_SENDER_V2);
    }
}

/* What a leg has itself stays, and is what the next one has. */
static void test_a_leg_of_its_own(void **state)
{
    struct ropp_leg_plan *leg = &plan.legs[ROPP_LEG_CHAR];

    (void)state;
    set(&plan.legs[0].from, "192.0.2.2:2");
    plan.legs[0].sender = ROPP_SENDER_V2;
    set(&leg->from, "192.0.2.5:5");
    set(&leg->claim, "192.0.2.6:6");
    set(&leg->destination, "192.0.2.7:7");
    leg->sender = ROPP_SENDER_NONE;
    leg->sender_set = true;
    ropp_plan_complete(&plan);
    is(&plan.legs[0].from, "192.0.2.2:2");
    assert_int_equal(plan.legs[0].sender, ROPP_SENDER_V2);
    for (; leg <= &plan.legs[ROPP_LEG_AGAIN]; leg++) {
        is(&leg->from, "192.0.2.5:5");
        is(&leg->claim, "192.0.2.6:6");
        is(&leg->destination, "192.0.2.7:7");
        assert_int_equal(leg->sender, ROPP_SENDER_NONE);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_all_from_the_first, begin),
        cmocka_unit_test_setup(test_a_leg_of_its_own, begin),
    };
    return UNIT_RUN(argc, argv, "journey", tests, NULL, NULL);
}
