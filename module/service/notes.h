// SPDX-License-Identifier: MIT
/* Lines for the server's log, on their way from the worker to the game's thread, which alone may
 * use the emulator's own means of saying something. One thread puts, one takes; a line for which
 * there is no room is lost. */
#ifndef ROPP_SERVICE_NOTES_H
#define ROPP_SERVICE_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "service/text.h"

#define ROPP_NOTES 8 /* a power of two */

enum ropp_note { ROPP_NOTE_NONE, ROPP_NOTE_STATUS, ROPP_NOTE_WARNING };

struct ropp_notes { /* all zero is empty */
    uint32_t head, tail;
    enum ropp_note kinds[ROPP_NOTES];
    char lines[ROPP_NOTES][ROPP_LINE_TEXT];
};

/* By the worker: printf. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void ropp_notes_put(struct ropp_notes *notes, enum ropp_note kind, const char *format, ...);

/* By the game. NONE when there is none. */
enum ropp_note ropp_notes_take(struct ropp_notes *notes, char line[ROPP_LINE_TEXT]);

#endif
