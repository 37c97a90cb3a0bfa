#include "fold.hpp"

#include "order.hpp"

#include <algorithm>

namespace sage::agg {

namespace {

__extension__ using Int128 = __int128;

std::uint64_t padded(std::uint64_t bytes) { return (bytes + 7) & ~std::uint64_t{7}; }

}  // namespace

// The cell: how many records were added; where parts grow, the size of the output record without
// them; the words of the aggregates; the parts' places.
Fold::Fold(const Context& ctx, std::span<const Aggregate> aggregates)
    : body_bytes_(ctx.output().body_bytes()), bytes_(sizeof(std::uint64_t)) {
  const SchemaView input = ctx.input();
  if (std::ranges::any_of(aggregates, &Aggregate::grows)) {
    bytes_ += sizeof(std::uint64_t);
  }
  auto to = static_cast<std::uint32_t>(ctx.keys().size());  // they follow the key
  for (const Aggregate& aggregate : aggregates) {
    add_step(aggregate, input, ctx.output(), to++);
  }
  for (const std::uint32_t key : ctx.keys()) {
    if (input.type(key) == Type::kText) {
      key_texts_.push_back(input.field<std::string_view>(key));
    } else if (input.type(key) == Type::kData) {
      key_data_.push_back(input.field<BytesView>(key));
    }
  }
}

// `to`: its field in the output.
void Fold::add_step(const Aggregate& aggregate, SchemaView input, SchemaView output,
                    std::uint32_t to) {
  if (aggregate.grows()) {
    growing_.emplace_back(aggregate, input.byte(aggregate.field), output.byte(to), bytes_);
    bytes_ += sizeof(Part);
    return;
  }
  Step step = make_step(aggregate, input);
  step.to = output.byte(to);
  step.to_mask = output.slot(to).mask;
  step.at = bytes_;
  bytes_ += step.kind == Kind::kCount ? 0 : step.kind == Kind::kAvgInt ? sizeof(Int128) : 8;
  steps_.push_back(step);
  if (step.kind == Kind::kSumInt) {
    sums_.push_back({step, "'" + aggregate.name + "', the sum of field '" +
                               std::string(input.name(aggregate.field)) +
                               "', would leave the range of int64"});
  }
}

Fold::Step Fold::make_step(const Aggregate& aggregate, SchemaView input) {
  Step step;
  if (aggregate.function == Function::kCount) {
    return step;
  }
  step.from = input.byte(aggregate.field);
  step.from_mask = input.slot(aggregate.field).mask;
  const bool real = aggregate.input == Type::kFloat64;
  step.form = aggregate.input == Type::kBool ? Form::kBool : Form::kPlain;
  switch (aggregate.function) {
    case Function::kSum:
      step.kind = real ? Kind::kSumReal : Kind::kSumInt;
      break;
    case Function::kAvg:
      step.kind = real ? Kind::kAvgReal : Kind::kAvgInt;
      break;
    case Function::kMin:
      step.kind = Kind::kMin;
      step.form = real ? Form::kNanHigh : step.form;
      break;
    case Function::kMax:
      step.kind = Kind::kMax;
      step.form = real ? Form::kNanLow : step.form;
      break;
    default:
      step.kind = aggregate.function == Function::kFirst ? Kind::kFirst : Kind::kLast;
  }
  return step;
}

std::int64_t Fold::Step::word(Record record) const {
  const std::uint8_t* const field = record.body() + from;
  switch (form) {
    case Form::kBool:
      return (*field & from_mask) != 0 ? 1 : 0;
    case Form::kNanLow:
      return order_of(load<double>(field), NanIs::kLowest);
    case Form::kNanHigh:
      return order_of(load<double>(field), NanIs::kHighest);
    default:
      return load<std::int64_t>(field);
  }
}

void Fold::Step::apply(std::uint8_t* cell, bool fresh, Record record) const {
  if (kind == Kind::kCount) {
    return;
  }
  std::uint8_t* const state = cell + at;
  const std::uint8_t* const field = record.body() + from;
  switch (kind) {
    case Kind::kSumInt:
      store<std::int64_t>(state, load<std::int64_t>(state) + load<std::int64_t>(field));
      break;
    case Kind::kSumReal:
    case Kind::kAvgReal:
      // The first one as it is: 0.0 + -0.0 would be 0.0.
      store<double>(state, fresh ? load<double>(field) : load<double>(state) + load<double>(field));
      break;
    case Kind::kAvgInt:
      store<Int128>(state, load<Int128>(state) + load<std::int64_t>(field));
      break;
    case Kind::kMin:
      if (const std::int64_t value = word(record); fresh || value < load<std::int64_t>(state)) {
        store<std::int64_t>(state, value);
      }
      break;
    case Kind::kMax:
      if (const std::int64_t value = word(record); fresh || value > load<std::int64_t>(state)) {
        store<std::int64_t>(state, value);
      }
      break;
    case Kind::kFirst:
      if (fresh) {
        store<std::int64_t>(state, word(record));
      }
      break;
    default:
      store<std::int64_t>(state, word(record));
  }
}

void Fold::Step::write(Row& row, const std::uint8_t* cell) const {
  const auto seen = load<std::uint64_t>(cell);
  const std::uint8_t* const state = cell + at;
  if (kind == Kind::kCount) {
    row.set(Field<std::int64_t>{to}, static_cast<std::int64_t>(seen));
  } else if (kind == Kind::kAvgInt) {
    row.set(Field<double>{to},
            static_cast<double>(load<Int128>(state)) / static_cast<double>(seen));
  } else if (kind == Kind::kAvgReal) {
    row.set(Field<double>{to}, load<double>(state) / static_cast<double>(seen));
  } else if (form == Form::kBool) {
    row.set(Field<bool>{to, to_mask}, load<std::int64_t>(state) != 0);
  } else if (form == Form::kNanLow || form == Form::kNanHigh) {
    row.set(Field<double>{to}, value_of(load<std::int64_t>(state)));
  } else {
    row.set(Field<std::int64_t>{to}, load<std::int64_t>(state));  // or other 8 bytes
  }
}

void Fold::add(Cells& cells, Cell& cell, Record record) {
  const std::uint64_t before = seen(cell);
  const bool fresh = before == 0;
  check_sums(cell, record);
  if (fresh || grows()) {
    check_size(cell, fresh, record);
  }
  for (const Step& step : steps_) {
    step.apply(cell.fixed, fresh, record);
  }
  for (Growing& growing : growing_) {
    growing.apply(cells, cell);
  }
  store<std::uint64_t>(cell.fixed, before + 1);
}

void Fold::check_sums(const Cell& cell, Record record) const {
  for (const Sum& sum : sums_) {
    std::int64_t ignored = 0;
    if (__builtin_add_overflow(load<std::int64_t>(cell.fixed + sum.step.at),
                               load<std::int64_t>(record.body() + sum.step.from), &ignored))
        [[unlikely]] {
      throw RecordError(SAGE_E_RANGE, sum.message);
    }
  }
}

void Fold::check_size(const Cell& cell, bool fresh, Record record) {
  std::uint8_t* const bare = cell.fixed + sizeof(std::uint64_t);
  const std::uint64_t size = fresh ? bare_size(record) : load<std::uint64_t>(bare);
  std::uint64_t total = size;
  for (Growing& growing : growing_) {
    total += growing.plan(cell, fresh, record);
  }
  if (total > SAGE_MAX_RECORD) [[unlikely]] {
    throw RecordError(SAGE_E_TOO_LARGE, "the output record of this key would exceed 16 MiB");
  }
  if (fresh && grows()) {
    store<std::uint64_t>(bare, size);
  }
}

// Of the output record: its struct and the texts of its key.
std::uint64_t Fold::bare_size(Record record) const {
  std::uint64_t size = body_bytes_;
  for (const Field<std::string_view> field : key_texts_) {
    const std::size_t length = record[field].size();
    size += length == 0 ? 0 : padded(length + 1);
  }
  for (const Field<BytesView> field : key_data_) {
    size += padded(record[field].size());
  }
  return size;
}

void Fold::write(Row& row, const Cell& cell) {
  for (const Step& step : steps_) {
    step.write(row, cell.fixed);
  }
  for (Growing& growing : growing_) {
    growing.write(row, cell);
  }
}

}  // namespace sage::agg
