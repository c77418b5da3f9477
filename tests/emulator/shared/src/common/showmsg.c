// SPDX-License-Identifier: MIT
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* vasprintf */
#endif
#include "common/showmsg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

bool show_colours;
int32 show_not;
char show_time[20];

/* Cuts out the sequences ESC [ ... letter. */
static void show_plain(char *text)
{
	char *out = text;

	for (; *text != '\0'; ++text) {
		if (*text != '\033') {
			*out++ = *text;
			continue;
		}
		while (text[1] != '\0' && !isalpha((unsigned char)*text))
			++text;
	}
	*out = '\0';
}

static void show(FILE *out, int32 bit, const char *label, const char *format, va_list args)
{
	char stamp[80] = "", *text = NULL, *line = NULL;
	time_t now = time(NULL);

	if ((show_not & bit) != 0 || vasprintf(&text, format, args) < 0)
		return;
	if (show_time[0] != '\0' && strftime(stamp, sizeof(stamp), show_time, localtime(&now)) == 0)
		stamp[0] = '\0';
	if (asprintf(&line, "%s%s" CL_RESET ": %s", stamp, label, text) >= 0) {
		if (!show_colours && !isatty(fileno(out)))
			show_plain(line);
		fputs(line, out);
		fflush(out);
		free(line);
	}
	free(text);
}

#define SHOW_FUNCTION(name, out, bit, label)                                                       \
	void name(const char *format, ...)                                                             \
	{                                                                                              \
		va_list args;                                                                              \
		va_start(args, format);                                                                    \
		show((out), (bit), (label), format, args);                                                 \
		va_end(args);                                                                              \
	}

SHOW_FUNCTION(ShowInfo, stdout, 1, CL_WHITE "[Info]")
SHOW_FUNCTION(ShowStatus, stdout, 2, CL_GREEN "[Status]")
SHOW_FUNCTION(ShowNotice, stdout, 4, CL_WHITE "[Notice]")
SHOW_FUNCTION(ShowWarning, stdout, 8, CL_YELLOW "[Warning]")
SHOW_FUNCTION(ShowError, stderr, 16, CL_RED "[Error]")
SHOW_FUNCTION(ShowSQL, stderr, 16, CL_MAGENTA "[SQL]")
SHOW_FUNCTION(ShowDebug, stdout, 32, CL_CYAN "[Debug]")
SHOW_FUNCTION(ShowFatalError, stderr, 0, CL_RED "[Fatal Error]")
