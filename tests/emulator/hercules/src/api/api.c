#define HERCULES_CORE

#include "common/conf.h"
#include "common/core.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stands for the api server: a program that is linked with the whole of common and shares the
 * socket layer, with a handler for the beginning of a session. It tells whoever asks which address
 * it sees. */

static const char *const API_CONF_NAME = "conf/api/api-server.conf";

static struct {
	uint32 ip;
	uint16 port; /* 0: does not listen */
	int limit;   /* of connections at a time from one address */
} api_config;

/* How many sessions are of the same address as this one, itself included. */
static int api_sessions_of(uint32 ip)
{
	int count = 0;

	for (int fd = 1; fd < sockt->fd_max; ++fd)
		if (sockt->session_is_valid(fd) && sockt->session[fd]->client_addr == ip)
			++count;
	return count;
}

static int api_connected(int fd)
{
	uint32 ip = sockt->session[fd]->client_addr;

	if (api_sessions_of(ip) > api_config.limit) {
		ShowWarning("Too many connections of %s, one is closed.\n", sockt->ip2str(ip, NULL));
		sockt->close(fd);
		return 1;
	}
	ShowInfo("Connection of '%s'.\n", sockt->ip2str(ip, NULL));
	return 0;
}

static int api_parse(int fd)
{
	const char *ip = sockt->ip2str(sockt->session[fd]->client_addr, NULL);
	size_t length = strlen(ip);

	if (sockt->session[fd]->flag.eof) {
		sockt->close(fd);
		return 0;
	}
	if (RFIFOREST(fd) == 0)
		return 0;
	WFIFOHEAD(fd, length);
	memcpy(WFIFOP(fd, 0), ip, length);
	WFIFOSET(fd, length);
	sockt->eof(fd);
	return 0;
}

static bool api_config_read(const char *filename, bool imported)
{
	struct config_t config;
	struct config_setting_t *setting;
	const char *text = NULL;

	if (!libconfig->load_file(&config, filename))
		return false;
	setting = libconfig->lookup(&config, "api_configuration");
	if (setting != NULL)
		libconfig->setting_lookup_int(setting, "ip_connections_limit", &api_config.limit);
	setting = libconfig->lookup(&config, "api_configuration/inter");
	if (setting != NULL) {
		libconfig->setting_lookup_uint16(setting, "api_port", &api_config.port);
		if (libconfig->setting_lookup_string(setting, "bind_ip", &text) == CONFIG_TRUE)
			api_config.ip = sockt->host2ip(text);
	}
	if (!imported && libconfig->lookup_string(&config, "import", &text) == CONFIG_TRUE)
		api_config_read(text, true);
	libconfig->destroy(&config);
	return true;
}

int do_init(int argc, char **argv)
{
	for (int i = 1; i < argc; ++i)
		if (strcmp(argv[i], "--run-once") == 0)
			core->runflag = CORE_ST_STOP;

	/* only to see that the database part is linked as well */
	struct Sql *handle = SQL->Malloc();
	SQL->Free(handle);

	api_config.limit = 5;
	api_config_read(API_CONF_NAME, false);
	sockt->set_defaultparse(api_parse);
	sockt->set_default_client_connected(api_connected);
	if (api_config.port != 0)
		sockt->make_listen_bind(api_config.ip, api_config.port);
	ShowStatus("The api-server is " CL_GREEN "ready" CL_RESET
	           " (Server is listening on the port %d).\n\n",
	           api_config.port);
	return 0;
}

int do_final(void)
{
	ShowStatus("Finished.\n");
	return EXIT_SUCCESS;
}
