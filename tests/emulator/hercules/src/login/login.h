#ifndef LOGIN_LOGIN_H
#define LOGIN_LOGIN_H

#include "common/hercules.h"
#include "common/core.h"
#include "common/mmo.h"

#include <time.h>

struct AccountDB;
struct DBMap;
struct config_t;

enum E_LOGINSERVER_ST { LOGINSERVER_ST_RUNNING = CORE_ST_LAST, LOGINSERVER_ST_SHUTDOWN };

#define PASSWD_LEN (32 + 1)

/* A connection that has not become a link to another server. */
struct login_session_data {
	int account_id;
	int login_id1;
	int login_id2;
	char sex; /* 'F', 'M', 'S' */
	char userid[NAME_LENGTH];
	char passwd[PASSWD_LEN];
	char md5key[20];
	uint16 md5keylen;
	int group_id;
	uint8 clienttype;
	uint32 version;
	uint8 client_hash[16];
	int has_client_hash;
	int fd;
	time_t expiration_time;
};

#define MAX_SERVERS 30

struct mmo_char_server {
	char name[MAX_CHARSERVER_NAME_SIZE];
	int fd;    /* -1: not connected */
	uint32 ip; /* where players reach it, host byte order */
	uint16 port;
	uint16 users;
	uint16 type; /* enum e_char_server_type */
	uint16 new_;
};

struct mmo_api_server {
	int fd; /* -1: not connected */
};

struct s_login_dbs {
	struct mmo_char_server server[MAX_SERVERS]; /* both by account id */
	struct mmo_api_server api_server[MAX_SERVERS];
};

struct Login_Config {
	uint32 login_ip;
	uint16 login_port;
	uint32 ipban_cleanup_interval; /* s */
	bool log_login;
	char date_format[32];
	bool new_account_flag;     /* "_M" and "_F" behind a name create the account */
	bool new_acc_length_limit; /* of at least four characters each */
	int allowed_regs;          /* new accounts within time_allowed seconds */
	int time_allowed;
	int group_id_to_connect;     /* -1: any */
	int min_group_id_to_connect; /* -1: any */
	bool check_client_version;
	uint32 client_version_to_connect;

	bool ipban;
	bool dynamic_pass_failure_ban;
	uint32 dynamic_pass_failure_ban_interval; /* min */
	uint32 dynamic_pass_failure_ban_limit;
	uint32 dynamic_pass_failure_ban_duration; /* min */

	bool send_user_count_description;
	uint32 users_low;
	uint32 users_medium;
	uint32 users_high;
};

/* The ticket a player takes to the char server; good for 30 s. */
struct login_auth_node {
	int account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint32 ip;
	char sex;
	uint32 version;
	uint8 clienttype;
	int group_id;
	time_t expiration_time;
};

/* An account between its login and the end of its game. */
struct online_login_data {
	int account_id;
	int waiting_disconnect; /* timer */
	int char_server;        /* its id; -1: not there yet, -2: its server is gone */
};

#define sex_num2str(num) ((num) == SEX_FEMALE ? 'F' : (num) == SEX_MALE ? 'M' : 'S')
#define sex_str2num(str) ((str) == 'F' ? SEX_FEMALE : (str) == 'M' ? SEX_MALE : SEX_SERVER)

struct login_interface {
	struct DBMap *auth_db;   /* struct login_auth_node by account id */
	struct DBMap *online_db; /* struct online_login_data by account id */
	int fd;
	struct Login_Config *config;
	struct AccountDB *accounts;
	struct s_login_dbs *dbs;
	const char *LOGIN_CONF_NAME;
	const char *NET_CONF_NAME;

	/* -1: welcome, otherwise the reason for the refusal as the packet has it */
	int (*mmo_auth)(struct login_session_data *sd, bool isServer);
	struct online_login_data *(*add_online_user)(int char_server, int account_id);
	void (*remove_online_user)(int account_id);
	int (*waiting_disconnect_timer)(int tid, int64 tick, int id, intptr_t data);
	uint32 (*lan_subnet_check)(uint32 ip);
	uint16 (*convert_users_to_colors)(uint16 users);

	void (*client_login)(int fd, struct login_session_data *sd);
	void (*auth_ok)(struct login_session_data *sd);
	void (*auth_failed)(struct login_session_data *sd, int result);

	void (*char_server_connection_status)(int fd, struct login_session_data *sd, uint8 status);
	void (*api_server_connection_status)(int fd, struct login_session_data *sd, uint8 status);
	void (*parse_request_connection)(int fd, struct login_session_data *sd, const char *ip,
	                                 uint32 ipl);
	void (*parse_request_api_connection)(int fd, struct login_session_data *sd, const char *ip,
	                                     uint32 ipl);
	/* The parse handler of a link to a char server. */
	int (*parse_fromchar)(int fd);

	void (*config_set_defaults)(void);
	bool (*config_read)(const char *filename, bool imported);
};

struct lchrif_interface {
	void (*server_init)(int id);
	void (*server_reset)(int id);
	void (*on_disconnect)(int id);
};

void login_defaults(void);
void lchrif_defaults(void);

HPShared struct login_interface *login;
HPShared struct lchrif_interface *lchrif;

#endif /* LOGIN_LOGIN_H */
