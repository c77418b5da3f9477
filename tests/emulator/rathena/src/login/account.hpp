#ifndef ACCOUNT_HPP
#define ACCOUNT_HPP

#include <ctime>
#include <string>

#include <common/cbasetypes.hpp>
#include <common/mmo.hpp>
#include <common/sql.hpp>

#include <common/dbconf.hpp>

struct mmo_account {
	uint32 account_id;
	char userid[NAME_LENGTH];
	char pass[PASSWD_LENGTH];
	char sex;
	char email[40];
	uint32 group_id;
	uint8 char_slots;
	uint32 state; // reason to refuse the login, plus one
	time_t unban_time;
	time_t expiration_time;
	char lastlogin[24];
	char last_ip[16];
	char birthdate[10 + 1];
	char pincode[PINCODE_LENGTH + 1];
	uint32 pincode_change;
};

// The table `login`.
class AccountDB
{
  private:
	Sql *sql = nullptr;
	db_address address;
	std::string table = "login";
	bool case_sensitive = false;

  public:
	~AccountDB();
	bool init();
	// Takes a line of the configuration; false if the key is not one of its own.
	bool set_property(const char *key, const char *value);
	// Both fill *acc; false: no such account.
	bool load_num(struct mmo_account *acc, uint32 account_id);
	bool load_str(struct mmo_account *acc, const char *userid);
	// Sets acc->account_id.
	bool create(struct mmo_account *acc);
	// Notes a login just made: time, address, count, the end of a ban.
	bool note_login(const struct mmo_account *acc);
	// A fresh random token for the web services, written to token.
	bool new_webtoken(uint32 account_id, char token[WEB_AUTH_TOKEN_LENGTH]);
};

#endif /* ACCOUNT_HPP */
