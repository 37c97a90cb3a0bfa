#include "bench.hpp"

#include "text_file.hpp"

#include <stdexcept>

namespace sage::bench {

namespace {

constexpr std::uint64_t kSeed = 20261125;

}  // namespace

const std::string& Bench::text() {
  if (text_.empty()) {
    const std::string file = folder / "text";
    if (!write_zipf_text(file, quick ? 12u << 20 : 60u << 20, quick ? 20'000 : 100'000, kSeed))
      throw std::runtime_error("cannot write the input");
    text_ = file;
  }
  return text_;
}

std::uint64_t counter(const runtime::Report& report, std::string_view stage,
                      std::string_view name) {
  for (const runtime::StageReport& one : report.stages) {
    if (one.id != stage)
      continue;
    for (const plugin::Metric& metric : one.total.metrics) {
      if (metric.name == name)
        return metric.count;
    }
  }
  return 0;
}

void require_equal(std::uint64_t engine, std::uint64_t tight, const std::string& what) {
  if (engine != tight) {
    throw std::runtime_error("wrong result, " + what + ": the engine has " +
                             std::to_string(engine) + ", the tight loop " + std::to_string(tight));
  }
}

std::string stage(const std::string& id, const std::string& use, const std::string& with,
                  const std::string& rest) {
  return "[[stage]]\nid = '" + id + "'\nuse = '" + use + "'\nwith = { " + with + " }\n" + rest +
         "\n";
}

std::string pipeline(const std::string& stages) {
  return "sage = 1\n[pipeline]\nname = 'bench'\n" + stages;
}

}  // namespace sage::bench
