// SPDX-License-Identifier: MIT
/* The module as the glue sees it, with a clock that only a test moves. What becomes of bytes is the
 * module's own work (core/conn.h); everything that depends on settings or on a database is decided
 * and written down here. */
#ifndef ROPP_TEST_GLUE_MODULE_H
#define ROPP_TEST_GLUE_MODULE_H

#include "ropp.h"

/* ---- what it decides ---- */

static int64_t clock_ms;
static enum ropp_verdict verdict;
static enum ropp_server this_server;
static bool holds;              /* whoever connects is banned, and may be a server */
static bool is_on;              /* proxy_protocol is */
static bool refuses;            /* whoever connects is closed at once */
static enum ropp_reason admits; /* NONE: the player may come in */
static size_t rejection_length;
static bool new_list;
static bool kicks;          /* every player is banned by now */
static size_t send_becomes; /* how long a packet is after it was rewritten; 0: as it was */
static enum ropp_note note; /* a line is waiting */
static bool allows;
static bool start_fails, read_fails;
static int wanted_backlog;
static const char *start_line, *unused_line, *ticket_line;
static bool ticket_refused;

/* ---- what it was asked ---- */

static int accepted_count, refused_count, stopped_count;
static enum ropp_reason refused_for; /* the last one */
static struct ropp_addr accepted_player;
static const struct ropp_header *accepted_header, *refused_header;
static int looked[ROOM];
static struct ropp_addr looked_at[ROOM];
static const struct ropp_conn *sent_conn;
static const uint8_t *sent_packet;
static size_t sent_length;
static struct ropp_addr allowed_player;
static unsigned refusal_id;
static char login_only[64];
static const char *left_out;
static enum ropp_server read_server;
static unsigned started_port;
static unsigned ticket_account;
static uint32_t ticket_to, ticket_from;
static const uint8_t *server_packet;
static size_t server_packet_length;
static int linked_count;
static const struct ropp_conn *linked_conn;
static uint32_t linked_named;

#define NAMED 0xc0000263u /* by every login of a server */

#define REJECTION 0x5a /* every byte of one */

/* What the module says, in a buffer that holds something else before. */
static void fake_say(char text[ROPP_LINE_TEXT], const char *what)
{
    memset(text, 'x', ROPP_LINE_TEXT);
    snprintf(text, ROPP_LINE_TEXT, "%s", what);
}

static int64_t fake_now(void)
{
    return clock_ms;
}

static bool fake_accept(struct ropp_conn *conn, uint32_t peer)
{
    ropp_conn_open(conn, verdict, peer, this_server, clock_ms, 1000);
    if (holds)
        ropp_conn_hold(conn, ROPP_REASON_BANNED);
    return !refuses;
}

static bool fake_admit(struct ropp_conn *conn)
{
    if (admits != ROPP_REASON_NONE && !conn->is_link)
        ropp_conn_refuse(conn, admits);
    return !ropp_conn_is_refused(conn);
}

static void fake_accepted(const struct ropp_conn *conn, const struct ropp_header *header)
{
    accepted_header = header;
    accepted_count++;
    accepted_player = ropp_conn_player(conn);
}

static void fake_refused(const struct ropp_conn *conn, const struct ropp_header *header)
{
    assert_true(ropp_conn_is_refused(conn));
    refused_header = header;
    refused_count++;
    refused_for = conn->reason;
}

static size_t fake_rejection(const struct ropp_conn *conn, uint8_t packet[ROPP_REJECTION_MAX])
{
    if (conn->reason != ROPP_REASON_BANNED)
        return 0;
    memset(packet, REJECTION, rejection_length);
    return rejection_length;
}

static size_t fake_send(struct ropp_conn *conn, uint8_t *packet, size_t length)
{
    sent_conn = conn;
    sent_packet = packet;
    sent_length = length;
    return send_becomes != 0 ? send_becomes : length;
}

static bool fake_turn(void)
{
    return new_list;
}

static bool fake_kick(struct ropp_conn *conn);

static enum ropp_note fake_line(char line[ROPP_LINE_TEXT])
{
    enum ropp_note kind = note;

    fake_say(line, "a line");
    note = ROPP_NOTE_NONE;
    return kind;
}

static bool fake_allows(const struct ropp_addr *player)
{
    allowed_player = *player;
    return allows;
}

static bool fake_start(unsigned port, char text[ROPP_LINE_TEXT])
{
    started_port = port;
    fake_say(text, start_line);
    return !start_fails;
}

static bool fake_unused(char line[ROPP_LINE_TEXT])
{
    fake_say(line, unused_line != NULL ? unused_line : "");
    return unused_line != NULL;
}

static bool fake_read(enum ropp_server server, const char *path, char error[ROPP_ERROR_TEXT])
{
    read_server = server;
    snprintf(error, ROPP_ERROR_TEXT, "wrong: %s", path);
    return !read_fails;
}

static void fake_login_only(const char *reason)
{
    size_t length = strlen(login_only);

    snprintf(login_only + length, sizeof login_only - length, "%s%s", length > 0 ? "; " : "",
             reason);
}

static void fake_left_out(const char *features)
{
    left_out = features;
}

static void fake_refusal_packet(unsigned id)
{
    refusal_id = id;
}

static bool fake_is_on(void)
{
    return is_on;
}

static int fake_backlog(void)
{
    return wanted_backlog;
}

static bool fake_ticket(unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT])
{
    ticket_account = account;
    ticket_to = issued_to;
    ticket_from = used_from;
    fake_say(line, ticket_line);
    return ticket_refused;
}

static uint32_t fake_named(const uint8_t *packet, size_t length)
{
    server_packet = packet;
    server_packet_length = length;
    return NAMED;
}

static void fake_linked(const struct ropp_conn *conn, uint32_t named)
{
    linked_count++;
    linked_conn = conn;
    linked_named = named;
}

static void fake_stop(void)
{
    stopped_count++;
}

static void module_begin(void)
{
    clock_ms = 5000;
    verdict = ROPP_VERDICT_HEADER;
    this_server = ROPP_SERVER_NONE;
    is_on = true;
    holds = refuses = new_list = kicks = allows = start_fails = read_fails = false;
    admits = refused_for = ROPP_REASON_NONE;
    rejection_length = 26;
    send_becomes = 0;
    note = ROPP_NOTE_NONE;
    wanted_backlog = 0;
    start_line = ticket_line = "";
    unused_line = NULL;
    ticket_refused = false;
    accepted_count = refused_count = stopped_count = 0;
    memset(looked, 0, sizeof looked);
    memset(looked_at, 0, sizeof looked_at);
    accepted_header = refused_header = NULL;
    sent_conn = NULL;
    sent_packet = NULL;
    sent_length = 0;
    refusal_id = 0;
    login_only[0] = '\0';
    left_out = NULL;
    ticket_account = ticket_to = ticket_from = 0;
    server_packet = NULL;
    server_packet_length = 0;
    linked_count = 0;
    linked_conn = NULL;
    linked_named = 0;
}

#undef ropp_module_start /* the name that an emulator's objects agree upon */
#define ropp_now_ms                fake_now
#define ropp_module_start          fake_start
#define ropp_module_accept         fake_accept
#define ropp_module_admit          fake_admit
#define ropp_module_accepted       fake_accepted
#define ropp_module_refused        fake_refused
#define ropp_module_rejection      fake_rejection
#define ropp_module_send           fake_send
#define ropp_module_turn           fake_turn
#define ropp_module_kick           fake_kick
#define ropp_module_line           fake_line
#define ropp_module_allows         fake_allows
#define ropp_module_read           fake_read
#define ropp_module_unused         fake_unused
#define ropp_module_login_only     fake_login_only
#define ropp_module_left_out       fake_left_out
#define ropp_module_refusal_packet fake_refusal_packet
#define ropp_module_is_on          fake_is_on
#define ropp_module_backlog        fake_backlog
#define ropp_module_ticket         fake_ticket
#define ropp_module_named          fake_named
#define ropp_module_linked         fake_linked
#define ropp_module_stop           fake_stop

#endif
