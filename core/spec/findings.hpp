#pragma once
// Collects what is wrong with a file while it is parsed. Holds a bounded number: a file of millions
// of mistakes must not fill the memory. [any]

#include "base/result.hpp"

#include <string>
#include <utility>

namespace sage::spec {

// A wrong file, with a place in it.
inline Error invalid(std::string code, const Place& place, std::string message,
                     std::string hint = "") {
  return {ErrorKind::kInvalid, std::move(code), std::move(message), std::move(hint), place};
}

class Findings {
 public:
  static constexpr std::size_t kMost = 1000;

  void add(Error error) {
    if (all_.size() < kMost)
      all_.push_back(std::move(error));
  }
  void warn(std::string code, const Place& place, std::string message, std::string hint = "") {
    Error error = invalid(std::move(code), place, std::move(message), std::move(hint));
    error.severity = Severity::kWarning;
    add(std::move(error));
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
