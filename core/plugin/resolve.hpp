#pragma once
// What the schema role of an operator (or its static ports) says. Runs plugin code. [control]

#include "plugin/registry.hpp"
#include "schema/option.hpp"
#include "schema/schema.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::plugin {

struct ResolveQuery {
  LoadedOperator op;
  std::vector<schema::SchemaPtr> inputs;
  std::vector<std::string> keys;
  const schema::OptionTable* options = nullptr;
  bool bounded = true;
};
struct ResolveFinding {
  std::string option;  // path below `with`, "" = the stage
  std::string message;
  std::string hint;
};
struct Resolution {
  std::vector<schema::SchemaPtr> outputs;
  bool bounded = true;
  std::uint32_t max_parallelism = UINT32_MAX;
  std::vector<ResolveFinding> findings;  // not empty: an error
};
Resolution resolve(const ResolveQuery& query);

}  // namespace sage::plugin
