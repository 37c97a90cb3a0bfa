#include "flow/gather.hpp"

#include "flow/partitioner.hpp"
#include "rows.hpp"

#include <numeric>
#include <string>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

struct Sent {
  std::uint32_t to;
  BatchRef batch;
};

struct Sends {
  std::vector<Sent> all;
  SendFn fn = [this](std::uint32_t to, BatchRef batch) { all.push_back({to, std::move(batch)}); };
};

// One batch whose rows are the given payloads, as they are.
BatchRef raw_batch(BatchPool& pool, const std::vector<std::string>& payloads) {
  std::uint64_t bytes = 0;
  for (const std::string& payload : payloads)
    bytes += (payload.size() + 7) / 8 * 8;
  BatchRef batch = pool.get(static_cast<std::uint32_t>(payloads.size()));
  batch->add_buffer(pool.buffers().get(bytes));
  std::uint32_t at = 0;
  for (const std::string& payload : payloads) {
    std::memcpy(batch->buffers[0]->data + at, payload.data(), payload.size());
    batch->records.data()[batch->count] = {
        100 + batch->count, 7, at, static_cast<std::uint32_t>(payload.size()), 0, 0};
    ++batch->count;
    at += static_cast<std::uint32_t>((payload.size() + 7) / 8 * 8);
    batch->bytes += payload.size();
  }
  return batch;
}

std::string payload_of(const Batch& batch, std::uint32_t row) {
  const sage_record& record = batch.records.data()[row];
  return {reinterpret_cast<const char*>(batch.c_buffers[record.buf].data + record.off), record.len};
}

}  // namespace

TEST_CASE("gather: rows of any length keep their bytes, time and order", "[flow]") {
  BatchPool pool;
  Gather gather(pool, {2}, false);
  std::vector<std::string> payloads;
  std::vector<std::uint32_t> target;
  for (std::uint32_t i = 0; i < 200; ++i) {
    payloads.emplace_back(8 + i, static_cast<char>('a' + i % 26));
    target.push_back(i % 3 == 0 ? 0 : 1);
  }
  const BatchRef batch = raw_batch(pool, payloads);
  Sends sends;
  gather.add(*batch, target.data(), sends.fn);
  CHECK(sends.all.empty());
  CHECK_FALSE(gather.empty());
  gather.close(sends.fn);
  CHECK(gather.empty());
  REQUIRE(sends.all.size() == 2);
  std::vector<std::uint32_t> next(2, 0);
  for (std::uint32_t i = 0; i < 200; ++i) {
    const Batch& part = *sends.all[target[i]].batch;
    const std::uint32_t row = next[target[i]]++;
    REQUIRE(payload_of(part, row) == payloads[i]);
    REQUIRE(part.records.data()[row].ts == 100 + i);
    REQUIRE(part.records.data()[row].key == 0);
  }
  CHECK(sends.all[0].batch->count == next[0]);
  CHECK(sends.all[1].batch->count == next[1]);
}

TEST_CASE("gather: what it sends holds on to nothing of the sender's", "[flow]") {
  BatchPool pool;
  Gather gather(pool, {2}, false);
  BatchRef batch = make_batch(pool, {1, 2, 3, 4});
  const BufferRef buffer = batch->buffers[0];
  const std::vector<std::uint32_t> target{0, 1, 0, 1};
  Sends sends;
  gather.add(*batch, target.data(), sends.fn);
  batch.reset();
  CHECK(buffer.unique());
  gather.close(sends.fn);
  CHECK(values_of(sends.all[0].batch) == std::vector<std::int64_t>{1, 3});
}

TEST_CASE("gather: a batch leaves when it has its number of records", "[flow]") {
  BatchPool pool;
  Gather gather(pool, {1, 7}, false);
  std::vector<std::int64_t> numbers(20);
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::vector<std::uint32_t> target(20, 0);
  Sends sends;
  gather.add(*make_batch(pool, numbers), target.data(), sends.fn);
  REQUIRE(sends.all.size() == 2);
  CHECK(sends.all[0].batch->count == 7);
  CHECK(sends.all[1].batch->count == 7);
  gather.close(sends.fn);
  CHECK(values_of(sends.all[2].batch) == std::vector<std::int64_t>{14, 15, 16, 17, 18, 19});
}

TEST_CASE("gather: a batch leaves when it is full, and one long record makes a batch of its own",
          "[flow]") {
  BatchPool pool;
  Gather gather(pool, {1}, false);
  const std::string big(300'000, 'x');
  const std::vector<std::string> payloads{std::string(40'000, 'a'), std::string(40'000, 'b'), big,
                                          std::string(8, 'c')};
  const std::vector<std::uint32_t> target(4, 0);
  Sends sends;
  gather.add(*raw_batch(pool, payloads), target.data(), sends.fn);
  gather.close(sends.fn);
  std::vector<std::string> got;
  for (const Sent& sent : sends.all) {
    for (std::uint32_t row = 0; row < sent.batch->count; ++row)
      got.push_back(payload_of(*sent.batch, row));
  }
  CHECK(got == payloads);
  CHECK(sends.all.size() == 4);
  CHECK(sends.all[0].batch->pinned_bytes() < 400'000);
}

TEST_CASE("gather: a buffer may be filled to its last byte", "[flow]") {
  BatchPool pool;
  Gather gather(pool, {1}, false);
  std::vector<std::string> payloads;
  for (const std::size_t last : {8u, 33u, 64u}) {
    const std::size_t aligned = (last + 7) / 8 * 8;
    payloads.emplace_back((64u << 10) - aligned, 'a');
    payloads.emplace_back(last, 'b');
  }
  const std::vector<std::uint32_t> target(payloads.size(), 0);
  Sends sends;
  gather.add(*raw_batch(pool, payloads), target.data(), sends.fn);
  gather.close(sends.fn);
  REQUIRE(sends.all.size() == 3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    REQUIRE(sends.all[i].batch->count == 2);
    CHECK(payload_of(*sends.all[i].batch, 0) == payloads[2 * i]);
    CHECK(payload_of(*sends.all[i].batch, 1) == payloads[2 * i + 1]);
  }
}

TEST_CASE("gather: many receivers share a few megabytes of open batches", "[flow]") {
  BatchPool pool;
  Gather gather(pool, {200}, false);
  std::vector<std::int64_t> numbers(200);
  std::vector<std::uint32_t> target(200);
  std::iota(target.begin(), target.end(), 0);
  Sends sends;
  gather.add(*make_batch(pool, numbers), target.data(), sends.fn);
  gather.close(sends.fn);
  REQUIRE(sends.all.size() == 200);
  std::uint64_t pinned = 0;
  for (const Sent& sent : sends.all)
    pinned += sent.batch->pinned_bytes();
  CHECK(pinned < 5u << 20);
}

TEST_CASE("gather: rows wait for one look and leave with the second", "[flow]") {
  BatchPool pool;
  Gather gather(pool, {2}, false);
  Sends sends;
  const std::vector<std::uint32_t> first{0};
  gather.add(*make_batch(pool, {1}), first.data(), sends.fn);
  gather.close_old(sends.fn);
  CHECK(sends.all.empty());
  const std::vector<std::uint32_t> second{1};
  gather.add(*make_batch(pool, {2}), second.data(), sends.fn);
  gather.close_old(sends.fn);
  REQUIRE(sends.all.size() == 1);
  CHECK(sends.all[0].to == 0);
  gather.close_old(sends.fn);
  REQUIRE(sends.all.size() == 2);
  CHECK(values_of(sends.all[1].batch) == std::vector<std::int64_t>{2});
}

TEST_CASE("gather: keys travel with their rows, in place or made of several fields", "[flow]") {
  BatchPool pool;
  const auto pair = schema::Schema::make({{"a", Type::kInt64}, {"b", Type::kInt64}}).value();
  for (const bool composite : {false, true}) {
    std::string row(16, '\0');
    std::vector<std::string> payloads;
    for (std::int64_t i = 0; i < 9; ++i) {
      const std::int64_t b = -i;
      std::memcpy(row.data(), &i, 8);
      std::memcpy(row.data() + 8, &b, 8);
      payloads.push_back(row);
    }
    BatchRef batch = raw_batch(pool, payloads);
    const std::vector<std::uint32_t> fields =
        composite ? std::vector<std::uint32_t>{1, 0} : std::vector<std::uint32_t>{1};
    assign_keys(pool, batch, schema::KeyExtractor(*pair, fields));
    Gather gather(pool, {3, 4096, 16}, true);
    const std::vector<std::uint32_t> target{0, 1, 2, 0, 1, 2, 0, 1, 2};
    Sends sends;
    gather.add(*batch, target.data(), sends.fn);
    gather.close(sends.fn);
    REQUIRE(sends.all.size() == 3);
    for (const Sent& sent : sends.all) {
      for (std::uint32_t i = 0; i < sent.batch->count; ++i) {
        const std::string payload = payload_of(*sent.batch, i);
        const std::string wanted =
            composite ? payload.substr(8) + payload.substr(0, 8) : payload.substr(8);
        const sage_batch c = view(sent.batch, 0, SAGE_NO_TS, {false, true});
        const std::uint32_t buf = c.key_buf == SAGE_NO_INDEX ? c.records[i].buf : c.key_buf;
        const std::string key(reinterpret_cast<const char*>(c.buffers[buf].data) + c.keys[i].off,
                              c.keys[i].len);
        REQUIRE(key == wanted);
        REQUIRE(c.records[i].key == schema::key_hash(wanted));
      }
    }
  }
}

}  // namespace sage::flow
