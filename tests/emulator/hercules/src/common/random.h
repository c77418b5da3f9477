#ifndef COMMON_RANDOM_H
#define COMMON_RANDOM_H

#include "common/hercules.h"

/* A number from 0 to 2^31-1. */
int32 rnd(void);

#endif /* COMMON_RANDOM_H */
