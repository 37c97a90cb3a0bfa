#pragma once
// Runs pipelines of the test plugins brake, flaky, moody, probe, rogue, router and unruly through
// the real scanner, loader and plan.

#include "fake_clock.hpp"
#include "runtime/job.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

namespace sage::runtime {

using Counts = std::map<std::string, std::uint64_t>;
// One on each line, to be compared and read where they differ.
std::string lines(const Counts& counts);

struct Outcome {
  Report report;
  std::optional<Error> error;

  const InstanceReport& stage(const std::string& id) const {
    for (const StageReport& stage : report.stages) {
      if (stage.id == id)
        return stage.total;
    }
    FAIL("no stage " << id);
    return report.stages[0].total;
  }
  std::uint64_t tally(const std::string& id, const std::string& name) const {
    for (const plugin::Metric& metric : stage(id).metrics) {
      if (metric.name == name)
        return metric.count;
    }
    return 0;
  }
  // All counters of a stage.
  Counts counts(const std::string& id) const {
    Counts counts;
    for (const plugin::Metric& metric : stage(id).metrics)
      counts[metric.name] = metric.count;
    return counts;
  }
};

// A job that is ready to run.
struct Prepared {
  plan::Plan plan;
  std::unique_ptr<Job> job;
};
// With plugins of the build tree's test folder.
plan::Plan make_plan(const std::string& stages);
plugin::Registry& test_registry();
std::unique_ptr<Prepared> prepare(const std::string& stages, const JobOptions& options);
Outcome run(const std::string& stages, std::uint32_t batch_records = 4096, std::uint32_t cpus = 1);

using test::FakeClock;

// Runs the job on a thread of its own.
class Running {
 public:
  explicit Running(Job& job) : thread_([this, &job] { status_ = job.run(); }) {}
  Status join() {
    thread_.join();
    return std::move(status_);
  }

 private:
  Status status_ = Ok{};
  std::thread thread_;
};

// [[stage]] with the operator "plugin/op"; a name without a slash is one of probe's.
std::string stage(const std::string& id, const std::string& use, const std::string& rest);
// A source of the numbers 0 .. count-1.
std::string numbers(const std::string& id, int count, int parallelism);
std::string parallel(int n);

}  // namespace sage::runtime
