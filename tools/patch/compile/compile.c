// SPDX-License-Identifier: MIT
#include "tools/patch/compile/compile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/columns.h"
#include "tools/base/keep.h"
#include "tools/base/progress.h"
#include "tools/base/run.h"
#include "tools/patch/compile/command.h"

/* One file at a compiler. */
struct job {
    const struct ropp_planned_file *file;
    const char *path; /* what is compiled: the file's; of a copy without ropp, another one's */
    const char *like; /* the file whose command is taken */
    struct ropp_run run;
    bool running;
    bool ok; /* it compiles; or, from the beginning, there is nothing to compile */
    struct ropp_buffer output;
};

/* -- which files --------------------------------------------------------- */

/* The size of the folder in front of a file's name, with its slash. */
static size_t folder_size(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool is_header(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot != NULL && (dot[1] == 'h' || strcmp(dot, ".inc") == 0);
}

/* Whether a file is compiled on its own, and has something of ropp's. */
static bool is_source(const struct ropp_planned_file *file)
{
    return file->wanted && ropp_language_of_file(file->path) == ROPP_LANGUAGE_C &&
           !is_header(file->path) && (!file->on_disk || file->is_copy || file->insertion_count > 0);
}

/* The file whose command is taken: itself, or for a copy one of the tree's in the same folder. */
static const char *known_to_the_build(const struct ropp_plan *plan,
                                      const struct ropp_planned_file *file)
{
    const size_t folder = folder_size(file->path);

    for (size_t i = 0; i < plan->file_count && (!file->on_disk || file->is_copy); i++) {
        const struct ropp_planned_file *other = &plan->files[i];

        if (is_source(other) && other->on_disk && !other->is_copy &&
            strncmp(other->path, file->path, folder) == 0 &&
            strchr(other->path + folder, '/') == NULL)
            return other->path;
    }
    return file->path;
}

/* -- running the compilers ------------------------------------------------ */

static void end_job(struct job *job)
{
    job->ok = ropp_run_end(&job->run, &job->output);
    job->running = false;
}

static bool begin_job(struct job *job, const struct ropp_shadow *shadow)
{
    struct ropp_command command = ropp_command_for(shadow, job->path, job->like);

    job->running = ropp_run_begin(&job->run, command.folder, command.line);
    return job->running;
}

/* Runs all jobs, as many at a time as there are processors. */
static bool run_jobs(struct job *jobs, size_t count, const struct ropp_shadow *shadow)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const size_t most = processors > 0 ? (size_t)processors : 1;
    struct ropp_progress progress;
    bool ok = true;
    size_t i;

    ropp_progress_begin(&progress, "compiling", "files", count);
    for (i = 0; i < count && ok; i++) {
        if (i >= most && jobs[i - most].running)
            end_job(&jobs[i - most]);
        ropp_progress_show(&progress, i >= most ? i - most + 1 : 0);
        ok = jobs[i].ok || begin_job(&jobs[i], shadow);
    }
    for (size_t k = 0; k < i; k++)
        if (jobs[k].running)
            end_job(&jobs[k]);
    ropp_progress_end(&progress);
    return ok;
}

/* -- what the compilers say ----------------------------------------------- */

/* An error in a compiler's output: "FILE:LINE:COLUMN: error: TEXT". */
struct error {
    const char *place, *text, *end;
};

/* The next error from *at on; *at moves behind it. */
static bool next_error(const char **at, struct error *error)
{
    static const char word[] = "error: ";

    while (**at) {
        const char *line = *at, *end = line + strcspn(line, "\n"), *found = strstr(line, word);

        *at = end + (*end != '\0');
        if (found && found < end) {
            *error = (struct error){line, found + sizeof word - 1, end};
            return true;
        }
    }
    return false;
}

static bool has_error(const char *output, const struct error *wanted)
{
    const size_t size = (size_t)(wanted->end - wanted->text);
    struct error error;

    while (next_error(&output, &error))
        if ((size_t)(error.end - error.text) == size && memcmp(error.text, wanted->text, size) == 0)
            return true;
    return false;
}

/* The hook whose lines hold a line of a woven text, "" when none does. */
static const char *hook_at(const struct ropp_buffer *text, size_t line)
{
    static const char begin[] = "ropp:begin ", end[] = "ropp:end ";
    const char *name = NULL, *found;

    for (size_t at = 0; line > 0 && at < text->size; line--) {
        const struct ropp_line here = ropp_line_at(text->data, at, text->size);

        if ((found = memmem(here.start, here.size, begin, sizeof begin - 1)) != NULL)
            name = found + sizeof begin - 1;
        else if (memmem(here.start, here.size, end, sizeof end - 1) != NULL)
            name = NULL;
        at += here.whole;
    }
    return name ? ropp_keep_format(" (hook '%.*s')", (int)strcspn(name, " "), name) : "";
}

/* A place as the compiler names it, from the folder of a file, as people find it: below the tree, if
 * it is there. */
static const char *place_of(const char *place, size_t size, const char *path, const char *tree)
{
    const char *shadow = strstr(place, "/ropp-compile-"), *rest;
    size_t folder = folder_size(path);

    if (shadow && shadow < place + size && (rest = strchr(shadow + 1, '/')) != NULL)
        return ropp_keep_format("%s%.*s", tree, (int)(place + size - rest), rest);
    if (*place == '/')
        return ropp_keep_part(place, size);
    for (; size > 3 && strncmp(place, "../", 3) == 0; place += 3, size -= 3)
        while (folder > 0 && --folder > 0 && path[folder - 1] != '/')
            ;
    return ropp_keep_format("%s/%.*s%.*s", tree, (int)folder, path, (int)size, place);
}

/* The error for people. */
static const char *describe(const struct error *error, const struct ropp_planned_file *file,
                            const char *tree)
{
    const char *name = file->path + folder_size(file->path);
    const size_t head = strcspn(error->place, ":"), length = strlen(name);
    const bool here = head >= length && strncmp(error->place + head - length, name, length) == 0 &&
                      (head == length || error->place[head - length - 1] == '/');
    const size_t line = error->place[head] == ':' ? strtoul(error->place + head + 1, NULL, 10) : 0;

    return ropp_keep_format("%s:%zu: %.*s%s", place_of(error->place, head, file->path, tree), line,
                            (int)(error->end - error->text), error->text,
                            here ? hook_at(&file->result, line) : "");
}

/* What became of a file, from what the compiler said of it with ropp and without. */
static struct ropp_compile_result judge(const struct job *with, const struct job *without,
                                        const char *tree)
{
    struct ropp_compile_result result = {with->file->path, ROPP_COMPILE_DONE, NULL};
    const char *at = with->output.data ? with->output.data : "";
    const char *before = without->output.data ? without->output.data : "";
    struct error error;

    if (with->ok)
        return result;
    result.state = without->ok ? ROPP_COMPILE_BROKEN : ROPP_COMPILE_BEFORE;
    while (next_error(&at, &error)) {
        const bool ours = without->ok || !has_error(before, &error);

        if (ours)
            result.state = ROPP_COMPILE_BROKEN;
        if (ours || result.error == NULL)
            result.error = describe(&error, with->file, tree);
        if (ours)
            break;
    }
    if (result.error == NULL)
        result.error = ropp_keep_format("%s/%s: the compiler says: %.*s", tree, with->file->path,
                                        (int)strcspn(with->output.data, "\n"), with->output.data);
    /* A compiler quotes the tree's own bytes. */
    result.error = ropp_keep(ropp_safe_copy(result.error));
    return result;
}

/* -- the whole ------------------------------------------------------------ */

/* Whether there is something to compile without ropp: for a copy the file beside it, whose errors
 * are none of the copy's. */
static bool has_counterpart(const struct job *job)
{
    return (job->file->on_disk && !job->file->is_copy) || job->like != job->path;
}

/* Compiles once more, without ropp, what failed: each job's twin is at the same index. */
static bool run_without(const struct job *with, struct job *without, size_t count,
                        const struct ropp_tree *tree, const struct ropp_plan *plan)
{
    struct ropp_shadow shadow;
    bool all_good = true, ok;

    for (size_t i = 0; i < count; i++) {
        without[i] = (struct job){.file = with[i].file,
                                  .path = with[i].like,
                                  .like = with[i].like,
                                  .ok = with[i].ok || !has_counterpart(&with[i])};
        all_good &= without[i].ok;
    }
    if (all_good)
        return true;
    ok = ropp_shadow_begin(&shadow, tree, plan, false) && run_jobs(without, count, &shadow);
    ropp_shadow_end(&shadow);
    return ok;
}

int ropp_compile(struct ropp_compile *compile, const struct ropp_tree *tree,
                 const struct ropp_plan *plan)
{
    struct job *with = ropp_alloc(plan->file_count, sizeof *with);
    struct job *without = ropp_alloc(plan->file_count, sizeof *without);
    struct ropp_shadow shadow;
    size_t count = 0;
    bool ok;

    memset(compile, 0, sizeof *compile);
    for (size_t i = 0; i < plan->file_count; i++)
        if (is_source(&plan->files[i]))
            with[count++] = (struct job){.file = &plan->files[i],
                                         .path = plan->files[i].path,
                                         .like = known_to_the_build(plan, &plan->files[i])};
    ok = ropp_shadow_begin(&shadow, tree, plan, true) && run_jobs(with, count, &shadow);
    ropp_shadow_end(&shadow);
    ok = ok && run_without(with, without, count, tree, plan);
    compile->items = ropp_keep(ropp_alloc(count, sizeof *compile->items));
    for (size_t i = 0; i < count && ok; i++) {
        compile->items[compile->count] = judge(&with[i], &without[i], tree->name);
        compile->broken += compile->items[compile->count++].state == ROPP_COMPILE_BROKEN;
    }
    for (size_t i = 0; i < count; i++) {
        ropp_buffer_free(&with[i].output);
        ropp_buffer_free(&without[i].output);
    }
    free(with);
    free(without);
    return ok ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}
