// agg/reduce against a plain model: the values of each key, kept in a map and looked at anew.
#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <random>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::ListOfInt;
using sage::testkit::ListOfReal;
using sage::testkit::ListOfText;
using sage::testkit::OptionTable;
using sage::testkit::OptionValue;
using sage::testkit::Rows;
using sage::testkit::Setup;

__extension__ using Int128 = __int128;

struct Input {
  std::string key;
  std::int64_t whole = 0;
  double real = 0;
  std::string text;
  bool flag = false;
};
using Inputs = std::vector<Input>;

const OptionTable kAggregates = {
    {"n", "count()"},        {"total", "sum(i)"},      {"mean", "avg(i)"},   {"lo", "min(i)"},
    {"hi", "max(i)"},        {"some", "first(i)"},     {"reals", "sum(x)"},  {"least", "min(x)"},
    {"most", "max(x)"},      {"mid", "avg(x)"},        {"any", "max(b)"},    {"all", "min(b)"},
    {"low_text", "min(s)"},  {"high_text", "max(s)"},  {"one", "first(s)"},  {"now", "last(s)"},
    {"texts", "collect(s)"}, {"wholes", "collect(i)"}, {"xs", "collect(x)"}, {"top_i", "top(3, i)"},
    {"top_x", "top(4, x)"},  {"top_s", "top(3, s)"},   {"flag", "last(b)"}};
// Those whose state is of fixed size, to be kept without blobs.
const std::vector<std::string> kFixed = {"n",     "total", "mean", "lo",  "hi",  "some", "reals",
                                         "least", "most",  "mid",  "any", "all", "flag"};

Inputs random_inputs(std::mt19937& random, std::size_t n) {
  Inputs inputs;
  for (std::size_t i = 0; i < n; ++i) {
    Input input;
    input.key = std::string(random() % 3, static_cast<char>('a' + random() % 4));
    input.whole = static_cast<std::int64_t>(random() % 2000) - 1000;
    if (random() % 8 == 0) {  // so that some sums overflow
      input.whole = (random() % 2 == 0 ? 1 : -1) * (std::numeric_limits<std::int64_t>::max() / 2);
    }
    input.real = static_cast<double>(static_cast<std::int64_t>(random() % 1000) - 500) / 8;
    input.text = std::string(random() % 40, static_cast<char>('0' + random() % 70));
    input.flag = random() % 2 == 0;
    inputs.push_back(input);
  }
  return inputs;
}

Rows rows_of(const Inputs& inputs) {
  Rows rows;
  for (const Input& in : inputs) {
    rows.push_back(
        {{"k", in.key}, {"i", in.whole}, {"x", in.real}, {"s", in.text}, {"b", in.flag}});
  }
  return rows;
}

template <class List>
List largest(List values, std::size_t n) {
  std::ranges::sort(values, std::ranges::greater());
  values.resize(std::min(n, values.size()));
  return values;
}

template <class List>
const typename List::value_type& least(const List& values) {
  return *std::ranges::min_element(values);
}
template <class List>
const typename List::value_type& most(const List& values) {
  return *std::ranges::max_element(values);
}

// What was taken of one key.
struct Taken {
  ListOfInt wholes;
  ListOfReal reals;
  ListOfText texts;
  ListOfInt flags;

  bool take(const Input& in) {
    Int128 sum = in.whole;
    for (const std::int64_t whole : wholes) {
      sum += whole;
    }
    if (sum != static_cast<std::int64_t>(sum)) {
      return false;
    }
    wholes.push_back(in.whole);
    reals.push_back(in.real);
    texts.push_back(in.text);
    flags.push_back(in.flag ? 1 : 0);
    return true;
  }
  Fields row(const std::string& key) const {
    const auto n = static_cast<double>(wholes.size());
    std::int64_t total = 0;
    double real = 0;
    for (std::size_t i = 0; i < wholes.size(); ++i) {
      total += wholes[i];
      real += reals[i];
    }
    return {{"k", key},
            {"n", wholes.size()},
            {"total", total},
            {"mean", static_cast<double>(total) / n},
            {"lo", least(wholes)},
            {"hi", most(wholes)},
            {"some", wholes.front()},
            {"reals", real},
            {"least", least(reals)},
            {"most", most(reals)},
            {"mid", real / n},
            {"any", most(flags) != 0},
            {"all", least(flags) != 0},
            {"low_text", least(texts)},
            {"high_text", most(texts)},
            {"one", texts.front()},
            {"now", texts.back()},
            {"texts", texts},
            {"wholes", wholes},
            {"xs", reals},
            {"top_i", largest(wholes, 3)},
            {"top_x", largest(reals, 4)},
            {"top_s", largest(texts, 3)},
            {"flag", flags.back() != 0}};
  }
};

struct Expected {
  Rows updates;
  std::map<std::string, Fields> at_end;
  std::size_t rejected = 0;
};

Expected expected(const Inputs& inputs) {
  Expected result;
  std::map<std::string, Taken> keys;
  for (const Input& in : inputs) {
    Taken& taken = keys[in.key];
    if (!taken.take(in)) {
      ++result.rejected;
      continue;
    }
    result.updates.push_back(taken.row(in.key));
    result.at_end[in.key] = result.updates.back();
  }
  return result;
}

bool is_fixed(const std::string& name) { return std::ranges::find(kFixed, name) != kFixed.end(); }

// Only the key and the aggregates of fixed size.
Fields fixed_of(const Fields& row) {
  Fields fixed;
  std::ranges::copy_if(row, std::back_inserter(fixed), [](const auto& field) {
    return field.first == "k" || is_fixed(field.first);
  });
  return fixed;
}

Setup setup(const char* emit, bool fixed) {
  OptionTable aggregates = kAggregates;
  if (fixed) {
    std::erase_if(aggregates, [](const auto& entry) { return !is_fixed(entry.first); });
  }
  return {.options = {{"aggregate", OptionValue(aggregates)}, {"emit", emit}},
          .inputs = {{{"k", Type::kText},
                      {"i", Type::kInt64},
                      {"x", Type::kFloat64},
                      {"s", Type::kText},
                      {"b", Type::kBool}}},
          .keys = {"k"}};
}

Rows run(const Setup& setup, const Inputs& inputs, std::size_t batch, std::size_t rejected) {
  Harness harness(loaded("agg/reduce"), setup);
  const Rows rows = rows_of(inputs);
  for (std::size_t at = 0; at < rows.size(); at += batch) {
    const std::size_t n = std::min(batch, rows.size() - at);
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(at);
    harness.push(Rows(begin, begin + static_cast<std::ptrdiff_t>(n)));
  }
  harness.end();
  REQUIRE(harness.rejects().size() == rejected);
  return harness.rows();
}

std::map<std::string, Fields> last_by_key(const Rows& rows) {
  std::map<std::string, Fields> result;
  for (const Fields& row : rows) {
    result[row[0].second.text()] = row;
  }
  return result;
}

}  // namespace

TEST_CASE("reduce does what a map of all values does, however the batches are cut") {
  std::mt19937 random(20261127);
  for (int round = 0; round < 6; ++round) {
    const Inputs inputs = random_inputs(random, 5000 / (1u << round));
    const Expected want = expected(inputs);
    CHECK(want.rejected > 0);
    for (const std::size_t batch : {1, 7, 4096}) {
      const Rows rows = run(setup("end", false), inputs, batch, want.rejected);
      CHECK(rows.size() == want.at_end.size());
      REQUIRE(last_by_key(rows) == want.at_end);
    }
  }
}

TEST_CASE("updates of reduce are what it would have given at the end, record by record") {
  std::mt19937 random(20261128);
  const Inputs inputs = random_inputs(random, 1200);
  const Expected want = expected(inputs);
  for (const std::size_t batch : {1, 7, 4096}) {
    const Rows updates = run(setup("update", false), inputs, batch, want.rejected);
    REQUIRE(updates == want.updates);
    REQUIRE(last_by_key(updates) ==
            last_by_key(run(setup("end", false), inputs, batch, want.rejected)));
  }
}

TEST_CASE("reduce keeps aggregates of fixed size alike with and without growing ones beside them") {
  std::mt19937 random(20261129);
  const Inputs inputs = random_inputs(random, 2000);
  const Expected want = expected(inputs);
  for (const std::size_t batch : {1, 7, 4096}) {
    Rows fixed;
    std::ranges::transform(want.updates, std::back_inserter(fixed), fixed_of);
    REQUIRE(run(setup("update", true), inputs, batch, want.rejected) == fixed);
    REQUIRE(last_by_key(run(setup("end", true), inputs, batch, want.rejected)) ==
            last_by_key(fixed));
  }
}
