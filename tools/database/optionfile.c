// SPDX-License-Identifier: MIT
#include "tools/database/optionfile.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/keep.h"
#include "tools/base/text.h"
#include "tools/database/settings.h"

enum { DEPTH_MAX = 10 };

/* Where the reader is. */
struct reader {
    struct ropp_db_settings *settings;
    const char *group;
    const char *file;
    size_t line;
    unsigned depth; /* of includes */
    bool inside;    /* the group's lines */
};

static bool read_file(struct reader *reader, const char *path, bool must);

/* Cuts white space off both ends, in place. */
static char *trim(char *text)
{
    size_t length;

    while (isspace((unsigned char)*text))
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Replaces escapes by what they mean, in place: \b \t \n \r \s, \\ and quotes; the backslash of any
 * other stays. */
static void unescape(char *text)
{
    static const char codes[] = "btnrs\\\"'", bytes[] = "\b\t\n\r \\\"'";
    char *to = text;
    const char *code;

    while (*text != '\0') {
        code = *text == '\\' && text[1] != '\0' ? strchr(codes, text[1]) : NULL;
        *to++ = code != NULL ? bytes[code - codes] : *text;
        text += code != NULL ? 2 : 1;
    }
    *to = '\0';
}

/* Cuts a comment off: from a '#' on that is neither quoted nor escaped, as MariaDB's own programs
 * have it. */
static void drop_comment(char *value)
{
    char quote = '\0', *at;

    for (at = value; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
        } else if (quote != '\0') {
            quote = *at == quote ? '\0' : quote;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '#') {
            *at = '\0';
            return;
        }
    }
}

/* The text of a value: its comment, white space and quotes dropped, its escapes replaced. */
static char *value_of(char *text)
{
    size_t length;

    drop_comment(text);
    text = trim(text);
    length = strlen(text);
    if (length >= 2 && (*text == '"' || *text == '\'') && text[length - 1] == *text) {
        text[length - 1] = '\0';
        text++;
    }
    unescape(text);
    return text;
}

static bool take_setting(struct reader *reader, char *line)
{
    char *equals = strchr(line, '='), *key;

    if (equals == NULL)
        return true;
    *equals = '\0';
    key = trim(line);
    return ropp_setting_set(reader->settings, key, value_of(equals + 1),
                            ropp_keep_format("%s:%zu: %s", reader->file, reader->line, key));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every *.cnf file of a folder, by name. */
static bool include_folder(struct reader *reader, const char *path)
{
    struct ropp_texts names = {0};
    struct dirent *entry;
    DIR *folder = opendir(path);
    bool good = true;
    size_t length;

    if (folder == NULL)
        return true;
    while ((entry = readdir(folder)) != NULL) {
        length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".cnf") == 0)
            ropp_texts_keep(&names, ropp_keep_format("%s/%s", path, entry->d_name));
    }
    closedir(folder);
    if (names.count > 1)
        qsort(names.items, names.count, sizeof *names.items, by_name);
    for (size_t i = 0; good && i < names.count; i++)
        good = read_file(reader, names.items[i], false);
    return good;
}

static bool include(struct reader *reader, const char *line)
{
    bool is_folder = strncmp(line, "!includedir", 11) == 0;
    size_t length = strlen(is_folder ? "!includedir" : "!include");
    const char *path;

    if (strncmp(line, "!include", 8) != 0 || !isspace((unsigned char)line[length]))
        return true;
    path = trim(ropp_keep_text(line + length));
    return is_folder ? include_folder(reader, path) : read_file(reader, path, false);
}

static bool take_line(struct reader *reader, char *line)
{
    char *end;

    line = trim(line);
    if (*line == '\0' || *line == '#' || *line == ';')
        return true;
    if (*line == '!')
        return include(reader, line);
    if (*line == '[') {
        end = strchr(line, ']');
        if (end != NULL)
            *end = '\0';
        reader->inside = end != NULL && strcmp(trim(line + 1), reader->group) == 0;
        return true;
    }
    return !reader->inside || take_setting(reader, line);
}

/* Whether the file is to be read; MariaDB's own programs too pass over one that everybody can
 * write to. */
static bool is_trusted(const char *path)
{
    struct stat state;

    if (stat(path, &state) != 0 || (state.st_mode & S_IWOTH) == 0 || !S_ISREG(state.st_mode))
        return true;
    return ropp_error("passed over: %s: everybody can write to it: chmod o-w %s", path, path);
}

static bool read_lines(struct reader *reader, FILE *in)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf"; /* some editors put it before a file */
    char *line = NULL;
    size_t room = 0;
    bool good = true, marked;

    while (good && getline(&line, &room, in) >= 0) {
        reader->line++;
        marked = reader->line == 1 && strncmp(line, byte_order_mark, 3) == 0;
        good = take_line(reader, line + (marked ? 3 : 0));
    }
    free(line);
    return good;
}

static bool cannot_read(const char *path)
{
    return ropp_error("cannot read the option file: %s (%s): name a file that you may read", path,
                      strerror(errno));
}

/* `must`: the file is named by the user. */
static bool read_file(struct reader *reader, const char *path, bool must)
{
    struct reader inner = {.settings = reader->settings,
                           .group = reader->group,
                           .file = path,
                           .depth = reader->depth + 1};
    bool good;
    FILE *in;

    if (reader->depth >= DEPTH_MAX)
        return ropp_error("too many files inside each other: %s:%zu: take an !include out",
                          reader->file, reader->line);
    if (!is_trusted(path))
        return !must;
    in = fopen(path, "r");
    if (in == NULL) {
        if (must || (errno != ENOENT && errno != ENOTDIR && errno != EACCES))
            cannot_read(path);
        return !must;
    }
    good = read_lines(&inner, in);
    good = (!ferror(in) || cannot_read(path)) && good;
    fclose(in);
    return good;
}

bool ropp_optionfile_read(struct ropp_db_settings *settings, const char *file, const char *group)
{
    struct reader reader = {.settings = settings, .group = group};
    const char *home = getenv("HOME");

    if (file != NULL)
        return read_file(&reader, file, true);
    return read_file(&reader, "/etc/my.cnf", false) &&
           read_file(&reader, "/etc/mysql/my.cnf", false) &&
           (home == NULL || read_file(&reader, ropp_keep_format("%s/.my.cnf", home), false));
}
