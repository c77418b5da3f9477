// SPDX-License-Identifier: MIT
#include "core/reason.h"

const char *ropp_reason_name(enum ropp_reason reason)
{
    switch (reason) {
    case ROPP_REASON_NONE:
        return "none";
#define ROPP_REASON_CASE(name, key, text)                                                          \
    case ROPP_REASON_##name:                                                                       \
        return key;
        ROPP_REASONS(ROPP_REASON_CASE)
#undef ROPP_REASON_CASE
    case ROPP_REASON_COUNT:
        break;
    }
    return "unknown";
}

const char *ropp_reason_text(enum ropp_reason reason)
{
    switch (reason) {
    case ROPP_REASON_NONE:
        return "Nothing is wrong.";
#define ROPP_REASON_CASE(name, key, text)                                                          \
    case ROPP_REASON_##name:                                                                       \
        return text;
        ROPP_REASONS(ROPP_REASON_CASE)
#undef ROPP_REASON_CASE
    case ROPP_REASON_COUNT:
        break;
    }
    return "No such reason.";
}
