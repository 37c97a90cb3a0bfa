#include "runtime/stall_watch.hpp"

#include <sage/ext/log.h>

#include <algorithm>
#include <utility>

namespace sage::runtime {

StallWatch::StallWatch(const std::vector<const plugin::Instance*>& instances, plugin::LogSink log,
                       const Clock& clock)
    : log_(std::move(log)), clock_(clock) {
  for (const plugin::Instance* instance : instances) {
    const bool may_block = (instance->spec().op.op->traits & SAGE_TRAIT_MAY_BLOCK) != 0;
    seen_.push_back({instance, may_block});
  }
}

void StallWatch::warn(const Seen& seen, const std::string& text) const {
  const plugin::InstanceSpec& spec = seen.instance->spec();
  if (log_)
    log_(SAGE_LOG_WARNING, spec.stage, spec.subtask, text);
}

void StallWatch::look() {
  const std::int64_t now = clock_.now_ns();
  for (Seen& seen : seen_) {
    const plugin::Instance::UnderWay call = seen.instance->under_way();
    if (call.number != seen.call) {
      seen = {seen.instance, seen.may_block, call.number, now};
      continue;
    }
    if (call.number == 0 || seen.may_block || seen.named || now - seen.since_ns <= kLongNs)
      continue;
    seen.named = true;
    warn(seen, "SAGE-W0601: `" + std::string(call.name) +
                   "` has not returned for over a second and holds up what shares its thread; an "
                   "operator that sleeps or does I/O should say so (MAY_BLOCK)");
  }
}

bool StallWatch::name_hung(std::int64_t since_ns) {
  bool any = false;
  const std::int64_t now = clock_.now_ns();
  for (Seen& seen : seen_) {
    const plugin::Instance::UnderWay call = seen.instance->under_way();
    const bool same = call.number != 0 && call.number == seen.call;
    if (!same || now - std::max(seen.since_ns, since_ns) < kGraceNs)
      continue;
    any = true;
    if (std::exchange(seen.named_hung, true))
      continue;
    warn(seen, "SAGE-W0602: `" + std::string(call.name) +
                   "` has not returned for seconds though the job is over, and is left behind; "
                   "calls that take long should look at their context's `cancel`");
  }
  return any;
}

}  // namespace sage::runtime
