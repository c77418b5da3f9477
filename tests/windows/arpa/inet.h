// SPDX-License-Identifier: MIT
/* Windows has what the tests want of it elsewhere. */
#include <winsock2.h>
#include <ws2tcpip.h>
