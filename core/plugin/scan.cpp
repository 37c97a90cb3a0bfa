#include "plugin/scan.hpp"

#include "plugin/child.hpp"
#include "plugin/codes.hpp"
#include "plugin/metadata.hpp"

#include <sys/wait.h>

namespace sage::plugin {
namespace {

Error crashed(int status) {
  return refuse(kCrashed, WIFSIGNALED(status)
                              ? "crashed while it was looked at: " + status_text(status).substr(3)
                              : "ended the process that looked at it (" +
                                    status_text(status).substr(5) + ")");
}

}  // namespace

Result<schema::PluginInfo> scan(const std::string& scanner, const std::string& file,
                                int timeout_ms) {
  SAGE_TRY(const ChildEnd end, run_child({scanner, file}, timeout_ms));
  if (end.kind == ChildEnd::Kind::kTooMuch) {
    return refuse(kBadDescriptor, "its description has over 8 MiB");
  }
  if (end.kind == ChildEnd::Kind::kTimedOut) {
    return refuse(kHung, "did not answer within " + std::to_string(timeout_ms) + " ms");
  }
  std::optional<Verdict> verdict = parse_verdict(end.output);
  if (end.status != 0 || !verdict) {
    return crashed(end.status);
  }
  if (!verdict->code.empty()) {
    return refuse(verdict->code, std::move(verdict->reason));
  }
  return std::move(verdict->plugin);
}

}  // namespace sage::plugin
