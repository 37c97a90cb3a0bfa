// Options and ports of an operator, declared as data:
//
//   static sage::Options options() {
//     return {sage::option("field", sage::kField).text("line").help("what to split"),
//             sage::option("lower", sage::kBool).value("false").help("lower case, ASCII only")};
//   }
#pragma once

#include "plugin.h"
#include "types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage {

enum class OptionType : std::uint32_t {
  kBool = SAGE_OPT_BOOL,
  kInt = SAGE_OPT_INT,
  kFloat = SAGE_OPT_FLOAT,
  kText = SAGE_OPT_TEXT,
  kDuration = SAGE_OPT_DURATION,
  kBytes = SAGE_OPT_BYTES,
  kPath = SAGE_OPT_PATH,
  kField = SAGE_OPT_FIELD,
  kExpression = SAGE_OPT_EXPRESSION,
  kAny = SAGE_OPT_ANY
};
using enum OptionType;

// All texts are literals, or live as long as the plugin.
class Option {
 public:
  Option(const char* name, OptionType type) : name_(name), type_(type) {}

  Option& help(const char* text) {
    help_ = text;
    return *this;
  }
  // Default, as written in TOML: "false", "10", "[\"a\"]".
  Option& value(const std::string& toml) {
    default_ = toml;
    return *this;
  }
  // Default of a text, path, field, duration or size, without the quotes.
  Option& text(std::string_view plain) {
    default_ = "\"";
    for (const char c : plain) {
      if (c == '"' || c == '\\') {
        default_ += '\\';
      }
      if (c == '\n') {
        default_ += "\\n";
      } else {
        default_ += c;
      }
    }
    default_ += '"';
    return *this;
  }
  Option& required() { return flag(SAGE_OPT_REQUIRED); }
  Option& secret() { return flag(SAGE_OPT_SECRET); }
  Option& list() { return flag(SAGE_OPT_LIST); }
  Option& table() { return flag(SAGE_OPT_TABLE); }
  Option& min(double lowest) {
    minimum_ = lowest;
    return flag(SAGE_OPT_MIN);
  }
  Option& max(double highest) {
    maximum_ = highest;
    return flag(SAGE_OPT_MAX);
  }
  Option& allowed(std::vector<const char*> values) {
    allowed_ = std::move(values);
    return *this;
  }

  // Points into this object.
  sage_option table_entry() const {
    return {sizeof(sage_option),
            static_cast<std::uint32_t>(type_),
            flags_,
            static_cast<std::uint32_t>(allowed_.size()),
            name_,
            help_,
            default_.empty() ? nullptr : default_.c_str(),
            allowed_.data(),
            minimum_,
            maximum_};
  }

 private:
  Option& flag(std::uint32_t bit) {
    flags_ |= bit;
    return *this;
  }
  const char* name_;
  const char* help_ = "";
  OptionType type_;
  std::uint32_t flags_ = 0;
  std::string default_;
  std::vector<const char*> allowed_;
  double minimum_ = 0;
  double maximum_ = 0;
};

using Options = std::vector<Option>;

inline Option option(const char* name, OptionType type) { return {name, type}; }

// A port; without fields an input takes every schema and an output has that of input 0, or what
// `resolve` says.
class Port {
 public:
  explicit Port(const char* name) : name_(name) {}
  Port& field(const char* name, Type type) {
    fields_.push_back({name, static_cast<std::uint32_t>(type), 0});
    return *this;
  }
  // Points into this object.
  sage_port table_entry() const {
    return {sizeof(sage_port), static_cast<std::uint32_t>(fields_.size()), name_,
            fields_.empty() ? nullptr : fields_.data()};
  }

 private:
  const char* name_;
  std::vector<sage_field> fields_;
};

using Ports = std::vector<Port>;

inline Port port(const char* name) { return Port(name); }

}  // namespace sage
