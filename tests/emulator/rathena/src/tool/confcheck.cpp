#include <cstdio>
#include <cstring>

#include <common/core.hpp>
#include <common/showmsg.hpp>

// Reports lines of configuration files that are neither a comment nor "key: value". A tool without
// sockets and database, built from the small core.
class ConfcheckTool : public rathena::server_core::Core
{
  protected:
	bool initialize(int32 argc, char *argv[]) override;

  public:
	ConfcheckTool() : Core(rathena::server_core::e_core_type::TOOL)
	{
	}
};

static int check_file(const char *path)
{
	char line[1024], key[1024], value[1024];
	int number = 0, faults = 0;
	FILE *fp = fopen(path, "r");

	if (fp == nullptr) {
		ShowError("File not found: %s\n", path);
		return 1;
	}
	while (fgets(line, sizeof(line), fp) != nullptr) {
		++number;
		if (strncmp(line, "//", 2) == 0 || strspn(line, " \t\r\n") == strlen(line))
			continue;
		if (sscanf(line, "%1023[^:]: %1023[^\r\n]", key, value) < 1 ||
		    strchr(line, ':') == nullptr) {
			ShowWarning("%s:%d: not a setting\n", path, number);
			++faults;
		}
	}
	fclose(fp);
	return faults;
}

bool ConfcheckTool::initialize(int32 argc, char *argv[])
{
	int faults = 0;

	for (int i = 1; i < argc; ++i)
		faults += check_file(argv[i]);
	ShowStatus("%d files, %d faults\n", argc - 1, faults);
	return faults == 0;
}

int32 main(int32 argc, char *argv[])
{
	return main_core<ConfcheckTool>(argc, argv);
}
