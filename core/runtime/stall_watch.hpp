#pragma once
// Names operators that do not come back from a call, open and close included, though they have not
// said that they may block. Looks at what the task threads write; used by one other thread, in
// turns of well under a second.

#include "base/clock.hpp"
#include "plugin/instance.hpp"

#include <cstdint>
#include <vector>

namespace sage::runtime {

class StallWatch {
 public:
  static constexpr std::int64_t kLongNs = 1'000'000'000;

  // Borrows the instances.
  StallWatch(const std::vector<const plugin::Instance*>& instances, plugin::LogSink log,
             const Clock& clock);
  // One warning (W0601) for each call that was under way at a look over a second ago already.
  void look();

 private:
  struct Seen {
    const plugin::Instance* instance;
    std::uint64_t call = 0;
    std::int64_t since_ns = 0;
    bool named = false;
  };
  std::vector<Seen> seen_;
  plugin::LogSink log_;
  const Clock& clock_;
};

}  // namespace sage::runtime
