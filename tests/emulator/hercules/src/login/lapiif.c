#define HERCULES_CORE

#include "lapiif.h"

#include "login/login.h"
#include "common/showmsg.h"
#include "common/socket.h"

static struct lapiif_interface the_lapiif;
struct lapiif_interface *lapiif;

static void lapiif_server_reset(int id)
{
	if (login->dbs->api_server[id].fd > 0)
		sockt->close(login->dbs->api_server[id].fd);
	login->dbs->api_server[id].fd = -1;
}

/* An api server that only says that it is alive. */
static int lapiif_parse(int fd)
{
	int id = 0;

	while (id < MAX_SERVERS && login->dbs->api_server[id].fd != fd)
		++id;
	if (id == MAX_SERVERS) {
		ShowDebug("lapiif_parse: session #%d is no api-server\n", fd);
		sockt->eof(fd);
		sockt->close(fd);
		return 0;
	}
	if (sockt->session[fd]->flag.eof) {
		ShowStatus("Api-server has disconnected.\n");
		lapiif_server_reset(id);
		return 0;
	}
	while (RFIFOREST(fd) >= 2) {
		if (RFIFOW(fd, 0) != 0x2841) {
			ShowError("lapiif_parse: unknown packet 0x%x from an api-server\n",
			          (unsigned int)RFIFOW(fd, 0));
			sockt->eof(fd);
			return 0;
		}
		RFIFOSKIP(fd, 2);
		WFIFOHEAD(fd, 2);
		WFIFOW(fd, 0) = 0x2812;
		WFIFOSET2(fd, 2);
	}
	return 0;
}

void lapiif_defaults(void)
{
	lapiif = &the_lapiif;
	lapiif->parse = lapiif_parse;
	lapiif->server_reset = lapiif_server_reset;
}
