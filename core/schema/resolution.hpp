#pragma once
// What an operator is asked before it runs, and what its schema role answers. Values. [any]

#include "schema/option.hpp"
#include "schema/schema.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::schema {

struct ResolveQuery {
  const OptionTable* options = nullptr;
  std::vector<SchemaPtr> inputs;
  std::vector<std::string> keys;
  bool bounded = true;
};

struct ResolveFinding {
  std::string option;  // path below `with`: "where", "set.long"; "" = the operator
  std::string message;
  std::string hint;
};

struct Resolution {
  std::vector<SchemaPtr> outputs;  // by port; null, or missing at the end: it does not say
  bool bounded = true;
  std::uint32_t max_parallelism = UINT32_MAX;
  std::vector<ResolveFinding> findings;  // not empty: an error
};

}  // namespace sage::schema
