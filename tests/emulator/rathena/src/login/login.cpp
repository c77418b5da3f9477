#include "login.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include <common/core.hpp>
#include <common/mmo.hpp>
#include <common/random.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/timer.hpp>

#include "account.hpp"
#include "ipban.hpp"
#include "loginchrif.hpp"
#include "loginclif.hpp"
#include "loginlog.hpp"

using namespace rathena::server_login;

struct mmo_char_server ch_server[MAX_SERVERS];
struct Login_Config login_config;

static std::unordered_map<uint32, struct online_login_data> online_db;
static std::unordered_map<uint32, struct auth_node> auth_db;
static AccountDB *accounts = nullptr;
static int32 login_fd = -1;

struct s_subnet {
	uint32 mask;
	uint32 char_ip;
};
static std::vector<s_subnet> subnet;

AccountDB *login_get_accounts_db(void)
{
	return accounts;
}

template <typename T> static T *find(std::unordered_map<uint32, T> &map, uint32 key)
{
	auto it = map.find(key);
	return it != map.end() ? &it->second : nullptr;
}

struct online_login_data *login_get_online_user(uint32 account_id)
{
	return find(online_db, account_id);
}

static void login_stop_waiting(struct online_login_data &p)
{
	if (p.waiting_disconnect == INVALID_TIMER)
		return;
	delete_timer(p.waiting_disconnect, login_waiting_disconnect_timer);
	p.waiting_disconnect = INVALID_TIMER;
}

struct online_login_data *login_add_online_user(int32 char_server, uint32 account_id)
{
	auto added = online_db.emplace(account_id, online_login_data{account_id, INVALID_TIMER, -1});
	struct online_login_data &p = added.first->second;

	login_stop_waiting(p);
	p.char_server = char_server;
	return &p;
}

void login_remove_online_user(uint32 account_id)
{
	struct online_login_data *p = login_get_online_user(account_id);

	if (p == nullptr)
		return;
	login_stop_waiting(*p);
	online_db.erase(account_id);
}

void login_online_db_setoffline(int32 char_server)
{
	for (auto &[account_id, p] : online_db)
		if (p.char_server == char_server)
			p.char_server = -2;
}

struct auth_node *login_get_auth_node(uint32 account_id)
{
	return find(auth_db, account_id);
}

struct auth_node *login_add_auth_node(struct login_session_data *sd, uint32 ip)
{
	struct auth_node *node = &auth_db[sd->account_id];

	*node = {sd->account_id, sd->login_id1, sd->login_id2, ip, sd->sex, sd->clienttype};
	return node;
}

void login_remove_auth_node(uint32 account_id)
{
	auth_db.erase(account_id);
}

TIMER_FUNC(login_waiting_disconnect_timer)
{
	struct online_login_data *p = login_get_online_user((uint32)id);

	(void)tick, (void)data;
	if (p == nullptr || p->waiting_disconnect != tid)
		return 0;
	p->waiting_disconnect = INVALID_TIMER;
	login_remove_online_user((uint32)id);
	login_remove_auth_node((uint32)id);
	return 0;
}

// Every ten minutes: players of a char server that went away and did not come back.
static TIMER_FUNC(login_online_data_cleanup)
{
	std::vector<uint32> gone;

	(void)tid, (void)tick, (void)id, (void)data;
	for (const auto &[account_id, p] : online_db)
		if (p.char_server == -2)
			gone.push_back(account_id);
	for (uint32 account_id : gone)
		login_remove_online_user(account_id);
	return 0;
}

// Creates an account. -1: done, otherwise the reason of a refused login.
static int32 login_mmo_auth_new(const char *userid, const char *pass, char sex, const char *last_ip)
{
	static int32 num_regs = 0;
	static t_tick new_reg_tick = 0; // num_regs counts up to then
	struct mmo_account acc = {};

	if (gettick() < new_reg_tick && num_regs >= login_config.allowed_regs) {
		ShowNotice("No new account '%s': too many of late\n", userid);
		return 3;
	}
	if ((int32)strlen(userid) < login_config.acc_name_min_length ||
	    (int32)strlen(pass) < login_config.password_min_length)
		return 1;
	if (accounts->load_str(&acc, userid)) {
		ShowNotice("No new account '%s': it exists\n", userid);
		return 1;
	}
	acc = {};
	safestrncpy(acc.userid, userid, sizeof(acc.userid));
	safestrncpy(acc.pass, pass, sizeof(acc.pass));
	acc.sex = sex;
	safestrncpy(acc.email, "a@a.com", sizeof(acc.email));
	safestrncpy(acc.last_ip, last_ip, sizeof(acc.last_ip));
	if (!accounts->create(&acc))
		return 0;
	ShowNotice("Account creation (account %s, id: %u, sex: %c)\n", acc.userid, acc.account_id,
	           acc.sex);
	if (gettick() >= new_reg_tick) {
		num_regs = 0;
		new_reg_tick = gettick() + login_config.time_allowed * 1000;
	}
	++num_regs;
	return -1;
}

// "name_M" and "name_F" ask for a new account: the ending is cut off. 0 if there is none.
static char login_cut_sex(struct login_session_data *sd)
{
	size_t len = strnlen(sd->userid, sizeof(sd->userid));

	if (len <= 2 || sd->passwd[0] == '\0' || sd->userid[len - 2] != '_')
		return 0;
	char sex = (char)TOUPPER(sd->userid[len - 1]);
	if (sex != 'F' && sex != 'M')
		return 0;
	sd->userid[len - 2] = '\0';
	return sex;
}

int32 login_mmo_auth(struct login_session_data *sd, bool isServer)
{
	struct mmo_account acc;
	char ip[16];

	ip2str(session[sd->fd]->client_addr, ip);

	if (login_config.new_account_flag) {
		char sex = login_cut_sex(sd);
		int32 result = sex != 0 ? login_mmo_auth_new(sd->userid, sd->passwd, sex, ip) : -1;

		if (result != -1)
			return result;
	}
	if (!accounts->load_str(&acc, sd->userid)) {
		ShowNotice("Login refused: unknown account '%s' (ip: %s)\n", sd->userid, ip);
		return 0;
	}
	if (!isServer && acc.sex == 'S') {
		ShowWarning("Login refused: '%s' is the account of a server (ip: %s)\n", sd->userid, ip);
		return 0;
	}
	if (strcmp(sd->passwd, acc.pass) != 0) {
		ShowNotice("Login refused: wrong password for '%s' (ip: %s)\n", sd->userid, ip);
		return 1;
	}
	if (acc.expiration_time != 0 && acc.expiration_time < time(nullptr)) {
		ShowNotice("Login refused: account '%s' has expired (ip: %s)\n", sd->userid, ip);
		return 2;
	}
	if (acc.unban_time > time(nullptr)) {
		ShowNotice("Login refused: account '%s' is banned (ip: %s)\n", sd->userid, ip);
		return 6;
	}
	if (acc.state != 0) {
		ShowNotice("Login refused: account '%s' has state %u (ip: %s)\n", sd->userid, acc.state,
		           ip);
		return (int32)acc.state - 1;
	}
	ShowNotice("Authentication accepted (account: %s, id: %u, ip: %s)\n", sd->userid,
	           acc.account_id, ip);

	sd->account_id = acc.account_id;
	sd->login_id1 = rnd_value(1, UINT32_MAX);
	sd->login_id2 = rnd_value(1, UINT32_MAX);
	sd->sex = acc.sex;
	sd->group_id = acc.group_id;
	safestrncpy(acc.last_ip, ip, sizeof(acc.last_ip));
	accounts->note_login(&acc);
	if (login_config.use_web_auth_token && acc.sex != 'S')
		accounts->new_webtoken(acc.account_id, sd->web_auth_token);
	if (acc.sex != 'S' && acc.account_id < START_ACCOUNT_NUM)
		ShowWarning("account %u of '%s' is below %d\n", acc.account_id, sd->userid,
		            START_ACCOUNT_NUM);
	return -1;
}

int32 login_get_usercount(int32 users)
{
#if PACKETVER >= 20170726
	// a colour instead of a number: green, yellow, red, purple, none
	if (login_config.usercount_disable)
		return 4;
	if (users <= login_config.usercount_low)
		return 0;
	if (users <= login_config.usercount_medium)
		return 1;
	return users <= login_config.usercount_high ? 2 : 3;
#else
	return users;
#endif
}

uint32 lan_subnetcheck(uint32 ip)
{
	for (const s_subnet &net : subnet)
		if ((net.char_ip & net.mask) == (ip & net.mask))
			return net.char_ip;
	return 0;
}

const char *login_msg_txt(int32 msg_number)
{
	switch (msg_number) {
	case 0:
		return "Unregistered ID.";
	case 1:
		return "Incorrect Password.";
	case 2:
		return "Account Expired.";
	case 3:
		return "Rejected from server.";
	case 4:
		return "Blocked by GM.";
	case 5:
		return "Not latest game EXE.";
	case 6:
		return "Banned.";
	default:
		return "Unknown Error.";
	}
}

// subnet: <mask>:<char server>:<map server>
static void login_lan_config_read(const char *lancfgName)
{
	FILE *stream = fopen(lancfgName, "r");

	if (stream == nullptr) {
		ShowWarning("no local networks: %s cannot be read\n", lancfgName);
		return;
	}
	read_settings(stream, [](const char *key, const char *value) {
		char mask[64], char_ip[64];

		if (strcmp(key, "subnet") == 0 && sscanf(value, "%63[^:]:%63[^:]:", mask, char_ip) == 2)
			subnet.push_back({str2ip(mask), str2ip(char_ip)});
	});
}

// Numbers, and switches such as yes and off, by their key.
static const std::unordered_map<std::string, int32 *> number_settings = {
    {"console_silent", &msg_silent},
    {"acc_name_min_length", &login_config.acc_name_min_length},
    {"password_min_length", &login_config.password_min_length},
    {"allowed_regs", &login_config.allowed_regs},
    {"time_allowed", &login_config.time_allowed},
    {"group_id_to_connect", &login_config.group_id_to_connect},
    {"min_group_id_to_connect", &login_config.min_group_id_to_connect},
    {"ipban_cleanup_interval", &login_config.ipban_cleanup_interval},
    {"usercount_low", &login_config.usercount_low},
    {"usercount_medium", &login_config.usercount_medium},
    {"usercount_high", &login_config.usercount_high},
};
static const std::unordered_map<std::string, bool *> switch_settings = {
    {"log_login", &login_config.log_login},
    {"new_account", &login_config.new_account_flag},
    {"use_web_auth_token", &login_config.use_web_auth_token},
    {"usercount_disable", &login_config.usercount_disable},
};

static void login_setting(const std::string &key, const char *value, bool normal)
{
	if (number_settings.count(key) != 0)
		*number_settings.at(key) = atoi(value);
	else if (switch_settings.count(key) != 0)
		*switch_settings.at(key) = config_switch(value) != 0;
	else if (key == "stdout_with_ansisequence")
		stdout_with_ansisequence = config_switch(value);
	else if (key == "timestamp_format")
		safestrncpy(timestamp_format, value, sizeof(timestamp_format));
	else if (key == "import")
		login_config_read(value, normal);
	else if (!normal)
		return; // the rest is for the start alone
	else if (key == "bind_ip")
		login_config.login_ip = host2ip(value);
	else if (key == "login_port")
		login_config.login_port = (uint16)atoi(value);
	else if (!accounts->set_property(key.c_str(), value) && !ipban_config_read(key.c_str(), value))
		loginlog_config_read(key.c_str(), value); // a key that nobody knows is passed over
}

bool login_config_read(const char *cfgName, bool normal)
{
	FILE *stream = fopen(cfgName, "r");

	if (stream == nullptr) {
		ShowError("login_config_read: cannot read %s\n", cfgName);
		return false;
	}
	read_settings(stream, [normal](const char *key, const char *value) {
		login_setting(key, value, normal);
	});
	ShowInfo("%s has been read.\n", cfgName);
	return true;
}

bool LoginServer::initialize(int32, char **)
{
	accounts = new AccountDB();

	login_config_read("conf/login_athena.conf", true);
	login_lan_config_read("conf/subnet_athena.conf");

	do_init_loginclif();
	do_init_loginchrif();
	if (login_config.log_login)
		loginlog_init();
	ipban_init();

	add_timer_func_list(login_waiting_disconnect_timer, "waiting_disconnect_timer");
	add_timer_func_list(login_online_data_cleanup, "online_data_cleanup");
	add_timer_interval(gettick() + 600 * 1000, login_online_data_cleanup, 0, 0, 600 * 1000);

	set_defaultparse(logclif_parse);

	if (!accounts->init()) {
		ShowFatalError("no accounts\n");
		return false;
	}

	login_fd = make_listen_bind(login_config.login_ip, login_config.login_port);
	if (login_fd == -1) {
		ShowFatalError("Failed to bind to port '" CL_WHITE "%d" CL_RESET "'\n",
		               login_config.login_port);
		return false;
	}

	ShowStatus("The login-server is " CL_GREEN "ready" CL_RESET
	           " (Server is listening on the port %u).\n\n",
	           login_config.login_port);
	login_log(0, "login server", 100, "login server started");
	return true;
}

void LoginServer::handle_shutdown()
{
	ShowStatus("Shutting down...\n");
	do_shutdown_loginchrif();
	flush_fifos();
}

void LoginServer::finalize()
{
	login_log(0, "login server", 100, "login server shutdown");
	ShowStatus("Terminating...\n");
	if (login_config.log_login)
		loginlog_final();
	ipban_final();
	delete accounts;
	accounts = nullptr;
	online_db.clear();
	auth_db.clear();
	if (login_fd != -1)
		do_close(login_fd);
	ShowStatus("Finished.\n");
}

int32 main(int32 argc, char *argv[])
{
	return main_core<LoginServer>(argc, argv);
}
