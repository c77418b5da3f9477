// SPDX-License-Identifier: MIT
#ifndef CHAR_HPP
#define CHAR_HPP

#include "char/char_server.h"
#include "common/utilities.hpp"

typedef std::unordered_map<uint32, std::shared_ptr<struct char_auth_node>> auth_node_map;
auth_node_map &char_get_authdb(); // by account

void inter_config_read(const char *cfgName);

#endif
