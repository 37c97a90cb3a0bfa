#include "json_text.hpp"

#include "spec/overrides.hpp"

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Json json_document() { return Json{{"schema_version", kSchemaVersion}}; }

std::string pretty(const Json& json) { return dump(json, 2); }
std::string compact(const Json& json) { return dump(json, -1); }

std::string public_code(const std::string& code) { return "SAGE-" + code; }

std::string hint_of(const Error& error) {
  // Both are converted in the same way, and the plan knows only of the file's.
  const bool of_flag = error.place && error.place->file.starts_with(spec::kSetFlag);
  if (of_flag && error.code == "E0402" && error.hint.find("${") != std::string::npos)
    return "look at the value that --set gives";
  return error.hint.empty() ? "`sage explain " + error.code + "` tells more" : error.hint;
}

Json finding_json(const Error& finding) {
  Json json;
  json["severity"] = finding.severity == Severity::kError ? "error" : "warning";
  json["code"] = public_code(finding.code);
  json["message"] = finding.message;
  json["file"] = finding.place ? Json(finding.place->file) : Json();
  json["line"] = finding.place ? Json(finding.place->line) : Json();
  json["column"] = finding.place ? Json(finding.place->column) : Json();
  json["hint"] = hint_of(finding);
  return json;
}

}  // namespace sage::cli
