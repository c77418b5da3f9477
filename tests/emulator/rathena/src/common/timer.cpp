#include "timer.hpp"

#include <algorithm>
#include <ctime>
#include <map>
#include <string>
#include <unordered_map>

#include "showmsg.hpp"

const t_tick TIMER_MIN_INTERVAL = 20;
const t_tick TIMER_MAX_INTERVAL = 1000;

struct timer_entry {
	t_tick due;
	TimerFunc func;
	int32 id;
	intptr_t data;
	int32 interval; // 0: runs once
};

static std::unordered_map<int32, timer_entry> timers;
static std::multimap<t_tick, int32> schedule; // due time to timer id; may hold deleted ids
static std::unordered_map<TimerFunc, std::string> names;
static int32 next_tid = 1;

t_tick gettick_nocache(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (t_tick)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

t_tick gettick(void)
{
	return gettick_nocache();
}

static int32 start_timer(const timer_entry &entry)
{
	int32 tid = next_tid++;

	timers[tid] = entry;
	schedule.emplace(entry.due, tid);
	return tid;
}

int32 add_timer(t_tick tick, TimerFunc func, int32 id, intptr_t data)
{
	return start_timer({tick, func, id, data, 0});
}

int32 add_timer_interval(t_tick tick, TimerFunc func, int32 id, intptr_t data, int32 interval)
{
	if (interval < 1) {
		ShowError("add_timer_interval: %s: the interval %d is below 1 ms\n", names[func].c_str(),
		          interval);
		return INVALID_TIMER;
	}
	return start_timer({tick, func, id, data, interval});
}

int32 delete_timer(int32 tid, TimerFunc func)
{
	auto it = timers.find(tid);

	if (it == timers.end() || it->second.func != func) {
		ShowError("delete_timer: no timer %d of %s\n", tid, names[func].c_str());
		return -1;
	}
	timers.erase(it);
	return 0;
}

int32 add_timer_func_list(TimerFunc func, const char *name)
{
	names[func] = name;
	return 0;
}

t_tick do_timer(t_tick tick)
{
	while (!schedule.empty() && schedule.begin()->first <= tick) {
		int32 tid = schedule.begin()->second;

		schedule.erase(schedule.begin());
		auto it = timers.find(tid);
		if (it == timers.end())
			continue; // deleted meanwhile
		timer_entry entry = it->second;
		if (entry.interval == 0) {
			timers.erase(it);
		} else {
			// a loop that was late by more than a second does not catch up turn by turn
			t_tick base = tick - entry.due > 1000 ? tick : entry.due;
			it->second.due = base + entry.interval;
			schedule.emplace(it->second.due, tid);
		}
		entry.func(tid, tick - entry.due > 1000 ? tick : entry.due, entry.id, entry.data);
	}
	t_tick rest = schedule.empty() ? TIMER_MAX_INTERVAL : schedule.begin()->first - tick;
	return std::clamp(rest, TIMER_MIN_INTERVAL, TIMER_MAX_INTERVAL);
}

void timer_final(void)
{
	timers.clear();
	schedule.clear();
	names.clear();
}
