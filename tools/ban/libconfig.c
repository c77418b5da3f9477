#include "tools/ban/libconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cli.h"
#include "tools/patch/buffer.h"

enum { FILES_MAX = 10, NESTING_MAX = 64 };

/* A file that is being read, and how far. */
struct source {
    char *path;
    char *text; /* ends with a NUL */
    const char *at;
    size_t line;
};

enum token { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_SIGN, TOKEN_BROKEN };

struct reader {
    const char *tree;
    struct source files[FILES_MAX]; /* each included by the one before */
    size_t file_count;
    enum token token;        /* the one at hand */
    struct ropp_buffer text; /* its text, for words and strings */
    char sign;               /* for signs */
    struct ropp_buffer path; /* of the setting at hand: names with dots between them */
    unsigned nesting;        /* of groups, lists and arrays */
    char *import;            /* the file to read next; NULL: none */
    struct ropp_dbconf *conf;
};

/* ---- files ---- */

static char *path_of(const struct reader *reader, const char *file)
{
    return file[0] == '/' ? ropp_copy_text(file, strlen(file))
                          : ropp_format("%s/%s", reader->tree, file);
}

/* The whole file; NULL, with errno, when it cannot be read. */
static char *read_text(const char *path)
{
    struct ropp_buffer text = {0};
    char chunk[4096];
    size_t length;
    int error;
    FILE *in = fopen(path, "rb");

    if (in == NULL)
        return NULL;
    while ((length = fread(chunk, 1, sizeof chunk, in)) > 0)
        ropp_buffer_add(&text, chunk, length);
    error = ferror(in) ? errno : 0;
    fclose(in);
    if (error != 0) {
        ropp_buffer_free(&text);
        errno = error;
        return NULL;
    }
    return ropp_buffer_take(&text);
}

static struct source *current(struct reader *reader)
{
    return &reader->files[reader->file_count - 1];
}

static bool broken(struct reader *reader, const char *what, const char *advice)
{
    const struct source *source = current(reader);

    ropp_error("%s: %s:%zu: %s", what, source->path, source->line, advice);
    reader->token = TOKEN_BROKEN;
    return false;
}

static bool push_file(struct reader *reader, const char *file)
{
    struct source *source = &reader->files[reader->file_count];

    if (reader->file_count == FILES_MAX)
        return broken(reader, "too many files inside each other", "take an @include out");
    source->path = path_of(reader, file);
    source->text = read_text(source->path);
    if (source->text == NULL) {
        ropp_error("cannot read the emulator's settings: %s (%s): name a tree that you may read",
                   source->path, strerror(errno));
        free(source->path);
        reader->token = TOKEN_BROKEN;
        return false;
    }
    source->at = source->text;
    source->line = 1;
    reader->file_count++;
    return true;
}

static void pop_file(struct reader *reader)
{
    struct source *source = current(reader);

    free(source->path);
    free(source->text);
    reader->file_count--;
}

/* ---- tokens ---- */

static void step(struct source *source)
{
    if (*source->at == '\n')
        source->line++;
    source->at++;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_-*+.", c) != NULL);
}

static bool starts(const struct source *source, const char *text)
{
    return strncmp(source->at, text, strlen(text)) == 0;
}

/* Moves over white space and comments. False with a message when a comment has no end. */
static bool skip(struct reader *reader)
{
    struct source *source = current(reader);

    for (;;) {
        if (is_space(*source->at)) {
            step(source);
        } else if (*source->at == '#' || starts(source, "//")) {
            source->at += strcspn(source->at, "\n");
        } else if (starts(source, "/*")) {
            if (strstr(source->at + 2, "*/") == NULL)
                return broken(reader, "a comment without an end", "write */ behind it");
            for (source->at += 2; !starts(source, "*/");)
                step(source);
            source->at += 2;
        } else {
            return true;
        }
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Adds what the escape at the backslash stands for, and moves behind it. A backslash that begins
 * none stands for itself. */
static void take_escape(struct reader *reader, struct source *source)
{
    static const char codes[] = "abfnrtv\\\"", bytes[] = "\a\b\f\n\r\t\v\\\"";
    const char *code = source->at[1] != '\0' ? strchr(codes, source->at[1]) : NULL;
    char byte = '\\';

    if (code != NULL) {
        byte = bytes[code - codes];
        source->at += 2;
    } else if (source->at[1] == 'x' && hex_digit(source->at[2]) >= 0 &&
               hex_digit(source->at[3]) >= 0) {
        byte = (char)(hex_digit(source->at[2]) * 16 + hex_digit(source->at[3]));
        source->at += 4;
    } else {
        source->at++;
    }
    ropp_buffer_add(&reader->text, &byte, 1);
}

/* The string at a quote. */
static bool take_string(struct reader *reader)
{
    struct source *source = current(reader);

    for (source->at++; *source->at != '"';) {
        if (*source->at == '\0')
            return broken(reader, "a string without an end", "write \" behind it");
        if (*source->at == '\\') {
            take_escape(reader, source);
            continue;
        }
        ropp_buffer_add(&reader->text, source->at, 1);
        step(source);
    }
    source->at++;
    return true;
}

/* Goes on in the file that the @include at hand names. */
static bool take_include(struct reader *reader)
{
    struct source *source = current(reader);
    char *file;
    bool good;

    source->at += strlen("@include");
    if (!skip(reader))
        return false;
    if (*source->at != '"')
        return broken(reader, "an @include without a file", "write @include \"FILE\"");
    reader->text.size = 0;
    if (!take_string(reader))
        return false;
    file = ropp_copy_text(reader->text.data, reader->text.size);
    good = push_file(reader, file);
    free(file);
    return good;
}

/* Takes the next token. False with a message when there is none that libconfig knows. */
static bool next(struct reader *reader)
{
    struct source *source;

    for (;;) {
        source = current(reader);
        if (!skip(reader))
            return false;
        if (starts(source, "@include")) {
            if (!take_include(reader))
                return false;
        } else if (*source->at == '\0' && reader->file_count > 1) {
            pop_file(reader);
        } else {
            break;
        }
    }
    reader->text.size = 0;
    ropp_buffer_text(&reader->text, "");
    if (*source->at == '"') {
        reader->token = TOKEN_STRING;
        return take_string(reader);
    }
    if (is_word(*source->at)) {
        reader->token = TOKEN_WORD;
        for (; is_word(*source->at); source->at++)
            ropp_buffer_add(&reader->text, source->at, 1);
        return true;
    }
    reader->token = *source->at != '\0' ? TOKEN_SIGN : TOKEN_END;
    reader->sign = *source->at;
    if (*source->at != '\0')
        source->at++;
    return true;
}

static bool at_sign(const struct reader *reader, char sign)
{
    return reader->token == TOKEN_SIGN && reader->sign == sign;
}

/* ---- settings ---- */

/* The groups we look into, and what each of their settings is. */
static const struct {
    const char *group;
    enum ropp_dbconf_rank rank;
} groups[] = {
    {"sql_connection.", ROPP_DBCONF_LOGIN}, /* sql_connection.conf alone */
    {"login_configuration.account.sql_connection.", ROPP_DBCONF_LOGIN},
    {"login_configuration.account.ipban.sql_connection.", ROPP_DBCONF_IPBAN},
    {"proxy_protocol.", ROPP_DBCONF_PROXY},
};

static const struct {
    const char *name;
    bool own; /* in proxy_protocol */
    enum ropp_dbconf_field field;
} names[] = {
    {"db_hostname", false, ROPP_DBCONF_HOST},          {"db_port", false, ROPP_DBCONF_PORT},
    {"db_username", false, ROPP_DBCONF_USER},          {"db_password", false, ROPP_DBCONF_PASSWORD},
    {"db_database", false, ROPP_DBCONF_NAME},          {"proxy_db_host", true, ROPP_DBCONF_HOST},
    {"proxy_db_port", true, ROPP_DBCONF_PORT},         {"proxy_db_user", true, ROPP_DBCONF_USER},
    {"proxy_db_password", true, ROPP_DBCONF_PASSWORD}, {"proxy_db_name", true, ROPP_DBCONF_NAME},
};

/* Takes the value of the setting at hand if it is one of a connection's. False when it is no value
 * for it. */
static bool take_connection(struct reader *reader, const char *value)
{
    const char *path = reader->path.data;
    size_t group, i, length;

    for (group = 0; group < sizeof groups / sizeof groups[0]; group++) {
        length = strlen(groups[group].group);
        if (strncmp(path, groups[group].group, length) != 0)
            continue;
        for (i = 0; i < sizeof names / sizeof names[0]; i++)
            if (strcmp(path + length, names[i].name) == 0 &&
                names[i].own == (groups[group].rank == ROPP_DBCONF_PROXY))
                return ropp_dbconf_set(reader->conf, groups[group].rank, names[i].field, value);
    }
    return true;
}

/* Takes the value of the setting at hand, if it is one of ours. `place` is its file and line. */
static bool take(struct reader *reader, const char *value, const char *place)
{
    const char *path = reader->path.data;

    if (strcmp(path, "import") == 0) {
        free(reader->import);
        reader->import = ropp_copy_text(value, strlen(value));
    }
    if (strcmp(path, "inter_configuration.database_names.ipban_table") == 0)
        ropp_dbconf_take(reader->conf, ROPP_SERVER_LOGIN, "ipban_table", value);
    if (take_connection(reader, value))
        return true;
    ropp_error("bad value: %s: %s: write a port from 1 to 65535, or a shorter text", place, path);
    reader->token = TOKEN_BROKEN;
    return false;
}

static bool read_value(struct reader *reader);

/* What is inside a group, up to the sign that ends it ('\0': the end of the file): `name: value`
 * with an optional comma or semicolon behind each. */
static bool read_group(struct reader *reader, char end)
{
    size_t path_size = reader->path.size;

    while (end == '\0' ? reader->token != TOKEN_END : !at_sign(reader, end)) {
        if (reader->token == TOKEN_END)
            return broken(reader, "a group without an end", "write } behind it");
        if (reader->token != TOKEN_WORD)
            return broken(reader, "not a setting", "write NAME: VALUE");
        if (path_size > 0)
            ropp_buffer_text(&reader->path, ".");
        ropp_buffer_add(&reader->path, reader->text.data, reader->text.size);
        if (!next(reader))
            return false;
        if (!at_sign(reader, ':') && !at_sign(reader, '='))
            return broken(reader, "a setting without a value", "write NAME: VALUE");
        if (!next(reader) || !read_value(reader))
            return false;
        if ((at_sign(reader, ',') || at_sign(reader, ';')) && !next(reader))
            return false;
        reader->path.size = path_size;
        ropp_buffer_text(&reader->path, "");
    }
    return true;
}

/* What is inside a list or an array. Its values have no name and are nothing of ours. */
static bool read_list(struct reader *reader, char end)
{
    ropp_buffer_text(&reader->path, "[]");
    while (!at_sign(reader, end)) {
        if (!read_value(reader) || (at_sign(reader, ',') && !next(reader)))
            return false;
    }
    return true;
}

/* A group, list or array at its opening sign. */
static bool read_nested(struct reader *reader)
{
    char end = reader->sign == '{' ? '}' : reader->sign == '(' ? ')' : ']';
    bool good;

    if (reader->nesting == NESTING_MAX)
        return broken(reader, "too many groups inside each other", "take one out");
    reader->nesting++;
    good = next(reader) && (end == '}' ? read_group(reader, end) : read_list(reader, end)) &&
           next(reader);
    reader->nesting--;
    return good;
}

/* A word, or a string with those that follow it directly: they are one. */
static bool read_scalar(struct reader *reader)
{
    const struct source *source = current(reader);
    char *place = ropp_format("%s:%zu", source->path, source->line);
    bool strings = reader->token == TOKEN_STRING, good;
    struct ropp_buffer value = {0};

    do {
        ropp_buffer_add(&value, reader->text.data, reader->text.size);
        good = next(reader);
    } while (good && strings && reader->token == TOKEN_STRING);
    good = good && take(reader, value.data, place);
    ropp_buffer_free(&value);
    free(place);
    return good;
}

static bool read_value(struct reader *reader)
{
    if (reader->token == TOKEN_STRING || reader->token == TOKEN_WORD)
        return read_scalar(reader);
    if (at_sign(reader, '{') || at_sign(reader, '(') || at_sign(reader, '['))
        return read_nested(reader);
    return broken(reader, "a setting without a value", "write NAME: VALUE");
}

static bool read_file(struct reader *reader, const char *file)
{
    bool good;

    reader->path.size = 0;
    ropp_buffer_text(&reader->path, "");
    good = push_file(reader, file) && next(reader) && read_group(reader, '\0');
    while (reader->file_count > 0)
        pop_file(reader);
    return good;
}

/* The files that import each other, one after the other. A missing one ends it, as it does for the
 * emulator. */
static bool read_imports(struct reader *reader)
{
    unsigned left = FILES_MAX;
    bool good = true, there;
    char *file, *path;
    FILE *in;

    while (good && reader->import != NULL && left-- > 0) {
        file = reader->import;
        reader->import = NULL;
        path = path_of(reader, file);
        in = fopen(path, "r");
        there = in != NULL || errno != ENOENT;
        if (in != NULL)
            fclose(in);
        free(path);
        good = !there || read_file(reader, file);
        free(file);
    }
    return good;
}

bool ropp_libconfig_read(struct ropp_dbconf *conf, const char *tree, const char *file)
{
    struct reader reader = {0};
    bool good;

    reader.conf = conf;
    reader.tree = tree;
    good = read_file(&reader, file) && read_imports(&reader);
    free(reader.import);
    ropp_buffer_free(&reader.text);
    ropp_buffer_free(&reader.path);
    return good;
}
