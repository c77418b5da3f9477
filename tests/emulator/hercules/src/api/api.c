// SPDX-License-Identifier: MIT
/* Stands for the api server: a program on the same common part, with a handler for the beginning of
 * a session. It sends whoever asks the address that it sees. */
#include "common/conf.h"
#include "common/core.h"
#include "common/showmsg.h"
#include "common/socket.h"

static uint32 bind_ip;
static uint16 port;     /* 0: it does not listen */
static int32 limit = 5; /* of connections at a time from one address */

static const struct setting api_settings[] = {
    SET_INT(NULL, "api_configuration/ip_connections_limit", limit),
    SET_IP(NULL, "api_configuration/inter/bind_ip", bind_ip),
    SET_WORD(NULL, "api_configuration/inter/api_port", port),
    SET_END,
};
static const struct setting *const settings[] = {api_settings, NULL};

static int api_connected(int fd)
{
	const uint32 ip = session_of(fd)->client_addr;
	int count = 0;

	for (int other = 1; other < session_fd_max; ++other)
		if (session_of(other) != NULL && session_of(other)->client_addr == ip)
			++count;
	if (count <= limit)
		return 0;
	ShowWarning("Too many connections of %s, one is closed\n", ip2str(ip, NULL));
	do_close(fd);
	return 1;
}

static int api_parse(int fd)
{
	const char *ip = ip2str(session_of(fd)->client_addr, NULL);

	if (session_of(fd)->flag.eof) {
		do_close(fd);
	} else if (RFIFOREST(fd) > 0) {
		WFIFOHEAD(fd, strlen(ip));
		memcpy(WFIFOP(fd, 0), ip, strlen(ip));
		WFIFOSET2(fd, strlen(ip));
		set_eof(fd);
	}
	return 0;
}

static bool api_config_read(const char *filename, bool imported)
{
	struct config_t config;
	const char *import;

	if (!libconfig->load_file(&config, filename))
		return false;
	conf_take(&config, settings);
	import = conf_import(&config, filename);
	if (import != NULL)
		api_config_read(import, true);
	libconfig->destroy(&config);
	return true;
}

bool do_init(int argc, char **argv)
{
	api_config_read("conf/api/api-server.conf", false);
	session_parse = api_parse;
	session_connected = api_connected;
	if (port != 0 && make_listen_bind(bind_ip, port) == -1)
		return false;
	ShowStatus("The api-server is " CL_GREEN "ready" CL_RESET " on port %u\n", port);
	return true;
}

void do_shutdown(void)
{
}

void do_final(void)
{
	ShowStatus("Finished.\n");
}
