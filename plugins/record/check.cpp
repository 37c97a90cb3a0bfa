// What is wrong with an expression, before anything runs.
#include "library.hpp"
#include "message.hpp"
#include "names.hpp"
#include "script.hpp"
#include "stable.hpp"

#include <algorithm>

namespace sage::record {

namespace {

int load(lua_State* state) {
  const auto& text = *static_cast<const std::string*>(LuaState::owner_of(state));
  if (luaL_loadbufferx(state, text.data(), text.size(), kChunkName, "t") != LUA_OK) {
    return lua_error(state);
  }
  return 0;
}

std::optional<LuaError> syntax_error(std::string text) {
  LuaState lua;
  return lua.call(load, &text, 0);
}

class Checker {
 public:
  Checker(Resolve& resolve, SchemaView input, const Expression& expression)
      : resolve_(resolve), input_(input), expression_(expression) {}

  void check() {
    const std::string& text = expression_.text;
    names_ = scan_names(text);
    if (const auto error = syntax_error("return " + text)) {
      return report(clean_message(error->message, input_), keyword_hint());
    }
    if (syntax_error("return(" + text + "\n)")) {
      return report("one expression is needed", "such as: #word > 5");
    }
    for (const NameUse& use : names_.uses) {
      check_use(use);
    }
    if (!resolve_.failed()) {
      check_whole();
    }
  }

 private:
  void report(const std::string& message, const std::string& hint = "") {
    resolve_.error(expression_.place, message, hint);
  }

  std::string keyword_hint() const {
    for (const std::string_view word : names_.keywords) {
      if (input_.has(word)) {
        return through_view(word);
      }
    }
    return "";
  }
  static std::string through_view(std::string_view field) {
    return "the field '" + std::string(field) + "' is r[\"" + std::string(field) + "\"]";
  }

  void check_use(const NameUse& use) {
    const std::string name(use.name);
    if (std::ranges::find(names_.declared, use.name) != names_.declared.end()) {
      return;
    }
    if (name == "r") {
      check_view(use);
    } else if (is_library(name) || is_function(name)) {
      if (name == "math" && is_chance(use.member)) {
        return report_once("math." + std::string(use.member) + " is not there", kWithoutChance);
      }
      const bool meant = is_library(name) ? !use.member.empty() || use.called : use.called;
      if (input_.has(name) && !meant) {
        report_once("'" + name + "' is Lua's own here", through_view(name));
      }
    } else if (!input_.has(name) || name == "_ENV") {
      report_once("there is no field or variable '" + name + "'", name_hint(name, known()));
    }
  }

  void check_view(const NameUse& use) {
    if (use.member.empty()) {
      if (input_.has("r")) {
        report_once("'r' is the whole record here", through_view("r"));
      }
    } else if (!input_.has(use.member)) {
      report_once("the input has no field '" + std::string(use.member) + "'",
                  name_hint(use.member, fields()));
    }
  }

  // The same name may be wrong in many places.
  void report_once(const std::string& message, const std::string& hint) {
    if (std::ranges::find(reported_, message) == reported_.end()) {
      reported_.push_back(message);
      report(message, hint);
    }
  }

  std::vector<std::string> fields() const {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < input_.size(); ++i) {
      names.emplace_back(input_.name(i));
    }
    return names;
  }
  std::vector<std::string> known() const {
    std::vector<std::string> names = fields();
    names.insert(names.end(), library_names().begin(), library_names().end());
    return names;
  }

  // What only shows where the expression stands in its function, such as an assignment to `string`.
  void check_whole() {
    try {
      const Script script(input_, {expression_});
    } catch (const Failure& e) {
      const std::string_view message = e.what();
      const std::string place = expression_.place + ": ";
      report(std::string(message.substr(message.starts_with(place) ? place.size() : 0)));
    }
  }

  Resolve& resolve_;
  SchemaView input_;
  const Expression& expression_;
  Names names_;
  std::vector<std::string> reported_;
};

}  // namespace

void check_expression(Resolve& resolve, SchemaView input, const Expression& expression) {
  Checker(resolve, input, expression).check();
}

}  // namespace sage::record
