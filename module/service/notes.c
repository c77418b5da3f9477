// SPDX-License-Identifier: MIT
#include "service/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform.h"

void ropp_notes_put(struct ropp_notes *notes, enum ropp_note kind, const char *format, ...)
{
    uint32_t head = ropp_load_relaxed(&notes->head);
    va_list args;

    if (head - ropp_load(&notes->tail) == ROPP_NOTES)
        return;
    va_start(args, format);
    vsnprintf(notes->lines[head % ROPP_NOTES], ROPP_LINE_TEXT, format, args);
    va_end(args);
    notes->kinds[head % ROPP_NOTES] = kind;
    ropp_store(&notes->head, head + 1);
}

enum ropp_note ropp_notes_take(struct ropp_notes *notes, char line[ROPP_LINE_TEXT])
{
    uint32_t tail = ropp_load_relaxed(&notes->tail);
    enum ropp_note kind;

    if (tail == ropp_load(&notes->head))
        return ROPP_NOTE_NONE;
    kind = notes->kinds[tail % ROPP_NOTES];
    memcpy(line, notes->lines[tail % ROPP_NOTES], ROPP_LINE_TEXT);
    ropp_store(&notes->tail, tail + 1);
    return kind;
}
