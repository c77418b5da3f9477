// SPDX-License-Identifier: MIT
#include "tools/patch/tree/diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"

#define CONTEXT 3

/* With more differences than this, the whole middle is replaced: right, and not shorter by much. */
#define EDIT_LIMIT 1000

struct lines {
    const char **starts; /* one more than there are lines: the end of the text */
    size_t count;
};

struct pair {
    struct lines before, after;
    bool *removed, *added; /* by line */
};

static struct lines cut(const char *text, size_t size)
{
    struct lines lines = {NULL, 0};
    size_t at = 0;

    while (at < size) {
        const char *end = memchr(text + at, '\n', size - at);

        lines.starts = ropp_grow(lines.starts, lines.count, sizeof *lines.starts);
        lines.starts[lines.count++] = text + at;
        at = end ? (size_t)(end - text) + 1 : size;
    }
    lines.starts = ropp_grow(lines.starts, lines.count, sizeof *lines.starts);
    lines.starts[lines.count] = size ? text + size : text;
    return lines;
}

static size_t length_of(const struct lines *lines, size_t i)
{
    return (size_t)(lines->starts[i + 1] - lines->starts[i]);
}

static bool same(const struct pair *pair, size_t i, size_t k)
{
    size_t length = length_of(&pair->before, i);

    return length == length_of(&pair->after, k) &&
           memcmp(pair->before.starts[i], pair->after.starts[k], length) == 0;
}

/* Whether the way to diagonal k with d edits is best from the one above: by an added line. */
static bool goes_down(long **reach, long d, long k)
{
    return k == -d || (k != d && reach[d - 1][k + d - 2] < reach[d - 1][k + d]);
}

/* Myers' greedy algorithm between two ranges of lines: marks what is removed and added.
 * "An O(ND) Difference Algorithm and Its Variations", 1986, section 4. */
static void compare(struct pair *pair, size_t left, size_t left_end, size_t right, size_t right_end)
{
    long n = (long)(left_end - left), m = (long)(right_end - right), d, k, x = 0, y, i;
    long limit = n + m < EDIT_LIMIT ? n + m : EDIT_LIMIT;
    /* reach[d] holds how far each diagonal -d..d came with d edits. */
    long **reach = ropp_alloc((size_t)limit + 1, sizeof *reach);
    bool found = false;

    for (d = 0; d <= limit && !found; d++) {
        reach[d] = ropp_alloc((size_t)(2 * d + 1), sizeof **reach);
        for (k = -d; k <= d; k += 2) {
            if (d == 0)
                x = 0;
            else if (goes_down(reach, d, k))
                x = reach[d - 1][k + d];
            else
                x = reach[d - 1][k + d - 2] + 1;
            for (y = x - k; x < n && y < m && same(pair, left + (size_t)x, right + (size_t)y); y++)
                x++;
            reach[d][k + d] = x;
            if (x >= n && y >= m) {
                found = true;
                break;
            }
        }
    }
    if (found) {
        x = n;
        y = m;
        for (d = d - 1; d > 0; d--) {
            bool down = goes_down(reach, d, x - y);

            k = x - y + (down ? 1 : -1);
            x = reach[d - 1][k + d - 1];
            y = x - k;
            if (down)
                pair->added[right + (size_t)y] = true;
            else
                pair->removed[left + (size_t)x] = true;
        }
    } else {
        for (i = 0; i < n; i++)
            pair->removed[left + (size_t)i] = true;
        for (i = 0; i < m; i++)
            pair->added[right + (size_t)i] = true;
    }
    for (i = 0; i <= limit; i++)
        free(reach[i]);
    free(reach);
}

static void print_line(FILE *out, char sign, const struct lines *lines, size_t i)
{
    size_t length = length_of(lines, i);

    fputc(sign, out);
    fwrite(lines->starts[i], 1, length, out);
    if (lines->starts[i][length - 1] != '\n')
        fputs("\n\\ No newline at end of file\n", out);
}

/* A range in a hunk's head: an empty one names the line in front of it. */
static void print_range(FILE *out, size_t start, size_t count)
{
    fprintf(out, "%zu", count ? start + 1 : start);
    if (count != 1)
        fprintf(out, ",%zu", count);
}

/* Prints the hunk that begins with the first change at or behind (i, k), and returns where it ends.
 */
static void print_hunk(FILE *out, const struct pair *pair, size_t *i, size_t *k)
{
    size_t start_i = *i > CONTEXT ? *i - CONTEXT : 0, start_k, end_i = *i, end_k = *k, quiet = 0;

    start_k = *k - (*i - start_i);
    /* On until more than twice the context is the same. */
    while (end_i < pair->before.count || end_k < pair->after.count) {
        if (end_i < pair->before.count && pair->removed[end_i])
            end_i++, quiet = 0;
        else if (end_k < pair->after.count && pair->added[end_k])
            end_k++, quiet = 0;
        else if (++quiet > 2 * CONTEXT)
            break;
        else
            end_i++, end_k++;
    }
    if (quiet > CONTEXT) {
        size_t back = (quiet > 2 * CONTEXT ? 2 * CONTEXT : quiet) - CONTEXT;

        end_i -= back;
        end_k -= back;
    }
    fputs("@@ -", out);
    print_range(out, start_i, end_i - start_i);
    fputs(" +", out);
    print_range(out, start_k, end_k - start_k);
    fputs(" @@\n", out);
    while (start_i < end_i || start_k < end_k) {
        if (start_i < end_i && pair->removed[start_i]) {
            print_line(out, '-', &pair->before, start_i++);
        } else if (start_k < end_k && pair->added[start_k]) {
            print_line(out, '+', &pair->after, start_k++);
        } else {
            print_line(out, ' ', &pair->before, start_i++);
            start_k++;
        }
    }
    *i = end_i;
    *k = end_k;
}

static void print_hunks(FILE *out, const struct pair *pair)
{
    size_t i = 0, k = 0;

    while (i < pair->before.count || k < pair->after.count) {
        if ((i < pair->before.count && pair->removed[i]) ||
            (k < pair->after.count && pair->added[k])) {
            print_hunk(out, pair, &i, &k);
        } else {
            i++;
            k++;
        }
    }
}

void ropp_diff(FILE *out, const char *path, const char *before, size_t before_size,
               const char *after, size_t after_size)
{
    struct pair pair;
    size_t head = 0, tail = 0, n, m;

    if (before && after && before_size == after_size && memcmp(before, after, after_size) == 0)
        return;
    fprintf(out, "diff --git a/%s b/%s\n", path, path);
    if (before == NULL)
        fprintf(out, "new file mode 100644\n--- /dev/null\n+++ b/%s\n", path);
    else if (after == NULL)
        fprintf(out, "deleted file mode 100644\n--- a/%s\n+++ /dev/null\n", path);
    else
        fprintf(out, "--- a/%s\n+++ b/%s\n", path, path);
    pair.before = cut(before, before ? before_size : 0);
    pair.after = cut(after, after ? after_size : 0);
    n = pair.before.count;
    m = pair.after.count;
    pair.removed = ropp_alloc(n + 1, sizeof *pair.removed);
    pair.added = ropp_alloc(m + 1, sizeof *pair.added);
    while (head < n && head < m && same(&pair, head, head))
        head++;
    while (tail < n - head && tail < m - head && same(&pair, n - 1 - tail, m - 1 - tail))
        tail++;
    compare(&pair, head, n - tail, head, m - tail);
    print_hunks(out, &pair);
    free(pair.before.starts);
    free(pair.after.starts);
    free(pair.removed);
    free(pair.added);
}
