#pragma once
// Lua expressions over the fields of a record, compiled once and evaluated for each.

#include "json/value.hpp"
#include "lua_state.hpp"

#include <sage/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sage::record {

struct Expression {
  std::string place;  // of the option: "where", "set.long"
  std::string text;
};

class Script {
 public:
  // `cancelled` as Context::cancelled; may be null. Throws Failure (SAGE_E_CONFIG) if an expression
  // does not compile.
  Script(SchemaView input, std::vector<Expression> expressions, const Context* context = nullptr);

  // Evaluates all expressions; their values lie on the stack from index 1 on, until the next call.
  // Throws RecordError, beginning with the expression's place.
  void run(Record record);
  lua_State* state() const { return lua_.get(); }

 private:
  struct Compiled {
    Expression expression;
    std::vector<std::uint32_t> arguments;  // fields
    int function = LUA_NOREF;              // in the registry
    std::string source;                    // while it compiles
  };
  static Script& self(lua_State* state) { return *static_cast<Script*>(LuaState::owner_of(state)); }
  static int prepare(lua_State* state);
  static int compile(lua_State* state);
  static int evaluate(lua_State* state);
  static int read_view(lua_State* state);
  static bool is_cancelled(void* self);
  [[noreturn]] void throw_error(const LuaError& error) const;
  std::string message(const LuaError& error) const;

  LuaState lua_;
  SchemaView input_;
  const Context* context_;
  std::vector<Slot> slots_;  // by field
  std::vector<Compiled> compiled_;
  bool has_function_ = false;
  int library_ = LUA_NOREF;
  int view_ = LUA_NOREF;
  // Of the call at hand.
  Record record_;
  std::size_t at_ = 0;  // expression
};

// Reports what is wrong with an expression, its names included, at its place.
void check_expression(Resolve& resolve, SchemaView input, const Expression& expression);

}  // namespace sage::record
