#include "runtime/test_rows.hpp"

#include "base/text.hpp"
#include "flow/output.hpp"
#include "spec/table_reader.hpp"

#include <sage/base64.hpp>
#include <sage/json.hpp>
#include <sage/out.hpp>
#include <sage/time.hpp>

#include <algorithm>

namespace sage::runtime {
namespace {

Error wrong_row(std::string message, std::string hint, const Place& place) {
  return invalid("E0225", place, std::move(message), std::move(hint));
}

std::optional<Timestamp> to_timestamp(const spec::Value& value) {
  if (const std::string* text = value.date() != nullptr ? value.date() : value.text())
    return parse_timestamp(*text);
  const auto ns = spec::to_integer(value);
  return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
}

std::optional<std::string> to_text(const spec::Value& value) {
  return value.text() == nullptr ? std::nullopt : std::optional(*value.text());
}

template <class T, class Convert>
std::optional<std::vector<T>> to_list(const spec::Value& value, const Convert& convert) {
  if (value.list() == nullptr)
    return std::nullopt;
  std::vector<T> all;
  for (const spec::Value& item : *value.list()) {
    const auto one = convert(item);
    if (!one)
      return std::nullopt;
    all.push_back(static_cast<T>(*one));
  }
  return all;
}

// Writes one value; false: it is of another type.
class ValueWriter {
 public:
  ValueWriter(Row& row, std::uint32_t field) : row_(row), field_(field) {}

  bool write(const spec::Value& value) {
    switch (row_.schema().type(field_)) {
      case Type::kBool:
        return set<bool>(spec::to_boolean(value));
      case Type::kInt64:
        return set<std::int64_t>(spec::to_integer(value));
      case Type::kFloat64:
        return set<double>(spec::to_number(value));
      case Type::kText:
        return set<std::string_view>(to_text(value));
      case Type::kData:
        return set_data(value);
      case Type::kTimestamp:
        return set<Timestamp>(to_timestamp(value));
      case Type::kListText:
        return set_list<std::string_view, std::string>(value, to_text);
      case Type::kListInt64:
        return set_list<std::int64_t, std::int64_t>(value, spec::to_integer);
      case Type::kListFloat64:
        return set_list<double, double>(value, spec::to_number);
      case Type::kListFloat32:
        return set_list<float, float>(value, spec::to_number);
    }
    return false;
  }

 private:
  template <class T, class Given>
  bool set(const std::optional<Given>& value) {
    if (value)
      row_.set(row_.schema().field<T>(field_), *value);
    return value.has_value();
  }
  bool set_data(const spec::Value& value) {
    std::vector<std::uint8_t> bytes;
    const bool good = value.text() != nullptr && decode_base64(*value.text(), bytes);
    if (good)
      row_.set(row_.schema().field<BytesView>(field_), BytesView(bytes));
    return good;
  }
  template <class T, class Held, class Convert>
  bool set_list(const spec::Value& value, const Convert& convert) {
    const auto all = to_list<Held>(value, convert);
    if (all)
      row_.set(row_.schema().field<ListView<T>>(field_), *all);
    return all.has_value();
  }

  Row& row_;
  std::uint32_t field_;
};

std::string form_of(Type type) {
  switch (type) {
    case Type::kData:
      return "base64 text";
    case Type::kTimestamp:
      return "a time such as \"2026-01-31T12:00:00Z\"";
    default:
      return std::string(type_name(type));
  }
}

Status write_row(Row& row, const schema::Schema& schema, const spec::Value& value) {
  const spec::Table& table = *value.table();
  const std::vector<std::string> names = schema.names();
  for (const spec::Member& member : table) {
    if (!schema.find(member.key.value)) {
      return wrong_row("the records have no field `" + member.key.value + "` here",
                       suggest(member.key.value, names), member.key.place);
    }
  }
  row.begin();
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const spec::Value* given = spec::find(table, names[i]);
    const Type type = schema.fields()[i].type;
    if (given == nullptr) {
      return wrong_row("the row has no `" + names[i] + "`",
                       "there is no null: give every field of " + schema.text(), value.place);
    }
    if (!ValueWriter(row, i).write(*given)) {
      return wrong_row("`" + names[i] + "` is " + std::string(type_name(type)) +
                           ", and the value " + "is " + std::string(spec::type_name(*given)),
                       "write " + form_of(type), given->place);
    }
  }
  row.end();
  return Ok{};
}

}  // namespace

Result<std::vector<flow::BatchRef>> make_test_rows(flow::BatchPool& pool,
                                                   const schema::SchemaPtr& schema,
                                                   const std::vector<spec::Value>& rows,
                                                   std::uint32_t batch_records) {
  const sage_schema* const outputs[] = {&schema->c_table()};
  sage_ctx context{};
  context.struct_size = sizeof context;
  context.n_outputs = 1;
  context.outputs = outputs;
  Out out(&context);
  flow::Output output(pool, {schema}, batch_records);
  std::vector<flow::Emitted> emitted;
  for (const spec::Value& row : rows) {
    output.begin();
    out.bind(output.c_table(), false, 1);
    try {  // the SDK's writer throws where a record is too large
      SAGE_CHECK(write_row(out.row(), *schema, row));
      out.unbind();
    } catch (const std::exception& error) {
      return wrong_row(std::string("the row cannot be written: ") + error.what(), "", row.place);
    }
    SAGE_ASSERT(output.misuse().empty());
  }
  output.take(emitted);
  std::vector<flow::BatchRef> batches;
  for (flow::Emitted& one : emitted)
    batches.push_back(std::get<flow::BatchRef>(one.event));
  return batches;
}

void append_rows_as_json(const flow::Batch& batch, const schema::Schema& schema,
                         std::vector<std::string>& to) {
  JsonWriter json{SchemaView(&schema.c_table())};
  for (const sage_record& row : batch.rows()) {
    std::string text;
    json.append(text, Record(batch.c_buffers[row.buf].data + row.off, &row));
    to.push_back(std::move(text));
  }
}

}  // namespace sage::runtime
