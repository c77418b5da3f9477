// SPDX-License-Identifier: MIT
#include "common/settings.h"

#include "common/net.h"
#include "common/strlib.h"

#include <stdlib.h>

void setting_set(const struct setting *setting, const char *text)
{
	const long number = strtol(text, NULL, 10);

	switch (setting->type) {
	case SETTING_TEXT:
		safestrncpy((char *)setting->to, text, setting->size);
		break;
	case SETTING_BOOL:
		*(bool *)setting->to = config_switch(text) != 0;
		break;
	case SETTING_INT:
		*(int32 *)setting->to = (int32)number;
		break;
	case SETTING_WORD:
		*(uint16 *)setting->to = (uint16)(number < 0            ? 0
		                                  : number > UINT16_MAX ? UINT16_MAX
		                                                        : number);
		break;
	case SETTING_IP:
		*(uint32 *)setting->to = host2ip(text);
		break;
	case SETTING_CALL:
		setting->take(text);
		break;
	}
}
