// SPDX-License-Identifier: MIT
/* A file that is replaced in one go, and a command that makes a program read it. */
#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/outfile.h"
#include "tools/base/run.h"
#include "tools/edge/edge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* All zero: there is none. */
static struct ropp_edge_mark look(const char *path)
{
    struct ropp_edge_mark mark = {{0}};
    struct stat state;

    if (stat(path, &state) == 0) {
        mark.words[0] = (uint64_t)state.st_ino;
        mark.words[1] = (uint64_t)state.st_size;
        mark.words[2] = (uint64_t)state.st_mtim.tv_sec;
        mark.words[3] = (uint64_t)state.st_mtim.tv_nsec;
    }
    return mark;
}

/* The whole file, in memory. */
static bool compose(const struct ropp_edge *edge, const struct ropp_edge_task *task,
                    struct ropp_buffer *text)
{
    FILE *out = open_memstream(&text->data, &text->size);

    if (out == NULL)
        return ropp_error("out of memory: free some");
    ropp_export(out, edge->format, task->after, task->now_s);
    return fclose(out) == 0 || ropp_error("out of memory: free some");
}

/* Behind the first line, which says when it was written. */
static const char *behind_first(const struct ropp_buffer *text)
{
    const char *end = text->size > 0 ? strchr(text->data, '\n') : NULL;

    return end != NULL ? end : "";
}

/* Whether the file says the same already. */
static bool is_there(const char *path, const struct ropp_buffer *text)
{
    FILE *file = fopen(path, "r");
    struct ropp_buffer found = {0};
    bool same;

    if (file == NULL)
        return false;
    same = ropp_buffer_read(&found, file, text->size + 1024) &&
           strcmp(behind_first(&found), behind_first(text)) == 0;
    fclose(file);
    ropp_buffer_free(&found);
    return same;
}

static bool write_file(const char *path, const struct ropp_buffer *text)
{
    struct ropp_outfile file;

    if (!ropp_outfile_begin(&file, path))
        return false;
    fwrite(text->data, 1, text->size, file.out);
    return ropp_outfile_end(&file); /* which sees that it could not be written */
}

static bool run_command(const char *line)
{
    struct ropp_buffer output = {0};
    struct ropp_run run;
    bool good;

    if (!ropp_run_begin(&run, "/", line))
        return false;
    good = ropp_run_end(&run, &output);
    if (!good)
        ropp_error("the command fails: %s: %.200s", line, output.data);
    ropp_buffer_free(&output);
    return good;
}

/* Whether the program may not have read what is there: its command failed, or whoever wrote it was
 * ended before the command was run. */
static bool is_unread(const struct ropp_edge_task *task)
{
    return task->again || task->before == NULL;
}

static bool bring(const struct ropp_edge *edge, struct ropp_edge_task *task)
{
    struct ropp_buffer text = {0};
    bool good = compose(edge, task, &text);

    /* Marked before it is read, or before the command is run: what others do meanwhile is seen at
     * the next look. */
    task->mark = look(edge->at);
    if (good && !is_there(edge->at, &text)) {
        task->touched = true;
        good = write_file(edge->at, &text);
        task->mark = look(edge->at);
    }
    free(text.data);
    if (!good || edge->run == NULL || !(task->touched || is_unread(task)))
        return good;
    task->touched = true;
    return run_command(edge->run);
}

static bool tend(const struct ropp_edge *edge, struct ropp_edge_task *task)
{
    const struct ropp_edge_mark now = look(edge->at);

    if (task->before == task->after && !task->again && memcmp(&now, &task->mark, sizeof now) == 0)
        return true;
    return bring(edge, task);
}

const struct ropp_edge_kind ropp_edge_file = {"file", tend};
