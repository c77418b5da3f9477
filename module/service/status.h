// SPDX-License-Identifier: MIT
/* The row of proxy_status about this server process. */
#ifndef ROPP_SERVICE_STATUS_H
#define ROPP_SERVICE_STATUS_H

#include "core/server.h"
#include "core/policy.h"
#include "platform.h"
#include "service/config.h"
#include "service/db.h"
#include "service/stats.h"

/* Whether the ban list is what the database says. */
enum ropp_bans_state {
    ROPP_BANS_OFF,
    ROPP_BANS_LOADING, /* nothing was loaded yet */
    ROPP_BANS_CURRENT,
    ROPP_BANS_STALE /* the database is away; what was loaded last is in force */
};

struct ropp_status {
    enum ropp_server server;
    char host[ROPP_HOST_TEXT];
    unsigned port;
    enum ropp_mode mode;
    int64_t started_ms; /* wall clock */
    enum ropp_bans_state bans;
    int64_t loaded_ms; /* wall clock; 0 before the first snapshot */
    size_t entries;
    size_t bytes;
    uint32_t connlog_dropped;
    const struct ropp_config_texts *login_only; /* as the settings have it */
    const char *left_out;                       /* features, with blanks between them; NULL: none */
};

const char *ropp_bans_state_name(enum ropp_bans_state state);

/* Writes the row. False with `error`. */
bool ropp_status_write(const struct ropp_status *status, const struct ropp_stats *stats,
                       struct ropp_db *db, char error[ROPP_ERROR_TEXT]);

#endif
