#include "state/keyed_state.hpp"

#include "base/hash.hpp"

#include <cstring>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <catch2/catch.hpp>

namespace sage::state {
namespace {

// Keys as a batch holds them: side by side, 64 bytes of slack behind the last.
class Batch {
 public:
  void add(std::string_view key, std::uint64_t hash) {
    parts_.push_back({hash, bytes_.size(), key.size()});
    bytes_.append(key);
  }
  void add(std::string_view key) { add(key, hash64(key)); }
  std::vector<void*> slots(KeyedState& state) {
    bytes_.resize(bytes_.size() + 64, '\x5a');
    std::vector<KeyRef> keys;
    for (const Part& part : parts_) {
      keys.push_back({part.hash, reinterpret_cast<const std::uint8_t*>(bytes_.data()) + part.at,
                      static_cast<std::uint32_t>(part.len)});
    }
    std::vector<void*> out(keys.size());
    state.slots(keys, out.data());
    return out;
  }

 private:
  struct Part {
    std::uint64_t hash;
    std::size_t at;
    std::size_t len;
  };
  std::string bytes_;
  std::vector<Part> parts_;
};

std::uint64_t& number(void* slot) { return *static_cast<std::uint64_t*>(slot); }

std::unordered_map<std::string, std::uint64_t> contents(KeyedState& state, std::size_t at_once) {
  std::unordered_map<std::string, std::uint64_t> all;
  std::vector<std::string_view> keys(at_once);
  std::vector<void*> slots(at_once);
  std::uint64_t cursor = 0;
  while (const std::uint32_t n = state.scan(cursor, keys, slots)) {
    for (std::uint32_t i = 0; i < n; ++i) {
      CHECK(all.emplace(keys[i], number(slots[i])).second);
    }
  }
  CHECK(state.scan(cursor, keys, slots) == 0);
  return all;
}

std::string random_key(std::mt19937_64& random) {
  static constexpr std::size_t kLengths[] = {0, 1, 7, 8, 9, 14, 15, 16, 17, 31, 64, 300};
  std::string key(kLengths[random() % std::size(kLengths)], '\0');
  for (char& c : key) {
    c = static_cast<char>(random() % 3);  // NULs, and many equal keys
  }
  return key;
}

}  // namespace

TEST_CASE("state counts random keys as a map does", "[state]") {
  const std::uint64_t seed = std::random_device()();
  CAPTURE(seed);
  const std::uint32_t groups = GENERATE(1u, 7u, 128u);
  std::mt19937_64 random(seed);
  KeyedState state(8, groups);
  std::unordered_map<std::string, std::uint64_t> want;
  std::unordered_map<std::string, void*> where;
  for (int round = 0; round < 60; ++round) {
    Batch batch;
    std::vector<std::string> keys;
    for (int i = 0; i < 500; ++i) {
      keys.push_back(random_key(random));
      batch.add(keys.back());
    }
    const std::vector<void*> slots = batch.slots(state);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      REQUIRE(where.emplace(keys[i], slots[i]).first->second == slots[i]);
      REQUIRE(number(slots[i]) == want[keys[i]]);
      number(slots[i]) = ++want[keys[i]];
    }
  }
  CHECK(state.size() == want.size());
  CHECK(contents(state, 1) == want);
  CHECK(contents(state, 1000) == want);
}

TEST_CASE("state keeps keys of equal hash apart", "[state]") {
  KeyedState state(8, 16);
  Batch batch;
  std::vector<std::string> keys = {"",
                                   std::string(1, '\0'),
                                   std::string(2, '\0'),
                                   "a",
                                   "b",
                                   std::string(15, 'a'),
                                   std::string(16, 'a'),
                                   std::string(17, 'a'),
                                   std::string(16, 'b')};
  for (int i = 0; i < 300; ++i) {
    keys.push_back("key " + std::to_string(i));
  }
  const std::uint64_t hash = GENERATE(as<std::uint64_t>{}, 0u, 0x123456789abcdef0u, UINT64_MAX);
  for (const std::string& key : keys) {
    batch.add(key, hash);
  }
  const std::vector<void*> slots = batch.slots(state);
  CHECK(std::set<void*>(slots.begin(), slots.end()).size() == keys.size());
  CHECK(batch.slots(state) == slots);
  CHECK(state.size() == keys.size());
}

TEST_CASE("state takes keys of one megabyte and does not read what lies behind a key", "[state]") {
  KeyedState state(16, 128);
  const std::string large(1u << 20, 'x');
  Batch first;
  first.add(large);
  first.add(large + "y");
  first.add("ab");
  first.add("c");
  const std::vector<void*> slots = first.slots(state);
  Batch second;
  second.add("ab");
  second.add("zzzzzzzz");
  second.add(large + "y");
  const std::vector<void*> again = second.slots(state);
  CHECK(again[0] == slots[2]);
  CHECK(again[2] == slots[1]);
  CHECK(state.size() == 5);
  CHECK(state.bytes() > (2u << 20));
}

TEST_CASE("state gives equal keys of one batch one slot, new slots are zero and aligned",
          "[state]") {
  const std::uint32_t slot_size = GENERATE(1u, 8u, 13u, 4096u);
  KeyedState state(slot_size, 4);
  Batch batch;
  for (int i = 0; i < 1000; ++i) {
    batch.add("key" + std::to_string(i % 250));
  }
  const std::vector<void*> slots = batch.slots(state);
  const std::vector<std::uint8_t> zero(slot_size);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    CHECK(slots[i] == slots[i % 250]);
    CHECK(reinterpret_cast<std::uintptr_t>(slots[i]) % 8 == 0);
    CHECK(std::memcmp(slots[i], zero.data(), slot_size) == 0);
  }
  for (std::size_t i = 0; i < 250; ++i) {
    std::memset(slots[i], static_cast<int>(i), slot_size);
  }
  for (std::size_t i = 0; i < 250; ++i) {
    CHECK(static_cast<std::uint8_t*>(slots[i])[slot_size - 1] == i);
  }
}

TEST_CASE("state is scanned in key group order, then in order of insertion", "[state]") {
  KeyedState state(8, 3);
  Batch batch;
  for (std::uint64_t i = 0; i < 30; ++i) {
    batch.add(std::to_string(i), i);
  }
  batch.slots(state);
  std::vector<std::string_view> keys(30);
  std::vector<void*> slots(30);
  std::uint64_t cursor = 0;
  REQUIRE(state.scan(cursor, keys, slots) == 30);
  for (std::size_t i = 0; i < 30; ++i) {
    CHECK(keys[i] == std::to_string(i % 10 * 3 + i / 10));
  }
}

TEST_CASE("state of up to a million integer keys stays within 40 bytes a key", "[state]") {
  KeyedState state(8, 128);
  for (std::uint64_t i = 0; i < 1'000'000;) {
    Batch batch;
    for (int k = 0; k < 1000; ++k, ++i) {
      batch.add({reinterpret_cast<const char*>(&i), sizeof i});
    }
    batch.slots(state);
    if (i >= 100'000)
      REQUIRE(state.bytes() <= 40 * state.size());
  }
  CHECK(state.size() == 1'000'000);
}

}  // namespace sage::state
