#ifndef MMO_HPP
#define MMO_HPP

#include <config/core.hpp>

#include "cbasetypes.hpp"

// Lengths include the terminating NUL.
#define NAME_LENGTH           (23 + 1)
#define PASSWD_LENGTH         (32 + 1)
#define WEB_AUTH_TOKEN_LENGTH (16 + 1)
#define PINCODE_LENGTH        4
#define START_ACCOUNT_NUM     2000000

enum e_sex : uint8 { SEX_FEMALE = 0, SEX_MALE, SEX_SERVER };

#endif /* MMO_HPP */
