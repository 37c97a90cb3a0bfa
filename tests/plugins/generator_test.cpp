#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <cmath>
#include <map>
#include <set>

#include <catch2/catch.hpp>

namespace {

using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using sage::testkit::OutputRow;
using sage::testkit::Place;
using sage::testkit::Plan;

std::vector<OutputRow> generate(const OptionTable& options, Place place = {}) {
  Harness source(loaded("io/generator"), {.options = options, .place = place});
  CHECK(source.poll_all() == SAGE_END);
  return source.output();
}

std::vector<std::string> json(const std::vector<OutputRow>& rows) {
  std::vector<std::string> lines;
  for (const OutputRow& row : rows) {
    lines.push_back(row.json);
  }
  return lines;
}

std::string key(const OutputRow& row) { return row.fields[1].second.text(); }

// How often each of `keys` keys comes in 200,000 rows.
std::map<std::string, double> frequencies(OptionTable options) {
  constexpr double kRows = 200'000;
  options.emplace_back("count", static_cast<std::int64_t>(kRows));
  std::map<std::string, double> shares;
  for (const OutputRow& row : generate(options)) {
    shares[key(row)] += 1 / kRows;
  }
  return shares;
}

Plan lint(const OptionTable& options) {
  const sage_operator& op = *loaded("io/generator");
  return sage::testkit::resolve(op, sage::testkit::Options(op, options), {});
}

}  // namespace

TEST_CASE("generator makes the same rows from the same seed, for good") {
  CHECK(json(generate({{"count", 2}})) ==
        std::vector<std::string>{
            R"({"seq":0,"key":"k368","value":0.9435642308648544,"ts":"1970-01-01T00:00:00Z"})",
            R"({"seq":1,"key":"k45","value":0.7774369184800852,"ts":"1970-01-01T00:00:00.001Z"})"});
  CHECK(json(generate({{"count", 9}})) == json(generate({{"count", 9}, {"seed", 1}})));
  CHECK(json(generate({{"count", 9}})) != json(generate({{"count", 9}, {"seed", 2}})));
}

TEST_CASE("generator makes rows that do not depend on how many instances make them") {
  const OptionTable options = {{"count", 5000}, {"skew", 1.1}};
  const std::vector<std::string> lines = json(generate(options));
  const std::multiset<std::string> alone(lines.begin(), lines.end());
  CHECK(alone.size() == 5000);
  for (const std::uint32_t parallelism : {2u, 3u, 7u}) {
    std::multiset<std::string> together;
    for (std::uint32_t i = 0; i < parallelism; ++i) {
      for (const OutputRow& row : generate(options, {.subtask = i, .parallelism = parallelism})) {
        together.insert(row.json);
      }
    }
    CHECK(together == alone);
  }
}

TEST_CASE("generator ends at once with count 0 and never without count") {
  CHECK(generate({{"count", 0}}).empty());
  CHECK(generate({{"count", 1}}, {.subtask = 1, .parallelism = 2}).empty());
  CHECK_FALSE(lint({{"count", 0}}).unbounded);
  CHECK(lint({}).unbounded);
  Harness endless(loaded("io/generator"), {});
  for (int i = 0; i < 100; ++i) {
    CHECK(endless.poll() == SAGE_OK);
  }
}

TEST_CASE("generator gives event times from start by step, and watermarks behind them") {
  Harness source(
      loaded("io/generator"),
      {.options = {{"count", 3}, {"start", "2026-01-31T12:00:00+01:00"}, {"step", "1m"}}});
  const std::int64_t start = 1769857200'000'000'000;
  CHECK(source.poll(2) == SAGE_OK);
  REQUIRE(source.output().size() == 2);
  CHECK(source.output()[1].ts == start + 60'000'000'000);
  CHECK(source.output()[1].fields[3].second.integer() == source.output()[1].ts);
  CHECK(source.output_watermark() == start + 120'000'000'000);
  CHECK(source.poll_all() == SAGE_END);
  CHECK(source.output().size() == 3);
}

TEST_CASE("generator draws uniform keys and values") {
  const auto shares = frequencies({{"keys", 4}});
  REQUIRE(shares.size() == 4);
  for (const auto& [name, share] : shares) {
    CHECK(share == Approx(0.25).margin(0.005));
  }
  double sum = 0;
  for (const OutputRow& row : generate({{"count", 100'000}})) {
    const double value = row.fields[2].second.real();
    REQUIRE((value >= 0 && value < 1));
    sum += value;
  }
  CHECK(sum / 100'000 == Approx(0.5).margin(0.005));
}

TEST_CASE("generator draws skewed keys by Zipf's law") {
  for (const double skew : {0.5, 1.0, 2.0}) {
    constexpr int kKeys = 50;
    double sum = 0;
    for (int k = 1; k <= kKeys; ++k) {
      sum += std::pow(k, -skew);
    }
    auto shares = frequencies({{"keys", kKeys}, {"skew", skew}});
    for (int k = 1; k <= kKeys; ++k) {
      CHECK(shares["k" + std::to_string(k - 1)] == Approx(std::pow(k, -skew) / sum).margin(0.005));
    }
  }
  CHECK(frequencies({{"keys", 1}, {"skew", 3.0}}).size() == 1);
}

TEST_CASE("generator holds its rate over all instances") {
  for (const std::uint32_t parallelism : {1u, 2u}) {
    Harness source(loaded("io/generator"), {.options = {{"count", 1000}, {"rate", 0.001}},
                                            .place = {.subtask = 0, .parallelism = parallelism}});
    CHECK(source.poll() == SAGE_IDLE);
    CHECK(source.output().size() == 1);
    const double seconds = 1000.0 * parallelism;
    CHECK(static_cast<double>(source.host().delay_ns()) / 1e9 ==
          Approx(seconds).margin(seconds / 10));
  }
  Harness second(loaded("io/generator"), {.options = {{"count", 1000}, {"rate", 0.001}},
                                          .place = {.subtask = 1, .parallelism = 2}});
  CHECK(second.poll() == SAGE_IDLE);
  CHECK(second.output().empty());
}

TEST_CASE("generator makes all its rows also at a rate") {
  Harness source(loaded("io/generator"), {.options = {{"count", 2000}, {"rate", 1e6}}});
  sage_status status = SAGE_OK;
  while (status != SAGE_END) {
    status = source.poll();
  }
  CHECK(source.output().size() == 2000);
}

TEST_CASE("generator refuses options that make no sense") {
  for (const OptionTable& options :
       {OptionTable{{"rate", 0}}, OptionTable{{"rate", -1.0}}, OptionTable{{"start", "yesterday"}},
        OptionTable{{"step", std::int64_t{-1}}},
        OptionTable{{"count", std::int64_t{1} << 40}, {"step", "1d"}}}) {
    CHECK(lint(options).errors.size() == 1);
  }
  CHECK(lint({{"count", 10}, {"rate", 5}}).errors.empty());
}
