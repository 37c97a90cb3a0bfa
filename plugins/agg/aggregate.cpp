#include "aggregate.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace sage::agg {

namespace {

// Each is state of up to 64 MiB per key, see Cells::grow; sizes have 32 bits.
constexpr std::size_t kGrowingMax = 32;

constexpr Type kAny[] = {Type::kBool,        Type::kInt64,      Type::kFloat64,  Type::kText,
                         Type::kData,        Type::kTimestamp,  Type::kListText, Type::kListInt64,
                         Type::kListFloat64, Type::kListFloat32};
constexpr Type kNumbers[] = {Type::kInt64, Type::kFloat64};
constexpr Type kOrdered[] = {Type::kBool, Type::kInt64,     Type::kFloat64,
                             Type::kText, Type::kTimestamp, Type::kData};
constexpr Type kListed[] = {Type::kText, Type::kInt64, Type::kFloat64};

std::span<const Type> types_of(Function function) {
  switch (function) {
    case Function::kSum:
    case Function::kAvg:
      return kNumbers;
    case Function::kMin:
    case Function::kMax:
      return kOrdered;
    case Function::kCollect:
    case Function::kTop:
      return kListed;
    default:
      return kAny;
  }
}

Type output_of(Function function, Type input) {
  switch (function) {
    case Function::kCount:
      return Type::kInt64;
    case Function::kAvg:
      return Type::kFloat64;
    case Function::kCollect:
    case Function::kTop:
      return input == Type::kText    ? Type::kListText
             : input == Type::kInt64 ? Type::kListInt64
                                     : Type::kListFloat64;
    default:
      return input;
  }
}

std::string listed(std::span<const Type> types) {
  std::string text;
  for (std::size_t i = 0; i < types.size(); ++i) {
    text += i == 0 ? "" : i + 1 == types.size() ? " or " : ", ";
    text += type_name(types[i]);
  }
  return text;
}

std::optional<Aggregate> read_one(SchemaView input, const ConfigValue::Item& item,
                                  const Report& report) {
  const std::string name(item.key);
  const std::string place = "aggregate." + name;
  if (!is_field_name(name)) {
    report(place, "'" + name + "' cannot name a field",
           "a field has letters, digits and _, no digit first, at most 63 characters");
    return std::nullopt;
  }
  const auto parsed = parse_call(item.value.text());
  if (const auto* error = std::get_if<CallError>(&parsed)) {
    report(place, error->message, error->hint);
    return std::nullopt;
  }
  const Call& call = std::get<Call>(parsed);
  Aggregate aggregate{name, call.function, call.n, SAGE_NO_INDEX, Type::kInt64, Type::kInt64};
  if (call.function == Function::kCount) {
    return aggregate;
  }
  const auto field = input.find(call.field);
  if (!field) {
    report(place, "the input has no field '" + std::string(call.field) + "'",
           Resolve::hint_for(call.field, input));
    return std::nullopt;
  }
  aggregate.field = *field;
  aggregate.input = input.type(*field);
  const std::span<const Type> types = types_of(call.function);
  if (std::ranges::find(types, aggregate.input) == types.end()) {
    report(place,
           "field '" + std::string(call.field) + "' is " + std::string(type_name(aggregate.input)) +
               ", which " + std::string(function_name(call.function)) + " does not take",
           "it takes " + listed(types));
    return std::nullopt;
  }
  aggregate.output = output_of(call.function, aggregate.input);
  return aggregate;
}

}  // namespace

std::vector<Aggregate> read_aggregates(SchemaView input, ConfigValue table, const Report& report) {
  std::vector<Aggregate> aggregates;
  if (table.size() == 0) {
    report("aggregate", "there is no aggregate", "name one, as in { n = \"count()\" }");
  }
  for (const ConfigValue::Item item : table) {
    if (auto aggregate = read_one(input, item, report)) {
      aggregates.push_back(std::move(*aggregate));
    }
  }
  if (std::ranges::count_if(aggregates, &Aggregate::grows) >
      static_cast<std::ptrdiff_t>(kGrowingMax)) {
    report("aggregate",
           "more than " + std::to_string(kGrowingMax) + " aggregates are texts, data or lists",
           "spread them over several stages");
  }
  return aggregates;
}

}  // namespace sage::agg
