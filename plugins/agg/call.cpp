#include "call.hpp"

#include <sage/names.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace sage::agg {

namespace {

constexpr std::uint32_t kTopMax = 10'000;

struct Form {
  std::string_view name;
  std::size_t arguments;
  std::string_view example;
};
constexpr std::array<Form, 9> kForms = {{{"count", 0, "count()"},
                                         {"sum", 1, "sum(x)"},
                                         {"min", 1, "min(x)"},
                                         {"max", 1, "max(x)"},
                                         {"avg", 1, "avg(x)"},
                                         {"first", 1, "first(x)"},
                                         {"last", 1, "last(x)"},
                                         {"collect", 1, "collect(x)"},
                                         {"top", 2, "top(3, x)"}}};

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// What stands between the parentheses, at the commas; nothing is no argument.
std::vector<std::string_view> arguments_of(std::string_view inside) {
  std::vector<std::string_view> arguments;
  if (trimmed(inside).empty()) {
    return arguments;
  }
  for (;;) {
    const std::size_t comma = inside.find(',');
    arguments.push_back(trimmed(inside.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return arguments;
    }
    inside.remove_prefix(comma + 1);
  }
}

CallError unknown(std::string_view name) {
  std::vector<std::string> names;
  for (const Form& form : kForms) {
    names.emplace_back(form.name);
  }
  return {"there is no function " + quoted(name), name_hint(name, names)};
}

// 0: it is not one.
std::uint32_t parse_n(std::string_view text) {
  std::uint32_t n = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || n > kTopMax) {
      return 0;
    }
    n = 10 * n + static_cast<std::uint32_t>(c - '0');
  }
  return n <= kTopMax ? n : 0;
}

}  // namespace

std::string_view function_name(Function function) {
  return kForms[static_cast<std::size_t>(function)].name;
}

std::variant<Call, CallError> parse_call(std::string_view text) {
  text = trimmed(text);
  const std::size_t open = text.find('(');
  const std::string_view name = trimmed(text.substr(0, open));
  const auto form = std::ranges::find(kForms, name, &Form::name);
  if (open == std::string_view::npos || text.back() != ')') {
    const std::string_view example = form == kForms.end() ? "sum(x)" : form->example;
    return CallError{quoted(text) + " is not a call of a function", "as in " + quoted(example)};
  }
  if (form == kForms.end()) {
    return unknown(name);
  }
  const auto arguments = arguments_of(text.substr(open + 1, text.size() - open - 2));
  if (arguments.size() != form->arguments) {
    return CallError{std::string(name) + " takes " + std::to_string(form->arguments) +
                         (form->arguments == 1 ? " argument" : " arguments") + ", not " +
                         std::to_string(arguments.size()),
                     "as in " + quoted(form->example)};
  }
  Call call{static_cast<Function>(form - kForms.begin()), 0, {}};
  if (call.function == Function::kTop) {
    call.n = parse_n(arguments.front());
    if (call.n == 0) {
      return CallError{quoted(arguments.front()) + " is not a number of values to keep",
                       "1 to " + std::to_string(kTopMax) + ", as in " + quoted(form->example)};
    }
  }
  if (!arguments.empty()) {
    call.field = arguments.back();
    if (!is_field_name(call.field)) {
      return CallError{quoted(call.field) + " is not the name of a field",
                       "what is computed needs a field of its own: use record/map before"};
    }
  }
  return call;
}

}  // namespace sage::agg
