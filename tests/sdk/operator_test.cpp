#include <sage/testkit.hpp>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::testkit::Harness;

using Lines = std::vector<std::string>;

// ASCII upper case in place where the batch allows it, row by row where it does not.
struct Upper {
  explicit Upper(sage::Context& ctx, const sage::Config&)
      : line_(ctx.input().field<std::string_view>("line")) {}
  sage_status process(sage::Batch batch, sage::Out&) {
    if (!batch.writable())
      return SAGE_FORWARD;
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      const std::string_view text = batch[i][line_];
      std::uint8_t* p =
          batch.edit(i) + (reinterpret_cast<const std::uint8_t*>(text.data()) - batch[i].body());
      for (std::size_t k = 0; k < text.size(); ++k) {
        p[k] = static_cast<std::uint8_t>(p[k] >= 'a' && p[k] <= 'z' ? p[k] - 32 : p[k]);
      }
    }
    return SAGE_IN_PLACE;
  }
  sage::Field<std::string_view> line_;
};

struct Numbers {
  explicit Numbers(const sage::Config& config) : left_(config.integer("count")) {}
  static sage::Options options() {
    return {sage::option("count", sage::kInt).value("3").min(0).help("how many"),
            sage::option("every", sage::kDuration).text("1m30s"),
            sage::option("room", sage::kBytes).text("2MiB"),
            sage::option("names", sage::kText).list().value("[]"),
            sage::option("set", sage::kAny).table().value("{}"),
            sage::option("mode", sage::kText).text("a\"b").allowed({"a\"b", "c"}),
            sage::option("token", sage::kText).secret()};
  }
  void open(sage::Context& ctx) {
    ctx_ = &ctx;
    n_ = ctx.output().field<std::int64_t>("n");
    read_ = ctx.metrics().counter("read");
    left_gauge_ = ctx.metrics().gauge("left");
  }
  sage::Poll poll(sage::Out& out, std::uint32_t max) {
    for (std::uint32_t i = 0; i < max && left_ > 0; ++i, --left_) {
      if (left_ == 2 && !ctx_->reject_raw(sage::as_bytes("two"), SAGE_E_DATA, "not two"))
        break;
      if (left_ == 2)
        continue;
      out.row().begin(left_);
      out.row().set(n_, left_);
      out.row().end();
      ++read_;
      ctx_->get_metrics().record("size", 8);
    }
    out.watermark(-left_);
    left_gauge_.set(static_cast<double>(left_));
    ctx_->info("left: ", left_, " of ", std::string("them"));
    ctx_->wait_delay(std::chrono::milliseconds(5));
    return left_ > 0 ? sage::Poll::kOk : sage::Poll::kEnd;
  }
  std::int64_t left_;
  sage::Context* ctx_ = nullptr;
  sage::Field<std::int64_t> n_;
  sage::Counter read_;
  sage::Gauge left_gauge_;
};

// Counts words per key; a sum per key through per-record access; the texts of a key.
struct Count {
  void open(sage::Context& ctx) {
    count_ = ctx.keyed_state<std::int64_t>("n");
    texts_ = ctx.keyed_blob("texts");
    key_ = {ctx.input(), ctx.keys(), ctx.output()};
    line_ = ctx.input().field<std::string_view>("line");
    n_ = ctx.output().field<std::int64_t>("n");
    joined_ = ctx.output().field<std::string_view>("joined");
  }
  void process(sage::Batch batch, sage::Out&) {
    const auto counts = count_.slots(batch);
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      ++counts[i];
      texts_.append(texts_.get(batch, i), sage::as_bytes(batch[i][line_]));
    }
  }
  sage_status finish(sage::Out& out) {
    const bool done = count_.scan(cursor_, [&](sage::BytesView key, std::int64_t& n) {
      sage::Row& row = out.row();
      row.begin();
      key_.write(row, key);
      row.set(n_, n);
      row.end();
      return ++given_ % 40 != 0;  // to be continued
    });
    return done ? SAGE_OK : SAGE_MORE;
  }
  sage::KeyedState<std::int64_t> count_;
  sage::KeyedBlob texts_;
  sage::KeyFields key_;
  sage::Field<std::string_view> line_;
  sage::Field<std::string_view> joined_;
  sage::Field<std::int64_t> n_;
  sage::KeyCursor cursor_;
  int given_ = 0;
};

struct Running {
  void open(sage::Context& ctx) {
    sum_ = ctx.keyed_state<std::int64_t>("sum");
    n_ = ctx.input().field<std::int64_t>("n");
  }
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    row.set(n_, sum_.get() += record[n_]);
  }
  sage::KeyedState<std::int64_t> sum_;
  sage::Field<std::int64_t> n_;
};

struct ByHash {
  std::uint32_t partition(sage::Record record, std::uint32_t n) {
    return static_cast<std::uint32_t>(sage::stable_hash(record.get(sage::Field<std::int64_t>{})) %
                                      n);
  }
};

struct Collect {
  inline static std::vector<std::string> said;
  void write(sage::Batch batch) { said.push_back("write " + std::to_string(batch.size())); }
  std::string prepare() { return std::string("a\0b", 3); }
  void commit(std::string_view handle) {
    said.push_back("commit " + std::to_string(handle.size()));
  }
  void abort() { said.push_back("abort"); }
  void close() { said.push_back("close"); }
};

}  // namespace

TEST_CASE("a batch-level operator forwards or edits in place", "[sdk]") {
  Harness h(sage::operator_of<Upper>("upper", "").traits(SAGE_TRAIT_IN_PLACE),
            {.inputs = {{{"line", Type::kText}}}});
  h.push({{{"line", "abc Äz"}}, {{"line", ""}}});
  CHECK(h.json() == Lines{R"({"line":"ABC ÄZ"})", R"({"line":""})"});
  CHECK(h.forwarded() == 1);
}

TEST_CASE("a source polls, rejects raw input, waits and counts", "[sdk]") {
  Harness h(sage::operator_of<Numbers>("numbers", "")
                .outputs({sage::port("out").field("n", Type::kInt64)}),
            {.options = {{"count", 4}}});
  CHECK(h.poll(1) == SAGE_OK);
  CHECK(h.poll_all() == SAGE_END);
  CHECK(h.json() == Lines{R"({"n":4})", R"({"n":3})", R"({"n":1})"});
  CHECK(h.output()[0].ts == 4);
  CHECK(h.output_watermark() == 0);
  REQUIRE(h.rejects().size() == 1);
  CHECK(h.rejects()[0].index == SAGE_NO_INDEX);
  CHECK(h.rejects()[0].raw == "two");
  CHECK(h.metric("read") == 3);
  CHECK(h.host().metric("size").count == 3);
  CHECK(h.host().messages().back() == "left: 0 of them");
  CHECK(h.host().delay_ns() == 5'000'000);
}

TEST_CASE("options reach the host as declared and the operator as given", "[sdk]") {
  const sage::OperatorTable table(sage::operator_of<Numbers>("numbers", "counts"));
  const sage_operator& op = *table.get();
  CHECK(op.kind == SAGE_KIND_SOURCE);
  CHECK(op.n_inputs == 0);
  CHECK(op.n_outputs == 1);
  REQUIRE(op.n_options == 7);
  CHECK(op.options[0]->default_value == std::string("3"));
  CHECK((op.options[0]->flags & SAGE_OPT_MIN) != 0);
  CHECK(op.options[3]->flags == SAGE_OPT_LIST);
  CHECK(op.options[5]->default_value == std::string("\"a\\\"b\""));
  CHECK(op.options[5]->n_allowed == 2);
  CHECK(op.options[6]->default_value == nullptr);
  CHECK(op.get_role(&op, "sage.role.unknown/1") == nullptr);
  CHECK(op.get_role(&op, SAGE_ROLE_SINK) == nullptr);

  using namespace sage::testkit;
  const Options options(
      op, {{"set", OptionTable{{"z", 1}, {"a", "text"}, {"m", OptionList{1.5, true}}}}});
  const sage::Config config(options.table());
  CHECK(config.duration("every") == std::chrono::seconds(90));
  CHECK(config.integer("room") == 2 << 20);
  CHECK(config.text("mode") == "a\"b");
  CHECK(config.integer("count") == 3);
  CHECK(config.real("count") == 3.0);
  CHECK_FALSE(config.has("token"));
  CHECK(config.text("token").empty());
  std::string walk;
  for (const auto [key, value] : config["set"]) {
    walk += std::string(key) + (value.is_list() ? "[" + std::to_string(value.size()) : ":");
  }
  CHECK(walk == "z:a:m[2");
  CHECK(config["set"].find("m")[0].real() == 1.5);
  CHECK_FALSE(config["set"].find("none"));
  CHECK_THROWS_AS(Options(op, {{"unknown", 1}}), sage::Failure);
}

TEST_CASE("keyed state is by exact key and its keys read back as fields", "[sdk]") {
  const std::vector<sage::FieldSpec> input = {
      {"line", Type::kText}, {"x", Type::kFloat64}, {"on", Type::kBool}, {"k", Type::kInt64}};
  sage::Port out = sage::port("out");
  out.field("line", Type::kText).field("on", Type::kBool).field("k", Type::kInt64);
  out.field("x", Type::kFloat64).field("n", Type::kInt64).field("joined", Type::kText);
  const auto run = [&](std::vector<std::string> keys, const sage::testkit::Rows& rows) {
    Harness h(sage::operator_of<Count>("count", "").outputs({out}),
              {.inputs = {input}, .keys = std::move(keys)});
    h.push(rows);
    h.push(rows);
    h.end();
    return h.rows();
  };
  const auto one =
      run({"line"}, {{{"line", "b"}}, {{"line", ""}}, {{"line", std::string("b\0", 2)}}});
  REQUIRE(one.size() == 3);
  CHECK(one[0][0].second == "");
  CHECK(one[2][0].second == std::string("b\0", 2));
  CHECK(one[2][4].second == 2);
  const auto several = run({"line", "on", "x"}, {{{"line", "a"}, {"on", true}, {"x", 1.5}},
                                                 {{"line", "a"}, {"on", true}, {"x", -0.0}},
                                                 {{"line", "a"}, {"on", true}, {"x", 0.0}}});
  REQUIRE(several.size() == 2);
  CHECK(several[0][0].second == "a");
  CHECK(several[0][1].second == true);
  CHECK(several[0][3].second == 0.0);
  CHECK(several[0][4].second == 4);
  sage::testkit::Rows many;
  for (int k = 0; k < 1000; ++k) {
    many.push_back({{"k", k}});
  }
  CHECK(run({"k"}, many).size() == 1000);
  CHECK_THROWS_AS(run({}, {}), sage::Failure);
}

TEST_CASE("a per-record method finds the value of the key at hand", "[sdk]") {
  Harness h(sage::operator_of<Running>("sum", "").kind(SAGE_KIND_KEYED),
            {.inputs = {{{"k", Type::kText}, {"n", Type::kInt64}}}, .keys = {"k"}});
  h.push({{{"k", "a"}, {"n", 1}}, {{"k", "b"}, {"n", 10}}, {{"k", "a"}, {"n", 2}}});
  CHECK(h.json() == Lines{R"({"k":"a","n":1})", R"({"k":"b","n":10})", R"({"k":"a","n":3})"});
}

TEST_CASE("a partitioner and a sink are driven through their roles", "[sdk]") {
  const sage::testkit::Setup setup = {.inputs = {{{"n", Type::kInt64}}}};
  Harness p(sage::operator_of<ByHash>("by_hash", ""), setup);
  p.set_targets(3);
  p.push({{{"n", 1}}, {{"n", 2}}, {{"n", 1}}});
  REQUIRE(p.targets().size() == 3);
  CHECK(p.targets()[0] == p.targets()[2]);
  CHECK(p.targets()[1] < 3);
  {
    Harness s(sage::operator_of<Collect>("collect", ""), setup);
    s.push({{{"n", 1}}, {{"n", 2}}});
    s.end();
    s.abort();
  }
  CHECK(Collect::said == Lines{"write 2", "commit 3", "abort", "close"});
}

TEST_CASE("a sink can be committed by an instance that was only created, and again") {
  Collect::said.clear();
  std::string handle;
  {
    Harness s(sage::operator_of<Collect>("collect", ""), {.inputs = {{{"line", Type::kText}}}});
    handle = s.prepare();
  }
  Harness other(sage::operator_of<Collect>("collect", ""),
                {.inputs = {{{"line", Type::kText}}}, .open = false});
  other.commit(handle);
  other.commit(handle);
  CHECK(Collect::said == Lines{"close", "commit 3", "commit 3"});
}

TEST_CASE("stable_hash never changes", "[sdk]") {
  // Computed by an implementation of its own in another language.
  CHECK(sage::stable_hash("") == 0xefd01f60ba992926u);
  CHECK(sage::stable_hash("a") == 0x82a2a958a9bece5bu);
  CHECK(sage::stable_hash("foobar") == 0x2c22194922d1672bu);
  CHECK(sage::stable_hash("gr\xc3\xbc\xc3\x9f"
                          "e") == 0xee29eaa8207e2bfbu);
  CHECK(sage::stable_hash(std::string_view("\0", 1)) == 0xb9034ad37056f5fbu);
  CHECK(sage::stable_hash(std::string(1000, 'x')) == 0x27c232bef26106bau);
  CHECK(sage::stable_hash(std::int64_t{1}) == 0x4a3a3a4ba6523826u);
  CHECK(sage::stable_hash(std::int64_t{-1}) == 0x6a92c0228678c02eu);
}
