#define HERCULES_CORE

#include "atcommand.h"

#include "map/clif.h"
#include "map/map.h"
#include "common/socket.h"

#include <stdio.h>

static struct atcommand_interface the_atcommand;
struct atcommand_interface *atcommand;

static void atcommand_warp(struct map_session_data *sd, const char *arguments)
{
	char name[MAP_NAME_LENGTH];
	unsigned int x = 100, y = 100;

	if (sscanf(arguments, "%11s %u %u", name, &x, &y) < 1)
		clif->message(sd->fd, "Which map?");
	else if (!map->setpos(sd, name, (uint16)x, (uint16)y))
		clif->message(sd->fd, "There is no such map.");
}

static void atcommand_ip(struct map_session_data *sd, const char *arguments)
{
	clif->message(sd->fd, sockt->ip2str(sockt->session[sd->fd]->client_addr, NULL));
}

static bool atcommand_read_server(struct map_session_data *sd, const char *arguments, uint32 *ip,
                                  uint16 *port, char name[MAP_NAME_LENGTH])
{
	char address[16];
	unsigned int number;

	if (sscanf(arguments, "%15s %u %11s", address, &number, name) != 3) {
		clif->message(sd->fd, "Where? <ip> <port> <map>");
		return false;
	}
	*ip = sockt->str2ip(address);
	*port = (uint16)number;
	return true;
}

static void atcommand_zone(struct map_session_data *sd, const char *arguments)
{
	char name[MAP_NAME_LENGTH];
	uint32 ip;
	uint16 port;

	if (atcommand_read_server(sd, arguments, &ip, &port, name))
		clif->changemapserver(sd, name, 100, 100, ip, port, "origin.example");
}

static void atcommand_airship(struct map_session_data *sd, const char *arguments)
{
	char name[MAP_NAME_LENGTH];
	uint32 ip;
	uint16 port;

	if (atcommand_read_server(sd, arguments, &ip, &port, name))
		clif->changemapserver_airship(sd, name, 100, 100, ip, port);
}

static bool atcommand_exec(struct map_session_data *sd, const char *text)
{
	static const struct {
		const char *name;
		void (*func)(struct map_session_data *sd, const char *arguments);
	} commands[] = {
	    {"@warp", atcommand_warp}, {"@xmap", atcommand_warp},       {"@ip", atcommand_ip},
	    {"@zone", atcommand_zone}, {"@airship", atcommand_airship},
	};
	const size_t length = strcspn(text, " ");

	for (int i = 0; i < ARRAYLENGTH(commands); ++i) {
		if (length != strlen(commands[i].name) || strncmp(text, commands[i].name, length) != 0)
			continue;
		commands[i].func(sd, text + length);
		return true;
	}
	return false;
}

void atcommand_defaults(void)
{
	atcommand = &the_atcommand;
	atcommand->exec = atcommand_exec;
}
