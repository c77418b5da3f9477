#ifndef LOGIN_LCLIF_P_H
#define LOGIN_LCLIF_P_H

#include "login/lclif.h"

/* Packets handled in one turn of the loop. */
#define MAX_PROCESSED_PACKETS 3

typedef enum parsefunc_rcode(LoginParseFunc)(int fd, struct login_session_data *sd);

struct login_packet_db {
	int16 packet_id;
	int16 len; /* -1: the word behind the id has it */
	LoginParseFunc *func;
};

struct lclif_interface_private {
	const struct login_packet_db *packet_db; /* ends with an id of 0 */

	enum parsefunc_rcode (*parse_sub)(int fd, struct login_session_data *sd);
};

#endif /* LOGIN_LCLIF_P_H */
