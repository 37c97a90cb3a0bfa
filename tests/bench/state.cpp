// P11: keyed state beside std::unordered_map, a keyed sum over a million integers. Both are given
// the hash.
#include "base/hash.hpp"
#include "bench.hpp"
#include "measure.hpp"
#include "state/keyed_state.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <unordered_map>

namespace sage::bench {

namespace {

using state::KeyedState;
using state::KeyRef;

constexpr std::size_t kBatch = 4096;
constexpr std::uint32_t kGroups = 128;

// Distinct keys side by side, and the order in which they come.
struct Workload {
  std::string bytes;  // 16 readable bytes follow the last key
  std::vector<KeyRef> distinct;
  std::vector<std::uint32_t> order;
};

// Random keys of so many bytes, each of them once, then twice as many in random order.
Workload make_workload(std::uint64_t keys, std::size_t key_bytes) {
  Workload work;
  std::mt19937_64 random(1);
  while (work.bytes.size() < keys * key_bytes) {
    const std::uint64_t value = random();
    work.bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  work.bytes.append(16, '\0');
  for (std::uint64_t i = 0; i < keys; ++i) {
    const char* key = work.bytes.data() + i * key_bytes;
    work.distinct.push_back({hash64({key, key_bytes}), reinterpret_cast<const std::uint8_t*>(key),
                             static_cast<std::uint32_t>(key_bytes)});
  }
  for (std::uint64_t i = 0; i < 2 * keys; ++i)
    work.order.push_back(static_cast<std::uint32_t>(random() % keys));
  return work;
}

std::uint64_t number_of(const std::uint8_t* key) {
  std::uint64_t number = 0;
  std::memcpy(&number, key, sizeof number);
  return number;
}

// Random integers are their own hash.
class Map {
 public:
  void add(const KeyRef* keys, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
      sums_[number_of(keys[i].bytes)] += static_cast<std::int64_t>(i);
  }
  std::uint64_t checksum() const {
    std::uint64_t result = 0;
    for (const auto& [key, sum] : sums_)
      result += key * static_cast<std::uint64_t>(sum);
    return result;
  }

 private:
  struct Same {
    std::size_t operator()(std::uint64_t number) const { return number; }
  };
  std::unordered_map<std::uint64_t, std::int64_t, Same> sums_;
};

class State {
 public:
  void add(const KeyRef* keys, std::size_t n) {
    state_.slots({keys, n}, slots_.data());
    for (std::size_t i = 0; i < n; ++i)
      *static_cast<std::int64_t*>(slots_[i]) += static_cast<std::int64_t>(i);
  }
  double bytes_per_key() const {
    return static_cast<double>(state_.bytes()) / static_cast<double>(state_.size());
  }
  std::uint64_t checksum() {
    std::uint64_t result = 0;
    std::uint64_t cursor = 0;
    std::vector<std::string_view> keys(kBatch);
    while (const std::uint32_t n = state_.scan(cursor, keys, slots_)) {
      for (std::uint32_t i = 0; i < n; ++i) {
        result += number_of(reinterpret_cast<const std::uint8_t*>(keys[i].data())) *
                  static_cast<std::uint64_t>(*static_cast<std::int64_t*>(slots_[i]));
      }
    }
    return result;
  }

 private:
  KeyedState state_{sizeof(std::int64_t), kGroups};
  std::vector<void*> slots_ = std::vector<void*>(kBatch);
};

// A batch as it arrives: the bytes of its keys side by side.
class Batch {
 public:
  void fill(const Workload& work, std::size_t from, std::size_t count, bool all_once) {
    keys_.clear();
    bytes_.resize(count * 64 + 16);
    std::uint8_t* at = bytes_.data();
    for (std::size_t i = 0; i < count; ++i) {
      const KeyRef& key = work.distinct[all_once ? from + i : work.order[from + i]];
      std::memcpy(at, key.bytes, key.len);
      keys_.push_back({key.hash, at, key.len});
      at += key.len;
    }
  }
  const KeyRef* keys() const { return keys_.data(); }

 private:
  std::vector<KeyRef> keys_;
  std::vector<std::uint8_t> bytes_;
};

// Seconds for one pass over the distinct keys, or over the order in which they come.
template <class Sums>
double pass(Sums& sums, const Workload& work, bool all_once) {
  const std::size_t n = all_once ? work.distinct.size() : work.order.size();
  Batch batch;
  double spent = 0;
  for (std::size_t from = 0; from < n; from += kBatch) {
    const std::size_t count = std::min(kBatch, n - from);
    batch.fill(work, from, count, all_once);
    spent += cpu_seconds([&] { sums.add(batch.keys(), count); });
  }
  return spent;
}

double bytes_per_key(std::uint64_t keys, std::size_t key_bytes) {
  State state;
  (void)pass(state, make_workload(keys, key_bytes), true);
  return state.bytes_per_key();
}

}  // namespace

void keyed_state(Bench& bench) {
  constexpr std::uint64_t kKeys = 1'000'000;  // fewer would fit the caches
  const Workload work = make_workload(kKeys, 8);
  std::vector<double> state_updates;
  std::vector<double> map_updates;
  const int rounds = bench.quick ? 1 : bench.rounds;
  for (int round = 0; round < rounds; ++round) {
    State state;
    Map map;
    (void)pass(state, work, true);
    (void)pass(map, work, true);
    state_updates.push_back(pass(state, work, false));
    map_updates.push_back(pass(map, work, false));
    require_equal(state.checksum(), map.checksum(), "P11");
  }
  bench.rows.push_back({
      .goal = "P11",
      .what = "keyed sum, 1 M integer keys, updates",
      .yardstick = "std::unordered_map",
      .unit = "x",
      .values = ratios(map_updates, state_updates),
      .bound = 2,
      .tight = map_updates,
      .figures = ns_each(state_updates, map_updates, work.order.size()),
  });
  bench.rows.push_back({
      .goal = "P11",
      .what = "state a key, 8 B keys and 8 B slots",
      .yardstick = "none: a figure",
      .unit = "B",
      .values = {bytes_per_key(kKeys, 8)},
      .at_least = false,
      .bound = 40,
  });
  bench.rows.push_back({
      .goal = "P11",
      .what = "state a key, 16 B keys and 8 B slots",
      .yardstick = "none: a figure",
      .unit = "B",
      .values = {bytes_per_key(kKeys, 16)},
      .at_least = false,
      .bound = 80,
  });
}

}  // namespace sage::bench
