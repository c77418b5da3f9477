// SPDX-License-Identifier: MIT
#include "core/tlv.h"

bool ropp_tlv_next(const uint8_t **at, const uint8_t *end, struct ropp_tlv *out)
{
    const uint8_t *head = *at;
    size_t left = (size_t)(end - head);
    uint16_t length;

    if (left < ROPP_TLV_HEAD)
        return false;
    length = (uint16_t)(head[1] << 8 | head[2]);
    if (left - ROPP_TLV_HEAD < length)
        return false;
    out->type = head[0];
    out->length = length;
    out->value = head + ROPP_TLV_HEAD;
    *at = out->value + length;
    return true;
}

const char *ropp_tlv_name(const struct ropp_tlv *tlv)
{
    switch (tlv->type) {
    case ROPP_TLV_ALPN:
        return "ALPN";
    case ROPP_TLV_AUTHORITY:
        return "AUTHORITY";
    case ROPP_TLV_CRC32C:
        return "CRC32C";
    case ROPP_TLV_NOOP:
        return "NOOP";
    case ROPP_TLV_UNIQUE_ID:
        return "UNIQUE_ID";
    case ROPP_TLV_SSL:
        return "SSL";
    case ROPP_TLV_NETNS:
        return "NETNS";
    case ROPP_TLV_GOOGLE:
        return tlv->length == 8 ? "GOOGLE_PSC_ID" : NULL;
    case ROPP_TLV_AWS:
        return tlv->length >= 1 && tlv->value[0] == ROPP_TLV_AWS_VPCE_ID ? "AWS_VPCE_ID" : NULL;
    case ROPP_TLV_AZURE:
        return tlv->length == 5 && tlv->value[0] == ROPP_TLV_AZURE_LINK_ID ? "AZURE_LINK_ID" : NULL;
    default:
        return NULL;
    }
}

const char *ropp_tlv_ssl_name(const struct ropp_tlv *tlv)
{
    switch (tlv->type) {
    case ROPP_TLV_SSL_VERSION:
        return "SSL_VERSION";
    case ROPP_TLV_SSL_CN:
        return "SSL_CN";
    case ROPP_TLV_SSL_CIPHER:
        return "SSL_CIPHER";
    case ROPP_TLV_SSL_SIG_ALG:
        return "SSL_SIG_ALG";
    case ROPP_TLV_SSL_KEY_ALG:
        return "SSL_KEY_ALG";
    case ROPP_TLV_SSL_GROUP:
        return "SSL_GROUP";
    case ROPP_TLV_SSL_SIG_SCHEME:
        return "SSL_SIG_SCHEME";
    case ROPP_TLV_SSL_CLIENT_CERT:
        return "SSL_CLIENT_CERT";
    default:
        return NULL;
    }
}
