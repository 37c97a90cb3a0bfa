// The options of a stage, as checked by the host, defaults filled in. Borrowed: valid in the
// constructor and in resolve. Lists and tables keep the order of the file.
#pragma once

#include "ext/config.h"
#include "types.hpp"

#include <chrono>
#include <string_view>

namespace sage {

// One value; an absent one is false, zero, empty.
class ConfigValue {
 public:
  ConfigValue(const sage_config* config, const sage_value* value)
      : config_(config), value_(value) {}
  explicit operator bool() const { return value_ != nullptr; }
  std::uint32_t type() const { return value_ == nullptr ? 0 : config_->type(value_); }
  bool is_bool() const { return type() == SAGE_VALUE_BOOL; }
  bool is_integer() const { return type() == SAGE_VALUE_INT; }
  bool is_real() const { return type() == SAGE_VALUE_FLOAT; }
  bool is_text() const { return type() == SAGE_VALUE_TEXT; }
  bool is_list() const { return type() == SAGE_VALUE_LIST; }
  bool is_table() const { return type() == SAGE_VALUE_TABLE; }

  bool boolean() const { return value_ != nullptr && config_->as_bool(value_) != 0; }
  // Also durations (nanoseconds) and byte sizes.
  std::int64_t integer() const { return value_ == nullptr ? 0 : config_->as_int(value_); }
  double real() const { return value_ == nullptr ? 0 : config_->as_float(value_); }
  std::string_view text() const {
    const sage_bytes bytes = value_ == nullptr ? sage_bytes{} : config_->as_text(value_);
    return {reinterpret_cast<const char*>(bytes.ptr), bytes.len};
  }

  struct Item;
  class Iterator;
  std::uint32_t size() const { return value_ == nullptr ? 0 : config_->size(value_); }
  // Item i of a list or table; `key` is empty in lists.
  Item at(std::uint32_t i) const;
  ConfigValue operator[](std::uint32_t i) const;
  // Of a table, absent if there is none.
  ConfigValue find(std::string_view key) const;
  Iterator begin() const;
  Iterator end() const;

 private:
  const sage_config* config_;
  const sage_value* value_;
};

struct ConfigValue::Item {
  std::string_view key;
  ConfigValue value;
};

class ConfigValue::Iterator {
 public:
  Iterator(ConfigValue list, std::uint32_t i) : list_(list), i_(i) {}
  Item operator*() const { return list_.at(i_); }
  Iterator& operator++() {
    ++i_;
    return *this;
  }
  bool operator==(const Iterator& other) const { return i_ == other.i_; }

 private:
  ConfigValue list_;
  std::uint32_t i_;
};

inline ConfigValue::Item ConfigValue::at(std::uint32_t i) const {
  sage_bytes key{};
  const sage_value* value = config_->at(value_, i, &key);
  return {{reinterpret_cast<const char*>(key.ptr), key.len}, {config_, value}};
}
inline ConfigValue ConfigValue::operator[](std::uint32_t i) const {
  return {config_, config_->at(value_, i, nullptr)};
}
inline ConfigValue ConfigValue::find(std::string_view key) const {
  for (std::uint32_t i = 0; is_table() && i < size(); ++i) {
    const Item item = at(i);
    if (item.key == key) {
      return item.value;
    }
  }
  return {config_, nullptr};
}
inline ConfigValue::Iterator ConfigValue::begin() const { return {*this, 0}; }
inline ConfigValue::Iterator ConfigValue::end() const { return {*this, size()}; }

class Config {
 public:
  explicit Config(const sage_config* config) : config_(config) {}
  // `for (auto [key, value] : config["set"])` walks a table.
  ConfigValue operator[](const char* name) const { return {config_, config_->get(config_, name)}; }
  bool has(const char* name) const { return config_->get(config_, name) != nullptr; }
  bool boolean(const char* name) const { return (*this)[name].boolean(); }
  std::int64_t integer(const char* name) const { return (*this)[name].integer(); }
  double real(const char* name) const { return (*this)[name].real(); }
  std::string_view text(const char* name) const { return (*this)[name].text(); }
  std::chrono::nanoseconds duration(const char* name) const {
    return std::chrono::nanoseconds(integer(name));
  }

 private:
  const sage_config* config_;
};

}  // namespace sage
