#ifndef CHAR_CLIF_HPP
#define CHAR_CLIF_HPP

#include <common/cbasetypes.hpp>

struct char_session_data;

// The parse handler of every new connection: game clients, and map servers until they have logged
// in.
int32 chclif_parse(int32 fd);

// The list of characters, and all that goes with it.
void chclif_mmo_char_send(int32 fd, struct char_session_data &sd);

void chclif_send_auth_result(int32 fd, uint8 result); // 2: another login, 8: still online
void chclif_reject(int32 fd, uint8 reason);           // 0: wrong ticket

void do_init_chclif(void);

#endif /* CHAR_CLIF_HPP */
