// SPDX-License-Identifier: MIT
#include "tools/edge/job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/cli.h"

/* What is kept of messages; how many files the parent has open, at most. */
enum { SAID_MOST = 1024, FILES_MOST = 256 };

/* What a process hands back. */
struct result {
    bool good, touched;
    struct ropp_edge_mark mark;
};

/* ---- the process ---- */

/* As a program expects to be started. */
static void reset_signals(void)
{
    static const int ours[] = {SIGTERM, SIGINT, SIGHUP};
    sigset_t none;

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        signal(ours[i], SIG_DFL);
    signal(SIGPIPE, SIG_IGN); /* a program that does not read is seen by its status */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* No program that is started here gets what the parent has open: its connection to the database. */
static void keep_to_ourselves(void)
{
    for (int fd = STDERR_FILENO + 1; fd < FILES_MOST; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* The child's part; it leaves the parent's buffers and connections alone. */
static void work(int result_fd, int text_fd, const struct ropp_edge *edge,
                 struct ropp_edge_task *task)
{
    struct result result;

    setpgid(0, 0);
    reset_signals();
    keep_to_ourselves();
    if (dup2(text_fd, STDOUT_FILENO) < 0 || dup2(text_fd, STDERR_FILENO) < 0)
        _exit(ROPP_EXIT_USAGE);
    memset(&result, 0, sizeof result);
    result.good = edge->kind->tend(edge, task);
    result.touched = task->touched;
    result.mark = task->mark;
    _exit(write(result_fd, &result, sizeof result) == (ssize_t)sizeof result ? ROPP_EXIT_DONE
                                                                             : ROPP_EXIT_USAGE);
}

/* ---- the parent's side ---- */

static void close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

static bool open_pipes(int result[2], int text[2])
{
    if (pipe2(result, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    if (pipe2(text, O_CLOEXEC) == 0 && fcntl(text[0], F_SETFL, O_NONBLOCK) == 0)
        return true;
    close_pair(result);
    return false;
}

bool ropp_edge_job_begin(struct ropp_edge_job *job, const struct ropp_edge *edge,
                         const struct ropp_edge_task *task, int64_t limit_ms)
{
    struct ropp_edge_task own = *task;
    int result[2], text[2];

    own.touched = false;
    job->said.size = 0;
    if (!open_pipes(result, text))
        return ropp_error("no pipe: %s", strerror(errno));
    fflush(stdout);
    job->pid = fork();
    if (job->pid == 0)
        work(result[1], text[1], edge, &own);
    close(result[1]);
    close(text[1]);
    job->result = result[0];
    job->text = text[0];
    job->limit_ms = limit_ms;
    if (job->pid > 0) {
        setpgid(job->pid, job->pid); /* whoever of the two is first */
        return true;
    }
    job->pid = 0;
    close(job->result);
    close(job->text);
    return ropp_error("no process: %s", strerror(errno));
}

/* Its messages, of which the first are kept. */
static void hear(struct ropp_edge_job *job)
{
    char piece[1024];
    ssize_t size;

    while ((size = read(job->text, piece, sizeof piece)) > 0)
        if (job->said.size < SAID_MOST)
            ropp_buffer_add(&job->said, piece, (size_t)size);
}

static void end(struct ropp_edge_job *job)
{
    while (waitpid(job->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    hear(job);
    close(job->result);
    close(job->text);
    job->pid = 0;
}

enum ropp_edge_outcome ropp_edge_job_look(struct ropp_edge_job *job, struct ropp_edge_task *task,
                                          int64_t now_ms)
{
    struct result result;
    ssize_t size;

    hear(job);
    size = read(job->result, &result, sizeof result);
    if (size < 0 && (errno == EAGAIN || errno == EINTR) && now_ms < job->limit_ms)
        return ROPP_EDGE_RUNS;
    if (size < 0)
        kill(-job->pid, SIGKILL);
    end(job);
    if (size != (ssize_t)sizeof result) {
        if (size < 0)
            ropp_buffer_text(&job->said, "takes too long\n");
        task->touched = true;
        return ROPP_EDGE_BAD;
    }
    task->touched = result.touched;
    task->mark = result.mark;
    return result.good ? ROPP_EDGE_GOOD : ROPP_EDGE_BAD;
}

void ropp_edge_job_kill(struct ropp_edge_job *job)
{
    if (job->pid <= 0)
        return;
    kill(-job->pid, SIGKILL);
    end(job);
}

void ropp_edge_job_free(struct ropp_edge_job *job)
{
    ropp_edge_job_kill(job);
    ropp_buffer_free(&job->said);
}
