/* `play`: players who go the whole way. */
#include "tests/player/commands.h"

#include <stdio.h>

static struct ropp_plan plan_from(const struct ropp_options *options)
{
    struct ropp_plan plan = options->plan;
    struct ropp_leg_plan *login = &plan.legs[ROPP_LEG_LOGIN];
    login->to = options->to;
    login->from = options->from;
    login->claim = options->claim;
    login->destination = options->destination;
    login->sender_set = true;
    login->sender = options->sender;
    ropp_plan_complete(&plan);
    plan.user = options->user;
    plan.password = options->password;
    plan.from_each = options->from_each;
    plan.claim_each = options->claim_each;
    plan.count = options->count;
    plan.spread_ms = options->spread_ms;
    plan.timeout_ms = options->timeout_ms;
    plan.stay_ms = options->stay_ms;
    return plan;
}

/* Looks for every address that must not be there, in all that was received. */
static size_t search(const struct ropp_options *options, const struct ropp_journeys *journeys)
{
    size_t found = 0;
    size_t searched = 0;
    if (options->hidden_count == 0)
        return 0;
    for (unsigned i = 0; i < options->count; i++) {
        const struct ropp_trace *trace = ropp_journeys_trace(journeys, i);
        searched += ropp_trace_length(trace);
        for (size_t h = 0; h < options->hidden_count; h++)
            found += ropp_trace_search(trace, i, &options->hidden[h]);
    }
    printf("searched bytes=%zu found=%zu\n", searched, found);
    return found;
}

int ropp_player_play(const struct ropp_options *options)
{
    struct ropp_plan plan = plan_from(options);
    struct ropp_journeys *journeys = ropp_journeys_begin(&plan);
    int status = ROPP_PLAYER_FAILED;
    if (journeys == NULL)
        return ROPP_PLAYER_USAGE;
    if (!ropp_journeys_run(journeys)) {
        perror("player");
    } else {
        unsigned arrived = ropp_journeys_arrived(journeys);
        size_t found = search(options, journeys);
        printf("arrived count=%u of=%u\n", arrived, plan.count);
        if (arrived == plan.count && found == 0)
            status = ROPP_PLAYER_OK;
    }
    ropp_journeys_free(journeys);
    return status;
}
