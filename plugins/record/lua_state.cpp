#include "lua_state.hpp"

#include <sage/error.hpp>

#include <cstdlib>
#include <new>

namespace sage::record {

namespace {

constexpr int kCountStep = 10'000;          // instructions between two looks
constexpr std::size_t kMessageMax = 1'000;  // bytes

// Only reached by an error outside of protected mode, which would be a mistake of ours.
int on_panic(lua_State*) { throw Failure("Lua failed outside of a protected call"); }

}  // namespace

LuaState::LuaState() : state_(lua_newstate(allocate, &limits_)) {
  if (!state_) {
    throw std::bad_alloc();
  }
  *static_cast<Limits**>(lua_getextraspace(get())) = &limits_;
  lua_atpanic(get(), on_panic);
}

LuaState::Limits& LuaState::limits_of(lua_State* state) {
  return **static_cast<Limits**>(lua_getextraspace(state));
}

void* LuaState::owner_of(lua_State* state) { return limits_of(state).owner; }

std::int64_t* LuaState::steps_of(lua_State* state) { return &limits_of(state).steps; }

void* LuaState::allocate(void* limits, void* block, std::size_t old_size, std::size_t new_size) {
  Limits& self = *static_cast<Limits*>(limits);
  const std::size_t freed = block == nullptr ? 0 : old_size;  // else old_size is a type
  if (new_size == 0) {
    std::free(block);
    self.used -= freed;
    return nullptr;
  }
  const bool grows = new_size > freed;
  if (grows && (self.used - freed + new_size > kMemoryMax || self.churn + new_size > kChurnMax)) {
    return nullptr;
  }
  self.churn += grows ? new_size : 0;
  void* const result = std::realloc(block, new_size);
  if (result != nullptr) {
    self.used += new_size - freed;
  }
  return result;
}

void LuaState::on_count(lua_State* state, lua_Debug*) {
  Limits& limits = limits_of(state);
  limits.instructions += kCountStep;
  if (limits.instructions >= kInstructionsMax) {
    luaL_error(state, "more than %d instructions", static_cast<int>(kInstructionsMax));
  }
  if (limits.cancelled(limits.owner)) {
    luaL_error(state, "the job is being cancelled");
  }
}

void LuaState::limit_instructions(bool (*cancelled)(void* owner)) { limits_.cancelled = cancelled; }

std::optional<LuaError> LuaState::call(lua_CFunction function, void* owner, int results) {
  lua_State* const state = get();
  limits_.owner = owner;
  limits_.churn = 0;
  limits_.steps = kStepsMax;
  if (limits_.cancelled != nullptr) {
    limits_.instructions = 0;
    lua_sethook(state, on_count, LUA_MASKCOUNT, kCountStep);
  }
  lua_settop(state, 0);
  lua_pushcfunction(state, function);
  const int status = lua_pcall(state, 0, results, 0);
  if (status == LUA_OK) [[likely]] {
    return std::nullopt;
  }
  return take_error(status);
}

LuaError LuaState::take_error(int status) {
  lua_State* const state = get();
  LuaError error;
  if (status == LUA_ERRMEM) {
    error.memory = true;
    // Whatever was asked for last, memory that is free again was not the reason.
    error.message = limits_.churn > kChurnMax / 2 ? "more than 4 GiB of memory in all"
                                                  : "more than 64 MiB of memory";
  } else if (lua_type(state, -1) == LUA_TSTRING) {
    std::size_t length = 0;
    const char* const text = lua_tolstring(state, -1, &length);
    error.message.assign(text, length < kMessageMax ? length : kMessageMax);
  } else {
    error.message = std::string("error with a ") + luaL_typename(state, -1) + " value";
  }
  lua_settop(state, 0);
  if (error.memory) {
    lua_gc(state, LUA_GCCOLLECT);
  }
  return error;
}

}  // namespace sage::record
