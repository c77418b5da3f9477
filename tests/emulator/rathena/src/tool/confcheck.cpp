// SPDX-License-Identifier: MIT
// A tool without sockets and database, of the small core alone: counts the lines of configuration
// files that are neither a comment nor "key: value".
#include <cstdio>
#include <cstring>

#include "common/core.h"
#include "common/showmsg.h"

static int count_faults(const char *path)
{
	FILE *stream = fopen(path, "r");
	char line[1024];
	int faults = 0;

	if (stream == nullptr) {
		ShowError("%s: cannot be read\n", path);
		return 1;
	}
	while (fgets(line, sizeof(line), stream) != nullptr)
		if (strncmp(line, "//", 2) != 0 && strspn(line, " \t\r\n") != strlen(line) &&
		    strchr(line, ':') == nullptr)
			++faults;
	fclose(stream);
	return faults;
}

bool do_init(int argc, char **argv)
{
	int faults = 0;

	for (int i = 1; i < argc; ++i)
		faults += count_faults(argv[i]);
	ShowStatus("%d files, %d faults\n", argc - 1, faults);
	return faults == 0;
}
