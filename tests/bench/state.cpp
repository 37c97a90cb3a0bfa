// P11: keyed state beside std::unordered_map, a keyed sum over a million integers. Both begin with
// records: an update of the state is what an edge with key_by does, which finds the keys and hashes
// them, and what the operator behind it does.
#include "bench.hpp"
#include "measure.hpp"
#include "schema/key.hpp"
#include "state/keyed_state.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <unordered_map>

namespace sage::bench {

namespace {

using state::KeyedState;
using state::KeyRef;

constexpr std::size_t kBatch = 4096;
constexpr std::uint32_t kGroups = 128;

struct Workload {
  std::vector<std::uint64_t> distinct;
  std::vector<std::uint64_t> updates;
};

// So many random integers, and twice as many of them in random order.
Workload make_workload(std::uint64_t keys) {
  Workload work;
  std::mt19937_64 random(1);
  for (std::uint64_t i = 0; i < keys; ++i)
    work.distinct.push_back(random());
  for (std::uint64_t i = 0; i < 2 * keys; ++i)
    work.updates.push_back(work.distinct[random() % keys]);
  return work;
}

std::uint64_t number_of(const std::uint8_t* key) {
  std::uint64_t number = 0;
  std::memcpy(&number, key, sizeof number);
  return number;
}

// Records of one integer, as an operator has written them.
class Batch {
 public:
  void fill(std::span<const std::uint64_t> keys) {
    std::memcpy(data(), keys.data(), keys.size_bytes());
    records_.clear();
    for (std::uint32_t i = 0; i < keys.size(); ++i)
      records_.push_back({SAGE_NO_TS, 0, 8 * i, 8, 0, 0});
  }
  std::span<sage_record> records() { return records_; }
  std::uint8_t* data() { return bytes_.data() + SAGE_SLACK; }

 private:
  std::vector<sage_record> records_;
  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(8 * kBatch + 2 * SAGE_SLACK);
};

// By the hash of the standard library, which takes an integer as it is.
class Map {
 public:
  void add(Batch& batch) {
    std::int64_t value = 0;
    for (const sage_record& record : batch.records())
      sums_[number_of(batch.data() + record.off)] += value++;
  }
  std::uint64_t checksum() const {
    std::uint64_t result = 0;
    for (const auto& [key, sum] : sums_)
      result += key * static_cast<std::uint64_t>(sum);
    return result;
  }

 private:
  std::unordered_map<std::uint64_t, std::int64_t> sums_;
};

class State {
 public:
  void add(Batch& batch) {
    const std::span<sage_record> records = batch.records();
    const sage_buffer buffer = {batch.data(), 8 * kBatch};
    extractor_.extract(records, &buffer, keys_.data(), nullptr);
    refs_.clear();
    for (std::size_t i = 0; i < records.size(); ++i)
      refs_.push_back({records[i].key, buffer.data + keys_[i].off, keys_[i].len});
    add(refs_);
  }
  void add(std::span<const KeyRef> keys) {
    state_.slots(keys, slots_.data());
    for (std::size_t i = 0; i < keys.size(); ++i)
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
  schema::SchemaPtr schema_ = schema::Schema::make({{"n", Type::kInt64}}).value();
  schema::KeyExtractor extractor_{*schema_, {0}};
  std::vector<sage_key> keys_ = std::vector<sage_key>(kBatch);
  std::vector<KeyRef> refs_;
  KeyedState state_{sizeof(std::int64_t), kGroups};
  std::vector<void*> slots_ = std::vector<void*>(kBatch);
};

// Seconds for an update of each of these keys.
template <class Sums>
double pass(Sums& sums, std::span<const std::uint64_t> keys) {
  Batch batch;
  double spent = 0;
  for (std::size_t from = 0; from < keys.size(); from += kBatch) {
    batch.fill(keys.subspan(from, std::min(kBatch, keys.size() - from)));
    spent += cpu_seconds([&] { sums.add(batch); });
  }
  return spent;
}

// Of so many random keys.
double bytes_per_key(std::uint64_t keys, std::uint32_t key_bytes) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> words(key_bytes / 8 + 2);  // 16 readable bytes follow the key
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(words.data());
  State state;
  for (std::uint64_t i = 0; i < keys; ++i) {
    std::generate_n(words.begin(), key_bytes / 8, std::ref(random));
    const std::string_view key(reinterpret_cast<const char*>(bytes), key_bytes);
    const KeyRef ref = {schema::key_hash(key), bytes, key_bytes};
    state.add({&ref, 1});
  }
  return state.bytes_per_key();
}

}  // namespace

void keyed_state(Bench& bench) {
  constexpr std::uint64_t kKeys = 1'000'000;  // fewer would fit the caches
  const Workload work = make_workload(kKeys);
  std::vector<double> state_updates;
  std::vector<double> map_updates;
  const int rounds = bench.quick ? 1 : bench.rounds;
  for (int round = 0; round < rounds; ++round) {
    State state;
    Map map;
    (void)pass(state, work.distinct);
    (void)pass(map, work.distinct);
    state_updates.push_back(pass(state, work.updates));
    map_updates.push_back(pass(map, work.updates));
    require_equal(state.checksum(), map.checksum(), "P11");
  }
  bench.rows.push_back({
      .goal = "P11",
      .what = "keyed sum, 1 M integer keys, hash and update",
      .yardstick = "std::unordered_map",
      .unit = "x",
      .values = ratios(map_updates, state_updates),
      .bound = 2,
      .tight = map_updates,
      .figures = ns_each(state_updates, map_updates, work.updates.size()),
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
