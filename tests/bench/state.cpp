// P11: sums by key in the engine's keyed state beside std::unordered_map, over random keys. Times
// are of the thread's own CPU, so other load counts only by what it does to the caches.
#include "base/hash.hpp"
#include "goal.hpp"
#include "state/keyed_state.hpp"

#include <cstring>
#include <ctime>
#include <memory>
#include <random>
#include <unordered_map>

namespace sage::bench {
namespace {

using state::KeyedState;
using state::KeyRef;

constexpr std::size_t kBatch = 4096;

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Random keys of `width` bytes, and the order in which they come.
struct Workload {
  Workload(std::uint32_t distinct, std::uint32_t key_bytes)
      : width(key_bytes), bytes(distinct * width + 16) {
    std::mt19937_64 random(1);
    for (std::uint32_t at = 0; at < distinct * width; at += 8) {
      const std::uint64_t value = random();
      std::memcpy(&bytes[at], &value, 8);
    }
    for (std::uint32_t i = 0; i < 2 * distinct; ++i)
      order.push_back(static_cast<std::uint32_t>(random() % distinct));
  }
  KeyRef key(std::uint32_t place) const {
    const std::uint8_t* at = &bytes[std::size_t{place} * width];
    return {hash64({reinterpret_cast<const char*>(at), width}), at, width};
  }

  std::uint32_t width;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> order;
};

class State {
 public:
  void add(const std::vector<KeyRef>& keys) {
    state_.slots(keys, slots_.data());
    for (std::size_t i = 0; i < keys.size(); ++i)
      *static_cast<std::int64_t*>(slots_[i]) += static_cast<std::int64_t>(keys[i].hash);
  }
  std::int64_t sum() {
    std::int64_t sum = 0;
    std::uint64_t cursor = 0;
    std::vector<std::string_view> keys(256);
    while (const std::uint32_t n = state_.scan(cursor, keys, slots_)) {
      for (std::uint32_t i = 0; i < n; ++i)
        sum ^= *static_cast<std::int64_t*>(slots_[i]);
    }
    return sum;
  }
  double bytes_per_key() const {
    return static_cast<double>(state_.bytes()) / static_cast<double>(state_.size());
  }

 private:
  KeyedState state_{sizeof(std::int64_t), 128};
  std::vector<void*> slots_ = std::vector<void*>(kBatch);
};

class Map {
 public:
  void add(const std::vector<KeyRef>& keys) {
    for (const KeyRef& key : keys) {
      std::int64_t number = 0;
      std::memcpy(&number, key.bytes, sizeof number);
      sums_[number] += static_cast<std::int64_t>(key.hash);
    }
  }
  std::int64_t sum() const {
    std::int64_t sum = 0;
    for (const auto& entry : sums_)
      sum ^= entry.second;
    return sum;
  }

 private:
  std::unordered_map<std::int64_t, std::int64_t> sums_;
};

// Nanoseconds for each update, once every key is known.
template <class Sums>
double update_ns(Sums& sums, const Workload& work) {
  std::vector<KeyRef> keys;
  double spent = 0;
  for (const bool warm : {false, true}) {
    for (std::size_t from = 0; from < work.order.size(); from += kBatch) {
      keys.clear();
      for (std::size_t i = from; i < std::min(from + kBatch, work.order.size()); ++i)
        keys.push_back(work.key(work.order[i]));
      const double began = cpu_ns();
      sums.add(keys);
      spent += warm ? cpu_ns() - began : 0;
    }
  }
  return spent / static_cast<double>(work.order.size());
}

Goal bytes_per_key(std::uint32_t distinct, std::uint32_t width, double most) {
  const std::string size = std::to_string(width);
  return {"P11",
          "state with keys of " + size + " bytes",
          "per key, all included",
          "B",
          most,
          false,
          false,
          [distinct, width] {
            State state;
            const Workload work(distinct, width);
            update_ns(state, work);
            return Sample{state.bytes_per_key(), 0, 0};
          }};
}

}  // namespace

std::vector<Goal> state_goals(const Setup& setup) {
  const std::uint32_t distinct = setup.quick ? 200'000 : 1'000'000;
  const auto work = std::make_shared<Workload>(distinct, 8);
  Goal sums{"P11",
            "sums by " + std::to_string(distinct / 1000) + " k integer keys",
            "std::unordered_map",
            "x",
            2,
            true,
            false,
            [work] {
              State state;
              Map map;
              const double own = update_ns(state, *work);
              const double other = update_ns(map, *work);
              if (state.sum() != map.sum())
                wrong("the state and the map hold other sums");
              return Sample{other / own, 1e9 / own, 1e9 / other};
            }};
  return {std::move(sums), bytes_per_key(distinct, 8, 40), bytes_per_key(distinct, 16, 80)};
}

}  // namespace sage::bench
