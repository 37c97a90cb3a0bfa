// A sage_config made from values in a test and the defaults of an operator's option table.
#pragma once

#include "../config.hpp"
#include "option_value.hpp"

#include <deque>

namespace sage::testkit {

// Owns the values and the table; must outlive what was read from it.
class Options {
 public:
  Options(const sage_operator& op, OptionTable given) : given_(std::move(given)) {
    for (std::uint32_t i = 0; i < op.n_options; ++i) {
      add_option(*op.options[i]);
    }
    for (const auto& [name, value] : given_) {
      if (find(name.c_str()) == nullptr) {
        throw Failure(SAGE_E_CONFIG, "testkit: the operator has no option '" + name + "'");
      }
    }
    table_ = {
        sizeof(sage_config), 0, get, type, as_bool, as_int, as_float, as_text, size, at, this};
  }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  const sage_config* table() const { return &table_; }

 private:
  static const OptionValue& of(const sage_value* v) {
    return *reinterpret_cast<const OptionValue*>(v);
  }
  static const sage_value* pack(const OptionValue* v) {
    return reinterpret_cast<const sage_value*>(v);
  }
  const OptionValue* find(const char* name) const {
    for (const auto& [key, value] : values_) {
      if (key == name) {
        return &value;
      }
    }
    return nullptr;
  }
  void add_option(const sage_option& option) {
    for (const auto& [name, value] : given_) {
      if (name == option.name) {
        values_.emplace_back(name, typed(option, value));
        return;
      }
    }
    if (option.default_value != nullptr) {
      values_.emplace_back(option.name, typed(option, parse_default(option.default_value)));
    } else if ((option.flags & SAGE_OPT_REQUIRED) != 0) {
      throw Failure(SAGE_E_CONFIG,
                    "testkit: option '" + std::string(option.name) + "' is required");
    }
  }
  // Durations and sizes arrive as integers.
  static OptionValue typed(const sage_option& option, const OptionValue& value) {
    const auto* text = value.get<std::string>();
    if (text != nullptr && option.type == SAGE_OPT_DURATION) {
      return duration_ns(*text);
    }
    if (text != nullptr && option.type == SAGE_OPT_BYTES) {
      return size_bytes(*text);
    }
    return value;
  }
  // Scalars and texts without escapes other than \" \\ \n; lists of those and tables only if empty.
  static OptionValue parse_default(std::string_view toml) {
    if (toml == "true" || toml == "false") {
      return toml == "true";
    }
    if (toml == "[]") {
      return OptionList();
    }
    if (toml == "{}") {
      return OptionTable();
    }
    if (toml.size() >= 2 && toml.front() == '"') {
      std::string text;
      for (std::size_t i = 1; i + 1 < toml.size(); ++i) {
        const bool escape = toml[i] == '\\';
        i += escape ? 1 : 0;
        text += escape && toml[i] == 'n' ? '\n' : toml[i];
      }
      return text;
    }
    const std::string number(toml);
    if (number.find_first_of(".einf") != std::string::npos) {
      return std::stod(number);
    }
    return static_cast<std::int64_t>(std::stoll(number));
  }

  static const sage_value* get(const sage_config* config, const char* name) {
    return pack(static_cast<const Options*>(config->host_priv)->find(name));
  }
  static std::uint32_t type(const sage_value* v) { return of(v).type(); }
  static std::int32_t as_bool(const sage_value* v) {
    const bool* b = of(v).get<bool>();
    return b != nullptr && *b ? 1 : 0;
  }
  static std::int64_t as_int(const sage_value* v) {
    const auto* n = of(v).get<std::int64_t>();
    return n == nullptr ? 0 : *n;
  }
  static double as_float(const sage_value* v) {
    const double* x = of(v).get<double>();
    return x == nullptr ? static_cast<double>(as_int(v)) : *x;
  }
  static sage_bytes as_text(const sage_value* v) {
    const auto* s = of(v).get<std::string>();
    return s == nullptr ? sage_bytes{nullptr, 0} : sage_bytes{as_bytes(*s).data(), s->size()};
  }
  static std::uint32_t size(const sage_value* v) {
    const auto* list = of(v).get<OptionList>();
    const auto* table = of(v).get<OptionTable>();
    return static_cast<std::uint32_t>(list != nullptr    ? list->size()
                                      : table != nullptr ? table->size()
                                                         : 0);
  }
  static const sage_value* at(const sage_value* v, std::uint32_t i, sage_bytes* key) {
    if (const auto* list = of(v).get<OptionList>(); list != nullptr) {
      return i < list->size() ? pack(&(*list)[i]) : nullptr;
    }
    const auto* table = of(v).get<OptionTable>();
    if (table == nullptr || i >= table->size()) {
      return nullptr;
    }
    if (key != nullptr) {
      *key = {as_bytes((*table)[i].first).data(), (*table)[i].first.size()};
    }
    return pack(&(*table)[i].second);
  }

  OptionTable given_;
  std::deque<std::pair<std::string, OptionValue>> values_;
  sage_config table_{};
};

}  // namespace sage::testkit
