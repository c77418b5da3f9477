// SPDX-License-Identifier: MIT
/* Telling the service manager (systemd's Type=notify) how a service is: a datagram to the socket
 * that the environment variable NOTIFY_SOCKET names. Without one, nothing is sent. */
#ifndef ROPP_TOOLS_BASE_NOTIFY_H
#define ROPP_TOOLS_BASE_NOTIFY_H

#include "tools/base/cli.h"

/* Sends assignments, a line each: "READY=1\nSTATUS=...". */
void ropp_notify(const char *format, ...) ROPP_PRINTF(1, 2);

/* How often the manager wants to hear WATCHDOG=1 at least, in milliseconds; 0: it does not. */
int ropp_notify_watchdog_ms(void);

#endif
