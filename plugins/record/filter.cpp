#include "filter.hpp"

#include "convert.hpp"

namespace sage::record {

namespace {

Expression where(const Config& options) { return {"where", std::string(options.text("where"))}; }

}  // namespace

Options Filter::options() {
  return {option("where", kExpression).required().help("Lua expression: the records to keep")};
}

void Filter::resolve(Resolve& resolve, const Config& options) {
  check_expression(resolve, resolve.input(), where(options));
}

Filter::Filter(Context& ctx, const Config& options)
    : script_(ctx.input(), {where(options)}, &ctx) {}

bool Filter::filter(Record record) {
  script_.run(record);
  lua_State* const state = script_.state();
  if (lua_type(state, 1) != LUA_TBOOLEAN) [[unlikely]] {
    throw RecordError("where: true or false is needed, and this is " + shown(state, 1));
  }
  return lua_toboolean(state, 1) != 0;
}

}  // namespace sage::record
