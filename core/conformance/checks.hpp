#pragma once
// The checks that there are, and which of them an operator is put to. Each runs in a process of its
// own (run.hpp). [any]

#include "schema/catalogue.hpp"

#include <span>
#include <string_view>

namespace sage::conformance {

struct Check {
  std::string_view name;
  std::string_view about;  // one line
};

// Of the plugin as a whole: it loads.
const Check& load_check();
// The others, in the order in which they are run. Those behind `create` need that one to pass.
std::span<const Check> operator_checks();
bool applies(const Check& check, const schema::OperatorInfo& op);
bool needs_instance(const Check& check);

}  // namespace sage::conformance
