// Says what each instance of a stage needs. A cluster places instances where that is free, and
// holds them to it; `sage run` is one process and warns that it does neither.
//
//   sage run ./libresources.so
#include <sage/sage.hpp>

#include <cmath>

using sage::io::Generated;

struct Features {
  std::int64_t seq = 0;
  double energy = 0;
};
SAGE_RECORD(Features, seq, energy);

struct Label {
  std::int64_t seq = 0;
  std::string label;
};
SAGE_RECORD(Label, seq, label);

struct HeavyCompute : sage::MapFunction<Generated, Features> {
  Features map(const Generated& sample) override {
    return {sample.seq, std::sqrt(sample.value * sample.value + 1)};
  }
};

struct GpuInference : sage::MapFunction<Features, Label> {
  Label map(const Features& features) override {
    return {features.seq, features.energy > 1.1 ? "high" : "low"};
  }
};

SAGE_PIPELINE(env) {
  using namespace sage::literals;
  env.from_source(sage::io::GeneratorSource{.count = 1000})
      .map<HeavyCompute>({.parallelism = 4, .resources = {.num_cpus = 4, .memory = 8_GB}})
      .map<GpuInference>({.parallelism = 2, .resources = {.num_gpus = 1}})
      .sink(sage::io::FileSink<Label>("labels/").option("if_exists", "replace"));
}
