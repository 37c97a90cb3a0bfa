// A source that waits for each of its values, and would go on for ever.
#include <sage/sage.hpp>

#include <poll.h>

struct Slow : sage::SourceFunction<std::int64_t> {
  bool read(sage::Collector<std::int64_t>& out) override {
    ::poll(nullptr, 0, 50);  // as one that asks a server
    out.collect(++n_);
    return true;
  }
  std::int64_t n_ = 0;
};

SAGE_PIPELINE(env) { env.from_source<Slow>({.may_block = true}).sink<sage::io::ConsoleSink>(); }
