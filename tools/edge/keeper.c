// SPDX-License-Identifier: MIT
#include "tools/edge/keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "tools/base/cli.h"

/* How often a target is looked at. */
#define LOOK_MS 1000

/* A target that could not be reached, or that refused, is tried again after this, twice as long and
 * so on, up to the one or the other. */
#define PAUSE_MS         500
#define PAUSE_AWAY_MS    2000
#define PAUSE_REFUSED_MS 60000

/* What a job may take: a command may be slow, and so is a million prefixes on a busy machine. */
#define LIMIT_MS 180000

/* ---- lists ---- */

struct ropp_edge_list *ropp_edge_list_new(const struct ropp_prefix_set *banned, int64_t now_s)
{
    struct ropp_edge_list *list = ropp_alloc(1, sizeof *list);
    size_t size = banned->count * sizeof *banned->items;

    list->banned.items = ropp_alloc_bytes(size);
    list->banned.count = banned->count;
    if (size > 0)
        memcpy(list->banned.items, banned->items, size);
    list->now_s = now_s;
    list->holders = 1;
    return list;
}

static struct ropp_edge_list *hold(struct ropp_edge_list *list)
{
    list->holders++;
    return list;
}

void ropp_edge_list_drop(struct ropp_edge_list *list)
{
    if (list == NULL || --list->holders > 0)
        return;
    ropp_prefix_set_free(&list->banned);
    free(list);
}

/* ---- what came of a job ---- */

/* The first line of what was said, without what every message begins with. */
static void note_trouble(struct ropp_edge_keeper *keeper)
{
    static const char prefix[] = "ropp: ";
    const char *said = keeper->job.said.size > 0 ? keeper->job.said.data : "ends at once";
    char trouble[sizeof keeper->trouble];
    size_t length;

    if (strncmp(said, prefix, sizeof prefix - 1) == 0)
        said += sizeof prefix - 1;
    length = strcspn(said, "\n");
    snprintf(trouble, sizeof trouble, "%.*s", (int)length, said);
    if (strcmp(trouble, keeper->trouble) == 0)
        return;
    strcpy(keeper->trouble, trouble);
    keeper->news = true;
    ropp_error("not in step: %s: %s: it is tried again", keeper->edge.name, trouble);
}

static void take_bad(struct ropp_edge_keeper *keeper, const struct ropp_edge_task *task,
                     int64_t now_ms)
{
    int64_t most_ms = task->touched ? PAUSE_REFUSED_MS : PAUSE_AWAY_MS;

    keeper->news = keeper->news || keeper->good;
    keeper->good = false;
    note_trouble(keeper);
    if (task->touched) {
        ropp_edge_list_drop(keeper->has);
        keeper->has = NULL;
        keeper->again = true;
    }
    keeper->pause_ms = keeper->pause_ms == 0 ? PAUSE_MS : keeper->pause_ms * 2;
    if (keeper->pause_ms > most_ms)
        keeper->pause_ms = most_ms;
    keeper->due_ms = now_ms + keeper->pause_ms;
}

static void report_good(const struct ropp_edge_keeper *keeper, bool touched)
{
    if (touched || !keeper->ever)
        printf("%s: %" PRIu64 " prefixes in force%s\n", keeper->edge.name, keeper->entries,
               touched ? "" : ", as before");
    else if (keeper->trouble[0] != '\0')
        printf("%s: in step again\n", keeper->edge.name);
}

static void take_good(struct ropp_edge_keeper *keeper, const struct ropp_edge_task *task,
                      int64_t now_ms)
{
    bool other = keeper->has != keeper->coming;

    keeper->news = keeper->news || !keeper->good || task->touched || other;
    keeper->mark = task->mark;
    keeper->entries = keeper->coming->banned.count;
    if (task->touched || other)
        keeper->since_ms = ropp_wall_ms();
    report_good(keeper, task->touched);
    ropp_edge_list_drop(keeper->has);
    keeper->has = hold(keeper->coming);
    keeper->good = keeper->ever = true;
    keeper->again = false;
    keeper->trouble[0] = '\0';
    keeper->pause_ms = 0;
    keeper->due_ms = now_ms + LOOK_MS;
}

/* What it has is to be sent again, as soon as nobody is at it. */
static void forget(struct ropp_edge_keeper *keeper)
{
    keeper->forget = keeper->job.pid > 0;
    ropp_edge_list_drop(keeper->has);
    keeper->has = NULL;
    keeper->again = true;
    keeper->pause_ms = 0;
    keeper->due_ms = 0;
}

static void finish(struct ropp_edge_keeper *keeper, int64_t now_ms)
{
    struct ropp_edge_task task = {0};
    enum ropp_edge_outcome outcome = ropp_edge_job_look(&keeper->job, &task, now_ms);

    if (outcome == ROPP_EDGE_RUNS)
        return;
    if (outcome == ROPP_EDGE_GOOD)
        take_good(keeper, &task, now_ms);
    else
        take_bad(keeper, &task, now_ms);
    ropp_edge_list_drop(keeper->coming);
    keeper->coming = NULL;
    if (keeper->forget)
        forget(keeper);
}

/* ---- turns ---- */

static void begin(struct ropp_edge_keeper *keeper, struct ropp_edge_list *list, int64_t now_ms)
{
    const struct ropp_edge_task task = {
        .before = keeper->has != NULL ? &keeper->has->banned : NULL,
        .after = &list->banned,
        .now_s = list->now_s,
        .again = keeper->again,
        .mark = keeper->mark,
    };

    if (ropp_edge_job_begin(&keeper->job, &keeper->edge, &task, now_ms + LIMIT_MS))
        keeper->coming = hold(list);
    else
        keeper->due_ms = now_ms + PAUSE_AWAY_MS;
}

/* Whether a target that is not being looked after is to be: at its time, and for a new list at once
 * unless it fails. */
static bool is_due(const struct ropp_edge_keeper *keeper, const struct ropp_edge_list *list,
                   int64_t now_ms)
{
    return now_ms >= keeper->due_ms || (keeper->pause_ms == 0 && keeper->has != list);
}

void ropp_edge_keepers_turn(struct ropp_edge_keeper *keepers, size_t count,
                            struct ropp_edge_list *list, int64_t now_ms)
{
    for (size_t i = 0; i < count; i++) {
        if (keepers[i].job.pid > 0)
            finish(&keepers[i], now_ms);
        if (keepers[i].job.pid == 0 && list != NULL && is_due(&keepers[i], list, now_ms))
            begin(&keepers[i], list, now_ms);
    }
}

void ropp_edge_keepers_poll(const struct ropp_edge_keeper *keepers, size_t count, bool has_list,
                            struct pollfd *sockets, int64_t now_ms, int *wait_ms)
{
    for (size_t i = 0; i < count; i++) {
        bool runs = keepers[i].job.pid > 0;
        int64_t left_ms = (runs ? keepers[i].job.limit_ms : keepers[i].due_ms) - now_ms;

        sockets[2 * i] = (struct pollfd){runs ? keepers[i].job.result : -1, POLLIN, 0};
        sockets[2 * i + 1] = (struct pollfd){runs ? keepers[i].job.text : -1, POLLIN, 0};
        if ((runs || has_list) && left_ms < *wait_ms)
            *wait_ms = left_ms > 0 ? (int)left_ms : 0;
    }
}

bool ropp_edge_keepers_tried(const struct ropp_edge_keeper *keepers, size_t count,
                             const struct ropp_edge_list *list)
{
    for (size_t i = 0; i < count; i++)
        if (keepers[i].has != list && keepers[i].pause_ms == 0)
            return false;
    return true;
}

void ropp_edge_keepers_forget(struct ropp_edge_keeper *keepers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        forget(&keepers[i]);
}

void ropp_edge_keepers_end(struct ropp_edge_keeper *keepers, size_t count, int64_t until_ms)
{
    for (size_t i = 0; i < count; i++) {
        struct ropp_edge_keeper *keeper = &keepers[i];

        while (keeper->job.pid > 0 && ropp_now_ms() < until_ms) {
            struct pollfd ready = {keeper->job.result, POLLIN, 0};

            (void)poll(&ready, 1, 50);
            finish(keeper, ropp_now_ms());
        }
        ropp_edge_job_free(&keeper->job);
        ropp_edge_list_drop(keeper->coming);
        ropp_edge_list_drop(keeper->has);
    }
}
