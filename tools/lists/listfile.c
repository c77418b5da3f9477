// SPDX-License-Identifier: MIT
#include "tools/lists/listfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tools/base/cli.h"
#include "tools/lists/jsondoc.h"
#include "tools/lists/listline.h"
#include "tools/lists/private.h"
#include "tools/lists/range.h"

#define LIST_BLOCK 32768u

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

struct list_reader {
    const char *path;
    const struct ropp_list_options *options;
    const struct ropp_list_calls *calls;
    struct ropp_list_counts *counts;
    char *error;   /* ROPP_ERROR_TEXT bytes */
    uint64_t size; /* of the file; 0: not known */
    bool is_full;  /* ROPP_LIST_MAX prefixes have been given */
    /* The beginning of a line whose end has not been read. */
    char line[ROPP_LIST_LINE];
    size_t line_kept;
    uint64_t line_size;
    struct ropp_list_memory memory;
    struct ropp_list_said said;
    /* A file that is one JSON document. */
    bool is_document;
    struct ropp_jsondoc document;
    bool has_line_end; /* behind what was read of it so far */
    bool is_metadata;  /* of its object */
    uint64_t records;
};

unsigned ropp_list_wide(enum ropp_family family)
{
    return family == ROPP_FAMILY_INET ? ROPP_LIST_WIDE_V4 : ROPP_LIST_WIDE_V6;
}

const char *ropp_list_mistake_text(enum ropp_list_mistake mistake)
{
    static const char *const texts[] = {
        [ROPP_LIST_FINE] = "nothing is wrong",
        [ROPP_LIST_NO_ADDRESS] = "no address: write ADDRESS, ADDRESS/LENGTH, FIRST-LAST or a "
                                 "pattern such as 192.0.2.*",
        [ROPP_LIST_BAD_LENGTH] = "no length: write a number behind the slash, at most 32 for IPv4 "
                                 "and 128 for IPv6",
        [ROPP_LIST_HOST_BITS] = "bits behind the prefix: clear them (192.0.2.0/24, not "
                                "192.0.2.7/24), or import with --mask",
        [ROPP_LIST_BACKWARDS] = "it ends before it begins: write the smaller address first",
        [ROPP_LIST_TWO_FAMILIES] = "a range from IPv4 to IPv6: write both ends of one kind",
        [ROPP_LIST_MORE_TEXT] = "more than an address: put # before the rest",
        [ROPP_LIST_NO_TEXT] = "no text: a list is plain text (UTF-8), or that compressed by gzip",
        [ROPP_LIST_TOO_LONG] = "longer than 4096 bytes: write one entry a line",
        [ROPP_LIST_NO_CIDR] = "no JSON object with a \"cidr\": write one a line",
        [ROPP_LIST_TWO_ADDRESSES] =
            "several addresses: write a range as FIRST-LAST, others one a line",
        [ROPP_LIST_ASN] = "a list of operators' numbers (ASN), not of addresses: write the "
                          "prefixes that they announce",
        [ROPP_LIST_ZONE] = "an address with a zone (%) is known on one machine alone: leave it out",
        [ROPP_LIST_OTHER_SET] =
            "another set of ipset or nftables in the same file: save one alone (`ipset save "
            "NAME`, `nft list set FAMILY TABLE NAME`)",
        [ROPP_LIST_SET_KIND] =
            "a set of ipset or nftables that has more than addresses (ports, exceptions, "
            "verdicts): write the addresses alone",
        [ROPP_LIST_IPSET_LIST] = "what `ipset list` prints: save it with `ipset save NAME`",
        [ROPP_LIST_NFT_RULES] = "a ruleset of nftables, which is more than a set: save the set "
                                "alone (`nft list set FAMILY TABLE NAME`)",
        [ROPP_LIST_NFT_JSON] = "what `nft -j` prints: save the set without -j",
        [ROPP_LIST_NGINX] = "settings of nginx with more than `deny ADDRESS;` or, in a geo block, "
                            "0 and 1: write the banned addresses alone",
        [ROPP_LIST_HOSTS] = "a hosts.deny with more than addresses (names, ALL, EXCEPT, commands): "
                            "write the addresses alone",
        [ROPP_LIST_RULE] = "a rule as in hosts.deny, of which the address is a part: write the "
                           "addresses alone",
        [ROPP_LIST_TOO_WIDE] = "more addresses than a /8 (IPv6: a /16) has, many players' among "
                               "them: write smaller networks",
    };

    return texts[mistake];
}

bool ropp_list_is_refused(enum ropp_list_mistake mistake)
{
    switch (mistake) {
    case ROPP_LIST_TOO_LONG: /* which may have any number of entries */
    case ROPP_LIST_TWO_ADDRESSES:
    case ROPP_LIST_ASN:
    case ROPP_LIST_ZONE:
    case ROPP_LIST_OTHER_SET:
    case ROPP_LIST_SET_KIND:
    case ROPP_LIST_IPSET_LIST:
    case ROPP_LIST_NFT_RULES:
    case ROPP_LIST_NFT_JSON:
    case ROPP_LIST_NGINX:
    case ROPP_LIST_HOSTS:
    case ROPP_LIST_RULE:
        return true;
    default:
        return false;
    }
}

/* ---- what becomes of it ---- */

static void report_mistake(const struct list_reader *reader, struct ropp_list_text text,
                           enum ropp_list_mistake mistake)
{
    struct ropp_list_line line;
    size_t i;

    reader->counts->bad_lines++;
    reader->counts->wide_lines += mistake == ROPP_LIST_TOO_WIDE;
    if (reader->counts->refused == ROPP_LIST_FINE && ropp_list_is_refused(mistake)) {
        reader->counts->refused = mistake;
        reader->counts->refused_line = reader->counts->lines;
    }
    if (reader->calls->bad_line == NULL)
        return;
    text = ropp_list_trimmed(text);
    line.number = reader->counts->lines;
    line.mistake = mistake;
    for (i = 0; i < text.size && i < sizeof line.text - 1; i++)
        line.text[i] = text.at[i] >= ' ' && text.at[i] <= '~' ? text.at[i] : '?';
    line.text[i] = '\0';
    reader->calls->bad_line(reader->calls->context, &line);
}

/* Gives the prefixes of a range, to one call or the other. */
static void give(struct list_reader *reader, const struct ropp_range *range, bool set_apart)
{
    void (*call)(void *, const struct ropp_prefix *) =
        set_apart ? reader->calls->set_apart : reader->calls->prefix;
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    size_t count = ropp_range_prefixes(range, prefixes), i;

    if (!set_apart) {
        reader->is_full = count > ROPP_LIST_MAX - reader->counts->prefixes;
        if (reader->is_full)
            return;
        reader->counts->prefixes += count;
    }
    if (call == NULL)
        return;
    for (i = 0; i < count; i++)
        call(reader->calls->context, &prefixes[i]);
}

/* Gives what is public of a range, and what is private of it apart. Returns whether there was
 * something private. */
static bool give_apart(struct list_reader *reader, struct ropp_range range)
{
    struct ropp_range network, before;
    bool any = false;

    while (ropp_private_first(&range, &network)) {
        any = true;
        if (ropp_number_compare(range.first, network.first) < 0) {
            before = range;
            before.last = ropp_number_previous(network.first);
            give(reader, &before, false);
        }
        give(reader, &network, true);
        if (ropp_number_compare(network.last, range.last) == 0)
            return true;
        range.first = ropp_number_next(network.last);
    }
    give(reader, &range, false);
    return any;
}

static bool is_too_wide(const struct ropp_range *range)
{
    struct ropp_range network;

    return ropp_range_exceeds(range, ropp_list_wide(range->family)) &&
           (!ropp_private_first(range, &network) ||
            ropp_number_compare(network.first, range->first) != 0 ||
            ropp_number_compare(network.last, range->last) != 0);
}

/* Gives what was said, or reports why it is none. */
static void take_said(struct list_reader *reader, struct ropp_list_text text)
{
    struct ropp_list_said *said = &reader->said;

    for (size_t i = 0; i < said->count && !reader->options->keep_wide; i++)
        if (is_too_wide(&said->ranges[i])) {
            report_mistake(reader, text, ROPP_LIST_TOO_WIDE);
            return;
        }
    if (said->mistake != ROPP_LIST_FINE)
        report_mistake(reader, text, said->mistake);
    for (size_t i = 0; i < said->count; i++) {
        reader->counts->entries++;
        if (reader->options->keep_private)
            give(reader, &said->ranges[i], false);
        else
            reader->counts->set_apart += give_apart(reader, said->ranges[i]);
    }
}

/* ---- a JSON document ---- */

/* The members whose text is a prefix: Spamhaus', Amazon's, Google's and Microsoft's, and lists'. */
static const char *const address_keys[] = {
    "cidr", "ip_prefix",  "ipv6_prefix", "ipv4Prefix", "ipv6Prefix", "prefix",    "addressPrefixes",
    "ip",   "ip_address", "ipAddress",   "address",    "cidrs",      "addresses", "ips"};

static bool is_address_key(const char *key)
{
    for (size_t i = 0; i < COUNT_OF(address_keys); i++)
        if (strcmp(key, address_keys[i]) == 0)
            return true;
    return false;
}

/* An array that is the document is a list of prefixes, whatever it is called. */
static void take_json_value(void *context, const char *key, const char *value, bool is_text,
                            unsigned depth)
{
    struct list_reader *reader = context;
    struct ropp_list_text text = {value, strlen(value)};
    bool is_listed;

    if (is_text && strcmp(key, "type") == 0)
        reader->is_metadata = strcmp(value, "metadata") == 0;
    if (!is_text && strcmp(key, "records") == 0)
        reader->records = strtoull(value, NULL, 10);
    if (!is_text && strcmp(key, "json_schema_version") == 0) {
        reader->counts->lines = reader->document.lines + 1;
        report_mistake(reader, ropp_list_piece(key, strlen(key)), ROPP_LIST_NFT_JSON);
    }
    is_listed = depth == 1 && !reader->document.is_object[0];
    if (!is_text || (!is_address_key(key) && !is_listed))
        return;
    reader->counts->lines = reader->document.lines + 1;
    reader->said.mistake = ropp_listline_entry(text, &reader->memory, reader->said.ranges);
    reader->said.count = reader->said.mistake == ROPP_LIST_FINE;
    take_said(reader, text);
}

static void take_json_object(void *context)
{
    struct list_reader *reader = context;

    if (reader->is_metadata && reader->records > 0) {
        reader->memory.has_stated = true;
        reader->memory.stated += reader->records;
    }
    reader->is_metadata = false;
    reader->records = 0;
}

/* Whether a line is an object with an address by another name than "cidr", or several objects: it
 * is read as documents are, which one after another are one. */
static bool is_object_line(struct ropp_list_text line)
{
    struct ropp_jsondoc document;
    char text[ROPP_JSONDOC_TEXT];

    for (size_t i = 0; i < COUNT_OF(address_keys); i++)
        if (ropp_jsonline_find(line.at, line.size, address_keys[i], text) == ROPP_JSONLINE_FOUND)
            return true;
    memset(&document, 0, sizeof document);
    return ropp_jsondoc_feed(&document, line.at, line.size) && ropp_jsondoc_is_whole(&document) &&
           document.count > 1;
}

/* Whether a file that begins so is one JSON document; else each line is for itself, which may be an
 * object too. Its first line that is not empty decides. */
static bool is_document(const char *bytes, size_t size)
{
    bool is_cut = size == LIST_BLOCK; /* the file goes on */
    struct ropp_list_text line;
    char text[ROPP_JSONDOC_TEXT];
    const char *end;
    char last;

    while (size > 0 && strchr(" \t\r\n", *bytes) != NULL && *bytes != '\0') {
        bytes++;
        size--;
    }
    if (size == 0)
        return false;
    end = memchr(bytes, '\n', size);
    line.at = bytes;
    line.size = end != NULL ? (size_t)(end - bytes) : size;
    line = ropp_list_trimmed(line);
    last = line.at[line.size - 1];
    if (line.at[0] == '[')
        return line.size == 1 || strchr("\"{[] \t", line.at[1]) != NULL;
    if (line.at[0] != '{')
        return false;
    switch (ropp_jsonline_find(line.at, line.size, "cidr", text)) {
    case ROPP_JSONLINE_FOUND:
        return false;
    case ROPP_JSONLINE_ABSENT:
        return memchr(line.at, '[', line.size) != NULL || is_object_line(line);
    case ROPP_JSONLINE_BROKEN:
    default:
        if (is_object_line(line))
            return true;
        if (end == NULL)
            return is_cut;
        return last == '{' || last == '[' ||
               (last == ',' && memchr(line.at, '}', line.size) == NULL);
    }
}

/* ---- lines from blocks ---- */

/* Adds to the line whose end has not been read. */
static void keep_line(struct list_reader *reader, const char *bytes, size_t size)
{
    size_t room = sizeof reader->line - reader->line_kept, kept = size < room ? size : room;

    memcpy(reader->line + reader->line_kept, bytes, kept);
    reader->line_kept += kept;
    reader->line_size += size;
}

static void take_kept_line(struct list_reader *reader)
{
    struct ropp_list_text text = {reader->line, reader->line_kept};

    reader->counts->lines++;
    ropp_listline_read(text, reader->line_size, &reader->memory, &reader->said);
    take_said(reader, text);
    reader->line_kept = 0;
    reader->line_size = 0;
}

/* Where the last line has no end, an address that touches it may be cut. */
static void take_last_line(struct list_reader *reader)
{
    bool is_closed = memchr(reader->line, '#', reader->line_kept) != NULL ||
                     memchr(reader->line, ';', reader->line_kept) != NULL ||
                     memchr(reader->line, '}', reader->line_kept) != NULL;

    take_kept_line(reader);
    if (reader->said.count > 0 && !is_closed)
        reader->counts->lacks_end = reader->counts->lines;
}

static void take_lines(struct list_reader *reader, const char *block, size_t size)
{
    const char *at = block, *end = block + size, *line_end;

    while (!reader->is_full && at < end) {
        line_end = memchr(at, '\n', (size_t)(end - at));
        keep_line(reader, at, (size_t)((line_end != NULL ? line_end : end) - at));
        if (line_end == NULL)
            return;
        take_kept_line(reader);
        at = line_end + 1;
    }
}

/* False when a JSON document is damaged. */
static bool take_block(struct list_reader *reader, const char *block, size_t size)
{
    bool first = reader->counts->bytes == 0;

    reader->counts->bytes += size;
    if (first && size >= 3 && memcmp(block, "\xef\xbb\xbf", 3) == 0) {
        block += 3;
        size -= 3;
    }
    if (first)
        reader->is_document = is_document(block, size);
    reader->has_line_end = size > 0 && block[size - 1] == '\n';
    if (reader->is_document)
        return ropp_jsondoc_feed(&reader->document, block, size);
    take_lines(reader, block, size);
    return true;
}

/* ---- blocks from a file ---- */

static enum ropp_list_result fail(struct list_reader *reader, const char *format, ...)
    ROPP_PRINTF(2, 3);

static enum ropp_list_result fail(struct list_reader *reader, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(reader->error, ROPP_ERROR_TEXT, format, args);
    va_end(args);
    return ROPP_LIST_FAILED;
}

static enum ropp_list_result fail_full(struct list_reader *reader)
{
    return fail(reader, "too long a list: %s:%" PRIu64 ": more than %" PRIu64 " prefixes; split it",
                reader->path, reader->counts->lines, ROPP_LIST_MAX);
}

static enum ropp_list_result fail_json(struct list_reader *reader, const char *how)
{
    return fail(reader, "%s JSON: %s:%" PRIu64 ": fetch it again", how, reader->path,
                reader->document.lines + 1);
}

/* What zlib could not read, and where. */
static enum ropp_list_result fail_read(struct list_reader *reader, int code, int system_error,
                                       uint64_t at)
{
    char size[32] = "";

    if (reader->size > 0)
        snprintf(size, sizeof size, " of %" PRIu64, reader->size);
    if (code == Z_ERRNO)
        return fail(reader, "cannot read: %s: at byte %" PRIu64 "%s: %s", reader->path, at, size,
                    strerror(system_error));
    return fail(reader,
                "%s gzip file: %s: at byte %" PRIu64 "%s, behind line %" PRIu64 ": fetch it again",
                code == Z_BUF_ERROR ? "cut short" : "damaged", reader->path, at, size,
                reader->counts->lines);
}

/* How much of the file itself has been read; of a pipe, what came out of it. */
static uint64_t file_position(const struct list_reader *reader, gzFile file)
{
    z_off_t at = gzoffset(file);

    return at >= 0 ? (uint64_t)at : reader->counts->bytes;
}

/* What the file has said beside its entries. */
static enum ropp_list_result finish(struct list_reader *reader)
{
    struct ropp_list_counts *counts = reader->counts;

    if (reader->is_document && !ropp_jsondoc_is_whole(&reader->document))
        return fail_json(reader, "cut short");
    if (reader->is_document)
        counts->lines = reader->document.lines + (reader->has_line_end ? 0 : 1);
    if (reader->line_size > 0)
        take_last_line(reader);
    counts->has_stated = reader->memory.has_stated;
    counts->stated = reader->memory.stated;
    counts->lacks_metadata = reader->memory.lacks_metadata;
    counts->every_network = reader->memory.every_network;
    counts->lacks_brace = reader->memory.is_open || reader->memory.nft.depth > 0;
    counts->masked = reader->memory.masked;
    return reader->is_full ? fail_full(reader) : ROPP_LIST_READ;
}

static enum ropp_list_result read_blocks(struct list_reader *reader, gzFile file)
{
    char block[LIST_BLOCK];
    int size, code, system_error;

    do {
        errno = 0;
        size = gzread(file, block, sizeof block);
        system_error = errno;
        gzerror(file, &code);
        if (size > 0 && !take_block(reader, block, (size_t)size))
            return fail_json(reader, "damaged");
        if (reader->is_full)
            return fail_full(reader);
        if (size < 0 || (code != Z_OK && code != Z_STREAM_END))
            return fail_read(reader, code, system_error, file_position(reader, file));
        if (reader->calls->progress != NULL &&
            !reader->calls->progress(reader->calls->context, file_position(reader, file),
                                     reader->size))
            return ROPP_LIST_STOPPED;
    } while (size > 0);
    return finish(reader);
}

static enum ropp_list_result read_file(struct list_reader *reader, int fd)
{
    gzFile file = gzdopen(fd, "rb");
    enum ropp_list_result result;
    int closed;

    if (file == NULL) {
        close(fd);
        return fail(reader, "cannot read: %s: out of memory", reader->path);
    }
    /* Refused only once reading has begun. */
    (void)gzbuffer(file, LIST_BLOCK);
    result = read_blocks(reader, file);
    closed = gzclose(file);
    if (result == ROPP_LIST_READ && closed != Z_OK)
        return fail_read(reader, closed, errno, reader->counts->bytes);
    return result;
}

enum ropp_list_result ropp_listfile_read(const char *path, const struct ropp_list_options *options,
                                         const struct ropp_list_calls *calls,
                                         struct ropp_list_counts *counts,
                                         char error[ROPP_ERROR_TEXT])
{
    struct list_reader reader = {
        .path = path, .options = options, .calls = calls, .counts = counts, .error = error};
    int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    memset(counts, 0, sizeof *counts);
    reader.memory.mask = options->mask;
    reader.document.context = &reader;
    reader.document.value = take_json_value;
    reader.document.object_end = take_json_object;
    if (fd < 0)
        return fail(&reader, "cannot open: %s: %s", path, strerror(errno));
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
        reader.size = (uint64_t)status.st_size;
    return read_file(&reader, fd);
}
