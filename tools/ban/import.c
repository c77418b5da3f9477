// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/guard.h"
#include "tools/ban/replace.h"
#include "tools/ban/source.h"
#include "tools/base/cli.h"
#include "tools/base/json.h"
#include "tools/base/moment.h"
#include "tools/base/progress.h"
#include "tools/database/connect.h"
#include "tools/lists/aggregate.h"
#include "tools/lists/listfile.h"

enum { BAD_LINES_SHOWN = 20 };

struct request {
    struct ropp_connect connect;
    struct ropp_replacement list; /* what it is to be, but for its end and prefixes */
    const char *file;
    const char *duration;
    const char *until;
    bool keep_private;
    bool mask;
    bool force;
    bool dry_run;
    bool json;
    struct ropp_end end;
};

/* What came out of the file. */
struct reading {
    const struct request *request;
    struct ropp_prefix_set set;
    struct ropp_list_counts counts;
    uint64_t bad_lines; /* so far */
    struct ropp_progress progress;
};

static const struct request defaults = {.list = {.reason = ""}};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, list.source, "--source", "NAME",
              "the list: letters, digits, dots, dashes and underscores"),
    ROPP_TEXT(struct request, list.reason, "--reason", "TEXT",
              "kept with each of them, for people"),
    ROPP_TEXT(struct request, list.author, "--author", "NAME", "who does it (you, unless given)"),
    ROPP_TEXT(struct request, duration, "--for", "DURATION",
              "the list ends by itself unless imported again: 30m, 12h, 7d, 2w, or seconds"),
    ROPP_TEXT(struct request, until, "--until", "MOMENT", "the same: 'YYYY-MM-DD HH:MM'"),
    ROPP_FLAG(struct request, list.allow, "--allow", "a list of those who are let in"),
    ROPP_FLAG(struct request, dry_run, "--dry-run", "show what would change and write nothing"),
    ROPP_FLAG(struct request, keep_private, "--keep-private",
              "do not leave out private networks, which public lists name as well"),
    ROPP_FLAG(struct request, mask, "--mask",
              "take a prefix with bits behind it, which else is a bad line, as the network that it "
              "is in: 192.0.2.7/24 as 192.0.2.0/24"),
    ROPP_FLAG(struct request, force, "--force",
              "do not leave out prefixes shorter than /8 (IPv4) or /16 (IPv6), nor stop at one of "
              "your servers, at a file without a single prefix, one with more bad lines than good "
              "ones, with fewer entries than it says or with more in it than addresses, nor where "
              "more than half of the list would go"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_OPTIONS_END,
};

/* As the table has it. */
static bool is_source_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "._-";
    size_t length = strlen(text);

    return length > 0 && length <= 64 && strspn(text, letters) == length;
}

static bool check_source(const struct request *request)
{
    if (request->list.source == NULL)
        return ropp_error("no list: ban import: name it with --source NAME");
    if (!is_source_name(request->list.source)) {
        return ropp_error(
            "no name for a list: --source '%s': write at most 64 letters, digits, dots, "
            "dashes and underscores",
            request->list.source);
    }
    if (strcasecmp(request->list.source, ROPP_SOURCE_MANUAL) == 0)
        return ropp_error(
            "the list of what people have banned: --source %s: an import would replace all "
            "of it; name another list",
            request->list.source);
    return true;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    request->list.author = ropp_author(request->list.author);
    request->file = words->items[0];
    return check_source(request) && ropp_end_read(request->duration, request->until, &request->end)
               ? ROPP_EXIT_DONE
               : ROPP_EXIT_USAGE;
}

/* ---- reading ---- */

static void take_prefix(void *context, const struct ropp_prefix *prefix)
{
    struct reading *reading = context;

    ropp_prefix_set_add(&reading->set, prefix);
}

static void take_bad_line(void *context, const struct ropp_list_line *line)
{
    struct reading *reading = context;

    if (++reading->bad_lines > BAD_LINES_SHOWN ||
        (reading->counts.refused != ROPP_LIST_FINE && !reading->request->force))
        return;
    ropp_progress_end(&reading->progress);
    ropp_error("bad line: %s:%" PRIu64 ": '%s': %s", reading->request->file, line->number,
               line->text, ropp_list_mistake_text(line->mistake));
}

static bool show_progress(void *context, uint64_t bytes, uint64_t size)
{
    struct reading *reading = context;

    reading->progress.total = size / 1024;
    ropp_progress_show(&reading->progress, bytes / 1024);
    return true;
}

/* Reads the file and makes what it says minimal. False with a message. */
static bool read_file(struct reading *reading)
{
    const struct request *request = reading->request;
    struct ropp_list_options how = {request->list.allow || request->keep_private,
                                    request->list.allow || request->force, request->mask};
    struct ropp_list_calls calls = {reading, take_prefix, NULL, take_bad_line, show_progress};
    char error[ROPP_ERROR_TEXT];
    bool good;

    ropp_progress_begin(&reading->progress, "reading", "KiB", 0);
    good =
        ropp_listfile_read(request->file, &how, &calls, &reading->counts, error) == ROPP_LIST_READ;
    ropp_progress_end(&reading->progress);
    if (!good)
        ropp_error("%s", error);
    else if (reading->counts.bad_lines > BAD_LINES_SHOWN)
        ropp_error("bad lines: %s: %" PRIu64 " more; mend the file or leave them be: they ban "
                   "nobody",
                   request->file, reading->counts.bad_lines - BAD_LINES_SHOWN);
    ropp_aggregate(&reading->set);
    return good;
}

/* ---- the answer ---- */

static void print_reading(const struct request *request, const struct reading *reading)
{
    const struct ropp_list_counts *counts = &reading->counts;

    printf("%s: %" PRIu64 " lines, %" PRIu64 " of them bad, %" PRIu64 " entries: %zu prefixes\n",
           request->file, counts->lines, counts->bad_lines, counts->entries, reading->set.count);
    if (counts->set_apart > 0)
        printf("left out: private networks of %" PRIu64 " entries (--keep-private keeps them)\n",
               counts->set_apart);
    if (counts->wide_lines > 0)
        printf("left out: %" PRIu64 " lines wider than /%d or /%d (--force keeps them)\n",
               counts->wide_lines, ROPP_LIST_WIDE_V4, ROPP_LIST_WIDE_V6);
    if (counts->masked > 0)
        printf("masked: %" PRIu64 " entries with bits behind the prefix\n", counts->masked);
}

static void print_text(const struct request *request, const struct reading *reading,
                       const struct ropp_replacement *replacement)
{
    size_t same = replacement->count - replacement->added.count - replacement->changed.count;

    print_reading(request, reading);
    printf("%s%s: %zu prefixes: %zu added, %zu removed, %zu changed, %zu as they were\n",
           request->list.source, request->dry_run ? " would be" : "", replacement->count,
           replacement->added.count, replacement->removed.count, replacement->changed.count, same);
    if (request->dry_run)
        puts("nothing was written (--dry-run)");
}

static void print_json(const struct request *request, const struct reading *reading,
                       const struct ropp_replacement *replacement)
{
    struct ropp_json json = {.out = stdout};
    size_t same = replacement->count - replacement->added.count - replacement->changed.count;

    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", request->dry_run ? "dry-run" : "imported");
    ropp_json_string(&json, "source", request->list.source);
    ropp_json_string(&json, "file", request->file);
    ropp_json_number(&json, "lines", (int64_t)reading->counts.lines);
    ropp_json_number(&json, "bad_lines", (int64_t)reading->counts.bad_lines);
    ropp_json_number(&json, "wide_lines", (int64_t)reading->counts.wide_lines);
    ropp_json_number(&json, "entries", (int64_t)reading->counts.entries);
    ropp_json_number(&json, "set_apart", (int64_t)reading->counts.set_apart);
    ropp_json_number(&json, "masked", (int64_t)reading->counts.masked);
    ropp_json_number(&json, "prefixes", (int64_t)replacement->count);
    ropp_json_number(&json, "added", (int64_t)replacement->added.count);
    ropp_json_number(&json, "removed", (int64_t)replacement->removed.count);
    ropp_json_number(&json, "changed", (int64_t)replacement->changed.count);
    ropp_json_number(&json, "unchanged", (int64_t)same);
    ropp_json_done(&json, "}");
}

/* ---- the command ---- */

/* False, with a message, when the file is not what it should be, as far as it says. */
static bool check_file(const struct request *request, const struct reading *reading)
{
    const struct ropp_list_counts *counts = &reading->counts;

    if (counts->every_network)
        ropp_error("a table of every network in the world (GeoLite2): %s: it would ban everybody; "
                   "keep the "
                   "lines of those you mean, or add --force",
                   request->file);
    else if (counts->has_stated && counts->entries + counts->bad_lines < counts->stated)
        ropp_error("incomplete: %s: it says that it has %" PRIu64 " entries, and has %" PRIu64
                   ": fetch it again, or add --force",
                   request->file, counts->stated, counts->entries);
    else if (counts->lacks_brace)
        ropp_error("incomplete: %s: a brace is open at its end: fetch it again, or add --force",
                   request->file);
    else if (counts->lacks_metadata)
        ropp_error("incomplete: %s: the metadata that end a list of Spamhaus' are missing: fetch "
                   "it again, or add --force",
                   request->file);
    else if (counts->bad_lines - counts->wide_lines > counts->entries)
        ropp_error("more bad lines than good ones: %s: %" PRIu64 " and %" PRIu64
                   ": mend it, see whether it is the right file, or add --force",
                   request->file, counts->bad_lines - counts->wide_lines, counts->entries);
    else if (counts->lacks_end > 0)
        ropp_error("the last line has no end: %s:%" PRIu64
                   ": a file that was cut there has another address in it; add a line break if it "
                   "is whole, or --force",
                   request->file, counts->lacks_end);
    else
        return true;
    return false;
}

/* The same for what it would do to the list. */
static bool check_loss(const struct request *request, const struct ropp_replacement *replacement)
{
    if (request->force || replacement->gone_count <= replacement->current_count / 2)
        return true;
    return ropp_error(
        "most of the list would go: %s: of %zu entries in force %zu are not in %s; see "
        "whether it is whole and the right one, or add --force",
        request->list.source, replacement->current_count, replacement->gone_count, request->file);
}

/* Whether what was read may replace the list. */
static int check_reading(struct ropp_session *session, const struct request *request,
                         const struct reading *reading)
{
    if (request->force)
        return ROPP_EXIT_DONE;
    if (reading->counts.refused != ROPP_LIST_FINE)
        return ropp_fail(ROPP_EXIT_REFUSED,
                         "refused as a whole: %s:%" PRIu64 ": %s, or add --force", request->file,
                         reading->counts.refused_line,
                         ropp_list_mistake_text(reading->counts.refused));
    if (reading->set.count == 0)
        return ropp_fail(ROPP_EXIT_REFUSED,
                         "not a single prefix: %s: the list %s stays as it is; --force empties it",
                         request->file, request->list.source);
    if (!check_file(request, reading))
        return ROPP_EXIT_REFUSED;
    if (request->list.allow)
        return ROPP_EXIT_DONE;
    return ropp_guard_servers(session, reading->set.items, reading->set.count, request->file,
                              "let it in with `ropp ban add ADDRESS --allow` and add --force");
}

/* A list that is new and called nearly as another may be a slip. False when a statement failed. */
static bool note_slip(struct ropp_session *session, const struct request *request)
{
    struct ropp_suggestion meant;
    bool is_new;

    if (!ropp_source_new(session, request->list.source, &is_new, &meant))
        return false;
    if (is_new && meant.nearest[0] != '\0')
        fprintf(stderr, "note: a new list: %s; or did you mean '%s'?\n", request->list.source,
                meant.nearest);
    return true;
}

static int replace(struct ropp_session *session, const struct request *request,
                   const struct reading *reading)
{
    struct ropp_replacement replacement = request->list;
    int status = ROPP_EXIT_DONE;

    replacement.expires_s = ropp_end_at(&request->end, session->now_s);
    replacement.prefixes = reading->set.items;
    replacement.count = reading->set.count;
    if (!ropp_replace_plan(session, &replacement))
        status = ropp_session_error(session);
    else if (!check_loss(request, &replacement))
        status = ROPP_EXIT_REFUSED;
    else if (!request->dry_run &&
             (!note_slip(session, request) || !ropp_replace_write(session, &replacement)))
        status = ropp_session_error(session);
    else if (request->json)
        print_json(request, reading, &replacement);
    else
        print_text(request, reading, &replacement);
    ropp_replace_free(&replacement);
    return status;
}

static int import(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct reading reading = {0};
    uint64_t is_free = 1;
    int status;

    if (!request->dry_run && !ropp_replace_lock(session, request->list.source, &is_free))
        return ropp_session_error(session);
    if (!is_free)
        return ropp_fail(ROPP_EXIT_REFUSED,
                         "another import is running: --source %s: wait until it is done",
                         request->list.source);
    reading.request = request;
    status = read_file(&reading) ? check_reading(session, request, &reading) : ROPP_EXIT_USAGE;
    if (status == ROPP_EXIT_DONE)
        status = replace(session, request, &reading);
    ropp_prefix_set_free(&reading.set);
    return status;
}

const struct ropp_cli_command ropp_ban_import = {
    .name = "ban import",
    .summary = "replace a named list by the prefixes of a file",
    .usage = "FILE --source NAME [OPTION ...]",
    .about = "Makes a named list what the file says, in one transaction: prefixes that are no "
             "longer in the file leave the list. FILE, plain or gzip (- for standard input), has "
             "a prefix, an address, a range a-b or a pattern a.b.c.* a line, with comments (# and "
             ";), or is a list of Spamhaus, FireHOL, DShield, Tor, ipset, nftables, nginx (deny, "
             "geo), hosts.deny, p2p, ipfilter.dat, CSV or JSON. Prefixes that overlap or adjoin "
             "become one. What looks cut, incomplete or like another file is refused.",
    .words = {.most = 1, .missing = "no file"},
    .statuses = "0 done, 1 refused, 2 wrong usage or environment",
    .example = "ban import drop.txt --source drop --for 2d --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .defaults = &defaults,
    .read = read_request,
    .run = import,
};
