#define HERCULES_CORE

#include "timer.h"

#include "common/memmgr.h"
#include "common/showmsg.h"

#include <time.h>

#define TIMER_MIN_INTERVAL 50
#define TIMER_MAX_INTERVAL 1000

static struct timer_interface the_timer;
struct timer_interface *timer;

/* A timer's id is its place in the array; func is NULL in a free one. There are few, so the next
 * one is simply searched for. */
static struct timer_entry {
	int64 due;
	TimerFunc func;
	int id;
	intptr_t data;
	int interval; /* 0: runs once */
} *entries = NULL;
static int entry_count = 0;

static int64 timer_gettick_nocache(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64 timer_gettick(void)
{
	return timer_gettick_nocache();
}

static int start_timer(struct timer_entry entry)
{
	int tid = 0;

	while (tid < entry_count && entries[tid].func != NULL)
		++tid;
	if (tid == entry_count) {
		++entry_count;
		RECREATE(entries, struct timer_entry, (size_t)entry_count);
	}
	entries[tid] = entry;
	return tid;
}

static int timer_add(int64 tick, TimerFunc func, int id, intptr_t data)
{
	struct timer_entry entry = {tick, func, id, data, 0};

	return start_timer(entry);
}

static int timer_add_interval(int64 tick, TimerFunc func, int id, intptr_t data, int interval)
{
	struct timer_entry entry = {tick, func, id, data, interval};

	if (interval < 1) {
		ShowError("timer_add_interval: the interval %d is below 1 ms\n", interval);
		return INVALID_TIMER;
	}
	return start_timer(entry);
}

static int emu_timer_delete(int tid, TimerFunc func)
{
	if (tid < 0 || tid >= entry_count || entries[tid].func != func) {
		ShowError("emu_timer_delete: no timer %d of this function\n", tid);
		return -1;
	}
	entries[tid].func = NULL;
	return 0;
}

static int timer_add_func_list(TimerFunc func, const char *name)
{
	return 0; /* the names are of use to a debugger only */
}

/* The timer that is due first, or -1. */
static int first_timer(void)
{
	int first = -1;

	for (int tid = 0; tid < entry_count; ++tid) {
		if (entries[tid].func == NULL)
			continue;
		if (first == -1 || entries[tid].due < entries[first].due)
			first = tid;
	}
	return first;
}

static int timer_perform(int64 tick)
{
	for (;;) {
		int tid = first_timer();
		int64 rest = tid == -1 ? TIMER_MAX_INTERVAL : entries[tid].due - tick;

		if (rest > 0) {
			if (rest < TIMER_MIN_INTERVAL)
				return TIMER_MIN_INTERVAL;
			return rest > TIMER_MAX_INTERVAL ? TIMER_MAX_INTERVAL : (int)rest;
		}
		struct timer_entry entry = entries[tid];
		/* a loop that was late by more than a second does not catch up turn by turn */
		int64 base = rest < -1000 ? tick : entry.due;

		if (entry.interval > 0)
			entries[tid].due = base + entry.interval;
		else
			entries[tid].func = NULL;
		entry.func(tid, base, entry.id, entry.data);
	}
}

static void timer_final(void)
{
	aFree(entries);
	entries = NULL;
	entry_count = 0;
}

void timer_defaults(void)
{
	timer = &the_timer;
	timer->gettick = timer_gettick;
	timer->gettick_nocache = timer_gettick_nocache;
	timer->add = timer_add;
	timer->add_interval = timer_add_interval;
	timer->delete_ = emu_timer_delete;
	timer->add_func_list = timer_add_func_list;
	timer->perform = timer_perform;
	timer->final = timer_final;
}
