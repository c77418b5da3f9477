// SPDX-License-Identifier: MIT
/* Who comes in, as far as bans go: the ban list that is in force, and those whom no ban is meant
 * for. By the game's thread alone. */
#ifndef ROPP_SERVICE_ADMISSION_H
#define ROPP_SERVICE_ADMISSION_H

#include "core/conn.h"
#include "platform.h"
#include "service/config.h"
#include "service/snapshot.h"

struct ropp_admission {               /* all zero: everybody comes in */
    const struct ropp_config *config; /* not owned; NULL: no bans */
    struct ropp_policy policy;
    struct ropp_snapshot *bans;                   /* owned; NULL before the first one */
    struct ropp_addr machine[ROPP_OWN_ADDRESSES]; /* this machine's addresses, as of the start */
    size_t machine_count;
};

/* Judges the player of a connection that is about to be the emulator's, or is. False when the
 * player is banned: then it is refused. */
bool ropp_admission_judge(const struct ropp_admission *admission, struct ropp_conn *conn);

/* Whether an allowance in proxy_ban lets a player in, whatever ipbanlist says. */
bool ropp_admission_allows(const struct ropp_admission *admission, const struct ropp_addr *player);

#endif
