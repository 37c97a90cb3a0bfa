#include "spec/findings.hpp"

#include <algorithm>
#include <tuple>

namespace sage::spec {

Diagnostics Findings::take(const std::string& file) && {
  const auto key = [&file](const Error& error) {
    if (!error.place)
      return std::tuple<bool, std::uint32_t, std::uint32_t>{false, 1, 1};
    return std::tuple<bool, std::uint32_t, std::uint32_t>{error.place->file != file,
                                                          error.place->line, error.place->column};
  };
  std::stable_sort(all_.begin(), all_.end(),
                   [&](const Error& a, const Error& b) { return key(a) < key(b); });
  return std::move(all_);
}

}  // namespace sage::spec
