// SPDX-License-Identifier: MIT
/* Whether the emulators' running settings go with the file, as they say in proxy_status. Which hops
 * they trust, and their routes, are not there: a player's visit shows those. */
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/database/query.h"
#include "tools/hop/check.h"
#include "tools/status/process.h"

#define CHECK "server"

static char *name_of(const char *server, const char *port)
{
    return ropp_format("%s:%s", server, port);
}

/* What is wrong with a server, and what to do: false when nothing is. */
static bool is_wrong(MYSQL_ROW process, char **result, char **remedy)
{
    if (ropp_column_number(process[ROPP_PROCESS_UP]) == 0) {
        *result = ropp_format("silent for %s s", process[ROPP_PROCESS_HEARTBEAT]);
        *remedy = ropp_format("is it running, and does it reach the database? If it is gone for "
                              "good, delete its row from proxy_status");
    } else if (strcmp(process[ROPP_PROCESS_MODE], "strict") != 0) {
        *result = ropp_format("proxy_protocol: %s", process[ROPP_PROCESS_MODE]);
        *remedy = ropp_format("put origin/rathena.conf or hercules.conf, with strict, into its "
                              "import file and start it again");
    } else if (strcmp(process[ROPP_PROCESS_BANS], "stale") == 0 ||
               strcmp(process[ROPP_PROCESS_BANS], "loading") == 0) {
        *result = ropp_format("its ban list is %s", process[ROPP_PROCESS_BANS]);
        *remedy = ropp_format("look for 'ropp' in its log: it cannot read the database's tables");
    } else if (process[ROPP_PROCESS_LEFT_OUT][0] != '\0') {
        *result = ropp_format("woven without: %s", process[ROPP_PROCESS_LEFT_OUT]);
        *remedy = ropp_format("`ropp patch status` in its tree says what that means");
    } else {
        return false;
    }
    return true;
}

static bool is_of(MYSQL_ROW process, const char *role, uint16_t port)
{
    return strcmp(process[ROPP_PROCESS_SERVER], role) == 0 &&
           ropp_column_number(process[ROPP_PROCESS_PORT]) == port;
}

static void judge(struct ropp_check *check, MYSQL_ROW process)
{
    char *result = NULL, *remedy = NULL;

    if (!is_wrong(process, &result, &remedy))
        result = ropp_format("strict, bans %s", process[ROPP_PROCESS_BANS]);
    ropp_findings_add(&check->findings, "origin", CHECK,
                      name_of(process[ROPP_PROCESS_SERVER], process[ROPP_PROCESS_PORT]), result,
                      remedy);
}

/* A server for every port of the file. */
static void check_port(struct ropp_check *check, MYSQL_RES *processes, const char *role,
                       uint16_t port)
{
    MYSQL_ROW process;

    mysql_data_seek(processes, 0);
    while ((process = mysql_fetch_row(processes)) != NULL)
        if (is_of(process, role, port)) {
            judge(check, process);
            return;
        }
    ropp_findings_add(&check->findings, "origin", CHECK, ropp_format("%s:%u", role, port),
                      ropp_format("no such server has written its status"),
                      ropp_format("is it running, is ropp woven in, and is %s = %u right in %s?",
                                  role, port, check->network->source));
}

static bool is_in_file(const struct ropp_network *network, MYSQL_ROW process)
{
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < network->origin.ports[role].count; i++)
            if (is_of(process, ropp_role_names[role], network->origin.ports[role].items[i]))
                return true;
    return false;
}

static bool is_role(const char *server)
{
    for (size_t role = 0; role < ROPP_ROLES; role++)
        if (strcmp(server, ropp_role_names[role]) == 0)
            return true;
    return false;
}

/* And a port for every server that runs, or players never get there. */
static void check_others(struct ropp_check *check, MYSQL_RES *processes)
{
    MYSQL_ROW process;

    mysql_data_seek(processes, 0);
    while ((process = mysql_fetch_row(processes)) != NULL) {
        const char *server = process[ROPP_PROCESS_SERVER], *port = process[ROPP_PROCESS_PORT];

        if (is_role(server) && ropp_column_number(process[ROPP_PROCESS_UP]) != 0 &&
            !is_in_file(check->network, process))
            ropp_findings_add(&check->findings, "origin", CHECK, name_of(server, port),
                              ropp_format("runs, and no hop knows its port"),
                              ropp_format("add %s to '%s' in [origin] of %s, and render it again",
                                          port, server, check->network->source));
    }
}

void ropp_check_servers(struct ropp_check *check)
{
    MYSQL_RES *processes;

    if (check->session == NULL) {
        ropp_findings_unasked(&check->findings, "origin", CHECK, NULL,
                              ropp_format("%s", check->no_session));
        return;
    }
    processes = ropp_processes_read(check->session);
    if (processes == NULL) {
        ropp_findings_add(&check->findings, "origin", CHECK, NULL,
                          ropp_format("proxy_status cannot be read: %s",
                                      mysql_error(check->session->db.mysql)),
                          ropp_format("let this account read it, or load sql/install.sql"));
        return;
    }
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < check->network->origin.ports[role].count; i++)
            check_port(check, processes, ropp_role_names[role],
                       check->network->origin.ports[role].items[i]);
    check_others(check, processes);
    mysql_free_result(processes);
}
