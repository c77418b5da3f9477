// SPDX-License-Identifier: MIT
#ifndef UTILITIES_HPP
#define UTILITIES_HPP

#include <memory>
#include <unordered_map>

namespace rathena::util
{
// What there is of that key, or a null pointer.
template <typename K, typename T>
std::shared_ptr<T> umap_find(std::unordered_map<K, std::shared_ptr<T>> &map, K key)
{
	auto it = map.find(key);
	return it == map.end() ? nullptr : it->second;
}
} // namespace rathena::util

#endif
