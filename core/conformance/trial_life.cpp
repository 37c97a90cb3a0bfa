#include "conformance/life.hpp"
#include "conformance/rows.hpp"
#include "conformance/trials.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace sage::conformance {
namespace {

using Time = std::chrono::steady_clock;

constexpr auto kStorm = std::chrono::milliseconds(100);
constexpr std::uint32_t kStormRows = 1000;

Status create(const Trial& trial) {
  SAGE_TRY(auto life, Life::create(trial.subject, trial.pool));
  trial.report.at("destroy, without open");
  life.reset();
  trial.report.at("create again");
  SAGE_TRY(life, Life::create(trial.subject, trial.pool));
  trial.report.at("open");
  SAGE_CHECK(life->open());
  trial.report.at("close");
  life->abort();
  life->close();
  trial.report.at("destroy");
  life.reset();
  return Ok{};
}

// One turn of work, whatever the role.
Status work(Life& life, const Trial& trial, const std::vector<flow::BatchRef>& rows) {
  if (rows.empty())
    return life.has_ended() ? Ok{} : life.poll();
  for (std::uint32_t input = 0; input < trial.subject.inputs.size(); ++input)
    SAGE_CHECK(life.give(rows[input], input));
  return Ok{};
}

std::vector<flow::BatchRef> some_rows(const Trial& trial, std::uint32_t n) {
  std::vector<flow::BatchRef> rows;
  for (const schema::SchemaPtr& input : trial.subject.inputs)
    rows.push_back(usual_rows(trial.pool, input, n));
  return rows;
}

// An interrupt from another thread so long after the start; what fails after it may.
Status interrupted(const Trial& trial, const std::vector<flow::BatchRef>& rows,
                   std::chrono::microseconds after) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
  std::atomic<bool> done = false;
  std::atomic<bool> sent = false;
  const auto end = Time::now() + after;
  const std::jthread other([&] {
    std::this_thread::sleep_until(end);
    while (!done) {
      sent = true;
      life->interrupt();
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  });
  Status worked = life->open();
  while (worked && Time::now() < end + std::chrono::milliseconds(2))
    worked = work(*life, trial, rows);
  if (worked)
    worked = life->finish();
  life->abort();
  life->close();
  done = true;
  return !worked && !sent ? std::move(worked) : Ok{};
}

Status interrupt(const Trial& trial) {
  {
    trial.report.at("interrupt, between create and destroy");
    SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
    life->interrupt();
  }
  const auto rows = some_rows(trial, kStormRows);
  {
    trial.report.at("interrupt before the first call, and after close");
    SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
    if (Status opened = life->open(); opened) {
      life->interrupt();
      static_cast<void>(work(*life, trial, rows));
    }
    life->close();
    life->interrupt();
  }
  trial.report.at("interrupts from another thread, from open until close");
  const auto until = Time::now() + kStorm;
  for (int round = 0; Time::now() < until; ++round)
    SAGE_CHECK(interrupted(trial, rows, std::chrono::microseconds(round % 10 * 300)));
  return Ok{};
}

Status finish(const Trial& trial) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
  SAGE_CHECK(life->open());
  trial.report.at("the end of the input, before any record");
  SAGE_CHECK(life->finish());
  life->abort();
  return Ok{};
}

Status commit(const Trial& trial) {
  SAGE_TRY(const auto life, Life::create(trial.subject, trial.pool));
  SAGE_CHECK(life->open());
  SAGE_CHECK(work(*life, trial, some_rows(trial, 100)));
  SAGE_CHECK(life->finish());
  trial.report.at("commit");
  SAGE_CHECK(life->commit());
  trial.report.at("commit again");
  return life->commit();
}

}  // namespace

Outcome try_create(const Trial& trial) { return outcome_of(create(trial)); }
Outcome try_interrupt(const Trial& trial) { return outcome_of(interrupt(trial)); }
Outcome try_finish(const Trial& trial) { return outcome_of(finish(trial)); }
Outcome try_commit(const Trial& trial) { return outcome_of(commit(trial)); }

}  // namespace sage::conformance
