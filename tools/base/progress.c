// SPDX-License-Identifier: MIT
#include "tools/base/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/terminal.h"

enum { PATIENCE_MS = 1000, TURN_MS = 100, BAR_WIDTH = 30 };

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void ropp_progress_begin(struct ropp_progress *progress, const char *what, const char *unit,
                         uint64_t total)
{
    *progress = (struct ropp_progress){.what = what,
                                       .unit = unit,
                                       .total = total,
                                       .began_ms = now_ms(),
                                       .columns = ropp_terminal_columns(STDERR_FILENO)};
}

/* "  [####----]  50 %" */
static void bar_text(const struct ropp_progress *progress, uint64_t done, char *text, size_t size)
{
    char bar[BAR_WIDTH];
    size_t filled = (size_t)(done * BAR_WIDTH / progress->total);

    memset(bar, '-', BAR_WIDTH);
    memset(bar, '#', filled);
    snprintf(text, size, "  [%.*s] %3u %%", (int)sizeof bar, bar,
             (unsigned)(done * 100 / progress->total));
}

void ropp_progress_text(const struct ropp_progress *progress, uint64_t done, int64_t past_ms,
                        char text[ROPP_PROGRESS_TEXT])
{
    char bar[BAR_WIDTH + 16] = "", left[40] = "";
    uint64_t rate;

    if (progress->total > 0 && done > progress->total)
        done = progress->total;
    rate = done * 1000 / (uint64_t)past_ms;
    if (progress->total > 0)
        bar_text(progress, done, bar, sizeof bar);
    if (progress->total > 0 && rate > 0)
        snprintf(left, sizeof left, ", %" PRIu64 " s left", (progress->total - done) / rate);
    snprintf(text, ROPP_PROGRESS_TEXT, "%.60s%s  %" PRIu64 " %.20s/s%s", progress->what, bar, rate,
             progress->unit, left);
    /* The last column stays empty: writing there may begin a new line. */
    if (progress->columns > 0 && strlen(text) >= progress->columns)
        text[progress->columns - 1] = '\0';
}

void ropp_progress_show(struct ropp_progress *progress, uint64_t done)
{
    char text[ROPP_PROGRESS_TEXT];
    int64_t now, past_ms;

    if (progress->columns == 0)
        return;
    now = now_ms();
    past_ms = now - progress->began_ms;
    if (past_ms < PATIENCE_MS || now - progress->shown_ms < TURN_MS)
        return;
    progress->shown_ms = now;
    ropp_progress_text(progress, done, past_ms, text);
    fprintf(stderr, "\r%s\033[K", text);
}

void ropp_progress_end(struct ropp_progress *progress)
{
    if (progress->shown_ms != 0)
        fputs("\r\033[K", stderr);
    progress->shown_ms = 0;
}
