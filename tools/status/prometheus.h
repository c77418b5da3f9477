// SPDX-License-Identifier: MIT
/* `ropp status --prometheus`: the text exposition format, version 0.0.4. */
#ifndef ROPP_TOOLS_STATUS_PROMETHEUS_H
#define ROPP_TOOLS_STATUS_PROMETHEUS_H

#include <stdio.h>

#include "tools/status/process.h"

/* Prints every metric with the samples of all processes (process.h), as the format wants them:
 * together. NULL when the database has nothing to say: that it is away is a metric too. */
void ropp_prometheus_print(FILE *out, MYSQL_RES *processes);

#endif
