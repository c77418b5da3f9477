// SPDX-License-Identifier: MIT
/* The memory of a command: buffers, arrays, texts, what is kept to the end, and lines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/capture.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"
#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/base/text.h"

static struct capture said;

/* ---- no memory ---- */

static void check_nothing(void)
{
    (void)ropp_checked(NULL);
}

/* More than an address can name. */
static void grow_too_far(void)
{
    (void)ropp_grow(NULL, 1, SIZE_MAX / 2 + 1);
}

static void add_too_much(void)
{
    struct ropp_buffer buffer = {0};

    ropp_buffer_add(&buffer, "", SIZE_MAX / 2);
}

static void add_too_much_behind_some(void)
{
    struct ropp_buffer buffer = {0};

    ropp_buffer_add(&buffer, "four", 4);
    ropp_buffer_add(&buffer, "", SIZE_MAX / 2 - 4);
}

static void test_no_memory(void **state)
{
    static void (*const cases[])(void) = {check_nothing, grow_too_far, add_too_much,
                                          add_too_much_behind_some};
    char some;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status;

        capture_begin(&said, stderr);
        status = status_of(cases[i]);
        assert_string_equal(capture_end(&said), "ropp: out of memory: nothing was written by this "
                                                "step: close other programs and run it again\n");
        assert_int_equal(status, 2);
    }
    assert_ptr_equal(ropp_checked(&some), &some);
}

/* Zeroed, and never NULL. */
static void test_alloc(void **state)
{
    static const char zeros[6 * 7];
    char *memory = ropp_alloc(6, 7);

    (void)state;
    assert_memory_equal(memory, zeros, sizeof zeros);
    free(memory);
    memory = ropp_alloc_bytes(sizeof zeros);
    assert_memory_equal(memory, zeros, sizeof zeros);
    free(memory);
    memory = ropp_alloc(0, 5);
    assert_non_null(memory);
    free(memory);
    memory = ropp_alloc(5, 0);
    assert_non_null(memory);
    free(memory);
}

/* ---- arrays ---- */

/* What is there stays, and what is new is zeroed: both have a way to grow. */
static void test_arrays(void **state)
{
    uint32_t *own = NULL, *kept = NULL;

    (void)state;
    for (uint32_t count = 0; count < 100; count++) {
        own = ropp_grow(own, count, sizeof *own);
        kept = ropp_keep_grow(kept, count, sizeof *kept);
        assert_int_equal(own[count], 0);
        assert_int_equal(kept[count], 0);
        own[count] = kept[count] = ~count;
        for (uint32_t i = 0; i <= count; i++) {
            assert_int_equal(own[i], ~i);
            assert_int_equal(kept[i], ~i);
        }
    }
    free(own);
}

/* What others have written there is no part of the array. */
static void test_new_items_are_zeroed(void **state)
{
    static const uint8_t zeros[8];
    uint8_t *items = NULL, *kept = NULL;

    (void)state;
    for (size_t count = 0; count < 3; count++) {
        items = ropp_grow(items, count, 8);
        kept = ropp_keep_grow(kept, count, 8);
        memset(items + 8 * count, 0xee, 8);
        memset(kept + 8 * count, 0xee, 8);
    }
    /* There is room for a fourth one already. */
    memset(items + 24, 0xdd, 8);
    memset(kept + 24, 0xdd, 8);
    assert_ptr_equal(ropp_grow(items, 3, 8), items);
    assert_ptr_equal(ropp_keep_grow(kept, 3, 8), kept);
    assert_memory_equal(items + 24, zeros, 8);
    assert_memory_equal(kept + 24, zeros, 8);
    assert_int_equal(items[23], 0xee);
    assert_int_equal(kept[23], 0xee);
    free(items);
}

/* ---- buffers ---- */

static void test_adds(void **state)
{
    struct ropp_buffer buffer = {0};
    char *text;

    (void)state;
    ropp_buffer_add(&buffer, "", 0);
    assert_int_equal(buffer.size, 0);
    assert_string_equal(buffer.data, "");
    ropp_buffer_add(&buffer, "one\0two", 7);
    assert_int_equal(buffer.size, 7);
    assert_memory_equal(buffer.data, "one\0two", 8);
    ropp_buffer_text(&buffer, "-three");
    ropp_buffer_format(&buffer, "-%d-%s", 4, "five");
    assert_int_equal(buffer.size, 20);
    assert_memory_equal(buffer.data, "one\0two-three-4-five", 21);
    text = ropp_buffer_take(&buffer);
    assert_memory_equal(text, "one\0two-three-4-five", 21);
    free(text);
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.capacity, 0);
    text = ropp_buffer_take(&buffer); /* an empty one */
    assert_string_equal(text, "");
    free(text);
    ropp_buffer_text(&buffer, "again");
    ropp_buffer_free(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.capacity, 0);
}

/* Byte by byte: each is there, and a zero behind it. */
static void test_grows(void **state)
{
    struct ropp_buffer buffer = {0};

    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        char byte = (char)('a' + i % 26);

        ropp_buffer_add(&buffer, &byte, 1);
        assert_int_equal(buffer.size, i + 1);
        assert_true(buffer.capacity > buffer.size);
        assert_int_equal(buffer.data[i], byte);
        assert_int_equal(buffer.data[i + 1], '\0');
    }
    assert_int_equal(buffer.data[0], 'a');
    assert_int_equal(buffer.data[2600], 'a');
    ropp_buffer_free(&buffer);
}

/* Formatted texts of every length around what is tried first. */
static void test_formats(void **state)
{
    static const size_t lengths[] = {0, 1, 198, 199, 200, 201, 202, 399, 400, 401, 5000};
    char *wanted = ropp_alloc(5001, 1);

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct ropp_buffer buffer = {0};
        char *text;

        memset(wanted, 'x', lengths[i]);
        wanted[lengths[i]] = '\0';
        text = ropp_format("%s", wanted);
        assert_string_equal(text, wanted);
        free(text);
        ropp_buffer_text(&buffer, "behind ");
        ropp_buffer_format(&buffer, "%s", wanted);
        assert_int_equal(buffer.size, 7 + lengths[i]);
        assert_memory_equal(buffer.data, "behind ", 7);
        assert_string_equal(buffer.data + 7, wanted);
        ropp_buffer_free(&buffer);
    }
    free(wanted);
}

static FILE *file_of(size_t size)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fputc((int)(i % 251), file);
    rewind(file);
    return file;
}

static void reads(size_t size, size_t most, size_t wanted)
{
    struct ropp_buffer buffer = {0};
    FILE *file = file_of(size);

    errno = EBADF;
    assert_true(ropp_buffer_read(&buffer, file, most));
    assert_int_equal(errno, 0);
    assert_int_equal(buffer.size, wanted);
    for (size_t i = 0; i < wanted; i++)
        assert_int_equal((unsigned char)buffer.data[i], i % 251);
    assert_int_equal(ftell(file), wanted); /* and no more of it is gone */
    ropp_buffer_free(&buffer);
    fclose(file);
}

static void test_reads(void **state)
{
    struct ropp_buffer buffer = {0};
    FILE *folder = fopen("/", "r");

    (void)state;
    reads(0, 100, 0);
    reads(1, 100, 1);
    reads(100, 100, 100);
    reads(101, 100, 100);
    reads(8192, 8192, 8192);
    reads(20000, 30000, 20000);
    reads(20000, 16385, 16385);
    reads(20000, 0, 0);
    assert_non_null(folder);
    assert_false(ropp_buffer_read(&buffer, folder, 100));
    assert_int_equal(errno, EISDIR);
    fclose(folder);
    ropp_buffer_free(&buffer);
}

static void test_hash(void **state)
{
    uint64_t half = ropp_hash(ROPP_HASH_START, "foo", 3);

    (void)state;
    assert_true(ropp_hash(ROPP_HASH_START, "", 0) == ROPP_HASH_START);
    assert_true(ropp_hash(ROPP_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(ropp_hash(ROPP_HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(ropp_hash(half, "bar", 3) == UINT64_C(0x85944171f73967e8));
    assert_true(ropp_hash(ROPP_HASH_START, "\xff", 1) == UINT64_C(0xaf64724c8602eb6e));
}

/* ---- texts ---- */

static void test_copies(void **state)
{
    char *copy = ropp_copy_text("longer", 4);

    (void)state;
    assert_string_equal(copy, "long");
    free(copy);
    copy = ropp_copy_text(NULL, 0);
    assert_string_equal(copy, "");
    free(copy);
}

static void test_texts(void **state)
{
    struct ropp_texts texts = {0}, kept = {0};

    (void)state;
    assert_false(ropp_texts_have(&texts, "one"));
    ropp_texts_add(&texts, "oneself", 3);
    ropp_texts_take(&texts, ropp_copy_text("two", 3));
    assert_int_equal(texts.count, 2);
    assert_string_equal(texts.items[0], "one");
    assert_string_equal(texts.items[1], "two");
    assert_true(ropp_texts_have(&texts, "one"));
    assert_true(ropp_texts_have(&texts, "two"));
    assert_false(ropp_texts_have(&texts, "tw"));
    ropp_texts_free(&texts);
    assert_null(texts.items);
    assert_int_equal(texts.count, 0);
    ropp_texts_keep(&kept, ropp_keep_text("three"));
    ropp_texts_keep(&kept, ropp_keep_text("four"));
    ropp_texts_keep(&kept, ropp_keep_text("five"));
    assert_int_equal(kept.count, 3);
    assert_string_equal(kept.items[0], "three");
    assert_string_equal(kept.items[1], "four");
    assert_string_equal(kept.items[2], "five");
}

/* All of it goes, and it can be begun again. */
static void test_kept(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        char *memory = ropp_alloc(1, 10);

        assert_ptr_equal(ropp_keep(memory), memory);
        assert_string_equal(ropp_keep_text("text"), "text");
        assert_string_equal(ropp_keep_part("text", 2), "te");
        assert_string_equal(ropp_keep_format("%d %s", 7, "texts"), "7 texts");
        ropp_keep_end();
    }
    ropp_keep_end();
}

/* ---- lines ---- */

static void test_lines(void **state)
{
    static const char text[] = "one\ntwo\r\n\nfour\r\r\n\r\nsix";
    static const struct {
        size_t at, size, whole;
    } lines[] = {{0, 3, 4}, {4, 3, 5}, {9, 0, 1}, {10, 5, 7}, {17, 0, 2}, {19, 3, 3}, {22, 0, 0}};
    struct ropp_line line;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        line = ropp_line_at(text, lines[i].at, sizeof text - 1);
        assert_ptr_equal(line.start, text + lines[i].at);
        assert_int_equal(line.size, lines[i].size);
        assert_int_equal(line.whole, lines[i].whole);
    }
    line = ropp_line_at(text, 0, 3); /* the line's end is behind the text's */
    assert_int_equal(line.size, 3);
    assert_int_equal(line.whole, 3);
    line = ropp_line_at(text, 4, 8);
    assert_int_equal(line.size, 3);
    assert_int_equal(line.whole, 4);
}

static void test_line_numbers(void **state)
{
    static const char text[] = "one\ntwo\n\nfour";
    static const size_t numbers[] = {1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 4, 4, 4, 4};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(ropp_line_of(text, i), numbers[i]);
}

static void test_word_characters(void **state)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    (void)state;
    for (int c = 1; c < 256; c++)
        assert_int_equal(ropp_is_word_char((char)c), strchr(word, c) != NULL);
    assert_false(ropp_is_word_char('\0'));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_alloc),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_new_items_are_zeroed),
        cmocka_unit_test(test_adds),
        cmocka_unit_test(test_grows),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_reads),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_line_numbers),
        cmocka_unit_test(test_word_characters),
    };

    return UNIT_RUN(argc, argv, "buffer", tests, NULL, NULL);
}
