#pragma once
// Structs from the other side of the C ABI may be shorter or longer than ours: `normalised` copies
// what both know into a zeroed struct, so that members the plugin does not have read as null. [any]

#include <sage/plugin.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace sage::plugin {

template <class T>
T normalised(const T* theirs) {
  T ours{};
  if (theirs != nullptr) {
    std::memcpy(&ours, theirs, std::min<std::size_t>(theirs->struct_size, sizeof(T)));
    ours.struct_size = static_cast<std::uint32_t>(sizeof(T));
  }
  return ours;
}

inline std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// What the engine knows, by the same names as SAGE_HOST_*.
const sage_host* host_table();

}  // namespace sage::plugin
