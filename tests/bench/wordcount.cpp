// P6, P6b, P20: word count through the plugins in the box.
#include "bench.hpp"
#include "counts.hpp"
#include "measure.hpp"
#include "tight_loop.hpp"

#include <array>
#include <cstdio>
#include <filesystem>

namespace sage::bench {

namespace {

struct Input {
  std::string path;
  WordTotals expected;
};

test::Run run_counts(Bench& bench, const Input& input, std::uint32_t parallelism,
                     const runtime::JobOptions& options) {
  const std::string to = bench.folder / "counts";
  test::Run run = bench.engine.run(count_words(input.path, to, parallelism), options);
  require_equal(read_counts(to), input.expected, "word count");
  return run;
}

double run_updates(Bench& bench, std::uint64_t words) {
  const test::Run run = bench.engine.run(update_counts(bench.text()));
  require_equal(run.report.sink_records(), words, "P6b, updates");
  return run.cpu_seconds;
}

// Twice the text, a file for each instance of the source: io/file cuts at 64 MiB only, so that the
// instances would not have the same to do.
Input two_files(Bench& bench) {
  WordTotals twice = tight_wordcount(bench.text());
  twice.words *= 2;
  twice.checksum *= 2;
  for (const char* name : {"texts/a", "texts/b"}) {
    bench.folder.put(name, "");
    std::filesystem::copy_file(bench.text(), bench.folder / name,
                               std::filesystem::copy_options::overwrite_existing);
  }
  return {bench.folder / "texts", twice};
}

}  // namespace

void wordcount(Bench& bench) {
  const std::string& text = bench.text();
  std::vector<double> tight;
  std::vector<double> best;
  std::vector<double> end;
  std::vector<double> update;
  WordTotals expected;
  bench.each_round([&](bool measured) {
    WordTotals counted;
    const double a = cpu_seconds([&] { expected = tight_wordcount(text); });
    const double b = run_counts(bench, {text, expected}, 1, {}).cpu_seconds;
    const double c = cpu_seconds([&] { counted = best_wordcount(text); });
    const double d = run_updates(bench, expected.words);
    require_equal(counted, expected, "the best loop");
    if (measured) {
      tight.push_back(a);
      end.push_back(b);
      best.push_back(c);
      update.push_back(d);
    }
  });
  const std::string what = "word count, one executor, emit = ";
  bench.rows.push_back({
      .goal = "P6",
      .what = what + "end",
      .yardstick = "classic tight loop",
      .unit = "x",
      .values = ratios(tight, end),
      .bound = 0.80,
      .tight = tight,
      .figures = ns_each(end, tight, expected.words),
  });
  bench.rows.push_back({
      .goal = "P6",
      .what = what + "end",
      .yardstick = "best loop: our table and hash",
      .unit = "x",
      .values = ratios(best, end),
      .bound = 0.60,
      .tight = best,
      .figures = ns_each(end, best, expected.words),
  });
  bench.rows.push_back({
      .goal = "P6b",
      .what = what + "update, to io/null",
      .yardstick = "classic tight loop",
      .unit = "x",
      .values = ratios(tight, update),
      .bound = 0.65,
      .tight = tight,
      .figures = ns_each(update, tight, expected.words),
  });
  bench.rates.push_back(
      {"words/s", static_cast<double>(expected.words) / median(end), median(ratios(tight, end))});
}

void two_executors(Bench& bench) {
  if (!bench.has_two_cpus())
    return;
  const Input input = two_files(bench);
  std::vector<double> tight;
  std::vector<double> s2;
  std::vector<double> speed_up;
  std::vector<double> used;
  const auto count = [&] { (void)tight_wordcount(bench.text()); };
  bench.each_round([&](bool measured) {
    const double alone = seconds_on(bench.one_cpu(), count);
    const double pair = seconds_on(bench.two_cpus(), count);
    const double one = run_counts(bench, input, 1, {}).report.seconds;
    const PinningClock clock(bench.two_cpus());
    runtime::JobOptions both;
    both.cpus = 2;
    both.clock = &clock;
    const test::Run two = run_counts(bench, input, 2, both);
    pin(bench.one_cpu());
    if (!measured)
      return;
    tight.push_back(alone);
    s2.push_back(2 * alone / pair);
    speed_up.push_back(one / two.report.seconds);
    used.push_back(two.cpu_seconds / two.report.seconds);
  });
  std::array<char, 80> what{};
  std::snprintf(what.data(), what.size(), "word count, 2 executors and exchange, %.2f CPUs used",
                median(used));
  bench.rows.push_back({
      .goal = "P20",
      .what = what.data(),
      .yardstick = "one executor, no exchange; S2 of these rounds",
      .unit = "x S2",
      .values = ratios(speed_up, s2),
      .bound = 0.70,
      .tight = tight,
      .s2 = s2,
  });
}

}  // namespace sage::bench
