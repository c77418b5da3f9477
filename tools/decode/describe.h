// SPDX-License-Identifier: MIT
/* The names and numbers of a header that both the table and the JSON object show. */
#ifndef ROPP_DECODE_DESCRIBE_H
#define ROPP_DECODE_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/header.h"
#include "core/tlv.h"
#include "tools/decode/capture.h"

#define ROPP_UNIX_PATH 108
#define ROPP_END_TEXT  (ROPP_ADDR_TEXT + 8) /* "[", "]:65535" */

const char *ropp_describe_result(enum ropp_header_status status);
const char *ropp_describe_command(enum ropp_command command);
const char *ropp_describe_family(enum ropp_family family);
const char *ropp_describe_transport(enum ropp_transport transport);

/* Length of the whole header as far as it is known: decoded, or announced by version 2; else 0. */
uint32_t ropp_describe_length(const struct ropp_header *header, const struct ropp_capture *capture);

/* Whether the header names two ends: addresses, or paths of UNIX sockets. */
bool ropp_describe_has_ends(const struct ropp_header *header);

/* An end of the header as text: an address, or the path of a UNIX socket, where '@' replaces the
 * NUL that begins the name of an abstract one. Returns its length, 0 when there is none. */
size_t ropp_describe_end(const struct ropp_header *header, const struct ropp_capture *capture,
                         bool source, char text[ROPP_UNIX_PATH]);

/* In which way the header departs from the specification and is taken all the same, as a sentence;
 * NULL when it does not. */
const char *ropp_describe_note(const struct ropp_header *header);

/* An end of the captured connection: "192.0.2.7:1234", "[2001:db8::7]:1234". */
void ropp_describe_socket(const struct ropp_end *end, char text[ROPP_END_TEXT]);

/* A number in network order. */
uint64_t ropp_describe_number(const uint8_t *bytes, size_t length);

#endif
