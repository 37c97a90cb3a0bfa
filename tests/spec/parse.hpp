#pragma once
// Short ways to parse a text in a test.

#include "spec/pipeline.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sage::spec {

inline std::optional<std::string> test_variable(const std::string& name) {
  if (name == "HELD")
    return "held";
  if (name == "FOUR")
    return "4";
  if (name == "ZERO")
    return "0";
  if (name == "YES")
    return "true";
  if (name == "EMPTY")
    return "";
  if (name == "NESTED")
    return "${HELD}";
  if (name == "LATIN1")
    return "caf\xe9";
  return std::nullopt;
}

inline Parsed parse(std::string_view text, ParseOptions options = {}) {
  options.environment = test_variable;
  return parse_pipeline(text, "p.toml", options);
}

// "E0106 4:1, W0101 5:3": what was found, in order.
inline std::string found(const Diagnostics& findings) {
  std::string out;
  for (const Error& error : findings) {
    if (!out.empty())
      out += ", ";
    out += error.code;
    if (!error.place)
      continue;
    out += " " + std::to_string(error.place->line) + ":" + std::to_string(error.place->column);
  }
  return out;
}

inline std::string messages(const Diagnostics& findings) {
  std::string out;
  for (const Error& error : findings) {
    out += error.code + " " + error.message + " [" + error.hint + "]\n";
  }
  return out;
}

// A pipeline of one stage with more lines in it.
inline std::string one_stage(const std::string& more) {
  return "sage = 1\n[[stage]]\nid = \"a\"\nuse = \"io/file\"\n" + more + "\n";
}

}  // namespace sage::spec
