// SPDX-License-Identifier: MIT
/* MariaDB's header as MySQL's own are on Windows, which rAthena has: the one of its older trees wants
 * the sockets to be there, and that of today has windows.h before it. */
#pragma GCC system_header
extern SOCKET ropp_mysql_wants_sockets;
#include <windows.h>
#include_next <mysql.h>
