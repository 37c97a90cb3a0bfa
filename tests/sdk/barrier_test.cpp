#include <sage/testkit.hpp>

#include <functional>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::testkit::Harness;

const sage::testkit::Setup kNumbers = {.inputs = {{{"n", Type::kInt64}}}};

// What a per-record method does with 0, 1, 2, ...
void misbehave(std::int64_t n) {
  switch (n) {
    case 1:
      throw sage::RecordError(SAGE_E_RANGE, "one");
    case 2:
      throw std::runtime_error("two");
    case 3:
      throw 3;
    case 4:
      throw std::bad_alloc();
    case 5:
      throw sage::RecordError(std::string("fi\0ve\0", 6));
    case 6:
      throw sage::RecordError(SAGE_OK, "no error code");
    case 99:
      throw sage::Failure(SAGE_E_IO, "the disk is gone");
    default:
      break;
  }
}

struct WithNumber {
  explicit WithNumber(sage::Context& ctx, const sage::Config&)
      : n_(ctx.input().field<std::int64_t>("n")) {}
  sage::Field<std::int64_t> n_;
};
struct Map : WithNumber {
  using WithNumber::WithNumber;
  void map(sage::Record record, sage::Row& row) {
    row.set(n_, record[n_]);
    misbehave(record[n_]);
  }
};
struct Filter : WithNumber {
  using WithNumber::WithNumber;
  bool filter(sage::Record record) {
    misbehave(record[n_]);
    return true;
  }
};
struct Partition : WithNumber {
  using WithNumber::WithNumber;
  std::uint32_t partition(sage::Record record, std::uint32_t n) {
    misbehave(record[n_]);
    return static_cast<std::uint32_t>(record[n_]) % n;
  }
};
struct Sink : WithNumber {
  using WithNumber::WithNumber;
  void write(sage::Record record) { misbehave(record[n_]); }
  void abort() { throw std::runtime_error("cannot abort"); }
};

template <class T>
void check_rejects() {
  Harness h(sage::operator_of<T>("op", ""), kNumbers);
  sage::testkit::Rows rows;
  for (int n = 0; n < 8; ++n) {
    rows.push_back({{"n", n}});
  }
  h.push(rows);
  std::vector<std::pair<sage_status, std::string>> got;
  for (const auto& reject : h.rejects()) {
    CHECK(reject.index == got.size() + 1);
    got.emplace_back(reject.code, reject.message);
  }
  CHECK(got == std::vector<std::pair<sage_status, std::string>>{
                   {SAGE_E_RANGE, "one"},
                   {SAGE_E_FAIL, "two"},
                   {SAGE_E_FAIL, "an exception of unknown type"},
                   {SAGE_E_NOMEM, "out of memory"},
                   {SAGE_E_DATA, "fi\\0ve\\0"},  // whole, though what() ends at a NUL
                   {SAGE_E_FAIL, "no error code"}});
  if (sage::IsTransform<T> || sage::HasFilter<T>)
    CHECK(h.json() == std::vector<std::string>{R"({"n":0})", R"({"n":7})"});
}

sage_status status_of(const std::function<void()>& call) {
  try {
    call();
    return SAGE_OK;
  } catch (const sage::Failure& e) {
    return e.code();
  }
}

// Throws where `at` says.
struct Thrower {
  inline static std::string at;
  explicit Thrower(const sage::Config&) { maybe("create"); }
  void open(sage::Context&) { maybe("open"); }
  void process(sage::Batch, sage::Out& out) {
    out.row().begin();
    out.row().end();
    maybe("process");
  }
  void on_watermark(std::int64_t, sage::Out&) { maybe("watermark"); }
  void finish(sage::Out&) { maybe("finish"); }
  void close() { maybe("close"); }
  static void maybe(const std::string& here) {
    if (at == here)
      throw sage::RecordError(SAGE_E_STATE, here);
  }
};

struct BadSource {
  sage::Poll poll(sage::Out&, std::uint32_t) { throw std::runtime_error("no such host"); }
};

struct BadResolve {
  static void resolve(sage::Resolve& r, const sage::Config&) {
    r.error("a.b", "is wrong", "try c");
    r.require<std::int64_t>("field", "missing");
    r.require<std::string_view>("field", "n");
    throw std::runtime_error("gave up");
  }
  bool filter(sage::Record) { return true; }
};

}  // namespace

TEST_CASE("an exception in a per-record method is the error of its record", "[sdk]") {
  check_rejects<Map>();
  check_rejects<Filter>();
  check_rejects<Partition>();
  check_rejects<Sink>();
}

TEST_CASE("a Failure in a per-record method fails the call and its output is dropped", "[sdk]") {
  Harness h(sage::operator_of<Map>("map", ""), kNumbers);
  CHECK(status_of([&] { h.push({{{"n", 0}}, {{"n", 99}}}); }) == SAGE_E_IO);
  CHECK(h.host().error() == "the disk is gone");
  CHECK(h.output().empty());
  h.push({{{"n", 7}}});
  CHECK(h.json() == std::vector<std::string>{R"({"n":7})"});
}

TEST_CASE("a Failure may ask for the same call again, which begins with its first record",
          "[sdk]") {
  struct Busy : WithNumber {
    using WithNumber::WithNumber;
    void map(sage::Record record, sage::Row& row) {
      row.set(n_, record[n_]);
      if (record[n_] == 2 && busy-- > 0)
        throw sage::Failure(SAGE_E_RETRY, "the server is busy");
    }
    int busy = 1;
  };
  Harness h(sage::operator_of<Busy>("op", ""), kNumbers);
  CHECK(status_of([&] { h.push({{{"n", 1}}, {{"n", 2}}}); }) == SAGE_E_RETRY);
  CHECK(h.host().error() == "the server is busy");
  CHECK(h.output().empty());
  h.push({{{"n", 1}}, {{"n", 2}}});
  CHECK(h.json() == std::vector<std::string>{R"({"n":1})", R"({"n":2})"});
}

TEST_CASE("a call ends when the host says that the job fails of a reject", "[sdk]") {
  sage::testkit::Setup setup = kNumbers;
  setup.place.fail_on_reject = true;
  Harness h(sage::operator_of<Map>("map", ""), setup);
  CHECK(status_of([&] { h.push({{{"n", 1}}, {{"n", 2}}}); }) == SAGE_E_CANCELLED);
  CHECK(h.rejects().size() == 1);
}

TEST_CASE("an exception anywhere else becomes the status of the call", "[sdk]") {
  const auto make = [] {
    return std::make_unique<Harness>(sage::operator_of<Thrower>("op", ""), kNumbers);
  };
  for (const char* at : {"create", "open"}) {
    Thrower::at = at;
    CHECK(status_of([&] { make(); }) == SAGE_E_STATE);
  }
  for (const char* at : {"process", "watermark", "finish"}) {
    Thrower::at = at;
    auto h = make();
    CHECK(status_of([&] {
            h->push({{}});
            h->watermark(1);
            h->end();
          }) == SAGE_E_STATE);
    CHECK(h->host().error() == at);
    CHECK(h->output().size() == (Thrower::at == "process" ? 0 : 1));
  }
  Thrower::at = "close";
  make();
  Thrower::at = "";
  Harness source(sage::operator_of<BadSource>("source", "").outputs({sage::port("out")}), {});
  CHECK(status_of([&] { source.poll(); }) == SAGE_E_FAIL);
  CHECK(source.host().error() == "no such host");
  Harness sink(sage::operator_of<Sink>("sink", ""), kNumbers);
  CHECK(status_of([&] { sink.abort(); }) == SAGE_E_FAIL);
}

TEST_CASE("resolve reports every error it finds", "[sdk]") {
  const auto plan = sage::testkit::lint(sage::operator_of<BadResolve>("bad", ""), kNumbers);
  CHECK(plan.errors ==
        std::vector<std::string>{"a.b: is wrong (try c)",
                                 "field: the input has no field 'missing' (known: n)",
                                 "field: field 'n' is int64, not text", ": gave up"});
}
