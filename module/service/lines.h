// SPDX-License-Identifier: MIT
/* The emulators' files of `key: value` lines. The one reader of them: a server's module and
 * `ropp ban --tree` must come to the same database.
 *
 * Lines with a key of ours are read with some patience: white space around key and value, a comment
 * behind a value (but not behind a password), carriage returns, a byte order mark before the first
 * line. Of a key that is the emulator's own we must think what the emulator thinks: the key begins
 * the line and ends at the colon, the value is the rest of the line without the white space before
 * it, slashes and blanks at its end included, and one without a value is none. */
#ifndef ROPP_SERVICE_LINES_H
#define ROPP_SERVICE_LINES_H

#include "core/server.h"
#include "service/keys.h"

/* Reads the proxy_ keys of a file, and the emulator's own keys about its databases, and passes over
 * every other line. Where a line imports another file, that one is read at this place, as the
 * emulator does, so that of two values the later one counts; when the emulator comes to it by
 * itself, it is not read again. A file that cannot be opened is the emulator's to report: true. */
bool ropp_config_read_lines(struct ropp_config *config, enum ropp_server server, const char *path,
                            char error[ROPP_ERROR_TEXT]);

#endif
