// SPDX-License-Identifier: MIT
#include "common/strlib.h"

#include <stdlib.h>
#include <sys/random.h>

char *safestrncpy(char *to, const char *from, size_t size)
{
	size_t used = strnlen(from, size - 1);

	memcpy(to, from, used);
	memset(to + used, 0, size - used);
	return to;
}

static bool is_one_of(const char *word, const char *list)
{
	size_t length = strlen(word);

	for (; *list != '\0'; list += strspn(list, " ")) {
		size_t entry = strcspn(list, " ");

		if (entry == length && strncasecmp(word, list, length) == 0)
			return true;
		list += entry;
	}
	return false;
}

int32 config_switch(const char *text)
{
	if (is_one_of(text, "on yes oui ja si true"))
		return 1;
	if (is_one_of(text, "off no non nein false"))
		return 0;
	return (int32)strtol(text, NULL, 0);
}

int32 rnd(void)
{
	int32 value;

	if (getrandom(&value, sizeof(value), 0) != (ssize_t)sizeof(value))
		return (int32)random();
	return value & INT32_MAX;
}
