// SPDX-License-Identifier: MIT
#include "tools/patch/tree/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/run.h"

/* The text in a file without a name, for a program to read; NULL with a message. */
static FILE *lend(struct ropp_diff_text text)
{
    FILE *file = tmpfile();

    if (file != NULL && fwrite(text.data ? text.data : "", 1, text.size, file) == text.size &&
        fflush(file) == 0)
        return file;
    ropp_error("cannot write a temporary file: %s", strerror(errno));
    if (file != NULL)
        fclose(file);
    return NULL;
}

static void add_label(struct ropp_buffer *line, const char *folder, const char *path,
                      struct ropp_diff_text text)
{
    char *label = text.data ? ropp_format("%s/%s", folder, path) : ropp_format("/dev/null");

    ropp_buffer_text(line, " -L ");
    ropp_run_quote(line, label);
    free(label);
}

/* What diff prints of two open files; false with a message. */
static bool compare(const char *line, struct ropp_buffer *hunks)
{
    struct ropp_run run;

    return ropp_run_begin(&run, ".", line) &&
           (ropp_run_end(&run, hunks) || ropp_error("cannot run diff: %.*s: install diffutils",
                                                    (int)strcspn(hunks->data, "\n"), hunks->data));
}

int ropp_diff(FILE *out, const char *path, struct ropp_diff_text before,
              struct ropp_diff_text after)
{
    struct ropp_buffer line = {0}, hunks = {0};
    FILE *old, *changed = NULL;
    bool ok;

    if (before.data && after.data && before.size == after.size &&
        memcmp(before.data, after.data, after.size) == 0)
        return ROPP_EXIT_DONE;
    old = lend(before);
    ok = old != NULL && (changed = lend(after)) != NULL;
    if (ok) {
        ropp_buffer_text(&line, "diff -a -u");
        add_label(&line, "a", path, before);
        add_label(&line, "b", path, after);
        ropp_buffer_format(&line, " /dev/fd/%d /dev/fd/%d; [ $? -le 1 ]", fileno(old),
                           fileno(changed));
        ok = compare(line.data, &hunks);
    }
    if (ok) {
        fprintf(out, "diff --git a/%s b/%s\n", path, path);
        if (before.data == NULL || after.data == NULL)
            fprintf(out, "%s file mode 100644\n", before.data ? "deleted" : "new");
        fwrite(hunks.data, 1, hunks.size, out);
    }
    if (old)
        fclose(old);
    if (changed)
        fclose(changed);
    ropp_buffer_free(&line);
    ropp_buffer_free(&hunks);
    return ok ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}
