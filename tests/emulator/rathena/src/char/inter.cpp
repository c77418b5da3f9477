#include <cstdio>
#include <cstring>

#include <common/cbasetypes.hpp>
#include <common/showmsg.hpp>
#include <common/strlib.hpp>

#include "char_db.hpp"
#include "inter.hpp"

int32 inter_config_read(const char *cfgName)
{
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("inter_config_read: cannot read %s\n", cfgName);
		return 1;
	}
	read_settings(stream, [](const char *key, const char *value) {
		if (strcmp(key, "import") == 0)
			inter_config_read(value);
		else
			char_db_config_read(key, value);
	});
	return 0;
}
