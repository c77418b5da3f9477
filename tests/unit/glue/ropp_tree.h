// SPDX-License-Identifier: MIT
/* The facts of the fake tree in test_glue.c, as `ropp patch` writes them for a real one. */
#ifndef ROPP_TREE_H
#define ROPP_TREE_H

#define ROPP_TREE_IPBAN_REASON    "too many wrong passwords"
#define ROPP_TREE_SETTINGS_GROUPS 0
#define ROPP_TREE_SESSION_BOUND   (sizeof session / sizeof session[0])
#define ROPP_TREE_FD_MAX          fd_max

/* Of what is older than 2008. */
#define ROPP_TREE_IPBAN_REASON_DYNAMIC "dynamically banned: %"
#define ROPP_TREE_EOF                  eof
#define ROPP_TREE_SET_EOF              (session[fd]->eof = 1)
#define ROPP_TREE_CLOSE                ropp_emu_set_eof(fd)
#define ROPP_TREE_DEFAULT_PARSE        default_func_parse
#define ROPP_TREE_CLIENT_ADDR          client_addr.sin_addr.s_addr
#define ROPP_TREE_CLIENT_ADDR_ORDER    ntohl
#define ROPP_TREE_GUARD                connect_check
#define ROPP_TREE_GUARD_IS_ON          ip_rules
#define ROPP_TREE_GUARD_ORDER          ntohl
#define ROPP_TREE_STOP_CLOCK           (s->auth = -1)
#define ROPP_TREE_START_CLOCK          (s->auth = 0, s->tick = gettick())
#define ROPP_TREE_REFUSAL_SINCE        20100615
#define ROPP_TREE_HAS_DESTRUCTOR       1
#define ROPP_TREE_HAS_SHOWMSG          1
#define ROPP_TREE_PACKET               WFIFOP(fd, 0)
#define ROPP_TREE_PACKET_ROOM          WFIFOSPACE(fd)
#define ROPP_TREE_SEND                 WFIFOSET

#define ROPP_TREE_DIALECT "fake"
#define ROPP_TREE_WITHOUT "routes tickets"

#endif
