#define HERCULES_CORE

#include "HPM.h"

static struct HPM_interface the_HPM;
struct HPM_interface *HPM;

static HPMEventFunc event_funcs[HPET_FINAL + 1];

static void hplugin_hook_event(enum HPluginEvents type, HPMEventFunc func)
{
	event_funcs[type] = func;
}

static void hplugins_event(enum HPluginEvents type)
{
	if (event_funcs[type] != NULL)
		event_funcs[type]();
}

void hpm_defaults(void)
{
	HPM = &the_HPM;
	HPM->hook_event = hplugin_hook_event;
	HPM->event = hplugins_event;
}
