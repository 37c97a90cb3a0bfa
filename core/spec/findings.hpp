#pragma once
// Collects what is wrong with a file while it is parsed. Holds a bounded number: a file of millions
// of mistakes must not fill the memory. [any]

#include "base/result.hpp"

#include <string>
#include <utility>

namespace sage::spec {

class Findings {
 public:
  static constexpr std::size_t kMost = 1000;

  void add(Error error) {
    if (all_.size() < kMost)
      all_.push_back(std::move(error));
  }
  void warn(std::string code, const Place& place, std::string message, std::string hint = "") {
    add(warning(std::move(code), place, std::move(message), std::move(hint)));
  }
  std::size_t count() const { return all_.size(); }
  // No more can be added: looking further is of no use.
  bool full() const { return all_.size() >= kMost; }

  // Sorted by place: those of the file itself first, then those of overrides.
  Diagnostics take(const std::string& file) &&;

 private:
  Diagnostics all_;
};

}  // namespace sage::spec
