#ifndef CHAR_CHARDB_H
#define CHAR_CHARDB_H

#include "common/hercules.h"
#include "common/mmo.h"

struct config_t;

/* The tables `char` and `charlog`. */
struct chardb_interface {
	bool (*init)(void);
	void (*final)(void);
	/* Reads its part of a configuration file. */
	bool (*config_read)(const struct config_t *config);

	/* Returns how many there are, at most max. */
	int (*list)(int account_id, struct mmo_charstatus *list, int max);
	bool (*load)(int char_id, struct mmo_charstatus *status);
	/* Sets status->char_id; false: the name or the slot is taken. */
	bool (*create)(struct mmo_charstatus *status);
	void (*save_position)(int char_id, const char *map, uint16 x, uint16 y);
	/* char_id 0: all of the account; both 0: all there are. */
	void (*set_online)(int char_id, int account_id, bool online);
	void (*log)(const struct mmo_charstatus *status, const char *what);
};

void chardb_defaults(void);

HPShared struct chardb_interface *chardb;

#endif /* CHAR_CHARDB_H */
