#include "service/module.h"

#include <stdio.h>
#include <string.h>

#include "platform.h"

/* The state of this server process. */
static struct {
    bool ready;   /* the settings have their defaults */
    bool started; /* the settings are fixed */
    enum ropp_server server;
    struct ropp_config config;
    struct ropp_policy policy;
    struct ropp_routes routes;
    struct ropp_stats stats;
    struct ropp_conn lost; /* a player for whom there was no way back */
    bool lost_untold;
    int64_t lost_told_ms; /* 0: never */
} state;

static void prepare(enum ropp_server server)
{
    if (!state.ready) {
        ropp_config_init(&state.config);
        ropp_stats_init(&state.stats);
        state.ready = true;
    }
    state.server = server;
}

bool ropp_module_read(enum ropp_server server, const char *path, char error[ROPP_ERROR_TEXT])
{
    /* The emulators read their files again on some commands; the module does not. */
    if (state.started)
        return true;
    prepare(server);
    return ropp_config_read_lines(&state.config, path, error);
}

bool ropp_module_set(enum ropp_server server, const char *where, const char *key, const char *value,
                     char error[ROPP_ERROR_TEXT])
{
    if (state.started)
        return true;
    prepare(server);
    return ropp_config_set(&state.config, where, key, value, error);
}

bool ropp_module_start(char text[ROPP_LINE_TEXT])
{
    const struct ropp_config *config = &state.config;

    text[0] = '\0';
    if (state.started)
        return true;
    prepare(state.server);
    if (!ropp_config_check(config, text))
        return false;
    state.policy = ropp_config_policy(config);
    state.routes = ropp_config_routes(config);
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

bool ropp_module_accept(struct ropp_conn *conn, uint32_t peer)
{
    struct ropp_addr addr = ropp_addr_v4(peer);
    enum ropp_verdict verdict = ropp_policy_judge(&state.policy, &addr);
    int64_t now_ms = verdict == ROPP_VERDICT_DIRECT ? 0 : ropp_now_ms();

    if (verdict == ROPP_VERDICT_REFUSE) {
        ropp_stats_refused(&state.stats, ROPP_REASON_UNTRUSTED, &addr);
        return false;
    }
    ropp_conn_open(conn, verdict, &addr, server_packets(), now_ms, state.config.header_timeout_ms);
    return true;
}

void ropp_module_refused(const struct ropp_conn *conn)
{
    ropp_stats_refused(&state.stats, conn->reason, &conn->peer);
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

size_t ropp_module_send(struct ropp_conn *conn, uint8_t *packet, size_t length)
{
    /* Whatever else is sent until it is closed must not tell more than this did. */
    bool again = conn->state == ROPP_CONN_REFUSED && conn->reason == ROPP_REASON_NO_WAY_BACK;

    if (conn->state != ROPP_CONN_PROXIED && !again)
        return length;
    if (ropp_carrier_rewrite(state.server, &state.routes, conn, packet, length))
        return length;
    if (!again) {
        state.lost = *conn;
        state.lost_untold = true;
        ropp_conn_refuse(conn, ROPP_REASON_NO_WAY_BACK);
        ropp_module_refused(conn);
    }
    memcpy(packet, refusal, sizeof refusal); /* every carrier is longer */
    return sizeof refusal;
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
    ropp_addr_format(&from, from_text);
    ropp_addr_format(&to, to_text);
    snprintf(line, ROPP_LINE_TEXT,
             "ropp: ticket of account %u was issued to %s and is used from %s: %s", account,
             from_text, to_text, refuse ? "refused" : "let pass");
    return refuse;
}

/* Which setting a player without a way back is waiting for. */
static void explain_lost(const struct ropp_conn *conn, char line[ROPP_LINE_TEXT])
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

bool ropp_module_line(char line[ROPP_LINE_TEXT])
{
    int64_t now_ms;

    if (!state.stats.waiting && !state.lost_untold)
        return false;
    now_ms = ropp_now_ms();
    if (state.lost_untold &&
        (state.lost_told_ms == 0 || now_ms - state.lost_told_ms >= ROPP_STATS_INTERVAL_MS)) {
        explain_lost(&state.lost, line);
        state.lost_untold = false;
        state.lost_told_ms = now_ms;
        return true;
    }
    return ropp_stats_line(&state.stats, now_ms, line);
}
