#pragma once
// Errors as values. `Error` says what went wrong, where, and what to do next; `Result<T>` carries
// a value or an Error. Expected failures travel as Result, bugs are SAGE_ASSERT. Values, no
// threads.

#include "base/assert.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sage {

// What the caller can do about it; the CLI derives its exit code from it.
enum class ErrorKind {
  kInvalid,      // fix the input (78)
  kUsage,        // fix the command line (2)
  kMissing,      // no such thing (4)
  kIo,           // file, port or device (74)
  kNotAllowed,   // permission (77)
  kConflict,     // it is there already (7)
  kUnavailable,  // try again later (69)
  kTimedOut,     // a deadline passed (6)
  kFailed,       // it ran and failed (1)
  kInternal,     // our bug (70)
};

enum class Severity { kError, kWarning };

// A place in a text file; line and column count from 1, columns in bytes.
struct Place {
  std::string file;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t length = 1;  // bytes to underline
};

struct Error {
  ErrorKind kind = ErrorKind::kFailed;
  std::string code;  // "E0107", an entry of base/codes.hpp
  std::string message;
  std::string hint{};  // what to do next; may be empty
  std::optional<Place> place{};
  Severity severity = Severity::kError;
  // Where in a running job; instance < 0: not in an instance.
  std::string stage{};
  std::int64_t instance = -1;
  std::string record{};  // the record concerned, as JSON

  // Puts what was being done in front of the message.
  Error with(const std::string& context) && {
    message = context + ": " + message;
    return std::move(*this);
  }
};

// What is wrong with a file, at a place in it.
inline Error invalid(std::string code, const Place& place, std::string message,
                     std::string hint = "") {
  return {ErrorKind::kInvalid, std::move(code), std::move(message), std::move(hint), place};
}
inline Error warning(std::string code, const Place& place, std::string message,
                     std::string hint = "") {
  Error error = invalid(std::move(code), place, std::move(message), std::move(hint));
  error.severity = Severity::kWarning;
  return error;
}

// Several findings of one check, in the order found.
using Diagnostics = std::vector<Error>;

inline bool has_errors(const Diagnostics& all) {
  for (const Error& e : all) {
    if (e.severity == Severity::kError)
      return true;
  }
  return false;
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & {
    SAGE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    SAGE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    SAGE_ASSERT(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() {
    SAGE_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const {
    SAGE_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Result without a value.
struct Ok {};
using Status = Result<Ok>;

}  // namespace sage

#define SAGE_CONCAT_INNER(a, b) a##b
#define SAGE_CONCAT(a, b) SAGE_CONCAT_INNER(a, b)
// Runs an expression of type Status and passes its error up.
#define SAGE_CHECK(expr)                                       \
  do {                                                         \
    if (auto sage_status_ = (expr); !sage_status_.has_value()) \
      return std::move(sage_status_.error());                  \
  } while (false)
// SAGE_TRY(auto x, call()): declares x with the value, or passes the error up.
#define SAGE_TRY(decl, expr)                                       \
  auto SAGE_CONCAT(sage_result_, __LINE__) = (expr);               \
  if (!SAGE_CONCAT(sage_result_, __LINE__).has_value())            \
    return std::move(SAGE_CONCAT(sage_result_, __LINE__).error()); \
  decl /* NOLINT(bugprone-macro-parentheses) */ =                  \
      std::move(SAGE_CONCAT(sage_result_, __LINE__)).value()
