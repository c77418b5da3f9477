// SPDX-License-Identifier: MIT
/* How a probe speaks: a line a step for people, one JSON object for programs. A step is opened,
 * given its fields, and closed with its sentence; people get the sentence, programs the fields. */
#ifndef ROPP_PROBE_REPORT_H
#define ROPP_PROBE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/base/cli.h"
#include "tools/base/json.h"

struct ropp_report {
    bool is_json;
    struct ropp_json json;
    const char *leg;
};

void ropp_report_begin(struct ropp_report *report, bool json);

void ropp_report_step(struct ropp_report *report, const char *leg, const char *step);
void ropp_report_text(struct ropp_report *report, const char *key, const char *value);
void ropp_report_number(struct ropp_report *report, const char *key, int64_t value);
void ropp_report_close(struct ropp_report *report, const char *sentence, ...) ROPP_PRINTF(2, 3);

/* After the last step: what came of it, and why; `look` is where the server's own view is to be
 * found, NULL where there is none. */
void ropp_report_end(struct ropp_report *report, const char *result, const char *reason,
                     const char *const *causes, size_t count, const char *look);

#endif
