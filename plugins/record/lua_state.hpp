#pragma once
// A Lua state that expressions run in: no libraries by itself, bounded memory, bounded work.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <lua.hpp>

namespace sage::record {

inline constexpr std::size_t kMemoryMax = 64u << 20;            // bytes of one state
inline constexpr std::int64_t kInstructionsMax = 1'000'000;     // of Lua's machine, for one call
inline constexpr std::int64_t kStepsMax = 200'000'000;          // of patterns, for one call
inline constexpr std::size_t kChurnMax = std::size_t{4} << 30;  // bytes taken by one call

struct LuaError {
  bool memory = false;  // kMemoryMax was reached
  std::string message;
};

// One task uses it. Lua's C functions leave by longjmp: one that is called here may use all of
// Lua's interface, but no object on its stack may need a destructor.
class LuaState {
 public:
  // Throws std::bad_alloc.
  LuaState();
  LuaState(const LuaState&) = delete;
  LuaState& operator=(const LuaState&) = delete;

  lua_State* get() const { return state_.get(); }

  // Calls `function` in protected mode on an empty stack and leaves `results` values, or nothing
  // and what was wrong. `owner` can be had inside by owner_of.
  std::optional<LuaError> call(lua_CFunction function, void* owner, int results);
  static void* owner_of(lua_State* state);
  // What the call at hand has left of kStepsMax; less than 0 is an error to be raised.
  static std::int64_t* steps_of(lua_State* state);

  // From here on a call may run kInstructionsMax instructions, and ends early once `cancelled`,
  // asked now and then, is true of the owner.
  void limit_instructions(bool (*cancelled)(void* owner));

 private:
  struct Limits {
    std::size_t used = 0;
    std::size_t churn = 0;
    std::int64_t instructions = 0;
    std::int64_t steps = kStepsMax;
    bool (*cancelled)(void*) = nullptr;
    void* owner = nullptr;
  };
  struct Close {
    void operator()(lua_State* state) const { lua_close(state); }
  };
  static void* allocate(void* limits, void* block, std::size_t old_size, std::size_t new_size);
  static void on_count(lua_State* state, lua_Debug* event);
  static Limits& limits_of(lua_State* state);
  LuaError take_error(int status);

  Limits limits_;
  std::unique_ptr<lua_State, Close> state_;
};

}  // namespace sage::record
