#include "runtime/stall_watch.hpp"

#include <sage/ext/log.h>

#include <string>
#include <utility>

namespace sage::runtime {

StallWatch::StallWatch(const std::vector<const plugin::Instance*>& instances, plugin::LogSink log,
                       const Clock& clock)
    : log_(std::move(log)), clock_(clock) {
  for (const plugin::Instance* instance : instances) {
    if ((instance->spec().op.op->traits & SAGE_TRAIT_MAY_BLOCK) == 0)
      seen_.push_back({instance});
  }
}

void StallWatch::look() {
  if (!log_)
    return;
  const std::int64_t now = clock_.now_ns();
  for (Seen& seen : seen_) {
    const plugin::Instance::UnderWay call = seen.instance->under_way();
    if (call.number != seen.call) {
      seen = {seen.instance, call.number, now, false};
      continue;
    }
    if (call.number == 0 || seen.named || now - seen.since_ns <= kLongNs)
      continue;
    seen.named = true;
    const plugin::InstanceSpec& spec = seen.instance->spec();
    log_(
        SAGE_LOG_WARNING, spec.stage, spec.subtask,
        "SAGE-W0601: `" + std::string(call.name) +
            "` has not returned for over a second and holds up what shares its thread; an operator "
            "that sleeps or does I/O should say so (MAY_BLOCK)");
  }
}

}  // namespace sage::runtime
