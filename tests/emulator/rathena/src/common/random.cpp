#include "random.hpp"

#include <random>

uint32 rnd_value(uint32 min, uint32 max)
{
	static std::mt19937 generator{std::random_device{}()};
	return std::uniform_int_distribution<uint32>(min, max)(generator);
}
