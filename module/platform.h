/* The calls that differ between operating systems. A port to another one is this header's .c file.
 */
#ifndef ROPP_PLATFORM_H
#define ROPP_PLATFORM_H

#include <stdint.h>

/* Milliseconds on a clock that never jumps, from an arbitrary beginning. */
int64_t ropp_now_ms(void);

#endif
