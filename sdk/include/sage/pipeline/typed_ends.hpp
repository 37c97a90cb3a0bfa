// The functions of a pipeline where a stream begins, ends or parts, as operators of the plugin
// layer (operator.hpp). [task]
#pragma once

#include "held_function.hpp"

namespace sage::detail {

template <class F, class In>
class PartitionStage : public Stage<F, In> {
 public:
  using Stage<F, In>::Stage;
  static void resolve(Resolve& resolve, const Config&) { PartitionStage::require_input(resolve); }
  std::uint32_t partition(Record record, std::uint32_t n) {
    const In& in = this->read(record);
    return this->held_.call([&](F& function) { return function.partition(in, n); });
  }
};

template <class F, class In>
class SinkStage : public Stage<F, In> {
 public:
  using Stage<F, In>::Stage;
  static void resolve(Resolve& resolve, const Config&) { SinkStage::require_input(resolve); }
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
};

template <class F, class Out_>
class SourceStage {
 public:
  using Prototype = Maker<F>;
  SourceStage(Context& context, const Prototype& make) : held_(context, make) {}
  static void resolve(Resolve& resolve, const Config&) { resolve.output(field_specs<Out_>()); }
  void open(Context&) { held_.open(); }
  void close() { held_.close(); }
  Poll poll(Out& out, std::uint32_t max) {
    Collector<Out_> collector(out);
    while (collector.collected() < max && !out.full()) {
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
  Held<F> held_;
};

}  // namespace sage::detail
