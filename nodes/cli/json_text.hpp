#pragma once
// Printing JSON: our documents keep their members in order. [any]

#include "base/result.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace sage::cli {

using Json = nlohmann::ordered_json;

inline constexpr int kSchemaVersion = 1;

// {"schema_version": 1}, to be filled in.
Json json_document();

// Ends with "\n"; bytes that are not UTF-8 become U+FFFD.
std::string pretty(const Json& json);
std::string compact(const Json& json);

// "SAGE-E0107"
std::string public_code(const std::string& code);

// What to do next; never empty.
std::string hint_of(const Error& error);

// {severity, code, message, file, line, column, hint}
Json finding_json(const Error& finding);

}  // namespace sage::cli
