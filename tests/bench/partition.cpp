// P5: an exchange's sending side, 64-byte records hashed by a field and dealt out to 8 receivers.
#include "bench.hpp"
#include "flow/partitioner.hpp"
#include "measure.hpp"

#include <array>
#include <cstring>

namespace sage::bench {

namespace {

constexpr std::uint32_t kReceivers = 8;
constexpr std::uint32_t kGroups = 128;
constexpr std::uint32_t kBatch = 4096;
constexpr std::size_t kWords = 8;

using Payload = std::array<std::uint64_t, kWords>;

Payload payload(std::uint64_t seq) {
  Payload words;
  for (std::size_t i = 0; i < kWords; ++i)
    words[i] = (seq + i) * 0x9e3779b97f4a7c15u;
  return words;
}

struct Totals {
  std::array<std::uint64_t, kReceivers> records{};
  std::array<std::uint64_t, kReceivers> sums{};  // of the first word
};

// As it comes out of an operator: envelopes and payloads, just written.
flow::BatchRef make_batch(flow::BatchPool& pool, std::uint64_t seq) {
  flow::BatchRef batch = pool.get(kBatch);
  batch->add_buffer(pool.buffers().get(kBatch * sizeof(Payload)));
  for (std::uint32_t i = 0; i < kBatch; ++i) {
    const Payload words = payload(seq + i);
    const auto off = static_cast<std::uint32_t>(i * sizeof words);
    std::memcpy(batch->buffers[0]->data + off, words.data(), sizeof words);
    batch->records.data()[i] = {SAGE_NO_TS, 0, off, sizeof words, 0, 0};
  }
  batch->count = kBatch;
  batch->bytes = kBatch * sizeof(Payload);
  return batch;
}

class Exchange {
 public:
  explicit Exchange(bool check) : check_(check) {}
  double split(std::uint64_t seq) {
    flow::BatchRef batch = make_batch(pool_, seq);
    return cpu_seconds([&] { (void)partitioner_->split(std::move(batch), send_); });
  }
  Totals finish() {
    partitioner_->gather()->close(send_);
    return totals_;
  }

 private:
  static schema::SchemaPtr schema() {
    std::vector<FieldSpec> fields;
    for (std::size_t i = 0; i < kWords; ++i)
      fields.push_back({std::string("f") + std::to_string(i), Type::kInt64});
    return schema::Schema::make(fields).value();
  }

  void take(std::uint32_t receiver, const flow::Batch& batch) {
    totals_.records[receiver] += batch.count;
    if (!check_)
      return;
    for (const sage_record& record : batch.rows()) {
      std::uint64_t word = 0;
      std::memcpy(&word, batch.c_buffers[0].data + record.off, sizeof word);
      totals_.sums[receiver] += word;
    }
  }

  bool check_;
  flow::BatchPool pool_;
  schema::SchemaPtr schema_ = schema();
  std::unique_ptr<flow::Partitioner> partitioner_ = flow::make_hash(
      pool_, schema::KeyExtractor(*schema_, {0}), {kReceivers, kBatch, sizeof(Payload)}, kGroups);
  Totals totals_;
  flow::SendFn send_ = [this](std::uint32_t to, const flow::BatchRef& batch) { take(to, *batch); };
};

// The same by the means of the language.
class Strings {
 public:
  explicit Strings(bool check) : check_(check) {}
  double split(std::uint64_t seq) {
    std::vector<Record> records;
    for (std::uint32_t i = 0; i < kBatch; ++i) {
      const Payload words = payload(seq + i);
      records.push_back({SAGE_NO_TS, {reinterpret_cast<const char*>(words.data()), sizeof words}});
    }
    return cpu_seconds([&] {
      for (const Record& record : records) {
        const std::uint64_t hash = schema::key_hash({record.payload.data(), 8});
        const std::uint32_t to =
            schema::group_owner(schema::key_group(hash, kGroups), kReceivers, kGroups);
        receivers_[to].push_back(record);
        if (receivers_[to].size() == kBatch)
          take(to);
      }
    });
  }
  Totals finish() {
    for (std::uint32_t to = 0; to < kReceivers; ++to)
      take(to);
    return totals_;
  }

 private:
  struct Record {
    std::int64_t ts;
    std::string payload;
  };

  void take(std::uint32_t receiver) {
    totals_.records[receiver] += receivers_[receiver].size();
    for (const Record& record : receivers_[receiver]) {
      if (!check_)
        break;
      std::uint64_t word = 0;
      std::memcpy(&word, record.payload.data(), sizeof word);
      totals_.sums[receiver] += word;
    }
    receivers_[receiver].clear();
  }

  bool check_;
  std::array<std::vector<Record>, kReceivers> receivers_;
  Totals totals_;
};

}  // namespace

void partition(Bench& bench) {
  const std::uint64_t count = bench.scaled(4'000'000) / kBatch * kBatch;
  std::vector<double> ns;
  std::vector<double> exchange_s;
  std::vector<double> strings_s;
  bench.each_round([&](bool measured) {
    Exchange exchange(!measured);  // the round that warms up compares every record
    Strings strings(!measured);
    double ours = 0;
    double theirs = 0;
    for (std::uint64_t seq = 0; seq < count; seq += kBatch)
      ours += exchange.split(seq);
    for (std::uint64_t seq = 0; seq < count; seq += kBatch)
      theirs += strings.split(seq);
    const Totals a = exchange.finish();
    const Totals b = strings.finish();
    for (std::size_t i = 0; i < kReceivers; ++i) {
      require_equal(a.records[i], b.records[i], "P5, records");
      require_equal(a.sums[i], b.sums[i], "P5, sums");
    }
    if (measured) {
      ns.push_back(ours * 1e9 / static_cast<double>(count));
      exchange_s.push_back(ours);
      strings_s.push_back(theirs);
    }
  });
  const std::string what = "partition into 8, a 64 B record";
  bench.rows.push_back({
      .goal = "P5",
      .what = what,
      .yardstick = "none: a figure",
      .unit = "ns",
      .values = ns,
      .at_least = false,
      .bound = 6,
  });
  bench.rows.push_back({
      .goal = "P5",
      .what = what,
      .yardstick = "vector<Record{string}>",
      .unit = "x",
      .values = ratios(strings_s, exchange_s),
      .bound = 5,
      .tight = strings_s,
      .figures = ns_each(exchange_s, strings_s, count),
  });
}

}  // namespace sage::bench
