#ifndef LOGINLOG_HPP
#define LOGINLOG_HPP

#include <common/cbasetypes.hpp>

// Wrong passwords and unknown names from the address within the last minutes.
unsigned long loginlog_failedattempts(uint32 ip, uint32 minutes);

// rcode: the reason of a refusal as the packet has it, 100 for what went well, -3 for a banned
// address
void login_log(uint32 ip, const char *username, int32 rcode, const char *message);

bool loginlog_init(void);
bool loginlog_final(void);
bool loginlog_config_read(const char *key, const char *value);

#endif /* LOGINLOG_HPP */
