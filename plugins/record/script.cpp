#include "script.hpp"

#include "convert.hpp"
#include "library.hpp"
#include "message.hpp"
#include "names.hpp"
#include "stable.hpp"

#include <algorithm>

namespace sage::record {

namespace {

// Fields that are parameters; Lua's limit is 200 locals. Others are read through the view.
constexpr std::size_t kArgumentsMax = 100;
constexpr int kStackNeed = static_cast<int>(kArgumentsMax) + 16;

// The text compiles to a function that takes the view and the library and answers the function that
// takes the fields. Everything else a name can mean is a member of the view, which is `_ENV`.
std::string source_of(const Expression& expression, const std::vector<std::string_view>& fields) {
  std::string source = "local _ENV<const>,r<const>";
  for (const std::string& name : library_names()) {
    source += "," + name + "<const>";
  }
  source += " =... return function(";  // a > and a = together would be another sign
  for (std::size_t i = 0; i < fields.size(); ++i) {
    source.append(i == 0 ? "" : ",").append(fields[i]);
  }
  const bool commented = expression.text.find("--") != std::string::npos;
  return source + ")return(" + expression.text + (commented ? "\n)end" : ")end");
}

// An error about the name at index 2, which may hold any byte.
int raise_about_name(lua_State* state, const char* what) {
  luaL_where(state, 1);
  lua_pushfstring(state, "%s '", what);
  push_text(state, 2);
  lua_pushliteral(state, "'");
  lua_concat(state, 4);
  return lua_error(state);
}

int refuse_assignment(lua_State* state) {
  return raise_about_name(state, "the record cannot be changed here, and there is no variable");
}

}  // namespace

Script::Script(SchemaView input, std::vector<Expression> expressions, const Context* context)
    : input_(input), context_(context) {
  for (std::uint32_t i = 0; i < input.size(); ++i) {
    slots_.push_back(input.slot(i));
  }
  for (Expression& expression : expressions) {
    compiled_.push_back({std::move(expression), {}, LUA_NOREF, {}});
    Compiled& added = compiled_.back();
    const Names names = scan_names(added.expression.text);
    has_function_ = has_function_ || names.has_function;
    std::vector<std::string_view> fields;
    for (const NameUse& use : names.uses) {
      const auto i = input.find(use.name);
      const bool known = std::ranges::find(fields, use.name) != fields.end();
      if (i && !known && !is_reserved(use.name) && fields.size() < kArgumentsMax) {
        fields.push_back(use.name);
        added.arguments.push_back(*i);
      }
    }
    added.source = source_of(added.expression, fields);
  }
  for (const lua_CFunction step : {prepare, compile}) {
    if (const auto error = lua_.call(step, this, 0)) {
      throw Failure(SAGE_E_CONFIG, message(*error));
    }
  }
  if (has_function_) {
    lua_.limit_instructions(is_cancelled);
  }
}

bool Script::is_cancelled(void* self) {
  const Context* const context = static_cast<Script*>(self)->context_;
  return context != nullptr && context->cancelled();
}

// Makes the library and the view of the record, a userdata that reads fields by name.
int Script::prepare(lua_State* state) {
  Script& me = self(state);
  push_library(state, !me.has_function_);
  me.library_ = luaL_ref(state, LUA_REGISTRYINDEX);
  lua_newuserdatauv(state, 0, 0);
  lua_createtable(state, 0, 3);
  lua_createtable(state, 0, static_cast<int>(me.input_.size()));
  for (std::uint32_t i = 0; i < me.input_.size(); ++i) {
    lua_pushlstring(state, me.input_.name(i).data(), me.input_.name(i).size());
    lua_pushinteger(state, i);
    lua_rawset(state, -3);
  }
  lua_pushcclosure(state, read_view, 1);
  lua_setfield(state, -2, "__index");
  lua_pushcfunction(state, refuse_assignment);
  lua_setfield(state, -2, "__newindex");
  lua_pushliteral(state, "record");
  lua_setfield(state, -2, "__name");
  lua_setmetatable(state, -2);
  me.view_ = luaL_ref(state, LUA_REGISTRYINDEX);
  return 0;
}

int Script::compile(lua_State* state) {
  Script& me = self(state);
  for (me.at_ = 0; me.at_ < me.compiled_.size(); ++me.at_) {
    Compiled& it = me.compiled_[me.at_];
    if (luaL_loadbufferx(state, it.source.data(), it.source.size(), kChunkName, "t") != LUA_OK) {
      return lua_error(state);
    }
    lua_rawgeti(state, LUA_REGISTRYINDEX, me.view_);
    lua_pushvalue(state, -1);
    lua_rawgeti(state, LUA_REGISTRYINDEX, me.library_);
    const int table = lua_gettop(state);
    const auto names = static_cast<int>(library_names().size());
    for (int i = 1; i <= names; ++i) {
      lua_rawgeti(state, table, i);
    }
    lua_remove(state, table);
    lua_call(state, 2 + names, 1);
    it.function = luaL_ref(state, LUA_REGISTRYINDEX);
  }
  return 0;
}

int Script::evaluate(lua_State* state) {
  Script& me = self(state);
  luaL_checkstack(state, static_cast<int>(me.compiled_.size()) + kStackNeed, nullptr);
  for (me.at_ = 0; me.at_ < me.compiled_.size(); ++me.at_) {
    const Compiled& it = me.compiled_[me.at_];
    lua_rawgeti(state, LUA_REGISTRYINDEX, it.function);
    for (const std::uint32_t field : it.arguments) {
      push_field(state, me.record_, me.slots_[field]);
    }
    lua_call(state, static_cast<int>(it.arguments.size()), 1);
  }
  return static_cast<int>(me.compiled_.size());
}

int Script::read_view(lua_State* state) {
  lua_settop(state, 2);
  lua_pushvalue(state, 2);
  if (lua_rawget(state, lua_upvalueindex(1)) == LUA_TNIL) {
    return raise_about_name(state, "there is no field or variable");
  }
  const Script& me = self(state);
  push_field(state, me.record_, me.slots_[static_cast<std::size_t>(lua_tointeger(state, -1))]);
  return 1;
}

void Script::run(Record record) {
  record_ = record;
  if (const auto error = lua_.call(evaluate, this, static_cast<int>(compiled_.size()))) {
    throw_error(*error);
  }
}

void Script::throw_error(const LuaError& error) const {
  throw RecordError(error.memory ? SAGE_E_NOMEM : SAGE_E_DATA, message(error));
}

std::string Script::message(const LuaError& error) const {
  const Compiled* const it = at_ < compiled_.size() ? &compiled_[at_] : nullptr;
  std::string text = clean_message(error.message, input_);
  return it == nullptr ? text : it->expression.place + ": " + text;
}

}  // namespace sage::record
