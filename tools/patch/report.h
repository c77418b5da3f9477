// SPDX-License-Identifier: MIT
/* How `ropp patch` speaks: tables for people, one JSON object for programs. */
#ifndef ROPP_TOOLS_PATCH_REPORT_H
#define ROPP_TOOLS_PATCH_REPORT_H

#include "tools/patch/session.h"
#include "tools/patch/trap.h"

/* How many of a kind came out so. */
size_t ropp_plan_count(const struct ropp_plan *plan, enum ropp_hook_kind kind,
                       enum ropp_outcome_state state);

/* How many files would be changed. */
size_t ropp_plan_count_changes(const struct ropp_plan *plan);

/* The versions of ropp whose marks are in the tree: "0.1.0, 0.2.0". */
const char *ropp_plan_versions(const struct ropp_plan *plan);

/* "s", but for one. */
const char *ropp_plural(size_t count);

/* A line each: where every hook goes; what becomes of the files; what ropp cannot mend. */
void ropp_patch_print_outcomes(const struct ropp_plan *plan);
void ropp_patch_print_changes(const struct ropp_plan *plan);
void ropp_patch_print_traps(const struct ropp_trap_places *traps);

/* What the compiler says of the woven files; errors of ropp's are printed as problems. */
void ropp_patch_print_compiled(const struct ropp_compile *compile);

/* What must be made anew because it was made from a file that has changed: Makefile from
 * Makefile.in. */
void ropp_patch_print_generated(const struct ropp_patch_session *session);

/* "WHAT: ropp patch COMMAND TREE", to be pasted, with the options of this command that decide what
 * is woven. */
void ropp_patch_print_next(const struct ropp_patch_session *session, const char *what,
                           const char *command);

/* Everything as one object; `versions` and `traps` may be NULL. */
void ropp_patch_print_json(const struct ropp_patch_session *session, const char *result,
                           const char *versions, const struct ropp_trap_places *traps);

#endif
