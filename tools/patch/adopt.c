// SPDX-License-Identifier: MIT
#include "tools/patch/adopt.h"

#include <string.h>
#include <strings.h>

#include "tools/base/decimal.h"
#include "tools/base/keep.h"
#include "tools/patch/tree/undo.h"

/* What is asked: lines of a file, from 1, the last one included; 0: as many as the hook has. */
struct range {
    const char *path;
    size_t first, last;
};

/* Lines of a text: where they begin and end. */
struct extent {
    size_t from, to;
};

/* -- the request --------------------------------------------------------- */

static bool read_line_number(const char **at, size_t *number)
{
    uint64_t value = 0;
    size_t length = ropp_decimal_begin(*at, strlen(*at), SIZE_MAX, &value);

    *at += length;
    *number = (size_t)value;
    return length > 0 && value > 0;
}

static bool read_range(const char *place, struct range *range)
{
    const char *colon = strrchr(place, ':'), *at = colon ? colon + 1 : "";
    bool ok = read_line_number(&at, &range->first);

    if (ok && *at == '-') {
        at++;
        ok = read_line_number(&at, &range->last) && range->last >= range->first;
    }
    if (!ok || *at != '\0')
        return ropp_error("no place: %s: write FILE:LINE or FILE:FIRST-LAST, the file as seen from "
                          "the top of the tree",
                          place);
    range->path = ropp_keep_part(place, (size_t)(colon - place));
    return true;
}

/* The hook, if the tree needs it inserted by hand; else a message and NULL. */
static const struct ropp_hook *needy_hook(const struct ropp_plan *plan, const char *name)
{
    const struct ropp_outcome *found = NULL;

    for (size_t i = 0; i < plan->outcome_count && found == NULL; i++)
        if (plan->outcomes[i].hook->kind == ROPP_HOOK &&
            strcmp(plan->outcomes[i].hook->name, name) == 0)
            found = &plan->outcomes[i];
    if (found == NULL) {
        ropp_error("no such hook: %s: `ropp patch check` lists them", name);
        return NULL;
    }
    if (found->state == ROPP_OUTCOME_FITS && !found->place.adopted) {
        ropp_error("hook '%s' finds its place without you: %s:%zu: take your lines out again", name,
                   found->path, found->line);
        return NULL;
    }
    return found->hook;
}

/* The first of the shapes of a hook. The plan names the one that is nearest to the tree, but any of them
 * may be there, and the mark of lines is one of all shapes. */
static const struct ropp_hook *first_shape(const struct ropp_dialect *dialect,
                                           const struct ropp_hook *hook)
{
    while (hook > dialect->hooks && hook[-1].or_next)
        hook--;
    return hook;
}

/* -- the lines ----------------------------------------------------------- */

static bool find_lines(const struct ropp_file *file, size_t first, size_t last,
                       struct extent *extent)
{
    size_t line = 1;

    *extent = (struct extent){file->size, file->size};
    for (size_t at = 0; at < file->size && line <= last; line++) {
        if (line == first)
            extent->from = at;
        at += ropp_line_at(file->data, at, file->size).whole;
        extent->to = at;
    }
    return line > last && extent->from < extent->to;
}

/* Whether a name of ropp's in a hook's line is in the text too. */
static bool has_names(const char *line, const char *text)
{
    while (*line != '\0') {
        size_t length = 0;

        while (ropp_is_word_char(line[length]))
            length++;
        if (strncasecmp(line, "ropp", 4) == 0 && length > 4 &&
            memmem(text, strlen(text), line, length) == NULL)
            return false;
        line += length ? length : 1;
    }
    return true;
}

/* Whether the text uses what the hook's lines use of ropp, in this shape. */
static bool is_like(const struct ropp_hook *shape, const char *text)
{
    for (size_t i = 0; i < shape->lines.count; i++)
        if (!has_names(shape->lines.items[i], text))
            return false;
    return true;
}

/* Where the last line is not given, each must be the hook's: who has inserted fewer would else have
 * lines of the emulator's marked, which `revert` takes out. */
static bool are_same(const struct ropp_hook *shape, const struct ropp_file *file,
                     struct extent extent)
{
    struct ropp_line line;
    size_t at = extent.from;

    for (size_t i = 0; i < shape->lines.count; i++, at += line.whole) {
        const char *wanted = shape->lines.items[i];
        const char *given;

        line = ropp_line_at(file->data, at, extent.to);
        given = ropp_keep_part(line.start, line.size);
        given += strspn(given, " \t");
        wanted += strspn(wanted, " \t");
        if (strcmp(wanted, given) != 0 && (strstr(wanted, "${") == NULL || *given == '\0'))
            return false;
    }
    return true;
}

/* Finds the shape whose lines these are. */
static bool find_shape(const struct ropp_hook *first, const struct ropp_file *file,
                       const struct range *range, struct extent *extent)
{
    for (const struct ropp_hook *shape = first;; shape++) {
        size_t last = range->last ? range->last : range->first + shape->lines.count - 1;

        if (find_lines(file, range->first, last, extent) &&
            is_like(shape, ropp_keep_part(file->data + extent->from, extent->to - extent->from)) &&
            (range->last || are_same(shape, file, *extent)))
            return true;
        if (!shape->or_next)
            return false;
    }
}

/* -- the change ---------------------------------------------------------- */

/* The text between from and to, as lines of a place. */
static void take_lines(const struct ropp_file *file, struct extent extent, struct ropp_place *place)
{
    struct ropp_line line;

    for (size_t at = extent.from; at < extent.to; at += line.whole) {
        line = ropp_line_at(file->data, at, extent.to);
        ropp_texts_keep(&place->lines, ropp_keep_part(line.start, line.size));
    }
    place->indent = ropp_keep_part(place->lines.items[0], strspn(place->lines.items[0], " \t"));
}

static int write_marked(const struct ropp_tree *tree, const struct ropp_hook *first,
                        const struct range *range, const struct ropp_file *file,
                        struct extent extent)
{
    struct ropp_place place = {.offset = extent.from, .adopted = ropp_hook_mark(first)};
    struct ropp_insertion insertion = {first->name, first->language, &place, NULL};
    struct ropp_buffer rest = {0}, result = {0};
    struct ropp_change change = {ROPP_CHANGE_REPLACE, range->path, NULL, 0, &file->stat};
    int status;

    ropp_buffer_add(&rest, file->data, extent.from);
    ropp_buffer_add(&rest, file->data + extent.to, file->size - extent.to);
    take_lines(file, extent, &place);
    ropp_weave(rest.data, rest.size, &insertion, 1, ROPP_VERSION, &result);
    change.data = result.data;
    change.size = result.size;
    status = ropp_undo_write(tree, &change, 1);
    if (status == ROPP_EXIT_DONE)
        printf("%s: hook '%s' has its place: %s:%zu, %zu line%s\n", tree->name, first->name,
               range->path, range->first + 1, place.lines.count, place.lines.count == 1 ? "" : "s");
    ropp_buffer_free(&rest);
    ropp_buffer_free(&result);
    return status;
}

/* Whether the lines can be marked: not when something of ropp's is there already. */
static bool is_free(const struct ropp_tree *tree, const struct range *range,
                    const struct ropp_file *file, struct extent extent)
{
    struct ropp_stripped before, whole;
    bool damaged, inside;

    /* Cut off in front of the lines, a block that is open there has no end. */
    ropp_strip(file->data, extent.from, &before);
    ropp_strip(file->data, file->size, &whole);
    damaged = whole.damage != NULL;
    inside = !damaged && (before.damage != NULL ||
                          ropp_is_marked(file->data + extent.from, extent.to - extent.from));
    if (damaged)
        ropp_error("a marker of ropp's is damaged: %s/%s:%zu: %s", tree->name, range->path,
                   whole.damaged_line, whole.damage);
    else if (inside)
        ropp_error("something of ropp's is there already: %s/%s:%zu: give lines of your own",
                   tree->name, range->path, range->first);
    ropp_buffer_free(&before.text);
    ropp_buffer_free(&whole.text);
    return !damaged && !inside;
}

static bool has_placeholder(const struct ropp_file *file, struct extent extent)
{
    return memmem(file->data + extent.from, extent.to - extent.from, "${", 2) != NULL;
}

static int adopt_lines(const struct ropp_tree *tree, const struct ropp_hook *first,
                       const struct range *range, const struct ropp_file *file)
{
    struct extent extent;

    if (!find_shape(first, file, range, &extent))
        return ropp_fail(ROPP_EXIT_REFUSED,
                         "these are not the lines of hook '%s': %s/%s:%zu: `ropp patch check` "
                         "shows them; give their first line, and the last if they differ: "
                         "FILE:FIRST-LAST",
                         first->name, tree->name, range->path, range->first);
    if (has_placeholder(file, extent))
        return ropp_fail(ROPP_EXIT_REFUSED,
                         "${...} is still there: %s/%s:%zu: write what this tree calls it",
                         tree->name, range->path, range->first);
    if (!is_free(tree, range, file, extent))
        return ROPP_EXIT_REFUSED;
    return write_marked(tree, first, range, file, extent);
}

/* Whether `apply` and `revert` look through the folder of the file: those of the hook's own. */
static bool is_looked_through(const struct ropp_hook *hook, const char *path)
{
    const char *own = hook->files.items[0];
    size_t length = strcspn(own, "/");

    if (own[length] == '\0') /* at the top of the tree */
        return strchr(path, '/') == NULL;
    return strncmp(own, path, length + 1) == 0;
}

int ropp_adopt(const struct ropp_tree *tree, const struct ropp_plan *plan, const char *name,
               const char *place)
{
    const struct ropp_hook *hook = needy_hook(plan, name);
    struct range range = {NULL, 0, 0};
    struct ropp_file file;
    const char *why;
    int status;

    if (hook == NULL)
        return ROPP_EXIT_REFUSED;
    if (!read_range(place, &range))
        return ROPP_EXIT_USAGE;
    if (!is_looked_through(hook, range.path) || ropp_language_of_file(range.path) != hook->language)
        return ropp_fail(ROPP_EXIT_REFUSED, "hook '%s' does not go there: %s: it belongs to %s",
                         name, range.path, hook->files.items[0]);
    if (ropp_tree_read(tree, range.path, &file, &why) != ROPP_TREE_OK)
        return ropp_fail(ROPP_EXIT_REFUSED, "cannot read the file: %s/%s: %s", tree->name,
                         range.path, why ? why : "there is no such file");
    status = adopt_lines(tree, first_shape(plan->dialect, hook), &range, &file);
    ropp_file_free(&file);
    return status;
}
