#include "conformance/rows.hpp"

#include "conformance/subject.hpp"

#include <sage/testkit/check.hpp>

#include <cmath>

#include <catch2/catch.hpp>

namespace sage::conformance {
namespace {

schema::SchemaPtr every_type() {
  std::vector<FieldSpec> fields;
  for (std::uint32_t type = SAGE_BOOL; type <= SAGE_LIST_FLOAT32; ++type)
    fields.push_back({field_name(static_cast<Type>(type)), static_cast<Type>(type)});
  return schema::Schema::make(std::move(fields)).value();
}

Record at(const flow::BatchRef& batch, std::uint32_t i) {
  const sage_record& record = batch->records.data()[i];
  return {batch->c_buffers[record.buf].data + record.off, &record};
}

void check_all(const flow::BatchRef& batch, const schema::SchemaPtr& schema) {
  for (std::uint32_t i = 0; i < batch->count; ++i)
    testkit::check_record(SchemaView(&schema->c_table()), at(batch, i).payload());
}

}  // namespace

TEST_CASE("fields are named after their types", "[conformance]") {
  CHECK(field_name(Type::kInt64) == "int64");
  CHECK(field_name(Type::kListFloat32) == "list_float32");
}

TEST_CASE("as many usual records as are asked for, in one batch, all well-formed",
          "[conformance]") {
  flow::BatchPool pool;
  const schema::SchemaPtr schema = every_type();
  for (const std::uint32_t n : {0u, 1u, 4096u, 65'536u}) {
    const flow::BatchRef batch = usual_rows(pool, schema, n);
    CHECK(batch->count == n);
    check_all(batch, schema);
  }
  const auto field = SchemaView(&schema->c_table()).field<std::int64_t>("int64");
  CHECK(at(usual_rows(pool, schema, 65'536), 65'535).get(field) == 65'535);
}

TEST_CASE("hard records hold the extremes of each type, well-formed", "[conformance]") {
  flow::BatchPool pool;
  const schema::SchemaPtr schema = every_type();
  const SchemaView view(&schema->c_table());
  bool nul = false, empty = false, least = false, most = false, nan = false, no_time = false;
  std::size_t longest = 0;
  for (const NamedBatch& rows : hard_rows(pool, schema)) {
    check_all(rows.batch, schema);
    for (std::uint32_t i = 0; i < rows.batch->count; ++i) {
      const Record record = at(rows.batch, i);
      const std::string_view text = record.get(view.field<std::string_view>("text"));
      nul = nul || text.find('\0') != std::string_view::npos;
      empty = empty || text.empty();
      longest = std::max(longest, text.size());
      least = least || record.get(view.field<std::int64_t>("int64")) == INT64_MIN;
      most = most || record.get(view.field<Timestamp>("timestamp")).ns == INT64_MAX;
      nan = nan || std::isnan(record.get(view.field<double>("float64")));
      no_time = no_time || record.ts() == SAGE_NO_TS;
    }
  }
  CHECK((nul && empty && least && most && nan && no_time));
  CHECK(longest > 15u << 20);
}

}  // namespace sage::conformance
