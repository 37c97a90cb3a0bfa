// What happens where a receiver is slower than its sender: memory stays within the bound, nothing
// is lost, and nobody waits for ever.
#include "runtime/jobs.hpp"
#include "runtime/memory_bound.hpp"

#include <random>
#include <thread>

namespace sage::runtime {
namespace {

struct Pressed {
  Outcome out;
  MemoryBound bound;
};

Pressed press(const std::string& stages, std::uint32_t batch_records, std::uint32_t cpus) {
  JobOptions options;
  options.batch_records = batch_records;
  options.cpus = cpus;
  const auto prepared = prepare(stages, options);
  const Status status = prepared->job->run();
  CHECK(status);
  return {{prepared->job->report(), std::nullopt}, memory_bound(prepared->plan, batch_records)};
}

constexpr std::uint64_t kKept = flow::BatchPool::kKeptBytesMax + flow::BufferPool::kKeptBytesMax;

std::uint64_t sum_below(std::uint64_t n) { return n * (n - 1) / 2; }

std::string slow(const std::string& id, const std::string& use, const std::string& from, int us,
                 int each) {
  return stage(id, "brake/" + use,
               "from = \"" + from + "\"\nwith = { us = " + std::to_string(us) +
                   ", each = " + std::to_string(each) + " }");
}

std::string big(int count, int bytes) {
  return stage("n", "brake/big",
               "with = { count = " + std::to_string(count) + ", bytes = " + std::to_string(bytes) +
                   " }\nparallelism = 2");
}

}  // namespace

TEST_CASE("pressure: behind a slow sink records take up no more than the bound, of any size",
          "[runtime]") {
  struct Load {
    int count, bytes, us, each;
    std::uint32_t batch;
  };
  // Records in small batches, in usual ones, larger than a batch, larger than a window.
  const Load loads[] = {{40'000, 8, 100, 100, 1},
                        {1'000'000, 8, 500, 4096, 4096},
                        {2000, 60'000, 50, 1, 1},
                        {8000, 100'000, 50, 1, 4096},
                        {100, 8 << 20, 10'000, 1, 4096}};
  for (const Load& load : loads) {
    for (const std::uint32_t cpus : {1u, 2u}) {
      INFO(load.bytes << " bytes, " << cpus << " executors");
      const Pressed pressed =
          press(big(load.count, load.bytes) + slow("end", "sink", "n", load.us, load.each),
                load.batch, cpus);
      const auto count = static_cast<std::uint64_t>(load.count);
      CHECK(pressed.out.tally("end", "count") == count);
      CHECK(pressed.out.tally("end", "sum") == sum_below(count));
      const bool usual = load.bytes < (64 << 10);
      // Nobody has given anything back to be kept, as long as the bound holds.
      const std::uint64_t most = (usual ? pressed.bound.usual : pressed.bound.largest) - kKept;
      CHECK(pressed.out.report.record_bytes <= most);
      const std::uint64_t each = std::max(load.bytes, load.batch == 1 ? 16 * 40 : 0);
      CHECK(count * (each + 40) > most);  // all of it would not fit
    }
  }
}

TEST_CASE("pressure: with a fan-out the slow branch holds the fast one back, within the bound",
          "[runtime]") {
  for (const int bytes : {8, 8 << 20}) {
    const int count = bytes == 8 ? 400'000 : 70;
    const Pressed pressed = press(big(count, bytes) + slow("fast", "sink", "n", 0, 0) +
                                      slow("end", "sink", "n", 500, bytes == 8 ? 2000 : 1),
                                  bytes == 8 ? 100 : 4096, 2);
    for (const std::string sink : {"fast", "end"}) {
      CHECK(pressed.out.tally(sink, "count") == static_cast<std::uint64_t>(count));
      CHECK(pressed.out.tally(sink, "sum") == sum_below(static_cast<std::uint64_t>(count)));
    }
    CHECK(pressed.out.report.record_bytes <=
          (bytes == 8 ? pressed.bound.usual : pressed.bound.largest));
  }
}

TEST_CASE("pressure: a source that goes quiet does not keep what there was no credit for",
          "[runtime]") {
  // One more than the window takes: the last row is handed over when the source is quiet already.
  const int count = static_cast<int>(flow::Credit::Window().batches) + 1;
  JobOptions options;
  options.batch_records = 1;
  const auto prepared =
      prepare(stage("n", "brake/quiet", "with = { count = " + std::to_string(count) + " }") +
                  stage("end", "brake/sink",
                        "key_by = \"key\"\nwith = { us = 5000, each = 1 }\n" + parallel(2)),
              options);
  std::jthread running([&] { CHECK(prepared->job->run()); });
  while (prepared->job->report().sink_records() < static_cast<std::uint64_t>(count))
    std::this_thread::yield();
  prepared->job->stop();
}

TEST_CASE("pressure: 1,000 random diamonds under full back-pressure come to their end",
          "[runtime]") {
  const std::uint32_t seed = 20261127;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::string edges[] = {"", "key_by = \"key\"\n", "partition = \"global\"\n"};
  int held_up = 0;
  for (int run = 0; run < 1000; ++run) {
    const int count = 100 + pick(200);
    const auto width = [&] { return "\n" + edges[pick(3)] + parallel(1 + pick(3)); };
    const std::string nap = std::to_string(pick(3) * 30);
    const std::string text =
        numbers("n", count, 1 + pick(2)) + stage("a", "add", "from = \"n\"" + width()) +
        stage("b", "brake/pass", "from = \"n\"\nwith = { us = " + nap + ", each = 20 }" + width()) +
        stage("c", "add", "from = [\"b\", \"a\"]" + width()) +
        stage("end", "brake/sink",
              "from = [\"c\", \"a\"]\nwith = { us = 30, each = 40 }" + width());
    INFO(text);
    const std::uint32_t cpus = 1 + static_cast<std::uint32_t>(pick(3));
    const Outcome out = sage::runtime::run(text, 1, cpus);
    REQUIRE_FALSE(out.error);
    REQUIRE(out.tally("end", "count") == 3 * static_cast<std::uint64_t>(count));
    held_up += out.stage("n").blocked > 0 ? 1 : 0;
  }
  CHECK(held_up > 100);
}

}  // namespace sage::runtime
