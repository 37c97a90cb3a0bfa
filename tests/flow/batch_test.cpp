#include "flow/batch.hpp"

#include "rows.hpp"

#include <catch2/catch.hpp>

namespace sage::flow {

TEST_CASE("narrow: a batch of one holder keeps its records where they are", "[flow]") {
  BatchPool pool;
  BatchRef batch = make_batch(pool, {10, 11, 12, 13, 14});
  const sage_record* const records = batch->records.data();
  const std::vector<std::uint32_t> kept{1, 2, 4};
  SECTION("as a selection") {
    narrow(pool, batch, kept, true);
    CHECK(batch->count == 5);
    CHECK(batch->size() == 3);
    CHECK(batch->bytes == 24);
    CHECK(batch->at(2) == 4);
    const sage_batch c = view(batch, 0, SAGE_NO_TS, {});
    CHECK(c.n_rows == 3);
    CHECK(c.rows[1] == 2);
    narrow(pool, batch, batch->selection, false);
  }
  SECTION("at once") { narrow(pool, batch, kept, false); }
  CHECK(batch->records.data() == records);
  CHECK_FALSE(batch->selects);
  CHECK(batch->size() == 3);
  CHECK(batch->bytes == 24);
  CHECK(values_of(batch) == std::vector<std::int64_t>{11, 12, 14});
  CHECK(view(batch, 0, SAGE_NO_TS, {}).rows == nullptr);
}

TEST_CASE("narrow: a shared batch stays as it was for the others", "[flow]") {
  BatchPool pool;
  for (const bool as_selection : {false, true}) {
    BatchRef batch = make_batch(pool, {10, 11, 12});
    const BatchRef other = batch;
    const std::vector<std::uint32_t> kept{2};
    narrow(pool, batch, kept, as_selection);
    CHECK(values_of(batch) == std::vector<std::int64_t>{12});
    CHECK(values_of(other) == std::vector<std::int64_t>{10, 11, 12});
    CHECK(other->size() == 3);
  }
}

TEST_CASE("pool: a batch comes back empty and dense", "[flow]") {
  BatchPool pool;
  BatchRef batch = make_batch(pool, {1, 2, 3});
  const std::vector<std::uint32_t> kept{1};
  narrow(pool, batch, kept, true);
  const Batch* const first = &*batch;
  batch.reset();
  batch = pool.get(3);
  CHECK(&*batch == first);
  CHECK(batch->size() == 0);
  CHECK_FALSE(batch->selects);
}

TEST_CASE("pool: a small batch does not take the place of a large one", "[flow]") {
  BatchPool pool;
  const Batch* large = nullptr;
  {
    const BatchRef batch = pool.get(4096);
    large = &*batch;
  }
  CHECK(pool.get(1)->records.capacity() == 16);
  CHECK(&*pool.get(4000) == large);
  CHECK(pool.get(65'536)->records.capacity() == 65'536);
  CHECK(pool.get(65'537)->records.capacity() == 65'537);
}

}  // namespace sage::flow
