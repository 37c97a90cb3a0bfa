#include "plugin/config_view.hpp"

#include <variant>

namespace sage::plugin {
namespace {

using schema::OptionList;
using schema::OptionTable;
using schema::OptionValue;

// A sage_value is an OptionValue; the plugin sees only its address.
const sage_value* wrap(const OptionValue& value) {
  return reinterpret_cast<const sage_value*>(&value);
}

template <class T>
const T* as(const sage_value* value) {
  return value == nullptr ? nullptr
                          : std::get_if<T>(&reinterpret_cast<const OptionValue*>(value)->data);
}

sage_bytes bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

const sage_value* get(const sage_config* config, const char* name) {
  const auto* table = static_cast<const OptionTable*>(config->host_priv);
  if (table == nullptr || name == nullptr) {
    return nullptr;
  }
  const OptionValue* value = schema::find(*table, name);
  return value == nullptr ? nullptr : wrap(*value);
}

// The alternatives of OptionValue stand in the order of SAGE_VALUE_*.
std::uint32_t type(const sage_value* value) {
  if (value == nullptr) {
    return 0;
  }
  const std::size_t index = reinterpret_cast<const OptionValue*>(value)->data.index();
  return static_cast<std::uint32_t>(index) + SAGE_VALUE_BOOL;
}

std::int32_t as_bool(const sage_value* value) {
  const bool* held = as<bool>(value);
  return held != nullptr && *held ? 1 : 0;
}

std::int64_t as_int(const sage_value* value) {
  const std::int64_t* held = as<std::int64_t>(value);
  return held == nullptr ? 0 : *held;
}

double as_float(const sage_value* value) {
  if (const double* held = as<double>(value)) {
    return *held;
  }
  return static_cast<double>(as_int(value));
}

sage_bytes as_text(const sage_value* value) {
  const std::string* held = as<std::string>(value);
  return held == nullptr ? sage_bytes{nullptr, 0} : bytes(*held);
}

std::uint32_t size(const sage_value* value) {
  if (const OptionList* list = as<OptionList>(value)) {
    return static_cast<std::uint32_t>(list->size());
  }
  const OptionTable* table = as<OptionTable>(value);
  return table == nullptr ? 0 : static_cast<std::uint32_t>(table->size());
}

const sage_value* at(const sage_value* value, std::uint32_t i, sage_bytes* key) {
  if (i >= size(value)) {
    return nullptr;
  }
  if (const OptionList* list = as<OptionList>(value)) {
    return wrap((*list)[i]);
  }
  const auto& [name, item] = (*as<OptionTable>(value))[i];
  if (key != nullptr) {
    *key = bytes(name);
  }
  return wrap(item);
}

}  // namespace

sage_config config_view(const schema::OptionTable* options) {
  sage_config config{};
  config.struct_size = sizeof config;
  config.get = get;
  config.type = type;
  config.as_bool = as_bool;
  config.as_int = as_int;
  config.as_float = as_float;
  config.as_text = as_text;
  config.size = size;
  config.at = at;
  config.host_priv = const_cast<OptionTable*>(options);
  return config;
}

}  // namespace sage::plugin
