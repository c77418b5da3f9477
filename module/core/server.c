// SPDX-License-Identifier: MIT
#include "core/server.h"

const char *ropp_server_name(enum ropp_server server)
{
    static const char *const names[] = {"unknown", "login", "char", "map", "api"};

    return names[server];
}
