// SPDX-License-Identifier: MIT
/* What `ropp hop check` has found out, a line each. */
#ifndef ROPP_TOOLS_HOP_FINDINGS_H
#define ROPP_TOOLS_HOP_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum ropp_finding_state {
    ROPP_FINDING_OK,
    ROPP_FINDING_BAD,
    ROPP_FINDING_UNASKED /* not good, and nothing to be alarmed at: nobody has looked */
};

struct ropp_finding {
    enum ropp_finding_state state;
    const char *machine; /* outlives it: "origin", or a hop's name */
    const char *check;   /* outlives it: "player", "header" ... */
    char *at;            /* NULL: nowhere */
    char *result;
    char *remedy; /* NULL unless it is bad */
};

struct ropp_findings {
    struct ropp_finding *items;
    size_t count;
};

/* Adds one; `at`, `result` and `remedy` are its own from then on. A remedy of NULL means that all
 * is well. */
void ropp_findings_add(struct ropp_findings *findings, const char *machine, const char *check,
                       char *at, char *result, char *remedy);

/* One that could not be looked at, and why. */
void ropp_findings_unasked(struct ropp_findings *findings, const char *machine, const char *check,
                           char *at, char *why);

size_t ropp_findings_count(const struct ropp_findings *findings, enum ropp_finding_state state);
void ropp_findings_print(const struct ropp_findings *findings, bool json, FILE *out);
void ropp_findings_free(struct ropp_findings *findings);

#endif
