#include <sage/testkit.hpp>

#include <functional>
#include <random>

#include <catch2/catch.hpp>

namespace {

using sage::FieldSpec;
using sage::Type;
using sage::testkit::Harness;

const std::vector<FieldSpec> kTwoTexts = {
    {"a", Type::kText}, {"on", Type::kBool}, {"b", Type::kText}};

// Runs a function for each record, so that a test writes its operator in place.
struct PerRecord {
  using Call = std::function<void(sage::Record, sage::Out&)>;
  inline static Call call;
  void flat_map(sage::Record record, sage::Out& out) { call(record, out); }
};

std::vector<FieldSpec> numbers() { return {{"n", Type::kInt64}}; }

sage::OperatorSpec per_record(sage::Port out, PerRecord::Call call) {
  PerRecord::call = std::move(call);
  return sage::operator_of<PerRecord>("call", "").outputs({std::move(out)});
}

sage::testkit::Rows rows_of(std::initializer_list<std::int64_t> values) {
  sage::testkit::Rows rows;
  for (const std::int64_t n : values) {
    rows.push_back({{"n", n}});
  }
  return rows;
}

std::int64_t number(sage::Record record) { return record.get(sage::Field<std::int64_t>{}); }

std::string text_of(std::size_t size, std::size_t seed) {
  std::string text(size, 'x');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('a' + (i * 7 + seed) % 26);
  }
  return text;
}

sage::Port two_texts() {
  return sage::port("out").field("a", Type::kText).field("on", Type::kBool).field("b", Type::kText);
}

// Rejects every seventh record, sets the last number of the others and, where there is one, a text.
class LastNumber {
 public:
  LastNumber(sage::Context& ctx, const sage::Config&) {
    const sage::SchemaView out = ctx.output();
    const bool text = out.has("text");
    last_ = out.field<std::int64_t>(out.size() - (text ? 2 : 1));
    if (text)
      text_ = out.field<std::string_view>("text");
  }
  void map(sage::Record record, sage::Row& row) {
    const std::int64_t n = number(record);
    row.set(last_, n);
    if (text_)
      row.set(*text_, text_of(static_cast<std::size_t>(n % 50), 0));
    if (n % 7 == 0)
      throw sage::RecordError("seventh");
  }

 private:
  sage::Field<std::int64_t> last_;
  std::optional<sage::Field<std::string_view>> text_;
};

}  // namespace

TEST_CASE("a row that outgrows its slab moves with what is written of it", "[sdk]") {
  const auto call = [](sage::Record record, sage::Out& out) {
    sage::Row& row = out.row();
    const auto s = row.schema();
    const auto n = static_cast<std::size_t>(number(record));
    row.begin(record);
    row.set(s.field<bool>("on"), n % 2 == 1);
    row.set(s.field<std::string_view>("a"), text_of(n, 1));
    row.set(s.field<std::string_view>("b"), text_of(3 * n, 2));
    row.end();
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  const auto sizes = {0, 1, 7, 8, 9, 5000, 5461, 5462, 100'000, 15, 1'000'000, 16};
  h.push(rows_of({0, 1, 7, 8, 9, 5000, 5461, 5462, 100'000, 15, 1'000'000, 16}), {7, 8});
  REQUIRE(h.output().size() == sizes.size());
  auto row = h.output().begin();
  for (const int n : sizes) {
    const auto size = static_cast<std::size_t>(n);
    CHECK(row->fields[0].second == text_of(size, 1));
    CHECK(row->fields[1].second == (n % 2 == 1));
    CHECK(row->fields[2].second == text_of(3 * size, 2));
    ++row;
  }
  CHECK(h.output()[1].ts == 8);
  CHECK(h.output()[2].ts == SAGE_NO_TS);
}

TEST_CASE("a rejected record leaves no row and takes none of the others along", "[sdk]") {
  const auto call = [](sage::Record record, sage::Out& out) {
    sage::Row& row = out.row();
    const auto a = row.schema().field<std::string_view>("a");
    for (int i = 0; i < 40; ++i) {  // over several slabs
      row.begin();
      row.set(a, std::to_string(number(record)) + std::string(1000, '.'));
      if (i == 30 && number(record) % 2 == 0)
        throw sage::RecordError(SAGE_E_RANGE, "even");
      row.end();
    }
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  h.push(rows_of({0, 1, 2, 3, 4}));
  REQUIRE(h.output().size() == 80);
  CHECK(h.output()[0].fields[0].second.text()[0] == '1');
  CHECK(h.output()[79].fields[0].second.text()[0] == '3');
  REQUIRE(h.rejects().size() == 3);
  CHECK(h.rejects()[1].index == 2);
  CHECK(h.rejects()[1].code == SAGE_E_RANGE);
  CHECK(h.rejects()[1].message == "even");
}

TEST_CASE("a row over 16 MiB is the error of its record", "[sdk]") {
  const std::string big(SAGE_MAX_RECORD - 24 - 9, 'x');  // the struct, the NUL, and room for 8 more
  const auto call = [&](sage::Record record, sage::Out& out) {
    sage::Row& row = out.row();
    row.begin();
    row.set(row.schema().field<std::string_view>("a"), big);
    row.set(row.schema().field<std::string_view>("b"),
            std::string_view("12345678901", number(record)));
    row.end();
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  h.push(rows_of({7, 8, 0}));
  CHECK(h.output().size() == 2);
  REQUIRE(h.rejects().size() == 1);
  CHECK(h.rejects()[0].index == 1);
  CHECK(h.rejects()[0].code == SAGE_E_TOO_LARGE);
}

TEST_CASE("a record that explodes is rejected wherever it stands in its batch", "[sdk]") {
  const std::string big(15u << 20, 'x');
  const auto call = [&](sage::Record record, sage::Out& out) {
    for (std::int64_t i = 0; i < number(record); ++i) {
      sage::Row& row = out.row();
      row.begin();
      row.set(row.schema().field<std::string_view>("a"), big);
      row.end();
    }
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  h.push(rows_of({5, 1, 5, 4}));
  CHECK(h.output().size() == 5);
  REQUIRE(h.rejects().size() == 2);
  CHECK(h.rejects()[1].index == 2);
  CHECK(h.rejects()[1].code == SAGE_E_FULL);
}

TEST_CASE("a record may give millions of small rows, and more than fit are its error", "[sdk]") {
  const auto call = [&](sage::Record record, sage::Out& out) {
    for (std::int64_t i = 0; i < number(record); ++i) {
      out.row().begin();
      out.row().end();
    }
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  h.push(rows_of({1'000'000, 10'000'000, 1}));
  CHECK(h.output().size() == 1'000'001);
  REQUIRE(h.rejects().size() == 1);
  CHECK(h.rejects()[0].index == 1);
  CHECK(h.rejects()[0].code == SAGE_E_FULL);
}

TEST_CASE("a row that was begun and not ended is the error of its record", "[sdk]") {
  const auto call = [&](sage::Record record, sage::Out& out) {
    out.row().begin();
    if (number(record) != 2) {
      out.row().end();
    }
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  h.push(rows_of({1, 2, 3}));
  CHECK(h.output().size() == 2);
  REQUIRE(h.rejects().size() == 1);
  CHECK(h.rejects()[0].index == 1);
}

TEST_CASE("a call that has written a mebibyte goes on in the next one", "[sdk]") {
  const auto call = [](sage::Record record, sage::Out& out) {
    sage::Row& row = out.row();
    row.begin();
    row.set(row.schema().field<std::string_view>("a"),
            std::to_string(number(record)) + std::string(300'000, '.'));
    row.end();
  };
  Harness h(per_record(two_texts(), call), {.inputs = {numbers()}});
  const std::uint32_t before = h.calls();
  h.push(rows_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  CHECK(h.calls() - before == 3);
  REQUIRE(h.output().size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(h.output()[i].fields[0].second.text().substr(0, 2) == std::to_string(i) + ".");
  }
}

TEST_CASE("a map gives rows of any width over slabs and calls, and zero what it does not set",
          "[sdk]") {
  const int width = GENERATE(1, 2, 3, 8, 9, 20);
  const bool text = GENERATE(false, true);
  std::vector<std::string> names;
  for (int i = 0; i < width; ++i)
    names.emplace_back(1, static_cast<char>('a' + i));
  sage::Port out = sage::port("out");
  for (const std::string& name : names)
    out.field(name.c_str(), Type::kInt64);
  if (text)
    out.field("text", Type::kText);
  sage::testkit::Rows in;
  for (std::int64_t n = 0; n < 20'000; ++n)
    in.push_back({{"n", n}});
  Harness h(sage::operator_of<LastNumber>("last", "").outputs({out}), {.inputs = {numbers()}});
  const std::uint32_t before = h.calls();
  h.push(in);
  std::uint64_t bytes = 0;
  std::size_t wrong = 0;
  std::int64_t n = 0;
  for (const auto& row : h.output()) {
    n += (n + 1) % 7 == 0 ? 2 : 1;
    for (int i = 0; i < width; ++i)
      wrong += row.fields[i].second.integer() != (i == width - 1 ? n : 0) ? 1 : 0;
    if (text)
      wrong += row.fields[width].second.text() != text_of(static_cast<std::size_t>(n % 50), 0);
    bytes += sizeof(sage_record) + row.payload.size();
  }
  CHECK(wrong == 0);
  CHECK(n == 19'998);
  CHECK(h.rejects().size() == 2'858);
  CHECK(h.calls() - before == 1 + bytes / sage::kCallSoftLimit);
}

namespace {

struct Same {
  void map(sage::Record record, sage::Row& row) { row.copy(record); }
};

}  // namespace

TEST_CASE("records that are longer than their struct are copied whole", "[sdk]") {
  const sage::SchemaTable longer({{"n", Type::kInt64}, {"later", Type::kInt64}});
  sage::testkit::Rows rows;
  for (std::int64_t i = 0; i < 5000; ++i) {
    rows.push_back({{"n", i}, {"later", -i}});
  }
  const sage::testkit::InputBatch batch(longer.get(), rows, {});
  Harness h(sage::operator_of<Same>("same", ""), {.inputs = {numbers()}});
  h.give(batch.get());
  REQUIRE(h.output().size() == rows.size());
  bool equal = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const sage_record& record = batch.get()->records[i];
    equal = equal && h.output()[i].payload.size() == record.len &&
            std::memcmp(h.output()[i].payload.data(),
                        batch.get()->buffers[record.buf].data + record.off, record.len) == 0;
  }
  CHECK(equal);
}

TEST_CASE("fields are copied between schemas by name", "[sdk]") {
  const std::vector<FieldSpec> in = {
      {"flag", Type::kBool},    {"t", Type::kText},         {"x", Type::kFloat64},
      {"d", Type::kData},       {"when", Type::kTimestamp}, {"lt", Type::kListText},
      {"li", Type::kListInt64}, {"lf", Type::kListFloat32}, {"gone", Type::kInt64}};
  sage::Port out = sage::port("out").field("first", Type::kBool);
  for (auto spec = in.rbegin() + 1; spec != in.rend(); ++spec) {
    out.field(spec->name.c_str(), spec->type);
  }
  const sage::SchemaTable from(in);
  const auto call = [&](sage::Record record, sage::Out& o) {
    const sage::CopyPlan plan(from.get(), o.row().schema());
    o.row().begin();
    o.row().copy(plan, record);
    o.row().end();
  };
  using namespace sage::testkit;
  Harness h(per_record(out, call), {.inputs = {in}});
  h.push({{{"flag", true},
           {"t", "text"},
           {"x", 1.5},
           {"d", std::string("\0\xff", 2)},
           {"when", 5},
           {"lt", ListOfText{"", "a", "a long one, longer than a word"}},
           {"li", ListOfInt{1, -2}},
           {"lf", ListOfReal{0.5, 2}},
           {"gone", 1}},
          {}});
  CHECK(
      h.json() ==
      std::vector<std::string>{
          R"({"first":false,"lf":[0.5,2],"li":[1,-2],"lt":["","a","a long one, longer than a word"],)"
          R"("when":"1970-01-01T00:00:00.000000005Z","d":"AP8=","x":1.5,"t":"text","flag":true})",
          R"({"first":false,"lf":[],"li":[],"lt":[],"when":"1970-01-01T00:00:00Z","d":"","x":0,)"
          R"("t":"","flag":false})"});
  CHECK_THROWS_AS(sage::CopyPlan(from.get(), from.get(), std::vector<std::string>{"none"}),
                  sage::Failure);
}

namespace {

struct Words {
  inline static std::vector<std::string> words;
  sage_status process(sage::Batch batch, sage::Out& out) {
    sage::TextRows rows(out.row());
    for (; next_ < words.size(); ++next_) {
      if (rows.full())
        return SAGE_MORE;
      const auto length = static_cast<std::uint32_t>(words[next_].size());
      rows.ensure(1, length);
      padded_.assign(words[next_]).append(16, '#');  // what lies behind a word in its buffer
      rows.put(batch[0].ts(), padded_.data(), length);
    }
    return SAGE_OK;
  }
  std::size_t next_ = 0;
  std::string padded_;
};

}  // namespace

TEST_CASE("the fast path writes the same rows as Row does", "[sdk]") {
  const std::uint32_t seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Words::words = {"", "a", text_of(14, 0), text_of(15, 0), text_of(16, 0), text_of(17, 0)};
  for (int i = 0; i < 30'000; ++i) {
    Words::words.push_back(text_of(random() % (i % 100 == 0 ? 3000 : 24), random() % 26));
  }
  Harness h(
      sage::operator_of<Words>("words", "").outputs({sage::port("out").field("word", Type::kText)}),
      {.inputs = {numbers()}});
  h.push(rows_of({1}), {42});
  REQUIRE(h.output().size() == Words::words.size());
  bool equal = true;
  for (std::size_t i = 0; i < Words::words.size(); ++i) {
    equal = equal && h.output()[i].fields[0].second == Words::words[i] && h.output()[i].ts == 42;
  }
  CHECK(equal);
}
