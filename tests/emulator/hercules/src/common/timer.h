#ifndef COMMON_TIMER_H
#define COMMON_TIMER_H

#include "common/hercules.h"

#define DIFF_TICK(a, b) ((a) - (b))
#define INVALID_TIMER   (-1)

typedef int (*TimerFunc)(int tid, int64 tick, int id, intptr_t data);

/* Ticks are ms on a monotonic clock. */
struct timer_interface {
	int64 (*gettick)(void);
	int64 (*gettick_nocache)(void);

	/* Both return the timer's id. delete_ wants the function too, as a safeguard. */
	int (*add)(int64 tick, TimerFunc func, int id, intptr_t data);
	int (*add_interval)(int64 tick, TimerFunc func, int id, intptr_t data, int interval);
	int (*delete_)(int tid, TimerFunc func);
	int (*add_func_list)(TimerFunc func, const char *name);

	/* Runs what is due and returns the ms until the next timer, between 50 and 1000. */
	int (*perform)(int64 tick);
	void (*final)(void);
};

void timer_defaults(void);

HPShared struct timer_interface *timer;

#endif /* COMMON_TIMER_H */
