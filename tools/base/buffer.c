// SPDX-License-Identifier: MIT
#include "tools/base/buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *ropp_checked(void *memory)
{
    if (memory == NULL) {
        ropp_error("out of memory: nothing was written by this step: close other programs and "
                   "run it again");
        exit(ROPP_EXIT_USAGE);
    }
    return memory;
}

void *ropp_alloc(size_t count, size_t item_size)
{
    return ropp_checked(calloc(count ? count : 1, item_size ? item_size : 1));
}

void *ropp_alloc_bytes(size_t size)
{
    return ropp_alloc(size, 1);
}

void *ropp_grow(void *array, size_t count, size_t item_size)
{
    /* The array is full exactly when the count is 0 or a power of two. */
    if ((count & (count - 1)) == 0) {
        size_t room = count ? count * 2 : 1;

        if (room > SIZE_MAX / item_size)
            ropp_checked(NULL);
        array = ropp_checked(realloc(array, room * item_size));
    }
    memset((char *)array + count * item_size, 0, item_size);
    return array;
}

char *ropp_copy_text(const char *text, size_t size)
{
    char *copy = ropp_alloc(size + 1, 1);

    if (size)
        memcpy(copy, text, size);
    return copy;
}

static void reserve(struct ropp_buffer *buffer, size_t more)
{
    size_t need;

    if (more >= SIZE_MAX / 2 - buffer->size)
        ropp_checked(NULL);
    need = buffer->size + more + 1;
    if (need <= buffer->capacity)
        return;
    if (need < buffer->capacity * 2)
        need = buffer->capacity * 2;
    buffer->data = ropp_checked(realloc(buffer->data, need));
    buffer->capacity = need;
}

void ropp_buffer_add(struct ropp_buffer *buffer, const void *bytes, size_t size)
{
    reserve(buffer, size);
    if (size)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void ropp_buffer_text(struct ropp_buffer *buffer, const char *text)
{
    ropp_buffer_add(buffer, text, strlen(text));
}

static void add_formatted(struct ropp_buffer *buffer, const char *format, va_list args)
{
    size_t room = 200;

    for (;;) {
        va_list again;
        int length;

        reserve(buffer, room);
        va_copy(again, args);
        length = vsnprintf(buffer->data + buffer->size, room + 1, format, again);
        va_end(again);
        if (length < 0)
            ropp_checked(NULL);
        if ((size_t)length <= room) {
            buffer->size += (size_t)length;
            return;
        }
        room = (size_t)length;
    }
}

void ropp_buffer_format(struct ropp_buffer *buffer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_formatted(buffer, format, args);
    va_end(args);
}

bool ropp_buffer_read(struct ropp_buffer *buffer, FILE *in, size_t most)
{
    char piece[8192];
    size_t got = 1;

    errno = 0;
    for (; most > 0 && got > 0; most -= got) {
        got = fread(piece, 1, most < sizeof piece ? most : sizeof piece, in);
        ropp_buffer_add(buffer, piece, got);
    }
    return !ferror(in);
}

void ropp_buffer_free(struct ropp_buffer *buffer)
{
    free(buffer->data);
    memset(buffer, 0, sizeof *buffer);
}

char *ropp_buffer_take(struct ropp_buffer *buffer)
{
    char *data;

    reserve(buffer, 0);
    data = buffer->data;
    data[buffer->size] = '\0';
    memset(buffer, 0, sizeof *buffer);
    return data;
}

char *ropp_vformat(const char *format, va_list args)
{
    struct ropp_buffer buffer = {0};

    add_formatted(&buffer, format, args);
    return ropp_buffer_take(&buffer);
}

char *ropp_format(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = ropp_vformat(format, args);
    va_end(args);
    return text;
}

uint64_t ropp_hash(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}
