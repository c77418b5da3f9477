// SPDX-License-Identifier: MIT
/* Addresses and prefixes on any text: the C library accepts the same addresses and reads the same
 * bytes, and what is written is read back as the same. */
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/addr.h"

static void check_addr(const char *text, size_t len, const char *terminated)
{
    char written[ROPP_ADDR_TEXT];
    struct ropp_addr addr, again, reference;
    bool v4, v6;
    size_t used;

    memset(&reference, 0, sizeof reference);
    v4 = inet_pton(AF_INET, terminated, reference.bytes) == 1;
    v6 = !v4 && inet_pton(AF_INET6, terminated, reference.bytes) == 1;
    FUZZ_CHECK(ropp_addr_parse(text, len, &addr) == (v4 || v6));
    if (!v4 && !v6)
        return;
    reference.family = v4 ? ROPP_FAMILY_INET : ROPP_FAMILY_INET6;
    ropp_addr_unwrap(&reference);
    FUZZ_CHECK(ropp_addr_equal(&addr, &reference));
    used = ropp_addr_format(&addr, written);
    FUZZ_CHECK(used < sizeof written && strlen(written) == used);
    FUZZ_CHECK(ropp_addr_parse(written, used, &again) && ropp_addr_equal(&addr, &again));
}

static void check_prefix(const char *text, size_t len)
{
    char written[ROPP_PREFIX_TEXT];
    struct ropp_prefix prefix, again;
    enum ropp_prefix_error error = ropp_prefix_parse(text, len, &prefix);
    size_t used;

    FUZZ_CHECK(ropp_prefix_error_text(error) != NULL);
    if (error != ROPP_PREFIX_OK)
        return;
    FUZZ_CHECK(ropp_prefix_contains(&prefix, &prefix.addr));
    used = ropp_prefix_format(&prefix, written);
    FUZZ_CHECK(used < sizeof written && strlen(written) == used);
    FUZZ_CHECK(ropp_prefix_parse(written, used, &again) == ROPP_PREFIX_OK);
    FUZZ_CHECK(again.length == prefix.length && ropp_addr_equal(&again.addr, &prefix.addr));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char terminated[128];
    const char *text = (const char *)data;

    check_prefix(text, size);
    if (size >= sizeof terminated || memchr(data, 0, size) != NULL)
        return 0;
    memcpy(terminated, data, size);
    terminated[size] = '\0';
    check_addr(text, size, terminated);
    return 0;
}
