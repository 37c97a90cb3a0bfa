#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

namespace {

using sage::FieldSpec;
using sage::Type;
using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::ListOfInt;
using sage::testkit::ListOfReal;
using sage::testkit::ListOfText;
using Lines = std::vector<std::string>;

const std::vector<FieldSpec> kInput = {
    {"page", Type::kText},     {"clicks", Type::kInt64},   {"score", Type::kFloat64},
    {"ok", Type::kBool},       {"raw", Type::kData},       {"at", Type::kTimestamp},
    {"tags", Type::kListText}, {"hits", Type::kListInt64}, {"xs", Type::kListFloat64},
    {"v", Type::kListFloat32}, {"end", Type::kInt64},      {"type", Type::kText}};

const Fields kRow = {{"page", "/a"},
                     {"clicks", 9007199254740993},
                     {"score", 0.1},
                     {"ok", true},
                     {"raw", std::string("\0\xff", 2)},
                     {"at", 1},
                     {"tags", ListOfText{"x", ""}},
                     {"hits", ListOfInt{1, 2, 3}},
                     {"xs", ListOfReal{0.5}},
                     {"v", ListOfReal{0.25, -0.0}},
                     {"end", 7},
                     {"type", "click"}};

// "kept", "dropped" or the record error.
std::string filter(const std::string& where, const Fields& row = kRow,
                   const std::vector<FieldSpec>& input = kInput) {
  Harness harness(loaded("record/filter"), {.options = {{"where", where}}, .inputs = {input}});
  harness.push({row});
  if (!harness.rejects().empty()) {
    REQUIRE(harness.rows().empty());
    return harness.rejects()[0].message;
  }
  return harness.rows().empty() ? "dropped" : "kept";
}

Lines errors(const std::string& where, const std::vector<FieldSpec>& input = kInput) {
  const sage_operator& op = *loaded("record/filter");
  const sage::testkit::Options given(op, {{"where", where}});
  return sage::testkit::resolve(op, given, {.inputs = {input}}).errors;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("filter keeps the records for which the expression is true") {
  CHECK(filter("clicks > 3 and page ~= '/'") == "kept");
  CHECK(filter("clicks > 3 and page == '/'") == "dropped");
  CHECK(filter("#page == 2 and ok") == "kept");
  CHECK(filter("not ok") == "dropped");
  CHECK(filter("string.find(page, 'a', 1, true) ~= nil") == "kept");
  CHECK(filter("page:upper() == '/A' -- as a comment says") == "kept");
  CHECK(filter("math.type(score) == 'float' and utf8.len(page) == 2") == "kept");
}

TEST_CASE("filter hands on what it keeps as it is, event time included") {
  Harness harness(loaded("record/filter"), {.options = {{"where", "clicks % 2 == 0"}},
                                            .inputs = {{{"clicks", Type::kInt64}}}});
  sage::testkit::Rows rows;
  for (int i = 0; i < 200; ++i) {
    rows.push_back({{"clicks", i}});
  }
  harness.push(rows, std::vector<std::int64_t>(200, 42));
  REQUIRE(harness.rows().size() == 100);
  CHECK(harness.rows()[99] == Fields{{"clicks", 198}});
  CHECK(harness.output()[99].ts == 42);
}

TEST_CASE("filter gives Lua every type, integers exactly") {
  CHECK(filter("math.type(clicks) == 'integer' and clicks == 9007199254740993") == "kept");
  CHECK(filter("clicks == 9007199254740992") == "dropped");
  CHECK(filter("score == 0.1 and math.type(at) == 'integer' and at == 1") == "kept");
  CHECK(filter(R"(raw == '\0\xff' and #raw == 2)") == "kept");
  CHECK(filter("#tags == 2 and tags[1] == 'x' and tags[2] == ''") == "kept");
  CHECK(filter("#hits == 3 and math.type(hits[3]) == 'integer' and hits[3] == 3") == "kept");
  CHECK(filter("xs[1] == 0.5 and v[1] == 0.25 and 1 / v[2] < 0") == "kept");
  const std::vector<FieldSpec> one = {{"x", Type::kInt64}};
  const auto lowest = std::numeric_limits<std::int64_t>::min();
  CHECK(filter("x == math.mininteger and x - 1 == math.maxinteger", {{"x", lowest}}, one) ==
        "kept");
  CHECK(filter("1 / x == -math.huge", {{"x", -0.0}}, {{"x", Type::kFloat64}}) == "kept");
}

TEST_CASE("filter makes anything but true and false a record error") {
  CHECK(filter("0") == "where: true or false is needed, and this is 0");
  CHECK(filter("nil") == "where: true or false is needed, and this is nil");
  CHECK(filter("page") == "where: true or false is needed, and this is \"/a\"");
  CHECK(filter("1.0") == "where: true or false is needed, and this is 1.0");
  CHECK(filter("tags") == "where: true or false is needed, and this is a table");
  CHECK(filter("ok and clicks") == "where: true or false is needed, and this is 9007199254740993");
}

TEST_CASE("filter names the field and Lua's reason in a record error, and goes on") {
  CHECK(filter("page > 1") == "where: attempt to compare number with string");
  CHECK(filter("page.x.y") == "where: attempt to index a nil value (field 'x')");
  CHECK(filter("tags + 1 > 2") ==
        "where: attempt to perform arithmetic on a table value (field 'tags')");
  CHECK(filter("ok and\n tags > 5") == "where: line 2: attempt to compare number with table");
  CHECK(filter("error('no good')") == "where: no good");
  CHECK(filter("error()") == "where: error with a nil value");
  CHECK(filter("error({})") == "where: error with a table value");
  CHECK(filter("1 // 0 == 1") == "where: attempt to divide by zero");
  Harness harness(loaded("record/filter"),
                  {.options = {{"where", "10 // x > 1"}}, .inputs = {{{"x", Type::kInt64}}}});
  harness.push({{{"x", 1}}, {{"x", 0}}, {{"x", 2}}});
  CHECK(harness.rows().size() == 2);
  CHECK(harness.rejects().size() == 1);
}

TEST_CASE("filter reaches fields whose names Lua has for itself through r") {
  CHECK(filter("r['end'] == 7 and r.type == 'click' and type(r.type) == 'string'") == "kept");
  CHECK(filter("r.clicks == clicks and r[page == '/a' and 'ok' or 'no']") == "kept");
  CHECK(filter("r.hits[2] == 2") == "kept");
  CHECK(errors("type == 'click'") ==
        Lines{"where: 'type' is Lua's own here (the field 'type' is r[\"type\"])"});
  const Lines found = errors("end == 7");
  REQUIRE(found.size() == 1);
  CHECK(contains(found[0], "<eof> expected near 'end' (the field 'end' is r[\"end\"])"));
  const std::vector<FieldSpec> named_r = {{"r", Type::kInt64}, {"string", Type::kText}};
  CHECK(filter("r.r == 1 and string.len(r.string) == 0", {{"r", 1}}, named_r) == "kept");
  CHECK(errors("r == 1", named_r) ==
        Lines{"where: 'r' is the whole record here (the field 'r' is r[\"r\"])"});
  CHECK(errors("#string > 1", named_r).size() == 1);
}

TEST_CASE("filter finds unknown names before anything runs") {
  CHECK(errors("clicsk > 3") ==
        Lines{"where: there is no field or variable 'clicsk' (did you mean 'clicks'?)"});
  CHECK(errors("clicsk > 3 or clicsk < 1 or pge == ''").size() == 2);
  CHECK(errors("r.clicsk > 3") ==
        Lines{"where: the input has no field 'clicsk' (did you mean 'clicks'?)"});
  CHECK(errors("r['nix'] == 1").size() == 1);
  for (const char* const name : {"print", "load", "os", "io", "require", "dofile", "_G", "_ENV",
                                 "getmetatable", "setmetatable", "pcall", "rawset", "pairs",
                                 "collectgarbage", "debug", "table", "coroutine", "next"}) {
    CAPTURE(name);
    CHECK(errors(std::string(name) + " == nil").size() == 1);
  }
}

TEST_CASE("filter takes names that are members, keys, strings, comments or locals as such") {
  for (const char* const where :
       {"({ nix = 1, ['page'] = 2, clicks })['nix'] == 1",
        "'nix' == [[nix]] or [==[ nix ]] ]==] == \"nix\\\" nix\" --[[ nix ]] -- nix", "ok -- nix",
        "tags.nix == nil and page:len() == 2", "0x1p4 == 16 and 1e+2 == 100",
        "(function(nix) return nix end)(ok)",
        "(function(...) local nix <const>, other = ...; return nix end)(ok)",
        "(function() local function nix(n) return n == 0 or nix(n - 1) end return nix(3) end)()",
        "(function() for nix = 1, 2 do if nix == 2 then return true end end end)()",
        "(function() for nix in string.gmatch(page, '.') do return nix == '/' end end)()",
        "(function() goto nix do return false end ::nix:: return true end)()",
        "(function() local t = { f = 1 } function t:m() return self.f end return t:m() == 1 "
        "end)()"}) {
    CAPTURE(where);
    CHECK(errors(where).empty());
    CHECK((filter(where) == "kept" || filter(where) == "dropped"));
  }
  CHECK(errors("({ nix })[1] == nil").size() == 1);
  CHECK(errors("({ 1; nix = nix })[1] == 1").size() == 1);
}

TEST_CASE("filter refuses what is not one expression") {
  CHECK(errors("clicks >") == Lines{"where: unexpected symbol near <eof>"});
  CHECK(errors("ok and\n(") == Lines{"where: line 2: unexpected symbol near <eof>"});
  for (const char* const where :
       {"", " ", "-- nothing", "ok, ok", "ok;", "ok end, function() return ok", "return ok",
        "x = 5", "ok) or (ok", "\x1bLua"}) {
    CAPTURE(where);
    CHECK(errors(where).size() == 1);
  }
  CHECK(errors("(function() string = 1 return ok end)()").size() == 1);
  CHECK(errors("(function() r = 1 return ok end)()").size() == 1);
}

TEST_CASE("filter works on streams with more fields than Lua has locals") {
  std::vector<FieldSpec> input;
  Fields row;
  std::string sum = "0";
  for (int i = 0; i < 1000; ++i) {
    input.push_back({"f" + std::to_string(i), Type::kInt64});
    row.emplace_back(input.back().name, i);
  }
  CHECK(filter("f999 == 999 and f0 == 0", row, input) == "kept");
  for (int i = 0; i < 400; ++i) {
    sum += " + f" + std::to_string(i);
  }
  CHECK(filter(sum + " == 399 * 200", row, input) == "kept");
}

TEST_CASE("filter bounds the instructions of a record, and the next one starts anew") {
  const std::string loop =
      "(function() local n = 0 while n < clicks do n = n + 1 end return true end)()";
  Harness harness(loaded("record/filter"),
                  {.options = {{"where", loop}}, .inputs = {{{"clicks", Type::kInt64}}}});
  harness.push({{{"clicks", 100'000}},
                {{"clicks", std::int64_t{1} << 60}},
                {{"clicks", 200'000}},
                {{"clicks", 200'000}}});
  CHECK(harness.rows().size() == 3);
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].message == "where: more than 1000000 instructions");
}

TEST_CASE("filter bounds the memory of a record, and the next one has all of it again") {
  Harness harness(loaded("record/filter"),
                  {.options = {{"where", "#page:rep(n) == n"}},
                   .inputs = {{{"page", Type::kText}, {"n", Type::kInt64}}}});
  const auto row = [](std::int64_t n) { return Fields{{"page", "x"}, {"n", n}}; };
  harness.push({row(20 << 20), row(100 << 20), row(20 << 20), row(std::int64_t{1} << 60),
                row(20 << 20), row(20 << 20)});
  CHECK(harness.rows().size() == 4);
  REQUIRE(harness.rejects().size() == 2);
  CHECK(harness.rejects()[0].message == "where: more than 64 MiB of memory");
  CHECK(harness.rejects()[0].code == SAGE_E_NOMEM);
  CHECK(harness.rejects()[1].message == "where: resulting string too large");
  const std::string grow =
      "(function() local t = {} for i = 1, 1e9 do t[i] = page .. i end return true end)()";
  CHECK(contains(filter(grow), "more than"));
}

TEST_CASE("filter survives recursion without end") {
  CHECK(contains(filter("(function() local function f() return 1 + f() end return f() > 0 end)()"),
                 "more than"));
  CHECK(contains(filter("(function() local function f(s) return (s:gsub('.', f)) end "
                        "return f('a') == '' end)()"),
                 "overflow"));
  std::string deep = "ok";
  for (int i = 0; i < 10'000; ++i) {
    deep = "(" + deep + ")";
  }
  CHECK(errors(deep).size() == 1);
}

TEST_CASE("filter gives expressions nothing that outlives a record or reaches out of it") {
  CHECK(contains(filter("string.dump(tostring) == ''"),
                 "attempt to call a nil value (field 'dump')"));
  CHECK(contains(filter("('').dump(tostring) == ''"), "attempt to call a nil value"));
  CHECK(contains(filter("(function() string.find = nil return ok end)()"), "cannot be changed"));
  CHECK(contains(filter("(function() math.pi = 3 return ok end)()"), "cannot be changed"));
  CHECK(contains(filter("(function() r.page = '' return ok end)()"), "cannot be changed"));
  CHECK(filter("(function() page = 'other' return page == 'other' end)()") == "kept");
  CHECK(filter("type(r) == 'userdata' and string.__index == nil and ('').__index == nil") ==
        "kept");
}

TEST_CASE("filter gives the same answer in every run: no chance") {
  const Lines found = errors("math.random() < 0.5 and math['random'](5) > clicks");
  REQUIRE(found.size() == 1);
  CHECK(contains(found[0], "where: math.random is not there"));
  CHECK(contains(found[0], "the same in every run"));
  CHECK(contains(errors("math.randomseed(1) == nil").at(0), "math.randomseed is not there"));
  CHECK(contains(filter("(function() local m = math return m.random() < 2 end)()"),
                 "where: math.random is not there"));
  CHECK(contains(filter("(function() local m = math return m.randomseed(1) end)()"),
                 "where: math.randomseed is not there"));
  CHECK(filter("math.floor(2.5) == 2 and math.max(1, 2) == 2") == "kept");
  CHECK(errors("(function(math) return math.random end)({}) == nil").empty());
}

TEST_CASE("filter gives the same answer in every run: no addresses") {
  for (const char* const where :
       {"tostring(tags) == 'table' and tostring(string) == 'table'",
        "tostring(error) == 'function'",
        "tostring(function() end) == 'function' and tostring(r) == 'record'",
        "tostring(nil) == 'nil' and tostring(ok) == 'true' and tostring(1.5) == '1.5'",
        "string.format('%s,%5.3s,%s', tags, tags, error) == 'table,  tab,function'",
        "('%d%% %s %q %5.1f|%-3s|'):format(7, 'x', 'y', 0.25, 'z') == '7% x \"y\"   0.2|z  |'",
        "string.format('%s %s', 1, nil) == '1 nil'"}) {
    CAPTURE(where);
    CHECK(filter(where) == "kept");
  }
  for (const char* const where :
       {"string.format('%p', tags) ~= ''", "('%s %20p'):format(1, page) ~= ''"}) {
    CAPTURE(where);
    CHECK(filter(where) == "where: string.format has no %p here: addresses differ in every run");
  }
  CHECK(contains(filter("string.format('%d', tags) == ''"),
                 "bad argument #2 to 'format' (number expected, got table)"));
  CHECK(contains(filter("string.format('%s') == ''"), "bad argument #2 to 'format' (no value)"));
  CHECK(contains(filter("('%5'):format(1) == ''"), "invalid conversion"));
  CHECK(contains(filter("tostring() == ''"), "bad argument #1 to 'tostring' (value expected)"));
  CHECK(filter("r[tags] == 1") == "where: there is no field or variable 'table'");
}

TEST_CASE("filter shows a message whole, a NUL in it written out") {
  CHECK(filter(R"(error('a\0b\0'))") == R"(where: a\0b\0)");
  CHECK(filter(R"(r['a\0b'] == 1)") == R"(where: there is no field or variable 'a\0b')");
}

TEST_CASE("filter repeats the empty text without end in no time") {
  CHECK(filter("(''):rep(math.maxinteger) == ''") == "kept");
  CHECK(filter("page:rep(3, ',') == '/a,/a,/a' and page:rep(0) == '' and page:rep(-1) == ''") ==
        "kept");
  CHECK(filter("page:rep(1, ',') == '/a' and (''):rep(3, 'x') == 'xx'") == "kept");
}

TEST_CASE("filter knows Lua's patterns") {
  for (const char* const where :
       {"('key = value'):match('^(%w+)%s*=%s*(%w+)$') == 'key'",
        "select(2, ('key = value'):match('^(%w+)%s*=%s*(%w+)$')) == 'value'",
        "('hello'):find('l+') == 3 and select(2, ('hello'):find('l+')) == 4",
        "('hello'):find('xyz') == nil and ('hello'):find('') == 1 and ('hello'):find('', 9) == nil",
        "('a.b'):find('.', 1, true) == 2 and ('a.b'):find('%.') == 2",
        "('hello'):match('l()') == 4 and ('hello'):match('(h)(.-)(l)') == 'h'",
        "('f(a(b)c)d'):match('%b()') == '(a(b)c)'",
        "('THE (quick) fox'):find('%f[%a]%a+%f[%A]') == 1",
        "('\"it\\'s\" x'):match('([\"\\'])(.-)%1') == '\"'",
        "('abc'):gsub('%w', '%0%0') == 'aabbcc' and ('abc'):gsub('', '-') == '-a-b-c-'",
        "('hello world'):gsub('o', '0', 1) == 'hell0 world'",
        "('$a $b'):gsub('%$(%w+)', { a = 1 }) == '1 $b'",
        "('abc'):gsub('b', function(c) return c:upper() end) == 'aBc'",
        "('x]y'):find('[]]') == 2 and ('a-z'):gsub('[a-]', '') == 'z' and ('^'):find('[%^]') == 1",
        "(function() local n = 0 for k, v in ('a=1, b=2'):gmatch('(%w)=(%w)') do n = n + v end "
        "return n == 3 end)()"}) {
    CAPTURE(where);
    CHECK(filter(where) == "kept");
  }
  CHECK(filter("page:find('[a') == 1") == "where: malformed pattern (missing ']')");
  CHECK(filter("page:find('%') == 1") == "where: malformed pattern (ends with '%')");
  CHECK(filter("page:find('(a') == 1") == "where: unfinished capture");
  CHECK(filter("page:gsub('a', '%2') == ''") == "where: invalid capture index %2");
  CHECK(contains(filter("page:find(('a?'):rep(1000) .. 'b') == 1"), "pattern too complex"));
}

TEST_CASE("filter bounds the work of patterns, and the next record has all of it again") {
  Harness harness(loaded("record/filter"), {.options = {{"where", "page:find('.-.-.-b') ~= nil"}},
                                            .inputs = {{{"page", Type::kText}}}});
  harness.push({{{"page", "aab"}}, {{"page", std::string(100'000, 'a')}}, {{"page", "aab"}}});
  CHECK(harness.rows().size() == 2);
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].message == "where: the patterns of one record take too many steps");
}
