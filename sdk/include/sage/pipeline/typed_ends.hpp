// The functions of a pipeline where a stream begins, ends or parts, as operators of the plugin
// layer (operator.hpp). [task]
#pragma once

#include "function_operator.hpp"

#include <time.h>

namespace sage::detail {

template <class F, class In>
class PartitionOperator : public FunctionOperator<F, In> {
 public:
  using FunctionOperator<F, In>::FunctionOperator;
  static void resolve(Resolve& resolve, const Config&) {
    PartitionOperator::require_input(resolve);
  }
  std::uint32_t partition(Record record, std::uint32_t n) {
    const In& in = this->read(record);
    return this->held_.call([&](F& function) { return function.partition(in, n); });
  }
};

template <class F, class In>
class SinkOperator : public FunctionOperator<F, In> {
 public:
  using FunctionOperator<F, In>::FunctionOperator;
  static void resolve(Resolve& resolve, const Config&) { SinkOperator::require_input(resolve); }
  void write(Record record) {
    const In& in = this->read(record);
    this->held_.call([&](F& function) {
      if constexpr (std::derived_from<F, Function>) {
        function.write(in);
      } else {
        function(in);
      }
    });
  }
  std::string prepare() {
    if constexpr (std::derived_from<F, Function>) {
      this->held_.call([](F& function) { function.finish(); });
    }
    return "";
  }
};

template <class F, class Result>
class SourceOperator {
 public:
  using Prototype = Factory<F>;
  SourceOperator(Context& context, const Prototype& make)
      : context_(context), held_(context, make) {}
  static void resolve(Resolve& resolve, const Config&) { resolve.output(field_specs<Result>()); }
  void open(Context&) { held_.open(); }
  void close() { held_.close(); }
  Poll poll(Out& out, std::uint32_t max) {
    Collector<Result> collector(out);
    // A function that waits for its values gives each on, and can be stopped between two.
    const std::int64_t end = coarse_ns() + kPollNs;
    while (collector.collected() < max && !out.full() && !context_.cancelled() &&
           coarse_ns() < end) {
      const std::uint32_t before = collector.collected();
      if (!held_.call([&](F& function) { return function.read(collector); })) {
        return Poll::kEnd;
      }
      if (collector.collected() == before) {
        return Poll::kIdle;
      }
    }
    return Poll::kOk;
  }

 private:
  static constexpr std::int64_t kPollNs = 10'000'000;
  static std::int64_t coarse_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }

  Context& context_;
  FunctionInstance<F> held_;
};

}  // namespace sage::detail
