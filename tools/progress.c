#include "tools/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

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
    progress->what = what;
    progress->unit = unit;
    progress->total = total;
    progress->began_ms = now_ms();
    progress->shown_ms = 0;
    progress->terminal = isatty(STDERR_FILENO) != 0;
}

static void print_bar(const struct ropp_progress *progress, uint64_t done)
{
    unsigned filled = (unsigned)(done * BAR_WIDTH / progress->total), i;

    fputs("  [", stderr);
    for (i = 0; i < BAR_WIDTH; i++)
        fputc(i < filled ? '#' : '-', stderr);
    fprintf(stderr, "] %3u %%", (unsigned)(done * 100 / progress->total));
}

void ropp_progress_show(struct ropp_progress *progress, uint64_t done)
{
    int64_t now, past_ms;
    uint64_t rate;

    if (!progress->terminal)
        return;
    now = now_ms();
    past_ms = now - progress->began_ms;
    if (past_ms < PATIENCE_MS || now - progress->shown_ms < TURN_MS)
        return;
    progress->shown_ms = now;
    if (progress->total > 0 && done > progress->total)
        done = progress->total;
    rate = done * 1000 / (uint64_t)past_ms;
    fprintf(stderr, "\r%s", progress->what);
    if (progress->total > 0)
        print_bar(progress, done);
    fprintf(stderr, "  %" PRIu64 " %s/s", rate, progress->unit);
    if (progress->total > 0 && rate > 0)
        fprintf(stderr, ", %" PRIu64 " s left", (progress->total - done) / rate);
    fputs("\033[K", stderr);
}

void ropp_progress_end(struct ropp_progress *progress)
{
    if (progress->shown_ms != 0)
        fputs("\r\033[K", stderr);
    progress->shown_ms = 0;
}
