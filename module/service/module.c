#include "service/module.h"

#include <stdio.h>
#include <string.h>

#include "core/ban.h"
#include "core/standin.h"
#include "platform.h"
#include "service/explain.h"
#include "service/lines.h"
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
    bool unused_told;
    enum ropp_server server;
    struct ropp_config config;
    struct ropp_policy policy;
    struct ropp_routes routes;
    struct ropp_stats stats;
    struct ropp_worker worker;
    bool working;               /* the worker runs */
    struct ropp_snapshot *bans; /* owned; NULL before the first one */
    unsigned refusal_packet;    /* its id */
    struct ropp_origin_addrs own;
    struct ropp_addr machine[ROPP_OWN_ADDRESSES]; /* this one's addresses, as of the start */
    size_t machine_count;
    struct ropp_explain explain;
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

void ropp_module_login_only(const char *reason)
{
    if (state.started)
        return;
    prepare(state.server);
    (void)ropp_config_add_login_only(&state.config, reason, strlen(reason));
}

void ropp_module_refusal_packet(unsigned id)
{
    state.refusal_packet = id;
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

/* Asks for this machine's addresses: no ban is meant for them, and no player behind a proxy is sent
 * one. */
static void know_machine(void)
{
    size_t i;

    state.machine_count = ropp_own_addresses(state.machine);
    for (i = 0; i < state.machine_count; i++)
        ropp_origin_add(&state.own, ropp_addr_to_v4(&state.machine[i]));
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
    know_machine();
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

bool ropp_module_unused(char line[ROPP_LINE_TEXT])
{
    if (state.unused_told || !ropp_config_unused(&state.config, line))
        return false;
    state.unused_told = true;
    return true;
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

/* What the ban list says of an address: why to refuse, NONE to let in. */
static enum ropp_reason judge(const struct ropp_addr *player, uint64_t *ban_id)
{
    struct ropp_table_entry entry;

    *ban_id = 0;
    if (!state.working || !state.config.bans || player->family == ROPP_FAMILY_UNSPEC)
        return ROPP_REASON_NONE;
    if (state.bans == NULL)
        return state.config.ban_fails_closed ? ROPP_REASON_BANS_UNKNOWN : ROPP_REASON_NONE;
    if (!ropp_ban_judge(ropp_snapshot_lists(state.bans, &state.config.standin_key), player,
                        ropp_wall_ms() / 1000, &entry))
        return ROPP_REASON_NONE;
    *ban_id = entry.id;
    return ROPP_REASON_BANNED;
}

bool ropp_module_allows(const struct ropp_addr *player)
{
    return state.working && state.config.bans && state.bans != NULL &&
           ropp_ban_allows(ropp_snapshot_lists(state.bans, &state.config.standin_key), player,
                           ropp_wall_ms() / 1000);
}

/* Whether something on this machine connects. Over loopback it comes from 127.0.0.1, unless it
 * wants otherwise. */
static bool is_this_machine(const struct ropp_addr *peer)
{
    size_t i;

    for (i = 0; i < state.machine_count; i++)
        if (ropp_addr_equal(&state.machine[i], peer))
            return true;
    return false;
}

/* No ban is meant for the owner's own proxies and servers, nor for this machine, as long as they
 * speak for themselves. */
static bool is_exempt(const struct ropp_conn *conn)
{
    return conn->origin == ROPP_ORIGIN_DIRECT &&
           (ropp_policy_knows(&state.policy, &conn->peer) || is_this_machine(&conn->peer));
}

bool ropp_module_admit(struct ropp_conn *conn)
{
    struct ropp_addr player = ropp_conn_player(conn);
    enum ropp_reason reason;

    if (is_exempt(conn) || conn->is_link)
        return true;
    reason = judge(&player, &conn->ban_id);
    if (reason == ROPP_REASON_NONE)
        return true;
    ropp_conn_refuse(conn, reason);
    return false;
}

bool ropp_module_accept(struct ropp_conn *conn, uint32_t peer)
{
    struct ropp_addr addr = ropp_addr_v4(peer);
    enum ropp_verdict verdict = ropp_policy_judge(&state.policy, &addr);
    struct ropp_server_packets packets = server_packets();
    int64_t now_ms = verdict == ROPP_VERDICT_STOCK ? 0 : ropp_now_ms();

    ropp_conn_open(conn, verdict, &addr, packets, now_ms, state.config.header_timeout_ms);
    if (verdict == ROPP_VERDICT_REFUSE)
        ropp_conn_refuse(conn, ROPP_REASON_UNTRUSTED);
    else if (verdict != ROPP_VERDICT_DIRECT || ropp_module_admit(conn))
        return true;
    if (verdict == ROPP_VERDICT_DIRECT && packets.id[0] != 0) {
        ropp_conn_hold(conn, conn->reason);
        return true;
    }
    ropp_module_refused(conn);
    return false;
}

size_t ropp_module_feed(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    size_t used = ropp_conn_feed(conn, &state.policy, bytes, length);

    if (conn->origin == ROPP_ORIGIN_UNNAMED && !ropp_conn_is_kept(conn) &&
        !ropp_conn_is_refused(conn) && !state.config.unnamed_is_hop)
        ropp_conn_refuse(conn, ROPP_REASON_UNNAMED);
    return used;
}

uint32_t ropp_module_client_addr(const struct ropp_conn *conn)
{
    return ropp_conn_client_addr(conn, &state.config.standin_key);
}

void ropp_module_accepted(const struct ropp_conn *conn)
{
    ropp_count(ropp_conn_is_proxied(conn) ? &state.stats.proxied : &state.stats.accepted);
    note_journal(conn, ROPP_JOURNAL_ACCEPTED, 0);
}

/* Counts a refusal; packet..packet+length is what could not be sent, if it is about that. */
static void note_refused(const struct ropp_conn *conn, const uint8_t *packet, size_t length)
{
    ropp_stats_refused(&state.stats, conn->reason, &conn->peer);
    ropp_explain_note(&state.explain, conn, packet, length);
    note_journal(conn, ROPP_JOURNAL_REFUSED, conn->ban_id);
}

void ropp_module_refused(const struct ropp_conn *conn)
{
    note_refused(conn, NULL, 0);
}

/* AC_REFUSE_LOGIN with code 3, which takes a byte in 0x006a and four in its successors. The date
 * behind it is for blocked accounts. */
size_t ropp_module_farewell(const struct ropp_conn *conn, uint8_t packet[ROPP_FAREWELL_MAX])
{
    bool older = state.refusal_packet == 0x006a || state.refusal_packet == 0;
    unsigned id = older ? 0x006a : state.refusal_packet;

    if (state.server != ROPP_SERVER_LOGIN ||
        (conn->reason != ROPP_REASON_BANNED && conn->reason != ROPP_REASON_BANS_UNKNOWN))
        return 0;
    memset(packet, 0, ROPP_FAREWELL_MAX);
    packet[0] = (uint8_t)(id & 0xff);
    packet[1] = (uint8_t)(id >> 8);
    packet[2] = 3;
    return older ? 23 : 26;
}

/* Where the login of a char or map server has the address that players are to be sent. */
#define LINK_IP_AT 54

bool ropp_module_refuse_server(struct ropp_conn *conn, const uint8_t *packet, size_t length)
{
    if (!ropp_conn_is_proxied(conn)) {
        ropp_origin_add(&state.own, ropp_addr_to_v4(&conn->peer));
        if (length >= LINK_IP_AT + 4)
            ropp_origin_add(&state.own, (uint32_t)packet[LINK_IP_AT] << 24 |
                                            (uint32_t)packet[LINK_IP_AT + 1] << 16 |
                                            (uint32_t)packet[LINK_IP_AT + 2] << 8 |
                                            packet[LINK_IP_AT + 3]);
        return false;
    }
    if (!ropp_conn_is_refused(conn)) {
        ropp_conn_refuse(conn, ROPP_REASON_SERVER_BEHIND_PROXY);
        ropp_module_refused(conn);
    }
    return true;
}

/* SC_NOTIFY_BAN with code 1, "server closed": what the emulators send when no server is online. It
 * is the same in every version of the client, on every server. */
static const uint8_t refusal[] = {0x81, 0x00, 0x01};

size_t ropp_module_send(struct ropp_conn *conn, uint8_t *packet, size_t length)
{
    enum ropp_carrier_result result;

    if (!ropp_conn_is_proxied(conn))
        return length;
    result = ropp_carrier_rewrite(state.server, &state.routes, &state.own, conn, packet, length);
    if (result == ROPP_CARRIER_FINE)
        return length;
    /* Of what else is sent until it is closed, nothing is counted, and nothing leaves either. */
    if (!ropp_conn_is_refused(conn)) {
        ropp_conn_refuse(conn, result == ROPP_CARRIER_NO_WAY ? ROPP_REASON_NO_WAY_BACK
                                                             : ROPP_REASON_UNKNOWN_FORM);
        note_refused(conn, packet, length);
    }
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
        issued_to == used_from || ropp_is_standin(issued_to) != ropp_is_standin(used_from))
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

bool ropp_module_turn(void)
{
    return state.working && ropp_snapshot_take(&state.worker.slots, &state.bans) &&
           state.config.ban_kick;
}

bool ropp_module_kick(struct ropp_conn *conn)
{
    if (ropp_conn_is_refused(conn) || ropp_module_admit(conn))
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
    if (!state.stats.waiting && !state.explain.is_waiting && state.tickets.untold == 0)
        return ROPP_NOTE_NONE;
    now_ms = ropp_now_ms();
    if (ropp_explain_line(&state.explain, now_ms, line) ||
        sum_up_tickets(&state.tickets, now_ms, line) || ropp_stats_line(&state.stats, now_ms, line))
        return ROPP_NOTE_WARNING;
    return ROPP_NOTE_NONE;
}
