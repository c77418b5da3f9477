// SPDX-License-Identifier: MIT
/* Writes JSON, one member after the other: `{"key": value, ...}`. A key is NULL inside an array. */
#ifndef ROPP_TOOLS_BASE_JSON_H
#define ROPP_TOOLS_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ropp_json {
    FILE *out;
    bool follows; /* something comes before on this level: a comma is due */
    bool tight;   /* without blanks */
};

/* Begins an object or an array, `bracket` being '{' or '['; and ends it, with '}' or ']'. The
 * outermost one has no key. */
void ropp_json_begin(struct ropp_json *json, const char *key, char bracket);
void ropp_json_end(struct ropp_json *json, char bracket);

/* Ends all that is open, with such as "]}", and the line. */
void ropp_json_done(struct ropp_json *json, const char *brackets);

/* `text` may be NULL, which is JSON's null; with ropp_json_some there is no member then. */
void ropp_json_some(struct ropp_json *json, const char *key, const char *text);
void ropp_json_string(struct ropp_json *json, const char *key, const char *text);
void ropp_json_number(struct ropp_json *json, const char *key, int64_t number);
void ropp_json_bool(struct ropp_json *json, const char *key, bool value);

/* A time as a member: UTC, or null for 0. */
void ropp_json_moment(struct ropp_json *json, const char *key, int64_t unix_s);

/* A text that is JSON already, or NULL. */
void ropp_json_raw(struct ropp_json *json, const char *key, const char *text);

/* A text of any bytes: what is not valid UTF-8 is escaped byte by byte. */
void ropp_json_bytes(struct ropp_json *json, const char *key, const char *text, size_t length);

#endif
