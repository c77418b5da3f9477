// SPDX-License-Identifier: MIT
/* The facts of the fake tree in test_glue.c, as `ropp patch` writes them for a real one. */
#ifndef ROPP_TREE_H
#define ROPP_TREE_H

#define ROPP_TREE_IPBAN_REASON    "too many wrong passwords"
#define ROPP_TREE_SETTINGS_GROUPS 0
#define ROPP_TREE_SESSION_BOUND   (sizeof session / sizeof session[0])
#define ROPP_TREE_FD_MAX          fd_max
#define ROPP_TREE_DIALECT         "fake"
#define ROPP_TREE_WITHOUT         "routes tickets"

#endif
