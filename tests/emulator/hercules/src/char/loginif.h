#ifndef CHAR_LOGINIF_H
#define CHAR_LOGINIF_H

#include "common/hercules.h"

struct char_session_data;

/* The link to the login server. */
struct loginif_interface {
	void (*init)(void);
	void (*final)(void);
	bool (*is_connected)(void);

	/* Asks whether the player's ticket is good; ipl is where he comes from. */
	void (*auth)(int fd, const struct char_session_data *sd, uint32 ipl);
	/* Asks for the account's data; with the answer the list of characters is sent. */
	void (*account_data)(int account_id);
	void (*set_account_online)(int account_id);
	void (*set_account_offline)(int account_id);
	void (*send_users_count)(void);
};

void loginif_defaults(void);

HPShared struct loginif_interface *loginif;

#endif /* CHAR_LOGINIF_H */
