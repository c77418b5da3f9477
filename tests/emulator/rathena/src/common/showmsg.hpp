#ifndef SHOWMSG_HPP
#define SHOWMSG_HPP

#include "cbasetypes.hpp"

// Console colours; dropped from the output when it is no terminal.
#define CL_RESET   "\033[0m"
#define CL_CLL     "\033[K"
#define CL_WHITE   "\033[1;37m"
#define CL_RED     "\033[1;31m"
#define CL_GREEN   "\033[1;32m"
#define CL_YELLOW  "\033[1;33m"
#define CL_MAGENTA "\033[1;35m"
#define CL_CYAN    "\033[1;36m"

extern int32 stdout_with_ansisequence; // 1: colours even into a file
extern int32 msg_silent; // bits: 1 info, 2 status, 4 notice, 8 warning, 16 error and SQL, 32 debug
extern char timestamp_format[20]; // strftime format in front of every line, or ""

#define SHOW_LIKE_PRINTF __attribute__((format(printf, 1, 2)))

// Errors go to standard error, everything else to standard output.
void ShowMessage(const char *, ...) SHOW_LIKE_PRINTF;
void ShowStatus(const char *, ...) SHOW_LIKE_PRINTF;
void ShowSQL(const char *, ...) SHOW_LIKE_PRINTF;
void ShowInfo(const char *, ...) SHOW_LIKE_PRINTF;
void ShowNotice(const char *, ...) SHOW_LIKE_PRINTF;
void ShowWarning(const char *, ...) SHOW_LIKE_PRINTF;
void ShowDebug(const char *, ...) SHOW_LIKE_PRINTF;
void ShowError(const char *, ...) SHOW_LIKE_PRINTF;
void ShowFatalError(const char *, ...) SHOW_LIKE_PRINTF;

#endif /* SHOWMSG_HPP */
