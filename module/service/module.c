#include "service/module.h"

#include <stdio.h>
#include <string.h>

#include "core/ban.h"
#include "platform.h"
#include "service/worker.h"

/* Lines about tickets: each in a line of its own, up to so many in ten seconds; the others are
 * summed up. */
#define TICKET_LINES 20

struct ticket_lines {
    int64_t began_ms;
    unsigned told;
    unsigned untold;
};

/* The state of this server process. */
static struct {
    bool ready;   /* the settings have their defaults */
    bool started; /* the settings are fixed */
    enum ropp_server server;
    struct ropp_config config;
    struct ropp_policy policy;
    struct ropp_routes routes;
    struct ropp_stats stats;
    struct ropp_worker worker;
    bool working;               /* the worker runs */
    struct ropp_snapshot *bans; /* owned; NULL before the first one */
    unsigned packetver;
    struct ropp_conn lost; /* a player for whom there was no way back */
    unsigned lost_packet;  /* and the packet that could not be sent: id and length */
    size_t lost_length;
    bool lost_untold;
    int64_t lost_told_ms; /* 0: never */
    struct ticket_lines tickets;
} state;

static void prepare(enum ropp_server server)
{
    if (!state.ready) {
        ropp_config_init(&state.config);
        ropp_stats_init(&state.stats);
        state.ready = true;
    }
    if (server != ROPP_SERVER_NONE)
        state.server = server;
}

bool ropp_module_read(enum ropp_server server, const char *path, char error[ROPP_ERROR_TEXT])
{
    /* The emulators read their files again on some commands; the module does not. */
    if (state.started)
        return true;
    prepare(server);
    return ropp_config_read_lines(&state.config, server, path, error);
}

bool ropp_module_set(enum ropp_server server, const char *where, const char *key, const char *value,
                     char error[ROPP_ERROR_TEXT])
{
    if (state.started)
        return true;
    prepare(server);
    return ropp_config_set(&state.config, where, key, value, error);
}

void ropp_module_take(enum ropp_server server, const char *key, const char *value)
{
    if (state.started)
        return;
    prepare(server);
    ropp_dbconf_take(&state.config.db, server, key, value);
}

void ropp_module_packetver(unsigned packetver)
{
    state.packetver = packetver;
}

/* The worker is there for the bans and for the journal. */
static bool start_worker(unsigned port)
{
    const struct ropp_config *config = &state.config;

    if (config->mode == ROPP_MODE_OFF || (!config->bans && config->connlog == ROPP_CONNLOG_OFF))
        return true;
    state.worker.stats = &state.stats;
    state.worker.server = state.server;
    state.worker.port = port;
    state.worker.config = config;
    state.working = ropp_worker_start(&state.worker);
    return state.working;
}

bool ropp_module_start(unsigned port, char text[ROPP_LINE_TEXT])
{
    const struct ropp_config *config = &state.config;
    char error[ROPP_ERROR_TEXT];

    text[0] = '\0';
    if (state.started)
        return true;
    prepare(state.server);
    if (!ropp_config_check(config, error)) {
        snprintf(text, ROPP_LINE_TEXT, "%.*s", ROPP_LINE_TEXT - 1, error);
        return false;
    }
    state.policy = ropp_config_policy(config);
    state.routes = ropp_config_routes(config);
    if (!start_worker(port)) {
        snprintf(text, ROPP_LINE_TEXT,
                 "cannot start a thread for the ban list: the system has none "
                 "to give: raise its limits, or set proxy_bans and "
                 "proxy_connlog to off");
        return false;
    }
    state.started = true;
    if (config->mode != ROPP_MODE_OFF)
        snprintf(
            text, ROPP_LINE_TEXT,
            "ropp %s: PROXY protocol %s: %lu trusted, %lu direct prefixes, header within %d ms",
            ROPP_VERSION, config->mode == ROPP_MODE_ON ? "on" : "strict",
            (unsigned long)config->trusted.count, (unsigned long)config->direct.count,
            config->header_timeout_ms);
    return true;
}

void ropp_module_stop(void)
{
    if (!state.working)
        return;
    state.working = false;
    (void)ropp_worker_stop(&state.worker, 2000);
    ropp_snapshot_free(state.bans);
    state.bans = NULL;
}

int ropp_module_backlog(void)
{
    return state.policy.mode == ROPP_MODE_OFF ? 0 : state.config.listen_backlog;
}

/* How the servers of a cluster begin here: at login a char server or Hercules' api server, at char
 * a map server. */
static struct ropp_server_packets server_packets(void)
{
    struct ropp_server_packets packets = {{0, 0}};

    if (state.server == ROPP_SERVER_LOGIN) {
        packets.id[0] = 0x2710;
        packets.id[1] = 0x2720;
    } else if (state.server == ROPP_SERVER_CHAR) {
        packets.id[0] = 0x2af8;
    }
    return packets;
}

/* Notes a connection in the journal, if it is one the owner wants there. */
static void note_journal(const struct ropp_conn *conn, enum ropp_journal_verdict verdict,
                         uint64_t ban_id)
{
    struct ropp_journal_record record;

    if (!state.working || state.config.connlog == ROPP_CONNLOG_OFF ||
        (verdict == ROPP_JOURNAL_ACCEPTED && state.config.connlog != ROPP_CONNLOG_ALL))
        return;
    ropp_journal_describe(conn, verdict, ban_id, ropp_wall_ms(), &record);
    ropp_journal_put(&state.worker.journal, &record, ropp_now_ms());
}

/* What the ban list says of a player: why to refuse, NONE to let in. The owner's own proxies and
 * servers are never meant. */
static enum ropp_reason judge(const struct ropp_addr *player, bool is_peer, uint64_t *ban_id)
{
    struct ropp_table_entry entry;

    *ban_id = 0;
    if (!state.working || !state.config.bans || player->family == ROPP_FAMILY_UNSPEC ||
        (is_peer && ropp_policy_knows(&state.policy, player)))
        return ROPP_REASON_NONE;
    if (state.bans == NULL)
        return state.config.ban_fails_closed ? ROPP_REASON_BANS_UNKNOWN : ROPP_REASON_NONE;
    if (!ropp_ban_judge(state.bans->table, player, ropp_wall_ms() / 1000, &entry))
        return ROPP_REASON_NONE;
    *ban_id = entry.id;
    return ROPP_REASON_BANNED;
}

bool ropp_module_admit(struct ropp_conn *conn)
{
    struct ropp_addr player = ropp_conn_player(conn);
    enum ropp_reason reason = judge(&player, conn->state != ROPP_CONN_PROXIED, &conn->ban_id);

    if (reason == ROPP_REASON_NONE)
        return true;
    ropp_conn_refuse(conn, reason);
    return false;
}

bool ropp_module_accept(struct ropp_conn *conn, uint32_t peer)
{
    struct ropp_addr addr = ropp_addr_v4(peer);
    enum ropp_verdict verdict = ropp_policy_judge(&state.policy, &addr);
    int64_t now_ms = verdict == ROPP_VERDICT_DIRECT ? 0 : ropp_now_ms();

    ropp_conn_open(conn, verdict, &addr, server_packets(), now_ms, state.config.header_timeout_ms);
    if (verdict == ROPP_VERDICT_REFUSE)
        ropp_conn_refuse(conn, ROPP_REASON_UNTRUSTED);
    else if (verdict != ROPP_VERDICT_DIRECT || ropp_module_admit(conn) ||
             state.server == ROPP_SERVER_LOGIN)
        return true;
    ropp_module_refused(conn);
    return false;
}

void ropp_module_accepted(const struct ropp_conn *conn)
{
    if (conn->state == ROPP_CONN_LOCAL)
        return;
    ropp_count(conn->state == ROPP_CONN_PROXIED ? &state.stats.proxied : &state.stats.accepted);
    note_journal(conn, ROPP_JOURNAL_ACCEPTED, 0);
}

void ropp_module_refused(const struct ropp_conn *conn)
{
    ropp_stats_refused(&state.stats, conn->reason, &conn->peer);
    note_journal(conn, ROPP_JOURNAL_REFUSED, conn->ban_id);
}

/* AC_REFUSE_LOGIN with code 3: 0x6a with a byte for the code, 0x83e with four since 2012. The date
 * behind it is for blocked accounts. */
size_t ropp_module_farewell(const struct ropp_conn *conn, uint8_t packet[ROPP_FAREWELL_MAX])
{
    bool newer = state.packetver >= 20120000;

    if (state.server != ROPP_SERVER_LOGIN || conn->state != ROPP_CONN_REFUSED ||
        (conn->reason != ROPP_REASON_BANNED && conn->reason != ROPP_REASON_BANS_UNKNOWN))
        return 0;
    memset(packet, 0, ROPP_FAREWELL_MAX);
    packet[0] = newer ? 0x3e : 0x6a;
    packet[1] = newer ? 0x08 : 0x00;
    packet[2] = 3;
    return newer ? 26 : 23;
}

bool ropp_module_refuse_server(struct ropp_conn *conn)
{
    if (!ropp_conn_had_header(conn))
        return false;
    ropp_conn_refuse(conn, ROPP_REASON_SERVER_BEHIND_PROXY);
    ropp_module_refused(conn);
    return true;
}

/* SC_NOTIFY_BAN with code 1, "server closed": what the emulators send when no server is online. It
 * is the same in every version of the client, on every server. */
static const uint8_t refusal[] = {0x81, 0x00, 0x01};

/* Refuses a player who would have been told the origin's address. */
static void lose(struct ropp_conn *conn, enum ropp_reason reason, const uint8_t *packet,
                 size_t length)
{
    state.lost = *conn;
    state.lost_packet = (unsigned)(packet[0] | packet[1] << 8);
    state.lost_length = length;
    state.lost_untold = true;
    ropp_conn_refuse(conn, reason);
    state.lost.reason = reason;
    ropp_module_refused(conn);
}

size_t ropp_module_send(struct ropp_conn *conn, uint8_t *packet, size_t length)
{
    /* Whatever else is sent until it is closed must not tell more than this did. */
    bool again = conn->state == ROPP_CONN_REFUSED && (conn->reason == ROPP_REASON_NO_WAY_BACK ||
                                                      conn->reason == ROPP_REASON_UNKNOWN_FORM);
    enum ropp_carrier_result result;

    if (conn->state != ROPP_CONN_PROXIED && !again)
        return length;
    result = ropp_carrier_rewrite(state.server, &state.routes, conn, packet, length);
    if (result == ROPP_CARRIER_FINE)
        return length;
    if (!again)
        lose(conn,
             result == ROPP_CARRIER_NO_WAY ? ROPP_REASON_NO_WAY_BACK : ROPP_REASON_UNKNOWN_FORM,
             packet, length);
    if (length < sizeof refusal)
        return 0;
    memcpy(packet, refusal, sizeof refusal);
    return sizeof refusal;
}

/* Whether one more line about a ticket may be told now; counts it when not. */
static bool tell_ticket(struct ticket_lines *lines, int64_t now_ms)
{
    if (now_ms - lines->began_ms >= ROPP_STATS_INTERVAL_MS && lines->untold == 0) {
        lines->began_ms = now_ms;
        lines->told = 0;
    }
    if (lines->told == TICKET_LINES) {
        lines->untold++;
        return false;
    }
    lines->told++;
    return true;
}

/* The line that sums up the tickets that had none. */
static bool sum_up_tickets(struct ticket_lines *lines, int64_t now_ms, char line[ROPP_LINE_TEXT])
{
    if (lines->untold == 0 || now_ms - lines->began_ms < ROPP_STATS_INTERVAL_MS)
        return false;
    snprintf(line, ROPP_LINE_TEXT, "ropp: %u more tickets were used from another address: %s",
             lines->untold, state.config.ticket_check == ROPP_TICKET_ON ? "refused" : "let pass");
    lines->untold = 0;
    return true;
}

bool ropp_module_ticket(unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT])
{
    bool refuse = state.config.ticket_check == ROPP_TICKET_ON;
    struct ropp_addr from = ropp_addr_v4(issued_to), to = ropp_addr_v4(used_from);
    char from_text[ROPP_ADDR_TEXT], to_text[ROPP_ADDR_TEXT];

    line[0] = '\0';
    if (state.policy.mode == ROPP_MODE_OFF || state.config.ticket_check == ROPP_TICKET_OFF ||
        issued_to == used_from)
        return false;
    if (!tell_ticket(&state.tickets, ropp_now_ms()))
        return refuse;
    ropp_addr_format(&from, from_text);
    ropp_addr_format(&to, to_text);
    snprintf(line, ROPP_LINE_TEXT,
             "ropp: ticket of account %u was issued to %s and is used from %s: %s", account,
             from_text, to_text, refuse ? "refused" : "let pass");
    return refuse;
}

/* Which setting a player without a way back is waiting for. */
static void explain_no_way(const struct ropp_conn *conn, char line[ROPP_LINE_TEXT])
{
    const struct ropp_addr *destination = &conn->header.destination;
    char source[ROPP_ADDR_TEXT], hop[ROPP_ADDR_TEXT], dialled[ROPP_ADDR_TEXT];

    ropp_addr_format(&conn->header.source, source);
    ropp_addr_format(&conn->peer, hop);
    if (ropp_addr_format(destination, dialled) == 0)
        snprintf(dialled, sizeof dialled, "nowhere");
    snprintf(line, ROPP_LINE_TEXT,
             "ropp: no way back for %s through %s to %s: add proxy_route: %s char=<the address "
             "players dial> map=<the address players dial>",
             source, hop, dialled, hop);
}

static void explain_lost(char line[ROPP_LINE_TEXT])
{
    char source[ROPP_ADDR_TEXT];

    if (state.lost.reason == ROPP_REASON_NO_WAY_BACK) {
        explain_no_way(&state.lost, line);
        return;
    }
    ropp_addr_format(&state.lost.header.source, source);
    snprintf(line, ROPP_LINE_TEXT,
             "ropp: packet 0x%04x of %lu bytes would tell %s the origin's address in a form that "
             "is not known: report it with your client's version, or set proxy_hide_origin to off",
             state.lost_packet, (unsigned long)state.lost_length, source);
}

bool ropp_module_turn(void)
{
    return state.working && ropp_snapshot_take(&state.worker.slots, &state.bans) &&
           state.config.ban_kick;
}

bool ropp_module_kick(struct ropp_conn *conn)
{
    if (ropp_module_admit(conn))
        return false;
    ropp_count(&state.stats.kicked);
    note_journal(conn, ROPP_JOURNAL_KICKED, conn->ban_id);
    return true;
}

enum ropp_note ropp_module_line(char line[ROPP_LINE_TEXT])
{
    enum ropp_note kind =
        state.working ? ropp_notes_take(&state.worker.notes, line) : ROPP_NOTE_NONE;
    int64_t now_ms;

    if (kind != ROPP_NOTE_NONE)
        return kind;
    if (!state.stats.waiting && !state.lost_untold && state.tickets.untold == 0)
        return ROPP_NOTE_NONE;
    now_ms = ropp_now_ms();
    if (state.lost_untold &&
        (state.lost_told_ms == 0 || now_ms - state.lost_told_ms >= ROPP_STATS_INTERVAL_MS)) {
        explain_lost(line);
        state.lost_untold = false;
        state.lost_told_ms = now_ms;
        return ROPP_NOTE_WARNING;
    }
    if (sum_up_tickets(&state.tickets, now_ms, line))
        return ROPP_NOTE_WARNING;
    return ropp_stats_line(&state.stats, now_ms, line) ? ROPP_NOTE_WARNING : ROPP_NOTE_NONE;
}
