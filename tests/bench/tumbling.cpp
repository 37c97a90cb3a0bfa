// A keyed tumbling sum by event time, 10,000 integer keys: not a goal of this table yet, but a
// column of the peers'. The operators are those of plugin/.
#include "bench.hpp"
#include "measure.hpp"

#include <algorithm>

namespace sage::bench {

namespace {

constexpr std::uint64_t kKeys = 10'000;
constexpr std::uint64_t kWindow = 1'000'000;  // events, a microsecond apart

struct Event {
  std::uint64_t key;
  std::uint64_t value;
  std::int64_t ts;
};

constexpr std::size_t kBatch = 1024;

[[gnu::noinline]] void make_events(Event* events, std::size_t n, std::uint64_t seq) {
  for (std::size_t i = 0; i < n; ++i, ++seq) {
    events[i] = {((seq * 0x9e3779b97f4a7c15u >> 32) * kKeys) >> 32, seq,
                 static_cast<std::int64_t>(seq * 1000)};
  }
}

// Open addressing, hash by multiplication; an entry is free where its key is kNone.
class Sums {
 public:
  void add(std::uint64_t key, std::uint64_t value) {
    std::size_t at = key * 0x9e3779b97f4a7c15u >> (64 - kBits);
    while (entries_[at].key != key && entries_[at].key != kNone)
      at = (at + 1) % entries_.size();
    entries_[at].key = key;
    entries_[at].sum += value;
  }
  // The sum of the sums; they start anew.
  std::uint64_t close() {
    std::uint64_t total = 0;
    for (Entry& entry : entries_)
      total += std::exchange(entry.sum, 0);
    return total;
  }

 private:
  static constexpr std::uint64_t kNone = UINT64_MAX;
  static constexpr unsigned kBits = 15;
  struct Entry {
    std::uint64_t key = kNone;
    std::uint64_t sum = 0;
  };
  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << kBits);
};

std::uint64_t run_tight(std::uint64_t count) {
  constexpr auto kWindowNs = static_cast<std::int64_t>(kWindow * 1000);
  Sums sums;
  std::vector<Event> events(kBatch);
  std::uint64_t total = 0;
  std::int64_t end = kWindowNs;
  for (std::uint64_t at = 0; at < count; at += kBatch) {
    const std::size_t n = std::min<std::uint64_t>(kBatch, count - at);
    make_events(events.data(), n, at);
    for (const Event* event = events.data(); event != events.data() + n; ++event) {
      if (event->ts >= end) {
        total += sums.close();
        end += kWindowNs;
      }
      sums.add(event->key, event->value);
    }
  }
  return total + sums.close();
}

}  // namespace

void tumbling_sum(Bench& bench) {
  const std::uint64_t count = bench.scaled(10'000'000);
  const std::string toml =
      pipeline(stage("events", "bench/events",
                     "keys = " + std::to_string(kKeys) + ", count = " + std::to_string(count)) +
               stage("tumble", "bench_sdk/tumble", "window = '1s'", "key_by = 'key'") +
               stage("sum", "bench/sum"));
  std::vector<double> engine;
  std::vector<double> tight;
  bench.each_round([&](bool measured) {
    const test::Run run = bench.engine.run(toml);
    std::uint64_t total = 0;
    const double by_hand = cpu_seconds([&] { total = run_tight(count); });
    require_equal(counter(run.report, "sum", "sum"), total, "tumbling sum");
    if (measured) {
      engine.push_back(run.cpu_seconds);
      tight.push_back(by_hand);
    }
  });
  bench.rates.push_back(
      {"events/s", static_cast<double>(count) / median(engine), median(ratios(tight, engine))});
}

}  // namespace sage::bench
