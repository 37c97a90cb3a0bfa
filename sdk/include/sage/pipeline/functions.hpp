// The classes that the functions of a pipeline are derived from. Each instance of a stage has a
// copy of its own, made before `open`. A call about a record that throws rejects it (see on_error),
// except sage::Failure, which fails the job; any other call that throws fails the job, `read` of a
// source and `finish` too. `close` comes last, when the job has ended: what it throws is reported,
// and nothing else. [task]
#pragma once

#include "collector.hpp"
#include "runtime_context.hpp"

namespace sage {

class Function {
 public:
  virtual ~Function() = default;
  virtual void open(RuntimeContext&) {}
  virtual void close() {}

 protected:
  Function() = default;
  Function(const Function&) = default;
  Function& operator=(const Function&) = default;
};

// One value for each.
template <class In, class Out>
class MapFunction : public Function {
 public:
  using Input = In;
  using Output = Out;
  virtual Out map(const In& value) = 0;
};

// Whether the value stays.
template <class T>
class FilterFunction : public Function {
 public:
  using Input = T;
  virtual bool filter(const T& value) = 0;
};

// Any number of values for each.
template <class In, class Out>
class FlatMapFunction : public Function {
 public:
  using Input = In;
  using Output = Out;
  virtual void flat_map(const In& value, Collector<Out>& out) = 0;
};

// The same, with a last word when the input has ended.
template <class In, class Out>
class ProcessFunction : public Function {
 public:
  using Input = In;
  using Output = Out;
  virtual void process(const In& value, Collector<Out>& out) = 0;
  virtual void finish(Collector<Out>&) {}
};

// Which of `n` instances (0 .. n-1) of the next stage gets the value; another answer is that
// record's error. Use sage::stable_hash, never std::hash.
template <class T>
class Partitioner {
 public:
  using Input = T;
  virtual ~Partitioner() = default;
  virtual std::uint32_t partition(const T& value, std::uint32_t n) const = 0;
};

// Hands out a few values and returns whether there are more. One that waits for them is a stage
// with may_block, and looks at the context's cancelled(). Several instances share the work by
// subtask().
template <class T>
class SourceFunction : public Function {
 public:
  using Output = T;
  virtual bool read(Collector<T>& out) = 0;
};

// Takes the values that nobody else will see. What it writes is there at once: it is not undone
// where the job fails.
template <class T>
class SinkFunction : public Function {
 public:
  using Input = T;
  virtual void write(const T& value) = 0;
  virtual void finish() {}  // all is written: what cannot be kept fails the job now
};

}  // namespace sage
