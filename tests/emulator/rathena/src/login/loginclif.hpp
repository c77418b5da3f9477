#ifndef LOGINCLIF_HPP
#define LOGINCLIF_HPP

#include <common/cbasetypes.hpp>

// The parse handler of every new connection: game clients, and char servers until they have
// logged in.
int32 logclif_parse(int32 fd);

void do_init_loginclif(void);

#endif /* LOGINCLIF_HPP */
