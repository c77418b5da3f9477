#include "tools/decode.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/header.h"
#include "core/tlv.h"
#include "tools/cli.h"
#include "tools/suggest.h"

enum { UNIX_PATH = 108, SHOWN_BYTES = 64 };

struct options {
    bool json;
    bool hex;
    const char *file; /* NULL: standard input */
};

/* The first bytes of a capture, as many as a header can have. */
struct capture {
    const char *name; /* for messages */
    uint8_t *bytes;
    size_t kept;
    uint64_t total;
};

static void print_help(void)
{
    fputs("usage: ropp decode [--json] [--hex] [FILE]\n\n"
          "Shows the PROXY protocol header, version 1 or 2, at the beginning of FILE or of\n"
          "standard input: the bytes of one connection as captured, from its first one on.\n\n"
          "  --json   print one JSON object\n"
          "  --hex    the input is pairs of hex digits, as `xxd -p` writes them\n\n"
          "exit status: 0 a complete and valid header, 1 incomplete or refused,\n"
          "             2 wrong usage or unreadable file\n\n"
          "example: ropp decode --json capture.bin\n",
          stdout);
}

/* ---- Reading ---- */

static void keep(struct capture *capture, const uint8_t *bytes, size_t len)
{
    size_t room = ROPP_HEADER_MAX - capture->kept;

    memcpy(capture->bytes + capture->kept, bytes, len < room ? len : room);
    capture->kept += len < room ? len : room;
    capture->total += len;
}

static bool read_binary(FILE *in, struct capture *capture)
{
    uint8_t chunk[4096];
    size_t len;

    while ((len = fread(chunk, 1, sizeof chunk, in)) > 0)
        keep(capture, chunk, len);
    return true;
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Pairs of hex digits; white space may stand between the pairs. False with a message when it is
 * anything else. */
static bool read_hex(FILE *in, struct capture *capture)
{
    uint64_t at = 0;
    uint8_t byte;
    int first, second;

    while ((first = getc(in)) != EOF) {
        at++;
        if (is_space(first))
            continue;
        second = getc(in);
        at += second != EOF;
        if (hex_digit(first) < 0 || second == EOF || hex_digit(second) < 0) {
            if (ferror(in))
                break;
            ropp_error("not a hex dump: %s, character %" PRIu64
                       ": give pairs of hex digits, as `xxd -p` writes them",
                       capture->name, at);
            return false;
        }
        byte = (uint8_t)(hex_digit(first) * 16 + hex_digit(second));
        keep(capture, &byte, 1);
    }
    return true;
}

/* False with a message when the input cannot be read. */
static bool read_capture(const struct options *options, struct capture *capture)
{
    FILE *in = stdin;
    bool good;

    capture->name = options->file != NULL ? options->file : "standard input";
    if (options->file != NULL) {
        in = fopen(options->file, "rb");
        if (in == NULL) {
            ropp_error("cannot read the capture: %s (%s): name a file that you may read",
                       capture->name, strerror(errno));
            return false;
        }
    } else if (isatty(STDIN_FILENO)) {
        fputs("ropp: reading from the terminal, end with Ctrl-D\n", stderr);
    }
    errno = 0;
    good = options->hex ? read_hex(in, capture) : read_binary(in, capture);
    if (good && ferror(in)) {
        ropp_error("cannot read the capture: %s (%s): name a file that you may read", capture->name,
                   strerror(errno));
        good = false;
    }
    if (in != stdin)
        fclose(in);
    return good;
}

/* ---- What is in it ---- */

static const char *result_name(enum ropp_header_status status)
{
    if (status == ROPP_HEADER_OK)
        return "ok";
    return status == ROPP_HEADER_INVALID ? "invalid" : "need-more";
}

static const char *family_name(enum ropp_family family)
{
    static const char *const names[] = {"UNSPEC", "INET", "INET6", "UNIX"};

    return names[family];
}

static const char *transport_name(enum ropp_transport transport)
{
    static const char *const names[] = {"UNSPEC", "STREAM", "DGRAM"};

    return names[transport];
}

static const char *command_name(enum ropp_command command)
{
    return command == ROPP_COMMAND_PROXY ? "PROXY" : "LOCAL";
}

/* Length of the whole header as far as it is known: decoded, or announced by version 2; else 0. */
static uint32_t whole_length(const struct ropp_header *h, const struct capture *capture)
{
    if (h->status == ROPP_HEADER_OK)
        return h->length;
    if (h->status == ROPP_HEADER_NEED_MORE && h->version == 2 && h->length >= ROPP_HEADER_V2_FIXED)
        return ROPP_HEADER_V2_FIXED + ((uint32_t)capture->bytes[14] << 8 | capture->bytes[15]);
    return 0;
}

static bool has_unix_paths(const struct ropp_header *h)
{
    return h->command == ROPP_COMMAND_PROXY && h->family == ROPP_FAMILY_UNIX &&
           h->transport != ROPP_TRANSPORT_UNSPEC;
}

static bool has_addresses(const struct ropp_header *h)
{
    return h->source.family != ROPP_FAMILY_UNSPEC || has_unix_paths(h);
}

/* An endpoint as text: an address, or the path of a UNIX socket, where '@' stands for the NUL that
 * begins the name of an abstract one. Returns its length, 0 when there is none. */
static size_t endpoint(const struct ropp_header *h, const struct capture *capture, bool source,
                       char text[UNIX_PATH])
{
    const uint8_t *path = capture->bytes + ROPP_HEADER_V2_FIXED + (source ? 0 : UNIX_PATH);
    const uint8_t *end;
    size_t len = UNIX_PATH;

    if (h->source.family != ROPP_FAMILY_UNSPEC)
        return ropp_addr_format(source ? &h->source : &h->destination, text);
    if (!has_unix_paths(h))
        return 0;
    memcpy(text, path, UNIX_PATH);
    if (path[0] != 0) {
        end = memchr(path, 0, UNIX_PATH);
        return end != NULL ? (size_t)(end - path) : len;
    }
    while (len > 0 && path[len - 1] == 0)
        len--;
    text[0] = '@';
    return len;
}

static const char *tlv_name(const struct ropp_tlv *tlv, bool inside_ssl)
{
    return inside_ssl ? ropp_tlv_ssl_name(tlv) : ropp_tlv_name(tlv);
}

/* A number in network order. */
static uint64_t number(const uint8_t *bytes, size_t len)
{
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < len; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* ---- JSON ---- */

static void json_text(const char *key, const char *text, size_t len)
{
    printf(",\"%s\":\"", key);
    ropp_json_text(stdout, text, len);
    putchar('"');
}

static void json_tlvs(const uint8_t *at, const uint8_t *end, bool inside_ssl)
{
    struct ropp_tlv tlv;
    const char *name;
    bool first = true;
    size_t i;

    fputs(",\"tlvs\":[", stdout);
    while (ropp_tlv_next(&at, end, &tlv)) {
        printf("%s{\"type\":%u", first ? "" : ",", (unsigned)tlv.type);
        first = false;
        name = tlv_name(&tlv, inside_ssl);
        if (name != NULL)
            json_text("name", name, strlen(name));
        fputs(",\"value\":\"", stdout);
        for (i = 0; i < tlv.length; i++)
            printf("%02x", (unsigned)tlv.value[i]);
        putchar('"');
        if (!inside_ssl && tlv.type == ROPP_TLV_SSL) {
            printf(",\"client\":%u,\"verify\":%" PRIu64, (unsigned)tlv.value[0],
                   number(tlv.value + 1, 4));
            if (tlv.length > ROPP_TLV_SSL_FIXED)
                json_tlvs(tlv.value + ROPP_TLV_SSL_FIXED, tlv.value + tlv.length, true);
        }
        putchar('}');
    }
    putchar(']');
}

static void json_endpoint(const struct ropp_header *h, const struct capture *capture, bool source)
{
    char text[UNIX_PATH];
    size_t len = endpoint(h, capture, source, text);

    if (len > 0)
        json_text(source ? "source" : "destination", text, len);
    if (h->source.family != ROPP_FAMILY_UNSPEC)
        printf(",\"%s\":%u", source ? "source_port" : "destination_port",
               (unsigned)(source ? h->source_port : h->destination_port));
}

static void print_json(const struct ropp_header *h, const struct capture *capture)
{
    const char *reason = ropp_reason_name(h->reason);

    printf("{\"result\":\"%s\"", result_name(h->status));
    if (h->status == ROPP_HEADER_INVALID)
        json_text("reason", reason, strlen(reason));
    if (h->version != 0)
        printf(",\"version\":%u", (unsigned)h->version);
    if (h->status == ROPP_HEADER_OK) {
        printf(",\"command\":\"%s\",\"family\":\"%s\",\"transport\":\"%s\"",
               command_name(h->command), family_name(h->family), transport_name(h->transport));
        json_endpoint(h, capture, true);
        json_endpoint(h, capture, false);
    }
    if (whole_length(h, capture) > 0)
        printf(",\"length\":%" PRIu32, whole_length(h, capture));
    if (h->status == ROPP_HEADER_OK && h->tlvs_at < h->length)
        json_tlvs(capture->bytes + h->tlvs_at, capture->bytes + h->length, false);
    if (h->status == ROPP_HEADER_OK && capture->total > h->length)
        printf(",\"trailing\":%" PRIu64, capture->total - h->length);
    puts("}");
}

/* ---- The table ---- */

static void row(const char *name, const char *text)
{
    printf("%-12s %s\n", name, text);
}

/* Bytes that a terminal might take for orders are shown as \xNN. */
static void put_escaped(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (text[i] >= ' ' && text[i] <= '~' && text[i] != '\\')
            putchar(text[i]);
        else
            printf("\\x%02x", (unsigned)(unsigned char)text[i]);
    }
}

static bool is_text(const uint8_t *bytes, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (bytes[i] < ' ' || bytes[i] > '~')
            return false;
    return true;
}

static void put_value(const uint8_t *bytes, size_t len, bool as_text)
{
    size_t shown = len < SHOWN_BYTES ? len : SHOWN_BYTES, i;

    if (as_text && is_text(bytes, len))
        fwrite(bytes, 1, shown, stdout);
    else
        for (i = 0; i < shown; i++)
            printf("%02x", (unsigned)bytes[i]);
    if (shown < len)
        fputs("...", stdout);
}

static void put_tlv(const struct ropp_tlv *tlv, bool inside_ssl)
{
    const char *name = tlv_name(tlv, inside_ssl);
    const uint8_t *value = tlv->value;

    printf("%s0x%02x %-*s %5u  ", inside_ssl ? "    " : "  ", (unsigned)tlv->type,
           inside_ssl ? 15 : 17, name != NULL ? name : "-", (unsigned)tlv->length);
    if (name == NULL || inside_ssl) {
        put_value(value, tlv->length, name != NULL);
    } else if (tlv->type == ROPP_TLV_SSL) {
        printf("client 0x%02x, verify %" PRIu64, (unsigned)value[0], number(value + 1, 4));
    } else if (tlv->type == ROPP_TLV_AWS) {
        put_value(value + 1, tlv->length - 1u, true);
    } else if (tlv->type == ROPP_TLV_AZURE) {
        printf("%" PRIu32, (uint32_t)value[4] << 24 | (uint32_t)value[3] << 16 |
                               (uint32_t)value[2] << 8 | value[1]);
    } else if (tlv->type == ROPP_TLV_GOOGLE) {
        printf("%" PRIu64, number(value, tlv->length));
    } else {
        put_value(value, tlv->length, tlv->type != ROPP_TLV_CRC32C);
        if (tlv->type == ROPP_TLV_CRC32C)
            fputs(", right", stdout);
    }
    putchar('\n');
}

static void table_tlvs(const uint8_t *at, const uint8_t *end, bool inside_ssl)
{
    struct ropp_tlv tlv;

    while (ropp_tlv_next(&at, end, &tlv)) {
        put_tlv(&tlv, inside_ssl);
        if (!inside_ssl && tlv.type == ROPP_TLV_SSL)
            table_tlvs(tlv.value + ROPP_TLV_SSL_FIXED, tlv.value + tlv.length, true);
    }
}

static void table_endpoint(const struct ropp_header *h, const struct capture *capture, bool source)
{
    char text[UNIX_PATH];
    size_t len = endpoint(h, capture, source, text);

    if (len == 0)
        return;
    printf("%-12s ", source ? "source" : "destination");
    put_escaped(text, len);
    if (h->source.family != ROPP_FAMILY_UNSPEC)
        printf(" port %u", (unsigned)(source ? h->source_port : h->destination_port));
    putchar('\n');
}

static void print_table(const struct ropp_header *h, const struct capture *capture)
{
    row("result", result_name(h->status));
    if (h->status == ROPP_HEADER_INVALID)
        row("reason", ropp_reason_name(h->reason));
    if (h->version != 0)
        printf("%-12s %u\n", "version", (unsigned)h->version);
    if (h->status == ROPP_HEADER_OK) {
        row("command", command_name(h->command));
        row("family", family_name(h->family));
        row("transport", transport_name(h->transport));
        table_endpoint(h, capture, true);
        table_endpoint(h, capture, false);
    }
    if (whole_length(h, capture) > 0)
        printf("%-12s %" PRIu32 " bytes\n", "length", whole_length(h, capture));
    if (h->status != ROPP_HEADER_OK)
        return;
    if (h->version == 2 && !has_addresses(h) && h->tlvs_at > ROPP_HEADER_V2_FIXED)
        printf("%-12s %" PRIu32 " bytes without meaning here\n", "passed over",
               h->tlvs_at - ROPP_HEADER_V2_FIXED);
    if (h->tlvs_at < h->length) {
        puts("tlvs");
        table_tlvs(capture->bytes + h->tlvs_at, capture->bytes + h->length, false);
    }
    printf("%-12s %" PRIu64 " bytes, the game's\n", "after it", capture->total - h->length);
}

/* ---- The command ---- */

static void explain(const struct ropp_header *h, const struct capture *capture)
{
    uint32_t whole = whole_length(h, capture);

    if (h->status == ROPP_HEADER_OK)
        return;
    if (h->status == ROPP_HEADER_INVALID)
        ropp_error("not a valid header, %s: %s, offset %" PRIu32 ": %s",
                   ropp_reason_name(h->reason), capture->name, h->length,
                   ropp_reason_text(h->reason));
    else if (whole > 0)
        ropp_error("the header is not complete: %s ends after %" PRIu64 " of %" PRIu32
                   " bytes: capture the connection from its first byte on, and longer",
                   capture->name, capture->total, whole);
    else
        ropp_error("the header is not complete: %s ends after %" PRIu64
                   " bytes: capture the connection from its first byte on, and longer",
                   capture->name, capture->total);
}

static void no_such_option(const char *word)
{
    struct ropp_suggestion meant;

    ropp_suggest_begin(&meant, word);
    ropp_suggest_offer(&meant, "--json");
    ropp_suggest_offer(&meant, "--hex");
    ropp_error("no such option: '%s': %ssee `ropp decode --help`", word, ropp_suggest_text(&meant));
}

/* False with a message when the options are wrong. */
static bool read_options(int argc, char **argv, struct options *options)
{
    bool only_files = false;
    int i, files = 0;

    for (i = 1; i < argc; i++) {
        if (only_files || argv[i][0] != '-' || argv[i][1] == '\0') {
            options->file = strcmp(argv[i], "-") == 0 && !only_files ? NULL : argv[i];
            files++;
        } else if (strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            options->json = true;
        } else if (strcmp(argv[i], "--hex") == 0) {
            options->hex = true;
        } else {
            no_such_option(argv[i]);
            return false;
        }
    }
    if (files > 1) {
        ropp_error("more than one file: '%s': give one capture at a time", argv[argc - 1]);
        return false;
    }
    return true;
}

int ropp_cmd_decode(int argc, char **argv)
{
    struct options options = {false, false, NULL};
    struct capture capture = {NULL, NULL, 0, 0};
    struct ropp_header header;
    int i;

    for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help();
            return ROPP_EXIT_DONE;
        }
    }
    if (!read_options(argc, argv, &options))
        return ROPP_EXIT_USAGE;
    capture.bytes = malloc(ROPP_HEADER_MAX);
    if (capture.bytes == NULL) {
        ropp_error("out of memory: %d bytes: free some and try again", ROPP_HEADER_MAX);
        return ROPP_EXIT_USAGE;
    }
    if (!read_capture(&options, &capture)) {
        free(capture.bytes);
        return ROPP_EXIT_USAGE;
    }
    ropp_header_init(&header);
    ropp_header_feed(&header, capture.bytes, capture.kept);
    if (options.json)
        print_json(&header, &capture);
    else
        print_table(&header, &capture);
    explain(&header, &capture);
    free(capture.bytes);
    return header.status == ROPP_HEADER_OK ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}
