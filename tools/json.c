#include "tools/json.h"

#include <inttypes.h>
#include <string.h>

#include "tools/cli.h"

static void member(struct ropp_json *json, const char *key)
{
    if (json->follows)
        fputs(", ", json->out);
    json->follows = true;
    if (key != NULL)
        fprintf(json->out, "\"%s\": ", key);
}

void ropp_json_begin(struct ropp_json *json, const char *key, char bracket)
{
    member(json, key);
    fputc(bracket, json->out);
    json->follows = false;
}

void ropp_json_end(struct ropp_json *json, char bracket)
{
    fputc(bracket, json->out);
    json->follows = true;
}

void ropp_json_string(struct ropp_json *json, const char *key, const char *text)
{
    if (text == NULL) {
        ropp_json_raw(json, key, "null");
        return;
    }
    member(json, key);
    fputc('"', json->out);
    ropp_json_text(json->out, text, strlen(text));
    fputc('"', json->out);
}

void ropp_json_number(struct ropp_json *json, const char *key, int64_t number)
{
    member(json, key);
    fprintf(json->out, "%" PRId64, number);
}

void ropp_json_bool(struct ropp_json *json, const char *key, bool value)
{
    ropp_json_raw(json, key, value ? "true" : "false");
}

void ropp_json_raw(struct ropp_json *json, const char *key, const char *text)
{
    member(json, key);
    fputs(text, json->out);
}
