/* The lists there are: a name that none of them has is mostly a slip, and a list that nobody fills
 * looks like one in which nobody is. */
#ifndef ROPP_TOOLS_BAN_SOURCE_H
#define ROPP_TOOLS_BAN_SOURCE_H

#include <stdbool.h>

#include "tools/base/suggest.h"
#include "tools/database/connect.h"

/* Whether there is such a list, be it empty; letters in any case, as for the database. ipbanlist is
 * none (ipbanlist.h). False when the statement failed. */
bool ropp_source_known(struct ropp_session *session, const char *name, bool *known);

/* The same, or what the history tells of it. */
bool ropp_source_recorded(struct ropp_session *session, const char *name, bool *recorded);

/* Says that there is no such list, which ones there are and which one may be meant. Returns the
 * exit status. */
int ropp_source_refuse(struct ropp_session *session, const char *name);

/* Which list may be meant by a name that is none's. False when the statement failed. */
bool ropp_source_guess(struct ropp_session *session, const char *name,
                       struct ropp_suggestion *meant);

#endif
