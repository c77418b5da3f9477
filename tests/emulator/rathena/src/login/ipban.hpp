#ifndef IPBAN_HPP
#define IPBAN_HPP

#include <common/cbasetypes.hpp>

void ipban_init(void);
void ipban_final(void);

// Is the address in the ban list? One query each time; true, too, when that fails.
bool ipban_check(uint32 ip);

// A wrong password came from the address: bans its /24 if there have been too many.
void ipban_log(uint32 ip);

bool ipban_config_read(const char *key, const char *value);

#endif /* IPBAN_HPP */
