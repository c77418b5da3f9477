#ifndef CONFIG_CORE_HPP
#define CONFIG_CORE_HPP

// Build-time switches of the reference emulator.
#include "packets.hpp"

#endif /* CONFIG_CORE_HPP */
