#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::testkit::Harness;
using Lines = std::vector<std::string>;

const std::vector<std::vector<sage::FieldSpec>> kNumbers = {{{"n", Type::kInt64}}};

// Three rows for each watermark, one in each call.
struct Late {
  explicit Late(sage::Context& ctx, const sage::Config&)
      : n_(ctx.output().field<std::int64_t>("n")) {}
  sage_status process(sage::Batch, sage::Out&) { return SAGE_OK; }
  sage_status on_watermark(std::int64_t ts, sage::Out& out) {
    out.row().begin(ts);
    out.row().set(n_, ts + calls_);
    out.row().end();
    return ++calls_ % 3 == 0 ? SAGE_OK : SAGE_MORE;
  }
  sage::Field<std::int64_t> n_;
  std::int64_t calls_ = 0;
};

struct Odd {
  explicit Odd(sage::Context& ctx, const sage::Config&)
      : n_(ctx.input().field<std::int64_t>("n")) {}
  bool filter(sage::Record record) { return record[n_] % 2 == 1; }
  sage::Field<std::int64_t> n_;
};

std::string toy(const std::string& name) { return SAGE_BUILD_DIR "/tests/toys/" + name + ".so"; }

std::string said(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("testkit: a watermark is told again to an operator that answers MORE", "[sdk]") {
  Harness h(sage::operator_of<Late>("late", ""), {.inputs = kNumbers});
  h.watermark(10);
  CHECK(h.json() == Lines{R"({"n":10})", R"({"n":11})", R"({"n":12})"});
}

TEST_CASE("testkit: of a batch with a selection only what is selected counts", "[sdk]") {
  const sage::SchemaTable schema(kNumbers[0]);
  const sage::testkit::InputBatch rows(schema.get(), {{{"n", 1}}, {{"n", 2}}, {{"n", 3}}}, {});
  const std::uint32_t selected[] = {1, 2};
  sage_batch batch = *rows.get();
  batch.rows = selected;
  batch.n_rows = 2;
  Harness h(sage::operator_of<Odd>("odd", ""), {.inputs = kNumbers});
  h.give(&batch);
  CHECK(h.json() == Lines{R"({"n":3})"});
}

TEST_CASE("testkit: a plugin's file is loaded as an engine does", "[sdk]") {
  const sage::testkit::PluginFile plugin(toy("ok"));
  CHECK(plugin.op("tally")->kind == SAGE_KIND_MAP);
  CHECK(said([&] { plugin.op("none"); }) == "toy has no operator none");
  CHECK_THAT(said([] { sage::testkit::PluginFile(toy("gone")); }), Catch::Contains("gone.so"));
  CHECK_THAT(said([] { sage::testkit::PluginFile(toy("refuses_host")); }),
             Catch::Contains("refuses this host"));
  CHECK_THAT(said([] { sage::testkit::PluginFile(toy("init_fails")); }),
             Catch::Contains("its init fails"));
}

TEST_CASE("testkit: what was got is shown beside what was wanted", "[sdk]") {
  using sage::testkit::expect;
  CHECK(said([] { expect(std::vector<int>{1, 2}, {1, 2}); }) == "nothing");
  CHECK(said([] { expect(std::vector<int>{1}, {}); }) ==
        "not what was wanted\n  want nothing\n  got\n    1");
}
