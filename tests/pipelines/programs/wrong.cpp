// Describes what cannot be run, in the way that the environment variable WRONG says.
#include <sage/sage.hpp>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

struct Number {
  std::int64_t n = 0;
  std::int64_t hidden = 0;
};
SAGE_RECORD(Number, n);

struct ToFirst : sage::Partitioner<Number> {
  std::uint32_t partition(const Number&, std::uint32_t) const override { return 0; }
};

SAGE_PIPELINE(env) {
  const char* const variable = std::getenv("WRONG");
  const std::string wrong = variable == nullptr ? "" : variable;
  const auto same = [](const Number& number) { return number; };
  if (wrong == "empty") {
    return;
  }
  const auto numbers = env.from_source(sage::io::FileSource<Number>("in.jsonl"));
  numbers.sink<sage::io::ConsoleSink>({.id = "out"});
  if (wrong == "throw") {
    throw std::runtime_error("no luck today");
  } else if (wrong == "throw 3") {
    throw 3;
  } else if (wrong == "duplicate") {
    numbers.map(same, {.id = "out"}).sink<sage::io::NullSink>();
  } else if (wrong == "differs") {
    numbers.map(same, {.id = "p" + std::to_string(getpid())}).sink<sage::io::NullSink>();
  } else if (wrong == "throw later") {
    if (std::string(program_invocation_short_name) == "sage") {
      throw std::runtime_error("not where it is run");
    }
    numbers.map(same).sink<sage::io::NullSink>();
  } else if (wrong == "bytes") {
    numbers.sink(sage::io::FileSink<Number>("\xff/"));
  } else if (wrong == "hidden") {
    numbers.key_by(&Number::hidden).map(same).sink<sage::io::NullSink>();
  } else if (wrong == "union") {
    numbers.key_by(&Number::n).union_with(numbers).sink<sage::io::NullSink>();
  } else if (wrong == "errors") {
    numbers.union_with(numbers.map(same)).errors().sink<sage::io::NullSink>();
  } else if (wrong == "partition options") {
    numbers.partition_custom<ToFirst>({.parallelism = 2, .on_error = "skip"})
        .map(same)
        .sink<sage::io::NullSink>();
  } else if (wrong == "parallelism") {
    numbers.partition_custom<ToFirst>({.parallelism = 2})
        .map(same, {.parallelism = 3})
        .sink<sage::io::NullSink>();
  } else if (wrong == "unread") {
    numbers.map(same, {.id = "nowhere"});
  } else if (wrong == "operator") {
    numbers.use<Number>("record/mapp", {}, {.id = "mapped"}).sink<sage::io::NullSink>();
  } else if (wrong == "fields") {
    numbers.use<Number>("record/map", {{"rename", {{"n", "m"}}}})
        .map(same, {.id = "reader"})
        .sink<sage::io::NullSink>();
  } else if (wrong == "id") {
    numbers.map(same, {.id = "No Id"}).sink<sage::io::NullSink>();
  }
}
