// SPDX-License-Identifier: MIT
#include "service/module.h"

#include <stdio.h>
#include <string.h>

#include "core/rejection.h"
#include "core/rewrite.h"
#include "platform.h"
#include "service/admission.h"
#include "service/explain.h"
#include "service/lines.h"
#include "service/worker.h"

/* The state of this server process. */
static struct {
    bool ready;         /* the settings have their defaults */
    bool started;       /* the settings are fixed */
    bool unused_logged; /* the settings that do nothing */
    enum ropp_server server;
    struct ropp_config config;
    struct ropp_routes routes;
    struct ropp_stats stats;
    struct ropp_worker worker;
    bool working; /* the worker runs */
    struct ropp_admission admission;
    unsigned refusal_packet; /* its id */
    struct ropp_origin_addrs own;
    struct ropp_explain explain;
    struct ropp_tickets tickets;
} state;

static void module_prepare(enum ropp_server server)
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
    module_prepare(server);
    return ropp_config_read_lines(&state.config, server, path, error);
}

bool ropp_module_set(enum ropp_server server, const char *where, const char *key, const char *value,
                     char error[ROPP_ERROR_TEXT])
{
    if (state.started)
        return true;
    module_prepare(server);
    return ropp_config_set(&state.config, where, key, value, error);
}

void ropp_module_take(enum ropp_server server, const char *key, const char *value)
{
    if (state.started)
        return;
    module_prepare(server);
    ropp_dbconf_take(&state.config.db, server, key, value);
}

void ropp_module_login_only(const char *reason)
{
    if (state.started)
        return;
    module_prepare(state.server);
    (void)ropp_config_add_login_only(&state.config, reason, strlen(reason));
}

void ropp_module_left_out(const char *features)
{
    if (state.started || features[0] == '\0')
        return;
    module_prepare(state.server);
    state.config.left_out = features;
}

void ropp_module_refusal_packet(unsigned id)
{
    state.refusal_packet = id;
}

/* The worker is there for the bans and for the connection log. */
static bool module_start_worker(unsigned port)
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
static void module_know_machine(void)
{
    struct ropp_admission *admission = &state.admission;
    size_t i;

    admission->machine_count = ropp_own_addresses(admission->machine);
    for (i = 0; i < admission->machine_count; i++)
        ropp_origin_add(&state.own, ropp_addr_to_v4(&admission->machine[i]));
}

bool ropp_module_start(unsigned port, char text[ROPP_LINE_TEXT])
{
    const struct ropp_config *config = &state.config;
    char error[ROPP_ERROR_TEXT];

    text[0] = '\0';
    if (state.started)
        return true;
    module_prepare(state.server);
    if (!ropp_config_check(config, error)) {
        snprintf(text, ROPP_LINE_TEXT, "%.*s", ROPP_LINE_TEXT - 1, error);
        return false;
    }
    module_know_machine();
    state.admission.policy = ropp_config_policy(config);
    state.routes = ropp_config_routes(config);
    if (!module_start_worker(port)) {
        snprintf(text, ROPP_LINE_TEXT,
                 "cannot start a thread for the ban list: the system has none "
                 "to give: raise its limits, or set proxy_bans and "
                 "proxy_connlog to off");
        return false;
    }
    if (state.working && config->bans)
        state.admission.config = config;
    state.started = true;
    if (config->mode != ROPP_MODE_OFF)
        snprintf(
            text, ROPP_LINE_TEXT,
            "ropp %s: PROXY protocol %s: %lu trusted, %lu direct prefixes, header within %d ms%s%s",
            ROPP_VERSION, config->mode == ROPP_MODE_ON ? "on" : "strict",
            (unsigned long)config->trusted.count, (unsigned long)config->direct.count,
            config->header_timeout_ms, config->left_out != NULL ? "; woven without: " : "",
            config->left_out != NULL ? config->left_out : "");
    return true;
}

void ropp_module_stop(void)
{
    if (!state.working)
        return;
    state.working = false;
    state.admission.config = NULL;
    (void)ropp_worker_stop(&state.worker, 2000);
    ropp_snapshot_free(state.admission.bans);
    state.admission.bans = NULL;
}

bool ropp_module_unused(char line[ROPP_LINE_TEXT])
{
    if (state.unused_logged || !ropp_config_unused(&state.config, line))
        return false;
    state.unused_logged = true;
    return true;
}

bool ropp_module_is_on(void)
{
    return state.admission.policy.mode != ROPP_MODE_OFF;
}

int ropp_module_backlog(void)
{
    return ropp_module_is_on() ? state.config.listen_backlog : 0;
}

/* Puts a connection into the connection log, if it is one the owner wants there. */
static void module_note_connection(const struct ropp_conn *conn, const struct ropp_header *header,
                                   enum ropp_connqueue_verdict verdict, uint64_t ban_id)
{
    struct ropp_connqueue_record record;

    if (!state.working || state.config.connlog == ROPP_CONNLOG_OFF ||
        (verdict == ROPP_CONNQUEUE_ACCEPTED && state.config.connlog != ROPP_CONNLOG_ALL))
        return;
    ropp_connqueue_describe(conn, header, verdict, ban_id, ropp_wall_ms(), &record);
    ropp_connqueue_put(&state.worker.connqueue, &record, ropp_now_ms());
}

bool ropp_module_admit(struct ropp_conn *conn)
{
    return ropp_admission_judge(&state.admission, conn);
}

bool ropp_module_allows(const struct ropp_addr *player)
{
    return ropp_admission_allows(&state.admission, player);
}

bool ropp_module_accept(struct ropp_conn *conn, uint32_t peer)
{
    struct ropp_addr addr = ropp_addr_v4(peer);
    enum ropp_verdict verdict = ropp_policy_judge(&state.admission.policy, &addr);
    struct ropp_server_packets packets = ropp_server_logins(state.server);
    int64_t now_ms = verdict == ROPP_VERDICT_STOCK ? 0 : ropp_now_ms();

    ropp_conn_open(conn, verdict, peer, state.server, now_ms, state.config.header_timeout_ms);
    if (verdict == ROPP_VERDICT_REFUSE)
        ropp_conn_refuse(conn, ROPP_REASON_UNTRUSTED);
    else if (verdict != ROPP_VERDICT_DIRECT || ropp_module_admit(conn))
        return true;
    if (verdict == ROPP_VERDICT_DIRECT && packets.id[0] != 0) {
        ropp_conn_hold(conn, conn->reason);
        return true;
    }
    ropp_module_refused(conn, NULL);
    return false;
}

size_t ropp_module_feed(struct ropp_conn *conn, struct ropp_header *reader, const uint8_t *bytes,
                        size_t length)
{
    size_t used = ropp_conn_feed(conn, reader, &state.admission.policy, bytes, length);

    if (conn->owner == ROPP_OWNER_UNNAMED && !ropp_conn_is_kept(conn) &&
        !ropp_conn_is_refused(conn) && !state.config.unnamed_is_hop)
        ropp_conn_refuse(conn, ROPP_REASON_UNNAMED);
    return used;
}

uint32_t ropp_module_client_addr(const struct ropp_conn *conn)
{
    return ropp_conn_client_addr(conn, &state.config.standin_key);
}

void ropp_module_accepted(const struct ropp_conn *conn, const struct ropp_header *header)
{
    ropp_count(ropp_conn_is_proxied(conn) ? &state.stats.proxied : &state.stats.accepted);
    module_note_connection(conn, header, ROPP_CONNQUEUE_ACCEPTED, 0);
}

/* Counts a refusal; packet..packet+length is what could not be sent, if it is about that. */
static void module_note_refused(const struct ropp_conn *conn, const struct ropp_header *header,
                                const uint8_t *packet, size_t length)
{
    const struct ropp_addr peer = ropp_conn_peer(conn);

    ropp_stats_refused(&state.stats, conn->reason, &peer);
    ropp_explain_note(&state.explain, conn, packet, length);
    module_note_connection(conn, header, ROPP_CONNQUEUE_REFUSED, conn->ban_id);
}

void ropp_module_refused(const struct ropp_conn *conn, const struct ropp_header *header)
{
    module_note_refused(conn, header, NULL, 0);
}

size_t ropp_module_rejection(const struct ropp_conn *conn, uint8_t packet[ROPP_REJECTION_MAX])
{
    if (state.server != ROPP_SERVER_LOGIN ||
        (conn->reason != ROPP_REASON_BANNED && conn->reason != ROPP_REASON_BANS_UNKNOWN))
        return 0;
    return ropp_rejection_login(state.refusal_packet, packet);
}

bool ropp_module_refuse_server(struct ropp_conn *conn)
{
    if (!ropp_conn_is_proxied(conn))
        return false;
    if (!ropp_conn_is_refused(conn)) {
        ropp_conn_refuse(conn, ROPP_REASON_SERVER_BEHIND_PROXY);
        ropp_module_refused(conn, NULL);
    }
    return true;
}

/* Where the login of a char or map server has the address that players are to be sent. */
#define LINK_IP_AT 54

uint32_t ropp_module_named(const uint8_t *packet, size_t length)
{
    if (length < LINK_IP_AT + 4)
        return 0;
    return (uint32_t)packet[LINK_IP_AT] << 24 | (uint32_t)packet[LINK_IP_AT + 1] << 16 |
           (uint32_t)packet[LINK_IP_AT + 2] << 8 | packet[LINK_IP_AT + 3];
}

void ropp_module_linked(const struct ropp_conn *conn, uint32_t named)
{
    ropp_origin_add(&state.own, conn->peer);
    ropp_origin_add(&state.own, named);
}

size_t ropp_module_send(struct ropp_conn *conn, uint8_t *packet, size_t length)
{
    enum ropp_rewrite_result result;

    if (!ropp_conn_is_proxied(conn))
        return length;
    result = ropp_rewrite(state.server, &state.routes, &state.own, conn, packet, length);
    if (result == ROPP_REWRITE_OK)
        return length;
    /* Of what else is sent until it is closed, nothing is counted, and nothing leaves either. */
    if (!ropp_conn_is_refused(conn)) {
        ropp_conn_refuse(conn, result == ROPP_REWRITE_NO_ROUTE ? ROPP_REASON_NO_ROUTE
                                                               : ROPP_REASON_UNKNOWN_FORM);
        module_note_refused(conn, NULL, packet, length);
    }
    return ropp_rejection_closed(packet, length);
}

bool ropp_module_ticket(unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT])
{
    enum ropp_ticket_check check =
        state.admission.policy.mode == ROPP_MODE_OFF ? ROPP_TICKET_OFF : state.config.ticket_check;

    return ropp_tickets_judge(&state.tickets, check, account, issued_to, used_from, line);
}

bool ropp_module_turn(void)
{
    return state.working && ropp_snapshot_take(&state.worker.slots, &state.admission.bans) &&
           state.config.ban_kick;
}

bool ropp_module_kick(struct ropp_conn *conn)
{
    if (ropp_conn_is_refused(conn) || ropp_module_admit(conn))
        return false;
    ropp_count(&state.stats.kicked);
    module_note_connection(conn, NULL, ROPP_CONNQUEUE_KICKED, conn->ban_id);
    return true;
}

enum ropp_note ropp_module_line(char line[ROPP_LINE_TEXT])
{
    enum ropp_note kind =
        state.working ? ropp_notes_take(&state.worker.notes, line) : ROPP_NOTE_NONE;
    int64_t now_ms;

    if (kind != ROPP_NOTE_NONE)
        return kind;
    if (!state.stats.waiting && !state.explain.is_waiting && state.tickets.unlogged == 0)
        return ROPP_NOTE_NONE;
    now_ms = ropp_now_ms();
    if (ropp_explain_line(&state.explain, now_ms, line) ||
        ropp_tickets_line(&state.tickets, state.config.ticket_check, now_ms, line) ||
        ropp_stats_line(&state.stats, now_ms, line))
        return ROPP_NOTE_WARNING;
    return ROPP_NOTE_NONE;
}
