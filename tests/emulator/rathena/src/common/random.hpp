#ifndef RANDOM_HPP
#define RANDOM_HPP

#include "cbasetypes.hpp"

// A number between min and max, both included.
uint32 rnd_value(uint32 min, uint32 max);

#endif /* RANDOM_HPP */
