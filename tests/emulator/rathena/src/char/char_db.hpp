#ifndef CHAR_DB_HPP
#define CHAR_DB_HPP

#include <vector>

#include <common/mmo.hpp>

// The tables `char` and `charlog`.

bool char_db_init(void);
void char_db_final(void);

// Takes a line of conf/inter_athena.conf; false if the key is not one of these.
bool char_db_config_read(const char *key, const char *value);

std::vector<mmo_charstatus> char_db_list(uint32 account_id);
bool char_db_load(uint32 char_id, mmo_charstatus *status);

// Sets status->char_id; false: the name or the slot is taken.
bool char_db_create(mmo_charstatus *status);

void char_db_save_position(uint32 char_id, const char *map, uint16 x, uint16 y);

// char_id 0: all of the account; both 0: all there are.
void char_db_set_online(uint32 char_id, uint32 account_id, bool online);

void char_db_log(const mmo_charstatus *status, const char *what);

#endif /* CHAR_DB_HPP */
