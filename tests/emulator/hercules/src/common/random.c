#define HERCULES_CORE

#include "random.h"

#include <stdlib.h>
#include <sys/random.h>

int32 rnd(void)
{
	int32 value;

	if (getrandom(&value, sizeof(value), 0) != (ssize_t)sizeof(value))
		return (int32)random();
	return value & INT32_MAX;
}
