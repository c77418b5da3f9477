#ifndef CHRIF_HPP
#define CHRIF_HPP

#include <common/cbasetypes.hpp>

struct map_session_data;

// The link to the char server.

bool chrif_isconnected(void);

// Asks whether the player's ticket is good.
void chrif_authreq(struct map_session_data *sd);

void chrif_save(const struct map_session_data *sd);
void chrif_char_offline(uint32 account_id, uint32 char_id);
void chrif_send_users(void);

// Asks for a ticket to another map server, or back to the char server.
void chrif_changemapserver(const struct map_session_data *sd, uint32 ip, uint16 port);
void chrif_charselectreq(const struct map_session_data *sd, uint32 s_ip);

void do_init_chrif(void);
void do_final_chrif(void);

#endif /* CHRIF_HPP */
