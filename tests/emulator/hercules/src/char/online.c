#define HERCULES_CORE

#include "char.h"

#include "char/chardb.h"
#include "char/loginif.h"
#include "common/memmgr.h"
#include "common/socket.h"
#include "common/timer.h"

/* how long a player may be on the way to the map server, or back */
#define AUTH_TIMEOUT 30000

static struct online_interface the_online;
struct online_interface *online;

static struct online_char_data *online_find(int account_id)
{
	return idb_get(chr->online_char_db, (uint32)account_id);
}

static int online_waiting_disconnect(int tid, int64 tick, int id, intptr_t data)
{
	struct online_char_data *character = online->find(id);

	if (character == NULL || character->waiting_disconnect != tid)
		return 0;
	character->waiting_disconnect = INVALID_TIMER;
	online->set_char_offline(0, id);
	return 0;
}

static void online_stop_waiting(struct online_char_data *character)
{
	if (character->waiting_disconnect == INVALID_TIMER)
		return;
	timer->delete_(character->waiting_disconnect, online_waiting_disconnect);
	character->waiting_disconnect = INVALID_TIMER;
}

static void online_await(int account_id)
{
	struct online_char_data *character = online->find(account_id);

	if (character != NULL && character->waiting_disconnect == INVALID_TIMER)
		character->waiting_disconnect =
		    timer->add(timer->gettick() + AUTH_TIMEOUT, online_waiting_disconnect, account_id, 0);
}

static struct online_char_data *online_add(int account_id)
{
	struct online_char_data *character = online->find(account_id);

	if (character == NULL) {
		CREATE(character, struct online_char_data, 1);
		character->account_id = account_id;
		character->fd = -1;
		character->server = ONLINE_AT_CHAR;
		character->waiting_disconnect = INVALID_TIMER;
		idb_put(chr->online_char_db, (uint32)account_id, character);
	}
	online_stop_waiting(character);
	return character;
}

static void online_set_char_charselect(int account_id, int fd)
{
	struct online_char_data *character = online_add(account_id);

	character->char_id = 0;
	character->fd = fd;
	character->server = ONLINE_AT_CHAR;
	loginif->set_account_online(account_id);
}

static void online_set_char_online(int server, int char_id, int account_id)
{
	struct online_char_data *character = online_add(account_id);

	character->char_id = char_id;
	character->server = server;
	chardb->set_online(char_id, account_id, true);
	loginif->set_account_online(account_id);
}

static void online_set_char_offline(int char_id, int account_id)
{
	struct online_char_data *character = online->find(account_id);

	chardb->set_online(char_id, account_id, false);
	if (character == NULL || (char_id != 0 && character->char_id != char_id))
		return;
	if (sockt->session_is_active(character->fd)) {
		character->char_id = 0;
		character->server = ONLINE_AT_CHAR;
		return;
	}
	online_stop_waiting(character);
	idb_remove(chr->online_char_db, (uint32)account_id);
	loginif->set_account_offline(account_id);
}

static bool online_map_server_lost_sub(uint32 key, void *data, intptr_t arg)
{
	struct online_char_data *character = data;

	if (character->server == ONLINE_AT_MAP)
		character->server = ONLINE_UNKNOWN;
	return true;
}

static void online_map_server_lost(void)
{
	db_foreach(chr->online_char_db, online_map_server_lost_sub, 0);
}

static bool online_data_cleanup_sub(uint32 key, void *data, intptr_t arg)
{
	struct online_char_data *character = data;

	if (character->server != ONLINE_UNKNOWN || character->fd != -1 ||
	    character->waiting_disconnect != INVALID_TIMER)
		return true;
	chardb->set_online(0, character->account_id, false);
	loginif->set_account_offline(character->account_id);
	return false;
}

/* Every ten minutes: players of a map server that went away and did not come back. */
static int online_data_cleanup(int tid, int64 tick, int id, intptr_t data)
{
	db_foreach(chr->online_char_db, online_data_cleanup_sub, 0);
	return 0;
}

static void online_init(void)
{
	chr->online_char_db = idb_alloc();
	timer->add_func_list(online_waiting_disconnect, "online_waiting_disconnect");
	timer->add_func_list(online_data_cleanup, "online_data_cleanup");
	timer->add_interval(timer->gettick() + 600 * 1000, online_data_cleanup, 0, 0, 600 * 1000);
}

static void online_final(void)
{
	db_destroy(chr->online_char_db);
	chr->online_char_db = NULL;
}

void online_defaults(void)
{
	online = &the_online;
	online->init = online_init;
	online->final = online_final;
	online->find = online_find;
	online->set_char_charselect = online_set_char_charselect;
	online->set_char_online = online_set_char_online;
	online->set_char_offline = online_set_char_offline;
	online->map_server_lost = online_map_server_lost;
	online->await = online_await;
}
