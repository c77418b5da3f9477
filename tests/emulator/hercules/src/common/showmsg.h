#ifndef COMMON_SHOWMSG_H
#define COMMON_SHOWMSG_H

#include "common/hercules.h"

/* Console colours; dropped from the output when it is no terminal. */
#define CL_RESET   "\033[0m"
#define CL_CLL     "\033[K"
#define CL_WHITE   "\033[1;37m"
#define CL_RED     "\033[1;31m"
#define CL_GREEN   "\033[1;32m"
#define CL_YELLOW  "\033[1;33m"
#define CL_MAGENTA "\033[1;35m"
#define CL_CYAN    "\033[1;36m"

#define SHOW_LIKE_PRINTF __attribute__((format(printf, 1, 2)))

/* Errors go to standard error, everything else to standard output. */
struct showmsg_interface {
	bool stdout_with_ansisequence; /* colours even into a file */
	int silent; /* bits: 1 info, 2 status, 4 notice, 8 warning, 16 error and SQL, 32 debug */
	char timestamp_format[20]; /* strftime format in front of every line, or "" */

	void (*showStatus)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showSQL)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showInfo)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showNotice)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showWarning)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showDebug)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showError)(const char *, ...) SHOW_LIKE_PRINTF;
	void (*showFatalError)(const char *, ...) SHOW_LIKE_PRINTF;
};

#define ShowStatus(fmt, ...)     (showmsg->showStatus((fmt), ##__VA_ARGS__))
#define ShowSQL(fmt, ...)        (showmsg->showSQL((fmt), ##__VA_ARGS__))
#define ShowInfo(fmt, ...)       (showmsg->showInfo((fmt), ##__VA_ARGS__))
#define ShowNotice(fmt, ...)     (showmsg->showNotice((fmt), ##__VA_ARGS__))
#define ShowWarning(fmt, ...)    (showmsg->showWarning((fmt), ##__VA_ARGS__))
#define ShowDebug(fmt, ...)      (showmsg->showDebug((fmt), ##__VA_ARGS__))
#define ShowError(fmt, ...)      (showmsg->showError((fmt), ##__VA_ARGS__))
#define ShowFatalError(fmt, ...) (showmsg->showFatalError((fmt), ##__VA_ARGS__))

void showmsg_defaults(void);

HPShared struct showmsg_interface *showmsg;

#endif /* COMMON_SHOWMSG_H */
