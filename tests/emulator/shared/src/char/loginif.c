// SPDX-License-Identifier: MIT
#include "char/char_server.h"

#include "common/showmsg.h"
#include "common/timer.h"

static int32 login_fd = -1;
static bool is_lost; /* it was there, and is not any more */

bool loginif_is_connected(void)
{
	return session_isActive(login_fd);
}

bool loginif_is_lost(void)
{
	return is_lost;
}

/* S 2712 <account>.L <login_id1>.L <login_id2>.L <sex>.B <player's ip>.L <request>.L */
void loginif_judge(int32 fd, const struct char_session_data *sd, uint32 ip)
{
	WFIFOHEAD(login_fd, 23);
	WFIFOW(login_fd, 0) = 0x2712;
	WFIFOL(login_fd, 2) = sd->account_id;
	WFIFOL(login_fd, 6) = sd->login_id1;
	WFIFOL(login_fd, 10) = sd->login_id2;
	WFIFOB(login_fd, 14) = sd->sex;
	WFIFOL(login_fd, 15) = htonl(ip);
	WFIFOL(login_fd, 19) = (uint32)fd;
	WFIFOSET(login_fd, 23);
}

void loginif_ask_account(uint32 account_id)
{
	link_send(login_fd, 0x2716, 6, account_id, 0);
}

void loginif_set_online(uint32 account_id, bool is_online)
{
	link_send(login_fd, is_online ? 0x272b : 0x272c, is_online ? LINK_ONLINE_LENGTH : 6, account_id,
	          0);
}

void loginif_send_users(uint32 users)
{
	link_send(login_fd, 0x2714, 6, users, 0);
}

#define MOST_ACCOUNTS 10000

static void loginif_add_account(uint32 account_id)
{
	const uint16 length = WFIFOW(login_fd, 2);

	if (length >= LINK_LIST_AT + MOST_ACCOUNTS * 4)
		return;
	WFIFOL(login_fd, length) = account_id;
	WFIFOW(login_fd, 2) = (uint16)(length + 4);
	WFIFOW(login_fd, 4) = (uint16)(WFIFOW(login_fd, 4) + 1);
}

/* Everybody, for a login server that has just begun. S 272d <length>.W <count>.W or .L
 * {<account>.L}* */
static void loginif_send_online(void)
{
	WFIFOHEAD(login_fd, LINK_LIST_AT + MOST_ACCOUNTS * 4);
	memset(WFIFOP(login_fd, 0), 0, LINK_LIST_AT);
	WFIFOW(login_fd, 0) = 0x272d;
	WFIFOW(login_fd, 2) = LINK_LIST_AT;
	online_visit(loginif_add_account);
	WFIFOSET(login_fd, WFIFOW(login_fd, 2));
}

static void loginif_take_answer(int32 fd, int32 unused)
{
	if (RFIFOB(fd, 2) != 0) {
		ShowError("The login-server refuses this char-server: reason %u\n", RFIFOB(fd, 2));
		set_eof(fd);
		return;
	}
	ShowStatus("This char-server is linked with the login-server\n");
	is_lost = false;
	loginif_send_online();
	mapif_send_users();
}

/* What the login server says of a ticket; the player may have gone meanwhile. */
static void loginif_take_verdict(int32 fd, int32 unused)
{
	const int32 client_fd = (int32)RFIFOL(fd, 16);
	struct char_session_data *sd = NULL;

	if (session_isActive(client_fd) && session_of(client_fd)->func_parse == char_parse)
		sd = (struct char_session_data *)session_of(client_fd)->session_data;
	if (sd == NULL || sd->is_in || sd->account_id != RFIFOL(fd, 2) ||
	    sd->login_id1 != RFIFOL(fd, 6) || sd->login_id2 != RFIFOL(fd, 10))
		return;
	if (RFIFOB(fd, 15) == 0)
		char_let_in(client_fd, sd);
	else
		char_reject(client_fd);
}

static void loginif_take_account(int32 fd, int32 unused)
{
	const struct online_char_data *online = online_find(RFIFOL(fd, 2));
	struct char_session_data *sd;

	if (online == NULL || !session_isActive(online->fd))
		return;
	sd = (struct char_session_data *)session_of(online->fd)->session_data;
	if (sd != NULL && sd->is_in)
		char_send_characters(online->fd, sd);
}

/* Somebody logs in with the account of a player who is here, or in the game. */
static void loginif_throw_out(int32 fd, int32 unused)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const struct online_char_data *online = online_find(account_id);

	if (online == NULL) {
		loginif_set_online(account_id, false);
	} else if (online->server >= 0) {
		mapif_throw_out(online->server, account_id, 2);
		online_await(account_id);
	} else if (session_isActive(online->fd)) {
		char_send_error(online->fd, 2);
		set_eof(online->fd);
	} else {
		online_leave(0, account_id);
	}
}

static int32 loginif_parse(int32 fd)
{
	static const struct link_packet packets[] = {
	    {0x2711, 3, loginif_take_answer, false},
	    {0x2713, LINK_TICKET_LENGTH, loginif_take_verdict, false},
	    {0x2717, LINK_ACCOUNT_LENGTH, loginif_take_account, false},
	    {0x2718, 2, link_alive, false},
	    {0x2734, 6, loginif_throw_out, false},
	    {0, 0, NULL, false},
	};

	if (session_of(fd)->flag.eof) {
		do_close(fd);
		login_fd = -1;
		is_lost = true;
		ShowWarning("The login-server is gone\n");
	} else if (link_keepalive(fd, 0x2719)) {
		link_parse(fd, -1, packets);
	}
	return 0;
}

/* S 2710 <name>.24B <password>.24B <?>.L <ip>.L <port>.W <display name>.20B <?>.W <type>.W <new>.W
 */
static void loginif_login(void)
{
	WFIFOHEAD(login_fd, 86);
	memset(WFIFOP(login_fd, 0), 0, 86);
	WFIFOW(login_fd, 0) = 0x2710;
	memcpy(WFIFOP(login_fd, 2), char_config.userid, NAME_LENGTH);
	memcpy(WFIFOP(login_fd, 26), char_config.passwd, NAME_LENGTH);
	WFIFOL(login_fd, 54) = htonl(char_config.char_ip);
	WFIFOW(login_fd, 58) = htons(char_config.char_port);
	memcpy(WFIFOP(login_fd, 60), char_config.server_name, SERVER_NAME_LENGTH);
	WFIFOSET(login_fd, 86);
}

static TIMER_FUNC(loginif_connect)
{
	if (session_isValid(login_fd))
		return 0;
	is_lost = false; /* nobody is closed because it does not come back at once */
	login_fd = make_connection(char_config.login_ip, char_config.login_port);
	if (login_fd == -1)
		return 0;
	link_open(login_fd, loginif_parse);
	loginif_login();
	return 0;
}

void loginif_init(void)
{
	timer_start(gettick() + 1000, loginif_connect, 0, 0, 10000);
}

void loginif_final(void)
{
	if (session_isValid(login_fd))
		do_close(login_fd);
	login_fd = -1;
}
