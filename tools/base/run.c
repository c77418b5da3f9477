// SPDX-License-Identifier: MIT
#include "tools/base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a program has to say of one file; more is not read. */
#define OUTPUT_LIMIT ((size_t)64 << 20)

/* The child's part: becomes the shell. */
static void become_shell(const struct ropp_run *run, const char *folder, const char *line)
{
    const int input = open("/dev/null", O_RDONLY), output = fileno(run->output);

    if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0 ||
        chdir(folder) != 0 || setenv("LC_ALL", "C", 1) != 0)
        _exit(127);
    execl("/bin/sh", "sh", "-c", line, (char *)NULL);
    _exit(127);
}

bool ropp_run_begin(struct ropp_run *run, const char *folder, const char *line)
{
    run->output = tmpfile();
    if (run->output == NULL)
        return ropp_error("cannot write a temporary file: %s", strerror(errno));
    fflush(stdout);
    run->pid = fork();
    if (run->pid == 0)
        become_shell(run, folder, line);
    if (run->pid > 0)
        return true;
    fclose(run->output);
    return ropp_error("cannot start a program: %s", strerror(errno));
}

bool ropp_run_end(struct ropp_run *run, struct ropp_buffer *output)
{
    int status = 0;
    bool ok = true;

    /* Where the ends of programs are ignored, how this one has ended is not known. */
    while (ok && waitpid(run->pid, &status, 0) < 0)
        ok = errno == EINTR;
    ok = ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    rewind(run->output);
    ok = ropp_buffer_read(output, run->output, OUTPUT_LIMIT) && ok;
    ropp_buffer_add(output, "", 0);
    fclose(run->output);
    return ok;
}

void ropp_run_quote(struct ropp_buffer *line, const char *word)
{
    ropp_buffer_text(line, "'");
    for (; *word; word++) {
        if (*word == '\'')
            ropp_buffer_text(line, "'\\''");
        else
            ropp_buffer_add(line, word, 1);
    }
    ropp_buffer_text(line, "'");
}
