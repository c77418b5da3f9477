// SPDX-License-Identifier: MIT
#include "tools/player/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/cli.h"
#include "tools/base/terminal.h"

/* Cuts the line's end off and takes it. `from` is for messages. */
static bool take(const char *line, const char *from, char out[ROPP_PACKET_NAME])
{
    size_t length = strcspn(line, "\r\n");

    if (length == 0)
        return ropp_error("no password: %s: its first line is empty", from);
    if (length >= ROPP_PACKET_NAME)
        return ropp_error("the password is too long: %s: the game takes %d bytes", from,
                          ROPP_PACKET_NAME - 1);
    memcpy(out, line, length);
    out[length] = '\0';
    return true;
}

static bool from_file(const char *path, char out[ROPP_PACKET_NAME])
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    FILE *file = standard ? stdin : fopen(path, "r");
    char line[ROPP_PACKET_NAME + 3] = "";
    bool failed = file == NULL;

    if (!failed) {
        errno = 0;
        failed = fgets(line, sizeof line, file) == NULL && ferror(file);
    }
    if (failed)
        ropp_error("cannot read the password: %s (%s): name a file that you may read", name,
                   strerror(errno));
    if (file != NULL && !standard)
        fclose(file);
    return !failed && take(line, name, out);
}

static bool from_terminal(char out[ROPP_PACKET_NAME])
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    char line[256];
    bool good;

    if (terminal < 0)
        return ropp_error("no password: no terminal to ask at: give --pass-file FILE or set %s",
                          ROPP_PASSWORD_VARIABLE);
    good = ropp_terminal_ask(terminal, "Password: ", line, sizeof line);
    if (!good)
        ropp_error("cannot read the password: the terminal (%s): give --pass-file FILE",
                   strerror(errno));
    close(terminal);
    return good && take(line, "the terminal", out);
}

bool ropp_password_get(const char *file, char out[ROPP_PACKET_NAME])
{
    const char *value = getenv(ROPP_PASSWORD_VARIABLE);

    if (file != NULL)
        return from_file(file, out);
    if (value != NULL)
        return take(value, ROPP_PASSWORD_VARIABLE, out);
    return from_terminal(out);
}
