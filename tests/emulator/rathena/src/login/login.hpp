#ifndef LOGIN_HPP
#define LOGIN_HPP

#include <common/cbasetypes.hpp>
#include <common/core.hpp>
#include <common/mmo.hpp>
#include <common/timer.hpp>

#include "account.hpp"

using rathena::server_core::Core;
using rathena::server_core::e_core_type;

namespace rathena::server_login
{
class LoginServer : public Core
{
  protected:
	bool initialize(int32 argc, char *argv[]) override;
	void finalize() override;
	void handle_shutdown() override;

  public:
	LoginServer() : Core(e_core_type::LOGIN)
	{
	}
};
} // namespace rathena::server_login

// A connection that has not become a link to a char server.
struct login_session_data {
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	char sex; // 'F', 'M', 'S'
	char userid[NAME_LENGTH];
	char passwd[PASSWD_LENGTH];
	char md5key[20];
	uint16 md5keylen;
	uint32 group_id;
	uint8 clienttype;
	uint8 client_hash[16];
	int32 has_client_hash;
	int32 fd;
	char web_auth_token[WEB_AUTH_TOKEN_LENGTH];
};

#define MAX_SERVERS 5

struct mmo_char_server {
	char name[20];
	int32 fd;  // -1: not connected
	uint32 ip; // where players reach it, host byte order
	uint16 port;
	uint16 users;
	uint16 type; // 0 normal, 1 maintenance, 2 over 18, 3 paying, 4 P2P
	uint16 new_;
};
extern struct mmo_char_server ch_server[MAX_SERVERS]; // by account id

// As it is before any file is read.
struct Login_Config {
	uint32 login_ip = 0; // every address
	uint16 login_port = 6900;
	int32 ipban_cleanup_interval = 60; // s
	bool log_login = true;
	bool new_account_flag = true; // "_M" and "_F" behind a name create the account
	int32 acc_name_min_length = PACKETVER >= 20181114 ? 6 : 4;
	int32 password_min_length = PACKETVER >= 20181114 ? 6 : 4;
	int32 allowed_regs = 1; // new accounts within time_allowed seconds
	int32 time_allowed = 10;
	int32 group_id_to_connect = -1;     // -1: any
	int32 min_group_id_to_connect = -1; // -1: any

	bool ipban = true;
	bool dynamic_pass_failure_ban = true;
	uint32 dynamic_pass_failure_ban_interval = 5; // min
	uint32 dynamic_pass_failure_ban_limit = 7;
	uint32 dynamic_pass_failure_ban_duration = 5; // min

	bool usercount_disable = false;
	int32 usercount_low = 200;
	int32 usercount_medium = 500;
	int32 usercount_high = 1000;
	bool use_web_auth_token = true;
};
extern struct Login_Config login_config;

#define sex_num2str(num) ((num) == SEX_FEMALE ? 'F' : (num) == SEX_MALE ? 'M' : 'S')
#define sex_str2num(str) ((str) == 'F' ? SEX_FEMALE : (str) == 'M' ? SEX_MALE : SEX_SERVER)

const char *login_msg_txt(int32 msg_number);
#define msg_txt(msg_number) login_msg_txt(msg_number)

bool login_config_read(const char *cfgName, bool normal);

// Accounts between their login and the end of their game.
struct online_login_data {
	uint32 account_id;
	int32 waiting_disconnect; // timer
	int32 char_server;        // its id; -1: not there yet, -2: its server is gone
};

struct online_login_data *login_get_online_user(uint32 account_id);
struct online_login_data *login_add_online_user(int32 char_server, uint32 account_id);
void login_remove_online_user(uint32 account_id);
void login_online_db_setoffline(int32 char_server);

// The ticket a player takes to the char server; good for AUTH_TIMEOUT ms.
#define AUTH_TIMEOUT 30000
struct auth_node {
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint32 ip;
	char sex;
	uint8 clienttype;
};

struct auth_node *login_get_auth_node(uint32 account_id);
struct auth_node *login_add_auth_node(struct login_session_data *sd, uint32 ip);
void login_remove_auth_node(uint32 account_id);

TIMER_FUNC(login_waiting_disconnect_timer);

AccountDB *login_get_accounts_db(void);

// The char server's address inside the network the player is in, or 0.
uint32 lan_subnetcheck(uint32 ip);

// -1: welcome, otherwise the reason for the refusal as the packet has it.
int32 login_mmo_auth(struct login_session_data *sd, bool isServer);

int32 login_get_usercount(int32 users);

#endif /* LOGIN_HPP */
