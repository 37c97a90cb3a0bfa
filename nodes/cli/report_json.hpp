#pragma once
// The final report of a job as JSON (interface.md 3). Pure.

#include "json_text.hpp"
#include "runtime/report.hpp"

namespace sage::cli {

Json report_json(const runtime::Report& report);
// null, or {code, message, node, stage, instance, record, ...}
Json error_json(const std::optional<Error>& error);

}  // namespace sage::cli
