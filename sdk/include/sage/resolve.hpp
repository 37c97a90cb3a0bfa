// The question asked before anything runs: with these inputs and options, what comes out?
#pragma once

#include "config.hpp"
#include "ext/roles.h"
#include "names.hpp"
#include "record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sage {

class Resolve {
 public:
  explicit Resolve(sage_resolve* resolve) : resolve_(resolve) {}

  std::uint32_t inputs() const { return resolve_->n_inputs; }
  SchemaView input(std::uint32_t i = 0) const {
    if (i >= resolve_->n_inputs) {
      throw Failure(SAGE_E_CONFIG, "input " + std::to_string(i) + " is missing");
    }
    return resolve_->inputs[i];
  }
  std::vector<std::string> keys() const {
    return {resolve_->keys, resolve_->keys + resolve_->n_keys};
  }
  bool bounded() const { return (resolve_->flags & SAGE_RESOLVE_BOUNDED) != 0; }

  void output(const std::vector<FieldSpec>& fields, std::uint32_t port = 0) {
    std::vector<sage_field> table;
    for (const FieldSpec& field : fields) {
      table.push_back({field.name.c_str(), static_cast<std::uint32_t>(field.type), 0});
    }
    const auto n = static_cast<std::uint32_t>(table.size());
    if (resolve_->set_output(resolve_, port, table.data(), n) < 0) {
      failed_ = true;
    }
  }
  void unbounded() { resolve_->set_unbounded(resolve_); }
  void max_parallelism(std::uint32_t n) { resolve_->set_max_parallelism(resolve_, n); }

  // `option`: the place, such as "where", "set.long" or "" for the stage. Go on to report more.
  void error(const std::string& option, const std::string& message, const std::string& hint = "") {
    failed_ = true;
    resolve_->error(resolve_, option.c_str(), message.c_str(),
                    hint.empty() ? nullptr : hint.c_str());
  }
  // Index of input field `name`, reported as an error of `option` if it is absent or of a type
  // other than T.
  template <class T>
  std::optional<std::uint32_t> require(const std::string& option, std::string_view name,
                                       std::uint32_t input_index = 0) {
    const SchemaView schema = input(input_index);
    const auto i = schema.find(name);
    if (!i) {
      error(option, "the input has no field '" + std::string(name) + "'", hint_for(name, schema));
    } else if (schema.type(*i) != kTypeOf<T>) {
      error(option, "field '" + std::string(name) + "' is " +
                        std::string(type_name(schema.type(*i))) + ", not " +
                        std::string(type_name(kTypeOf<T>)));
      return std::nullopt;
    }
    return i;
  }
  // "did you mean 'user'?", or the fields there are.
  static std::string hint_for(std::string_view name, SchemaView schema) {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < schema.size(); ++i) {
      names.emplace_back(schema.name(i));
    }
    return name_hint(name, names);
  }
  bool failed() const { return failed_; }

 private:
  sage_resolve* resolve_;
  bool failed_ = false;
};

}  // namespace sage
