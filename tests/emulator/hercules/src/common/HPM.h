#ifndef COMMON_HPM_H
#define COMMON_HPM_H

#include "common/hercules.h"

enum HPluginEvents { HPET_INIT, HPET_READY, HPET_FINAL };

typedef void (*HPMEventFunc)(void);

/* The plugin manager. Nothing is loaded at run time here: a plugin would be linked in and register
 * itself. */
struct HPM_interface {
	void (*hook_event)(enum HPluginEvents type, HPMEventFunc func); /* the last one stands */
	void (*event)(enum HPluginEvents type);
};

void hpm_defaults(void);

HPShared struct HPM_interface *HPM;

#endif /* COMMON_HPM_H */
