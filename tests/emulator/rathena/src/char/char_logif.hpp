#ifndef CHAR_LOGIF_HPP
#define CHAR_LOGIF_HPP

#include <common/cbasetypes.hpp>

struct char_session_data;

// Is the link to the login server up?
bool chlogif_isconnected(void);

// Asks the login server whether the player's ticket is good; ipl is where he comes from.
void chlogif_send_reqauth(int32 fd, const struct char_session_data *sd, uint32 ipl);

// Asks for the account's data; with the answer the list of characters is sent.
void chlogif_request_accreq(uint32 account_id);

void chlogif_send_setacconline(uint32 account_id);
void chlogif_send_setaccoffline(uint32 account_id);
void chlogif_send_usercount(void);

void do_init_chlogif(void);
void do_final_chlogif(void);

#endif /* CHAR_LOGIF_HPP */
