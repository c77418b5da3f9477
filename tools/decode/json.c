#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/json.h"
#include "tools/decode/describe.h"
#include "tools/decode/report.h"

static void put_text(const char *key, const char *text, size_t length)
{
    printf(",\"%s\":\"", key);
    ropp_json_text(stdout, text, length);
    putchar('"');
}

static void put_word(const char *key, const char *word)
{
    put_text(key, word, strlen(word));
}

static void put_tlvs(const uint8_t *at, const uint8_t *end, bool inside_ssl);

static void put_ssl(const struct ropp_tlv *tlv)
{
    printf(",\"client\":%u,\"verify\":%" PRIu64, (unsigned)tlv->value[0],
           ropp_describe_number(tlv->value + 1, 4));
    if (tlv->length > ROPP_TLV_SSL_FIXED)
        put_tlvs(tlv->value + ROPP_TLV_SSL_FIXED, tlv->value + tlv->length, true);
}

static void put_tlvs(const uint8_t *at, const uint8_t *end, bool inside_ssl)
{
    struct ropp_tlv tlv;
    const char *name;
    bool first = true;
    size_t i;

    fputs(",\"tlvs\":[", stdout);
    while (ropp_tlv_next(&at, end, &tlv)) {
        printf("%s{\"type\":%u", first ? "" : ",", (unsigned)tlv.type);
        first = false;
        name = ropp_describe_tlv(&tlv, inside_ssl);
        if (name != NULL)
            put_word("name", name);
        fputs(",\"value\":\"", stdout);
        for (i = 0; i < tlv.length; i++)
            printf("%02x", (unsigned)tlv.value[i]);
        putchar('"');
        if (!inside_ssl && tlv.type == ROPP_TLV_SSL)
            put_ssl(&tlv);
        putchar('}');
    }
    putchar(']');
}

static void put_end(const struct ropp_header *h, const struct ropp_capture *capture, bool source)
{
    char text[ROPP_UNIX_PATH];
    size_t length = ropp_describe_end(h, capture, source, text);

    if (length > 0)
        put_text(source ? "source" : "destination", text, length);
    if ((source ? h->source : h->destination).family != ROPP_FAMILY_UNSPEC)
        printf(",\"%s\":%u", source ? "source_port" : "destination_port",
               (unsigned)(source ? h->source_port : h->destination_port));
}

/* How it was read, and which connection it is. */
static void put_origin(const struct ropp_decoded *decoded)
{
    const struct ropp_capture *capture = decoded->capture;
    char text[ROPP_END_TEXT];

    if (decoded->reading->form != ROPP_FORM_BYTES && !decoded->form_given)
        put_word("input", ropp_form_name(decoded->reading->form));
    if (!capture->has_ends)
        return;
    ropp_describe_socket(&capture->from, text);
    put_word("from", text);
    ropp_describe_socket(&capture->to, text);
    put_word("to", text);
}

void ropp_decode_json(const struct ropp_decoded *decoded)
{
    const struct ropp_header *h = decoded->header;
    const struct ropp_capture *capture = decoded->capture;
    uint32_t whole = ropp_describe_length(h, capture);
    const char *note = ropp_describe_note(h);

    printf("{\"result\":\"%s\"", ropp_describe_result(h->status));
    if (h->status == ROPP_HEADER_INVALID)
        put_word("reason", ropp_reason_name(h->reason));
    if (h->version != 0)
        printf(",\"version\":%u", (unsigned)h->version);
    if (h->status == ROPP_HEADER_OK) {
        put_word("command", ropp_describe_command(h->command));
        put_word("family", ropp_describe_family(h->family));
        put_word("transport", ropp_describe_transport(h->transport));
        put_end(h, capture, true);
        put_end(h, capture, false);
    }
    if (whole > 0)
        printf(",\"length\":%" PRIu32, whole);
    if (h->status == ROPP_HEADER_OK && h->tlvs_at < h->length)
        put_tlvs(capture->bytes + h->tlvs_at, capture->bytes + h->length, false);
    if (h->status == ROPP_HEADER_OK && capture->total > h->length)
        printf(",\"trailing\":%" PRIu64, capture->total - h->length);
    if (note != NULL)
        put_word("note", note);
    put_origin(decoded);
    puts("}");
}
