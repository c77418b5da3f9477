#include "tools/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/cli.h"
#include "tools/patch/buffer.h"

static bool complain(const char *path, int error)
{
    ropp_error("cannot write: %s (%s): name a file in a folder that you may write to", path,
               strerror(error));
    return false;
}

/* What the path stands for, behind links; itself when there is nothing yet. To be freed. */
static char *target_of(const char *path)
{
    char *target = realpath(path, NULL);

    return target != NULL ? target : ropp_copy_text(path, strlen(path));
}

bool ropp_outfile_begin(struct ropp_outfile *file, const char *path)
{
    struct stat state;
    char *target;
    int fd;

    file->path = path;
    file->out = stdout;
    file->temporary = NULL;
    if (path == NULL)
        return true;
    if (stat(path, &state) == 0 && !S_ISREG(state.st_mode)) {
        ropp_error("not a plain file: %s: name one, or write to standard output", path);
        return false;
    }
    target = target_of(path);
    file->temporary = ropp_format("%s.XXXXXX", target);
    free(target);
    fd = mkstemp(file->temporary);
    file->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file->out != NULL)
        return true;
    complain(path, errno);
    if (fd >= 0) {
        close(fd);
        unlink(file->temporary);
    }
    free(file->temporary);
    return false;
}

/* The mode of the file that is replaced, or what a new one gets here. */
static mode_t mode_of(const char *path)
{
    struct stat state;
    mode_t mask;

    if (stat(path, &state) == 0)
        return state.st_mode & 07777;
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Everything is on the disk before the name changes hands. 0, or the error. */
static int finish(struct ropp_outfile *file)
{
    char *target;
    int error = 0;

    if (fflush(file->out) != 0 || ferror(file->out) ||
        fchmod(fileno(file->out), mode_of(file->path)) != 0 || fsync(fileno(file->out)) != 0)
        error = errno != 0 ? errno : EIO;
    if (fclose(file->out) != 0 && error == 0)
        error = errno;
    target = target_of(file->path);
    if (error == 0 && rename(file->temporary, target) != 0)
        error = errno;
    free(target);
    return error;
}

bool ropp_outfile_end(struct ropp_outfile *file, bool good)
{
    int error = 0;

    if (file->path == NULL)
        return true; /* ropp_finish looks after it */
    errno = 0;
    if (good)
        error = finish(file);
    else
        fclose(file->out);
    if (!good || error != 0)
        unlink(file->temporary);
    free(file->temporary);
    return error == 0 || complain(file->path, error);
}
