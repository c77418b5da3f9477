// SPDX-License-Identifier: MIT
#include "tools/edge/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/cli.h"

enum { NOT_FOUND = 127, ANSWER_MOST = 1 << 20 };

/* The child's part: becomes the program, whose standard input, output and error these are. */
static void become(const char *const argv[], int input, int output, int error)
{
    const char *path = getenv("PATH");
    char *wider = ropp_format("%s:/usr/sbin:/sbin", path != NULL ? path : "/usr/bin:/bin");

    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(error, STDERR_FILENO) < 0 || setenv("PATH", wider, 1) != 0 ||
        setenv("LC_ALL", "C", 1) != 0)
        _exit(NOT_FOUND);
    execvp(argv[0], (char *const *)argv);
    _exit(NOT_FOUND);
}

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool ropp_program_begin(struct ropp_program *program, const char *const argv[])
{
    int ends[2];

    program->name = argv[0];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ropp_error("no pipe: %s", strerror(errno));
    program->pid = fork();
    if (program->pid == 0)
        become(argv, ends[0], STDERR_FILENO, STDERR_FILENO);
    close(ends[0]);
    program->input = program->pid > 0 ? fdopen(ends[1], "w") : NULL;
    if (program->input != NULL)
        return true;
    close(ends[1]);
    return ropp_error("cannot start %s: %s", argv[0], strerror(errno));
}

bool ropp_program_end(struct ropp_program *program)
{
    bool wrote = !ferror(program->input);
    int status;

    wrote = fclose(program->input) == 0 && wrote;
    status = wait_for(program->pid);
    if (status == NOT_FOUND)
        return ropp_error("no such program: %s: install it", program->name);
    if (status != 0)
        return ropp_error("%s does not do it", program->name);
    return wrote || ropp_error("%s does not read it", program->name);
}

bool ropp_program_ask(const char *const argv[], struct ropp_buffer *output)
{
    int ends[2], nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    FILE *printed;
    pid_t pid;
    bool good;

    if (nothing < 0)
        return false;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        close(nothing);
        return false;
    }
    pid = fork();
    if (pid == 0)
        become(argv, nothing, ends[1], nothing);
    close(nothing);
    close(ends[1]);
    printed = pid > 0 ? fdopen(ends[0], "r") : NULL;
    if (printed == NULL) {
        close(ends[0]);
        return false;
    }
    good = ropp_buffer_read(output, printed, ANSWER_MOST);
    fclose(printed);
    return wait_for(pid) == 0 && good;
}
