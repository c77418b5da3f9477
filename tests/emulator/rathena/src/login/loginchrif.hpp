#ifndef LOGINCHRIF_HPP
#define LOGINCHRIF_HPP

#include <common/cbasetypes.hpp>

// The parse handler of a link to a char server.
int32 logchrif_parse(int32 fd);

// Sends to all char servers but the one on sfd (-1: to all). Returns their number.
int32 logchrif_sendallwos(int32 sfd, const uint8 *buf, size_t len);

void do_init_loginchrif(void);
void do_shutdown_loginchrif(void);

#endif /* LOGINCHRIF_HPP */
