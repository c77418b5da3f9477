// SPDX-License-Identifier: MIT
/* Bytes written as text: dumps with offsets, hex digits, strings with escapes. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/decode/digits.h"
#include "tools/decode/dump.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static struct ropp_block block;

/* Bytes as hex digits, and how many more there were. */
static void show(const struct ropp_block *shown, char *text, size_t size)
{
    size_t used = 0, i;

    text[0] = '\0';
    for (i = 0; i < shown->kept && used + 3 < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%02x", shown->bytes[i]);
}

/* ---- dumps ---- */

#define XXD_LINE "00000000: 0d0a 0d0a 000d 0a51 5549 540a 2111 000c  .......QUIT.!...\n"
#define HEXDUMP_LINE                                                                               \
    "00000000  0d 0a 0d 0a 00 0d 0a 51  55 49 54 0a 21 11 00 0c  |.......QUIT.!...|\n"
#define TCPDUMP_LINE "\t0x0000:  0d0a 0d0a 000d 0a51 5549 540a 2111 000c  .......QUIT.!...\n"
#define WIRESHARK    "0000   0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c   .......QUIT.!...\n"
#define FIRST        "0d0a0d0a000d0a515549540a2111000c"
#define SECOND       "c0000207"

static const struct {
    const char *name;
    const char *text;
    enum ropp_dump_result result;
    size_t line;       /* BROKEN: which */
    const char *shown; /* blocks, each with a blank behind */
} dumps[] = {
    {"xxd", XXD_LINE "00000010: c000 0207                                ....\n", ROPP_DUMP_READ, 0,
     FIRST SECOND " "},
    {"xxd -g 1", "00000000: 0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c  .......QUIT.!...\n",
     ROPP_DUMP_READ, 0, FIRST " "},
    {"xxd -g 0", "00000000: 0d0a0d0a000d0a515549540a2111000c  .......QUIT.!...\n", ROPP_DUMP_READ,
     0, FIRST " "},
    {"xxd -c 4", "00000000: 0d0a 0d0a  ....\n00000004: 000d 0a51  ...Q\n", ROPP_DUMP_READ, 0,
     "0d0a0d0a000d0a51 "},
    {"xxd -u", "00000000: 0D0A 0D0A  ....\n", ROPP_DUMP_READ, 0, "0d0a0d0a "},
    {"xxd -s 16", "00000010: 0d0a 0d0a  ....\n00000014: 00  .\n", ROPP_DUMP_READ, 0, "0d0a0d0a00 "},
    {"xxd, letters that look like digits", "00000000: 6162 6364 2020 6566  abcd  ef\n",
     ROPP_DUMP_READ, 0, "6162636420206566 "},
    {"xxd, an odd byte", "00000000: 0d0a 0d  ...\n", ROPP_DUMP_READ, 0, "0d0a0d "},
    {"xxd, no line end", "00000000: 0d0a", ROPP_DUMP_READ, 0, "0d0a "},
    {"xxd, DOS lines", "00000000: 0d0a 0d0a  ....\r\n00000004: 000d  ..\r\n", ROPP_DUMP_READ, 0,
     "0d0a0d0a000d "},
    {"hexdump -C",
     HEXDUMP_LINE "00000010  c0 00 02 07                                       |....|\n"
                  "00000014\n",
     ROPP_DUMP_READ, 0, FIRST SECOND " "},
    {"hexdump -C, eight bytes and letters that look like digits",
     "00000000  61 62 63 64 65 66 61 62                           |abcdefab|\n00000008\n",
     ROPP_DUMP_READ, 0, "6162636465666162 "},
    {"hexdump -C, the same again",
     "00000000  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  |aaaaaaaaaaaaaaaa|\n*\n"
     "00000020  62                                                |b|\n00000021\n",
     ROPP_DUMP_READ, 0,
     "6161616161616161616161616161616161616161616161616161616161616161"
     "62 "},
    {"hexdump -C, the same to the end",
     "00000000  61 62                                             |ab|\n*\n00000005\n",
     ROPP_DUMP_READ, 0, "6162616261 "},
    {"tcpdump -x",
     "12:00:00.000001 IP 192.0.2.10.51342 > 198.51.100.5.6900: Flags [P.], length 20\n"
     "\t0x0000:  0d0a 0d0a 000d 0a51 5549 540a 2111 000c\n\t0x0010:  c000 0207\n",
     ROPP_DUMP_READ, 0, FIRST SECOND " "},
    {"tcpdump -X, two packets",
     TCPDUMP_LINE
     "\t0x0010:  c000 0207                                ....\n"
     "12:00:00.000002 IP 192.0.2.10.51342 > 198.51.100.5.6900: length 16\n" TCPDUMP_LINE,
     ROPP_DUMP_READ, 0, FIRST SECOND " " FIRST " "},
    {"Wireshark", WIRESHARK "0010   c0 00 02 07                                       ....\n",
     ROPP_DUMP_READ, 0, FIRST SECOND " "},
    {"tshark -x", "0000  0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c  ab cd ef\n",
     ROPP_DUMP_READ, 0, FIRST " "},
    {"other text around it", "$ xxd header\n" XXD_LINE "$\n", ROPP_DUMP_READ, 0, FIRST " "},
    {"a line is missing", XXD_LINE "00000020: c000 0207  ....\n", ROPP_DUMP_BROKEN, 2, ""},
    {"lines in the wrong order", XXD_LINE "00000010: c000  ..\n00000004: c000  ..\n",
     ROPP_DUMP_BROKEN, 3, ""},
    {"a line before the offset", "00000010: c000  ..\n00000004: c000  ..\n", ROPP_DUMP_BROKEN, 2,
     ""},
    {"the last line is missing", HEXDUMP_LINE "00000014\n", ROPP_DUMP_BROKEN, 2, ""},
    {"hex digits", "0d0a 0d0a\n000d 0a51\n", ROPP_DUMP_NONE, 0, ""},
    {"hex digits, two blanks", "0d0a0d0a  000d 0a51\n", ROPP_DUMP_NONE, 0, ""},
    {"addresses of network cards", "00:11:22:33:44:55\n", ROPP_DUMP_NONE, 0, ""},
    {"a time", "2026-04-27: 10 20\n", ROPP_DUMP_NONE, 0, ""},
    {"words", "0000: the header\n", ROPP_DUMP_NONE, 0, ""},
    {"nothing", "", ROPP_DUMP_NONE, 0, ""},
};

static char output[1024];

static void on_block(void *context, const struct ropp_block *read)
{
    size_t used = strlen(output);

    assert_ptr_equal(context, output);
    show(read, output + used, sizeof output - used - 1);
    strcat(output, " ");
}

static void test_dumps(void **state)
{
    enum ropp_dump_result result;
    size_t i, line;

    (void)state;
    for (i = 0; i < COUNT(dumps); i++) {
        output[0] = '\0';
        result =
            ropp_dump_read(dumps[i].text, strlen(dumps[i].text), &block, on_block, output, &line);
        if (result != dumps[i].result || (result == ROPP_DUMP_BROKEN && line != dumps[i].line))
            fail_msg("%s: %d, line %zu", dumps[i].name, (int)result, line);
        if (strcmp(output, dumps[i].shown) != 0)
            fail_msg("%s: %s", dumps[i].name, output);
    }
}

/* A few words may represent millions of bytes: they are counted, not written. */
static void on_huge(void *context, const struct ropp_block *read)
{
    assert_int_equal(read->kept, ROPP_BLOCK_MAX);
    assert_true(read->total == 0xffffffffff01u);
    ++*(int *)context;
}

static void test_huge(void **state)
{
    static const char text[] = "000000000000: 61 62\n*\nffffffffff00: 63\n";
    int count = 0;
    size_t line;

    (void)state;
    assert_int_equal(ropp_dump_read(text, sizeof text - 1, &block, on_huge, &count, &line),
                     ROPP_DUMP_READ);
    assert_int_equal(count, 1);
}

/* ---- digits ---- */

static const struct {
    const char *text;
    const char *shown;
    size_t wrong; /* which character belongs to no pair */
} digits[] = {
    {"0d0a0d0a", "0d0a0d0a", 0},
    {"0D 0a\n0d\t0A\r\n", "0d0a0d0a", 0},
    {"0d:0a:0d:0a", "0d0a0d0a", 0},
    {"0d-0a-0d-0a", "0d0a0d0a", 0},
    {"0x0d,0x0a", "0d0a", 0},
    {"0x0d, 0x0A,\n0X00", "0d0a00", 0},
    {"0x0d0a0d0a", "0d0a0d0a", 0},
    {"0xd, 0xa, 0x0", "0d0a00", 0},
    {"unsigned char header[] = {\n  0x0d, 0x0a\n};\nunsigned int header_len = 2;\n", "0d0a", 0},
    {"", "", 0},
    {"0d 0g", "0d", 5},
    {"0d 0", "0d", 5},
    {"0d 0\n", "0d", 5},
    {"hello", "", 1},
    {"0x", "", 2},
    {"0xg", "", 2},
    {"0x0d0", "0d", 6},
    {"0x0 d", "00", 6},
    {"{ 0d", "", 1},
};

static void test_digits(void **state)
{
    char shown[256];
    size_t i, wrong;

    (void)state;
    for (i = 0; i < COUNT(digits); i++) {
        block.kept = 0;
        block.total = 0;
        wrong = ropp_digits_read(digits[i].text, strlen(digits[i].text), &block);
        show(&block, shown, sizeof shown);
        if (wrong != digits[i].wrong || strcmp(shown, digits[i].shown) != 0)
            fail_msg("'%s': %s, character %zu", digits[i].text, shown, wrong);
    }
}

/* ---- escapes ---- */

static const struct {
    const char *text;
    const char *shown; /* NULL: it is none */
} escapes[] = {
    {"\\x0d\\x0A\\r\\n", "0d0a0d0a"},
    {"\\0\\015\\12Q", "000d0a51"},
    {"\\0123", "0a33"},
    {"ab\\r\\n\n", "61620d0a"},
    {"\"ab\\r\\n\"", "61620d0a"},
    {"'ab\\r\\n'", "61620d0a"},
    {"b'ab\\r\\n'\n", "61620d0a"},
    {"$'ab\\r\\n'", "61620d0a"},
    {"  \"ab\"\n  \"\\r\\n\";\n", "61620d0a"},
    {"a\\\nb\\n", "61620a"},
    {"\\\\\\\"\\'\\t\\v\\f\\a\\b\\e\\?", "5c222709"
                                         "0b0c07081b3f"},
    {"\\x0dQ", "0d51"},
    {"\\x0d0a", "0d3061"},
    {"\\400", "2030"}, /* more than a byte: the third digit is a letter */
    {"ab", NULL},
    {"", NULL},
    {"\\", NULL},
    {"\\x", NULL},
    {"\\xg", NULL},
    {"\\q", NULL},
    {"\"ab\\r\\n", NULL},
    {"\"ab\\r\\n\" x", NULL},
    {"C:\\Program Files", NULL},
};

static void test_escapes(void **state)
{
    char shown[256];
    size_t i;
    bool read;

    (void)state;
    for (i = 0; i < COUNT(escapes); i++) {
        block.kept = 0;
        block.total = 0;
        read = ropp_escapes_read(escapes[i].text, strlen(escapes[i].text), &block);
        show(&block, shown, sizeof shown);
        if (read != (escapes[i].shown != NULL) || (read && strcmp(shown, escapes[i].shown) != 0))
            fail_msg("'%s': %s", escapes[i].text, read ? shown : "not read");
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dumps),
        cmocka_unit_test(test_huge),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_escapes),
    };

    return UNIT_RUN(argc, argv, "dump", tests, NULL, NULL);
}
