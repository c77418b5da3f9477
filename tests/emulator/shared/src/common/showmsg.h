// SPDX-License-Identifier: MIT
#ifndef COMMON_SHOWMSG_H
#define COMMON_SHOWMSG_H

#include "common/cbasetypes.h"

/* Colours of a terminal; cut out where there is none. */
#define CL_RESET   "\033[0m"
#define CL_WHITE   "\033[1;37m"
#define CL_RED     "\033[1;31m"
#define CL_GREEN   "\033[1;32m"
#define CL_YELLOW  "\033[1;33m"
#define CL_MAGENTA "\033[1;35m"
#define CL_CYAN    "\033[1;36m"

extern bool show_colours; /* into a file, too */
extern int32 show_not; /* bits: 1 info, 2 status, 4 notice, 8 warning, 16 error and SQL, 32 debug */
extern char show_time[20]; /* strftime's format for the beginning of each line, or "" */

#define SHOW_LIKE_PRINTF __attribute__((format(printf, 1, 2)))

/* Errors go to standard error, the others to standard output. */
void ShowStatus(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowSQL(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowInfo(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowNotice(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowWarning(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowDebug(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowError(const char *format, ...) SHOW_LIKE_PRINTF;
void ShowFatalError(const char *format, ...) SHOW_LIKE_PRINTF;

#endif
