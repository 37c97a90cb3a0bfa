// A function of a pipeline inside an operator: an object of its own for each instance, and what all
// operators around functions have in common. [task]
#pragma once

#include "../plugin.hpp"
#include "functions.hpp"

#include <functional>

namespace sage::detail {

// Makes the function of one instance. Called by several threads, one after the other.
template <class F>
using Factory = std::function<std::unique_ptr<F>()>;

// A function with what it may ask of the engine.
template <class F>
class FunctionInstance {
 public:
  FunctionInstance(Context& context, const Factory<F>& make)
      : runtime_(context), function_(make()) {}
  void open() {
    if constexpr (std::derived_from<F, Function>) {
      function_->open(runtime_);
    }
  }
  void close() {
    if constexpr (std::derived_from<F, Function>) {
      function_->close();
    }
  }
  // A call about one record: its keyed state is saved if it succeeds.
  template <class Call>
  auto call(Call call) {
    try {
      if constexpr (std::is_void_v<decltype(call(*function_))>) {
        call(*function_);
        runtime_.save_state();
      } else {
        const auto result = call(*function_);
        runtime_.save_state();
        return result;
      }
    } catch (...) {
      runtime_.forget_state();
      throw;
    }
  }

 private:
  RuntimeContext runtime_;
  std::unique_ptr<F> function_;
};

// What all that take records of type In have in common.
template <class F, class In>
class FunctionOperator {
 public:
  using Prototype = Factory<F>;
  FunctionOperator(Context& context, const Prototype& make)
      : held_(context, make), places_(context.input()) {}
  void open(Context&) { held_.open(); }
  void close() { held_.close(); }

 protected:
  static void require_input(Resolve& resolve) {
    for_each_member<In>([&](const auto& member, auto) {
      using M = typename std::remove_cvref_t<decltype(member)>::type;
      static_cast<void>(resolve.require<typename ViewOf<M>::type>("", member.name));
    });
  }
  const In& read(Record record) {
    read_record(places_, record, in_);
    return in_;
  }

  FunctionInstance<F> held_;
  Places<In> places_;

 private:
  In in_{};
};

}  // namespace sage::detail
