// P5: records of 64 bytes divided by key over 8 receivers, by the engine's exchange and by hand
// over vectors of records that own their strings.
#include "flow/partitioner.hpp"
#include "goal.hpp"

#include <cstring>
#include <functional>
#include <memory>

namespace sage::bench {
namespace {

constexpr std::uint32_t kReceivers = 8;
constexpr std::uint32_t kRows = 4096;
constexpr std::uint32_t kBytes = 64;

schema::SchemaPtr eight_integers() {
  std::vector<FieldSpec> fields;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"})
    fields.push_back({name, Type::kInt64});
  return schema::Schema::make(fields).value();
}

// A batch as it comes out of an operator: nobody else holds it.
flow::BatchRef make_batch(flow::BatchPool& pool, std::uint64_t first) {
  flow::BatchRef batch = pool.get(kRows);
  batch->add_buffer(pool.buffers().get(kRows * kBytes));
  std::uint8_t* to = batch->buffers[0]->data;
  for (std::uint32_t i = 0; i < kRows; ++i) {
    const std::uint64_t key = (first + i) * 0x9e3779b97f4a7c15u;
    std::memset(to + i * kBytes, 7, kBytes);
    std::memcpy(to + i * kBytes, &key, 8);
    batch->records.data()[i] = {SAGE_NO_TS, 0, i * kBytes, kBytes, 0, 0};
  }
  batch->count = kRows;
  batch->bytes = kRows * kBytes;
  return batch;
}

struct Owned {
  std::int64_t ts = 0;
  std::string payload;
};

}  // namespace

std::vector<Goal> partition_goals(const Setup& setup) {
  const std::uint64_t batches = setup.quick ? 200 : 2000;
  const auto measure = [batches] {
    flow::BatchPool pool;
    const auto schema = eight_integers();
    const auto hash =
        flow::make_hash(pool, schema::KeyExtractor(*schema, {0}), {kReceivers, kRows, kBytes}, 128);
    std::uint64_t sent = 0;
    const flow::SendFn send = [&](std::uint32_t, flow::BatchRef batch) { sent += batch->count; };
    double own = 0;
    for (std::uint64_t b = 0; b < batches; ++b) {
      flow::BatchRef batch = make_batch(pool, b * kRows);
      own += seconds([&] {
        if (!hash->split(std::move(batch), send))
          wrong("the exchange failed");
      });
    }
    own += seconds([&] { hash->gather()->close(send); });
    if (sent != batches * kRows)
      wrong("the exchange lost records");
    double other = 0;
    std::vector<Owned> from;
    for (std::uint64_t b = 0; b < batches / 4; ++b) {
      from.clear();
      for (std::uint32_t i = 0; i < kRows; ++i) {
        const std::uint64_t key = (b * kRows + i) * 0x9e3779b97f4a7c15u;
        from.push_back({0, std::string(kBytes, 7)});
        std::memcpy(from.back().payload.data(), &key, 8);
      }
      other += seconds([&] {
        std::vector<std::vector<Owned>> to(kReceivers);
        for (const Owned& record : from) {
          const std::string_view key(record.payload.data(), 8);
          to[std::hash<std::string_view>()(key) % kReceivers].push_back(record);
        }
      });
    }
    const auto n = static_cast<double>(batches * kRows);
    return Sample{own / n * 1e9, n / own, n / 4 / other};
  };
  Goal cost{"P5", "exchange over 8, 64 B records", "a record", "ns", 6, false, false, measure};
  Goal factor{"P5",
              "exchange over 8, 64 B records",
              "vector<Record{string}>",
              "x",
              5,
              true,
              false,
              [measure] {
                const Sample sample = measure();
                return Sample{sample.ours / sample.yardstick, sample.ours, sample.yardstick};
              }};
  return {std::move(cost), std::move(factor)};
}

}  // namespace sage::bench
