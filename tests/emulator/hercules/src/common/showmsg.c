#define _GNU_SOURCE
#define HERCULES_CORE

#include "showmsg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct showmsg_interface the_showmsg;
struct showmsg_interface *showmsg;

/* Removes the colour sequences ESC [ ... letter. */
static void drop_colours(char *text)
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

static void show(FILE *out, int silence_bit, const char *label, const char *format, va_list args)
{
	char stamp[80] = "", *text = NULL, *line = NULL;

	if (silence_bit & showmsg->silent)
		return;
	if (showmsg->timestamp_format[0] != '\0') {
		time_t now = time(NULL);

		if (strftime(stamp, sizeof(stamp), showmsg->timestamp_format, localtime(&now)) == 0)
			stamp[0] = '\0';
	}
	if (vasprintf(&text, format, args) < 0)
		return;
	if (asprintf(&line, "%s%s" CL_RESET ":" CL_CLL " %s", stamp, label, text) >= 0) {
		if (!showmsg->stdout_with_ansisequence && !isatty(fileno(out)))
			drop_colours(line);
		fputs(line, out);
		fflush(out);
		free(line);
	}
	free(text);
}

#define SHOW_FUNCTION(name, out, silence_bit, label)                                               \
	static void name(const char *format, ...)                                                      \
	{                                                                                              \
		va_list args;                                                                              \
		va_start(args, format);                                                                    \
		show((out), (silence_bit), (label), format, args);                                         \
		va_end(args);                                                                              \
	}

SHOW_FUNCTION(showmsg_showStatus, stdout, 2, CL_GREEN "[Status]")
SHOW_FUNCTION(showmsg_showSQL, stderr, 16, CL_MAGENTA "[SQL]")
SHOW_FUNCTION(showmsg_showInfo, stdout, 1, CL_WHITE "[Info]")
SHOW_FUNCTION(showmsg_showNotice, stdout, 4, CL_WHITE "[Notice]")
SHOW_FUNCTION(showmsg_showWarning, stdout, 8, CL_YELLOW "[Warning]")
SHOW_FUNCTION(showmsg_showDebug, stdout, 32, CL_CYAN "[Debug]")
SHOW_FUNCTION(showmsg_showError, stderr, 16, CL_RED "[Error]")
SHOW_FUNCTION(showmsg_showFatalError, stderr, 0, CL_RED "[Fatal Error]")

void showmsg_defaults(void)
{
	showmsg = &the_showmsg;
	showmsg->showStatus = showmsg_showStatus;
	showmsg->showSQL = showmsg_showSQL;
	showmsg->showInfo = showmsg_showInfo;
	showmsg->showNotice = showmsg_showNotice;
	showmsg->showWarning = showmsg_showWarning;
	showmsg->showDebug = showmsg_showDebug;
	showmsg->showError = showmsg_showError;
	showmsg->showFatalError = showmsg_showFatalError;
}
