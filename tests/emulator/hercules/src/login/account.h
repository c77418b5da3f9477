#ifndef LOGIN_ACCOUNT_H
#define LOGIN_ACCOUNT_H

#include "common/hercules.h"
#include "common/mmo.h"

#include <time.h>

struct config_t;

struct mmo_account {
	int account_id;
	char userid[NAME_LENGTH];
	char pass[32 + 1];
	char sex;
	char email[40];
	int group_id;
	uint8 char_slots;
	unsigned int state; /* reason to refuse the login, plus one */
	time_t unban_time;
	time_t expiration_time;
	unsigned int pincode_change;
	char pincode[4 + 1];
	char last_ip[16];
	char birthdate[10 + 1];
};

/* The table `login`. */
typedef struct AccountDB AccountDB;
struct AccountDB {
	bool (*init)(AccountDB *self);
	void (*destroy)(AccountDB *self);
	/* Reads its part of a configuration file. */
	bool (*set_property)(AccountDB *self, struct config_t *config, bool imported);
	/* Both fill *acc; false: no such account. */
	bool (*load_num)(AccountDB *self, struct mmo_account *acc, int account_id);
	bool (*load_str)(AccountDB *self, struct mmo_account *acc, const char *userid);
	/* Sets acc->account_id. */
	bool (*create)(AccountDB *self, struct mmo_account *acc);
	/* Notes a login just made: time, address, count, the end of a ban. */
	bool (*note_login)(AccountDB *self, const struct mmo_account *acc);
};

struct account_interface {
	AccountDB *(*db_sql)(void);
};

void account_defaults(void);

HPShared struct account_interface *account;

#endif /* LOGIN_ACCOUNT_H */
