// SPDX-License-Identifier: MIT
#include "tools/database/libconfig.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/keep.h"
#include "tools/base/text.h"

enum { FILES_MAX = 11, NESTING_MAX = 64, IMPORTS_MAX = 10 };

/* A file that is being read, and how far. */
struct source {
    const char *path;
    const char *text; /* ends with a NUL */
    const char *at;
    size_t line;
};

enum token {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_BOOL,
    TOKEN_INTEGER,
    TOKEN_LONG,
    TOKEN_FLOAT,
    TOKEN_STRING,
    TOKEN_SIGN
};

/* The words that libconfig knows. The longest match counts, of equal ones the first. */
static const struct {
    enum token token;
    const char *pattern;
} words[] = {
    {TOKEN_BOOL, "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])"},
    {TOKEN_FLOAT, "^[-+]?([0-9]*\\.[0-9]*([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)"},
    {TOKEN_INTEGER, "^([-+]?[0-9_]+|0[xX][0-9A-Fa-f_]+|0[bB][01_]+|0[oO][0-7_]+)"},
    {TOKEN_LONG, "^([-+]?[0-9_]+|0[xX][0-9A-Fa-f_]+|0[bB][01_]+|0[oO][0-7_]+)LL?"},
    {TOKEN_NAME, "^[A-Za-z0-9*][-A-Za-z0-9_*.]*"},
};

enum { WORDS = sizeof words / sizeof words[0] };

struct reader {
    struct ropp_config *config;
    regex_t patterns[WORDS];
    struct source files[FILES_MAX]; /* each included by the one before */
    size_t file_count;
    enum token token;        /* the one at hand */
    struct ropp_buffer text; /* its text, for words and strings */
    char sign;               /* for signs */
    struct ropp_buffer path; /* of the setting at hand: names with slashes between them */
    struct ropp_texts paths; /* of all settings of this file */
    unsigned shadowed; /* settings around the one at hand, it included, that came before by the same
                          path: Hercules finds the first */
    size_t lists;      /* begun so far; their elements have paths of their own by it */
    unsigned nesting;  /* of groups, lists and arrays */
    const char *import; /* the file to read next; NULL: none */
    bool alone;         /* sql_connection.conf without the file that includes it */
};

/* ---- files ---- */

static const char *path_of(const struct reader *reader, const char *file)
{
    return file[0] == '/' ? file : ropp_keep_format("%s/%s", reader->config->tree, file);
}

/* The whole file; NULL, with errno, when it cannot be read. */
static const char *read_text(const char *path)
{
    struct ropp_buffer text = {0};
    FILE *in = fopen(path, "rb");
    bool good = in != NULL && ropp_buffer_read(&text, in, SIZE_MAX);
    int error = errno;

    if (in != NULL)
        fclose(in);
    if (good)
        return ropp_keep(ropp_buffer_take(&text));
    ropp_buffer_free(&text);
    errno = error;
    return NULL;
}

static struct source *current(struct reader *reader)
{
    return &reader->files[reader->file_count - 1];
}

static bool broken(struct reader *reader, const char *what, const char *advice)
{
    const struct source *source = current(reader);

    return ropp_error("%s: %s:%zu: %s", what, source->path, source->line, advice);
}

static bool push_file(struct reader *reader, const char *path)
{
    const char *text = read_text(path);

    if (text == NULL)
        return ropp_error(
            "cannot read the emulator's settings: %s (%s): name a tree that you may read", path,
            strerror(errno));
    reader->files[reader->file_count++] = (struct source){path, text, text, 1};
    return true;
}

/* Hercules looks for an included file in this folder first. */
static bool push_included(struct reader *reader, const char *file)
{
    const char *path =
        ropp_keep_format("%s/conf/import/include/login-server/%s", reader->config->tree, file);

    if (reader->file_count == FILES_MAX)
        return broken(reader, "too many files inside each other", "take an @include out");
    return push_file(reader, access(path, R_OK) == 0 ? path : path_of(reader, file));
}

/* ---- tokens ---- */

static void step(struct source *source)
{
    if (*source->at == '\n')
        source->line++;
    source->at++;
}

static bool starts(const struct source *source, const char *text)
{
    return strncmp(source->at, text, strlen(text)) == 0;
}

/* Moves over white space and comments. One in stars without an end goes to the end of the file; one
 * of a line that no line break ends is none to libconfig. False with a message then. */
static bool skip(struct reader *reader)
{
    struct source *source = current(reader);

    for (;;) {
        if (*source->at != '\0' && strchr(" \t\n\f\r", *source->at) != NULL) {
            step(source);
        } else if (*source->at == '#' || starts(source, "//")) {
            source->at += strcspn(source->at, "\n");
            if (*source->at == '\0')
                return broken(reader, "a comment in the last line", "write a line break behind it");
        } else if (starts(source, "/*")) {
            for (source->at += 2; *source->at != '\0' && !starts(source, "*/");)
                step(source);
            source->at += *source->at != '\0' ? 2 : 0;
        } else {
            return true;
        }
    }
}

/* Adds what the escape at the backslash means, and moves behind it. A backslash that begins none
 * means itself. */
static void take_escape(struct reader *reader, struct source *source)
{
    static const char codes[] = "fnrt\\\"", bytes[] = "\f\n\r\t\\\"";
    const char *at = source->at, *code = at[1] != '\0' ? strchr(codes, at[1]) : NULL;
    unsigned number;
    char byte = '\\';

    source->at++;
    if (code != NULL) {
        byte = bytes[code - codes];
        source->at++;
    } else if ((at[1] == 'x' || at[1] == 'X') && isxdigit((unsigned char)at[2]) &&
               isxdigit((unsigned char)at[3]) && sscanf(at + 2, "%2x", &number) == 1) {
        byte = (char)number;
        source->at += 3;
    }
    if (byte != '\0') /* which libconfig leaves out */
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

/* Whether an @include is at hand. It must begin its line. */
static bool at_include(const struct source *source)
{
    const char *begin = source->at;

    while (begin > source->text && (begin[-1] == ' ' || begin[-1] == '\t'))
        begin--;
    return starts(source, "@include") && (begin == source->text || begin[-1] == '\n');
}

/* Goes on in the file that the @include at hand names. */
static bool take_include(struct reader *reader)
{
    struct source *source = current(reader);

    source->at += strlen("@include");
    source->at += strspn(source->at, " \t");
    if (*source->at != '"')
        return broken(reader, "an @include without a file", "write @include \"FILE\"");
    reader->text.size = 0;
    return take_string(reader) &&
           push_included(reader, ropp_keep_part(reader->text.data, reader->text.size));
}

/* Takes the word at hand, if libconfig knows it for one. */
static bool take_word(struct reader *reader, struct source *source)
{
    size_t longest = 0, length;
    regmatch_t match;

    for (size_t i = 0; i < WORDS; i++) {
        if (regexec(&reader->patterns[i], source->at, 1, &match, 0) != 0)
            continue;
        length = (size_t)match.rm_eo;
        if (length <= longest)
            continue;
        longest = length;
        reader->token = words[i].token;
    }
    ropp_buffer_add(&reader->text, source->at, longest);
    source->at += longest;
    return longest > 0;
}

/* The text between <" and ">, which Hercules has for scripts. */
static bool take_script(struct reader *reader, struct source *source)
{
    const char *end = strstr(source->at + 2, "\">");

    if (end == NULL)
        return broken(reader, "a string without an end", "write \"> behind it");
    for (source->at += 2; source->at < end; step(source))
        ropp_buffer_add(&reader->text, source->at, 1);
    source->at += 2;
    return true;
}

/* Takes the next token. False with a message when there is none that libconfig knows. */
static bool next(struct reader *reader)
{
    struct source *source;

    for (;;) {
        source = current(reader);
        if (!skip(reader))
            return false;
        if (at_include(source)) {
            if (!take_include(reader))
                return false;
        } else if (*source->at == '\0' && reader->file_count > 1) {
            reader->file_count--;
        } else {
            break;
        }
    }
    reader->text.size = 0;
    ropp_buffer_text(&reader->text, "");
    reader->token = TOKEN_STRING;
    if (*source->at == '"')
        return take_string(reader);
    if (starts(source, "<\""))
        return take_script(reader, source);
    if (take_word(reader, source))
        return true;
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

/* The value of a whole number. */
static long long number_of(const char *text)
{
    char digits[64] = "";
    size_t length = 0;
    int base = 10;

    for (; *text != '\0' && length < sizeof digits - 1; text++)
        if (*text != '_')
            digits[length++] = *text;
    digits[length] = '\0';
    if (digits[0] == '0' && strchr("xX", digits[1]) != NULL)
        base = 16;
    else if (digits[0] == '0' && strchr("bB", digits[1]) != NULL)
        base = 2;
    else if (digits[0] == '0' && strchr("oO", digits[1]) != NULL)
        base = 8;
    if (digits[1] == '\0')
        base = 10;
    return strtoll(digits + (base == 10 ? 0 : 2), NULL, base);
}

/* Takes a setting of one of the emulator's accounts, if it is one and of its type. */
static void take_account(struct reader *reader, enum token type, const char *value)
{
    static const struct {
        const char *group, *prefix; /* in files of lines */
        bool alone;
    } groups[] = {
        {"sql_connection/", "sql.", true},
        {"login_configuration/account/sql_connection/", "sql.", false},
        {"login_configuration/account/ipban/sql_connection/", "ipban.sql.", false},
    };
    const char *path = reader->path.data, *name;
    char key[64];

    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (groups[i].alone != reader->alone ||
            strncmp(path, groups[i].group, strlen(groups[i].group)) != 0)
            continue;
        name = path + strlen(groups[i].group);
        if (type != (strcmp(name, "db_port") == 0 ? TOKEN_INTEGER : TOKEN_STRING))
            continue;
        snprintf(key, sizeof key, "%s%s", groups[i].prefix, name);
        ropp_dbconf_take(&reader->config->db, ROPP_SERVER_LOGIN, key, value);
    }
}

/* The name of the setting at hand if it is one of ropp's own about the database; NULL: not. */
static const char *own_key(const struct reader *reader)
{
    static const char group[] = "proxy_protocol/";
    const char *name = reader->path.data + sizeof group - 1;

    return strncmp(reader->path.data, group, sizeof group - 1) == 0 &&
                   ropp_config_is_db_key(name) && strchr(name, '/') == NULL
               ? name
               : NULL;
}

/* Refuses a form that a setting of ropp's own cannot have. */
static bool check_form(struct reader *reader, enum ropp_config_form form, const char *place)
{
    char error[ROPP_ERROR_TEXT];

    return own_key(reader) == NULL || ropp_config_check_form(place, own_key(reader), form, error) ||
           ropp_error("%s", error);
}

/* Takes the value of the setting at hand, if it is one of ours. `place` is its file and line. */
static bool take(struct reader *reader, enum token type, const char *text, const char *place)
{
    long long value = type == TOKEN_LONG ? number_of(text) : (int)number_of(text);
    char number[32], error[ROPP_ERROR_TEXT];
    const char *path = reader->path.data;

    snprintf(number, sizeof number, "%lld", value);
    if (own_key(reader) != NULL)
        return check_form(reader, type == TOKEN_STRING ? ROPP_FORM_TEXT : ROPP_FORM_BARE, place) &&
               (ropp_config_set(reader->config, place, own_key(reader),
                                type == TOKEN_INTEGER || type == TOKEN_LONG ? number : text,
                                error) ||
                ropp_error("%s", error));
    if (reader->shadowed > 0)
        return true;
    if (type == TOKEN_STRING && strcmp(path, "import") == 0)
        reader->import = ropp_keep_text(text);
    if (type == TOKEN_STRING && strcmp(path, "inter_configuration/database_names/ipban_table") == 0)
        ropp_dbconf_take(&reader->config->db, ROPP_SERVER_LOGIN, "ipban_table", text);
    snprintf(number, sizeof number, "%lld", value < 0 ? 0 : value > 65535 ? 65535 : value);
    take_account(reader, type, type == TOKEN_INTEGER ? number : text);
    return true;
}

static bool read_value(struct reader *reader);

/* Goes into a setting of the group at hand. True in *again when its name was there already. */
static bool enter(struct reader *reader, bool *again)
{
    if (reader->path.size > 0)
        ropp_buffer_text(&reader->path, "/");
    ropp_buffer_add(&reader->path, reader->text.data, reader->text.size);
    *again = ropp_texts_have(&reader->paths, reader->path.data);
    if (*again && strcmp(reader->path.data, "proxy_protocol") == 0)
        return broken(reader, "the group proxy_protocol is there already", "put both into one");
    ropp_texts_keep(&reader->paths, ropp_keep_text(reader->path.data));
    return true;
}

static void leave(struct reader *reader, size_t path_size)
{
    reader->path.size = path_size;
    ropp_buffer_text(&reader->path, "");
}

/* What is inside a group, up to the sign that ends it ('\0': the end of the file): `name: value`
 * with an optional comma or semicolon behind each. */
static bool read_group(struct reader *reader, char end)
{
    size_t path_size = reader->path.size;
    bool again;

    while (end == '\0' ? reader->token != TOKEN_END : !at_sign(reader, end)) {
        if (reader->token == TOKEN_END)
            return broken(reader, "a group without an end", "write } behind it");
        if (reader->token != TOKEN_NAME)
            return broken(reader, "not a setting", "write NAME: VALUE");
        if (!enter(reader, &again) || !next(reader))
            return false;
        reader->shadowed += again;
        if (!at_sign(reader, ':') && !at_sign(reader, '='))
            return broken(reader, "a setting without a value", "write NAME: VALUE");
        if (!next(reader) || !read_value(reader))
            return false;
        if ((at_sign(reader, ',') || at_sign(reader, ';')) && !next(reader))
            return false;
        reader->shadowed -= again;
        leave(reader, path_size);
    }
    return true;
}

static bool is_scalar(enum token token)
{
    return token == TOKEN_STRING || token == TOKEN_BOOL || token == TOKEN_INTEGER ||
           token == TOKEN_LONG || token == TOKEN_FLOAT;
}

/* What is inside a list, or an array, whose values are of one type. They have no name and are
 * nothing of ours. */
static bool read_list(struct reader *reader, char end)
{
    size_t path_size = reader->path.size;
    enum token type = reader->token;

    while (!at_sign(reader, end)) {
        if (end == ']' && (!is_scalar(reader->token) || reader->token != type))
            return broken(reader, "an array of more than one type", "write ( ) around its values");
        ropp_buffer_format(&reader->path, "[%zu]", reader->lists++);
        if (!read_value(reader))
            return false;
        leave(reader, path_size);
        if (reader->token == TOKEN_END)
            return broken(reader, "a list without an end",
                          end == ')' ? "write ) behind it" : "write ] behind it");
        if (!at_sign(reader, ',') && !at_sign(reader, end))
            return broken(reader, "no comma between two values", "write one");
        if (at_sign(reader, ',') && !next(reader))
            return false;
    }
    return true;
}

/* A group, list or array at its opening sign. */
static bool read_nested(struct reader *reader)
{
    char end = reader->sign == '{' ? '}' : reader->sign == '(' ? ')' : ']';
    const char *place;
    bool good;

    if (reader->nesting == NESTING_MAX)
        return broken(reader, "too many groups inside each other", "take one out");
    place = ropp_keep_format("%s:%zu", current(reader)->path, current(reader)->line);
    reader->nesting++;
    good = check_form(reader, end == '}' ? ROPP_FORM_GROUP : ROPP_FORM_LIST, place) &&
           next(reader) && (end == '}' ? read_group(reader, end) : read_list(reader, end)) &&
           next(reader);
    reader->nesting--;
    return good;
}

/* A word, or a string with those that follow it directly: they are one. */
static bool read_scalar(struct reader *reader)
{
    const struct source *source = current(reader);
    const char *place = ropp_keep_format("%s:%zu", source->path, source->line);
    enum token type = reader->token;
    struct ropp_buffer value = {0};
    bool good;

    do {
        ropp_buffer_add(&value, reader->text.data, reader->text.size);
        good = next(reader);
    } while (good && type == TOKEN_STRING && reader->token == TOKEN_STRING);
    good = good && take(reader, type, value.data, place);
    ropp_buffer_free(&value);
    return good;
}

static bool read_value(struct reader *reader)
{
    if (is_scalar(reader->token))
        return read_scalar(reader);
    if (at_sign(reader, '{') || at_sign(reader, '(') || at_sign(reader, '['))
        return read_nested(reader);
    return broken(reader, "a setting without a value", "write NAME: VALUE, a text in quotes");
}

static bool read_file(struct reader *reader, const char *file)
{
    bool good;

    leave(reader, 0);
    good = push_file(reader, path_of(reader, file)) && next(reader) && read_group(reader, '\0');
    reader->file_count = 0;
    reader->paths.count = 0;
    return good;
}

/* The files that import each other, one after the other, as the emulator has it: a missing one ends
 * it, and so does one that imports itself or the first. */
static bool read_imports(struct reader *reader, const char *first)
{
    const char *before = first, *file;
    unsigned left = IMPORTS_MAX;
    bool good = true;

    while (good && reader->import != NULL && left-- > 0) {
        file = reader->import;
        reader->import = NULL;
        if ((access(path_of(reader, file), F_OK) == 0 || errno != ENOENT) &&
            strcmp(file, before) != 0 && strcmp(file, first) != 0)
            good = read_file(reader, file);
        before = file;
    }
    return good;
}

bool ropp_libconfig_read(struct ropp_config *config, const char *file)
{
    struct reader reader = {0};
    bool good;

    reader.config = config;
    reader.alone = strcmp(file, "conf/global/sql_connection.conf") == 0;
    for (size_t i = 0; i < WORDS; i++)
        (void)regcomp(&reader.patterns[i], words[i].pattern, REG_EXTENDED);
    good = read_file(&reader, file) && read_imports(&reader, file);
    for (size_t i = 0; i < WORDS; i++)
        regfree(&reader.patterns[i]);
    ropp_buffer_free(&reader.text);
    ropp_buffer_free(&reader.path);
    return good;
}
