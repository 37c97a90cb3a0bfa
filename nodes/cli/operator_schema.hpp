#pragma once
// The options of an operator as JSON Schema (draft-07). Pure.

#include "json_text.hpp"
#include "schema/catalogue.hpp"

namespace sage::cli {

// What may stand in `with`.
Json options_schema(const schema::OperatorInfo& op);

// A whole document for `sage schema PLUGIN/OP`.
Json operator_document(const schema::PluginInfo& plugin, const schema::OperatorInfo& op);

}  // namespace sage::cli
