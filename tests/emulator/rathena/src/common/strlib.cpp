#include "strlib.hpp"

#include <cstdlib>

char *safestrncpy(char *dst, const char *src, size_t n)
{
	size_t used = strnlen(src, n - 1);
	memcpy(dst, src, used);
	memset(dst + used, 0, n - used);
	return dst;
}

int32 config_switch(const char *str)
{
	static const char *const yes[] = {"on", "yes", "oui", "ja", "si"};
	static const char *const no[] = {"off", "no", "non", "nein"};

	for (const char *word : yes)
		if (strcmpi(str, word) == 0)
			return 1;
	for (const char *word : no)
		if (strcmpi(str, word) == 0)
			return 0;
	return (int32)strtol(str, nullptr, 0);
}

void read_settings(FILE *stream,
                   const std::function<void(const char *key, const char *value)> &take)
{
	char line[1024], key[1024], value[1024];

	while (fgets(line, sizeof(line), stream) != nullptr) {
		if (strncmp(line, "//", 2) == 0 || sscanf(line, "%1023[^:]: %1023[^\r\n]", key, value) != 2)
			continue;
		for (char *c = key; *c != '\0'; ++c)
			*c = (char)tolower((unsigned char)*c);
		take(key, value);
	}
	fclose(stream);
}
