#ifndef TIMER_HPP
#define TIMER_HPP

#include "cbasetypes.hpp"

typedef int64 t_tick; // ms on a monotonic clock

#define DIFF_TICK(a, b) ((a) - (b))
#define INVALID_TIMER   -1

#define TIMER_FUNC(x) int32 x(int32 tid, t_tick tick, int32 id, intptr_t data)
typedef TIMER_FUNC((*TimerFunc));

t_tick gettick(void);
t_tick gettick_nocache(void);

// Both return the timer's id. delete_timer wants the function too, as a safeguard.
int32 add_timer(t_tick tick, TimerFunc func, int32 id, intptr_t data);
int32 add_timer_interval(t_tick tick, TimerFunc func, int32 id, intptr_t data, int32 interval);
int32 delete_timer(int32 tid, TimerFunc func);

// Gives a timer function a name for messages.
int32 add_timer_func_list(TimerFunc func, const char *name);

// Runs what is due and returns the ms until the next timer, between 20 and 1000.
t_tick do_timer(t_tick tick);
void timer_final(void);

#endif /* TIMER_HPP */
