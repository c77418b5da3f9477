// SPDX-License-Identifier: MIT
/* What a decoded header is shown as: a table for people, one JSON object for programs. */
#ifndef ROPP_DECODE_REPORT_H
#define ROPP_DECODE_REPORT_H

#include <stdbool.h>

#include "core/header.h"
#include "tools/decode/capture.h"
#include "tools/decode/form.h"

struct ropp_decoded {
    const struct ropp_header *header;
    const struct ropp_capture *capture;
    const struct ropp_reading *reading;
    bool form_given; /* the user named the form, which is not shown then */
};

void ropp_decode_table(const struct ropp_decoded *decoded);
void ropp_decode_json(const struct ropp_decoded *decoded);

/* Before the first table: how the input was read, when that had to be found out. */
void ropp_decode_heading(const struct ropp_decoded *decoded);

#endif
