#pragma once
// The texts in the option `aggregate`: "count()", "sum(x)", "top(3, x)".

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace sage::agg {

enum class Function { kCount, kSum, kMin, kMax, kAvg, kFirst, kLast, kCollect, kTop };

std::string_view function_name(Function function);

struct Call {
  Function function = Function::kCount;
  std::uint32_t n = 0;     // of top: 1 to 10,000
  std::string_view field;  // part of the text; empty: count
};

struct CallError {
  std::string message;
  std::string hint;
};

std::variant<Call, CallError> parse_call(std::string_view text);

}  // namespace sage::agg
