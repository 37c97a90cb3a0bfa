#include "plugins/loaded.hpp"
#include "plugins/standard_streams.hpp"

#include <sage/testkit.hpp>

#include <csignal>
#include <map>
#include <sstream>
#include <thread>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::test::Redirected;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using sage::testkit::Rows;
using sage::testkit::Setup;

Setup people(OptionTable options, sage::testkit::Place place = {}) {
  return {.options = std::move(options),
          .inputs = {{{"name", Type::kText}, {"age", Type::kInt64}}},
          .place = place};
}

const Rows kPeople = {{{"name", "a b"}, {"age", 1}}, {{"name", "c,d"}, {"age", 2}}};

std::string printed(const Setup& setup) {
  Redirected output(STDOUT_FILENO);
  Harness console(loaded("io/console"), setup);
  console.push(kPeople);
  console.end();
  return output.read_all();
}

}  // namespace

TEST_CASE("console prints a line of JSON for every record") {
  CHECK(printed(people({})) == "{\"name\":\"a b\",\"age\":1}\n{\"name\":\"c,d\",\"age\":2}\n");
}

TEST_CASE("console puts its prefix before every line") {
  CHECK(printed(people({{"prefix", "> "}, {"format", "csv"}})) ==
        "> name,age\n> a b,1\n> \"c,d\",2\n");
}

TEST_CASE("console prints no csv header where several instances would") {
  CHECK(printed(people({{"format", "csv"}}, {.subtask = 0, .parallelism = 2})) ==
        "a b,1\n\"c,d\",2\n");
}

TEST_CASE("console separates the values of text by tabs") {
  CHECK(printed(people({{"format", "text"}})) == "a b\t1\nc,d\t2\n");
}

TEST_CASE("console prints a batch before the next one comes") {
  Redirected output(STDOUT_FILENO);
  Harness console(loaded("io/console"), people({{"format", "text"}}));
  console.push(kPeople);
  char buffer[64];
  CHECK(::read(output.other(), buffer, sizeof buffer) == 12);
}

TEST_CASE("console never mixes the lines of its instances") {
  constexpr int kInstances = 4;
  constexpr int kBatches = 50;
  Redirected output(STDOUT_FILENO);
  std::map<std::string, int> seen;
  std::jthread reader([&] {
    std::string all;
    char buffer[999];
    for (ssize_t n = 0; (n = ::read(output.other(), buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(n));
    }
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) {
      ++seen[line];
    }
  });
  {
    std::vector<std::jthread> instances;
    for (int i = 0; i < kInstances; ++i) {
      instances.emplace_back([i] {
        Harness console(loaded("io/console"),
                        {.options = {{"format", "text"}}, .inputs = {{{"line", Type::kText}}}});
        const Rows rows(100, {{"line", std::string(300 + i, static_cast<char>('a' + i))}});
        for (int batch = 0; batch < kBatches; ++batch) {
          console.push(rows);
        }
      });
    }
  }
  output.restore();
  reader.join();
  REQUIRE(seen.size() == kInstances);
  for (const auto& [line, times] : seen) {
    CHECK(times == kBatches * 100);
  }
}

TEST_CASE("console says that standard output was closed") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  std::string message;
  {
    Redirected output(STDOUT_FILENO);
    output.close_other();
    Harness console(loaded("io/console"), people({}));
    try {
      console.push(kPeople);
    } catch (const sage::Failure& failure) {
      message = failure.what();
      CHECK(failure.code() == SAGE_E_IO);
    }
  }
  std::signal(SIGPIPE, before);
  CHECK(message == "standard output was closed");
}

TEST_CASE("console gives up waiting for its reader when the job is cancelled") {
  Redirected output(STDOUT_FILENO);
  Harness console(loaded("io/console"), people({{"format", "text"}}));
  console.host().cancel();
  const Rows rows(1000, {{"name", std::string(1000, 'x')}});
  sage_status status = SAGE_OK;
  try {
    console.push(rows);
  } catch (const sage::Failure& failure) {
    status = failure.code();
  }
  output.restore();
  CHECK(status == SAGE_E_CANCELLED);
}

TEST_CASE("null takes every record and shows nothing") {
  Redirected output(STDOUT_FILENO);
  Harness null(loaded("io/null"), people({}));
  null.push(kPeople);
  null.end();
  CHECK(output.read_all().empty());
  CHECK(null.rejects().empty());
}
