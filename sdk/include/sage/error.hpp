// The two exceptions that operators throw, and the names of the status codes. They never leave the
// plugin: the thunks in operator.hpp turn them into what the C ABI wants.
#pragma once

#include "plugin.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace sage {

namespace detail {

// what() ends at a NUL, and messages may quote anything: it is written out.
inline std::string without_nul(std::string message) {
  for (std::size_t at = message.find('\0'); at != std::string::npos; at = message.find('\0', at)) {
    message.replace(at, 1, "\\0");
  }
  return message;
}

}  // namespace detail

// Concerns one record: the stage's `on_error` decides what becomes of it. Thrown in a per-record
// method, the record is rejected; thrown elsewhere, it fails the call as a Failure would.
class RecordError : public std::runtime_error {
 public:
  explicit RecordError(const std::string& message) : RecordError(SAGE_E_DATA, message) {}
  RecordError(sage_status code, const std::string& message)
      : std::runtime_error(detail::without_nul(message)), code_(code) {}
  sage_status code() const { return code_; }

 private:
  sage_status code_;
};

// Fails the call, and with it the job, wherever it is thrown (also in a per-record method).
//
// One code is milder: `throw sage::Failure(SAGE_E_RETRY, "the server is busy")` asks for the same
// call again, later, as the stage's `retry` says. The host drops what the call has written and its
// rejections, and a per-record method begins with the first record of the batch again, so whatever
// else it has done must bear repeating. It breaks the rules in a call that has touched keyed state,
// or on a batch that an earlier call answered SAGE_MORE on: the loop around per-record methods does
// so behind 1 MiB of output (Out::full).
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& message) : Failure(SAGE_E_FAIL, message) {}
  Failure(sage_status code, const std::string& message)
      : std::runtime_error(detail::without_nul(message)), code_(code) {}
  sage_status code() const { return code_; }

 private:
  sage_status code_;
};

// "data" for SAGE_E_DATA and so on, for messages.
inline std::string_view status_name(sage_status code) {
  switch (code) {
    case SAGE_OK:
      return "ok";
    case SAGE_MORE:
      return "more";
    case SAGE_FORWARD:
      return "forward";
    case SAGE_IN_PLACE:
      return "in_place";
    case SAGE_IDLE:
      return "idle";
    case SAGE_END:
      return "end";
    case SAGE_E_FAIL:
      return "fail";
    case SAGE_E_ARG:
      return "argument";
    case SAGE_E_CONFIG:
      return "config";
    case SAGE_E_UNSUPPORTED:
      return "unsupported";
    case SAGE_E_RETRY:
      return "retry";
    case SAGE_E_CANCELLED:
      return "cancelled";
    case SAGE_E_NOMEM:
      return "no_memory";
    case SAGE_E_DATA:
      return "data";
    case SAGE_E_IO:
      return "io";
    case SAGE_E_STATE:
      return "state";
    case SAGE_E_RANGE:
      return "range";
    case SAGE_E_FULL:
      return "full";
    case SAGE_E_TOO_LARGE:
      return "too_large";
    default:
      return "unknown";
  }
}

}  // namespace sage
