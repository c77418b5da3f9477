// SPDX-License-Identifier: MIT
/* `ropp hop check`: goes to every hop as a player does, to the origin as an attacker would, and
 * asks those that know. */
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/hop/check.h"
#include "tools/hop/hop.h"
#include "tools/player/password.h"

struct request {
    struct ropp_connect connect;
    const char *file;
    const char *user;
    const char *pass_file;
    uint64_t packetver;
    struct ropp_scramble_keys keys;
    bool keys_set;
    uint64_t timeout_ms;
    bool through;
    bool json;
};

static const struct request defaults = {.packetver = ROPP_CLIENT_USUAL, .timeout_ms = 5000};

static bool take_keys(void *context, const char *name, const char *value)
{
    struct request *request = context;

    (void)name;
    request->keys_set = ropp_scramble_parse(value, &request->keys);
    return request->keys_set || ropp_error("not three keys: --keys '%s': give them as in "
                                           "0x12345678,0x9abcdef0,0x13579bdf",
                                           value);
}

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, user, "--user", "U",
              "log in as this user and go into the game; the password is asked for, or in "
              "ROPP_PROBE_PASSWORD. Without, a made-up user is turned away by the login server"),
    ROPP_TEXT(struct request, pass_file, "--pass-file", "FILE", "the password is its first line"),
    ROPP_NUMBER(struct request, packetver, "--packetver", "N", 20000000, 29999999,
                "the client's version that the servers are built for (20211103)"),
    ROPP_CALL(take_keys, "--keys", "K1,K2,K3",
              "what the client scrambles its packets with, as those until 2018 do: see `ropp probe "
              "--help`"),
    ROPP_NUMBER(struct request, timeout_ms, "--timeout", "MS", 100, 60000,
                "for each answer (5000)"),
    ROPP_FLAG(struct request, through, "--through",
              "ask each hop's HAProxy for its ways, and with the database for its bans: from the "
              "origin"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_HEADING("the database, for what the servers have logged, their settings and the bans:"),
    ROPP_TEXT(struct request, connect.tree, "--tree", "DIR",
              "as the emulator in DIR has it in its configuration"),
    ROPP_TEXT(struct request, connect.defaults_file, "--defaults-file", "FILE",
              "as the group [ropp] of FILE has it"),
    ROPP_TEXT(struct request, connect.database, "--database", "NAME",
              "this one, where the rest is in MariaDB's usual option files"),
    ROPP_OPTIONS_END,
};

/* A database that was named and cannot be asked is a finding. */
static bool open_session(struct ropp_check *check, const struct ropp_connect *connect,
                         struct ropp_session *session)
{
    if (connect->tree == NULL && connect->defaults_file == NULL && connect->database == NULL)
        return false;
    if (ropp_session_open(session, connect) == ROPP_EXIT_DONE) {
        check->session = session;
        return true;
    }
    check->no_session = "the database cannot be asked";
    ropp_findings_add(&check->findings, "origin", "database", NULL,
                      ropp_format("cannot be asked: the message above says why"),
                      ropp_format("name another by --tree, --defaults-file or --database"));
    return false;
}

static bool look_at_all(struct ropp_check *check)
{
    bool ok = ropp_check_hidden(check);

    if (ok) {
        ropp_check_servers(check);
        ok = ropp_check_visits(check);
    }
    if (ok)
        ropp_check_inside(check);
    return ok;
}

static int check_network(const struct request *request, const struct ropp_network *network)
{
    struct ropp_session session;
    struct ropp_check check = {.network = network,
                               .user = request->user,
                               .password = "none",
                               .client = ropp_client_find((unsigned)request->packetver),
                               .keys = request->keys_set ? &request->keys : NULL,
                               .scrambles =
                                   request->packetver < ROPP_SCRAMBLE_UNTIL && !request->keys_set,
                               .timeout_ms = (int)request->timeout_ms,
                               .no_session = "give --tree, --defaults-file or --database",
                               .through = request->through,
                               .reached = ropp_alloc(network->count, sizeof(bool))};
    bool ok = request->user == NULL || ropp_password_get(request->pass_file, check.password), open;
    int status = ROPP_EXIT_USAGE;

    open = ok && open_session(&check, &request->connect, &session);
    if (ok && look_at_all(&check)) {
        ropp_findings_print(&check.findings, request->json, stdout);
        status = ropp_findings_count(&check.findings, ROPP_FINDING_BAD) ? ROPP_EXIT_REFUSED
                                                                        : ROPP_EXIT_DONE;
    }
    if (open)
        ropp_session_close(&session);
    ropp_findings_free(&check.findings);
    free(check.reached);
    return status;
}

static int check(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct ropp_network network;
    int status = ropp_network_load(&network, request->file);

    (void)session;
    /* 1 is a network that is not as it should be, 2 that nobody knows. */
    if (status != ROPP_EXIT_DONE)
        status = ROPP_EXIT_USAGE;
    else
        status = check_network(request, &network);
    ropp_network_free(&network);
    return status;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    request->file = words->items[0];
    if (request->pass_file && request->user == NULL)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "a password without an account: --pass-file: give --user");
    return ROPP_EXIT_DONE;
}

const struct ropp_cli_command ropp_hop_check = {
    .name = "hop check",
    .summary = "go to every hop as a player, and look whether the origin is hidden",
    .usage = "FILE [OPTION ...]",
    .about = "Goes a player's way by every hop of a description: does the game answer, and is the "
             "player sent to that hop's own address and to no other. And nobody must reach the "
             "game's ports at the origin's public address. From a machine outside of the network."
             "\n\n"
             "With the database it also looks whether the servers have logged this machine's "
             "address and a header as it is rendered, and whether they run with the settings that "
             "go with the file; with --through, from the origin, whether every way of every hop is "
             "up, and every hop bans who is banned. What was not looked at is shown with '?'.\n\n"
             "Without --user each hop costs one wrong login in the server's eyes, and emulators "
             "ban an address for seven in five minutes: give an account to check often.",
    .options = {{options}},
    .words = {.most = 1, .missing = "no file"},
    .statuses = "0 all is as it should be, 1 something is not, 2 wrong usage or environment",
    .example = "hop check hops.conf --user tester",
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = check,
};
