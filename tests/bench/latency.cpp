// P13: how long records are on their way through two keyed hops, at 10,000 a second.
#include "goal.hpp"

namespace sage::bench {
namespace {

std::string two_hops(std::uint64_t records) {
  const auto hop = [](const std::string& id) {
    return "[[stage]]\nid = '" + id + "'\nuse = 'bench/pass'\nkey_by = 'b'\nparallelism = 2\n";
  };
  return "sage = 1\n[pipeline]\nname = 'hops'\n[[stage]]\nid = 'pace'\nuse = 'bench/pace'\n"
         "with = { rate = 10000, count = " +
         std::to_string(records) + " }\n" + hop("first") + hop("second") +
         "[[stage]]\nid = 'lag'\nuse = 'bench/lag'\n";
}

Goal lag(const Setup& setup, std::uint32_t cpus, const std::string& which, double most_us) {
  const std::string toml = two_hops(setup.quick ? 5'000 : 20'000);
  return {"P13",
          "two keyed hops at 10 k/s, " + std::to_string(cpus) + " executor" + (cpus > 1 ? "s" : ""),
          which,
          "us",
          most_us,
          false,
          cpus > 1,
          [&setup, toml, cpus, which] {
            const test::Ran ran = setup.engine.run(toml, {4096, cpus});
            return Sample{ran.gauge("lag", which) / 1000, 0, 0};
          }};
}

}  // namespace

std::vector<Goal> latency_goals(const Setup& setup) {
  return {lag(setup, 1, "p50", 60), lag(setup, 1, "p99", 400), lag(setup, 2, "p50", 60),
          lag(setup, 2, "p99", 400)};
}

}  // namespace sage::bench
