// SPDX-License-Identifier: MIT
#include "service/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/value.h"

#define LINES_TEXT    1024 /* of a line, as in the emulators */
#define LINES_IMPORTS 8    /* of files that import files; an emulator in a circle ends by itself */
#define LINES_PATH    4096

/* ---- imports ---- */

static bool lines_is_imported(const struct ropp_config *config, const char *path)
{
    size_t i;

    for (i = 0; i < config->imported.count; i++)
        if (strcmp(config->imported.items[i], path) == 0)
            return true;
    return false;
}

static bool lines_remember(struct ropp_config *config, const char *path,
                           char error[ROPP_ERROR_TEXT])
{
    if (ropp_config_add_text(&config->imported, path, strlen(path)))
        return true;
    snprintf(error, ROPP_ERROR_TEXT, "out of memory: %.140s: free some and start again", path);
    return false;
}

/* ---- lines ---- */

/* What is being read. */
struct lines_file {
    struct ropp_config *config;
    enum ropp_server server;
    const char *path;
    unsigned number; /* of the line */
    unsigned depth;  /* of imports */
};

static bool lines_read_file(const struct lines_file *from, const char *path,
                            char error[ROPP_ERROR_TEXT]);

static char *lines_trim(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Owners write a comment behind a value, and no value of ours but a secret one holds two slashes.
 */
static void lines_cut_comment(char *value)
{
    char *comment = strstr(value, "//");

    if (comment != NULL)
        *comment = '\0';
}

/* Takes a setting that is the emulator's own: what matters of those is where its database is, and
 * which other files there are. */
static bool lines_take_foreign(const struct lines_file *file, const char *key, char *value,
                               char error[ROPP_ERROR_TEXT])
{
    value += strspn(value, " \t\n\v\f\r");
    value[strcspn(value, "\r\n")] = '\0';
    if (value[0] == '\0' || (key[0] == '/' && key[1] == '/'))
        return true;
    if (!ropp_value_is_word(key, strlen(key), "import")) {
        ropp_dbconf_take(&file->config->db, file->server, key, value);
        return true;
    }
    if (file->depth >= LINES_IMPORTS)
        return true;
    return (lines_is_imported(file->config, value) || lines_remember(file->config, value, error)) &&
           lines_read_file(file, value, error);
}

static bool lines_take_own(const struct lines_file *file, const char *key, char *value, bool cut,
                           char error[ROPP_ERROR_TEXT])
{
    char where[160];

    snprintf(where, sizeof where, "%.140s:%u", file->path, file->number);
    if (cut) {
        snprintf(error, ROPP_ERROR_TEXT,
                 "line too long: %s: %.64s: at most %d characters; the key may repeat", where, key,
                 LINES_TEXT - 2);
        return false;
    }
    if (!ropp_config_is_secret(key))
        lines_cut_comment(value);
    return ropp_config_set(file->config, where, key, lines_trim(value), error);
}

/* Whether a key of ours is to be read: from outside, only those about the database. */
static bool lines_counts(const struct lines_file *file, const char *key)
{
    return file->config->tree == NULL || ropp_config_is_db_key(key);
}

/* A line without a colon, which is no setting: a mistake if it was meant to be one of ours. */
static bool lines_take_rest(const struct lines_file *file, char *line, char error[ROPP_ERROR_TEXT])
{
    line = lines_trim(line);
    if (!ropp_config_is_key(line) || !lines_counts(file, line))
        return true;
    line[strcspn(line, " \t=")] = '\0'; /* what follows may be a password */
    snprintf(error, ROPP_ERROR_TEXT, "no colon: %.140s:%u: %.64s: write KEY: VALUE", file->path,
             file->number, line);
    return false;
}

/* Takes one line, in place; a cut one is too long. */
static bool lines_take(const struct lines_file *file, char *line, bool cut,
                       char error[ROPP_ERROR_TEXT])
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    bool marked = file->number == 1 && strncmp(line, byte_order_mark, 3) == 0;
    char *text = line + (marked ? 3 : 0), *colon = strchr(line, ':'), key[LINES_TEXT];

    if (colon == NULL)
        return lines_take_rest(file, text, error);
    *colon = '\0';
    strcpy(key, text);
    text = lines_trim(key);
    if (ropp_config_is_key(text))
        return !lines_counts(file, text) || lines_take_own(file, text, colon + 1, cut, error);
    return cut || lines_take_foreign(file, line, colon + 1, error);
}

/* Reads the rest of a line that did not fit. */
static void lines_skip(FILE *stream)
{
    int c;

    do
        c = getc(stream);
    while (c != '\n' && c != EOF);
}

static bool lines_read(struct lines_file *file, FILE *stream, char error[ROPP_ERROR_TEXT])
{
    char line[LINES_TEXT];

    while (fgets(line, sizeof line, stream)) {
        bool cut = strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n';

        file->number++;
        if (!lines_take(file, line, cut, error))
            return false;
        if (cut)
            lines_skip(stream);
    }
    if (!ferror(stream))
        return true;
    snprintf(error, ROPP_ERROR_TEXT, "cannot read: %.140s:%u: %s: name files that can be read",
             file->path, file->number, strerror(errno));
    return false;
}

/* A server's module leaves it to the server to say that a file cannot be opened; who reads from
 * outside may have fewer rights than the server, and must not pass over what it reads. */
static bool lines_cannot_open(const struct ropp_config *config, const char *path,
                              char error[ROPP_ERROR_TEXT])
{
    if (config->tree == NULL || errno == ENOENT || errno == ENOTDIR)
        return true;
    snprintf(error, ROPP_ERROR_TEXT,
             "cannot read the emulator's settings: %.140s: %s: run it as a user who may", path,
             strerror(errno));
    return false;
}

static bool lines_read_file(const struct lines_file *from, const char *path,
                            char error[ROPP_ERROR_TEXT])
{
    struct lines_file file = *from;
    char below[LINES_PATH];
    FILE *stream;
    bool good;

    if (file.config->tree != NULL && path[0] != '/') {
        snprintf(below, sizeof below, "%s/%s", file.config->tree, path);
        path = below;
    }
    stream = fopen(path, "r");
    if (stream == NULL)
        return lines_cannot_open(file.config, path, error);
    file.path = path;
    file.number = 0;
    file.depth++;
    good = lines_read(&file, stream, error);
    fclose(stream);
    return good;
}

bool ropp_config_read_lines(struct ropp_config *config, enum ropp_server server, const char *path,
                            char error[ROPP_ERROR_TEXT])
{
    struct lines_file from = {config, server, NULL, 0, 0};

    return lines_is_imported(config, path) || lines_read_file(&from, path, error);
}
