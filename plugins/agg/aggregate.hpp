#pragma once
// The option `aggregate`, held against the fields of the input.

#include "call.hpp"

#include <sage/plugin.hpp>

#include <functional>
#include <string>
#include <vector>

namespace sage::agg {

struct Aggregate {
  std::string name;
  Function function = Function::kCount;
  std::uint32_t n = 0;                  // of top
  std::uint32_t field = SAGE_NO_INDEX;  // of the input; count has none
  Type input = Type::kInt64;            // its type
  Type output = Type::kInt64;

  // Its value has no fixed size: a text, bytes or a list.
  bool grows() const { return !is_scalar(output); }
};

// What an error is about ("aggregate.total"), what is wrong, what to do.
using Report = std::function<void(const std::string&, const std::string&, const std::string&)>;

// In the order of the file. Those that are wrong are reported and left out.
std::vector<Aggregate> read_aggregates(SchemaView input, ConfigValue table, const Report& report);

}  // namespace sage::agg
