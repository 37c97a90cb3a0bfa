#include "spec/toml_reader.hpp"

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)
using spec::read_toml;
using spec::Table;
using spec::Value;

namespace {

std::string where(const Place& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + "+" +
         std::to_string(place.length);
}

std::string keys(const Table& table) {
  std::string out;
  for (const spec::Member& member : table) {
    out += member.key.value + " ";
  }
  return out;
}

}  // namespace

TEST_CASE("toml: keys come in the order of the file", "[spec]") {
  const auto root = read_toml("z = 1\na = 2\n[m]\nzz = 1\nb = { q = 1, c = 2 }\nA = 3\n[b]\n", "f");
  REQUIRE(root);
  CHECK(keys(*root) == "z a m b ");
  CHECK(keys(*spec::find(*root, "m")->table()) == "zz b A ");
  CHECK(keys(*spec::find(*spec::find(*root, "m")->table(), "b")->table()) == "q c ");
  const auto dotted = read_toml("t.z.x = 1\nt.a = 2\nt.z.b = 3\n", "f");
  REQUIRE(dotted);
  CHECK(keys(*spec::find(*dotted, "t")->table()) == "z a ");
}

TEST_CASE("toml: every key and value has its place, in bytes", "[spec]") {
  const auto root = read_toml(
      "a = 12\n\"\xc3\xa9\" = \"\xc3\xbc\" # x\nl = [1, [22, \"\xe2\x82\xac\"], true]\n"
      "t = { x = 1.5, y = '''\nb''' }\n[[s]]\n  k = 2024-01-01T00:00:00Z\n",
      "f.toml");
  REQUIRE(root);
  CHECK(where((*root)[0].key.place) == "1:1+1");
  CHECK(where((*root)[0].value.place) == "1:5+2");
  CHECK((*root)[0].value.place.file == "f.toml");
  CHECK(where((*root)[1].key.place) == "2:1+4");
  CHECK(where((*root)[1].value.place) == "2:8+4");
  const Value& list = (*root)[2].value;
  CHECK(where(list.place) == "3:5+22");
  CHECK(where((*list.list())[1].place) == "3:9+11");
  CHECK(where((*(*list.list())[1].list())[1].place) == "3:14+5");
  CHECK(where((*list.list())[2].place) == "3:22+4");
  const Table& table = *(*root)[3].value.table();
  CHECK(where(table[0].value.place) == "4:11+3");
  CHECK(where(table[1].value.place) == "4:20+3");  // to the end of its first line
  const Value& stages = (*root)[4].value;
  REQUIRE(stages.list() != nullptr);
  CHECK(where((*stages.list())[0].place) == "6:1+5");
  const Value& time = (*(*stages.list())[0].table())[0].value;
  REQUIRE(time.date() != nullptr);
  CHECK(*time.date() == "2024-01-01T00:00:00Z");
  CHECK(where(time.place) == "7:7+20");
}

TEST_CASE("toml: columns are right far to the right of a line", "[spec]") {
  std::string text = "x = [";
  for (int i = 0; i < 3000; ++i) {
    text += "\"\xe2\x82\xac\",";
  }
  const auto root = read_toml(text + "7]", "f");
  REQUIRE(root);
  const spec::List& list = *(*root)[0].value.list();
  REQUIRE(list.size() == 3001);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    REQUIRE(list[i].place.column == 6 + i * 6);
    REQUIRE(list[i].place.length == 5);
  }
  CHECK(list[3000].place.column == 6 + 3000 * 6);
}

TEST_CASE("toml: types", "[spec]") {
  const auto root = read_toml(
      "b = true\ni = 0x1F\nf = 1e3\ns = \"\\u00e9\\n\"\nl = []\nt = {}\nd = 2024-01-01\nc = "
      "12:30:01\n",
      "f");
  REQUIRE(root);
  CHECK(type_name(*spec::find(*root, "b")) == "boolean");
  CHECK(std::get<std::int64_t>(spec::find(*root, "i")->data) == 31);
  CHECK(std::get<double>(spec::find(*root, "f")->data) == 1000);
  CHECK(*spec::find(*root, "s")->text() == "\xc3\xa9\n");
  CHECK(type_name(*spec::find(*root, "l")) == "list");
  CHECK(type_name(*spec::find(*root, "t")) == "table");
  CHECK(*spec::find(*root, "d")->date() == "2024-01-01");
  CHECK(spec::find(*root, "d")->text() == nullptr);
  CHECK(*spec::find(*root, "c")->date() == "12:30:01");
  CHECK(spec::find(*root, "nothing") == nullptr);
}

TEST_CASE("toml: lines of a text", "[spec]") {
  CHECK(spec::split_lines("").empty());
  CHECK(spec::split_lines("a") == std::vector<std::string>{"a"});
  CHECK(spec::split_lines("a\n") == std::vector<std::string>{"a"});
  CHECK(spec::split_lines("a\r\n\nb") == std::vector<std::string>{"a", "", "b"});
}

TEST_CASE("toml: letters that the library's test for white space does not survive", "[spec]") {
  const auto root = read_toml("a = \"\"\"x \\\n  \xc3\xa9\"\"\"\n", "f");
  REQUIRE(root);
  CHECK(*(*root)[0].value.text() == "x \xc3\xa9");
  CHECK(!read_toml("x = -0'''\xc3\xa9nan\"1", "f"));
  const auto stray = read_toml("caf\xc3\xa9 = 1", "f");
  REQUIRE(!stray);
  CHECK(stray.error().message.find("can only stand in a quoted text") != std::string::npos);
  CHECK(!read_toml("[[[[a]]\n", "f"));
  CHECK(!read_toml("x = [}12:30.5", "f"));
  CHECK(!read_toml("x = 2024-01-01true-01", "f"));
}

TEST_CASE("toml: one value is read like one behind a key", "[spec]") {
  const auto number = [](std::string_view text) {
    return std::get<std::int64_t>(spec::read_toml_value(text).value().data);
  };
  CHECK(number("10") == 10);
  CHECK(number(" -3 ") == -3);
  CHECK(number("+3") == 3);
  CHECK(std::get<double>(spec::read_toml_value("0.5").value().data) == 0.5);
  CHECK(*spec::read_toml_value("\"a \\\"b\\\" \\n\"").value().text() == "a \"b\" \n");
  CHECK(*spec::read_toml_value("'\\s+'").value().text() == "\\s+");
  CHECK(spec::read_toml_value("[\"a\", \"b\"]").value().list()->size() == 2);
  CHECK(spec::read_toml_value("{}").value().table()->empty());
  for (const char* bad : {"", "x", "\"a", "[1", "[1 2]", "1\nb = 2", "1 2", "'a", "\"\\q\"", "+"}) {
    CHECK_FALSE(spec::read_toml_value(bad));
  }
  CHECK_FALSE(spec::read_toml_value(std::string(1000, '[')));
}
