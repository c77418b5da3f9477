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
    struct ropp_stats stats;
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

bool ropp_module_line(char line[ROPP_LINE_TEXT])
{
    return state.stats.waiting && ropp_stats_line(&state.stats, ropp_now_ms(), line);
}
