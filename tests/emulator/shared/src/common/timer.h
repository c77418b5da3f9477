// SPDX-License-Identifier: MIT
#ifndef COMMON_TIMER_H
#define COMMON_TIMER_H

#include "common/cbasetypes.h"

#define INVALID_TIMER (-1)

/* Times are milliseconds of a monotonic clock. */
#define TIMER_FUNC(name) int32 name(int32 tid, int64 tick, int32 id, intptr_t data)
typedef TIMER_FUNC((*TimerFunc));

int64 gettick(void);

/* func is called at that time, and then every so many ms if interval is not 0. Gives the timer's
 * id. */
int32 timer_start(int64 tick, TimerFunc func, int32 id, intptr_t data, int32 interval);
/* func is what it was started with. Nothing happens if the timer is INVALID_TIMER. */
void timer_stop(int32 tid, TimerFunc func);

/* Runs what is due; gives the ms until the next, TIMER_LEAST (the dialect's) to 1000. */
int32 timer_run(int64 tick);
void timer_final(void);

#endif
