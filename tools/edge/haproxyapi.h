// SPDX-License-Identifier: MIT
/* HAProxy's runtime API: a conversation with one process, by a socket of its own (`stats socket`
 * with `level admin`). Every exchange has a time limit. HAProxy 2.4 or newer, for its versioned
 * lists.
 *
 * The conversation is the interactive one (`prompt`): commands are lines, and behind the answer to
 * each comes a prompt, so that many can be on their way at once. */
#ifndef ROPP_TOOLS_EDGE_HAPROXYAPI_H
#define ROPP_TOOLS_EDGE_HAPROXYAPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/base/buffer.h"

enum { ROPP_HAPROXY_TROUBLE = 256 };

struct ropp_haproxy {
    int fd;
    int timeout_ms;
    struct ropp_buffer heard;           /* what has come and was not looked at */
    char trouble[ROPP_HAPROXY_TROUBLE]; /* why the last call returned false: words for a message */
};

/* Connects to a socket's path (with a '/' in it), "HOST:PORT" or "[IPv6]:PORT" and begins the
 * conversation; one exchange may take timeout_ms. A name of a host is looked up, which has the
 * system's own time limit. Closed when the result is false. */
bool ropp_haproxy_open(struct ropp_haproxy *haproxy, const char *at, int timeout_ms);
void ropp_haproxy_close(struct ropp_haproxy *haproxy);

/* Whether `at` is written as ropp_haproxy_open takes it. */
bool ropp_haproxy_is_address(const char *at);

/* One command, without its line break. Adds the answer to `answer`, without the line breaks at its
 * end; HAProxy says what it does not like in the answer, too. */
bool ropp_haproxy_ask(struct ropp_haproxy *haproxy, const char *command,
                      struct ropp_buffer *answer);

/* Many commands, a line each, whose answers must be empty. False as soon as one is not; how many of
 * the others were carried out is not known then. The time limit is for every pause. */
bool ropp_haproxy_tell(struct ropp_haproxy *haproxy, const struct ropp_buffer *commands);

/* A process, and a list of its: `acl NAME src -f FILE`, which all that name the same file share. */
struct ropp_haproxy_acl {
    uint64_t pid;
    unsigned id;      /* commands call it #ID */
    uint64_t version; /* 0 since the start, grows with every commit */
    uint64_t entries;
};

/* Asks for the list that was loaded from this file, by the name that the configuration has for it.
 * False also when there is none. */
bool ropp_haproxy_acl(struct ropp_haproxy *haproxy, const char *file, struct ropp_haproxy_acl *acl);

#endif
