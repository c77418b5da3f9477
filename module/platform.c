#include "platform.h"

#ifdef _WIN32

#    include <windows.h>

int64_t ropp_now_ms(void)
{
    return (int64_t)GetTickCount64();
}

#else

#    include <time.h>

int64_t ropp_now_ms(void)
{
    struct timespec now;

    /* It cannot fail: the clock exists on every system we build on and the pointer is good. Zero
     * would only make deadlines late. */
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
