// Measures itself: how long each record takes, and how many were long. The figures are in the
// report of the job.
//
//   sage run ./libmonitored.so --set file.with.path=books/ --report -
#include <sage/sage.hpp>

#include <chrono>

using sage::io::Line;

class MonitoredOperator : public sage::MapFunction<Line, Line> {
 public:
  void open(sage::RuntimeContext& context) override {
    metrics_ = &context.get_metrics();
    long_lines_ = context.get_metrics().counter("long_lines");  // a handle: faster than by name
  }
  Line map(const Line& line) override {
    const auto start = std::chrono::steady_clock::now();
    Line result = process(line);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    metrics_->record("processing_time", seconds.count());
    long_lines_.add(line.line.size() > 20 ? 1 : 0);
    return result;
  }

 private:
  static Line process(const Line& line) {
    return {std::string(line.line.rbegin(), line.line.rend())};
  }

  sage::Metrics* metrics_ = nullptr;
  sage::Counter long_lines_;
};

SAGE_PIPELINE(env) {
  env.from_source(sage::io::FileSource<Line>("large_dataset/").format("lines"))
      .map<MonitoredOperator>({.id = "monitored", .parallelism = 2})
      .sink<sage::io::ConsoleSink>();
}
