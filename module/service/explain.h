// SPDX-License-Identifier: MIT
/* Lines for the faults that an owner can repair at once, one for each: who was refused, through
 * which proxy, and which setting to write. stats.h sums all refusals up; these name the cause. */
#ifndef ROPP_SERVICE_EXPLAIN_H
#define ROPP_SERVICE_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conn.h"
#include "service/text.h"

/* The reasons that have a line of their own. */
enum ropp_explain_kind {
    ROPP_EXPLAIN_UNTRUSTED_HEADER,
    ROPP_EXPLAIN_SECOND_HEADER,
    ROPP_EXPLAIN_UNNAMED,
    ROPP_EXPLAIN_NO_ROUTE,
    ROPP_EXPLAIN_UNKNOWN_FORM,
    ROPP_EXPLAIN_KINDS
};

/* What is kept of a refused connection. */
struct ropp_explain_case {
    struct ropp_addr peer, hop, player, destination;
    const char *names;   /* what the header names instead of an address; constant text */
    unsigned packet;     /* the packet that could not be sent: its id */
    size_t length;       /* and its bytes */
    bool is_waiting;     /* to be logged */
    bool was_logged;     /* one was */
    int64_t logged_ms;   /* when */
    struct ropp_addr of; /* about which peer */
};

struct ropp_explain { /* all zero: nothing to log */
    struct ropp_explain_case cases[ROPP_EXPLAIN_KINDS];
    bool is_waiting; /* any is */
};

/* Notes a refused connection, if its reason has a line. packet..packet+length is the one that could
 * not be sent, NULL when it is not about one. */
void ropp_explain_note(struct ropp_explain *explain, const struct ropp_conn *conn,
                       const uint8_t *packet, size_t length);

/* True when a line is due, which is then in `line`: at once, and again at most every ten seconds
 * for each kind; about unnamed players of the same proxy every ten minutes. */
bool ropp_explain_line(struct ropp_explain *explain, int64_t now_ms, char line[ROPP_LINE_TEXT]);

#endif
