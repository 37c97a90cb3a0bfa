// P1, P2: source -> filter -> map -> sink over records of 64 bytes, on one thread. The operators
// are those of plugin/rows.c.
#include "bare.hpp"
#include "bench.hpp"
#include "measure.hpp"

#include <algorithm>
#include <bit>
#include <string>

namespace sage::bench {

namespace {

std::string chain(std::uint64_t count) {
  return pipeline(stage("rows", "bench/rows", "count = " + std::to_string(count)) +
                  stage("keep", "bench/keep") + stage("raise", "bench/raise") +
                  stage("sum", "bench/sum"));
}

struct Ran {
  double seconds;
  std::uint64_t sum;
};

Ran run_engine(Bench& bench, std::uint64_t count, std::uint32_t batch_records) {
  runtime::JobOptions options;
  options.batch_records = batch_records;
  const test::Run run = bench.engine.run(chain(count), options);
  return {run.cpu_seconds, counter(run.report, "sum", "sum")};
}

void append_rows(const std::vector<std::uint64_t>& keep, std::vector<std::uint32_t>& rows) {
  rows.clear();
  for (std::size_t word = 0; word < keep.size(); ++word) {
    for (std::uint64_t bits = keep[word]; bits != 0; bits &= bits - 1) {
      rows.push_back(static_cast<std::uint32_t>(64 * word) +
                     static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
}

// What an engine cannot do without: the calls, and a list of what the filter kept.
Ran run_bare(Bench& bench, std::uint64_t count, std::uint32_t batch_records) {
  BareOperator source(bench.engine.registry(), "rows", static_cast<std::int64_t>(count));
  BareOperator filter(bench.engine.registry(), "keep", 0);
  BareOperator map(bench.engine.registry(), "raise", 0);
  BareOperator sink(bench.engine.registry(), "sum", 0);
  const auto* poll = source.role<sage_role_source>(SAGE_ROLE_SOURCE);
  const auto* select = filter.role<sage_role_filter>(SAGE_ROLE_FILTER);
  const auto* process = map.role<sage_role_transform>(SAGE_ROLE_TRANSFORM);
  const auto* write = sink.role<sage_role_sink>(SAGE_ROLE_SINK);
  BareOut out(batch_records, std::uint64_t{64} * batch_records);
  std::vector<std::uint64_t> keep;
  std::vector<std::uint32_t> rows;
  rows.reserve(batch_records);
  const double took = cpu_seconds([&] {
    while (poll->poll(source.self(), source.ctx(), batch_records, out.begin()) == SAGE_OK) {
      sage_batch batch = out.batch();
      keep.assign((batch.count + 63) / 64, 0);
      select->select(filter.self(), filter.ctx(), &batch, keep.data());
      append_rows(keep, rows);
      batch.rows = rows.data();
      batch.n_rows = static_cast<std::uint32_t>(rows.size());
      process->process(map.self(), map.ctx(), &batch, nullptr);
      write->write(sink.self(), sink.ctx(), &batch);
    }
  });
  return {took, sink.prepared_sum()};
}

struct Record {
  std::uint64_t seq;
  std::uint64_t value;
  std::uint64_t rest[6];
};

constexpr std::size_t kTightBatch = 1024;

[[gnu::noinline]] void make_records(Record* records, std::size_t n, std::uint64_t seq) {
  for (std::size_t i = 0; i < n; ++i, ++seq) {
    const std::uint64_t value = seq * 0x9e3779b97f4a7c15u;
    records[i] = {seq, value, {value + 1, value + 2, value + 3, value + 4, value + 5, value + 6}};
  }
}

// Filter, map and sum without a branch that cannot be foretold.
[[gnu::noinline]] std::uint64_t sum_records(Record* records, std::size_t n) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t value = records[i].value;
    const std::uint64_t kept = 0 - (value >> 63);
    const std::uint64_t raised = value * 3 + 1;
    records[i].value = (raised & kept) | (value & ~kept);
    sum += raised & kept;
  }
  return sum;
}

Ran run_tight(std::uint64_t count) {
  std::vector<Record> records(kTightBatch);
  Ran ran{0, 0};
  ran.seconds = cpu_seconds([&] {
    for (std::uint64_t at = 0; at < count; at += kTightBatch) {
      const std::size_t n = std::min<std::uint64_t>(kTightBatch, count - at);
      make_records(records.data(), n, at);
      ran.sum += sum_records(records.data(), n);
    }
  });
  return ran;
}

}  // namespace

double measure_s2(const Bench& bench) {
  if (!bench.has_two_cpus())
    return 0;
  const auto work = [count = bench.scaled(30'000'000)] { (void)run_tight(count); };
  const double one = seconds_on(bench.one_cpu(), work);
  return 2 * one / seconds_on(bench.two_cpus(), work);
}

void fused_against_bare(Bench& bench) {
  const std::uint64_t count = bench.scaled(20'000'000);
  for (const std::uint32_t batch : {4096u, 256u}) {
    std::vector<double> engine;
    std::vector<double> bare;
    bench.each_round([&](bool measured) {
      const Ran a = run_engine(bench, count, batch);
      const Ran b = run_bare(bench, count, batch);
      require_equal(a.sum, b.sum, "P1");
      if (measured) {
        engine.push_back(a.seconds);
        bare.push_back(b.seconds);
      }
    });
    const std::string size = std::to_string(batch) + "-record batches";
    bench.rows.push_back({
        .goal = "P1",
        .what = "source, filter, map, sink (.so), " + size,
        .yardstick = "bare loop, same functions",
        .unit = "x",
        .values = ratios(bare, engine),
        .bound = batch == 4096 ? 0.95 : 0.90,
        .tight = bare,
        .figures = ns_each(engine, bare, count),
    });
  }
}

void fused_against_tight(Bench& bench) {
  const std::uint64_t count = bench.scaled(20'000'000);
  std::vector<double> engine;
  std::vector<double> tight;
  bench.each_round([&](bool measured) {
    const Ran a = run_engine(bench, count, kTightBatch);
    const Ran b = run_tight(count);
    require_equal(a.sum, b.sum, "P2");
    if (measured) {
      engine.push_back(a.seconds);
      tight.push_back(b.seconds);
    }
  });
  bench.rows.push_back({
      .goal = "P2",
      .what = "the same chain, 1024-record batches",
      .yardstick = "tight loop, same batches",
      .unit = "x",
      .values = ratios(tight, engine),
      .bound = 0.60,
      .tight = tight,
      .figures = ns_each(engine, tight, count),
  });
  bench.rates.push_back(
      {"records/s", static_cast<double>(count) / median(engine), median(ratios(tight, engine))});
}

}  // namespace sage::bench
