// SPDX-License-Identifier: MIT
#include "service/tickets.h"

#include <stdio.h>

#include "core/standin.h"
#include "platform.h"

#define TICKETS_INTERVAL_MS 10000

static const char *tickets_outcome(enum ropp_ticket_check check)
{
    return check == ROPP_TICKET_ON ? "refused" : "let pass";
}

/* Whether one more line may be logged now; counts it when not. */
static bool tickets_may_log(struct ropp_tickets *tickets, int64_t now_ms)
{
    if (now_ms - tickets->began_ms >= TICKETS_INTERVAL_MS && tickets->unlogged == 0) {
        tickets->began_ms = now_ms;
        tickets->logged = 0;
    }
    if (tickets->logged == ROPP_TICKETS_LINES) {
        tickets->unlogged++;
        return false;
    }
    tickets->logged++;
    return true;
}

bool ropp_tickets_judge(struct ropp_tickets *tickets, enum ropp_ticket_check check,
                        unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT])
{
    struct ropp_addr from = ropp_addr_v4(issued_to), to = ropp_addr_v4(used_from);
    char from_text[ROPP_ADDR_TEXT], to_text[ROPP_ADDR_TEXT];

    line[0] = '\0';
    if (check == ROPP_TICKET_OFF || issued_to == used_from ||
        ropp_is_standin(issued_to) != ropp_is_standin(used_from))
        return false;
    if (tickets_may_log(tickets, ropp_now_ms())) {
        ropp_addr_format(&from, from_text);
        ropp_addr_format(&to, to_text);
        snprintf(line, ROPP_LINE_TEXT,
                 "ropp: ticket of account %u was issued to %s and is used from %s: %s", account,
                 from_text, to_text, tickets_outcome(check));
    }
    return check == ROPP_TICKET_ON;
}

bool ropp_tickets_line(struct ropp_tickets *tickets, enum ropp_ticket_check check, int64_t now_ms,
                       char line[ROPP_LINE_TEXT])
{
    if (tickets->unlogged == 0 || now_ms - tickets->began_ms < TICKETS_INTERVAL_MS)
        return false;
    snprintf(line, ROPP_LINE_TEXT, "ropp: %u more tickets were used from another address: %s",
             tickets->unlogged, tickets_outcome(check));
    tickets->unlogged = 0;
    return true;
}
