#include "flow/output.hpp"

#include "rows.hpp"

#include <random>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

// As the ABI puts it, row by row.
bool sound(const std::vector<sage_record>& rows, std::uint64_t from, std::uint64_t end) {
  std::uint64_t at = from;
  for (const sage_record& row : rows) {
    if (row.buf != 0 || row.meta != 0 || row.off % 8 != 0 || row.off < at || row.len < 8 ||
        row.len > SAGE_MAX_RECORD)
      return false;
    at = std::uint64_t{row.off} + row.len;
  }
  return at <= end;
}

}  // namespace

TEST_CASE("output: of random rows just those are taken that keep to the rules", "[flow]") {
  const std::uint32_t seed = 20261128;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  BatchPool pool;
  int taken = 0;
  int refused = 0;
  for (int i = 0; i < 50'000; ++i) {
    Output output(pool, {number_schema()}, 4096);
    sage_out* out = output.c_table();
    output.begin();
    const auto n = static_cast<std::uint32_t>(1 + random() % 600);
    sage_slab slab{};
    slab.struct_size = sizeof slab;
    REQUIRE(out->reserve(out, 0, n, std::uint64_t{24} * n, &slab) == SAGE_OK);
    const std::uint32_t len = 8 + random() % 2 * 9;
    std::vector<sage_record> rows(n);
    for (std::uint32_t r = 0; r < n; ++r) {
      rows[r] = {0, random(), static_cast<std::uint32_t>(slab.offset + 24 * r), len, 0, 0};
      if (len == 8)  // side by side
        rows[r].off = static_cast<std::uint32_t>(slab.offset + 8 * r);
    }
    const std::uint32_t wild[] = {1, 4, 7, 8, 16, 0x80000000u, UINT32_MAX};
    for (auto spoiled = random() % 3; spoiled > 0; --spoiled) {
      sage_record& row = rows[random() % n];
      std::uint32_t* const members[] = {&row.off, &row.len, &row.buf, &row.meta};
      *members[random() % 4] += wild[random() % 7];
    }
    std::copy(rows.begin(), rows.end(), slab.records);
    const std::uint64_t end = slab.offset + 24 * n - random() % 2 * 16;
    const bool good = out->commit(out, 0, n, end) == SAGE_OK;
    REQUIRE(good == sound(rows, slab.offset, end));
    ++(good ? taken : refused);
    for (std::uint32_t r = 0; good && r < n; ++r)
      REQUIRE(slab.records[r].key == 0);
    output.drop();
  }
  CHECK(taken > 10'000);
  CHECK(refused > 10'000);
}

}  // namespace sage::flow
