// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/ban/ban.h"
#include "tools/ban/banned.h"
#include "tools/ban/source.h"
#include "tools/base/cli.h"
#include "tools/base/json.h"
#include "tools/base/outfile.h"
#include "tools/database/connect.h"
#include "tools/lists/export.h"

struct request {
    struct ropp_connect connect;
    const char *format_name;
    enum ropp_export_format format;
    const char *source; /* NULL: every list, and ipbanlist */
    const char *output; /* NULL: standard output */
    bool force;
    bool json;
};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, format_name, "--format", "FORMAT", ROPP_EXPORT_FORMATS),
    ROPP_TEXT(struct request, source, "--source", "NAME", "only this list (ipbanlist: only that)"),
    ROPP_TEXT(struct request, output, "--output", "FILE",
              "to this file, which is replaced in one go and keeps its owner, group, mode and "
              "access list"),
    ROPP_FLAG(struct request, force, "--force",
              "even if nobody is banned any more and the file says who is"),
    ROPP_FLAG(struct request, json, "--json", "with --output, print one JSON object about it"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    (void)words;
    if (request->format_name == NULL ||
        !ropp_export_format_of(request->format_name, &request->format))
        return ropp_fail(ROPP_EXIT_USAGE, "no such format: --format %s: give " ROPP_EXPORT_FORMATS,
                         request->format_name != NULL ? request->format_name : "is missing");
    if (request->json && request->output == NULL) {
        return ropp_fail(ROPP_EXIT_USAGE, "the list itself is no JSON: --json: add --output FILE");
    }
    return ROPP_EXIT_DONE;
}

/* ---- the command ---- */

/* Whether the file before has bans, as far as can be seen: other programs' files have. */
static bool has_bans(const char *path)
{
    static const char none[] = "# ropp: 0 banned prefixes";
    FILE *file = fopen(path, "r");
    char line[sizeof none];
    bool any;

    if (file == NULL)
        return false;
    any = fgets(line, sizeof line, file) != NULL && strcmp(line, none) != 0;
    fclose(file);
    return any;
}

/* Where there were bans and there are none any more, a mistake is likelier than peace. */
static bool may_be_empty(const struct request *request, size_t count)
{
    if (count > 0 || request->force || request->output == NULL || !has_bans(request->output))
        return true;
    return ropp_error("not a single ban: %s%s: %s stays as it is; --force empties it",
                      request->source != NULL ? "the list " : "all lists",
                      request->source != NULL ? request->source : "", request->output);
}

static void report(const struct request *request, size_t count)
{
    struct ropp_json json = {.out = stdout};

    if (request->output == NULL)
        return;
    if (!request->json) {
        printf("%s: %zu prefixes\n", request->output, count);
        return;
    }
    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", "exported");
    ropp_json_string(&json, "output", request->output);
    ropp_json_number(&json, "prefixes", (int64_t)count);
    ropp_json_done(&json, "}");
}

static int write_file(const struct request *request, const struct ropp_prefix_set *banned,
                      int64_t now_s)
{
    struct ropp_outfile file;

    if (!may_be_empty(request, banned->count))
        return ROPP_EXIT_REFUSED;
    if (!ropp_outfile_begin(&file, request->output))
        return ROPP_EXIT_USAGE;
    ropp_export(file.out, request->format, banned, now_s);
    if (!ropp_outfile_end(&file))
        return ROPP_EXIT_USAGE;
    report(request, banned->count);
    return ROPP_EXIT_DONE;
}

/* ipbanlist goes by its name where it is asked for alone. */
static int export(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct ropp_prefix_set banned = {0};
    uint64_t standins = 0;
    int status = ROPP_EXIT_DONE;

    if (request->source != NULL && !ropp_banned_is_ipbanlist(request->source))
        status = ropp_source_check(session, request->source, false);
    if (status != ROPP_EXIT_DONE)
        return status;
    if (!ropp_banned_read(session, request->source, &banned, &standins))
        return ropp_session_error(session);
    status = write_file(request, &banned, session->now_s);
    if (status == ROPP_EXIT_DONE && standins > 0)
        fprintf(stderr,
                "note: %" PRIu64 " bans of stand-ins of IPv6 players mean nothing to another "
                "program: ban the /64 as well\n",
                standins);
    ropp_prefix_set_free(&banned);
    return status;
}

const struct ropp_cli_command ropp_ban_export = {
    .name = "ban export",
    .summary = "write the bans for haproxy, nginx, nftables or ipset",
    .usage = "--format FORMAT [OPTION ...]",
    .about = "Writes what is banned now for another program, which then decides as `ropp ban "
             "check` does: allowances are cut out, the emulator's ipbanlist is part of it. How to "
             "use the file is written at its beginning.",
    .words = {.instead = "name a file with --output FILE"},
    .statuses = "0 done, 1 refused, 2 wrong usage or environment",
    .example = "ban export --format nftables --output ban.nft --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .read = read_request,
    .run = export,
};
