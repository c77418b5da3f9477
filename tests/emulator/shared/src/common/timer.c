// SPDX-License-Identifier: MIT
#include "common/timer.h"

#include "common/memmgr.h"
#include "common/showmsg.h"

#include <time.h>

#define TIMER_MOST 1000

/* An id is a place in the array; func is NULL in a free one. There are few, so that the next one is
 * searched for. */
static struct timer_entry {
	int64 due;
	TimerFunc func;
	int32 id;
	intptr_t data;
	int32 interval;
} * entries;
static int32 entry_count;

int64 gettick(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int32 timer_start(int64 tick, TimerFunc func, int32 id, intptr_t data, int32 interval)
{
	struct timer_entry entry = {tick, func, id, data, interval};
	int32 tid = 0;

	while (tid < entry_count && entries[tid].func != NULL)
		++tid;
	if (tid == entry_count)
		RECREATE(entries, struct timer_entry, (size_t)++entry_count);
	entries[tid] = entry;
	return tid;
}

void timer_stop(int32 tid, TimerFunc func)
{
	if (tid == INVALID_TIMER)
		return;
	if (tid < 0 || tid >= entry_count || entries[tid].func != func)
		ShowError("timer_stop: no timer %d of this function\n", tid);
	else
		entries[tid].func = NULL;
}

/* The one that is due first; NULL if there is none. */
static struct timer_entry *timer_first(void)
{
	struct timer_entry *first = NULL;

	for (int32 tid = 0; tid < entry_count; ++tid)
		if (entries[tid].func != NULL && (first == NULL || entries[tid].due < first->due))
			first = &entries[tid];
	return first;
}

int32 timer_run(int64 tick)
{
	struct timer_entry *first;

	while ((first = timer_first()) != NULL && first->due <= tick) {
		struct timer_entry entry = *first;
		/* a loop that was late by more than a second does not make up for it turn by turn */
		int64 base = tick - entry.due > 1000 ? tick : entry.due;

		if (entry.interval > 0)
			first->due = base + entry.interval;
		else
			first->func = NULL;
		entry.func((int32)(first - entries), base, entry.id, entry.data);
	}
	if (first == NULL || first->due - tick > TIMER_MOST)
		return TIMER_MOST;
	return first->due - tick < TIMER_LEAST ? TIMER_LEAST : (int32)(first->due - tick);
}

void timer_final(void)
{
	aFree(entries);
	entries = NULL;
	entry_count = 0;
}
