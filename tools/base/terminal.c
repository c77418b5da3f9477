// SPDX-License-Identifier: MIT
#include "tools/base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80 };

size_t ropp_terminal_columns(int fd)
{
    struct winsize size;

    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL_COLUMNS;
    return size.ws_col;
}
