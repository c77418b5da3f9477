// SPDX-License-Identifier: MIT
#include "tools/hop/prefer.h"

static size_t fastest_of(const int64_t *ms, size_t count, size_t way)
{
    for (size_t i = 0; i < count; i++)
        if (ms[i] >= 0 && ms[i] < ms[way])
            way = i;
    return way;
}

bool ropp_prefer(struct ropp_preference *preference, const int64_t *ms, size_t count)
{
    const int64_t now_ms = ms[preference->way];
    const size_t fastest = fastest_of(ms, count, preference->way);

    if (now_ms < 0 || ms[fastest] + ROPP_PREFER_MS > now_ms ||
        ms[fastest] * 100 > now_ms * (100 - ROPP_PREFER_PERCENT)) {
        preference->times = 0;
        return false;
    }
    if (preference->rival != fastest) {
        preference->rival = fastest;
        preference->times = 0;
    }
    if (++preference->times < ROPP_PREFER_ROUNDS)
        return false;
    preference->way = fastest; /* which is no rival any more */
    return true;
}
