// SPDX-License-Identifier: MIT
/* What ends its program, done in one of its own. */
#ifndef ROPP_UNIT_CHILD_H
#define ROPP_UNIT_CHILD_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Does it. Returns the exit status, -1 when it has none; 99 means that it went on. */
static inline int status_of(void (*does)(void))
{
    int status = -1;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        does();
        _exit(99);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

#endif
