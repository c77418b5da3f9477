#include "tools/patch/hooks/hookfile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/patch/tree/tree.h"

#define NAME_LIMIT 40

/* -- reading lines ------------------------------------------------------- */

/* One `key value` line. Both are NUL-terminated and without white space around them. */
struct line {
    size_t number;
    char *text; /* the whole line, white space at both ends removed */
    char *key;
    char *value;
};

struct reader {
    const char *data;
    size_t size, at;
    size_t number;
    struct line line;
    struct ropp_mistake **mistakes;
    size_t *mistake_count;
};

static void mistake(struct reader *reader, size_t line, char *text)
{
    struct ropp_mistake *list;

    list = ropp_grow(*reader->mistakes, *reader->mistake_count, sizeof *list);
    list[*reader->mistake_count].line = line;
    list[*reader->mistake_count].text = text;
    *reader->mistakes = list;
    (*reader->mistake_count)++;
}

static void free_line(struct line *line)
{
    free(line->text);
    free(line->key);
    free(line->value);
    memset(line, 0, sizeof *line);
}

static void start_reading(struct reader *reader, const char *data, size_t size,
                          struct ropp_mistake **mistakes, size_t *mistake_count)
{
    reader->data = data;
    reader->size = size;
    reader->mistakes = mistakes;
    reader->mistake_count = mistake_count;
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
        reader->at = 3; /* a byte order mark */
}

/* The next line that is neither empty nor a comment. */
static bool next_line(struct reader *reader)
{
    free_line(&reader->line);
    while (reader->at < reader->size) {
        const char *start = reader->data + reader->at;
        size_t left = reader->size - reader->at;
        const char *end = memchr(start, '\n', left);
        size_t length = end ? (size_t)(end - start) : left, key, value;

        reader->at += length + (end ? 1 : 0);
        reader->number++;
        if (memchr(start, '\0', length)) {
            mistake(reader, reader->number, ropp_format("a NUL byte: this is not a text file"));
            reader->at = reader->size;
            return false;
        }
        while (length && isspace((unsigned char)*start))
            start++, length--;
        while (length && isspace((unsigned char)start[length - 1]))
            length--;
        if (length == 0 || *start == '#')
            continue;
        for (key = 0; key < length && !isspace((unsigned char)start[key]);)
            key++;
        for (value = key; value < length && isspace((unsigned char)start[value]);)
            value++;
        reader->line.number = reader->number;
        reader->line.text = ropp_copy_text(start, length);
        reader->line.key = ropp_copy_text(start, key);
        reader->line.value = ropp_copy_text(start + value, length - value);
        return true;
    }
    return false;
}

/* Whether the line has something behind its key, and a mistake if not. */
static bool has_value(struct reader *reader, const char *what)
{
    if (reader->line.value[0])
        return true;
    mistake(reader, reader->line.number,
            ropp_format("'%s' needs %s behind it", reader->line.key, what));
    return false;
}

/* Stores a value that may be given once. */
static void set_once(struct reader *reader, char **slot, const char *what)
{
    if (*slot)
        mistake(reader, reader->line.number,
                ropp_format("a second '%s': one is enough", reader->line.key));
    else if (has_value(reader, what))
        *slot = ropp_copy_text(reader->line.value, strlen(reader->line.value));
}

static void add_path(struct reader *reader, struct ropp_texts *paths, const char *start,
                     size_t length)
{
    while (length && isspace((unsigned char)*start))
        start++, length--;
    while (length && isspace((unsigned char)start[length - 1]))
        length--;
    ropp_texts_add(paths, start, length);
    if (!ropp_tree_path_ok(paths->items[paths->count - 1]))
        mistake(reader, reader->line.number,
                ropp_format("'%s' is no path inside a tree: write it relative to the tree's top, "
                            "with '/' between "
                            "folders and without '..'",
                            paths->items[paths->count - 1]));
}

/* `PATH | PATH ...` */
static void read_paths(struct reader *reader, struct ropp_texts *paths)
{
    const char *value = reader->line.value;
    size_t i;

    if (!has_value(reader, "a path"))
        return;
    for (;;) {
        const char *bar = strchr(value, '|');

        add_path(reader, paths, value, bar ? (size_t)(bar - value) : strlen(value));
        for (i = 0; i + 1 < paths->count; i++)
            if (strcmp(paths->items[i], paths->items[paths->count - 1]) == 0)
                mistake(reader, reader->line.number,
                        ropp_format("'%s' stands in this line twice", paths->items[i]));
        if (bar == NULL)
            return;
        value = bar + 1;
    }
}

static struct ropp_pattern *read_pattern(struct reader *reader, const char *source)
{
    char *why = NULL;
    struct ropp_pattern *pattern = ropp_pattern_new(source, &why);

    if (pattern == NULL)
        mistake(reader, reader->line.number, why);
    return pattern;
}

static bool name_ok(const char *name)
{
    size_t i, length = strlen(name);

    if (length == 0 || length > NAME_LIMIT || name[0] == '-' || name[length - 1] == '-')
        return false;
    for (i = 0; i < length; i++) {
        if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) && name[i] != '-')
            return false;
        /* Two hyphens would end an XML comment. */
        if (name[i] == '-' && name[i + 1] == '-')
            return false;
    }
    return true;
}

static char *read_name(struct reader *reader)
{
    if (!name_ok(reader->line.value))
        mistake(reader, reader->line.number,
                ropp_format("'%s' is no name: lower-case letters, digits and single hyphens, at "
                            "most %d characters",
                            reader->line.value, NAME_LIMIT));
    return ropp_copy_text(reader->line.value, strlen(reader->line.value));
}

/* -- hooks --------------------------------------------------------------- */

struct hook_reader {
    struct reader reader;
    struct ropp_hookfile *file;
};

/* C++ names too: Class::name. */
static bool function_name_ok(const char *name)
{
    size_t i;

    if (!isalpha((unsigned char)name[0]) && name[0] != '_' && name[0] != '~')
        return false;
    for (i = 1; name[i]; i++)
        if (!isalnum((unsigned char)name[i]) && !strchr("_:~", name[i]))
            return false;
    return name[i - 1] != ':';
}

static void read_in(struct reader *reader, struct ropp_hook *hook)
{
    char *value = reader->line.value, *name;
    size_t length;

    if (hook->in_line) {
        mistake(reader, reader->line.number, ropp_format("a second 'in': one is enough"));
        return;
    }
    hook->in_line = reader->line.number;
    name =
        strncmp(value, "function", 8) == 0 && isspace((unsigned char)value[8]) ? value + 8 : NULL;
    if (name == NULL) {
        mistake(reader, reader->line.number,
                ropp_format("'in %s': write 'in function NAME' or 'in function /PATTERN/'", value));
        return;
    }
    while (isspace((unsigned char)*name))
        name++;
    length = strlen(name);
    if (name[0] == '/' && length > 2 && name[length - 1] == '/') {
        char *why = NULL;

        name[length - 1] = '\0';
        hook->function_pattern = ropp_pattern_new_whole(name + 1, &why);
        if (why)
            mistake(reader, reader->line.number, why);
    } else if (function_name_ok(name)) {
        hook->function = ropp_copy_text(name, length);
    } else {
        mistake(reader, reader->line.number,
                ropp_format("'%s' is no function's name: write NAME, Class::NAME or /PATTERN/",
                            name));
    }
}

static void read_at(struct reader *reader, struct ropp_hook *hook)
{
    static const struct {
        const char *word;
        enum ropp_position position;
        bool pattern;
    } positions[] = {
        {"start", ROPP_POSITION_START, false},
        {"end", ROPP_POSITION_END, false},
        {"before", ROPP_POSITION_BEFORE, true},
        {"after", ROPP_POSITION_AFTER, true},
        {"before-line", ROPP_POSITION_BEFORE_LINE, true},
        {"after-line", ROPP_POSITION_AFTER_LINE, true},
    };
    const char *value = reader->line.value, *rest;
    size_t i, length = 0;

    if (hook->at_line) {
        mistake(reader, reader->line.number, ropp_format("a second 'at': one is enough"));
        return;
    }
    hook->at_line = reader->line.number;
    while (value[length] && !isspace((unsigned char)value[length]))
        length++;
    for (rest = value + length; isspace((unsigned char)*rest);)
        rest++;
    for (i = 0; i < sizeof positions / sizeof positions[0]; i++) {
        if (strlen(positions[i].word) != length || memcmp(positions[i].word, value, length) != 0)
            continue;
        hook->position = positions[i].position;
        if (positions[i].pattern && *rest == '\0')
            mistake(reader, reader->line.number,
                    ropp_format("'at %s' needs a pattern behind it", positions[i].word));
        else if (!positions[i].pattern && *rest)
            mistake(reader, reader->line.number,
                    ropp_format("'at %s' takes no pattern, but '%s' follows", positions[i].word,
                                rest));
        else if (positions[i].pattern)
            hook->pattern = read_pattern(reader, rest);
        return;
    }
    mistake(
        reader, reader->line.number,
        ropp_format(
            "'at %s': write start, end, or before, after, before-line or after-line with a pattern",
            value));
}

/* `match PATTERN`: where a fact stands. */
static void read_match(struct reader *reader, struct ropp_hook *hook)
{
    if (hook->at_line) {
        mistake(reader, reader->line.number, ropp_format("a second 'match': one is enough"));
        return;
    }
    hook->at_line = reader->line.number;
    hook->position = ROPP_POSITION_FACT;
    if (has_value(reader, "a pattern"))
        hook->pattern = read_pattern(reader, reader->line.value);
}

/* What a fact is there: the text of a #define. */
static void read_fact_value(struct reader *reader, struct ropp_hook *hook)
{
    if (hook->lines.count)
        mistake(reader, reader->line.number, ropp_format("a second 'value': one is enough"));
    else if (has_value(reader, "the text of a #define"))
        ropp_texts_add(&hook->lines, reader->line.value, strlen(reader->line.value));
}

static void read_language(struct reader *reader, struct ropp_hook *hook, size_t *line)
{
    if (*line)
        mistake(reader, reader->line.number, ropp_format("a second 'language': one is enough"));
    *line = reader->line.number;
    hook->language = ropp_language_by_name(reader->line.value);
    if (hook->language == ROPP_LANGUAGES) {
        mistake(reader, reader->line.number,
                ropp_format("'%s' is no language: c, make, cmake, xml or conf",
                            reader->line.value));
        hook->language = ROPP_LANGUAGE_C;
    }
}

/* A line of the insertion: what stands behind the `|`, at its own place in the file's text, since
 * white space at its end and its beginning counts. */
static void read_inserted(struct reader *reader, struct ropp_hook *hook)
{
    const char *text = reader->line.text + 1;

    if (*text == ' ')
        text++;
    if (strstr(text, "ropp:begin") || strstr(text, "ropp:end") || strstr(text, "ropp:file"))
        mistake(reader, reader->line.number,
                ropp_format("an inserted line may not look like one of ropp's own markers"));
    ropp_texts_add(&hook->lines, text, strlen(text));
}

static enum ropp_language language_of_files(const struct ropp_texts *files)
{
    enum ropp_language language = ROPP_LANGUAGES;
    size_t i;

    for (i = 0; i < files->count; i++) {
        enum ropp_language this_one = ropp_language_of_file(files->items[i]);

        if (this_one == ROPP_LANGUAGES || (i > 0 && this_one != language))
            return ROPP_LANGUAGES;
        language = this_one;
    }
    return language;
}

struct group_check {
    struct reader *reader;
    const struct ropp_hook *hook;
};

static void check_group_twice(void *context, const char *name)
{
    struct group_check *check = context;

    if (ropp_pattern_has_group(check->hook->pattern, name, strlen(name)))
        mistake(
            check->reader, check->hook->at_line,
            ropp_format("the group '%s' is in 'signature' already: give one of them another name",
                        name));
}

/* Every ${name} must be a capture; elsewhere than in C it may be the build system's own. */
static void check_captures(struct reader *reader, const struct ropp_hook *hook, size_t first_line)
{
    size_t i;

    if (hook->signature && hook->pattern) {
        struct group_check check = {reader, hook};

        ropp_pattern_each_group(hook->signature, check_group_twice, &check);
    }
    for (i = 0; i < hook->lines.count && hook->language == ROPP_LANGUAGE_C; i++) {
        const char *open = hook->lines.items[i];

        while ((open = strstr(open, "${")) != NULL) {
            const char *close = strchr(open, '}');
            size_t length = close ? (size_t)(close - open - 2) : 0;

            open += 2;
            if (close &&
                ((hook->pattern && ropp_pattern_has_group(hook->pattern, open, length)) ||
                 (hook->signature && ropp_pattern_has_group(hook->signature, open, length))))
                continue;
            mistake(reader, first_line,
                    ropp_format("'${%.*s}' is no capture: name a group of 'signature' or of the "
                                "pattern, (?<name>...)",
                                (int)(close ? length : strlen(open)), open));
        }
    }
}

/* What a fact needs, and cannot have. */
static void check_fact(struct reader *reader, const struct ropp_hook *fact)
{
    if (fact->lines.count == 0)
        mistake(reader, fact->line, ropp_format("fact '%s' has no 'value'", fact->name));
    if (fact->each)
        mistake(reader, fact->line,
                ropp_format("fact '%s' has 'each': it is one, so write 'file'", fact->name));
}

static void check_hook(struct reader *reader, struct ropp_hook *hook, size_t language_line,
                       size_t insert_line, bool ended)
{
    const char *kind = hook->fact ? "fact" : "hook";

    if (hook->why == NULL)
        mistake(reader, hook->line, ropp_format("%s '%s' has no 'why'", kind, hook->name));
    if (hook->files.count == 0)
        mistake(reader, hook->line, ropp_format("%s '%s' has no 'file'", kind, hook->name));
    if (hook->at_line == 0)
        mistake(reader, hook->line,
                ropp_format("%s '%s' has no '%s'", kind, hook->name, hook->fact ? "match" : "at"));
    if (hook->fact)
        check_fact(reader, hook);
    else if (insert_line == 0)
        mistake(reader, hook->line, ropp_format("hook '%s' has no 'insert'", hook->name));
    else if (hook->lines.count == 0)
        mistake(reader, insert_line,
                ropp_format("hook '%s' inserts nothing: write '| ' in front of each line",
                            hook->name));
    if (!ended)
        mistake(reader, hook->line, ropp_format("%s '%s' has no 'end'", kind, hook->name));
    if (hook->files.count && language_line == 0) {
        hook->language = language_of_files(&hook->files);
        if (hook->language == ROPP_LANGUAGES) {
            mistake(reader, hook->line,
                    ropp_format("the language of hook '%s' cannot be told from its files' names: "
                                "add a 'language' line",
                                hook->name));
            hook->language = ROPP_LANGUAGE_C;
        }
    }
    if (hook->signature && hook->in_line == 0)
        mistake(reader, hook->line,
                ropp_format("%s '%s' has a 'signature' but no 'in'", kind, hook->name));
    if (hook->in_line && hook->language != ROPP_LANGUAGE_C)
        mistake(reader, hook->in_line, ropp_format("'in' is for C and C++ files only"));
    if (hook->language == ROPP_LANGUAGE_XML && hook->at_line && hook->position <= ROPP_POSITION_END)
        mistake(reader, hook->at_line,
                ropp_format("'at start' and 'at end' would land outside of an XML file's root: use "
                            "before or after"));
    check_captures(reader, hook, insert_line ? insert_line : hook->line);
}

static bool opens_block(const char *key)
{
    return strcmp(key, "hook") == 0 || strcmp(key, "fact") == 0 || strcmp(key, "copy") == 0;
}

static void read_hook(struct hook_reader *hooks)
{
    struct reader *reader = &hooks->reader;
    struct ropp_hook hook = {0};
    size_t language_line = 0, insert_line = 0;
    bool ended = false;

    hook.line = reader->line.number;
    hook.fact = reader->line.key[0] == 'f';
    hook.name = read_name(reader);
    hook.source = hooks->file->source;
    hook.language = ROPP_LANGUAGE_C;
    while (!ended && next_line(reader)) {
        const char *key = reader->line.key;

        if (opens_block(key)) {
            /* Read by the caller: one missing `end` should be one mistake. */
            break;
        } else if (key[0] == '|' && insert_line) {
            read_inserted(reader, &hook);
        } else if (strcmp(key, "end") == 0) {
            ended = true;
        } else if (insert_line) {
            mistake(reader, reader->line.number,
                    ropp_format(
                        "'%s' behind 'insert': only lines with '|' in front, and then 'end'", key));
        } else if (strcmp(key, "why") == 0) {
            set_once(reader, &hook.why, "a sentence");
        } else if (hook.fact && strcmp(key, "match") == 0) {
            read_match(reader, &hook);
        } else if (hook.fact && strcmp(key, "value") == 0) {
            read_fact_value(reader, &hook);
        } else if (hook.fact && strcmp(key, "default") == 0) {
            set_once(reader, &hook.fallback, "the text of a #define");
        } else if (!hook.fact && strcmp(key, "optional") == 0) {
            set_once(reader, &hook.optional, "the reason why the place may be missing");
        } else if (strcmp(key, "file") == 0 || strcmp(key, "each") == 0) {
            if (hook.files.count)
                mistake(reader, reader->line.number,
                        ropp_format(
                            "a second '%s': write alternatives in one line, with '|' between them",
                            key));
            hook.each = strcmp(key, "each") == 0;
            read_paths(reader, &hook.files);
        } else if (strcmp(key, "when") == 0) {
            if (hook.when.count)
                mistake(reader, reader->line.number,
                        ropp_format("a second 'when': write alternatives in one line, with '|' "
                                    "between them"));
            read_paths(reader, &hook.when);
        } else if (strcmp(key, "language") == 0) {
            read_language(reader, &hook, &language_line);
        } else if (strcmp(key, "in") == 0) {
            read_in(reader, &hook);
        } else if (strcmp(key, "signature") == 0) {
            if (hook.signature)
                mistake(reader, reader->line.number,
                        ropp_format("a second 'signature': one is enough"));
            else if (has_value(reader, "a pattern"))
                hook.signature = read_pattern(reader, reader->line.value);
        } else if (!hook.fact && strcmp(key, "at") == 0) {
            read_at(reader, &hook);
        } else if (!hook.fact && strcmp(key, "insert") == 0) {
            insert_line = reader->line.number;
            if (reader->line.value[0])
                mistake(reader, reader->line.number,
                        ropp_format("the lines to insert stand below 'insert', each behind a '|'"));
        } else if (hook.fact) {
            mistake(reader, reader->line.number,
                    ropp_format("'%s' is no key of a fact: why, file, when, language, in, "
                                "signature, match, value, default, end",
                                key));
        } else {
            mistake(reader, reader->line.number,
                    ropp_format("'%s' is no key of a hook: why, file, each, when, language, in, "
                                "signature, at, optional, "
                                "insert, end",
                                key));
        }
    }
    check_hook(reader, &hook, language_line, insert_line, ended);
    hooks->file->hooks =
        ropp_grow(hooks->file->hooks, hooks->file->hook_count, sizeof *hooks->file->hooks);
    hooks->file->hooks[hooks->file->hook_count++] = hook;
}

/* `to PATH` or `to PATH when PATH` */
static void read_to(struct reader *reader, struct ropp_copy *copy)
{
    const char *value = reader->line.value, *when = strstr(value, " when ");

    if (!has_value(reader, "a path"))
        return;
    add_path(reader, &copy->to, value, when ? (size_t)(when - value) : strlen(value));
    if (when)
        add_path(reader, &copy->when, when + 6, strlen(when + 6));
    else
        ropp_texts_add(&copy->when, "", 0);
    if (ropp_language_of_file(copy->to.items[copy->to.count - 1]) == ROPP_LANGUAGES)
        mistake(
            reader, reader->line.number,
            ropp_format("'%s': the kind of comment for the marker cannot be told from this name",
                        copy->to.items[copy->to.count - 1]));
}

static void read_copy(struct hook_reader *hooks)
{
    struct reader *reader = &hooks->reader;
    struct ropp_copy copy = {0};
    bool ended = false;

    copy.line = reader->line.number;
    copy.name = read_name(reader);
    copy.source = hooks->file->source;
    while (!ended && next_line(reader)) {
        const char *key = reader->line.key;

        if (opens_block(key))
            break;
        else if (strcmp(key, "end") == 0)
            ended = true;
        else if (strcmp(key, "why") == 0)
            set_once(reader, &copy.why, "a sentence");
        else if (strcmp(key, "optional") == 0)
            set_once(reader, &copy.optional, "the reason why it may be missing");
        else if (strcmp(key, "from") == 0)
            set_once(reader, &copy.from, "the name of a file");
        else if (strcmp(key, "facts") == 0)
            copy.facts = true;
        else if (strcmp(key, "to") == 0)
            read_to(reader, &copy);
        else
            mistake(reader, reader->line.number,
                    ropp_format("'%s' is no key of a copy: why, from, facts, to, optional, end",
                                key));
    }
    if (copy.why == NULL)
        mistake(reader, copy.line, ropp_format("copy '%s' has no 'why'", copy.name));
    if (copy.from == NULL && !copy.facts)
        mistake(reader, copy.line, ropp_format("copy '%s' has no 'from'", copy.name));
    else if (copy.from && copy.facts)
        mistake(reader, copy.line,
                ropp_format("copy '%s' has 'from' and 'facts': choose one", copy.name));
    else if (copy.facts)
        copy.from = ropp_format("the facts of the tree");
    else if (!ropp_tree_path_ok(copy.from))
        mistake(reader, copy.line, ropp_format("'%s' is no path inside a folder", copy.from));
    if (copy.to.count == 0)
        mistake(reader, copy.line, ropp_format("copy '%s' has no 'to'", copy.name));
    if (!ended)
        mistake(reader, copy.line, ropp_format("copy '%s' has no 'end'", copy.name));
    hooks->file->copies =
        ropp_grow(hooks->file->copies, hooks->file->copy_count, sizeof *hooks->file->copies);
    hooks->file->copies[hooks->file->copy_count++] = copy;
}

static int compare_mistakes(const void *left, const void *right)
{
    const struct ropp_mistake *a = left, *b = right;

    return a->line < b->line ? -1 : a->line > b->line;
}

bool ropp_hookfile_parse(struct ropp_hookfile *file, const char *source, const char *data,
                         size_t size)
{
    struct hook_reader hooks = {{0}, file};
    struct reader *reader = &hooks.reader;
    bool stray = false;

    memset(file, 0, sizeof *file);
    file->source = ropp_copy_text(source, strlen(source));
    start_reading(reader, data, size, &file->mistakes, &file->mistake_count);
    if (next_line(reader))
        while (reader->line.key) {
            if (opens_block(reader->line.key)) {
                if (reader->line.key[0] == 'c')
                    read_copy(&hooks);
                else
                    read_hook(&hooks);
                stray = false;
                /* A missing `end`: the line that follows is read already. */
                if (reader->line.key && strcmp(reader->line.key, "end") != 0)
                    continue;
            } else if (!stray) {
                mistake(
                    reader, reader->line.number,
                    ropp_format(
                        "'%s' outside of a hook: expected 'hook NAME', 'fact NAME' or 'copy NAME'",
                        reader->line.key));
                stray = true; /* once for a run of them */
            }
            if (!next_line(reader))
                break;
        }
    free_line(&reader->line);
    if (file->mistake_count)
        qsort(file->mistakes, file->mistake_count, sizeof *file->mistakes, compare_mistakes);
    return file->mistake_count == 0;
}

static void free_mistakes(struct ropp_mistake *mistakes, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        free(mistakes[i].text);
    free(mistakes);
}

void ropp_hookfile_free(struct ropp_hookfile *file)
{
    size_t i;

    for (i = 0; i < file->hook_count; i++) {
        struct ropp_hook *hook = &file->hooks[i];

        free(hook->name);
        free(hook->why);
        free(hook->optional);
        free(hook->fallback);
        free(hook->function);
        ropp_texts_free(&hook->files);
        ropp_texts_free(&hook->when);
        ropp_texts_free(&hook->lines);
        ropp_pattern_free(hook->function_pattern);
        ropp_pattern_free(hook->signature);
        ropp_pattern_free(hook->pattern);
    }
    for (i = 0; i < file->copy_count; i++) {
        struct ropp_copy *copy = &file->copies[i];

        free(copy->name);
        free(copy->why);
        free(copy->optional);
        free(copy->from);
        ropp_texts_free(&copy->to);
        ropp_texts_free(&copy->when);
    }
    free(file->hooks);
    free(file->copies);
    free_mistakes(file->mistakes, file->mistake_count);
    free(file->source);
    memset(file, 0, sizeof *file);
}

/* -- dialects ------------------------------------------------------------ */

bool ropp_dialect_file_parse(struct ropp_dialect_file *file, const char *source, const char *data,
                             size_t size)
{
    struct reader reader = {0};

    memset(file, 0, sizeof *file);
    file->source = ropp_copy_text(source, strlen(source));
    start_reading(&reader, data, size, &file->mistakes, &file->mistake_count);
    while (next_line(&reader)) {
        bool lacks = strcmp(reader.line.key, "lacks") == 0;

        if (strcmp(reader.line.key, "name") == 0) {
            set_once(&reader, &file->name, "a name");
        } else if (lacks || strcmp(reader.line.key, "has") == 0) {
            struct ropp_rule *rule;

            file->rules = ropp_grow(file->rules, file->rule_count, sizeof *file->rules);
            rule = &file->rules[file->rule_count++];
            rule->lacks = lacks;
            rule->line = reader.line.number;
            read_paths(&reader, &rule->paths);
        } else {
            mistake(&reader, reader.line.number,
                    ropp_format("'%s' is no key of a dialect: name, has, lacks", reader.line.key));
        }
    }
    free_line(&reader.line);
    if (file->name == NULL)
        mistake(&reader, 1, ropp_format("the dialect has no 'name'"));
    if (file->rule_count == 0)
        mistake(&reader, 1, ropp_format("the dialect has no 'has': it would fit every folder"));
    return file->mistake_count == 0;
}

void ropp_dialect_file_free(struct ropp_dialect_file *file)
{
    size_t i;

    for (i = 0; i < file->rule_count; i++)
        ropp_texts_free(&file->rules[i].paths);
    free(file->rules);
    free(file->name);
    free(file->source);
    free_mistakes(file->mistakes, file->mistake_count);
    memset(file, 0, sizeof *file);
}
