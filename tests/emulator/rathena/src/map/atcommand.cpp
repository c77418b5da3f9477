#include "atcommand.hpp"

#include <cstdio>
#include <cstring>

#include <common/socket.hpp>

#include "clif.hpp"
#include "map.hpp"

static void atcommand_warp(struct map_session_data *sd, const char *arguments)
{
	char map[MAP_NAME_LENGTH];
	unsigned x = 100, y = 100;

	if (sscanf(arguments, "%11s %u %u", map, &x, &y) < 1)
		clif_displaymessage(sd->fd, "Which map?");
	else if (!pc_setpos(sd, map, (uint16)x, (uint16)y))
		clif_displaymessage(sd->fd, "There is no such map.");
}

static void atcommand_ip(struct map_session_data *sd, const char *)
{
	clif_displaymessage(sd->fd, ip2str(session[sd->fd]->client_addr, nullptr));
}

bool is_atcommand(struct map_session_data *sd, const char *text)
{
	static const struct {
		const char *name;
		void (*func)(struct map_session_data *sd, const char *arguments);
	} commands[] = {
	    {"@warp", atcommand_warp},
	    {"@xmap", atcommand_warp},
	    {"@ip", atcommand_ip},
	};
	const size_t length = strcspn(text, " ");

	for (const auto &command : commands) {
		if (length != strlen(command.name) || strncmp(text, command.name, length) != 0)
			continue;
		command.func(sd, text + length);
		return true;
	}
	return false;
}
