#ifndef CONFIG_CORE_H
#define CONFIG_CORE_H

/* Build-time switches of the reference emulator: none yet. */

#endif /* CONFIG_CORE_H */
