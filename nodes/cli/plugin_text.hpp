#pragma once
// Words for plugins and their operators, shared by the plugin and schema commands. Pure.

#include "schema/catalogue.hpp"

#include <string>

namespace sage::cli {

// "text", "list of text", "table of int", ...
std::string option_type(const schema::OptionInfo& option);
// "required", "default \"lines\"", "one of a, b", "from 1 to 10", with commas between them.
std::string option_rules(const schema::OptionInfo& option);

// "{word: text, n: int64}", or "any".
std::string port_text(const schema::PortInfo& port);

}  // namespace sage::cli
