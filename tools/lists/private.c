// SPDX-License-Identifier: MIT
#include "tools/lists/private.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Ascending, and apart from each other. */
static const struct ropp_range private_v4[] = {
    {ROPP_FAMILY_INET, {0, 0x00000000}, {0, 0x00ffffff}}, /* 0.0.0.0/8: no address at all */
    {ROPP_FAMILY_INET, {0, 0x0a000000}, {0, 0x0affffff}}, /* 10.0.0.0/8: private */
    {ROPP_FAMILY_INET, {0, 0x64400000}, {0, 0x647fffff}}, /* 100.64.0.0/10: shared by providers */
    {ROPP_FAMILY_INET, {0, 0x7f000000}, {0, 0x7fffffff}}, /* 127.0.0.0/8: loopback */
    {ROPP_FAMILY_INET, {0, 0xa9fe0000}, {0, 0xa9feffff}}, /* 169.254.0.0/16: link-local */
    {ROPP_FAMILY_INET, {0, 0xac100000}, {0, 0xac1fffff}}, /* 172.16.0.0/12: private */
    {ROPP_FAMILY_INET, {0, 0xc0000000}, {0, 0xc00000ff}}, /* 192.0.0.0/24: of protocols */
    {ROPP_FAMILY_INET, {0, 0xc0a80000}, {0, 0xc0a8ffff}}, /* 192.168.0.0/16: private */
    {ROPP_FAMILY_INET, {0, 0xc6120000}, {0, 0xc613ffff}}, /* 198.18.0.0/15: laboratories */
    {ROPP_FAMILY_INET, {0, 0xe0000000}, {0, 0xffffffff}}, /* 224.0.0.0/3: multicast, reserved */
};

/* What is not 2000::/3: ::1, fc00::/7, fe80::/10, ff00::/8 and all that nobody has been given. */
static const struct ropp_range private_v6[] = {
    {ROPP_FAMILY_INET6, {0, 0}, {UINT64_C(0x1fffffffffffffff), UINT64_MAX}},
    {ROPP_FAMILY_INET6, {UINT64_C(0x4000000000000000), 0}, {UINT64_MAX, UINT64_MAX}},
};

bool ropp_private_first(const struct ropp_range *range, struct ropp_range *out)
{
    bool is_v4 = range->family == ROPP_FAMILY_INET;
    const struct ropp_range *network = is_v4 ? private_v4 : private_v6;
    const struct ropp_range *end = network + (is_v4 ? COUNT_OF(private_v4) : COUNT_OF(private_v6));

    while (network < end && ropp_number_compare(network->last, range->first) < 0)
        network++;
    if (network == end || ropp_number_compare(network->first, range->last) > 0)
        return false;
    *out = *network;
    if (ropp_number_compare(out->first, range->first) < 0)
        out->first = range->first;
    if (ropp_number_compare(out->last, range->last) > 0)
        out->last = range->last;
    return true;
}
