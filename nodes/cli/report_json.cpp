#include "report_json.hpp"

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

Json metric_json(const plugin::Metric& metric) {
  Json json;
  switch (metric.type) {
    case plugin::Metric::Type::kCounter:
      json = {{"type", "counter"}, {"value", metric.count}};
      break;
    case plugin::Metric::Type::kGauge:
      json = {{"type", "gauge"}, {"value", metric.value}};
      break;
    case plugin::Metric::Type::kHistogram:
      json = {{"type", "histogram"},         {"count", metric.count},
              {"sum", metric.sum},           {"min", metric.minimum},
              {"max", metric.maximum},       {"p50", metric.quantile(0.5)},
              {"p90", metric.quantile(0.9)}, {"p99", metric.quantile(0.99)}};
      break;
  }
  if (!metric.unit.empty())
    json["unit"] = metric.unit;
  return json;
}

void add_counts(Json& json, const runtime::InstanceReport& counts) {
  json["records_in"] = counts.records_in;
  json["records_out"] = counts.records_out;
  json["processed"] = counts.processed;
  json["filtered"] = counts.filtered;
  json["skipped"] = counts.skipped;
  json["dead_lettered"] = counts.dead_lettered;
  json["failed"] = counts.failed;
  json["retries"] = counts.retries;
  json["barriers"] = counts.barriers;
  json["bytes_in"] = counts.bytes_in;
  json["bytes_out"] = counts.bytes_out;
  json["state_keys"] = counts.state_keys;
  json["state_bytes"] = counts.state_bytes;
  json["idle"] = counts.idle;
  json["busy"] = counts.busy;
  json["blocked"] = counts.blocked;
}

Json metrics_json(const runtime::InstanceReport& counts) {
  Json json = Json::object();
  for (const plugin::Metric& metric : counts.metrics)
    json[metric.name] = metric_json(metric);
  return json;
}

Json stage_json(const runtime::StageReport& stage) {
  Json json;
  json["id"] = stage.id;
  json["use"] = stage.use;
  json["parallelism"] = stage.instances.size();
  json["skew"] = stage.skew;
  add_counts(json, stage.total);
  json["instances"] = Json::array();
  for (const runtime::InstanceReport& instance : stage.instances) {
    Json one{{"index", instance.index}};
    add_counts(one, instance);
    one["metrics"] = metrics_json(instance);
    json["instances"].push_back(std::move(one));
  }
  json["metrics"] = metrics_json(stage.total);
  return json;
}

}  // namespace

Json error_json(const std::optional<Error>& error) {
  if (!error)
    return nullptr;
  Json json;
  json["code"] = public_code(error->code);
  json["message"] = error->message;
  json["node"] = nullptr;
  json["stage"] = error->stage.empty() ? Json() : Json(error->stage);
  json["instance"] = error->instance < 0 ? Json() : Json(error->instance);
  json["record"] = error->record.empty() ? Json() : Json(error->record);
  json["hint"] = hint_of(*error);
  json["file"] = error->place ? Json(error->place->file) : Json();
  json["line"] = error->place ? Json(error->place->line) : Json();
  json["column"] = error->place ? Json(error->place->column) : Json();
  return json;
}

Json report_json(const runtime::Report& report) {
  Json json = json_document();
  json["name"] = report.name;
  json["state"] = name_of(report.state);
  json["seconds"] = report.seconds;
  json["error"] = error_json(report.error);
  json["limited_by"] = report.limited_by ? Json(*report.limited_by) : Json();
  json["record_bytes"] = report.record_bytes;
  json["channels"] = {{"sent", report.channel_sent}, {"received", report.channel_received}};
  json["stages"] = Json::array();
  for (const runtime::StageReport& stage : report.stages)
    json["stages"].push_back(stage_json(stage));
  return json;
}

}  // namespace sage::cli
