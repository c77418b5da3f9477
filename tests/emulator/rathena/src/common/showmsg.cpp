#include "showmsg.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <unistd.h>

int32 stdout_with_ansisequence = 0;
int32 msg_silent = 0;
char timestamp_format[20] = "";

struct message_kind {
	const char *label;
	int32 silence_bit;
	bool to_stderr;
};

static const message_kind KIND_PLAIN = {"", 0, false};
static const message_kind KIND_STATUS = {CL_GREEN "[Status]" CL_RESET, 2, false};
static const message_kind KIND_SQL = {CL_MAGENTA "[SQL]" CL_RESET, 16, true};
static const message_kind KIND_INFO = {CL_WHITE "[Info]" CL_RESET, 1, false};
static const message_kind KIND_NOTICE = {CL_WHITE "[Notice]" CL_RESET, 4, false};
static const message_kind KIND_WARNING = {CL_YELLOW "[Warning]" CL_RESET, 8, false};
static const message_kind KIND_DEBUG = {CL_CYAN "[Debug]" CL_RESET, 32, false};
static const message_kind KIND_ERROR = {CL_RED "[Error]" CL_RESET, 16, true};
static const message_kind KIND_FATAL = {CL_RED "[Fatal Error]" CL_RESET, 0, true};

// Removes the colour sequences ESC [ ... letter.
static std::string without_colours(const std::string &text)
{
	std::string out;

	for (size_t i = 0; i < text.size(); ++i) {
		if (text[i] != '\033') {
			out += text[i];
			continue;
		}
		while (i < text.size() && !isalpha((unsigned char)text[i]))
			++i;
	}
	return out;
}

static std::string formatted(const char *format, va_list args)
{
	char *text = nullptr;

	if (vasprintf(&text, format, args) < 0)
		return format;
	std::string out = text;
	free(text);
	return out;
}

static void show(const message_kind &kind, const char *format, va_list args)
{
	FILE *out = kind.to_stderr ? stderr : stdout;
	std::string line;

	if (kind.silence_bit & msg_silent)
		return;
	if (kind.label[0] != '\0') {
		if (timestamp_format[0] != '\0') {
			char stamp[80];
			time_t now = time(nullptr);
			size_t used = strftime(stamp, sizeof(stamp), timestamp_format, localtime(&now));
			line.append(stamp, used);
		}
		line.append(kind.label).append(":" CL_CLL " ");
	}
	line += formatted(format, args);
	if (!stdout_with_ansisequence && !isatty(fileno(out)))
		line = without_colours(line);
	fputs(line.c_str(), out);
	fflush(out);
}

#define SHOW_FUNCTION(name, kind)                                                                  \
	void name(const char *format, ...)                                                             \
	{                                                                                              \
		va_list args;                                                                              \
		va_start(args, format);                                                                    \
		show((kind), format, args);                                                                \
		va_end(args);                                                                              \
	}

SHOW_FUNCTION(ShowMessage, KIND_PLAIN)
SHOW_FUNCTION(ShowStatus, KIND_STATUS)
SHOW_FUNCTION(ShowSQL, KIND_SQL)
SHOW_FUNCTION(ShowInfo, KIND_INFO)
SHOW_FUNCTION(ShowNotice, KIND_NOTICE)
SHOW_FUNCTION(ShowWarning, KIND_WARNING)
SHOW_FUNCTION(ShowDebug, KIND_DEBUG)
SHOW_FUNCTION(ShowError, KIND_ERROR)
SHOW_FUNCTION(ShowFatalError, KIND_FATAL)
