// SPDX-License-Identifier: MIT
/* The lists there are: a name that none of them has is mostly a slip, and a list that nobody fills
 * looks like one in which nobody is. */
#ifndef ROPP_TOOLS_BAN_SOURCE_H
#define ROPP_TOOLS_BAN_SOURCE_H

#include <stdbool.h>

#include "tools/base/suggest.h"
#include "tools/database/connect.h"

/* Whether there is such a list, be it empty, or with `history` whether there ever was; letters in
 * any case, as for the database. ipbanlist is none (ipbanlist.h). Returns the exit status; the
 * message names the lists that there are, and which one may be meant. */
int ropp_source_check(struct ropp_session *session, const char *name, bool history);

/* Whether there is no such list yet; then *meant is which one may be meant. False when a statement
 * failed. */
bool ropp_source_new(struct ropp_session *session, const char *name, bool *is_new,
                     struct ropp_suggestion *meant);

#endif
