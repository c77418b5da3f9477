// SPDX-License-Identifier: MIT
/* Lists as they are found in the world, and files that are none. What the reader says of a file is
 * written down as text: "PREFIX", "(PREFIX)" when it is set apart, "NUMBER:TEXT" for a bad line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/unit/unit.h"
#include "tools/lists/aggregate.h"
#include "tools/lists/jsondoc.h"
#include "tools/lists/listfile.h"

static const struct ropp_list_options by_default = {false, false, false};

static char path[] = "/tmp/ropp-listfile-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_plain(const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void write_gzip(const char *mode, const void *bytes, size_t size)
{
    gzFile file = gzopen(path, mode);

    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)size), (int)size);
    assert_int_equal(gzclose(file), Z_OK);
}

/* The bytes of the file; freed by the caller. */
static uint8_t *read_bytes(size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = (uint8_t *)malloc(1 << 20);

    assert_non_null(file);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

struct record {
    char text[8192];
    size_t used;
    enum ropp_list_mistake mistake; /* the last */
    uint64_t at, size;              /* the last of the progress */
    size_t turns;                   /* of the progress; ends when it comes to the end */
    size_t end;
    struct ropp_list_counts counts;
    char error[ROPP_ERROR_TEXT];
};

static struct record *the_record(void *context)
{
    return (struct record *)context;
}

static void record_text(struct record *record, const char *before, const char *text,
                        const char *behind)
{
    size_t room = sizeof record->text - record->used;
    int used = snprintf(record->text + record->used, room, "%s%s%s%s", record->used > 0 ? " " : "",
                        before, text, behind);

    assert_true(used >= 0 && (size_t)used < room);
    record->used += (size_t)used;
}

static void record_prefix(void *context, const struct ropp_prefix *prefix)
{
    char text[ROPP_PREFIX_TEXT];

    ropp_prefix_format(prefix, text);
    record_text(the_record(context), "", text, "");
}

static void record_apart(void *context, const struct ropp_prefix *prefix)
{
    char text[ROPP_PREFIX_TEXT];

    ropp_prefix_format(prefix, text);
    record_text(the_record(context), "(", text, ")");
}

static void record_bad(void *context, const struct ropp_list_line *line)
{
    char number[32];

    snprintf(number, sizeof number, "%" PRIu64 ":", line->number);
    record_text(the_record(context), number, line->text, "");
    the_record(context)->mistake = line->mistake;
}

static bool record_progress(void *context, uint64_t at, uint64_t size)
{
    struct record *record = the_record(context);

    assert_true(at >= record->at);
    assert_true(size == 0 || at <= size);
    record->at = at;
    record->size = size;
    return ++record->turns != record->end;
}

static enum ropp_list_result read_list(struct record *record,
                                       const struct ropp_list_options *options)
{
    const struct ropp_list_calls calls = {record, record_prefix, record_apart, record_bad,
                                          record_progress};
    size_t end = record->end;

    memset(record, 0, sizeof *record);
    record->end = end;
    return ropp_listfile_read(path, options, &calls, &record->counts, record->error);
}

static struct record read_with(const void *bytes, size_t size,
                               const struct ropp_list_options *options)
{
    struct record record;

    record.end = 0;
    write_plain(bytes, size);
    assert_int_equal(read_list(&record, options), ROPP_LIST_READ);
    assert_int_equal(record.counts.bytes, size);
    assert_int_equal(record.at, size);
    assert_int_equal(record.size, size);
    return record;
}

static struct record assert_list(const char *text, const char *expected)
{
    struct record record = read_with(text, strlen(text), &by_default);

    assert_string_equal(record.text, expected);
    return record;
}

static void assert_mistake(const char *line, enum ropp_list_mistake mistake)
{
    char expected[256];
    struct record record;

    snprintf(expected, sizeof expected, "1:%s", line);
    record = assert_list(line, expected);
    assert_int_equal(record.mistake, mistake);
    assert_int_equal(record.counts.bad_lines, 1);
    assert_int_equal(record.counts.entries, 0);
    assert_int_equal(record.counts.prefixes, 0);
    assert_non_null(ropp_list_mistake_text(mistake));
}

/* ---- the forms ---- */

static void test_forms(void **state)
{
    (void)state;
    assert_list("192.0.2.0/24\n", "192.0.2.0/24");
    assert_list("192.0.2.7\n", "192.0.2.7/32");
    assert_list("192.0.2.0-192.0.2.255\n", "192.0.2.0/24");
    assert_list("192.0.2.1 - 192.0.2.2\n", "192.0.2.1/32 192.0.2.2/32");
    assert_list("192.0.2.1\t-192.0.2.1\n", "192.0.2.1/32");
    assert_list("192.0.2.*\n203.0.*.*\n9.*.*.*\n", "192.0.2.0/24 203.0.0.0/16 9.0.0.0/8");
    assert_list("2001:db8::/32\n", "2001:db8::/32");
    assert_list("2001:db8:1:2:3::7\n", "2001:db8:1:2::/64");
    assert_list("2001:db8::7/128\n", "2001:db8::7/128");
    assert_list("2001:db8::-2001:db8::1\n", "2001:db8::/127");
    assert_list("::ffff:192.0.2.7\n::ffff:192.0.2.0/120\n", "192.0.2.7/32 192.0.2.0/24");
}

static void test_comments_and_blanks(void **state)
{
    struct record record = assert_list("# a list\n"
                                       "\n"
                                       "  \t \n"
                                       "; of Spamhaus\n"
                                       "192.0.2.0/24 ; SBL123\n"
                                       "198.51.100.7# here\n"
                                       "  203.0.113.0/24\t\n"
                                       "192.0.3.1-192.0.3.1 # a-b\n"
                                       "#",
                                       "192.0.2.0/24 198.51.100.7/32 203.0.113.0/24 192.0.3.1/32");

    (void)state;
    assert_int_equal(record.counts.lines, 9);
    assert_int_equal(record.counts.entries, 4);
    assert_int_equal(record.counts.prefixes, 4);
    assert_int_equal(record.counts.bad_lines, 0);
}

static void test_line_ends(void **state)
{
    (void)state;
    assert_list("192.0.2.1\r\n192.0.2.2\r\n", "192.0.2.1/32 192.0.2.2/32");
    assert_list("192.0.2.1", "192.0.2.1/32");
    assert_list("192.0.2.1\r", "192.0.2.1/32");
    assert_int_equal(assert_list("\n\n", "").counts.lines, 2);
    assert_list("\xef\xbb\xbf"
                "192.0.2.1\n",
                "192.0.2.1/32");
    assert_list("192.0.2.1\n\xef\xbb\xbf"
                "192.0.2.2\n",
                "192.0.2.1/32 2:???192.0.2.2");
}

static void test_json(void **state)
{
    static const char damaged[] = "{\"cidr\":\"192.0.2.0/24\" x\n{\"cidr\":\"198.51.100.0/24\"}\n";
    struct record record = assert_list(
        "{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\",\"rir\":\"arin\"}\n"
        " { \"sblid\" : \"SBL2\" , \"more\" : [1, {\"cidr\": \"x\"}], \"cidr\" : "
        "\"198.51.100.0\\/24\" } \r\n"
        "{\"type\":\"metadata\",\"timestamp\":1700000000,\"size\":2,\"terms\":\"https://a/#b\"}\n",
        "192.0.2.0/24 198.51.100.0/24");

    (void)state;
    assert_int_equal(record.counts.entries, 2);
    assert_int_equal(record.counts.bad_lines, 0);
    assert_mistake("{}", ROPP_LIST_NO_CIDR);
    assert_mistake("{\"cidr\":7}", ROPP_LIST_NO_CIDR);
    assert_mistake("{\"cidr\":\"192.0.2.0/24\"", ROPP_LIST_NO_CIDR);
    assert_mistake("{\"cidr\":\"192.0.2.0/24\"},", ROPP_LIST_NO_CIDR);
    assert_mistake("{\"cidr\":\"192.0.2.0/24\\", ROPP_LIST_NO_CIDR);
    assert_mistake("{\"a\":[[}", ROPP_LIST_NO_CIDR);
    assert_mistake("{\"cidr\":\"192.0.2.7/24\"}", ROPP_LIST_HOST_BITS);
    assert_mistake("{\"type\":\"record\"}", ROPP_LIST_NO_CIDR);
    record = read_with(damaged, strlen(damaged), &by_default); /* only its line is lost */
    assert_int_equal(record.counts.entries, 1);
    assert_int_equal(record.counts.bad_lines, 1);
}

static void test_jsonline(void **state)
{
    static const char line[] = "{\"a\":\"x\\\"\\u0041\\n\",\"b\":{\"c\":\"d\"},\"a\":\"second\"}";
    char out[ROPP_JSONDOC_TEXT], longer[512];

    (void)state;
    assert_int_equal(ropp_jsonline_find(line, sizeof line - 1, "a", out), ROPP_JSONLINE_FOUND);
    assert_string_equal(out, "x\"\\u0041\n");
    assert_int_equal(ropp_jsonline_find(line, sizeof line - 1, "b", out), ROPP_JSONLINE_ABSENT);
    assert_int_equal(ropp_jsonline_find(line, sizeof line - 1, "c", out), ROPP_JSONLINE_ABSENT);
    assert_int_equal(ropp_jsonline_find(line, 0, "a", out), ROPP_JSONLINE_BROKEN);
    memset(longer, 'x', sizeof longer);
    memcpy(longer, "{\"a\":\"", 6);
    memcpy(longer + sizeof longer - 2, "\"}", 2);
    assert_int_equal(ropp_jsonline_find(longer, sizeof longer, "a", out), ROPP_JSONLINE_FOUND);
    assert_int_equal(strlen(out), ROPP_JSONDOC_TEXT - 1);
}

/* ---- mistakes ---- */

static void test_mistakes(void **state)
{
    (void)state;
    assert_mistake("players", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.256", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.02.1", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.0/33", ROPP_LIST_BAD_LENGTH);
    assert_mistake("192.0.2.0/", ROPP_LIST_BAD_LENGTH);
    assert_mistake("192.0.2.7/24", ROPP_LIST_HOST_BITS);
    assert_mistake("2001:db8::1/64", ROPP_LIST_HOST_BITS);
    assert_mistake("192.0.2.2-192.0.2.1", ROPP_LIST_BACKWARDS);
    assert_mistake("192.0.2.1-2001:db8::1", ROPP_LIST_TWO_FAMILIES);
    assert_mistake("192.0.2.1-", ROPP_LIST_NO_ADDRESS);
    assert_mistake("-", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.1-7", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.0/24-192.0.2.255", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.7 bot", ROPP_LIST_MORE_TEXT);
    assert_mistake("192.0.2.* 7", ROPP_LIST_MORE_TEXT);
    assert_mistake("192.0.*.7", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2*", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.*", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.*/24", ROPP_LIST_NO_ADDRESS);
    assert_mistake("::192.0.2.*", ROPP_LIST_NO_ADDRESS);
    assert_mistake("fe80::1%eth0", ROPP_LIST_ZONE);
    assert_mistake("2001:db8::1%1/64", ROPP_LIST_ZONE);
    assert_mistake("AS64500", ROPP_LIST_ASN);
    assert_mistake("*", ROPP_LIST_NO_ADDRESS);
    assert_mistake("*.*.*.*", ROPP_LIST_NO_ADDRESS);
}

/* ---- the forms of others ---- */

static void test_masks(void **state)
{
    (void)state;
    assert_list("192.0.2.0/255.255.255.0\n192.0.3.0 255.255.255.128\n192.0.4.7/255.255.255.255\n",
                "192.0.2.0/24 192.0.3.0/25 192.0.4.7/32");
    assert_mistake("192.0.2.0/255.0.255.0", ROPP_LIST_BAD_LENGTH);
    assert_mistake("192.0.2.0/0.0.0.255", ROPP_LIST_BAD_LENGTH);
    assert_mistake("192.0.2.7/255.255.255.0", ROPP_LIST_HOST_BITS);
    assert_mistake("2001:db8::/255.255.255.0", ROPP_LIST_BAD_LENGTH);
    assert_mistake("192.0.2.0 0.0.0.255", ROPP_LIST_MORE_TEXT);
    assert_mistake("192.0.2.0 192.0.2.255", ROPP_LIST_MORE_TEXT);
}

static void test_ports(void **state)
{
    (void)state;
    assert_list("192.0.2.7:8080\n[2001:db8:1::1]:3128\n[2001:db8:2::1]\n",
                "192.0.2.7/32 2001:db8:1::/64 2001:db8:2::/64");
    assert_list("2001:db8::1:8080\n", "2001:db8::/64"); /* an address of its own */
    assert_mistake("192.0.2.7:http", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.7:123456", ROPP_LIST_NO_ADDRESS);
    assert_mistake("[2001:db8::1]8080", ROPP_LIST_NO_ADDRESS);
}

static void test_commas(void **state)
{
    (void)state;
    assert_list("192.0.2.1, 192.0.2.3,192.0.2.5\n", "192.0.2.1/32 192.0.2.3/32 192.0.2.5/32");
    assert_list("\"192.0.2.1\",\"44\"\n192.0.2.2,,bots\n", "192.0.2.1/32 192.0.2.2/32");
    assert_list("ip,country\n192.0.2.0/24,XX\nip,country\n", "192.0.2.0/24 3:ip,country");
    assert_list("network,x\n192.0.2.0/24,100\n", "192.0.2.0/24");
    assert_mistake("192.0.2.0,192.0.2.255", ROPP_LIST_TWO_ADDRESSES);
    assert_mistake("192.0.2.0,192.0.2.255,XX", ROPP_LIST_TWO_ADDRESSES);
    assert_mistake("2026-01-01,192.0.2.1", ROPP_LIST_NO_ADDRESS);
    assert_true(
        assert_list("network,geoname_id\n192.0.2.0/24,100\n", "192.0.2.0/24").counts.every_network);
    assert_false(assert_list("192.0.2.0/24,100\n", "192.0.2.0/24").counts.every_network);
}

static void test_columns_of_dshield(void **state)
{
    (void)state;
    assert_list("Start\tEnd\tNetmask\tAttacks\n192.0.2.0\t192.0.2.255\t24\t7\tX\n", "192.0.2.0/24");
    /* Two columns of addresses may be anything. */
    assert_list(
        "192.0.2.0\t192.0.3.255\t24\n192.0.2.0\t192.0.2.255\t64500\tX\n192.0.2.0\t192.0.2.9\n",
        "1:192.0.2.0?192.0.3.255?24 2:192.0.2.0?192.0.2.255?64500?X 3:192.0.2.0?192.0.2.9");
}

static void test_named_ranges(void **state)
{
    (void)state;
    assert_list("Some range:192.0.2.0-192.0.2.255\nA: b, c - d:192.0.3.4-192.0.3.5\n"
                "#1 of all:192.0.2.0-192.0.2.255\nNo; 7:192.0.4.0-192.0.4.0\n",
                "192.0.2.0/24 192.0.3.4/31 192.0.4.0/32");
    assert_mistake("192.0.2.7 was:192.0.2.0-192.0.2.255", ROPP_LIST_NO_ADDRESS);
    assert_list("192.000.002.000 - 192.000.002.255 , 000 , X\n"
                "192.000.003.000 - 192.000.003.255 , 127 , X, Y\n"
                "192.000.004.000 - 192.000.004.255 , 128 , let in\n"
                "192.0.5.0 - 192.0.5.255 , 000 , X\n",
                "192.0.2.0/24 192.0.3.0/24 192.0.5.0/24");
    assert_mistake("192.000.002.00 - 192.000.002.255", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.000.002.256 - 192.000.002.255", ROPP_LIST_NO_ADDRESS);
    assert_mistake("192.0.2.010", ROPP_LIST_NO_ADDRESS);
}

/* A file for which all of it is to be refused, with the line that says so. */
static void assert_refused(const char *text, enum ropp_list_mistake mistake, uint64_t line)
{
    struct record record = read_with(text, strlen(text), &by_default);

    assert_int_equal(record.counts.refused, mistake);
    assert_int_equal(record.counts.refused_line, line);
    assert_true(ropp_list_is_refused(mistake));
}

static void test_what_programs_write(void **state)
{
    (void)state;
    assert_list("ExitNode AAAA\nPublished 2026-01-01 00:00:00\nLastStatus 2026-01-01 00:00:00\n"
                "ExitAddress 192.0.2.9 2026-01-01 00:00:00\n",
                "192.0.2.9/32");
    assert_list("192.0.2.0/24 AS64500\n", "192.0.2.0/24");
    assert_refused("192.0.2.0/24\nAS64500\n", ROPP_LIST_ASN, 2);
    assert_refused("192.0.2.1\nfe80::1%eth0\n", ROPP_LIST_ZONE, 2);
    assert_refused("192.0.2.1\n192.0.2.3,192.0.2.9\n", ROPP_LIST_TWO_ADDRESSES, 2);
    assert_int_equal(assert_list("192.0.2.1\nx\n", "192.0.2.1/32 2:x").counts.refused,
                     ROPP_LIST_FINE);
}

static void test_ipset(void **state)
{
    (void)state;
    assert_list("create b4 hash:net family inet maxelem 65536\nflush b4\nadd b4 192.0.2.0/24\n"
                "add b4 192.0.3.7 timeout 60 packets 0 bytes 0 comment \"a; # b\"\n"
                "add -exist b6 2001:db8::/32 # x\nswap b4 c\n",
                "192.0.2.0/24 192.0.3.7/32 2001:db8::/32");
    assert_list("add bad4_new 192.0.2.0/24\nadd badv6_new 2001:db8::/32\n",
                "192.0.2.0/24 2001:db8::/32");
    assert_list("add set 192.0.2.7\n", "192.0.2.7/32"); /* a set of that name */
    assert_refused("add b 192.0.2.0/24\nadd friends 192.0.3.0/24\n", ROPP_LIST_OTHER_SET, 2);
    assert_mistake("add b 192.0.2.0/24 nomatch", ROPP_LIST_SET_KIND);
    assert_mistake("add b 192.0.2.0/24 timeout 60 nomatch", ROPP_LIST_SET_KIND);
    assert_mistake("add b 192.0.2.7,tcp:80", ROPP_LIST_SET_KIND);
    assert_mistake("del b 192.0.2.7", ROPP_LIST_SET_KIND);
    assert_mistake("create b hash:ip,port family inet", ROPP_LIST_SET_KIND);
    assert_mistake("create b hash:ip family inet netmask 24", ROPP_LIST_SET_KIND);
    assert_mistake("add b 192.0.2.7/24", ROPP_LIST_HOST_BITS);
    assert_refused("Name: banned\nType: hash:ip\nMembers:\n192.0.2.7\n", ROPP_LIST_IPSET_LIST, 1);
}

static void test_nftables(void **state)
{
    (void)state;
    assert_list("table inet t {\n\tset bad4 {\n\t\ttypeof ip saddr\n\t\tflags interval,timeout\n"
                "\t\telements = { 192.0.2.0/24, 192.0.3.7 timeout 1d expires 23h59m,\n"
                "\t\t\t     192.0.4.1-192.0.4.2 counter packets 0 bytes 0,\n"
                "\t\t\t     192.0.5.1 comment \"a, } b\" }\n\t}\n"
                "\tset bad6 {\n\t\ttype ipv6_addr; elements = { 2001:db8::/32 }\n\t}\n"
                "\tset empty {\n\t\ttype inet_service\n\t}\n"
                "\tchain c { # all\n\t\ttype filter hook input priority 0;\n"
                "\t\ttcp dport { 22, 80 } ip saddr @bad4 drop\n\t}\n}\n",
                "192.0.2.0/24 192.0.3.7/32 192.0.4.1/32 192.0.4.2/32 192.0.5.1/32 2001:db8::/32");
    assert_list("# x\nadd table inet t\nadd set inet t bad { type ipv4_addr; flags interval; }\n"
                "flush set inet t bad\nadd element inet t bad {\n192.0.2.0/24,\n192.0.3.7,\n}\n"
                "add element inet t bad { 192.0.4.1 }\n",
                "192.0.2.0/24 192.0.3.7/32 192.0.4.1/32");
    assert_list("flush ruleset\n\ntable ip t {\n set a {\n  elements = { 192.0.2.1 }\n }\n}\n",
                "192.0.2.1/32");
    assert_refused("table ip t {\n set a { elements = { 192.0.2.1 }\n }\n"
                   " set b { elements = { 192.0.2.3 }\n }\n}\n",
                   ROPP_LIST_OTHER_SET, 4);
    assert_refused("table ip t {\n set a { elements = { 192.0.2.1 . 80 }\n }\n}\n",
                   ROPP_LIST_SET_KIND, 2);
    assert_refused("table ip t {\n map a {\n elements = { 192.0.2.1 : drop }\n }\n}\n",
                   ROPP_LIST_SET_KIND, 3);
    assert_refused("table ip t {\n set a { elements = { 22 } }\n}\n", ROPP_LIST_SET_KIND, 2);
    assert_refused("table ip t {\n chain c {\n ip saddr 192.0.2.1 drop\n }\n}\n",
                   ROPP_LIST_NFT_RULES, 3);
    assert_refused("table ip t {\n chain c {\n ip saddr { 192.0.2.1 } drop\n }\n}\n",
                   ROPP_LIST_NFT_RULES, 3);
    assert_refused("table ip t {\n chain c {\n ip saddr != @a drop\n }\n}\n", ROPP_LIST_NFT_RULES,
                   3);
    assert_refused("define X = { 192.0.2.1 }\n", ROPP_LIST_NFT_RULES, 1);
    assert_refused("add table t\ninclude \"x\"\n", ROPP_LIST_NFT_RULES, 2);
    assert_refused("add table t\ndelete element t a { 192.0.2.1 }\n", ROPP_LIST_NFT_RULES, 2);
    assert_refused("add table t\n}\n", ROPP_LIST_NFT_RULES, 2);
    assert_refused("{\"nftables\": [{\"metainfo\": {\"json_schema_version\": 1}}, {\"set\": "
                   "{\"elem\": [\"192.0.2.1\"]}}]}\n",
                   ROPP_LIST_NFT_JSON, 1);
    assert_true(assert_list("table ip t {\n set a { elements = { 192.0.2.1,\n", "192.0.2.1/32")
                    .counts.lacks_brace);
    assert_false(
        assert_list("table ip t {\n set a { elements = { 192.0.2.1 } }\n}\n", "192.0.2.1/32")
            .counts.lacks_brace);
    assert_mistake("table ip t { set a { elements = { 192.0.2.7/24 } } }", ROPP_LIST_HOST_BITS);
}

static void test_nginx(void **state)
{
    (void)state;
    assert_list("deny 192.0.2.9;\ndeny 192.0.3.0/24; deny 192.0.4.1; # two\n",
                "192.0.2.9/32 192.0.3.0/24 192.0.4.1/32");
    assert_mistake("deny all;", ROPP_LIST_NGINX);
    assert_mistake("allow 192.0.2.9;", ROPP_LIST_NGINX);
    assert_mistake("deny 192.0.2.9; allow all;", ROPP_LIST_NGINX);
    assert_mistake("deny 192.0.2.9", ROPP_LIST_NGINX);
    assert_refused("deny 192.0.2.9;\nallow 192.0.2.8;\n", ROPP_LIST_NGINX, 2);
    assert_list("# x\ndefault 0;\n192.0.2.0/24 1;\n192.0.3.7 1; 192.0.4.7 1;\n",
                "192.0.2.0/24 192.0.3.7/32 192.0.4.7/32");
    assert_list("geo $http_x $bad {\n ranges;\n default 0;\n 192.0.2.1-192.0.2.2 1;\n}\n",
                "192.0.2.1/32 192.0.2.2/32");
    assert_true(assert_list("geo $bad {\n default 0;\n", "").counts.lacks_brace);
    assert_refused("default 1;\n192.0.2.0/24 0;\n", ROPP_LIST_NGINX, 1);
    assert_refused("default 0;\n192.0.2.0/24 1;\n192.0.2.7 0;\n", ROPP_LIST_NGINX, 3);
    assert_refused("default 0;\n192.0.2.0/24 XX;\n", ROPP_LIST_NGINX, 2);
    assert_refused("default 0;\ninclude more;\n", ROPP_LIST_NGINX, 2);
}

static void test_hosts_deny(void **state)
{
    (void)state;
    assert_list("# x\nALL: 192.0.2.9\nsshd: 192.0.3.0/255.255.255.0\n"
                "sshd, vsftpd : 192.0.4.1, 192.0.4.3 192.0.5. : deny\n"
                "ALL: [2001:db8:1::7] [2001:db8:2::]/48 # y\n",
                "192.0.2.9/32 192.0.3.0/24 192.0.4.1/32 192.0.4.3/32 192.0.5.0/24 "
                "2001:db8:1::/64 2001:db8:2::/48");
    assert_list("ALL: 203.0.\n", "203.0.0.0/16");
    assert_refused("ALL: 192.0.2.9\nALL: .example.com\n", ROPP_LIST_HOSTS, 2);
    assert_refused("ALL: 192.0.2.9\nALL: ALL\n", ROPP_LIST_HOSTS, 2);
    assert_refused("ALL: 192.0.2.9\nALL: 192.0.2. EXCEPT 192.0.2.7\n", ROPP_LIST_HOSTS, 2);
    assert_refused("sshd: 192.0.2.9 : allow\n", ROPP_LIST_HOSTS, 1);
    assert_refused("192.0.2.1\nsshd: 192.0.2.9\n", ROPP_LIST_RULE, 2);
    assert_mistake("Server: 192.0.2.9", ROPP_LIST_NO_ADDRESS); /* who knows */
    assert_mistake("abcd::xyz", ROPP_LIST_NO_ADDRESS);
}

static void test_mask(void **state)
{
    static const struct ropp_list_options mask = {false, false, true};
    static const char text[] = "192.0.2.7/24\n192.0.3.9/255.255.255.128\n2001:db8::7/32\n"
                               "::ffff:192.0.4.7/120\n192.0.5.0/24\n192.0.6.7/33\n"
                               "::ffff:192.0.4.7/8\n";
    struct record record = read_with(text, sizeof text - 1, &mask);

    (void)state;
    assert_string_equal(record.text, "192.0.2.0/24 192.0.3.0/25 2001:db8::/32 192.0.4.0/24 "
                                     "192.0.5.0/24 6:192.0.6.7/33 7:::ffff:192.0.4.7/8");
    assert_int_equal(record.counts.masked, 4);
    record = read_with("{\"cidr\":\"192.0.2.7/24\"}\n", 24, &mask);
    assert_string_equal(record.text, "192.0.2.0/24");
    record = read_with("10.0.0.5/8\n", 11, &mask);
    assert_string_equal(record.text, "(10.0.0.0/8)");
    assert_int_equal(
        assert_list("192.0.2.7/24\n192.0.3.1\n", "1:192.0.2.7/24 192.0.3.1/32").counts.refused,
        ROPP_LIST_FINE);
}

static void test_json_documents(void **state)
{
    struct record record;

    (void)state;
    assert_list("[\n  \"192.0.2.0/24\",\n  \"x\",\n\t\"192.0.3.7\"\n]\n",
                "192.0.2.0/24 3:x 192.0.3.7/32");
    assert_list("[\"192.0.2.0\\/24\"]", "192.0.2.0/24");
    assert_list("\n{\n \"x\": [\"y\"], \"cidr\": \"192.0.2.0/24\"\n}\n", "192.0.2.0/24");
    assert_list("[{\"cidr\":\"192.0.2.0/24\",\"n\":-1.5e3},{\"a\":{\"cidr\":null}},{},[]]\n",
                "192.0.2.0/24");
    assert_list("{\"token\":\"1\",\"prefixes\":[{\"ip_prefix\":\"192.0.2.0/24\",\"region\":\"X\"},"
                "{\"ipv6_prefix\":\"2001:db8::/32\"}]}",
                "192.0.2.0/24 2001:db8::/32");
    assert_list("{\n\"v\":[{\"addressPrefixes\":[\"192.0.2.0/24\"],\"tags\":[\"no\"]}]}",
                "192.0.2.0/24");
    /* One after another, on a line each or on one. */
    assert_list("[\"192.0.2.1\"]\n[\"192.0.2.3\",\n\"192.0.2.5\"]\n",
                "192.0.2.1/32 192.0.2.3/32 192.0.2.5/32");
    assert_list("{\"cidr\":\"192.0.2.1\"}{\"cidr\":\"192.0.2.3\"}\n{\"cidr\":\"192.0.2.5\"}\n",
                "192.0.2.1/32 192.0.2.3/32 192.0.2.5/32");
    assert_list("{\"ip\":\"192.0.2.1\",\"n\":1}\n{\"ip\":\"192.0.2.3\"}\n",
                "192.0.2.1/32 192.0.2.3/32");
    assert_list("{\n \"ips\": [\"192.0.2.1\"]\n}\n{\n \"ips\": [\"192.0.2.3\"]\n}\n",
                "192.0.2.1/32 192.0.2.3/32");
    record = assert_list("[\n{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"S\"},\n"
                         "{\"type\":\"metadata\",\"records\":7}\n]\n",
                         "192.0.2.0/24");
    assert_true(record.counts.has_stated);
    assert_int_equal(record.counts.stated, 7);
    /* Each object for itself. */
    record = assert_list("[\n{\"records\":7,\"cidr\":\"192.0.2.0/24\"},\n"
                         "{\"type\":\"metadata\"}, {\"records\":3}\n]\n",
                         "192.0.2.0/24");
    assert_false(record.counts.has_stated);
}

/* Its lines are counted as an editor shows them; one may have many entries, and bad ones. */
static void test_lines_of_a_document(void **state)
{
    struct record record;

    (void)state;
    record = assert_list("[\"192.0.2.7\",\"x\",\"192.0.2.9\",\"y\"]",
                         "192.0.2.7/32 1:x 192.0.2.9/32 1:y");
    assert_int_equal(record.counts.lines, 1);
    assert_int_equal(record.counts.entries, 2);
    record = assert_list("[\n\"192.0.2.7\"]\n", "192.0.2.7/32");
    assert_int_equal(record.counts.lines, 2);
    record = assert_list("[\n\"192.0.2.7\"\n]", "192.0.2.7/32");
    assert_int_equal(record.counts.lines, 3);
}

/* A member without a name is not what an array has. */
static void test_members_without_a_name(void **state)
{
    (void)state;
    assert_int_equal(assert_list("{\n\"\":\"192.0.2.7\"\n}\n", "").counts.entries, 0);
    assert_int_equal(assert_list("{\n\"\":[\"192.0.2.7\"]\n}\n", "").counts.entries, 0);
}

static void assert_damaged(const char *text, const char *error)
{
    struct record record = {.end = 0};

    write_plain(text, strlen(text));
    assert_int_equal(read_list(&record, &by_default), ROPP_LIST_FAILED);
    assert_non_null(strstr(record.error, error));
}

static void test_damaged_documents(void **state)
{
    (void)state;
    assert_damaged("[\n\"192.0.2.0/24\",\n", "cut short JSON");
    assert_damaged("[\n\"192.0.2.0/2", "cut short JSON");
    assert_damaged("{\n\"cidr\":\"192.0.2.0/24\"\n", "cut short JSON");
    assert_damaged("[\n\"192.0.2.0/24\"\n\"192.0.3.0/24\"]", "damaged JSON");
    assert_damaged("[\n\"192.0.2.0/24\"}\n", "damaged JSON");
    assert_damaged("[\n<html>\n", "damaged JSON");
    assert_damaged("[\n\"192.0.2.7\t\"\n]\n", "damaged JSON");
    assert_damaged("[\n\"192.0.2.7\n\"\n]\n", "damaged JSON");
    assert_damaged("[\n\"192.0.2.7\\\n\"\n]\n", "damaged JSON");
    assert_damaged("[\n[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "damaged JSON");
}

/* ---- whether it is whole ---- */

static void test_what_the_file_says(void **state)
{
    struct record record =
        assert_list("# Entries         : 3939 subnets, 611184833 unique IPs\n", "");

    (void)state;
    assert_true(record.counts.has_stated);
    assert_int_equal(record.counts.stated, 3939);
    record = assert_list("# ropp: 2 banned prefixes (IPv4: 2, IPv6: 0)\n# ropp: 3 banned\n", "");
    assert_int_equal(record.counts.stated, 5);
    assert_false(assert_list("# Entries of all kinds: 7\n; Entries: 7\n", "").counts.has_stated);
    record = assert_list("{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"S\"}\n", "192.0.2.0/24");
    assert_true(record.counts.lacks_metadata);
    record = assert_list("{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"S\"}\n"
                         "{\"type\":\"metadata\",\"records\":1}",
                         "192.0.2.0/24");
    assert_false(record.counts.lacks_metadata);
    assert_int_equal(record.counts.stated, 1);
    assert_int_equal(record.counts.lacks_end, 0);
    assert_int_equal(
        assert_list("192.0.2.1\n192.0.2.2", "192.0.2.1/32 192.0.2.2/32").counts.lacks_end, 2);
    assert_int_equal(assert_list("192.0.2.1\n", "192.0.2.1/32").counts.lacks_end, 0);
}

static void test_a_bad_line_ends_nothing(void **state)
{
    struct record record =
        assert_list("192.0.2.1\nplayers\n192.0.2.2\n", "192.0.2.1/32 2:players 192.0.2.2/32");

    (void)state;
    assert_int_equal(record.counts.lines, 3);
}

static void test_no_text(void **state)
{
    static const char nul[] = "192.0.2.1\0\n\0\0\n# \0\n192.0.2.2\n192.0.2.3 # \0\n";
    static const char utf16[] = "1\0.\0002\0.\0003\0.\0004\0\n\0";
    struct record record = read_with(nul, sizeof nul - 1, &by_default);

    (void)state;
    assert_string_equal(record.text, "1:192.0.2.1? 2:?? 192.0.2.2/32 192.0.2.3/32");
    assert_int_equal(record.mistake, ROPP_LIST_NO_TEXT);
    record = read_with(utf16, sizeof utf16 - 1, &by_default);
    assert_int_equal(record.counts.bad_lines, 2);
    assert_int_equal(record.mistake, ROPP_LIST_NO_TEXT);
    assert_list("\x1b[31m192.0.2.1\n", "1:?[31m192.0.2.1");
}

/* A line of `size` bytes: text, filling, text. */
static void add_line(char **at, const char *first, char fill, size_t size, const char *last)
{
    memset(*at, fill, size);
    memcpy(*at, first, strlen(first));
    memcpy(*at + size - strlen(last), last, strlen(last));
    *at += size;
    *(*at)++ = '\n';
}

static void test_long_lines(void **state)
{
    size_t room = 1200000;
    char *bytes = (char *)malloc(room), *at = bytes, *expected = (char *)malloc(room);
    struct record record;

    (void)state;
    assert_non_null(bytes);
    assert_non_null(expected);
    add_line(&at, "# ", 'x', 300000, "");
    add_line(&at, "192.0.2.1 # ", 'x', 200000, "");
    add_line(&at, "192.0.2.2", ' ', ROPP_LIST_LINE, "");
    add_line(&at, "192.0.2.3", ' ', ROPP_LIST_LINE + 1, "");
    add_line(&at, "192.0.2.4", ' ', 100000, "7");
    add_line(&at, "{\"cidr\":\"192.0.2.5\",\"x\":\"", 'x', 10000, "\"}");
    add_line(&at, "x", '\0', 400000, "");
    add_line(&at, "192.0.2.6", ' ', 9, "");
    record = read_with(bytes, (size_t)(at - bytes), &by_default);
    assert_int_equal(record.counts.lines, 8);
    assert_int_equal(record.counts.bad_lines, 4);
    assert_int_equal(record.counts.prefixes, 3);
    assert_true(strncmp(record.text, "192.0.2.1/32 192.0.2.2/32 4:192.0.2.3 5:192.0.2.4 6:{\"cidr",
                        58) == 0);
    assert_true(record.used > 12);
    assert_string_equal(record.text + record.used - 12, "192.0.2.6/32");
    free(expected);
    free(bytes);
}

/* Lines of many lengths: each goes across the end of a block in some place. */
static void test_lines_across_blocks(void **state)
{
    size_t room = 1 << 20, used = 0, lines = 0;
    char *bytes = (char *)malloc(room);
    struct ropp_list_counts counts;
    char error[ROPP_ERROR_TEXT];
    const struct ropp_list_calls calls = {NULL, NULL, NULL, NULL, NULL};

    (void)state;
    assert_non_null(bytes);
    while (used + 64 < room) {
        used += (size_t)snprintf(bytes + used, room - used, "%u.%zu.%zu.%zu%s\n",
                                 (unsigned)(lines % 90 + 11), lines / 7 % 256, lines / 3 % 256,
                                 lines % 256, lines % 5 == 0 ? " # five" : "");
        lines++;
    }
    write_plain(bytes, used);
    assert_int_equal(ropp_listfile_read(path, &by_default, &calls, &counts, error), ROPP_LIST_READ);
    assert_int_equal(counts.lines, lines);
    assert_int_equal(counts.bad_lines, 0);
    assert_int_equal(counts.entries, lines);
    free(bytes);
}

/* ---- what is not taken ---- */

static void test_private_networks_are_set_apart(void **state)
{
    static const char level1[] = "0.0.0.0/8\n10.0.0.0/8\n127.0.0.0/8\n192.168.0.0/16\n"
                                 "224.0.0.0/3\n240.0.0.0/4\n192.0.2.0/24\nfc00::/7\n::1\n";
    static const struct ropp_list_options keep = {true, false, false};
    struct record record =
        assert_list(level1, "(0.0.0.0/8) (10.0.0.0/8) (127.0.0.0/8) (192.168.0.0/16) (224.0.0.0/3) "
                            "(240.0.0.0/4) 192.0.2.0/24 (fc00::/7) (::/64)");

    (void)state;
    assert_int_equal(record.counts.entries, 9);
    assert_int_equal(record.counts.set_apart, 8);
    assert_int_equal(record.counts.prefixes, 1);
    assert_int_equal(record.counts.bad_lines, 0);
    record = read_with(level1, sizeof level1 - 1, &keep);
    assert_string_equal(record.text,
                        "0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 192.168.0.0/16 224.0.0.0/3 240.0.0.0/4 "
                        "192.0.2.0/24 fc00::/7 ::/64");
    assert_int_equal(record.counts.set_apart, 0);
    assert_int_equal(record.counts.prefixes, 9);
}

static void test_private_networks_are_cut_out(void **state)
{
    struct record record;

    (void)state;
    record = assert_list("172.0.0.0/8\n", "172.0.0.0/12 (172.16.0.0/12) 172.32.0.0/11 "
                                          "172.64.0.0/10 172.128.0.0/9");
    assert_int_equal(record.counts.entries, 1);
    assert_int_equal(record.counts.set_apart, 1);
    assert_int_equal(record.counts.prefixes, 4);
    assert_list("9.255.255.255-10.0.0.0\n", "9.255.255.255/32 (10.0.0.0/32)");
    assert_list("10.255.255.255-11.0.0.0\n", "(10.255.255.255/32) 11.0.0.0/32");
    assert_list("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-4000::\n",
                "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 (4000::/128)");
}

static void assert_wide(const char *line)
{
    assert_mistake(line, ROPP_LIST_TOO_WIDE);
}

static void test_wide_lines(void **state)
{
    static const struct ropp_list_options wide = {false, true, false}, both = {true, true, false};
    struct record record;

    (void)state;
    assert_wide("0.0.0.0/0");
    assert_wide("::/0");
    assert_wide("::ffff:0.0.0.0/96");
    assert_wide("8.0.0.0/5");
    assert_wide("8.0.0.0/7");
    assert_wide("8.0.0.0-9.0.0.0");
    assert_wide("9.0.0.0-11.255.255.255");
    assert_wide("2000::/3");
    assert_wide("2a00::/15");
    assert_list("8.0.0.0/8\n2a00::/16\n", "8.0.0.0/8 2a00::/16");
    record = read_with("8.0.0.0/5\n", 10, &wide);
    assert_string_equal(record.text, "8.0.0.0/7 (10.0.0.0/8) 11.0.0.0/8 12.0.0.0/6");
    record = read_with("0.0.0.0/0\n::/0\n", 15, &both);
    assert_string_equal(record.text, "0.0.0.0/0 ::/0");
    record = read_with("::/0\n", 5, &wide);
    assert_string_equal(record.text, "(::/3) 2000::/3 (4000::/2) (8000::/1)");
    assert_int_equal(assert_list("x\n0.0.0.0/0\n", "1:x 2:0.0.0.0/0").counts.wide_lines, 1);
}

/* ---- files ---- */

static void test_empty(void **state)
{
    struct record record = read_with("", 0, &by_default);

    (void)state;
    assert_int_equal(record.counts.bytes, 0);
    assert_int_equal(record.counts.lines, 0);
    write_gzip("wb", "", 0);
    record.end = 0;
    assert_int_equal(read_list(&record, &by_default), ROPP_LIST_READ);
    assert_int_equal(record.counts.bytes, 0);
}

static void test_gzip(void **state)
{
    struct record record = {.end = 0};
    size_t size;

    (void)state;
    write_gzip("wb", "192.0.2.0/24\n198.51.100.7", 25);
    write_gzip("ab", "\n203.0.113.1\n", 13);
    free(read_bytes(&size));
    assert_int_equal(read_list(&record, &by_default), ROPP_LIST_READ);
    assert_string_equal(record.text, "192.0.2.0/24 198.51.100.7/32 203.0.113.1/32");
    assert_int_equal(record.counts.bytes, 38);
    assert_int_equal(record.size, size);
    assert_int_equal(record.at, size);
}

/* Cut short anywhere, it is an error, with the place; so it is when a byte of the sum is wrong. */
static void test_gzip_cut_short(void **state)
{
    struct record record = {.end = 0};
    uint8_t *bytes;
    size_t size, cut;

    (void)state;
    write_gzip("wb", "192.0.2.0/24\n198.51.100.7\n", 26);
    bytes = read_bytes(&size);
    for (cut = 2; cut < size; cut++) {
        char place[128];

        write_plain(bytes, cut);
        assert_int_equal(read_list(&record, &by_default), ROPP_LIST_FAILED);
        snprintf(place, sizeof place, "cut short gzip file: %s: at byte %zu of %zu, behind line ",
                 path, cut, cut);
        assert_true(strncmp(record.error, place, strlen(place)) == 0);
    }
    bytes[size - 8] ^= 1;
    write_plain(bytes, size);
    assert_int_equal(read_list(&record, &by_default), ROPP_LIST_FAILED);
    assert_non_null(strstr(record.error, "damaged gzip file: "));
    free(bytes);
}

static void test_what_cannot_be_read(void **state)
{
    const struct ropp_list_calls calls = {NULL, NULL, NULL, NULL, NULL};
    struct ropp_list_counts counts;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    assert_int_equal(ropp_listfile_read("/tmp/ropp-no-such-file", &by_default, &calls, &counts,
                                        error),
                     ROPP_LIST_FAILED);
    assert_string_equal(error, "cannot open: /tmp/ropp-no-such-file: No such file or directory");
    assert_int_equal(ropp_listfile_read("/tmp", &by_default, &calls, &counts, error),
                     ROPP_LIST_FAILED);
    assert_string_equal(error, "cannot read: /tmp: at byte 0: Is a directory");
}

static void test_a_pipe(void **state)
{
    struct record record = {.end = 0};
    const struct ropp_list_calls calls = {&record, record_prefix, record_apart, record_bad,
                                          record_progress};
    int ends[2], kept = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "192.0.2.1\n", 10), 10);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(ropp_listfile_read("-", &by_default, &calls, &record.counts, record.error),
                     ROPP_LIST_READ);
    assert_string_equal(record.text, "192.0.2.1/32");
    assert_int_equal(record.at, 10);
    assert_int_equal(record.size, 0);
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
}

static void test_stopping(void **state)
{
    struct record record = {.end = 2};
    char *bytes = (char *)malloc(300000);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, '\n', 300000);
    write_plain(bytes, 300000);
    assert_int_equal(read_list(&record, &by_default), ROPP_LIST_STOPPED);
    assert_int_equal(record.turns, 2);
    assert_true(record.counts.lines < 300000);
    free(bytes);
}

/* 254 prefixes a line until there are too many: a small file of ranges. */
static void test_too_many(void **state)
{
    static const char line[] =
        "2001::1-2001:ffff:ffff:ffff:ffff:ffff:ffff:fffe\n"; /* 222 prefixes */
    const struct ropp_list_calls calls = {NULL, NULL, NULL, NULL, NULL};
    uint64_t each = 222, lines = ROPP_LIST_MAX / each;
    struct ropp_list_counts counts;
    char error[ROPP_ERROR_TEXT], place[128];
    gzFile file = gzopen(path, "wb1");
    uint64_t i;

    (void)state;
    assert_non_null(file);
    for (i = 0; i <= lines; i++)
        assert_int_equal(gzwrite(file, line, sizeof line - 1), (int)sizeof line - 1);
    assert_int_equal(gzclose(file), Z_OK);
    assert_int_equal(ropp_listfile_read(path, &by_default, &calls, &counts, error),
                     ROPP_LIST_FAILED);
    assert_int_equal(counts.prefixes, lines * each);
    snprintf(place, sizeof place, "too long a list: %s:%" PRIu64 ": ", path, lines + 1);
    assert_true(strncmp(error, place, strlen(place)) == 0);
}

/* ---- all that is said of a list ---- */

/* What it gives and says, and every count that is not 0. */
static const char *summary(struct record *record)
{
    const struct ropp_list_counts *counts = &record->counts;
    const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {
        {"lines", counts->lines},         {"entries", counts->entries},
        {"given", counts->prefixes},      {"apart", counts->set_apart},
        {"wide", counts->wide_lines},     {"bad", counts->bad_lines},
        {"mistake", record->mistake},     {"refused", counts->refused},
        {"at", counts->refused_line},     {"says", counts->has_stated},
        {"stated", counts->stated},       {"no-metadata", counts->lacks_metadata},
        {"no-end", counts->lacks_end},    {"no-brace", counts->lacks_brace},
        {"every", counts->every_network}, {"masked", counts->masked},
    };
    char number[40];

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].value != 0) {
            snprintf(number, sizeof number, "%s=%" PRIu64, numbers[i].name, numbers[i].value);
            record_text(record, "", number, "");
        }
    return record->text;
}

static const struct {
    const char *text, *said;
} whole[] = {
    {"x~ y\x7f\n", "1:x~ y? lines=1 bad=1 mistake=7"},
    {"\x1f\n", "1:? lines=1 bad=1 mistake=7"},
    {"\t192.0.2.1\t\n", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"192.0.2.1 # \x1f\n192.0.2.2 # \x7f\n", "192.0.2.1/32 192.0.2.2/32 lines=2 entries=2 given=2"},
    {"\x1f"
     "192.0.2.1 # x\n",
     "1:?192.0.2.1 # x lines=1 bad=1 mistake=7"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
     "1:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx lines=1 "
     "bad=1 mistake=1"},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
     "1:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx lines=1 "
     "bad=1 mistake=1"},
    {"192.0.2.0/0.0.0.0\n0.0.0.0/128.0.0.0\n192.0.2.0/::ffff:255.255.255.0\n192.0.2.1/"
     "255.255.255.254\n192.0.2.2/255.255.255.254\n",
     "1:192.0.2.0/0.0.0.0 2:0.0.0.0/128.0.0.0 3:192.0.2.0/::ffff:255.255.255.0 "
     "4:192.0.2.1/255.255.255.254 192.0.2.2/31 lines=5 entries=1 given=1 wide=1 bad=4 mistake=3"},
    {"16.0.0.0 255.0.0.0\n16.0.0.0 254.0.0.0\n17.0.0.0 255.255.255.255\n192.0.2.0 255.255.255.0 "
     "x\n",
     "16.0.0.0/8 2:16.0.0.0 254.0.0.0 17.0.0.0/32 4:192.0.2.0 255.255.255.0 x lines=4 entries=2 "
     "given=2 bad=2 mistake=6"},
    {"001.000.000.001 - 001.000.000.002 , 000 , X\n100.020.003.000 - "
     "100.020.003.001\n000.000.000.000 - 000.000.000.000\n192.0:0.002.000 - "
     "192.000.002.001\n192.00/.002.000 - 192.000.002.001\n",
     "1.0.0.1/32 1.0.0.2/32 100.20.3.0/31 (0.0.0.0/32) 4:192.0:0.002.000 - 192.000.002.001 "
     "5:192.00/.002.000 - 192.000.002.001 lines=5 entries=3 given=3 apart=1 bad=2 mistake=1"},
    {"[2001:db8::1]:65535\n192.0.2.7:12345\n192.0.2.7:\n[]\n[2001:db8::2]\n[2001:db8:7::1]:\n",
     "2001:db8::/64 192.0.2.7/32 3:192.0.2.7: 4:[] 2001:db8::/64 6:[2001:db8:7::1]: lines=6 "
     "entries=3 given=3 bad=3 mistake=1"},
    {"AS\n", "1:AS lines=1 bad=1 mistake=1"},
    {"as1\n", "1:as1 lines=1 bad=1 mistake=11 refused=11 at=1"},
    {"ASx\n", "1:ASx lines=1 bad=1 mistake=1"},
    {"192.0.2.0/24 as64500\n192.0.2.0/24 AS\n192.0.2.0/24 AS1 x\n",
     "192.0.2.0/24 2:192.0.2.0/24 AS 3:192.0.2.0/24 AS1 x lines=3 entries=1 given=1 bad=2 "
     "mistake=6"},
    {"192.0.2.1-192.0.2.3 x\n192.0.2.1-192.0.2.3 AS64500\n",
     "1:192.0.2.1-192.0.2.3 x 192.0.2.1/32 192.0.2.2/31 lines=2 entries=1 given=2 bad=1 mistake=1"},
    {"#Entries:5\n#ropp :7\n# Entries : x\n#:5\n#Entries 5\n # ropp: 1\n",
     "lines=6 says=1 stated=13"},
    {"# Entries: 18446744073709551615\n192.0.2.1\n",
     "192.0.2.1/32 lines=2 entries=1 given=1 says=1 stated=18446744073709551615"},
    {"1.1.1.1,1.1.1.2,1.1.1.3\n1.1.1.1,,1.1.1.3\n1.1.1.1,x,1.1.1.3,1.1.1.4\n1.1.1.1,,,\n",
     "1.1.1.1/32 1.1.1.2/32 1.1.1.3/32 2:1.1.1.1,,1.1.1.3 3:1.1.1.1,x,1.1.1.3,1.1.1.4 1.1.1.1/32 "
     "lines=4 entries=4 given=4 bad=2 mistake=10 refused=10 at=2"},
    {"192.000.002.000 - 192.000.002.255 , 28 , X\n192.000.003.000 - 192.000.003.255 , "
     "128\n192.000.004.000 - 192.000.004.255 , 999 , X\n192.0.5.1 , 200 , X\n",
     "192.0.2.0/24 192.0.3.0/24 192.0.5.1/32 lines=4 entries=3 given=3"},
    {"192.0.2.0\t192.0.2.255\t24\n192.0.2.0\t192.0.2.255\t25\n192.0.2.0\t192.0.2.254\t24\n192.0.2."
     "9\t192.0.2.0\t24\n192.0.2.0\tx\t24\n192.0.2.0\t2001:db8::\t24\n",
     "192.0.2.0/24 2:192.0.2.0?192.0.2.255?25 3:192.0.2.0?192.0.2.254?24 4:192.0.2.9?192.0.2.0?24 "
     "5:192.0.2.0?x?24 6:192.0.2.0?2001:db8::?24 lines=6 entries=1 given=1 bad=5 mistake=6"},
    {"Start,b\n192.0.2.1,x\nStart,b\n",
     "192.0.2.1/32 3:Start,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"network,b\n192.0.2.1,x\nnetwork,b\n",
     "192.0.2.1/32 3:network,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"IP,b\n192.0.2.1,x\nIP,b\n", "192.0.2.1/32 3:IP,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"ip_address,b\n192.0.2.1,x\nip_address,b\n",
     "192.0.2.1/32 3:ip_address,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"IPAddress,b\n192.0.2.1,x\nIPAddress,b\n",
     "192.0.2.1/32 3:IPAddress,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"cidr,b\n192.0.2.1,x\ncidr,b\n",
     "192.0.2.1/32 3:cidr,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"prefix,b\n192.0.2.1,x\nprefix,b\n",
     "192.0.2.1/32 3:prefix,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"address,b\n192.0.2.1,x\naddress,b\n",
     "192.0.2.1/32 3:address,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"range,b\n192.0.2.1,x\nrange,b\n",
     "192.0.2.1/32 3:range,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"ip_range,b\n192.0.2.1,x\nip_range,b\n",
     "192.0.2.1/32 3:ip_range,b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"\"range\",b\n192.0.2.1,x\n\"range\",b\n",
     "192.0.2.1/32 3:\"range\",b lines=3 entries=1 given=1 bad=1 mistake=1"},
    {"ranges,b\n192.0.2.1,x\nranges,b\n",
     "1:ranges,b 192.0.2.1/32 3:ranges,b lines=3 entries=1 given=1 bad=2 mistake=1"},
    {"geoname_id,b\n192.0.2.1,x\ngeoname_id,b\n",
     "1:geoname_id,b 192.0.2.1/32 3:geoname_id,b lines=3 entries=1 given=1 bad=2 mistake=1"},
    {"network,a,\"geoname_id\"\n192.0.2.0/24,1,2\n",
     "192.0.2.0/24 lines=2 entries=1 given=1 every=1"},
    {"network\tgeoname_id\n192.0.2.0/24\n", "192.0.2.0/24 lines=2 entries=1 given=1"},
    {"a,geoname_id\n192.0.2.0/24,1\n",
     "1:a,geoname_id 192.0.2.0/24 lines=2 entries=1 given=1 bad=1 mistake=1"},
    {"ExitNode\nExitNode x\nLastStatus x\nPublished x\nPublished\nExitAddress "
     "192.0.2.9\nExitAddress x\nExitAddress\n",
     "1:ExitNode 5:Published 192.0.2.9/32 7:ExitAddress x 8:ExitAddress lines=8 entries=1 given=1 "
     "bad=4 mistake=1"},
    {"x:192.0.2.1\nx:192.0.2.1-192.0.2.2\n:192.0.2.3-192.0.2.4\nx:192.0.2.5-2001:db8::\nx:2001:db8:"
     ":-2001:db8::1\n192.0.2.9:192.0.2.6-192.0.2.7\n",
     "192.0.2.1/32 192.0.2.1/32 192.0.2.2/32 192.0.2.3/32 192.0.2.4/32 4:x:192.0.2.5-2001:db8:: "
     "5:x:2001:db8::-2001:db8::1 6:192.0.2.9:192.0.2.6-192.0.2.7 lines=6 entries=3 given=5 bad=3 "
     "mistake=1 refused=19 at=4"},
    {"create a hash:ip\nadd a 192.0.2.1\n", "192.0.2.1/32 lines=2 entries=1 given=1"},
    {"create a hash:net\nadd a 192.0.2.1\n", "192.0.2.1/32 lines=2 entries=1 given=1"},
    {"create a bitmap:ip range 192.0.2.0/24\nadd a 192.0.2.1\n",
     "192.0.2.1/32 lines=2 entries=1 given=1"},
    {"create -exist a hash:ip\nadd -! a 192.0.2.1\n", "192.0.2.1/32 lines=2 entries=1 given=1"},
    {"create -! a hash:ip netmask 32\n",
     "1:create -! a hash:ip netmask 32 lines=1 bad=1 mistake=14 refused=14 at=1"},
    {"create a hash:mac\n", "1:create a hash:mac lines=1 bad=1 mistake=14 refused=14 at=1"},
    {"create a list:set\n", "1:create a list:set lines=1 bad=1 mistake=14 refused=14 at=1"},
    {"create\nadd\nflush\nadd a\n",
     "1:create 2:add 3:flush 4:add a lines=4 bad=4 mistake=14 refused=14 at=4"},
    {"add a 192.0.2.1 timeout 1 packets 2 bytes 3 comment \"x y\" skbmark 1 skbprio 2 skbqueue "
     "3\nadd a 192.0.2.2 counters 1\nadd a 192.0.2.3 timeout\n",
     "192.0.2.1/32 2:add a 192.0.2.2 counters 1 192.0.2.3/32 lines=3 entries=2 given=2 bad=1 "
     "mistake=14 refused=14 at=2"},
    {"flush a\nswap a b\ndestroy b\nadd a 192.0.2.1\ntest a 192.0.2.1\n",
     "192.0.2.1/32 5:test a 192.0.2.1 lines=5 entries=1 given=1 bad=1 mistake=1"},
    {"add badv4 192.0.2.1\nadd bad6 192.0.2.2\nadd bad 192.0.2.3\nadd b4ad 192.0.2.4\nadd b4a6d_v6 "
     "192.0.2.5\nadd bad_ 192.0.2.6\n",
     "192.0.2.1/32 192.0.2.2/32 192.0.2.3/32 192.0.2.4/32 5:add b4a6d_v6 192.0.2.5 6:add bad_ "
     "192.0.2.6 lines=6 entries=4 given=4 bad=2 mistake=13 refused=13 at=5"},
    {"add nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnx 192.0.2.1\nadd "
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnny 192.0.2.2\nadd "
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnx 192.0.2.3\n",
     "192.0.2.1/32 192.0.2.2/32 3:add "
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnx 192.0.2.3 lines=3 entries=2 "
     "given=2 bad=1 mistake=13 refused=13 at=3"},
    {"create table t\nadd set t a { type x; }\nadd element t a { 192.0.2.1, }\n",
     "192.0.2.1/32 lines=3 entries=1 given=1"},
    {"add table t\ncreate element t a { 192.0.2.1 }\n", "192.0.2.1/32 lines=2 entries=1 given=1"},
    {"destroy table t\n192.0.2.1\n", "lines=2"},
    {"reset set t a\n", "lines=1"},
    {"flush table t\n", "lines=1"},
    {"add chain t c\n", "lines=1"},
    {"add rule t c drop\n", "lines=1"},
    {"add map t m\n", "lines=1"},
    {"delete ruleset\n", "lines=1"},
    {"flush ruleset;\n", "lines=1"},
    {"define x\n", "lines=1"},
    {"define\n", "1:define lines=1 bad=1 mistake=1"},
    {"include\n", "1:include lines=1 bad=1 mistake=1"},
    {"include x\n", "1:include x lines=1 bad=1 mistake=16 refused=16 at=1"},
    {"table t\n", "1:table t lines=1 bad=1 mistake=1"},
    {"table ip t {\n}\n", "lines=2"},
    {"add set t.x a\n", "1:add set t.x a lines=1 bad=1 mistake=14 refused=14 at=1"},
    {"add set t:x a\n", "1:add set t:x a lines=1 bad=1 mistake=14 refused=14 at=1"},
    {"add set a\n", "lines=1"},
    {"table ip t {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx "
     "{\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n",
     "lines=32"},
    {"table ip t {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx {\nx "
     "{\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n}\n",
     "17:x { 34:} lines=34 bad=2 mistake=16 refused=16 at=17"},
    {"table ip t {\n set a {\n elements = { 192.0.2.1 timeout 1s expires 2s comment \"x\" packets "
     "1 bytes 2 counter,\n 192.0.2.2 counter timeout 5s,\n 192.0.2.3 other\n }\n }\n}\n",
     "192.0.2.1/32 192.0.2.2/32 5:192.0.2.3 other lines=8 entries=2 given=2 bad=1 mistake=14 "
     "refused=14 at=5"},
    {"table ip t {\n set a {\n elements = { 192.0.2.1 timeout, 192.0.2.2 }\n }\n}\n",
     "192.0.2.1/32 192.0.2.2/32 lines=5 entries=2 given=2"},
    {"table ip t {\n elements = { 192.0.2.1 }\n}\n",
     "2:elements = { 192.0.2.1 } lines=3 bad=1 mistake=14 refused=14 at=2"},
    {"table ip t {\n chain c {\n ip daddr 192.0.2.1 drop\n }\n}\n",
     "3:ip daddr 192.0.2.1 drop lines=5 bad=1 mistake=16 refused=16 at=3"},
    {"table ip t {\n chain c {\n ip daddr @a drop; ip saddr @a drop\n }\n set a { elements = { "
     "192.0.2.1 } }\n}\n",
     "192.0.2.1/32 lines=6 entries=1 given=1"},
    {"table ip t {\n set a { flags x\n elements = { 192.0.2.1 } }\n}\n# end\n",
     "192.0.2.1/32 lines=5 entries=1 given=1"},
    {"table ip t { set a { elements = { 192.0.2.1, 192.0.2.3 } } } # x\nadd element ip t a { "
     "192.0.2.5 }\n",
     "192.0.2.1/32 192.0.2.3/32 192.0.2.5/32 lines=2 entries=3 given=3"},
    {"add element ip t a { 192.0.2.5 }\nadd element ip t b { 192.0.2.7 }\nadd element ip t a6 { "
     "2001:db8::/32 }\n",
     "192.0.2.5/32 2:add element ip t b { 192.0.2.7 } 3:add element ip t a6 { 2001:db8::/32 } "
     "lines=3 entries=1 given=1 bad=2 mistake=14 refused=13 at=2 no-brace=1"},
    {"add element ip t a 192.0.2.5\n", "lines=1"},
    {"add element ip t a { }\n", "lines=1"},
    {"geo $a $b { default 0; 192.0.2.1 1; } x\n192.0.2.3 1;\n",
     "192.0.2.1/32 192.0.2.3/32 lines=2 entries=2 given=2"},
    {"geo $b { # x\n proxy_recursive;\n default 00; # y\n 192.0.2.1 01;\n 192.0.2.2 10;\n}\n",
     "192.0.2.1/32 5:192.0.2.2 10; lines=6 entries=1 given=1 bad=1 mistake=18 refused=18 at=5"},
    {"geo $b\n{\n}\n", "1:geo $b 2:{ 3:} lines=3 bad=3 mistake=1"},
    {"geo $b {\n 192.0.2.1 1\n}\n", "2:192.0.2.1 1 lines=3 bad=1 mistake=18 refused=18 at=2"},
    {"default 0;\n}\n", "lines=2"},
    {"default 0\n", "1:default 0 lines=1 bad=1 mistake=1"},
    {"deny 192.0.2.1; # x\ndeny 192.0.2.2;#y\ndeny 192.0.2.3; z\n",
     "192.0.2.1/32 192.0.2.2/32 3:deny 192.0.2.3; z lines=3 entries=2 given=2 bad=1 mistake=18 "
     "refused=18 at=3"},
    {"deny 192.0.2.1;deny 192.0.2.3;\n", "192.0.2.1/32 192.0.2.3/32 lines=1 entries=2 given=2"},
    {"deny\nallow 192.0.2.1\nallow x;\n",
     "1:deny 2:allow 192.0.2.1 3:allow x; lines=3 bad=3 mistake=18 refused=18 at=3"},
    {"192.0.2.1\ngeo $b {\n", "192.0.2.1/32 2:geo $b { lines=2 entries=1 given=1 bad=1 mistake=1"},
    {"deny 192.0.2.1/24;\n", "1:deny 192.0.2.1/24; lines=1 bad=1 mistake=3"},
    {"default 0;\n192.0.2.1/24 1;\n", "2:192.0.2.1/24 1; lines=2 bad=1 mistake=3"},
    {"1sshd: 192.0.2.9\n", "1:1sshd: 192.0.2.9 lines=1 bad=1 mistake=1"},
    {"-sshd: 192.0.2.9\n", "1:-sshd: 192.0.2.9 lines=1 bad=1 mistake=1"},
    {"ssh-d2.x_y, b: 192.0.2.9\n", "192.0.2.9/32 lines=1 entries=1 given=1"},
    {"Sshd: 192.0.2.9\n", "1:Sshd: 192.0.2.9 lines=1 bad=1 mistake=1"},
    {"all: 192.0.2.9\n", "192.0.2.9/32 lines=1 entries=1 given=1"},
    {"ALL: 192.\n",
     "(192.0.0.0/24) 192.0.1.0/24 192.0.2.0/23 192.0.4.0/22 192.0.8.0/21 192.0.16.0/20 "
     "192.0.32.0/19 192.0.64.0/18 192.0.128.0/17 192.1.0.0/16 192.2.0.0/15 192.4.0.0/14 "
     "192.8.0.0/13 192.16.0.0/12 192.32.0.0/11 192.64.0.0/10 192.128.0.0/11 192.160.0.0/13 "
     "(192.168.0.0/16) 192.169.0.0/16 192.170.0.0/15 192.172.0.0/14 192.176.0.0/12 192.192.0.0/10 "
     "lines=1 entries=1 given=22 apart=1"},
    {"ALL: 9.\nALL: 192.0.2.7.\n",
     "9.0.0.0/8 2:ALL: 192.0.2.7. lines=2 entries=1 given=1 bad=1 mistake=19 refused=19 at=2"},
    {"ALL: 192.0.2.\nALL: .\n",
     "192.0.2.0/24 2:ALL: . lines=2 entries=1 given=1 bad=1 mistake=19 refused=19 at=2"},
    {"ALL: 192.0.2.9:deny\nALL: 192.0.2.10 : DENY \nALL: 192.0.2.11 :\n",
     "192.0.2.9/32 192.0.2.10/32 3:ALL: 192.0.2.11 : lines=3 entries=2 given=2 bad=1 mistake=19 "
     "refused=19 at=3"},
    {"ALL: [2001:db8::]/32, [2001:db9::1]:deny\nALL: [x\n",
     "2001:db8::/32 2001:db9::/64 2:ALL: [x lines=2 entries=2 given=2 bad=1 mistake=19 refused=19 "
     "at=2"},
    {"ALL: []/32\n", "1:ALL: []/32 lines=1 bad=1 mistake=19 refused=19 at=1"},
    {"ALL:\n", "1:ALL: lines=1 bad=1 mistake=1"},
    {"ALL::x\n", "1:ALL::x lines=1 bad=1 mistake=1"},
    {"name: 192.0.2.1\n", "1:name: 192.0.2.1 lines=1 bad=1 mistake=15 refused=15 at=1"},
    {"192.0.2.1\nName: x\n", "192.0.2.1/32 2:Name: x lines=2 entries=1 given=1 bad=1 mistake=1"},
    {"ALL: 192.0.2.1/24\n", "1:ALL: 192.0.2.1/24 lines=1 bad=1 mistake=3"},
    {"ALL: 1111111111111111111111111111111111111111111111111111111111111111111111111.\n",
     "1:ALL: 1111111111111111111111111111111111111111111111111111111111111111111111111. lines=1 "
     "bad=1 mistake=19 refused=19 at=1"},
    {"ALL: 11111111111111111111111111111111111111111111111111111111111111111111111111\n",
     "1:ALL: 11111111111111111111111111111111111111111111111111111111111111111111111111 lines=1 "
     "bad=1 mistake=19 refused=19 at=1"},
    {"ALL: 192.0.2.1, # x\n", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"[]\n", "lines=1"},
    {"[ ]\n", "lines=1"},
    {"[1,2]\n", "1:[1,2] lines=1 bad=1 mistake=1"},
    {"[\n]\n", "lines=2"},
    {"{\n}\n", "lines=2"},
    {"{}\n", "1:{} lines=1 bad=1 mistake=9"},
    {"[{}]\n", "lines=1"},
    {"[[\"192.0.2.1\"]]\n", "lines=1"},
    {"[\n{\"a\":[\"192.0.2.1\"],\"ips\":[\"192.0.2.2\",[\"192.0.2.3\"],{\"x\":\"192.0.2.4\",\"ip\":"
     "\"192.0.2.5\"}]}\n]\n",
     "192.0.2.2/32 192.0.2.3/32 192.0.2.5/32 lines=3 entries=3 given=3"},
    {"[\"192.0.2.1\\/32\",\"\\b\\f\\n\\r\\t\\\\\\\"\\u0041\\x\"]\n",
     "192.0.2.1/32 1:?????\\\"\\u0041\\x lines=1 entries=1 given=1 bad=1 mistake=1"},
    {"[true,false,null,-1.5e+3,\"192.0.2.1\"]\n",
     "1:[true,false,null,-1.5e+3,\"192.0.2.1\"] lines=1 bad=1 mistake=1"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"192.0.2.1\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "lines=1"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"192.0.2.1\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
     "damaged"},
    {"{\"prefix\":\"192.0.2.1\",\"address\":\"192.0.2.2\",\"ipAddress\":\"192.0.2.3\",\"ip_"
     "address\":\"192.0.2.4\",\"ipv4Prefix\":\"192.0.2.5/32\",\"ipv6Prefix\":\"2001:db8::/"
     "32\",\"cidrs\":[\"192.0.2.6\"],\"addresses\":[\"192.0.2.7\"],\"ips\":\"192.0.2.8\","
     "\"addressprefixes\":\"192.0.2.9\"}\n",
     "192.0.2.1/32 192.0.2.2/32 192.0.2.3/32 192.0.2.4/32 192.0.2.5/32 2001:db8::/32 192.0.2.6/32 "
     "192.0.2.7/32 192.0.2.8/32 lines=1 entries=9 given=9"},
    {"{\"type\":\"metadata\",\"records\":3,\n\"x\":[]}\n", "lines=2 says=1 stated=3"},
    {"{\"type\":\"x\",\"records\":3,\n\"x\":[]}\n", "lines=2"},
    {"[{\"type\":\"metadata\",\"records\":0}]\n", "lines=1"},
    {"[{\"json_schema_version\":1}]\n",
     "1:json_schema_version lines=1 bad=1 mistake=17 refused=17 at=1"},
    {"[\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"]\n",
     "1:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx lines=1 "
     "bad=1 mistake=1"},
    {"{\"cidr\":\"192.0.2.1\",\"a\":[\n]}\n", "192.0.2.1/32 lines=2 entries=1 given=1"},
    {"{\"cidr\":\"192.0.2.1\"}\n{\"cidr\":\"192.0.2.2\"} x\n",
     "192.0.2.1/32 2:{\"cidr\":\"192.0.2.2\"} x lines=2 entries=1 given=1 bad=1 mistake=9"},
    {"{\"ip\":\"192.0.2.1\"} {\"ip\":\"192.0.2.2\"}\n",
     "192.0.2.1/32 192.0.2.2/32 lines=1 entries=2 given=2"},
    {"{\"a\":1},\n{\"ip\":\"192.0.2.1\"}\n",
     "1:{\"a\":1}, 2:{\"ip\":\"192.0.2.1\"} lines=2 bad=2 mistake=9"},
    {"{\"type\":\"metadata\",\"records\":\"3\"}\n", "lines=1"},
    {"{\"type\":\"metadata\",\"records\":-3}\n", "lines=1"},
    {"192.0.2.1 #", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"192.0.2.1 ;", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"192.0.2.1 x", "1:192.0.2.1 x lines=1 bad=1 mistake=6"},
    {"192.0.2.1", "192.0.2.1/32 lines=1 entries=1 given=1 no-end=1"},
    {"x", "1:x lines=1 bad=1 mistake=1"},
    {"# 192.0.2.1", "lines=1"},
    {"table ip t { set a { elements = { 192.0.2.1 } } }", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"\n\n192.0.2.1\n ", "192.0.2.1/32 lines=4 entries=1 given=1"},
    {"deny 192.0.2.1;", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"[\"192.0.2.1\"]", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"\xef\xbb\xbf", ""},
    {"\xef\xbb\xbf[\"192.0.2.1\"]", "192.0.2.1/32 lines=1 entries=1 given=1"},
    {"\xef\xbb"
     "192.0.2.1\n",
     "1:??192.0.2.1 lines=1 bad=1 mistake=1"},
    {"9.255.255.254-11.0.0.1\n9.255.255.255-10.0.0.0\n172.15.255.255-172.32.0.0\n192.167.255.255-"
     "192.169.0.0\n198.17.255.255-198.20.0.0\n223.255.255.255-224.0.0.0\n100.63.255.255-100.128.0."
     "0\n169.253.255.255-169.255.0.0\n126.255.255.255-128.0.0.0\n191.255.255.255-192.0.1.0\n1.0.0."
     "0-1.0.0.0\n0.255.255.255-1.0.0.0\n",
     "1:9.255.255.254-11.0.0.1 9.255.255.255/32 (10.0.0.0/32) 172.15.255.255/32 (172.16.0.0/12) "
     "172.32.0.0/32 192.167.255.255/32 (192.168.0.0/16) 192.169.0.0/32 198.17.255.255/32 "
     "(198.18.0.0/15) 198.20.0.0/32 223.255.255.255/32 (224.0.0.0/32) 100.63.255.255/32 "
     "(100.64.0.0/10) 100.128.0.0/32 169.253.255.255/32 (169.254.0.0/16) 169.255.0.0/32 "
     "9:126.255.255.255-128.0.0.0 191.255.255.255/32 (192.0.0.0/24) 192.0.1.0/32 1.0.0.0/32 "
     "(0.255.255.255/32) 1.0.0.0/32 lines=12 entries=10 given=16 apart=9 wide=2 bad=2 mistake=21"},
    {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-2000::\n",
     "(1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128) 2000::/128 lines=1 entries=1 given=1 apart=1"},
    {"8.0.0.0-8.255.255.255\n8.0.0.0-9.0.0.0\n2a00::/16\n2a00::-2a01::\n224.0.0.0/3\n::/3\n4000::/"
     "2\n",
     "8.0.0.0/8 2:8.0.0.0-9.0.0.0 2a00::/16 4:2a00::-2a01:: (224.0.0.0/3) (::/3) (4000::/2) "
     "lines=7 entries=5 given=2 apart=3 wide=2 bad=2 mistake=21"},
};

static void test_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        struct record record = {.end = 0};
        const char *said;

        write_plain(whole[i].text, strlen(whole[i].text));
        if (read_list(&record, &by_default) == ROPP_LIST_FAILED)
            said = strstr(record.error, "JSON") != NULL ? "damaged" : record.error;
        else
            said = summary(&record);
        if (strcmp(said, whole[i].said) != 0)
            fail_msg("%zu: %s\nis %s\nand should be %s", i, whole[i].text, said, whole[i].said);
    }
}

/* Of as many entries as a line can have, and one more. */
static void test_the_most_of_a_line(void **state)
{
    char text[ROPP_LIST_LINE + 100], *at = text;
    struct record *record = calloc(1, sizeof *record);

    (void)state;
    assert_non_null(record);
    for (int i = 0; i < 511; i++)
        at += sprintf(at, "1.1.1.%d,", i % 10);
    strcpy(at, "1.1.1.1\n");
    write_plain(text, strlen(text));
    assert_int_equal(strlen(text), ROPP_LIST_LINE);
    assert_int_equal(read_list(record, &by_default), ROPP_LIST_READ);
    assert_int_equal(record->counts.entries, 512);
    assert_int_equal(record->counts.bad_lines, 0);
    strcpy(at, "1.1.1.1,1.1.1.2\n");
    write_plain(text, strlen(text));
    assert_int_equal(read_list(record, &by_default), ROPP_LIST_READ);
    assert_int_equal(record->counts.entries, 0);
    assert_int_equal(record->counts.bad_lines, 1);
    assert_int_equal(record->mistake, ROPP_LIST_TOO_LONG);
    free(record);
}

/* ---- a million lines ---- */

static void add_to_set(void *context, const struct ropp_prefix *prefix)
{
    ropp_prefix_set_add((struct ropp_prefix_set *)context, prefix);
}

/* The bound is far from what it takes (about a quarter of a second), so that a loaded machine does
 * not fail it and a quadratic step does. */
static void test_a_million_lines(void **state)
{
    struct ropp_prefix_set set = {NULL, 0};
    const struct ropp_list_calls calls = {&set, add_to_set, NULL, NULL, NULL};
    struct ropp_list_counts counts;
    char error[ROPP_ERROR_TEXT];
    uint32_t i, scattered;
    FILE *file = fopen(path, "wb");
    clock_t began;

    (void)state;
    assert_non_null(file);
    for (i = 0; i < 1000000; i++) {
        /* Odd, so that no two meet: 2654435761 times an odd number is another odd number. */
        scattered = (2 * i + 1) * UINT32_C(2654435761);
        fprintf(file, "%u.%u.%u.%u\n", 11 + (scattered >> 24) % 80, scattered >> 16 & 255,
                scattered >> 8 & 255, scattered & 255);
    }
    assert_int_equal(fclose(file), 0);
    began = clock();
    assert_int_equal(ropp_listfile_read(path, &by_default, &calls, &counts, error), ROPP_LIST_READ);
    ropp_aggregate(&set);
    print_message("a million lines: %.0f ms, %zu prefixes\n",
                  (double)(clock() - began) * 1000 / CLOCKS_PER_SEC, set.count);
    assert_true((double)(clock() - began) / CLOCKS_PER_SEC < 10);
    assert_int_equal(counts.prefixes + counts.set_apart, 1000000);
    assert_true(set.count > 900000);
    ropp_prefix_set_free(&set);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_comments_and_blanks),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_jsonline),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_commas),
        cmocka_unit_test(test_columns_of_dshield),
        cmocka_unit_test(test_named_ranges),
        cmocka_unit_test(test_what_programs_write),
        cmocka_unit_test(test_ipset),
        cmocka_unit_test(test_nftables),
        cmocka_unit_test(test_nginx),
        cmocka_unit_test(test_hosts_deny),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_json_documents),
        cmocka_unit_test(test_lines_of_a_document),
        cmocka_unit_test(test_members_without_a_name),
        cmocka_unit_test(test_damaged_documents),
        cmocka_unit_test(test_what_the_file_says),
        cmocka_unit_test(test_a_bad_line_ends_nothing),
        cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_lines_across_blocks),
        cmocka_unit_test(test_private_networks_are_set_apart),
        cmocka_unit_test(test_private_networks_are_cut_out),
        cmocka_unit_test(test_wide_lines),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_gzip_cut_short),
        cmocka_unit_test(test_what_cannot_be_read),
        cmocka_unit_test(test_a_pipe),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_the_most_of_a_line),
        cmocka_unit_test(test_a_million_lines),
    };

    return UNIT_RUN(argc, argv, "listfile", tests, make_file, remove_file);
}
