// SPDX-License-Identifier: MIT
/* Any bytes as what `ropp decode` is given: capture files, dumps, hex digits, strings. It is read
 * without harm and twice the same, and what it reports keeps the bounds it promises. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "tools/decode/form.h"

struct found {
    size_t captures;
    uint64_t total, sum; /* of all bytes */
};

/* Every byte that is reported is looked at, so that a sanitizer sees one that is not there. */
static void on_capture(void *context, const struct ropp_capture *capture)
{
    struct found *found = (struct found *)context;
    struct ropp_header header;
    size_t i;

    FUZZ_CHECK(capture->kept <= ROPP_HEADER_MAX && capture->kept <= capture->total);
    FUZZ_CHECK(capture->kept == capture->total || capture->kept == ROPP_HEADER_MAX);
    FUZZ_CHECK(!capture->has_gap || capture->has_ends);
    FUZZ_CHECK(!capture->has_ends || capture->from.addr.family == capture->to.addr.family);
    for (i = 0; i < capture->kept; i++)
        found->sum = found->sum * 31 + capture->bytes[i];
    ropp_header_init(&header);
    ropp_header_feed(&header, capture->bytes, capture->kept);
    found->total += capture->total;
    found->captures++;
}

static void check(const struct ropp_reading *reading, const struct found *found, bool good,
                  size_t size)
{
    bool packets = reading->form == ROPP_FORM_PCAP || reading->form == ROPP_FORM_PCAPNG ||
                   reading->form == ROPP_FORM_PACKETS;

    FUZZ_CHECK(good == (reading->error == ROPP_FORM_GOOD));
    FUZZ_CHECK(ropp_form_name(reading->form)[0] != '\0');
    FUZZ_CHECK(reading->segments <= reading->packets || reading->form == ROPP_FORM_DUMP);
    if (!good)
        return;
    if (packets)
        FUZZ_CHECK(found->captures + reading->silent == reading->connections);
    else
        FUZZ_CHECK(found->captures > 0);
    if (reading->form != ROPP_FORM_DUMP && reading->form != ROPP_FORM_PACKETS)
        FUZZ_CHECK(found->total <= size);
}

static void read_twice(const uint8_t *data, size_t size, bool only_text)
{
    struct ropp_reading reading, again;
    struct found found = {0, 0, 0}, same = {0, 0, 0};
    bool good = ropp_form_read(data, size, only_text, on_capture, &found, &reading);

    check(&reading, &found, good, size);
    FUZZ_CHECK(ropp_form_read(data, size, only_text, on_capture, &same, &again) == good);
    FUZZ_CHECK(reading.form == again.form && reading.error == again.error);
    FUZZ_CHECK(found.captures == same.captures && found.total == same.total);
    FUZZ_CHECK(found.sum == same.sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_twice(data, size, false);
    read_twice(data, size, true);
    return 0;
}
