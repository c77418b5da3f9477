// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/json.h"
#include "tools/decode/describe.h"
#include "tools/decode/report.h"

static void put_value(struct ropp_json *json, const struct ropp_tlv *tlv)
{
    struct ropp_buffer text = {0};

    for (size_t i = 0; i < tlv->length; i++)
        ropp_buffer_format(&text, "%02x", (unsigned)tlv->value[i]);
    ropp_json_string(json, "value", text.data != NULL ? text.data : "");
    ropp_buffer_free(&text);
}

static void put_tlvs(struct ropp_json *json, const uint8_t *at, const uint8_t *end, bool inside_ssl)
{
    struct ropp_tlv tlv;

    ropp_json_begin(json, "tlvs", '[');
    while (ropp_tlv_next(&at, end, &tlv)) {
        ropp_json_begin(json, NULL, '{');
        ropp_json_number(json, "type", tlv.type);
        ropp_json_some(json, "name", inside_ssl ? ropp_tlv_ssl_name(&tlv) : ropp_tlv_name(&tlv));
        put_value(json, &tlv);
        if (!inside_ssl && tlv.type == ROPP_TLV_SSL) {
            ropp_json_number(json, "client", tlv.value[0]);
            ropp_json_number(json, "verify", (int64_t)ropp_describe_number(tlv.value + 1, 4));
            if (tlv.length > ROPP_TLV_SSL_FIXED)
                put_tlvs(json, tlv.value + ROPP_TLV_SSL_FIXED, tlv.value + tlv.length, true);
        }
        ropp_json_end(json, '}');
    }
    ropp_json_end(json, ']');
}

static void put_end(struct ropp_json *json, const struct ropp_header *h,
                    const struct ropp_capture *capture, bool source)
{
    char text[ROPP_UNIX_PATH];
    size_t length = ropp_describe_end(h, capture, source, text);

    if (length > 0)
        ropp_json_bytes(json, source ? "source" : "destination", text, length);
    if ((source ? h->source : h->destination).family != ROPP_FAMILY_UNSPEC)
        ropp_json_number(json, source ? "source_port" : "destination_port",
                         source ? h->source_port : h->destination_port);
}

/* How it was read, and which connection it is. */
static void put_origin(struct ropp_json *json, const struct ropp_decoded *decoded)
{
    const struct ropp_capture *capture = decoded->capture;
    char text[ROPP_END_TEXT];

    if (decoded->reading->form != ROPP_FORM_BYTES && !decoded->form_given)
        ropp_json_string(json, "input", ropp_form_name(decoded->reading->form));
    if (!capture->has_ends)
        return;
    ropp_describe_socket(&capture->from, text);
    ropp_json_string(json, "from", text);
    ropp_describe_socket(&capture->to, text);
    ropp_json_string(json, "to", text);
}

void ropp_decode_json(const struct ropp_decoded *decoded)
{
    const struct ropp_header *h = decoded->header;
    const struct ropp_capture *capture = decoded->capture;
    uint32_t whole = ropp_describe_length(h, capture);
    struct ropp_json json = {.out = stdout, .tight = true};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", ropp_describe_result(h->status));
    if (h->status == ROPP_HEADER_INVALID)
        ropp_json_string(&json, "reason", ropp_reason_name(h->reason));
    if (h->version != 0)
        ropp_json_number(&json, "version", h->version);
    if (h->status == ROPP_HEADER_OK) {
        ropp_json_string(&json, "command", ropp_describe_command(h->command));
        ropp_json_string(&json, "family", ropp_describe_family(h->family));
        ropp_json_string(&json, "transport", ropp_describe_transport(h->transport));
        put_end(&json, h, capture, true);
        put_end(&json, h, capture, false);
    }
    if (whole > 0)
        ropp_json_number(&json, "length", whole);
    if (h->status == ROPP_HEADER_OK && h->tlvs_at < h->length)
        put_tlvs(&json, capture->bytes + h->tlvs_at, capture->bytes + h->length, false);
    if (h->status == ROPP_HEADER_OK && capture->total > h->length)
        ropp_json_number(&json, "trailing", (int64_t)(capture->total - h->length));
    ropp_json_some(&json, "note", ropp_describe_note(h));
    put_origin(&json, decoded);
    ropp_json_done(&json, "}");
}
