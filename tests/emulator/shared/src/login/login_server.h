// SPDX-License-Identifier: MIT
#ifndef LOGIN_LOGIN_SERVER_H
#define LOGIN_LOGIN_SERVER_H

#include "common/db.h"
#include "common/link.h"
#include "common/mmo.h"
#include "common/settings.h"
#include "common/sql.h"

#define MAX_SERVERS 5

/* Why a login is refused, as the packet has it; -1: it is not. */
enum {
	LOGIN_GOOD = -1,
	LOGIN_UNKNOWN,
	LOGIN_WRONG,
	LOGIN_EXPIRED,
	LOGIN_REJECTED,
	LOGIN_BANNED = 6
};

/* A connection that is no link. */
struct login_session_data {
	int32 fd;
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	char sex; /* 'F', 'M', 'S' */
	char userid[NAME_LENGTH];
	char passwd[PASSWORD_LENGTH];
	uint8 clienttype;
};

/* The ticket that a player takes to the char server. */
struct login_auth_node {
	uint32 account_id;
	uint32 login_id1;
	uint32 login_id2;
	uint32 ip;
	uint8 sex;
	uint8 clienttype;
};
extern struct DBMap *login_auth_db; /* by account */

struct mmo_account {
	uint32 account_id;
	char pass[PASSWORD_LENGTH];
	char sex;
	char email[40];
	uint8 group_id;
	uint32 state; /* what a login is refused for, plus one */
	uint32 unban_time;
	uint32 expiration_time;
	char birthdate[11];
	uint8 char_slots;
	char pincode[5];
	uint32 pincode_change;
};

struct login_config {
	uint32 bind_ip;
	uint16 port;
	bool log_login;
	bool ban_check; /* the table of bans is looked at */
	bool ban_add;   /* and added to after wrong passwords: */
	int32 ban_interval_min;
	int32 ban_limit;
	int32 ban_duration_min;
	int32 ban_cleanup_s;
};
extern struct login_config login_config;
extern const struct setting login_settings[];

/* ---- the table of accounts, in account.c ---- */

extern const struct setting account_settings[];
bool account_init(void);
void account_final(void);
bool account_find(struct mmo_account *account, const char *userid); /* false: there is none */
bool account_load(struct mmo_account *account, uint32 account_id);
void account_note_login(uint32 account_id, const char *ip);

/* ---- the table of logins, in loginlog.c ---- */

extern const struct setting loginlog_settings[];
void loginlog_init(void);
void loginlog_final(void);
/* code: why it was refused, 100: it was not, -3: the address is banned. */
void loginlog_write(uint32 ip, const char *userid, int32 code, const char *text);
/* How many wrong logins came from there in the last minutes. */
int32 loginlog_failures(uint32 ip, int32 minutes);

/* ---- the table of bans, in banlist.c ---- */

extern const struct setting ipban_settings[];
extern struct Sql *ipban_sql; /* NULL: there are none */
extern char ipban_table[32];
void ipban_init(void);
void ipban_final(void);
bool ipban_find(uint32 ip);

/* ---- the server ---- */

/* Before the files are read, and after that. */
void login_begin(void);
bool login_open(void);

void login_send_refusal(int32 fd, uint32 reason);

/* LOGIN_GOOD, and sd is filled in, or why not. */
int32 login_check(struct login_session_data *sd, bool is_server);
/* Judges the ticket, NULL for none, sends the answer, and tears the ticket. */
void login_judge(int32 fd, int32 server, const struct login_auth_node *node, uint32 account_id,
                 uint32 login_id1, uint32 login_id2, uint8 sex, uint32 request);
/* A char server whose packet is at the front of the buffer logs in. wrong: what it is answered when
 * its name or password is; is_allowed: whether its address may, else it is answered 2. */
void login_char_server(int32 fd, struct login_session_data *sd, const char *ip, bool is_allowed,
                       uint8 wrong);
/* A server may take the place of that number. */
bool login_may_serve(const struct login_session_data *sd, int32 result, int32 fd_there);

/* ---- the dialect's ---- */

/* The char server asks for a ticket. It calls RFIFOSKIP itself. */
void login_parse_ticket(int32 fd, int32 server);
/* A packet that servers log in with is at the front, if it has arrived as a whole. False: it is
 * none. */
bool login_server_packet(int32 fd, struct login_session_data *sd, const char *ip);
bool login_is_banned(uint32 ip);
uint32 login_lan(uint32 ip); /* the char servers' address inside that network; 0: none */
void login_send_banned(int32 fd);
/* After a login with a wrong password, or a wrong name. */
void login_failed(uint32 ip, int32 result);

#endif
