// SPDX-License-Identifier: MIT
/* A look after one target, in a process of its own: what hangs there holds nobody else up, and what
 * has taken too long is killed with all that it has started. The process shares the lists as they
 * are when it begins. */
#ifndef ROPP_TOOLS_EDGE_JOB_H
#define ROPP_TOOLS_EDGE_JOB_H

#include <sys/types.h>

#include "tools/base/buffer.h"
#include "tools/edge/edge.h"

/* A zeroed one does not run. */
struct ropp_edge_job {
    pid_t pid;               /* 0: it does not run */
    int result;              /* to poll for what can be read: its result, or its end */
    int text;                /* the same: messages, its own and its programs' */
    int64_t limit_ms;        /* when it has to be done, by the clock that never jumps */
    struct ropp_buffer said; /* messages so far */
};

enum ropp_edge_outcome { ROPP_EDGE_RUNS, ROPP_EDGE_GOOD, ROPP_EDGE_BAD };

/* Begins. False with a message. */
bool ropp_edge_job_begin(struct ropp_edge_job *job, const struct ropp_edge *edge,
                         const struct ropp_edge_task *task, int64_t limit_ms);

/* Takes what has arrived. When it is over, *task has the result (the lists in it are the caller's
 * still) and job->said the messages, which are there until the next one begins; one that ends
 * without a result has touched the target, as far as anybody knows. */
enum ropp_edge_outcome ropp_edge_job_look(struct ropp_edge_job *job, struct ropp_edge_task *task,
                                          int64_t now_ms);

/* Kills it, if it runs. */
void ropp_edge_job_kill(struct ropp_edge_job *job);
void ropp_edge_job_free(struct ropp_edge_job *job);

#endif
