#include "spec/sections.hpp"

#include "spec/table_reader.hpp"

namespace sage::spec {
namespace {

void check_checkpoint(TableReader& outer, Findings& findings) {
  const std::string modes[] = {"exactly_once", "at_least_once"};
  const Table* table = outer.table("checkpoint", "checkpoint = { every = \"10s\" }");
  if (table == nullptr)
    return;
  const Place place = outer.get("checkpoint")->place;
  TableReader reader(*table, place, outer.what("checkpoint"), findings);
  reader.duration("every");
  reader.choice("mode", modes);
  reader.text("dir");
  reader.integer("keep", {1, 1'000'000});
  reader.duration("timeout");
  reader.finish();
  findings.warn("W0102", place,
                outer.what("checkpoint") + " is not supported yet: a job that fails starts anew");
}

void check_restart(TableReader& outer, Findings& findings) {
  const std::string strategies[] = {"none", "fixed", "exponential"};
  const Table* table = outer.table("restart", "restart = { strategy = \"fixed\", attempts = 3 }");
  if (table == nullptr)
    return;
  const Place place = outer.get("restart")->place;
  TableReader reader(*table, place, outer.what("restart"), findings);
  reader.require("strategy", "one of none, fixed, exponential");
  const auto strategy = reader.choice("strategy", strategies);
  reader.duration("initial");
  reader.duration("max");
  reader.number("multiplier", 1);
  reader.integer("attempts", {0, 1'000'000});
  reader.finish();
  if (strategy && *strategy == "none")
    return;
  findings.warn("W0102", place,
                outer.what("restart") + " is not supported yet: a job that fails stays failed");
}

void check_placement(TableReader& outer, Findings& findings) {
  const std::string placements[] = {"spread", "pack"};
  if (!outer.choice("placement", placements))
    return;
  findings.warn("W0101", outer.get("placement")->place,
                outer.what("placement") + " has no effect in one process");
}

std::vector<Value> read_rows(TableReader& reader, std::string_view key) {
  const Value* value =
      reader.require(key, "write a list of rows: " + std::string(key) + " = [{ field = 1 }]");
  if (value == nullptr)
    return {};
  if (value->list() == nullptr) {
    reader.findings().add(
        wrong_type(reader.what(key), "a list of tables", *value, "write [{ field = 1 }]"));
    return {};
  }
  for (const Value& row : *value->list()) {
    if (row.table() != nullptr)
      continue;
    reader.findings().add(
        wrong_type("each row in " + reader.what(key), "a table", row, "write { field = 1 }"));
  }
  return *value->list();
}

}  // namespace

void parse_pipeline_table(const Value& value, Pipeline& out, Findings& findings) {
  TableReader reader(*value.table(), value.place, "[pipeline]", findings);
  if (const auto name = reader.text("name")) {
    out.name = *name;
    if (!is_name(name->value)) {
      findings.add(invalid("E0115", name->place, "the name of a pipeline must be a name",
                           "up to 63 of a-z, 0-9, `-` and `_`, beginning with a letter or digit"));
    }
  }
  if (const auto groups = reader.integer("max_parallelism", {1, kMostKeyGroups})) {
    out.max_parallelism = groups->value;
  }
  if (const auto parallelism = reader.integer("parallelism", {1, kMostKeyGroups})) {
    out.parallelism = parallelism->value;
    if (out.parallelism > out.max_parallelism) {
      findings.add(invalid("E0216", parallelism->place,
                           reader.what("parallelism") + " is above max_parallelism, " +
                               std::to_string(out.max_parallelism),
                           "set max_parallelism under [pipeline]"));
    }
  }
  check_checkpoint(reader, findings);
  check_restart(reader, findings);
  check_placement(reader, findings);
  reader.finish();
}

void check_cluster_table(const Value& value, Findings& findings) {
  TableReader reader(*value.table(), value.place, "[cluster]", findings);
  reader.text("address");
  reader.number("num_cpus", 0);
  reader.integer("num_gpus", {0, 1'000'000});
  reader.finish();
  findings.warn("W0101", value.place, "[cluster] has no effect under `sage run`");
}

Test parse_test(const Value& value, Findings& findings) {
  Test test;
  test.place = value.place;
  TableReader reader(*value.table(), value.place,
                     "the test in line " + std::to_string(value.place.line), findings);
  reader.require("name", "say what it shows: name = \"counts words\"");
  test.name.place = value.place;
  if (const auto name = reader.text("name")) {
    test.name = *name;
    if (name->value.empty()) {
      findings.add(invalid("E0112", name->place, reader.what("name") + " is an empty text"));
    }
  }
  reader.require("at", "name the first and the last stage: at = [\"words\", \"count\"]");
  if (auto stages = reader.texts("at", true)) {
    test.at = std::move(*stages);
    if (test.at.size() > 2) {
      findings.add(invalid("E0112", test.at[2].place, reader.what("at") + " names three stages",
                           "name the first and the last one of a path"));
    }
  }
  test.given = read_rows(reader, "given");
  test.want = read_rows(reader, "want");
  reader.finish();
  return test;
}

}  // namespace sage::spec
