// SPDX-License-Identifier: MIT
#include "tools/ban/targets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/edge/haproxyapi.h"

/* What edges and options point at. */
static struct ropp_texts kept;

void ropp_targets_free(void)
{
    ropp_texts_free(&kept);
}

static char *keep(char *text)
{
    ropp_texts_take(&kept, text);
    return text;
}

/* ---- targets ---- */

/* NULL with a message when there are too many. */
static struct ropp_edge *add_edge(struct ropp_targets *request, const struct ropp_edge_kind *kind,
                                  char *name)
{
    struct ropp_edge *edge = &request->edges[request->count];

    keep(name);
    if (request->count == ROPP_TARGETS_MOST) {
        ropp_error("too many targets: %s: %d are the most; start a second one for it", name,
                   ROPP_TARGETS_MOST);
        return NULL;
    }
    request->count++;
    edge->kind = kind;
    edge->name = name;
    return edge;
}

static bool take_haproxy(void *context, const char *option, const char *value)
{
    size_t length = strcspn(value, "=");
    const char *at = keep(ropp_copy_text(value, length));
    bool has_file = value[length] == '=' && value[length + 1] != '\0';
    struct ropp_edge *edge;

    if (!ropp_haproxy_is_address(at))
        return ropp_error("no address of HAProxy's runtime API: %s %s: write /PATH/OF/SOCKET or "
                          "HOST:PORT, and =FILE behind it if its list is of another file "
                          "than " ROPP_EDGE_ACL,
                          option, value);
    edge = add_edge(context, &ropp_edge_haproxy, ropp_format("haproxy %s", value));
    if (edge == NULL)
        return false;
    edge->at = at;
    edge->acl = has_file ? value + length + 1 : ROPP_EDGE_ACL;
    return true;
}

static bool take_nftables(void *context, const char *option, const char *value)
{
    (void)option, (void)value;
    return add_edge(context, &ropp_edge_nftables, ropp_format("nftables")) != NULL;
}

static bool take_ipset(void *context, const char *option, const char *value)
{
    (void)option, (void)value;
    return add_edge(context, &ropp_edge_ipset, ropp_format("ipset")) != NULL;
}

static bool take_output(void *context, const char *option, const char *value)
{
    struct ropp_edge *edge = add_edge(context, &ropp_edge_file, ropp_format("file %s", value));

    (void)option;
    if (edge != NULL)
        edge->at = value;
    return edge != NULL;
}

/* The file that an option is about. NULL with a message when there is none. */
static struct ropp_edge *last_file(struct ropp_targets *request, const char *option,
                                   const char *value)
{
    struct ropp_edge *edge = request->count > 0 ? &request->edges[request->count - 1] : NULL;

    if (edge != NULL && edge->kind == &ropp_edge_file)
        return edge;
    ropp_error("of which file: %s %s: write it behind its --output FILE", option, value);
    return NULL;
}

static bool take_format(void *context, const char *option, const char *value)
{
    struct ropp_edge *file = last_file(context, option, value);

    if (file == NULL)
        return false;
    file->has_format = true;
    return ropp_export_format_of(value, &file->format) ||
           ropp_error("no such format: %s %s: give " ROPP_EXPORT_FORMATS, option, value);
}

static bool take_run(void *context, const char *option, const char *value)
{
    struct ropp_edge *file = last_file(context, option, value);

    if (file != NULL)
        file->run = value;
    return file != NULL;
}

const struct ropp_option ropp_targets_options[] = {
    ROPP_HEADING("the targets, any number of each:"),
    ROPP_CALL(take_haproxy, "--haproxy", "AT",
              "HAProxy, by its runtime API: SOCKET or HOST:PORT, and =FILE behind it if the list "
              "is of another file than " ROPP_EDGE_ACL),
    ROPP_CALL(take_nftables, "--nftables", NULL, "nftables on this machine, as export writes it"),
    ROPP_CALL(take_ipset, "--ipset", NULL, "ipset on this machine, as export writes it"),
    ROPP_CALL(take_output, "--output", "FILE", "a file, which is replaced in one go"),
    ROPP_CALL(take_format, "--format", "FORMAT", "of that file: " ROPP_EXPORT_FORMATS),
    ROPP_CALL(take_run, "--run", "COMMAND", "when that file has changed"),
    ROPP_HEADING("beside them:"),
    ROPP_TEXT(struct ropp_targets, config, "--config", "FILE",
              "more options, one a line: `haproxy = 10.66.0.11:8405`"),
    ROPP_FLAG(struct ropp_targets, force, "--force",
              "send the list at the start even if nobody is banned at all"),
    ROPP_OPTIONS_END,
};

/* ---- the configuration file ---- */

static const struct ropp_options all_options = {{ropp_targets_options, ropp_connect_options}};

static const char blank[] = " \t\r\n";

/* Without the blanks around it; `end` is behind its last character. */
static const char *trim(const char *text, const char **end)
{
    text += strspn(text, blank);
    for (*end = text + strlen(text); *end > text && strchr(blank, (*end)[-1]) != NULL;)
        (*end)--;
    return text;
}

/* Makes "--NAME=VALUE" or "--NAME" of a line such as "NAME = VALUE"; NULL: there is nothing in it.
 */
static char *option_of(const char *line)
{
    const char *end, *name = trim(line, &end), *name_end = name + strcspn(name, " \t\r\n=");
    const char *value = name_end;

    if (name == end || *name == '#' || *name == ';')
        return NULL;
    value += strspn(value, blank);
    value += *value == '=';
    value += strspn(value, blank);
    return keep(value >= end ? ropp_format("--%.*s", (int)(name_end - name), name)
                             : ropp_format("--%.*s=%.*s", (int)(name_end - name), name,
                                           (int)(end - value), value));
}

static bool take_line(struct ropp_targets *request, const char *line)
{
    static const struct ropp_words_rule no_words = {0};
    char *words[] = {NULL, option_of(line), NULL};
    struct ropp_words none;

    if (words[1] == NULL)
        return true;
    if (strncmp(words[1], "--config", 8) == 0)
        return ropp_error("a configuration in a configuration: %s: write its lines here", words[1]);
    return ropp_connect_no_password(2, words) &&
           ropp_options_read(2, words, "ban follow", &all_options, &no_words, request, &none);
}

static bool read_config(struct ropp_targets *request)
{
    FILE *file = fopen(request->config, "r");
    char *line = NULL;
    size_t size = 0, number = 0;
    bool good = true;

    if (file == NULL)
        return ropp_error("cannot read: %s: %s", request->config, strerror(errno));
    while (good && getline(&line, &size, file) > 0) {
        number++;
        good = take_line(request, line);
    }
    if (!good)
        ropp_error("that was in the configuration: %s:%zu: mend that line", request->config,
                   number);
    free(line);
    fclose(file);
    return good;
}

/* ---- the request ---- */

static bool is_twice(const struct ropp_targets *request, size_t which)
{
    for (size_t i = 0; i < which; i++)
        if (strcmp(request->edges[i].name, request->edges[which].name) == 0)
            return true;
    return false;
}

int ropp_targets_read(void *context, const struct ropp_words *words)
{
    struct ropp_targets *request = context;

    (void)words;
    if (request->config != NULL && !read_config(request))
        return ROPP_EXIT_USAGE;
    if (request->count == 0)
        return ropp_fail(ROPP_EXIT_USAGE, "no target: nothing to keep in step: give --haproxy, "
                                          "--nftables, --ipset or --output, or --config FILE");
    for (size_t i = 0; i < request->count; i++) {
        const struct ropp_edge *edge = &request->edges[i];

        if (edge->kind == &ropp_edge_file && !edge->has_format)
            return ropp_fail(ROPP_EXIT_USAGE, "no format: %s: add --format " ROPP_EXPORT_FORMATS,
                             edge->name);
        if (is_twice(request, i))
            return ropp_fail(ROPP_EXIT_USAGE, "a target twice: %s: leave one out", edge->name);
    }
    return ROPP_EXIT_DONE;
}
