// P6, P6b, P20: words counted through the plugins in the box, beside loops written by hand. The
// results are compared word for word.
#include "counts.hpp"
#include "goal.hpp"
#include "tight_loop.hpp"

#include <memory>
#include <thread>

namespace sage::bench {

namespace {

void check(const WordTotals& got, const WordTotals& want) {
  if (got.words != want.words || got.distinct != want.distinct || got.checksum != want.checksum)
    wrong("the engine and the loop count other words");
}

using Loop = WordTotals (*)(const std::string& file);

Goal counted(const Setup& setup, const std::string& yardstick, Loop loop, double wanted) {
  return {"P6", "word count, one executor", yardstick, "x", wanted, true, false, [&setup, loop] {
            WordTotals expected;
            const std::string out = setup.folder + "/counts";
            const double tight = seconds([&] { expected = loop(setup.text); });
            const double own = seconds([&] { setup.engine.run(wordcount(setup.text, out)); });
            check(read_counts(out), expected);
            const auto n = static_cast<double>(expected.words);
            return Sample{tight / own, n / own, n / tight};
          }};
}

Goal updated(const Setup& setup) {
  return {
      "P6b", "word count, a row for every word", "tight loop", "x", 0.65, true, false, [&setup] {
        WordTotals expected;
        const double tight = seconds([&] { expected = tight_wordcount(setup.text); });
        test::Ran ran;
        const double own = seconds([&] { ran = setup.engine.run(wordcount_updates(setup.text)); });
        if (ran.report.sink_records() != expected.words)
          wrong("not a row for every word");
        const auto n = static_cast<double>(expected.words);
        return Sample{tight / own, n / own, n / tight};
      }};
}

// The speed-up that the machine gives two tight loops over one, at this moment.
double speed_up(const std::string& text, const std::vector<int>& cpus) {
  const Pinned here({cpus[0]});
  const double one = seconds([&] { tight_wordcount(text); });
  const double two = seconds([&] {
    const std::jthread other([&] {
      const Pinned there({cpus[1]});
      tight_wordcount(text);
    });
    tight_wordcount(text);
  });
  return 2 * one / two;
}

// Two sources, an exchange by word, two counting instances; on one executor and on two.
Goal exchanged(const Setup& setup) {
  return {"P20",
          "word count with an exchange, 2 executors",
          "1 executor x S2",
          "x S2",
          0.70,
          true,
          true,
          [&setup] {
            const std::vector<int> cpus = free_cpus();
            if (cpus.size() < 2)
              return Sample{};
            const double s2 = speed_up(setup.text, cpus);
            const std::string out = setup.folder + "/counts";
            const std::string toml = wordcount(setup.text, out, 2);
            const WordTotals expected = tight_wordcount(setup.text);
            double one = 0;
            {
              const Pinned here({cpus[0]});
              one = seconds([&] { setup.engine.run(toml, {4096, 1}); });
            }
            check(read_counts(out), expected);
            const Pinned both({cpus[0], cpus[1]});
            const double two = seconds([&] { setup.engine.run(toml, {4096, 2}); });
            check(read_counts(out), expected);
            const auto n = static_cast<double>(expected.words);
            return Sample{one / two / s2, n / two, n / one};
          }};
}

Goal scaling(const Setup& setup) {
  return {"S2", "two tight loops on two CPUs", "one", "x", 1.3, true, true, [&setup] {
            const std::vector<int> cpus = free_cpus();
            return cpus.size() < 2 ? Sample{1, 0, 0} : Sample{speed_up(setup.text, cpus), 0, 0};
          }};
}

}  // namespace

std::vector<Goal> word_goals(const Setup& setup) {
  return {scaling(setup), counted(setup, "tight loop", tight_wordcount, 0.80),
          counted(setup, "best loop: our hash and table", best_wordcount, 0.60), updated(setup),
          exchanged(setup)};
}

}  // namespace sage::bench
