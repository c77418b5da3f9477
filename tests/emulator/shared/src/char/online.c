// SPDX-License-Identifier: MIT
#include "char/char_server.h"

#include "common/db.h"
#include "common/timer.h"

/* How long a player may be on the way to a map server, or back. */
#define AUTH_TIMEOUT_MS 30000

static struct DBMap *online_db; /* by account */

struct online_char_data *online_find(uint32 account_id)
{
	return (struct online_char_data *)idb_get(online_db, account_id);
}

static TIMER_FUNC(online_never_came)
{
	struct online_char_data *online = online_find((uint32)id);

	if (online == NULL || online->timer != tid)
		return 0;
	online->timer = INVALID_TIMER;
	online_leave(0, (uint32)id);
	return 0;
}

static void online_stop_timer(struct online_char_data *online)
{
	timer_stop(online->timer, online_never_came);
	online->timer = INVALID_TIMER;
}

void online_await(uint32 account_id)
{
	struct online_char_data *online = online_find(account_id);

	if (online != NULL && online->timer == INVALID_TIMER)
		online->timer =
		    timer_start(gettick() + AUTH_TIMEOUT_MS, online_never_came, (int32)account_id, 0, 0);
}

/* The player's entry, which there is from now on. */
static struct online_char_data *online_put(uint32 account_id)
{
	struct online_char_data *online = online_find(account_id);

	if (online == NULL) {
		CREATE(online, struct online_char_data, 1);
		online->fd = -1;
		online->timer = INVALID_TIMER;
		idb_put(online_db, account_id, online);
	}
	online_stop_timer(online);
	loginif_set_online(account_id, true);
	return online;
}

void online_at_char(uint32 account_id, int32 fd)
{
	struct online_char_data *online = online_put(account_id);

	online->char_id = 0;
	online->fd = fd;
	online->server = ONLINE_AT_CHAR;
}

void online_at(int32 server, uint32 char_id, uint32 account_id)
{
	struct online_char_data *online = online_put(account_id);

	online->char_id = char_id;
	online->server = server;
	chardb_set_online(char_id, account_id, true);
}

void online_leave(uint32 char_id, uint32 account_id)
{
	struct online_char_data *online = online_find(account_id);

	chardb_set_online(char_id, account_id, false);
	if (online == NULL || (char_id != 0 && online->char_id != char_id))
		return;
	if (session_isActive(online->fd)) {
		online->char_id = 0;
		online->server = ONLINE_AT_CHAR;
		return;
	}
	online_stop_timer(online);
	idb_remove(online_db, account_id);
	loginif_set_online(account_id, false);
}

static bool online_lose_one(uint32 account_id, void *data, intptr_t server)
{
	struct online_char_data *online = (struct online_char_data *)data;

	if (online->server == (int32)server)
		online->server = ONLINE_ON_THE_WAY;
	return true;
}

void online_lose(int32 server)
{
	idb_visit(online_db, online_lose_one, server);
}

static bool online_forget_one(uint32 account_id, void *data, intptr_t unused)
{
	const struct online_char_data *online = (const struct online_char_data *)data;

	if (online->server != ONLINE_ON_THE_WAY || online->fd != -1 || online->timer != INVALID_TIMER)
		return true;
	chardb_set_online(0, account_id, false);
	loginif_set_online(account_id, false);
	return false;
}

/* Players of a map server that went away and did not come back. */
static TIMER_FUNC(online_forget)
{
	idb_visit(online_db, online_forget_one, 0);
	return 0;
}

static bool online_visit_one(uint32 account_id, void *data, intptr_t visit)
{
	((void (*)(uint32))visit)(account_id);
	return true;
}

void online_visit(void (*visit)(uint32 account_id))
{
	idb_visit(online_db, online_visit_one, (intptr_t)visit);
}

void online_init(void)
{
	online_db = idb_alloc();
	timer_start(gettick() + 600000, online_forget, 0, 0, 600000);
}

void online_final(void)
{
	idb_free(online_db);
}
