#include "plugin/resolve.hpp"

#include <sage/ext/roles.h>

#include <cstring>
#include <functional>
#include <stdexcept>

#include <catch2/catch.hpp>

namespace sage::plugin {
namespace {

using schema::Resolution;
using schema::ResolveQuery;
using Answer = std::function<sage_status(const sage_config*, sage_resolve*)>;
Answer* answer = nullptr;

sage_status resolve_it(const sage_operator*, const sage_config* config, sage_resolve* resolve) {
  return (*answer)(config, resolve);
}

sage_status process(void*, sage_ctx*, const sage_batch*, sage_out*) { return SAGE_OK; }

const void* get_role(const sage_operator*, const char* id) {
  static const sage_role_transform kTransform = {sizeof kTransform, 0, process, nullptr};
  static const sage_role_schema kSchema = {sizeof kSchema, 0, resolve_it};
  if (std::strcmp(id, SAGE_ROLE_SCHEMA) == 0) {
    return answer == nullptr ? nullptr : &kSchema;
  }
  return std::strcmp(id, SAGE_ROLE_TRANSFORM) == 0 ? &kTransform : nullptr;
}

schema::SchemaPtr schema_of(std::vector<FieldSpec> fields) {
  auto made = schema::Schema::make(std::move(fields));
  REQUIRE(made);
  return *made;
}

// Asks an operator whose schema role answers `with`.
Resolution ask(Answer with) {
  sage_operator op{};
  op.struct_size = sizeof op;
  op.kind = SAGE_KIND_MAP;
  op.id = "op";
  op.n_outputs = 1;
  op.create = [](const sage_operator*, sage_ctx*, const sage_config*, void**) {
    return sage_status{SAGE_OK};
  };
  op.get_role = get_role;
  ResolveQuery query;
  query.inputs = {schema_of({{"k", Type::kText}, {"n", Type::kInt64}})};
  query.keys = {"k"};
  answer = with ? &with : nullptr;
  Resolution resolution = resolve({&op, nullptr, nullptr}, query);
  answer = nullptr;
  return resolution;
}

const sage_field kText[] = {{"k", SAGE_TEXT, 0}};

}  // namespace

TEST_CASE("an operator without a schema role says nothing", "[plugin]") {
  const Resolution got = ask(nullptr);
  CHECK(got.findings.empty());
  CHECK(got.outputs == std::vector<schema::SchemaPtr>(1));
  CHECK(got.bounded);
}

TEST_CASE("the schema role says what comes out", "[plugin]") {
  const Resolution got = ask([](const sage_config*, sage_resolve* r) {
    CHECK(r->n_inputs == 1);
    CHECK(r->inputs[0]->n_fields == 2);
    CHECK(std::string(r->keys[0]) == "k");
    CHECK(r->set_output(r, 1, kText, 1) == SAGE_E_ARG);
    r->set_unbounded(r);
    r->set_max_parallelism(r, 1);
    return r->set_output(r, 0, kText, 1);
  });
  REQUIRE(got.findings.empty());
  CHECK(got.outputs.at(0)->text() == "{k: text}");
  CHECK_FALSE(got.bounded);
  CHECK(got.max_parallelism == 1);
}

TEST_CASE("the schema role's errors are findings, whatever form they take", "[plugin]") {
  const Resolution said = ask([](const sage_config*, sage_resolve* r) {
    r->error(r, "set.long", "what is this", "write that");
    return sage_status{SAGE_E_CONFIG};
  });
  REQUIRE(said.findings.size() == 1);
  CHECK(said.findings[0].option == "set.long");
  CHECK(said.findings[0].hint == "write that");
  const auto faults = [](const Answer& with) { return ask(with).findings.size(); };
  CHECK(faults([](const sage_config*, sage_resolve*) -> sage_status { return SAGE_E_NOMEM; }) == 1);
  CHECK(faults([](const sage_config*, sage_resolve*) -> sage_status { return 99; }) == 1);
  CHECK(faults([](const sage_config*, sage_resolve*) -> sage_status {
          throw std::runtime_error("x");
        }) == 1);
  CHECK(faults([](const sage_config*, sage_resolve* r) -> sage_status {
          const sage_field fields[] = {{"bad name", SAGE_TEXT, 0}};
          return r->set_output(r, 0, fields, 1);
        }) == 1);
  CHECK(faults([](const sage_config*, sage_resolve* r) -> sage_status {
          const sage_field fields[] = {{nullptr, 77, 0}};
          return r->set_output(r, 0, fields, 1);
        }) == 1);
}

}  // namespace sage::plugin
