// bench_state [ROUNDS]: nanoseconds per key of keyed state beside std::unordered_map, for a keyed
// sum over a million integers and a count of Zipf words, interleaved in one run. Both are given the
// hash. Times are of the thread's own CPU, so other load counts only by what it does to the caches.

#include "base/hash.hpp"
#include "state/keyed_state.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sage::bench {
namespace {

using state::KeyedState;
using state::KeyRef;

constexpr std::size_t kBatch = 4096;
constexpr std::uint32_t kGroups = 128;

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Distinct keys side by side, and the order in which they come.
struct Workload {
  const char* name;
  std::string bytes;  // 16 readable bytes follow the last key
  std::vector<KeyRef> distinct;
  std::vector<std::uint32_t> order;

  void add(const std::vector<std::string>& keys) {
    for (const std::string& key : keys)
      bytes += key;
    bytes.append(16, '\0');
    const auto* at = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (const std::string& key : keys) {
      distinct.push_back({hash64(key), at, static_cast<std::uint32_t>(key.size())});
      at += key.size();
    }
  }
};

Workload integers() {
  constexpr std::uint32_t kKeys = 1'000'000;
  Workload work{"1 M integers, random", {}, {}, {}};
  std::mt19937_64 random(1);
  std::vector<std::string> keys(kKeys, std::string(8, '\0'));
  for (std::string& key : keys) {
    const std::uint64_t value = random();
    std::memcpy(key.data(), &value, sizeof value);
  }
  work.add(keys);
  for (std::uint32_t i = 0; i < 2 * kKeys; ++i)
    work.order.push_back(static_cast<std::uint32_t>(random() % kKeys));
  return work;
}

Workload words() {
  constexpr std::uint32_t kWords = 100'000;
  Workload work{"100 k words, Zipf", {}, {}, {}};
  std::mt19937_64 random(2);
  std::vector<std::string> keys;
  std::vector<double> cumulative;
  double total = 0;
  for (std::uint32_t i = 0; i < kWords; ++i) {
    std::string word;
    const auto letters = 2 + static_cast<std::uint64_t>(std::log2(i + 1.0) / 2.5) + random() % 4;
    for (std::uint64_t l = 0; l < letters; ++l)
      word += static_cast<char>('a' + random() % 26);
    keys.push_back(word + std::to_string(i % 10));
    cumulative.push_back(total += 1.0 / (i + 1.0));
  }
  work.add(keys);
  std::uniform_real_distribution<double> anywhere(0, total);
  for (std::uint32_t i = 0; i < 4'000'000; ++i) {
    const auto at = std::lower_bound(cumulative.begin(), cumulative.end(), anywhere(random));
    work.order.push_back(static_cast<std::uint32_t>(
        std::min<std::ptrdiff_t>(at - cumulative.begin(), std::ptrdiff_t{kWords} - 1)));
  }
  return work;
}

// Random integers are their own hash, so this map is given it, too.
class IntegerMap {
 public:
  void add(const KeyRef* keys, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      std::uint64_t number = 0;
      std::memcpy(&number, keys[i].bytes, sizeof number);
      sums_[number] += static_cast<std::int64_t>(i);
    }
  }

 private:
  struct Same {
    std::size_t operator()(std::uint64_t number) const { return number; }
  };
  std::unordered_map<std::uint64_t, std::int64_t, Same> sums_;
};

class TextMap {
 public:
  void add(const KeyRef* keys, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto found = sums_.find(keys[i]);
      if (found != sums_.end())
        found->second += static_cast<std::int64_t>(i);
      else
        sums_[{keys[i].hash, std::string(view(keys[i]))}] = static_cast<std::int64_t>(i);
    }
  }

 private:
  struct Key {
    std::uint64_t hash;
    std::string text;
  };
  static std::string_view view(const Key& key) { return key.text; }
  static std::string_view view(const KeyRef& key) {
    return {reinterpret_cast<const char*>(key.bytes), key.len};
  }
  struct Given {
    using is_transparent = void;
    std::size_t operator()(const auto& key) const { return key.hash; }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return view(a) == view(b); }
  };
  std::unordered_map<Key, std::int64_t, Given, Equal> sums_;
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

// Nanoseconds per key for one pass over the distinct keys, or over the order in which they come.
template <class Sums>
double pass(Sums& sums, const Workload& work, bool all_once) {
  const std::size_t n = all_once ? work.distinct.size() : work.order.size();
  Batch batch;
  double spent = 0;
  for (std::size_t from = 0; from < n; from += kBatch) {
    const std::size_t count = std::min(kBatch, n - from);
    batch.fill(work, from, count, all_once);
    const double began = cpu_ns();
    sums.add(batch.keys(), count);
    spent += cpu_ns() - began;
  }
  return spent / static_cast<double>(n);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* what, const std::vector<double>& state, const std::vector<double>& map) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < state.size(); ++i)
    ratios.push_back(map[i] / state[i]);
  std::printf("  %-8s state %6.1f   map %6.1f ns/key   map / state %.2f\n", what, median(state),
              median(map), median(ratios));
}

template <class Map>
void compare(const Workload& work, int rounds) {
  std::vector<double> state_inserts;
  std::vector<double> map_inserts;
  std::vector<double> state_updates;
  std::vector<double> map_updates;
  double bytes = 0;
  for (int round = 0; round < rounds; ++round) {
    State state;
    Map map;
    state_inserts.push_back(pass(state, work, true));
    map_inserts.push_back(pass(map, work, true));
    state_updates.push_back(pass(state, work, false));
    map_updates.push_back(pass(map, work, false));
    bytes = state.bytes_per_key();
  }
  std::printf("%s: state %.1f bytes/key\n", work.name, bytes);
  print("insert", state_inserts, map_inserts);
  print("update", state_updates, map_updates);
}

}  // namespace
}  // namespace sage::bench

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 7;
  sage::bench::compare<sage::bench::IntegerMap>(sage::bench::integers(), rounds);
  sage::bench::compare<sage::bench::TextMap>(sage::bench::words(), rounds);
  return 0;
}
