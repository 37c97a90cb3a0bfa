#include "flow/partitioner.hpp"

#include "rows.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

std::vector<std::int64_t> numbers(std::int64_t n) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(n));
  std::iota(out.begin(), out.end(), 0);
  return out;
}

using Parts = std::map<std::uint32_t, std::vector<std::int64_t>>;

Parts split(Partitioner& partitioner, BatchRef batch) {
  Parts parts;
  const SendFn send = [&](std::uint32_t to, const BatchRef& part) {
    const std::vector<std::int64_t> values = values_of(part);
    REQUIRE_FALSE(values.empty());
    REQUIRE(part->bytes == 8 * values.size());
    parts[to].insert(parts[to].end(), values.begin(), values.end());
  };
  REQUIRE(partitioner.split(std::move(batch), send));
  if (Gather* gather = partitioner.gather())
    gather->close(send);
  return parts;
}

std::vector<std::int64_t> all_of(const Parts& parts) {
  std::vector<std::int64_t> all;
  for (const auto& [to, values] : parts)
    all.insert(all.end(), values.begin(), values.end());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("hash: every record goes to the owner of its key group, in the order it came", "[flow]") {
  BatchPool pool;
  for (const std::uint32_t receivers : {1u, 2u, 3u, 8u}) {
    const auto partitioner =
        make_hash(pool, schema::KeyExtractor(*number_schema(), {0}), {receivers}, 128);
    const Parts parts = split(*partitioner, make_batch(pool, numbers(1000)));
    CHECK(all_of(parts) == numbers(1000));
    for (const auto& [to, values] : parts) {
      CHECK(std::is_sorted(values.begin(), values.end()));
      for (const std::int64_t value : values) {
        const std::string_view key(reinterpret_cast<const char*>(&value), 8);
        const std::uint32_t group = schema::key_group(schema::key_hash(key), 128);
        REQUIRE(schema::group_owner(group, receivers, 128) == to);
      }
    }
  }
}

TEST_CASE("hash: a shared batch is not changed for its other holders", "[flow]") {
  BatchPool pool;
  const auto partitioner = make_hash(pool, schema::KeyExtractor(*number_schema(), {0}), {4}, 128);
  const BatchRef batch = make_batch(pool, numbers(10));
  split(*partitioner, batch);
  CHECK_FALSE(batch->keyed);
  CHECK(batch->records.data()[3].key == 0);
}

TEST_CASE("rebalance: contiguous slices over all receivers, another first one each time",
          "[flow]") {
  BatchPool pool;
  const auto partitioner = make_rebalance(pool, 3, 0);
  CHECK(split(*partitioner, make_batch(pool, numbers(7))) ==
        Parts{{0, {0, 1}}, {1, {2, 3}}, {2, {4, 5, 6}}});
  CHECK(split(*partitioner, make_batch(pool, numbers(1))) == Parts{{1, {0}}});
  CHECK(split(*partitioner, make_batch(pool, numbers(1))) == Parts{{2, {0}}});
  CHECK(split(*partitioner, make_batch(pool, numbers(2))) == Parts{{0, {0}}, {1, {1}}});
}

TEST_CASE("rebalance: eight records reach eight receivers", "[flow]") {
  BatchPool pool;
  const auto partitioner = make_rebalance(pool, 8, 5);
  CHECK(split(*partitioner, make_batch(pool, numbers(8))).size() == 8);
}

TEST_CASE("broadcast gives everything to everyone, single everything to one", "[flow]") {
  BatchPool pool;
  const auto everyone = make_broadcast(3);
  const Parts copies = split(*everyone, make_batch(pool, numbers(5)));
  REQUIRE(copies.size() == 3);
  for (const auto& [to, values] : copies)
    CHECK(values == numbers(5));
  const auto one = make_single(2);
  CHECK(split(*one, make_batch(pool, numbers(5))) == Parts{{2, numbers(5)}});
}

}  // namespace sage::flow
