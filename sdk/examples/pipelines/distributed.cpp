// Meant for a cluster: the program `distributed` hands itself to `sage job submit`. On one machine
// `sage run ./libdistributed.so` does the same work.
#include <sage/sage.hpp>

struct Reading {
  std::string key;
  double value = 0;
};
SAGE_RECORD(Reading, key, value);

SAGE_PIPELINE(env) {
  env.configure({.name = "distributed_app",
                 .execution_mode = sage::distributed,
                 .cluster = {.address = "sage://localhost:10001",
                             .num_cpus = 16,  // the most that all of the job's instances take
                             .num_gpus = 4}});

  env.from_source(sage::io::GeneratorSource{.count = 10'000})
      .map([](const sage::io::Generated& made) { return Reading{made.key, made.value}; },
           {.parallelism = 4})
      .filter([](const Reading& reading) { return reading.value > 0.5; }, {.parallelism = 4})
      .sink(sage::io::FileSink<Reading>("readings/").option("if_exists", "replace"));
}
