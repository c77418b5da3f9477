// SPDX-License-Identifier: MIT
#include "tools/base/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, CTRL_C = 3 };

size_t ropp_terminal_columns(int fd)
{
    struct winsize size;

    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL_COLUMNS;
    return size.ws_col;
}

bool ropp_terminal_ask(int fd, const char *prompt, char *line, size_t size)
{
    struct termios before, hidden;
    ssize_t got;

    if (tcgetattr(fd, &before) != 0)
        return false;
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    hidden.c_lflag |= ICANON;
    hidden.c_cc[VEOL] = CTRL_C;
    if (tcsetattr(fd, TCSAFLUSH, &hidden) != 0)
        return false;
    fputs(prompt, stderr); /* not before: what is typed early is thrown away */
    got = read(fd, line, size - 1);
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    fputc('\n', stderr);
    if (got < 0)
        return false;
    line[got] = '\0';
    errno = ECANCELED;
    return strchr(line, CTRL_C) == NULL;
}
