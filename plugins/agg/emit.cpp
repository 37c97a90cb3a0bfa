#include "emit.hpp"

namespace sage::agg {

Option emit_option() {
  return option("emit", kText)
      .help(
          "\"end\": one row per key when bounded input ends (the default there); \"update\": "
          "one row per record (the default for unbounded input)");
}

void check_emit(Resolve& resolve, const Config& options) {
  const std::string_view value = options.text("emit");
  if (value.empty() ? options.has("emit") : value != "end" && value != "update") {
    resolve.error("emit", "emit = \"" + std::string(value) + "\" is not supported",
                  "write \"end\" or \"update\"; intervals need event time, which this version "
                  "does not have");
  }
}

Emit emit_of(const Config& options, bool bounded) {
  const bool end = options.has("emit") ? options.text("emit") == "end" : bounded;
  return end ? Emit::kEnd : Emit::kUpdate;
}

std::vector<FieldSpec> key_specs(Resolve& resolve) {
  const std::vector<std::string> keys = resolve.keys();
  if (keys.empty()) {
    resolve.max_parallelism(1);
  }
  std::vector<FieldSpec> fields;
  const SchemaView input = resolve.input();
  for (const std::string& key : keys) {
    if (const auto i = input.find(key)) {
      fields.push_back({key, input.type(*i)});
    }
  }
  return fields;
}

}  // namespace sage::agg
