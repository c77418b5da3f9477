// SPDX-License-Identifier: MIT
#include "tools/patch/hooks/hookfile.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/patch/tree/tree.h"

#define NAME_LIMIT 40

#define SMALL    "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS   "0123456789"

/* -- reading lines ------------------------------------------------------- */

/* One `key value` line. Both are NUL-terminated and without white space around them. */
struct line {
    size_t number;
    char *text; /* the whole line, white space at both ends removed */
    char *key;
    char *value; /* the end of `text` */
};

struct reader {
    const char *data;
    size_t size, at;
    size_t number;
    struct line line;
    struct ropp_mistake *mistakes;
    size_t mistake_count;

    const char *kind;      /* of the block that is being read; of a dialect file "dialect" */
    struct ropp_hook hook; /* the block */
    struct ropp_dialect_file dialect;
    size_t language_line, insert_line;
    bool ended;
};

static void add_mistake(struct reader *reader, size_t line, const char *text)
{
    reader->mistakes =
        ropp_keep_grow(reader->mistakes, reader->mistake_count, sizeof *reader->mistakes);
    reader->mistakes[reader->mistake_count++] = (struct ropp_mistake){line, text};
}

/* In the manner of printf. */
#define mistake_at(reader, line, ...) add_mistake(reader, line, ropp_keep_format(__VA_ARGS__))

/* In the line at hand. */
#define mistake(reader, ...) mistake_at(reader, (reader)->line.number, __VA_ARGS__)

static struct reader reader_of(const char *data, size_t size)
{
    struct reader reader = {.data = data, .size = size};

    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
        reader.at = 3; /* a byte order mark */
    return reader;
}

/* A copy without the white space at both ends. */
static char *trimmed(const char *start, size_t length)
{
    while (length && isspace((unsigned char)*start))
        start++, length--;
    while (length && isspace((unsigned char)start[length - 1]))
        length--;
    return ropp_keep_part(start, length);
}

/* Behind the first word of a text, and of all white space that follows it. */
static char *behind_word(char *text, size_t *length)
{
    for (*length = 0; text[*length] && !isspace((unsigned char)text[*length]);)
        ++*length;
    for (text += *length; isspace((unsigned char)*text);)
        text++;
    return text;
}

/* The next line that is neither empty nor a comment. */
static bool next_line(struct reader *reader)
{
    memset(&reader->line, 0, sizeof reader->line);
    while (reader->at < reader->size) {
        struct ropp_line line = ropp_line_at(reader->data, reader->at, reader->size);
        size_t key;

        reader->at += line.whole;
        reader->line.number = ++reader->number;
        if (memchr(line.start, '\0', line.size)) {
            mistake(reader, "a NUL byte: this is not a text file");
            reader->at = reader->size;
            return false;
        }
        reader->line.text = trimmed(line.start, line.size);
        if (reader->line.text[0] && reader->line.text[0] != '#') {
            reader->line.value = behind_word(reader->line.text, &key);
            reader->line.key = ropp_keep_part(reader->line.text, key);
            return true;
        }
    }
    return false;
}

/* Whether the line has something behind its key, and a mistake if not. */
static bool has_value(struct reader *reader, const char *what)
{
    if (reader->line.value[0])
        return true;
    mistake(reader, "'%s' needs %s behind it", reader->line.key, what);
    return false;
}

/* Whether the line's key comes for the first time, and a mistake if not. */
static bool is_first(struct reader *reader, bool given)
{
    if (given)
        mistake(reader, "a second '%s': one is enough", reader->line.key);
    return !given;
}

/* Stores a value that may be given once. */
static void set_once(struct reader *reader, char **slot, const char *what)
{
    if (is_first(reader, *slot != NULL) && has_value(reader, what))
        *slot = reader->line.value;
}

static void add_path(struct reader *reader, struct ropp_texts *paths, const char *start,
                     size_t length)
{
    char *path = trimmed(start, length);

    ropp_texts_keep(paths, path);
    if (!ropp_tree_path_ok(path))
        mistake(reader,
                "'%s' is no path inside a tree: write it relative to the tree's top, with '/' "
                "between folders and without '..'",
                path);
}

/* `PATH | PATH ...` */
static void read_paths(struct reader *reader, struct ropp_texts *paths)
{
    const char *value = reader->line.value, *bar;

    if (!has_value(reader, "a path"))
        return;
    for (;; value = bar + 1) {
        bar = strchr(value, '|');
        add_path(reader, paths, value, bar ? (size_t)(bar - value) : strlen(value));
        for (size_t i = 0; i + 1 < paths->count; i++)
            if (strcmp(paths->items[i], paths->items[paths->count - 1]) == 0)
                mistake(reader, "'%s' is in this line twice", paths->items[i]);
        if (bar == NULL)
            return;
    }
}

/* A pattern of a name is `whole`: it must match all of it. */
static struct ropp_pattern *read_pattern(struct reader *reader, const char *source, bool whole)
{
    const char *why;
    struct ropp_pattern *pattern = ropp_pattern_new(source, whole, &why);

    if (pattern == NULL)
        mistake(reader, "%s", why);
    return pattern;
}

static bool name_ok(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length > NAME_LIMIT || name[0] == '-' || name[length - 1] == '-')
        return false;
    /* Two hyphens would end an XML comment. */
    return name[strspn(name, SMALL DIGITS "-")] == '\0' && strstr(name, "--") == NULL;
}

/* -- the keys of a block ------------------------------------------------- */

static void read_files(struct reader *reader)
{
    bool when = strcmp(reader->line.key, "when") == 0;
    struct ropp_texts *paths = when ? &reader->hook.when : &reader->hook.files;

    if (paths->count)
        mistake(reader, "a second '%s': write alternatives in one line, with '|' between them",
                reader->line.key);
    if (!when)
        reader->hook.each = strcmp(reader->line.key, "each") == 0;
    read_paths(reader, paths);
}

/* C++ names too: Class::name. */
static bool function_name_ok(const char *name)
{
    size_t length = strspn(name, SMALL CAPITALS DIGITS "_:~");

    return length > 0 && name[length] == '\0' && !isdigit((unsigned char)name[0]) &&
           name[0] != ':' && name[length - 1] != ':';
}

static void read_in(struct reader *reader)
{
    struct ropp_hook *hook = &reader->hook;
    size_t word, length;
    char *name = behind_word(reader->line.value, &word);

    if (!is_first(reader, hook->in_line != 0))
        return;
    hook->in_line = reader->line.number;
    length = strlen(name);
    if (length == 0 || word != 8 || memcmp(reader->line.value, "function", word) != 0) {
        mistake(reader, "'in %s': write 'in function NAME' or 'in function /PATTERN/'",
                reader->line.value);
    } else if (name[0] == '/' && length > 2 && name[length - 1] == '/') {
        name[length - 1] = '\0';
        hook->function_pattern = read_pattern(reader, name + 1, true);
    } else if (function_name_ok(name)) {
        hook->function = name;
    } else {
        mistake(reader, "'%s' is no function's name: write NAME, Class::NAME or /PATTERN/", name);
    }
}

static void read_signature(struct reader *reader)
{
    if (is_first(reader, reader->hook.signature != NULL) && has_value(reader, "a pattern"))
        reader->hook.signature = read_pattern(reader, reader->line.value, false);
}

static void read_at(struct reader *reader)
{
    /* By enum ropp_position; start and end have no pattern. */
    static const char *const words[] = {"start", "end",         "before",
                                        "after", "before-line", "after-line"};
    char *value = reader->line.value;
    size_t length, i = 0, count = sizeof words / sizeof words[0];
    const char *rest = behind_word(value, &length);

    if (!is_first(reader, reader->hook.at_line != 0))
        return;
    reader->hook.at_line = reader->line.number;
    while (i < count && (strlen(words[i]) != length || memcmp(words[i], value, length) != 0))
        i++;
    if (i == count) {
        mistake(reader,
                "'at %s': write start, end, or before, after, before-line or after-line with a "
                "pattern",
                value);
        return;
    }
    reader->hook.position = (enum ropp_position)i;
    if (i <= ROPP_POSITION_END && *rest)
        mistake(reader, "'at %s' takes no pattern, but '%s' follows", words[i], rest);
    else if (i > ROPP_POSITION_END && *rest == '\0')
        mistake(reader, "'at %s' needs a pattern behind it", words[i]);
    else if (*rest)
        reader->hook.pattern = read_pattern(reader, rest, false);
}

/* `case NUMBER`: as in the source, in any base. */
static void read_case(struct reader *reader)
{
    char *value = reader->line.value, *end;

    if (!is_first(reader, reader->hook.label != NULL) || !has_value(reader, "a packet's id"))
        return;
    (void)strtoul(value, &end, 0);
    if (!isdigit((unsigned char)value[0]) || *end != '\0')
        mistake(reader, "'case %s': write a number, such as 0x2712", value);
    reader->hook.label = value;
}

/* `match PATTERN`: where a fact is. */
static void read_match(struct reader *reader)
{
    if (!is_first(reader, reader->hook.at_line != 0))
        return;
    reader->hook.at_line = reader->line.number;
    reader->hook.position = ROPP_POSITION_FACT;
    if (has_value(reader, "a pattern"))
        reader->hook.pattern = read_pattern(reader, reader->line.value, false);
}

/* What a fact is there: the text of a #define. */
static void read_fact_value(struct reader *reader)
{
    if (is_first(reader, reader->hook.lines.count != 0) &&
        has_value(reader, "the text of a #define"))
        ropp_texts_keep(&reader->hook.lines, reader->line.value);
}

static void read_language(struct reader *reader)
{
    enum ropp_language language = ropp_language_by_name(reader->line.value);

    (void)is_first(reader, reader->language_line != 0);
    reader->language_line = reader->line.number;
    if (language == ROPP_LANGUAGES)
        mistake(reader, "'%s' is no language: c, make, cmake, xml or conf", reader->line.value);
    reader->hook.language = language == ROPP_LANGUAGES ? ROPP_LANGUAGE_C : language;
}

static void read_insert(struct reader *reader)
{
    reader->insert_line = reader->line.number;
    if (reader->line.value[0])
        mistake(reader, "the lines to insert come below 'insert', each behind a '|'");
}

/* A line of the insertion: what is behind the `|`, at its own place in the file's text, since white
 * space at its end and its beginning counts. */
static void read_inserted(struct reader *reader)
{
    char *text = reader->line.text + 1;

    if (*text == ' ')
        text++;
    if (strstr(text, "ropp:begin") || strstr(text, "ropp:end") || strstr(text, "ropp:file"))
        mistake(reader, "an inserted line may not look like one of ropp's own markers");
    ropp_texts_keep(&reader->hook.lines, text);
}

static void read_facts(struct reader *reader)
{
    reader->hook.facts = true;
}

/* `to PATH` or `to PATH when PATH` */
static void read_to(struct reader *reader)
{
    struct ropp_hook *copy = &reader->hook;
    const char *value = reader->line.value, *when = strstr(value, " when ");

    if (!has_value(reader, "a path"))
        return;
    add_path(reader, &copy->files, value, when ? (size_t)(when - value) : strlen(value));
    if (when)
        add_path(reader, &copy->when, when + 6, strlen(when + 6));
    else
        ropp_texts_keep(&copy->when, ropp_keep_text(""));
    if (ropp_language_of_file(copy->files.items[copy->files.count - 1]) == ROPP_LANGUAGES)
        mistake(reader, "'%s': this name does not say which kind of comment the marker has to be",
                copy->files.items[copy->files.count - 1]);
}

static void read_rule(struct reader *reader)
{
    struct ropp_dialect_file *file = &reader->dialect;
    struct ropp_rule *rule;

    file->rules = ropp_keep_grow(file->rules, file->rule_count, sizeof *file->rules);
    rule = &file->rules[file->rule_count++];
    rule->lacks = strcmp(reader->line.key, "lacks") == 0;
    read_paths(reader, &rule->paths);
}

/* `feature NAME TEXT`: a part of what ropp does, and what it means to be without it. */
static void read_feature(struct reader *reader)
{
    struct ropp_dialect_file *file = &reader->dialect;
    size_t length;
    char *without = behind_word(reader->line.value, &length);
    struct ropp_feature *feature;

    if (*without == '\0') {
        mistake(reader, "write 'feature NAME', and behind it what it means to be without it");
        return;
    }
    file->features = ropp_keep_grow(file->features, file->feature_count, sizeof *file->features);
    feature = &file->features[file->feature_count++];
    feature->name = ropp_keep_part(reader->line.value, length);
    feature->without = without;
}

#define IN_HOOK(member) offsetof(struct reader, hook.member)

/* A key is read by a function, or its value is a text that is stored once, at an offset. */
static const struct key {
    const char *name;
    const char *kinds; /* first letters of what has this key */
    void (*read)(struct reader *reader);
    size_t at;
    const char *what; /* the text that must follow */
} keys[] = {
    {"why", "hftc", NULL, IN_HOOK(why), "a sentence"},
    {"word", "t", NULL, IN_HOOK(word), "a word"},
    {"but", "t", read_files, 0, NULL},
    {"optional", "h", NULL, IN_HOOK(optional), "the reason why the place may be missing"},
    {"feature", "h", NULL, IN_HOOK(feature), "the name of a feature"},
    {"build", "h", NULL, IN_HOOK(build), "the name of a build system"},
    {"default", "f", NULL, IN_HOOK(fallback), "the text of a #define"},
    {"optional", "c", NULL, IN_HOOK(optional), "the reason why it may be missing"},
    {"from", "c", NULL, IN_HOOK(from), "the name of a file"},
    {"file", "hf", read_files, 0, NULL},
    {"each", "hf", read_files, 0, NULL},
    {"when", "hf", read_files, 0, NULL},
    {"language", "hf", read_language, 0, NULL},
    {"in", "hf", read_in, 0, NULL},
    {"signature", "hf", read_signature, 0, NULL},
    {"case", "hf", read_case, 0, NULL},
    {"at", "h", read_at, 0, NULL},
    {"insert", "h", read_insert, 0, NULL},
    {"match", "ft", read_match, 0, NULL},
    {"value", "f", read_fact_value, 0, NULL},
    {"facts", "c", read_facts, 0, NULL},
    {"to", "c", read_to, 0, NULL},
    {"name", "d", NULL, offsetof(struct reader, dialect.name), "a name"},
    {"has", "d", read_rule, 0, NULL},
    {"lacks", "d", read_rule, 0, NULL},
    {"feature", "d", read_feature, 0, NULL},
};

static void no_such_key(struct reader *reader)
{
    const char *all = "why, file, each, when, language, in, signature, case, at, optional, "
                      "feature, build, insert, or, end";

    if (reader->kind[0] == 'f')
        all = "why, file, when, language, in, signature, case, match, value, default, or, end";
    else if (reader->kind[0] == 'c')
        all = "why, from, facts, to, optional, end";
    else if (reader->kind[0] == 't')
        all = "why, word, match, but, end";
    else if (reader->kind[0] == 'd')
        all = "name, has, lacks, feature";
    mistake(reader, "'%s' is no key of a %s: %s", reader->line.key, reader->kind, all);
}

static void read_key(struct reader *reader)
{
    const char *name = reader->line.key;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i].name, name) != 0 || strchr(keys[i].kinds, reader->kind[0]) == NULL)
            continue;
        if (keys[i].read)
            keys[i].read(reader);
        else
            set_once(reader, (char **)(void *)((char *)reader + keys[i].at), keys[i].what);
        return;
    }
    no_such_key(reader);
}

/* -- what goes together -------------------------------------------------- */

static void need(struct reader *reader, bool there, const char *what)
{
    if (!there)
        mistake_at(reader, reader->hook.line, "%s '%s' has no '%s'", reader->kind,
                   reader->hook.name, what);
}

static enum ropp_language language_of_files(const struct ropp_texts *files)
{
    enum ropp_language language = ropp_language_of_file(files->items[0]);

    for (size_t i = 1; i < files->count; i++)
        if (ropp_language_of_file(files->items[i]) != language)
            return ROPP_LANGUAGES;
    return language;
}

static void check_group_twice(void *context, const char *name)
{
    struct reader *reader = context;

    if (ropp_pattern_has_group(reader->hook.pattern, name, strlen(name)))
        mistake_at(reader, reader->hook.at_line,
                   "the group '%s' is in 'signature' already: give one of them another name", name);
}

static bool has_group(const struct ropp_pattern *pattern, const char *name, size_t length)
{
    return pattern != NULL && ropp_pattern_has_group(pattern, name, length);
}

/* Every ${name} must be a capture; elsewhere than in C it may be the build system's own. */
static void check_captures(struct reader *reader)
{
    const struct ropp_hook *hook = &reader->hook;

    if (hook->signature && hook->pattern)
        ropp_pattern_each_group(hook->signature, check_group_twice, reader);
    for (size_t i = 0; i < hook->lines.count && hook->language == ROPP_LANGUAGE_C; i++) {
        const char *open = hook->lines.items[i];

        while ((open = strstr(open, "${")) != NULL) {
            const char *close = strchr(open, '}');
            size_t length = close ? (size_t)(close - open - 2) : strlen(open + 2);

            open += 2;
            if (close == NULL || (!has_group(hook->pattern, open, length) &&
                                  !has_group(hook->signature, open, length)))
                mistake_at(reader, reader->insert_line ? reader->insert_line : hook->line,
                           "'${%.*s}' is no capture: name a group of 'signature' or of the "
                           "pattern, (?<name>...)",
                           (int)length, open);
        }
    }
}

static void check_language(struct reader *reader)
{
    struct ropp_hook *hook = &reader->hook;

    if (hook->files.count && reader->language_line == 0)
        hook->language = language_of_files(&hook->files);
    if (hook->language != ROPP_LANGUAGES)
        return;
    mistake_at(reader, hook->line,
               "the language of hook '%s' is not clear from its files' names: add a 'language' "
               "line",
               hook->name);
    hook->language = ROPP_LANGUAGE_C;
}

static void check_trap(struct reader *reader)
{
    need(reader, reader->hook.word != NULL, "word");
    need(reader, reader->hook.pattern != NULL, "match");
}

static void check_hook(struct reader *reader)
{
    const struct ropp_hook *hook = &reader->hook;
    const bool fact = hook->kind == ROPP_FACT;

    need(reader, hook->files.count != 0, "file");
    need(reader, hook->at_line != 0, fact ? "match" : "at");
    if (fact)
        need(reader, hook->lines.count != 0, "value");
    else
        need(reader, reader->insert_line != 0, "insert");
    if (fact && hook->each)
        mistake_at(reader, hook->line, "fact '%s' has 'each': it is one, so write 'file'",
                   hook->name);
    if (reader->insert_line && hook->lines.count == 0)
        mistake_at(reader, reader->insert_line,
                   "hook '%s' inserts nothing: write '| ' in front of each line", hook->name);
    check_language(reader);
    if (hook->label && hook->in_line == 0)
        mistake_at(reader, hook->line, "%s '%s' has a 'case' but no 'in'", reader->kind,
                   hook->name);
    if (!!hook->optional + !!hook->feature + !!hook->build > 1)
        mistake_at(reader, hook->line,
                   "hook '%s' is more than one of 'optional', 'feature' and 'build': choose one",
                   hook->name);
    if (hook->signature && hook->in_line == 0)
        mistake_at(reader, hook->line, "%s '%s' has a 'signature' but no 'in'", reader->kind,
                   hook->name);
    if (hook->in_line && hook->language != ROPP_LANGUAGE_C)
        mistake_at(reader, hook->in_line, "'in' is for C and C++ files only");
    if (hook->language == ROPP_LANGUAGE_XML && hook->at_line && hook->position <= ROPP_POSITION_END)
        mistake_at(reader, hook->at_line,
                   "'at start' and 'at end' would land outside of an XML file's root: use before "
                   "or after");
    check_captures(reader);
}

static void check_copy(struct reader *reader)
{
    struct ropp_hook *copy = &reader->hook;

    need(reader, copy->from || copy->facts, "from");
    if (copy->from && copy->facts)
        mistake_at(reader, copy->line, "copy '%s' has 'from' and 'facts': choose one", copy->name);
    else if (copy->facts)
        copy->from = ropp_keep_text("the facts of the tree");
    else if (copy->from && !ropp_tree_path_ok(copy->from))
        mistake_at(reader, copy->line, "'%s' is no path inside a folder", copy->from);
    need(reader, copy->files.count != 0, "to");
}

/* -- hook files ---------------------------------------------------------- */

/* What has a block, and what its parts have to be besides its `why` and `end`. */
static const struct {
    const char *name;
    void (*check)(struct reader *reader);
} kinds[] = {
    [ROPP_HOOK] = {"hook", check_hook},
    [ROPP_FACT] = {"fact", check_hook},
    [ROPP_TRAP] = {"trap", check_trap},
    [ROPP_COPY] = {"copy", check_copy},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* The kind of the block that the line at hand begins, KINDS when it begins none. */
static size_t opened_block(const struct reader *reader)
{
    size_t kind = 0;

    while (kind < KINDS && strcmp(reader->line.key, kinds[kind].name) != 0)
        kind++;
    return kind;
}

static char *read_name(struct reader *reader)
{
    char *name = reader->line.value;

    if (!name_ok(name))
        mistake(reader,
                "'%s' is no name: lower-case letters, digits and single hyphens, at most %d "
                "characters",
                name, NAME_LIMIT);
    return name;
}

/* Up to its `end`, or the beginning of the next block: one missing `end` should be one mistake. */
static void read_lines(struct reader *reader)
{
    while (!reader->ended && next_line(reader) && opened_block(reader) == KINDS) {
        if (strcmp(reader->line.key, "end") == 0)
            reader->ended = true;
        else if (strcmp(reader->line.key, "or") == 0 && reader->hook.kind != ROPP_COPY)
            reader->hook.or_next = reader->ended = true;
        else if (reader->insert_line && reader->line.key[0] == '|')
            read_inserted(reader);
        else if (reader->insert_line)
            mistake(reader, "'%s' behind 'insert': only lines with '|' in front, and then 'end'",
                    reader->line.key);
        else
            read_key(reader);
    }
}

/* Reads one shape of the block at hand, which begins as `hook`, and adds it. Where it names no file,
 * `files` are meant. */
static void read_shape(struct reader *reader, struct ropp_hookfile *file, struct ropp_hook hook,
                       struct ropp_texts files)
{
    reader->hook = hook;
    reader->language_line = reader->insert_line = 0;
    reader->ended = false;
    read_lines(reader);
    if (reader->hook.files.count == 0)
        reader->hook.files = files;
    need(reader, reader->hook.why != NULL, "why");
    kinds[hook.kind].check(reader);
    need(reader, reader->ended, "end");
    file->hooks = ropp_keep_grow(file->hooks, file->hook_count, sizeof *file->hooks);
    file->hooks[file->hook_count++] = reader->hook;
}

/* Reads a block: its first shape, and those behind an `or`. What the whole hook is about is the same
 * for all of them. */
static void read_block(struct reader *reader, struct ropp_hookfile *file, const char *source)
{
    struct ropp_hook hook = {.kind = (enum ropp_hook_kind)opened_block(reader),
                             .name = read_name(reader),
                             .line = reader->line.number,
                             .source = source};

    reader->kind = kinds[hook.kind].name;
    read_shape(reader, file, hook, (struct ropp_texts){NULL, 0});
    while (reader->hook.or_next) {
        hook = reader->hook;
        read_shape(reader, file,
                   (struct ropp_hook){.kind = hook.kind,
                                      .name = hook.name,
                                      .why = hook.why,
                                      .optional = hook.optional,
                                      .feature = hook.feature,
                                      .build = hook.build,
                                      .fallback = hook.fallback,
                                      .line = reader->line.number,
                                      .source = source},
                   hook.files);
    }
}

static int compare_mistakes(const void *left, const void *right)
{
    const struct ropp_mistake *a = left, *b = right;

    return a->line < b->line ? -1 : a->line > b->line;
}

bool ropp_hookfile_parse(struct ropp_hookfile *file, const char *source, const char *data,
                         size_t size)
{
    struct reader reader = reader_of(data, size);
    bool stray = false, more;

    memset(file, 0, sizeof *file);
    more = next_line(&reader);
    while (more) {
        if (opened_block(&reader) != KINDS) {
            read_block(&reader, file, source);
            stray = false;
            /* A missing `end`: the line that follows is read already. */
            if (reader.line.key && strcmp(reader.line.key, "end") != 0)
                continue;
        } else if (!stray) {
            mistake(&reader,
                    "'%s' outside of a hook: expected 'hook NAME', 'fact NAME', 'trap NAME' or "
                    "'copy NAME'",
                    reader.line.key);
            stray = true; /* once for a run of them */
        }
        more = next_line(&reader);
    }
    file->mistakes = reader.mistakes;
    file->mistake_count = reader.mistake_count;
    if (file->mistake_count)
        qsort(file->mistakes, file->mistake_count, sizeof *file->mistakes, compare_mistakes);
    return file->mistake_count == 0;
}

const char *ropp_hook_mark(const struct ropp_hook *hook)
{
    uint64_t hash = ROPP_HASH_START;

    for (;; hook++) {
        for (size_t i = 0; i < hook->lines.count; i++)
            hash = ropp_hash(hash, hook->lines.items[i], strlen(hook->lines.items[i]) + 1);
        if (!hook->or_next)
            break;
    }
    return ropp_keep_format("%016" PRIx64, hash);
}

/* -- dialects ------------------------------------------------------------ */

bool ropp_dialect_file_parse(struct ropp_dialect_file *file, const char *data, size_t size)
{
    struct reader reader = reader_of(data, size);

    reader.kind = "dialect";
    while (next_line(&reader))
        read_key(&reader);
    if (reader.dialect.name == NULL)
        mistake_at(&reader, 1, "the dialect has no 'name'");
    if (reader.dialect.rule_count == 0)
        mistake_at(&reader, 1, "the dialect has no 'has': it would fit every folder");
    *file = reader.dialect;
    file->mistakes = reader.mistakes;
    file->mistake_count = reader.mistake_count;
    return file->mistake_count == 0;
}
