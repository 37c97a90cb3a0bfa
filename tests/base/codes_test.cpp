#include "base/codes.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

using sage::all_codes;
using sage::find_code;

TEST_CASE("codes: sorted, unique, well-formed, and each has something to say", "[base]") {
  std::set<std::string_view> titles;
  std::string_view last;
  for (const sage::CodeInfo& info : all_codes()) {
    INFO(info.code);
    CHECK(std::regex_match(std::string(info.code), std::regex("[EW]0[0-9]{3}")));
    CHECK(last < info.code);
    last = info.code;
    CHECK(titles.insert(info.title).second);
    CHECK(info.title.size() <= 60);
    CHECK(info.title.find('.') == std::string_view::npos);
    CHECK(info.text.size() >= 40);
    CHECK(info.text.back() == '.');
    CHECK(info.text.find("  ") == std::string_view::npos);
  }
}

TEST_CASE("codes: found in every way of writing them", "[base]") {
  for (const char* written : {"E0107", "e0107", "SAGE-E0107", "sage-e0107"}) {
    INFO(written);
    REQUIRE(find_code(written) != nullptr);
    CHECK(find_code(written)->title == "unknown option");
  }
  CHECK(find_code("w0101") != nullptr);
  for (const char* written : {"", "E", "0107", "E01070", "SAGE-", "SAGE-SAGE-E0107", "E0999",
                              "SAGE-E0107 and a great deal more than a code has"}) {
    INFO(written);
    CHECK(find_code(written) == nullptr);
  }
}

TEST_CASE("codes: the sources use the codes of the table, all of them and no others", "[base]") {
  const std::regex code("\"(?:SAGE-)?([EW]0[0-9]{3})[\":]");
  std::set<std::string> used;
  const std::filesystem::path root(SAGE_SOURCE_DIR);
  for (const char* folder : {"core", "nodes", "plugins"}) {
    if (!std::filesystem::exists(root / folder))
      continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with("pp") || name.starts_with("codes_"))
        continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const std::string source = text.str();
      for (std::sregex_iterator it(source.begin(), source.end(), code), end; it != end; ++it) {
        INFO(entry.path().string() << " uses " << (*it)[1]);
        CHECK(find_code((*it)[1].str()) != nullptr);
        used.insert((*it)[1].str());
      }
    }
  }
  for (const sage::CodeInfo& info : all_codes()) {
    if (info.code == "E0001")  // said by assertions, inside a format
      continue;
    INFO("nothing says " << info.code);
    CHECK(used.contains(std::string(info.code)));
  }
}
