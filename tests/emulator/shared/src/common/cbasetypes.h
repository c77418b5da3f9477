// SPDX-License-Identifier: MIT
#ifndef COMMON_CBASETYPES_H
#define COMMON_CBASETYPES_H

#include "common/dialect.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strings.h>

typedef int8_t int8;
typedef int16_t int16;
typedef int32_t int32;
typedef int64_t int64;
typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef uint64_t uint64;

#define ARRAYLENGTH(a) ((int32)(sizeof(a) / sizeof((a)[0])))

#endif
