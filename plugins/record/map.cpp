#include "map.hpp"

#include "map_plan.hpp"

namespace sage::record {

Options Map::options() {
  return {option("set", kExpression).table().help("fields and the Lua expressions that set them"),
          option("types", kText).table().help("types of the fields in `set`, needed for new ones"),
          option("keep", kText).list().help("the fields that stay, beside those that are set"),
          option("drop", kField).list().help("the fields that go"),
          option("rename", kText).table().help("old names and new ones")};
}

void Map::resolve(Resolve& resolve, const Config& options) {
  const MapPlan plan(resolve.input(), options);
  for (const MapPlan::Mistake& mistake : plan.mistakes) {
    resolve.error(mistake.place, mistake.message, mistake.hint);
  }
  for (const Expression& expression : plan.expressions) {
    check_expression(resolve, resolve.input(), expression);
  }
  if (plan.mistakes.empty()) {
    std::vector<FieldSpec> fields;
    for (const MapColumn& column : plan.columns) {
      fields.push_back({column.name, column.type});
    }
    resolve.output(fields);
  }
}

Map::Map(Context& ctx, const Config& options)
    : script_(ctx.input(), MapPlan(ctx.input(), options).expressions, &ctx),
      setter_(script_.state()) {
  const SchemaView output = ctx.output();
  const MapPlan plan(ctx.input(), options);
  for (const MapColumn& column : plan.columns) {
    if (!column.is_set) {
      copied_.add(ctx.input(), column.source, output, column.name);
    }
  }
  for (const Expression& expression : plan.expressions) {
    for (std::uint32_t i = 0; i < plan.columns.size(); ++i) {
      if (plan.columns[i].is_set && "set." + plan.columns[i].source == expression.place) {
        targets_.push_back({output.slot(i), expression.place});
      }
    }
  }
}

void Map::map(Record record, Row& row) {
  row.copy(copied_, record);
  if (targets_.empty()) {
    return;
  }
  script_.run(record);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    setter_.set(row, targets_[i].slot, static_cast<int>(i) + 1, targets_[i].place);
  }
}

}  // namespace sage::record
