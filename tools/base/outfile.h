// SPDX-License-Identifier: MIT
/* A file that is replaced in one go: whoever reads it sees the old one or the new one, whole, and
 * whoever could read the old one can read the new one. */
#ifndef ROPP_TOOLS_BASE_OUTFILE_H
#define ROPP_TOOLS_BASE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

struct ropp_outfile {
    FILE *out;        /* to write to */
    const char *path; /* NULL: standard output */
    char *temporary;
};

/* Begins a new file beside `path`, which must outlive it. A symbolic link is followed, so that it
 * is its target that is replaced.
 *
 * The new file gets what the one before has: owner, group, mode and, on Linux, its access list
 * (POSIX ACL) and its label (SELinux). What this user may not give it is said; and where somebody
 * could no longer read the file for that, it is refused. Other attributes, and further names of the
 * same file (hard links), are not kept. False with a message. */
bool ropp_outfile_begin(struct ropp_outfile *file, const char *path);

/* Puts it in place. False with a message when what was written did not arrive. */
bool ropp_outfile_end(struct ropp_outfile *file);

#endif
