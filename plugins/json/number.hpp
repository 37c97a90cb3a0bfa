#pragma once
// JSON numbers by their text.

#include <string_view>

namespace sage::json {

enum class NumberKind { kNone, kInteger, kReal };

// kInteger: without fraction and exponent; kNone: not a number as JSON writes it.
NumberKind number_kind(std::string_view text);

}  // namespace sage::json
