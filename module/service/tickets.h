// SPDX-License-Identifier: MIT
/* Whether a ticket may be used from another address than the one it was issued to
 * (proxy_auth_ip_check), and the lines about those that were. */
#ifndef ROPP_SERVICE_TICKETS_H
#define ROPP_SERVICE_TICKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "service/text.h"

enum ropp_ticket_check { ROPP_TICKET_OFF, ROPP_TICKET_LOG, ROPP_TICKET_ON };

/* The lines: so many in ten seconds, the others are summed up. All zero: there were none. */
#define ROPP_TICKETS_LINES 20

struct ropp_tickets {
    int64_t began_ms; /* of these ten seconds */
    unsigned logged;
    unsigned unlogged;
};

/* Judges a ticket; addresses are IPv4 in host byte order. A player may speak IPv6 to one server and
 * IPv4 to the next, and nothing shows whether those two are the same: such a ticket passes.
 * True when it is to be refused. With a line to log in `line`, which is empty when there is none.
 */
bool ropp_tickets_judge(struct ropp_tickets *tickets, enum ropp_ticket_check check,
                        unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT]);

/* True when the line that sums up is due, which is then in `line`. */
bool ropp_tickets_line(struct ropp_tickets *tickets, enum ropp_ticket_check check, int64_t now_ms,
                       char line[ROPP_LINE_TEXT]);

#endif
