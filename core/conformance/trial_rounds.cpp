#include "conformance/life.hpp"
#include "conformance/rows.hpp"
#include "conformance/trials.hpp"
#include "conformance/usage.hpp"

#include <array>
#include <chrono>
#include <thread>

namespace sage::conformance {
namespace {

constexpr int kRounds = 200;
constexpr int kWarmUp = 50;            // caches and pools fill up meanwhile
constexpr std::int64_t kHeapMax = 16;  // bytes a round
constexpr std::int64_t kResidentMax = 16 << 20;
constexpr int kRows = 16;
constexpr int kPolls = 4;
constexpr auto kPatience = std::chrono::milliseconds(500);  // for threads that are just ending

Status round(const Trial& trial) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool, kRows));
  SAGE_CHECK(life->open());
  for (std::uint32_t input = 0; input < trial.subject.inputs.size(); ++input)
    SAGE_CHECK(life->give(usual_rows(trial.pool, trial.subject.inputs[input], kRows), input));
  for (int i = 0; trial.subject.inputs.empty() && i < kPolls && !life->has_ended(); ++i)
    SAGE_CHECK(life->poll());
  SAGE_CHECK(life->finish());
  life->abort();
  life->close();
  return Ok{};
}

Status leaves(const std::string& what, std::int64_t before, std::int64_t after) {
  return Error{ErrorKind::kFailed, "E0602",
               "after " + std::to_string(kRounds - kWarmUp) + " rounds there are " +
                   std::to_string(after - before) + " " + what + " more",
               "give back in close and destroy what create, open and the calls took"};
}

// What grows in each of two spans of the same length is not a cache that fills up once.
Status compare(const std::array<Usage, 3>& seen) {
  constexpr std::int64_t kSpan = (kRounds - kWarmUp) / 2;
  const auto& [first, middle, last] = seen;
  if (last.descriptors > first.descriptors)
    return leaves("open descriptors", first.descriptors, last.descriptors);
  if (last.threads > first.threads)
    return leaves("threads", first.threads, last.threads);
  if (middle.heap - first.heap >= kSpan * kHeapMax && last.heap - middle.heap >= kSpan * kHeapMax)
    return leaves("bytes in use", first.heap, last.heap);
  if (middle.resident > first.resident && last.resident - first.resident > kResidentMax)
    return leaves("resident bytes", first.resident, last.resident);
  return Ok{};
}

Status rounds(const Trial& trial) {
  std::array<Usage, 3> seen;
  std::size_t looks = 0;
  for (int i = 0; i < kRounds; ++i) {
    if (i == kWarmUp || i == (kRounds + kWarmUp) / 2)
      seen[looks++] = usage_now();
    trial.report.at("round " + std::to_string(i + 1));
    SAGE_CHECK(round(trial));
  }
  const auto until = std::chrono::steady_clock::now() + kPatience;
  seen[2] = usage_now();
  while (seen[2].threads > seen[0].threads && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    seen[2] = usage_now();
  }
  return compare(seen);
}

}  // namespace

Outcome try_rounds(const Trial& trial) { return outcome_of(rounds(trial)); }

}  // namespace sage::conformance
