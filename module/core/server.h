// SPDX-License-Identifier: MIT
/* The servers of an emulator. A packet's id means something else on each of them. */
#ifndef ROPP_CORE_SERVER_H
#define ROPP_CORE_SERVER_H

enum ropp_server {
    ROPP_SERVER_NONE,
    ROPP_SERVER_LOGIN,
    ROPP_SERVER_CHAR,
    ROPP_SERVER_MAP,
    ROPP_SERVER_API
};

/* "login", "char", "map", "api"; "unknown" for NONE. */
const char *ropp_server_name(enum ropp_server server);

#endif
