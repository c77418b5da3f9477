// SPDX-License-Identifier: MIT
#include "tools/patch/compile/command.h"

#include <string.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/base/run.h"
#include "tools/patch/source/scan.h"

/* compile_commands.json of a large tree is some megabytes. */
#define COMMANDS_LIMIT ((size_t)64 << 20)

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "/src/common" of "src/common/socket.c". */
static const char *folder_of(const char *path)
{
    size_t length = (size_t)(base_of(path) - path);

    return ropp_keep_format("/%.*s", (int)(length ? length - 1 : 0), path);
}

/* -- a line of the build, made harmless ---------------------------------- */

/* Whether a word of a line is the source of this name, behind any path. */
static bool is_source(const char *word, size_t size, const char *name)
{
    size_t length = strlen(name);

    return size >= length && memcmp(word + size - length, name, length) == 0 &&
           (size == length || word[size - length - 1] == '/');
}

/* The line that only looks through `source`: what names the old source, the object and the files of
 * dependencies is left out, all other words stay. */
static const char *harmless(const char *line, const char *old_name, const char *source)
{
    static const char *const alone[] = {"-c", "-MMD", "-MD", "-MP", "-M", "-MM", NULL};
    static const char *const with_value[] = {"-o", "-MF", "-MT", "-MQ", NULL};
    struct ropp_buffer out = {0};
    bool skip = false;

    while (*(line += strspn(line, " \t\r\n")) != '\0') {
        size_t size = strcspn(line, " \t\r\n");
        bool dropped =
            skip || ropp_scan_is_one_of(line, 0, size, alone) || is_source(line, size, old_name);

        skip = !skip && ropp_scan_is_one_of(line, 0, size, with_value);
        if (!dropped && !skip) {
            ropp_buffer_add(&out, line, size);
            ropp_buffer_text(&out, " ");
        }
        line += size;
    }
    ropp_buffer_text(&out, "-fsyntax-only ");
    ropp_run_quote(&out, source);
    return ropp_keep(ropp_buffer_take(&out));
}

/* -- compile_commands.json ----------------------------------------------- */

/* A string of JSON: reads it from behind its quote, and moves *at behind the other one. */
static const char *read_string(const char **at)
{
    struct ropp_buffer text = {0};

    while (**at != '\0' && **at != '"') {
        if (**at == '\\' && (*at)[1] != '\0')
            ++*at;
        ropp_buffer_add(&text, (*at)++, 1);
    }
    if (**at == '"')
        ++*at;
    return ropp_keep(ropp_buffer_take(&text));
}

/* What one entry says. */
struct entry {
    const char *file, *folder, *line;
};

/* The words of "arguments", quoted for a shell, as one line. */
static const char *read_arguments(const char **at)
{
    struct ropp_buffer line = {0};

    while (**at != '\0' && **at != ']') {
        if (*(*at)++ == '"') {
            const char *word = read_string(at);

            /* What is only letters stays readable for what looks for options. */
            if (word[strcspn(word, " \t'\"\\$`&|;<>()*?#~")] == '\0')
                ropp_buffer_text(&line, word);
            else
                ropp_run_quote(&line, word);
            ropp_buffer_text(&line, " ");
        }
    }
    return ropp_keep(ropp_buffer_take(&line));
}

static void read_member(const char **at, struct entry *entry)
{
    const char *key = read_string(at), *value;

    *at += strspn(*at, " \t\r\n:");
    if (**at == '[') {
        entry->line = read_arguments(at);
    } else if (**at == '"') {
        ++*at;
        value = read_string(at);
        if (strcmp(key, "file") == 0)
            entry->file = value;
        else if (strcmp(key, "directory") == 0)
            entry->folder = value;
        else if (strcmp(key, "command") == 0)
            entry->line = value;
    }
}

/* Finds the entry of a file; its texts are NULL when there is none. */
static struct entry find_entry(const char *json, const char *file)
{
    struct entry entry = {NULL, NULL, NULL};

    while (*json != '\0') {
        if (*json == '}') {
            if (entry.file && entry.line && entry.folder && strcmp(entry.file, file) == 0)
                return entry;
            entry = (struct entry){NULL, NULL, NULL};
        }
        if (*json++ == '"')
            read_member(&json, &entry);
    }
    return (struct entry){NULL, NULL, NULL};
}

/* The text with the tree's path made the shadow's. */
static const char *shadowed(const struct ropp_shadow *shadow, const char *text)
{
    struct ropp_buffer out = {0};
    size_t length = strlen(shadow->tree);

    while (*text) {
        bool here = strncmp(text, shadow->tree, length) == 0 &&
                    (text[length] == '/' || text[length] == '\0' || text[length] == ' ');

        if (here)
            ropp_buffer_text(&out, shadow->folder);
        else
            ropp_buffer_add(&out, text, 1);
        text += here ? length : 1;
    }
    return ropp_keep(ropp_buffer_take(&out));
}

static bool read_commands(const struct ropp_shadow *shadow, const char *folder,
                          struct ropp_buffer *json)
{
    FILE *file = fopen(ropp_keep_format("%s%s/compile_commands.json", shadow->tree, folder), "rb");
    bool ok = file && ropp_buffer_read(json, file, COMMANDS_LIMIT) && json->size > 0;

    if (file)
        fclose(file);
    return ok;
}

static bool from_commands(const struct ropp_shadow *shadow, const char *path, const char *like,
                          struct ropp_command *command)
{
    static const char *const folders[] = {"", "/build"};
    const char *file = ropp_keep_format("%s/%s", shadow->tree, like);
    const char *source = ropp_keep_format("%s/%s", shadow->folder, path);

    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && command->line == NULL; i++) {
        struct ropp_buffer json = {0};
        struct entry entry = {NULL, NULL, NULL};

        if (read_commands(shadow, folders[i], &json))
            entry = find_entry(json.data, file);
        if (entry.line) {
            command->line = harmless(shadowed(shadow, entry.line), base_of(like), source);
            command->folder = shadowed(shadow, entry.folder);
        }
        ropp_buffer_free(&json);
    }
    return command->line != NULL;
}

/* -- make ---------------------------------------------------------------- */

/* The line that compiles a source, among those that make would run; NULL: there is none. */
static const char *find_line(const char *text, const char *name)
{
    for (const char *end; *text; text = end + (*end != '\0')) {
        bool compiles = false, source = false;

        end = text + strcspn(text, "\n");
        for (const char *at = text; at < end;) {
            size_t size = strcspn(at, " \t\n");

            compiles |= size == 2 && memcmp(at, "-c", 2) == 0;
            source |= is_source(at, size, name);
            at += size + 1;
        }
        if (compiles && source)
            return ropp_keep_part(text, (size_t)(end - text));
    }
    return NULL;
}

/* Adds the goals that a source's object may be. */
static void add_goals(struct ropp_buffer *line, const char *name)
{
    static const char *const folders[] = {"obj/", "obj_sql/", "obj_all/", "obj_txt/", ""};
    const int stem = (int)(strrchr(name, '.') - name);

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        ropp_buffer_text(line, " ");
        ropp_run_quote(line, ropp_keep_format("%s%.*s.o", folders[i], stem, name));
    }
}

/* Asks make in a source's folder what it would do if the source were newer than its objects. What
 * make runs all the same under -n, for its own Makefile and in other folders, is nothing by this
 * shell. Returns the line that compiles it, or NULL. */
static const char *ask_make(const char *folder, const char *name, const char *make)
{
    struct ropp_buffer line = {0}, output = {0};
    struct ropp_run run;
    const char *found;

    ropp_buffer_format(&line, "%s -nk SHELL=true -W ", make);
    ropp_run_quote(&line, name);
    add_goals(&line, name);
    if (ropp_run_begin(&run, folder, line.data))
        (void)ropp_run_end(&run, &output); /* for the goals that are none, it fails */
    found = output.data ? find_line(output.data, name) : NULL;
    ropp_buffer_free(&line);
    ropp_buffer_free(&output);
    return found;
}

/* The same for trees whose folders get their compiler and its flags from the top, and compile by
 * make's own rules. */
static const char *ask_from_top(const char *tree, const char *folder, const char *name)
{
    struct ropp_buffer make = {0};
    const char *found;

    ropp_buffer_text(&make, "top=$(make -n SHELL=true -C ");
    ropp_run_quote(&make, tree);
    ropp_buffer_text(&make, " --eval='ropp-flags: ; $(info CC=$(CC))$(info CFLAGS=$(CFLAGS))@:' "
                            "ropp-flags)\n"
                            "CC=$(printf '%s\\n' \"$top\" | sed -n 's/^CC=//p')\n"
                            "CFLAGS=$(printf '%s\\n' \"$top\" | sed -n 's/^CFLAGS=//p')\n"
                            "export CC CFLAGS\n"
                            "make");
    found = ask_make(folder, name, make.data);
    ropp_buffer_free(&make);
    return found;
}

static bool from_make(const struct ropp_shadow *shadow, const char *path, const char *like,
                      struct ropp_command *command)
{
    const char *name = base_of(like);
    const char *folder = folder_of(like), *in = ropp_keep_format("%s%s", shadow->tree, folder);
    const char *found;

    if (access(ropp_keep_format("%s/Makefile", in), R_OK) != 0)
        return false;
    found = ask_make(in, name, "make -r");
    if (found == NULL)
        found = ask_from_top(shadow->tree, in, name);
    if (found) {
        command->line = harmless(found, name, base_of(path));
        command->folder = ropp_keep_format("%s%s", shadow->folder, folder);
    }
    return found != NULL;
}

/* -- a guess ------------------------------------------------------------- */

/* What the emulators' builds have in common. The headers in msinttypes are for Visual Studio alone. */
static void guess(const struct ropp_shadow *shadow, const char *path, struct ropp_command *command)
{
    const bool cpp = strcmp(strrchr(path, '.'), ".c") != 0;
    struct ropp_buffer line = {0};

    ropp_buffer_text(&line, cpp ? "${CXX:-c++} -std=c++17" : "${CC:-cc} -std=gnu11 -fcommon");
    ropp_buffer_text(
        &line,
        " -w -I. -I.. -I../common -I../../3rdparty -I/usr/include/mariadb "
        "$(for d in ../../3rdparty/*/ ../../3rdparty/*/include/ "
        "../../3rdparty/*/src/ ../../3rdparty/*/ext/*/src/; "
        "do case $d in *msinttypes*) ;; *) printf ' -I%s' \"$d\" ;; esac; done) -fsyntax-only ");
    ropp_run_quote(&line, base_of(path));
    command->line = ropp_keep(ropp_buffer_take(&line));
    command->folder = ropp_keep_format("%s%s", shadow->folder, folder_of(path));
}

struct ropp_command ropp_command_for(const struct ropp_shadow *shadow, const char *path,
                                     const char *like)
{
    struct ropp_command command = {NULL, NULL};

    if (!from_commands(shadow, path, like, &command) && !from_make(shadow, path, like, &command))
        guess(shadow, path, &command);
    return command;
}
