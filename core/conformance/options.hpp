#pragma once
// The options an operator is tested with: what the user gave, and defaults. [any]

#include "base/result.hpp"
#include "schema/catalogue.hpp"
#include "schema/option.hpp"
#include "spec/value.hpp"

#include <string>
#include <vector>

namespace sage::conformance {

// "OP.KEY=VALUE": lists, tables and quoted texts as in TOML, anything else as it stands.
struct Given {
  std::string op;
  std::string key;
  std::string value;
};
Result<Given> parse_given(const std::string& text);

// Those of one operator, as if a stage had them in its `with`.
Result<spec::Table> with_table(const std::vector<Given>& all, const std::string& op);

// Names of options that must be given and are not.
std::vector<std::string> missing_options(const schema::OperatorInfo& op, const spec::Table& with);

// What the options of type FIELD name, given or by default.
std::vector<std::string> named_fields(const schema::OperatorInfo& op, const spec::Table& with);

// Something of the option's type that it may have, for one that is required.
schema::OptionValue plain_value(const schema::OptionInfo& option);

// A value that the option should not have, or that is at the edge of what it may have.
struct Odd {
  std::string text;  // for people
  schema::OptionValue value;
};
std::vector<Odd> odd_values(const schema::OptionInfo& option);

}  // namespace sage::conformance
