#include "runtime/memory_bound.hpp"

#include "flow/gather.hpp"
#include "runtime/jobs.hpp"

namespace sage::runtime {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint64_t kKept = 48 * kMiB;  // by the pools
constexpr std::uint64_t kBatch = (64u << 10) + 4096 * 40;

MemoryBound bound_of(const std::string& stages) { return memory_bound(make_plan(stages), 4096); }

}  // namespace

TEST_CASE("memory bound: a chain holds what its operators hold", "[runtime]") {
  const MemoryBound bound = bound_of(numbers("n", 1, 1) + stage("end", "tally", ""));
  CHECK(bound.channels == 0);
  CHECK(bound.usual == kKept + 2 * (kMiB + 2 * kBatch));
}

TEST_CASE("memory bound: a channel holds its window, or its share of a task", "[runtime]") {
  const MemoryBound two =
      bound_of(numbers("n", 1, 2) + stage("end", "tally", "partition = \"global\""));
  CHECK(two.channels == 2);
  CHECK(two.usual == kKept + 3 * (kMiB + 2 * kBatch) + 2 * 4 * kMiB);
  const MemoryBound many =
      bound_of(numbers("n", 1, 100) + stage("end", "tally", "partition = \"global\""));
  CHECK(many.channels == 100);
  CHECK(many.usual == kKept + 101 * (kMiB + 2 * kBatch) + 100 * (64 * kMiB / 100));
}

TEST_CASE("memory bound: with the largest calls a channel holds what one of them gives",
          "[runtime]") {
  const MemoryBound two =
      bound_of(numbers("n", 1, 2) + stage("end", "tally", "partition = \"global\""));
  const std::uint64_t large = 64 * kMiB + 4096 * 40;
  CHECK(two.largest == kKept + 3 * (64 * kMiB + 2 * large) + 2 * large);
}

TEST_CASE("memory bound: an exchange holds a batch for each receiver", "[runtime]") {
  const std::string wide = "parallelism = 4\n";
  const MemoryBound keyed =
      bound_of(numbers("n", 1, 1) + stage("t", "total", "key_by = \"key\"\n" + wide) +
               stage("end", "tally", wide));
  const MemoryBound straight =
      bound_of(numbers("n", 1, 1) + stage("t", "add", wide) + stage("end", "tally", wide));
  CHECK(keyed.usual - straight.usual == flow::Gather::held_bytes({4, 4096, 16}));
}

}  // namespace sage::runtime
