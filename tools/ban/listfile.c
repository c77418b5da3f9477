#include "tools/ban/listfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tools/ban/jsonline.h"
#include "tools/ban/private.h"
#include "tools/ban/range.h"

#define LIST_BLOCK 32768u

struct list_reader {
    const char *path;
    const struct ropp_list_options *options;
    const struct ropp_list_calls *calls;
    struct ropp_list_counts *counts;
    uint64_t size; /* of the file; 0: not known */
    bool is_full;  /* ROPP_LIST_MAX prefixes have been given */
    /* The beginning of a line whose end has not been read. */
    char line[ROPP_LIST_LINE];
    size_t line_kept;
    uint64_t line_size;
};

/* A piece of a line. */
struct list_text {
    const char *at;
    size_t size;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct list_text trimmed(struct list_text text)
{
    while (text.size > 0 && is_blank(text.at[0])) {
        text.at++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.at[text.size - 1]))
        text.size--;
    return text;
}

static bool has_char(struct list_text text, char c)
{
    return text.size > 0 && memchr(text.at, c, text.size) != NULL;
}

static bool has_control(struct list_text text)
{
    size_t i;

    for (i = 0; i < text.size; i++)
        if (((unsigned char)text.at[i] < 0x20 && text.at[i] != '\t') || text.at[i] == 0x7f)
            return true;
    return false;
}

/* ---- what a line says ---- */

enum list_outcome { LIST_NOTHING, LIST_RANGE, LIST_MISTAKE };

/* What came of a line. */
struct list_parsed {
    enum list_outcome outcome;
    struct ropp_range range;
    enum ropp_list_mistake mistake;
};

static struct list_parsed list_wrong(enum ropp_list_mistake mistake)
{
    struct list_parsed parsed;

    memset(&parsed, 0, sizeof parsed);
    parsed.outcome = LIST_MISTAKE;
    parsed.mistake = mistake;
    return parsed;
}

static struct list_parsed list_right(const struct ropp_range *range)
{
    struct list_parsed parsed;

    memset(&parsed, 0, sizeof parsed);
    parsed.outcome = LIST_RANGE;
    parsed.range = *range;
    return parsed;
}

/* Makes an IPv6 address the /64 it is in. */
static void list_widen(struct ropp_prefix *prefix)
{
    if (prefix->addr.family != ROPP_FAMILY_INET6)
        return;
    prefix->length = 64;
    memset(prefix->addr.bytes + 8, 0, 8);
}

static struct list_parsed parse_prefix(struct list_text text)
{
    struct ropp_prefix prefix;
    struct ropp_range range;

    switch (ropp_prefix_parse(text.at, text.size, &prefix)) {
    case ROPP_PREFIX_OK:
        break;
    case ROPP_PREFIX_BAD_LENGTH:
        return list_wrong(ROPP_LIST_BAD_LENGTH);
    case ROPP_PREFIX_HOST_BITS:
        return list_wrong(ROPP_LIST_HOST_BITS);
    case ROPP_PREFIX_BAD_ADDRESS:
    default:
        return list_wrong(ROPP_LIST_NO_ADDRESS);
    }
    if (!has_char(text, '/'))
        list_widen(&prefix);
    range = ropp_range_of(&prefix);
    return list_right(&range);
}

/* FIRST-LAST */
static struct list_parsed parse_range(struct list_text text)
{
    struct list_text first, last;
    struct ropp_addr first_addr, last_addr;
    struct ropp_range range;

    first.at = text.at;
    first.size = (size_t)((const char *)memchr(text.at, '-', text.size) - text.at);
    last.at = text.at + first.size + 1;
    last.size = text.size - first.size - 1;
    first = trimmed(first);
    last = trimmed(last);
    if (!ropp_addr_parse(first.at, first.size, &first_addr) ||
        !ropp_addr_parse(last.at, last.size, &last_addr))
        return list_wrong(ROPP_LIST_NO_ADDRESS);
    if (first_addr.family != last_addr.family)
        return list_wrong(ROPP_LIST_TWO_FAMILIES);
    range.family = first_addr.family;
    range.first = ropp_number_of(&first_addr);
    range.last = ropp_number_of(&last_addr);
    if (ropp_number_compare(range.first, range.last) > 0)
        return list_wrong(ROPP_LIST_BACKWARDS);
    return list_right(&range);
}

/* One to three numbers, then stars: zeros take their place, and the address is parsed as one. */
static struct list_parsed parse_pattern(struct list_text text)
{
    char digits[sizeof "255.255.255.255"];
    unsigned dots = 0, stars = 0;
    struct ropp_prefix prefix;
    struct ropp_range range;
    size_t i;

    if (text.size >= sizeof digits)
        return list_wrong(ROPP_LIST_NO_ADDRESS);
    for (i = 0; i < text.size; i++) {
        digits[i] = text.at[i] == '*' ? '0' : text.at[i];
        dots += text.at[i] == '.';
        stars += text.at[i] == '*';
        /* A star is a whole part, and what is behind it are stars. */
        if ((text.at[i] == '*' && (i == 0 || text.at[i - 1] != '.')) ||
            (text.at[i] != '*' && text.at[i] != '.' && stars > 0))
            return list_wrong(ROPP_LIST_NO_ADDRESS);
    }
    if (dots != 3 || ropp_prefix_parse(digits, text.size, &prefix) != ROPP_PREFIX_OK ||
        prefix.addr.family != ROPP_FAMILY_INET)
        return list_wrong(ROPP_LIST_NO_ADDRESS);
    prefix.length = 32 - 8 * stars;
    range = ropp_range_of(&prefix);
    return list_right(&range);
}

static struct list_parsed parse_json(struct list_text text)
{
    char value[ROPP_JSONLINE_TEXT];
    struct list_text cidr = {value, 0};
    struct list_parsed nothing;

    if (ropp_jsonline_find(text.at, text.size, "cidr", value) == ROPP_JSONLINE_FOUND) {
        cidr.size = strlen(value);
        return parse_prefix(cidr);
    }
    if (ropp_jsonline_find(text.at, text.size, "type", value) == ROPP_JSONLINE_FOUND &&
        strcmp(value, "metadata") == 0) {
        memset(&nothing, 0, sizeof nothing);
        return nothing;
    }
    return list_wrong(ROPP_LIST_NO_CIDR);
}

/* Cuts the text to its first word. Returns whether there were more. */
static bool cut_to_word(struct list_text *entry)
{
    size_t i;

    for (i = 0; i < entry->size; i++)
        if (is_blank(entry->at[i])) {
            entry->size = i;
            return true;
        }
    return false;
}

static struct list_parsed parse_words(struct list_text text)
{
    bool has_more = cut_to_word(&text);
    struct list_parsed parsed = has_char(text, '*') ? parse_pattern(text) : parse_prefix(text);

    if (has_more && parsed.outcome == LIST_RANGE)
        return list_wrong(ROPP_LIST_MORE_TEXT);
    return parsed;
}

static struct list_text without_comment(struct list_text text)
{
    size_t i;

    for (i = 0; i < text.size; i++)
        if (text.at[i] == '#' || text.at[i] == ';')
            break;
    text.size = i;
    return text;
}

/* `size` is the line's, of which `text` may be the beginning. */
static struct list_parsed parse_line(struct list_text text, uint64_t size)
{
    struct list_text entry = trimmed(text);
    struct list_parsed parsed;

    if (entry.size > 0 && entry.at[0] == '{') {
        if (size > text.size)
            return list_wrong(ROPP_LIST_TOO_LONG);
        return parse_json(entry);
    }
    entry = without_comment(text);
    if (entry.size == text.size && size > text.size)
        return list_wrong(has_control(text) ? ROPP_LIST_NO_TEXT : ROPP_LIST_TOO_LONG);
    entry = trimmed(entry);
    memset(&parsed, 0, sizeof parsed);
    if (entry.size == 0)
        return parsed;
    parsed = has_char(entry, '-') ? parse_range(entry) : parse_words(entry);
    if (parsed.outcome == LIST_MISTAKE && has_control(entry))
        parsed.mistake = ROPP_LIST_NO_TEXT;
    return parsed;
}

const char *ropp_list_mistake_text(enum ropp_list_mistake mistake)
{
    switch (mistake) {
    case ROPP_LIST_NO_ADDRESS:
        return "no address: write ADDRESS, ADDRESS/LENGTH, FIRST-LAST or a pattern such as "
               "192.0.2.*";
    case ROPP_LIST_BAD_LENGTH:
        return "no length: write a number behind the slash, at most 32 for IPv4 and 128 for IPv6";
    case ROPP_LIST_HOST_BITS:
        return "bits behind the prefix: clear them (192.0.2.0/24, not 192.0.2.7/24)";
    case ROPP_LIST_BACKWARDS:
        return "it ends before it begins: write the smaller address first";
    case ROPP_LIST_TWO_FAMILIES:
        return "a range from IPv4 to IPv6: write both ends of one kind";
    case ROPP_LIST_MORE_TEXT:
        return "more than an address: put # before the rest";
    case ROPP_LIST_NO_TEXT:
        return "no text: a list is plain text (UTF-8), or that compressed by gzip";
    case ROPP_LIST_TOO_LONG:
        return "longer than 4096 bytes: write one entry a line";
    case ROPP_LIST_NO_CIDR:
        return "no JSON object with a \"cidr\": write one a line";
    case ROPP_LIST_TOO_WIDE:
        return "more addresses than a /8 (IPv6: a /16) has, many players' among them: write "
               "smaller networks";
    }
    return "not an entry of a list";
}

/* ---- what becomes of it ---- */

static void report_mistake(const struct list_reader *reader, struct list_text text,
                           enum ropp_list_mistake mistake)
{
    struct ropp_list_line line;
    size_t i;

    reader->counts->bad_lines++;
    reader->counts->wide_lines += mistake == ROPP_LIST_TOO_WIDE;
    if (reader->calls->bad_line == NULL)
        return;
    text = trimmed(text);
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
    unsigned length = range->family == ROPP_FAMILY_INET ? ROPP_LIST_WIDE_V4 : ROPP_LIST_WIDE_V6;
    struct ropp_range network;

    if (!ropp_range_exceeds(range, length))
        return false;
    return !ropp_private_first(range, &network) ||
           ropp_number_compare(network.first, range->first) != 0 ||
           ropp_number_compare(network.last, range->last) != 0;
}

/* A whole line, or the kept beginning of one of `size` bytes, without its LF. */
static void take_line(struct list_reader *reader, struct list_text text, uint64_t size)
{
    struct list_parsed parsed;

    reader->counts->lines++;
    if (reader->counts->lines == 1 && text.size >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0) {
        text.at += 3;
        text.size -= 3;
        size -= 3;
    }
    parsed = parse_line(text, size);
    if (parsed.outcome == LIST_RANGE && !reader->options->keep_wide && is_too_wide(&parsed.range))
        parsed = list_wrong(ROPP_LIST_TOO_WIDE);
    if (parsed.outcome == LIST_MISTAKE)
        report_mistake(reader, text, parsed.mistake);
    if (parsed.outcome != LIST_RANGE)
        return;
    reader->counts->entries++;
    if (reader->options->keep_private)
        give(reader, &parsed.range, false);
    else
        reader->counts->set_apart += give_apart(reader, parsed.range);
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
    struct list_text text = {reader->line, reader->line_kept};
    uint64_t size = reader->line_size;

    reader->line_kept = 0;
    reader->line_size = 0;
    take_line(reader, text, size);
}

/* A line that lies in a block from its beginning to its end is read where it is. */
static void take_block(struct list_reader *reader, const char *block, size_t size)
{
    const char *at = block, *end = block + size, *line_end;

    reader->counts->bytes += size;
    while (!reader->is_full && at < end) {
        line_end = (const char *)memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL) {
            keep_line(reader, at, (size_t)(end - at));
            return;
        }
        if (reader->line_size > 0 || line_end - at > ROPP_LIST_LINE) {
            keep_line(reader, at, (size_t)(line_end - at));
            take_kept_line(reader);
        } else {
            struct list_text text = {at, (size_t)(line_end - at)};

            take_line(reader, text, text.size);
        }
        at = line_end + 1;
    }
}

/* ---- blocks from a file ---- */

static enum ropp_list_result fail_full(const struct list_reader *reader,
                                       char error[ROPP_ERROR_TEXT])
{
    snprintf(error, ROPP_ERROR_TEXT,
             "too long a list: %s:%" PRIu64 ": more than %" PRIu64 " prefixes; split it",
             reader->path, reader->counts->lines, ROPP_LIST_MAX);
    return ROPP_LIST_FAILED;
}

/* What zlib could not read, and where. */
static enum ropp_list_result fail_read(const struct list_reader *reader, int code, int system_error,
                                       uint64_t at, char error[ROPP_ERROR_TEXT])
{
    char size[32] = "";

    if (reader->size > 0)
        snprintf(size, sizeof size, " of %" PRIu64, reader->size);
    if (code == Z_ERRNO)
        snprintf(error, ROPP_ERROR_TEXT, "cannot read: %s: at byte %" PRIu64 "%s: %s", reader->path,
                 at, size, strerror(system_error));
    else
        snprintf(error, ROPP_ERROR_TEXT,
                 "%s gzip file: %s: at byte %" PRIu64 "%s, behind line %" PRIu64 ": fetch it again",
                 code == Z_BUF_ERROR ? "cut short" : "damaged", reader->path, at, size,
                 reader->counts->lines);
    return ROPP_LIST_FAILED;
}

/* How much of the file itself has been read; of a pipe, what came out of it. */
static uint64_t file_position(const struct list_reader *reader, gzFile file)
{
    z_off_t at = gzoffset(file);

    return at >= 0 ? (uint64_t)at : reader->counts->bytes;
}

static enum ropp_list_result read_blocks(struct list_reader *reader, gzFile file,
                                         char error[ROPP_ERROR_TEXT])
{
    char block[LIST_BLOCK];
    int size, code, system_error;

    do {
        errno = 0;
        size = gzread(file, block, sizeof block);
        system_error = errno;
        gzerror(file, &code);
        if (size > 0)
            take_block(reader, block, (size_t)size);
        if (reader->is_full)
            return fail_full(reader, error);
        if (size < 0 || (code != Z_OK && code != Z_STREAM_END))
            return fail_read(reader, code, system_error, file_position(reader, file), error);
        if (reader->calls->progress != NULL &&
            !reader->calls->progress(reader->calls->context, file_position(reader, file),
                                     reader->size))
            return ROPP_LIST_STOPPED;
    } while (size > 0);
    if (reader->line_size > 0)
        take_kept_line(reader);
    return reader->is_full ? fail_full(reader, error) : ROPP_LIST_READ;
}

/* A descriptor to read from, or -1 with errno. */
static int open_list(struct list_reader *reader)
{
    int fd = strcmp(reader->path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                            : open(reader->path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd < 0)
        return -1;
    if (fstat(fd, &status) != 0) {
        int kept = errno;

        close(fd);
        errno = kept;
        return -1;
    }
    if (S_ISREG(status.st_mode) && status.st_size > 0)
        reader->size = (uint64_t)status.st_size;
    return fd;
}

static enum ropp_list_result read_file(struct list_reader *reader, int fd,
                                       char error[ROPP_ERROR_TEXT])
{
    gzFile file = gzdopen(fd, "rb");
    enum ropp_list_result result;
    int closed;

    if (file == NULL) {
        snprintf(error, ROPP_ERROR_TEXT, "cannot read: %s: out of memory", reader->path);
        close(fd);
        return ROPP_LIST_FAILED;
    }
    /* Refused only once reading has begun. */
    (void)gzbuffer(file, LIST_BLOCK);
    result = read_blocks(reader, file, error);
    closed = gzclose(file);
    if (result == ROPP_LIST_READ && closed != Z_OK)
        return fail_read(reader, closed, errno, reader->counts->bytes, error);
    return result;
}

enum ropp_list_result ropp_listfile_read(const char *path, const struct ropp_list_options *options,
                                         const struct ropp_list_calls *calls,
                                         struct ropp_list_counts *counts,
                                         char error[ROPP_ERROR_TEXT])
{
    struct list_reader reader;
    int fd;

    memset(counts, 0, sizeof *counts);
    memset(&reader, 0, sizeof reader);
    reader.path = path;
    reader.options = options;
    reader.calls = calls;
    reader.counts = counts;
    fd = open_list(&reader);
    if (fd < 0) {
        snprintf(error, ROPP_ERROR_TEXT, "cannot open: %s: %s", path, strerror(errno));
        return ROPP_LIST_FAILED;
    }
    return read_file(&reader, fd, error);
}
