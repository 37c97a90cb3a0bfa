#include "spec/sections.hpp"
#include "spec/table_reader.hpp"

#include <algorithm>
#include <string>

namespace sage::spec {
namespace {

bool is_version(std::string_view text) {
  bool after_digit = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c == '.' && after_digit))
      return false;
    after_digit = digit;
  }
  return after_digit && text.size() <= 63;
}

std::optional<Use> split_use(const std::string& text, const Place& place) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos)
    return std::nullopt;
  Use use;
  use.place = place;
  use.op = text.substr(slash + 1);
  use.plugin = text.substr(0, slash);
  if (const std::size_t at = use.plugin.find('@'); at != std::string::npos) {
    use.version = use.plugin.substr(at + 1);
    use.plugin.resize(at);
    if (!is_version(use.version))
      return std::nullopt;
  }
  if (!is_name(use.plugin) || !is_name(use.op))
    return std::nullopt;
  return use;
}

std::optional<Use> read_use(TableReader& reader) {
  if (reader.require("use", "name the operator: use = \"plugin/operator\"") == nullptr) {
    return std::nullopt;
  }
  const auto text = reader.text("use");
  if (!text)
    return std::nullopt;
  std::optional<Use> use = split_use(text->value, text->place);
  if (!use) {
    reader.findings().add(invalid("E0117", text->place,
                                  reader.what("use") + " is not the name of an operator",
                                  "write \"plugin/operator\", such as \"io/file\", or "
                                  "\"plugin@1.2/operator\""));
  }
  return use;
}

class StageParser {
 public:
  StageParser(const Table& table, const Place& place, const std::string& owner, Findings& findings)
      : reader_(table, place, owner, findings), findings_(findings) {
    stage_.place = place;
    stage_.with_place = place;
    stage_.on_error_place = place;
    stage_.id.place = place;
    stage_.use.place = place;
  }

  Stage run() {
    read_id();
    if (std::optional<Use> use = read_use(reader_))
      stage_.use = std::move(*use);
    read_with();
    stage_.from = reader_.texts("from", false);
    stage_.parallelism = reader_.integer("parallelism", {1, kMostKeyGroups});
    if (auto fields = reader_.texts("key_by", true))
      stage_.key_by = std::move(*fields);
    read_partition();
    read_resources();
    read_watermark();
    read_on_error();
    read_retry();
    read_batch();
    read_isolation();
    reader_.finish();
    return std::move(stage_);
  }

 private:
  void read_id() {
    if (reader_.require("id", "give the stage a name: id = \"words\"") == nullptr)
      return;
    const auto id = reader_.text("id");
    if (!id)
      return;
    stage_.id = *id;
    if (is_name(id->value))
      return;
    findings_.add(invalid("E0115", id->place, "the id of a stage must be a name",
                          "up to 63 of a-z, 0-9, `-` and `_`, beginning with a letter or digit"));
  }

  void read_with() {
    if (const Value* with = reader_.get("with"))
      stage_.with_place = with->place;
    if (const Table* with = reader_.table("with", "with = { option = value }")) {
      stage_.with = *with;
    }
  }

  void read_partition() {
    const std::string kinds[] = {"forward", "rebalance", "broadcast", "global"};
    const Value* value = reader_.get("partition");
    if (value == nullptr)
      return;
    Partition partition;
    partition.place = value->place;
    if (value->text() != nullptr) {
      const auto kind = reader_.choice("partition", kinds);
      if (!kind)
        return;
      const auto* found = std::find(std::begin(kinds), std::end(kinds), *kind);
      partition.kind = static_cast<PartitionKind>(found - std::begin(kinds));
    } else if (const Table* table = value->table()) {
      TableReader custom(*table, value->place, reader_.what("partition"), findings_);
      partition.kind = PartitionKind::kCustom;
      partition.use = read_use(custom);
      if (const Table* with = custom.table("with", "with = { option = value }")) {
        partition.with = *with;
      }
      custom.finish();
    } else {
      findings_.add(wrong_type(reader_.what("partition"), "a text or a table", *value,
                               "such as \"rebalance\" or { use = \"plugin/partitioner\" }"));
      return;
    }
    stage_.partition = std::move(partition);
  }

  void read_resources() {
    const Table* table =
        reader_.table("resources", "resources = { num_cpus = 1, memory = \"1GB\" }");
    if (table == nullptr)
      return;
    Resources resources;
    resources.place = reader_.get("resources")->place;
    TableReader reader(*table, resources.place, reader_.what("resources"), findings_);
    resources.num_cpus = reader.number("num_cpus", 0).value_or(0);
    resources.memory = reader.bytes("memory").value_or(0);
    if (const auto gpus = reader.integer("num_gpus", {0, 1'000'000})) {
      resources.num_gpus = gpus->value;
    }
    reader.finish();
    findings_.warn("W0101", resources.place,
                   reader_.what("resources") + " is not enforced by `sage run`");
    stage_.resources = resources;
  }

  void read_watermark() {
    const Value* value = reader_.get("watermark");
    if (value == nullptr)
      return;
    const Table* table = reader_.table("watermark", "{ field = \"ts\", lateness = \"5s\" }");
    if (table == nullptr)
      return;
    TableReader reader(*table, value->place, reader_.what("watermark"), findings_);
    reader.require("field", "name the field that holds the time: field = \"ts\"");
    stage_.watermark_field = reader.text("field");
    reader.duration("lateness");
    reader.duration("idle");
    reader.finish();
    findings_.add(invalid("E0122", value->place,
                          reader_.what("watermark") + " is not supported yet",
                          "event time comes with a later version; without it the results would "
                          "not be the ones asked for"));
  }

  void read_on_error() {
    const std::string kinds[] = {"fail", "skip", "dead_letter"};
    constexpr OnError kMeant[] = {OnError::kFail, OnError::kSkip, OnError::kDeadLetter};
    const auto kind = reader_.choice("on_error", kinds);
    if (!kind)
      return;
    const auto* found = std::find(std::begin(kinds), std::end(kinds), *kind);
    stage_.on_error = kMeant[found - std::begin(kinds)];
    stage_.on_error_place = reader_.get("on_error")->place;
  }

  void read_retry() {
    const Table* table =
        reader_.table("retry", "retry = { times = 3, backoff = \"100ms\", max = \"10s\" }");
    if (table == nullptr)
      return;
    Retry retry;
    TableReader reader(*table, reader_.get("retry")->place, reader_.what("retry"), findings_);
    reader.require("times", "say how often to try again: times = 3");
    if (const auto times = reader.integer("times", {0, 1'000'000}))
      retry.times = times->value;
    retry.backoff_ns = reader.duration("backoff").value_or(0);
    const auto max = reader.duration("max");
    retry.max_ns = max.value_or(retry.backoff_ns);
    if (retry.max_ns < retry.backoff_ns) {
      findings_.add(invalid("E0111", reader.get("max")->place,
                            reader.what("max") + " must be at least its `backoff`"));
    }
    reader.finish();
    stage_.retry = retry;
  }

  void read_batch() {
    const Table* table = reader_.table("batch", "batch = { max = 64, linger = \"20ms\" }");
    if (table == nullptr)
      return;
    const std::size_t before = findings_.count();
    BatchLimit batch;
    batch.place = reader_.get("batch")->place;
    TableReader reader(*table, batch.place, reader_.what("batch"), findings_);
    if (const auto max = reader.integer("max", {1, 1'000'000}))
      batch.max = max->value;
    batch.linger_ns = reader.duration("linger").value_or(0);
    reader.finish();
    if (findings_.count() == before) {
      not_yet("batch", "batches come as they are made");
    }
    stage_.batch = batch;
  }

  void read_isolation() {
    const std::string kinds[] = {"in-process", "process"};
    const auto kind = reader_.choice("isolation", kinds);
    if (!kind || *kind != "process")
      return;
    not_yet("isolation", "the operator runs in the same process as the others");
  }

  void not_yet(const std::string& key, const std::string& instead) {
    findings_.warn("W0102", reader_.get(key)->place,
                   reader_.what(key) + " is not supported yet: " + instead);
  }

  TableReader reader_;
  Findings& findings_;
  Stage stage_;
};

}  // namespace

std::string Use::text() const { return plugin + (version.empty() ? "" : "@" + version) + "/" + op; }

Stage parse_stage(const Value& value, Findings& findings) {
  const Value* id = find(*value.table(), "id");
  const bool has_name = id != nullptr && id->text() != nullptr && is_name(*id->text());
  const std::string owner = has_name ? "stage `" + *id->text() + "`"
                                     : "the stage in line " + std::to_string(value.place.line);
  return StageParser(*value.table(), value.place, owner, findings).run();
}

}  // namespace sage::spec
