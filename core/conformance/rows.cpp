#include "conformance/rows.hpp"

#include "flow/output.hpp"

#include <sage/out.hpp>

#include <array>
#include <functional>
#include <limits>

namespace sage::conformance {
namespace {

constexpr std::uint32_t kRowsMax = 65'536;
// Written to buffers of their own.
constexpr std::uint32_t kRowsTogether = 128;
constexpr std::size_t kLongText = 1u << 20;
constexpr std::size_t kLargestText = SAGE_MAX_RECORD - (1u << 16);

// The value of a type in every field of it.
struct Values {
  bool flag = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string text;
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  std::vector<double> numbers;
  std::vector<float> floats;
  std::int64_t ts = SAGE_NO_TS;
};

void write_field(Row& row, std::uint32_t i, const Values& values) {
  const SchemaView schema = row.schema();
  switch (schema.type(i)) {
    case Type::kBool:
      return row.set(schema.field<bool>(i), values.flag);
    case Type::kInt64:
      return row.set(schema.field<std::int64_t>(i), values.integer);
    case Type::kFloat64:
      return row.set(schema.field<double>(i), values.number);
    case Type::kText:
      return row.set(schema.field<std::string_view>(i), std::string_view(values.text));
    case Type::kData:
      return row.set(schema.field<BytesView>(i), as_bytes(values.text));
    case Type::kTimestamp:
      return row.set(schema.field<Timestamp>(i), Timestamp{values.integer});
    case Type::kListText:
      return row.set(schema.field<ListView<std::string_view>>(i), values.texts);
    case Type::kListInt64:
      return row.set(schema.field<ListView<std::int64_t>>(i), values.integers);
    case Type::kListFloat64:
      return row.set(schema.field<ListView<double>>(i), values.numbers);
    case Type::kListFloat32:
      return row.set(schema.field<ListView<float>>(i), values.floats);
  }
}

// Writes rows one by one, and makes one batch of them, over as many buffers as it takes.
class Writer {
 public:
  // `n`: records at most.
  Writer(flow::BatchPool& pool, const schema::SchemaPtr& schema, std::size_t n)
      : table_(&schema->c_table()),
        output_(pool, {schema}, kRowsMax),
        all_(pool.get(std::max(static_cast<std::uint32_t>(n), 1u))) {
    context_.struct_size = sizeof context_;
    context_.n_outputs = 1;
    context_.outputs = &table_;
    out_.emplace(&context_);
  }

  // `only`: this field alone is set.
  void add(const Values& values, std::uint32_t only = SAGE_NO_INDEX) {
    output_.begin();
    out_->bind(output_.c_table(), false, 1);
    Row& row = out_->row();
    row.begin(values.ts);
    for (std::uint32_t i = 0; i < row.schema().size(); ++i) {
      if (only == SAGE_NO_INDEX || only == i)
        write_field(row, i, values);
    }
    row.end();
    out_->unbind();
    if (++written_ % kRowsTogether == 0)
      collect();
  }

  flow::BatchRef take() {
    collect();
    return std::move(all_);
  }

 private:
  // Adds what is written so far to the batch.
  void collect() {
    std::vector<flow::Emitted> emitted;
    output_.take(emitted);
    for (const flow::Emitted& one : emitted) {
      const flow::Batch& part = *std::get<flow::BatchRef>(one.event);
      const auto first = static_cast<std::uint32_t>(all_->buffers.size());
      for (const flow::BufferRef& buffer : part.buffers)
        all_->add_buffer(buffer);
      for (sage_record record : part.rows()) {
        record.buf += first;
        all_->records.data()[all_->count++] = record;
      }
      all_->bytes += part.bytes;
    }
  }

  const sage_schema* table_;
  sage_ctx context_{};
  flow::Output output_;
  std::optional<Out> out_;
  flow::BatchRef all_;
  std::uint32_t written_ = 0;
};

Values usual(std::uint32_t i) {
  static constexpr std::array<std::string_view, 7> kWords = {"a",    "stream", "of", "words",
                                                             "that", "repeat", "now"};
  Values values;
  values.flag = i % 3 == 0;
  values.integer = i;
  values.number = i * 0.5;
  values.text = std::string(kWords[i % 7]) + " " + std::string(kWords[i % 5]);
  values.texts = {std::string(kWords[i % 7]), std::string(kWords[i % 3])};
  values.integers = {i, 2, 3};
  values.numbers = {0.25, i * 1.0};
  values.floats = {0.5f, 0.25f, 1};
  values.ts = std::int64_t{i} * 1'000'000;
  return values;
}

Values odd_text(std::string_view text) {
  Values values = usual(1);
  values.text = text;
  values.texts = {values.text, "", values.text};
  return values;
}

Values odd_number(std::int64_t integer, double number) {
  Values values = usual(1);
  values.flag = true;
  values.integer = values.ts = integer;
  values.number = number;
  values.integers.assign(3, integer);
  values.numbers.assign(3, number);
  values.floats.assign(3, std::numeric_limits<float>::quiet_NaN());
  return values;
}

Values empty() { return {}; }

Values long_lists() {
  static constexpr std::size_t kItems = 10'000;
  Values values = usual(1);
  values.texts.assign(kItems, "item");
  values.integers.assign(kItems, INT64_MIN);
  values.numbers.assign(kItems, -0.0);
  values.floats.assign(kItems, 1e30f);
  return values;
}

std::vector<Values> odd_texts() {
  const std::vector<std::string> texts = {std::string(1, '\0'),
                                          std::string("a\0b\0", 4),
                                          "\xff\xfe\x80",
                                          "\xc3",
                                          " \t\r\n",
                                          "(((((((((",
                                          "[[[[[[",
                                          "{\"a\": [1, {}",
                                          "%s%n%d",
                                          "\\",
                                          "\"'`$(x)",
                                          "\xef\xbb\xbf",
                                          "1e999",
                                          "-9223372036854775809"};
  std::vector<Values> all;
  for (const std::string& text : texts)
    all.push_back(odd_text(text));
  return all;
}

std::vector<Values> odd_numbers() {
  using Limits = std::numeric_limits<double>;
  return {odd_number(INT64_MIN, -Limits::infinity()),
          odd_number(INT64_MAX, Limits::infinity()),
          odd_number(INT64_MIN + 1, Limits::quiet_NaN()),
          odd_number(INT64_MAX - 1, Limits::max()),
          odd_number(-1, Limits::lowest()),
          odd_number(0, -0.0),
          odd_number(1, Limits::denorm_min())};
}

}  // namespace

flow::BatchRef usual_rows(flow::BatchPool& pool, const schema::SchemaPtr& schema, std::uint32_t n) {
  Writer writer(pool, schema, n);
  for (std::uint32_t i = 0; i < n; ++i)
    writer.add(usual(i));
  return writer.take();
}

std::vector<NamedBatch> hard_rows(flow::BatchPool& pool, const schema::SchemaPtr& schema) {
  std::vector<NamedBatch> batches;
  const auto add = [&](std::string name, const std::vector<Values>& rows) {
    Writer writer(pool, schema, rows.size());
    for (const Values& values : rows)
      writer.add(values);
    batches.push_back({std::move(name), writer.take()});
  };
  add("records whose fields are all empty or zero", {empty(), empty()});
  add("texts with NUL bytes, brackets, and bytes that are not UTF-8", odd_texts());
  add("extreme numbers and times", odd_numbers());
  add("lists of 10000 items", {long_lists()});
  add("texts of 1 MiB",
      {odd_text(std::string(kLongText, 'x')), odd_text(std::string(kLongText, '('))});
  for (std::uint32_t i = 0; i < schema->fields().size(); ++i) {
    const FieldSpec& field = schema->fields()[i];
    if (field.type != Type::kText && field.type != Type::kData)
      continue;
    Writer writer(pool, schema, 1);
    Values values;
    values.text = std::string(kLargestText, 'A');
    writer.add(values, i);
    batches.push_back({"16 MiB in the field `" + field.name + "`", writer.take()});
  }
  return batches;
}

}  // namespace sage::conformance
