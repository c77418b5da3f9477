/* `ropp status --prometheus`: the text exposition format, version 0.0.4. */
#ifndef ROPP_TOOLS_STATUS_PROMETHEUS_H
#define ROPP_TOOLS_STATUS_PROMETHEUS_H

#include <stdio.h>

#include "tools/status/process.h"

/* Prints every metric with the samples of all processes, as the format wants them: together. */
void ropp_prometheus_print(FILE *out, const struct ropp_processes *processes);

/* The same when the database does not tell of any: that it is away is a metric too. */
void ropp_prometheus_print_away(FILE *out);

#endif
