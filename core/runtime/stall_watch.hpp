#pragma once
// Names operators that do not come back from a call, open and close included: while the job runs,
// those that have not said that they may block; once all calls are to return, any. Looks at what
// the task threads write; used by one other thread.

#include "base/clock.hpp"
#include "plugin/instance.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::runtime {

class StallWatch {
 public:
  static constexpr std::int64_t kLongNs = 1'000'000'000;
  static constexpr std::int64_t kGraceNs = 3'000'000'000;

  // Borrows the instances.
  StallWatch(const std::vector<const plugin::Instance*>& instances, plugin::LogSink log,
             const Clock& clock);
  // In turns of well under a second. One warning (W0601) for each call that was under way at a look
  // over a second ago already.
  void look();
  // Between two looks. All calls have been interrupted at `since_ns` (monotonic): whether one has
  // not returned in kGraceNs. One warning (W0602) for each of them.
  bool name_hung(std::int64_t since_ns);

 private:
  struct Seen {
    const plugin::Instance* instance;
    bool may_block;
    std::uint64_t call = 0;
    std::int64_t since_ns = 0;
    bool named = false;
    bool named_hung = false;
  };
  void warn(const Seen& seen, const std::string& text) const;

  std::vector<Seen> seen_;
  plugin::LogSink log_;
  const Clock& clock_;
};

}  // namespace sage::runtime
