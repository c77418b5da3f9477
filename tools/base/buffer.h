// SPDX-License-Identifier: MIT
/* Memory of a short-lived command: growable bytes, and allocation that does not come back empty.
 *
 * Every allocation here either succeeds or ends the program with a message and ROPP_EXIT_USAGE. No
 * one has to clean up at the end: what a write to a tree leaves behind when the program ends in
 * the middle is taken back by the next run (patch/tree/undo.h). */
#ifndef ROPP_TOOLS_BASE_BUFFER_H
#define ROPP_TOOLS_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/base/cli.h"

/* Bytes that grow. A zeroed one is empty. `data` is NULL while empty, and always followed by a NUL
 * that does not count in `size`. */
struct ropp_buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void ropp_buffer_add(struct ropp_buffer *buffer, const void *bytes, size_t size);
void ropp_buffer_text(struct ropp_buffer *buffer, const char *text);
void ropp_buffer_format(struct ropp_buffer *buffer, const char *format, ...) ROPP_PRINTF(2, 3);
void ropp_buffer_free(struct ropp_buffer *buffer);

/* Adds what is left of a file, up to `most` bytes. False with errno when it cannot be read. */
bool ropp_buffer_read(struct ropp_buffer *buffer, FILE *in, size_t most);

/* Hands the bytes over to the caller, who frees them; the buffer is empty afterwards. Never NULL.
 */
char *ropp_buffer_take(struct ropp_buffer *buffer);

/* What a function that allocates has returned. */
void *ropp_checked(void *memory);

/* Zeroed memory for `count` items. Never NULL, also for 0 items. */
void *ropp_alloc(size_t count, size_t item_size);

/* The same as malloc is called, for who takes a function of its kind. */
void *ropp_alloc_bytes(size_t size);

/* Makes room for one more item behind `count` items of an array that this function has grown so
 * far (NULL at first) and returns where it is now. The new item is zeroed. */
void *ropp_grow(void *array, size_t count, size_t item_size);

/* A NUL-terminated copy of `size` bytes. */
char *ropp_copy_text(const char *text, size_t size);

/* A formatted text, freed by the caller. */
char *ropp_format(const char *format, ...) ROPP_PRINTF(1, 2);
char *ropp_vformat(const char *format, va_list args) ROPP_PRINTF(1, 0);

/* FNV-1a, 64 bits: shows whether text was edited, protects against nothing else. Start with
 * ROPP_HASH_START. */
#define ROPP_HASH_START 0xcbf29ce484222325u
uint64_t ropp_hash(uint64_t hash, const void *bytes, size_t size);

#endif
