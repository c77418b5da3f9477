#ifndef COMMON_HERCULES_H
#define COMMON_HERCULES_H

#include "config/core.h"
#include "common/cbasetypes.h"

/* An interface: a structure of functions, reached through one pointer, that plugins may replace. */
#define HPShared extern

#endif /* COMMON_HERCULES_H */
