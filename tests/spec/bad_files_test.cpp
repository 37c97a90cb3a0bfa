// Every file in bad/ begins with a comment that says what is to be found in it, and where.

#include "base/codes.hpp"
#include "spec/parse.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<std::filesystem::path> bad_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = std::filesystem::path(SAGE_SOURCE_DIR) / "tests/spec/bad";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a bad pipeline file: all that is wrong is found, at its place", "[spec]") {
  constexpr std::string_view kMark = "# want ";
  std::set<std::string> codes;
  for (const auto& file : bad_files()) {
    INFO(file.filename().string());
    const std::string text = contents(file);
    REQUIRE(text.starts_with(kMark));
    const std::string want = text.substr(kMark.size(), text.find('\n') - kMark.size());
    const spec::Parsed parsed = spec::parse(text);
    INFO(spec::messages(parsed.findings));
    CHECK(spec::found(parsed.findings) == want);
    CHECK(has_errors(parsed.findings));
    for (const Error& error : parsed.findings) {
      CHECK(find_code(error.code) != nullptr);
      CHECK(error.kind == ErrorKind::kInvalid);
      CHECK((error.code[0] == 'W') == (error.severity == Severity::kWarning));
      CHECK(!error.message.empty());
      REQUIRE(error.place);
      CHECK(error.place->file == "p.toml");
      CHECK(error.place->length >= 1);
      codes.insert(error.code);
    }
  }
  CHECK(bad_files().size() >= 100);
  CHECK(codes.size() >= 24);
}

TEST_CASE("a bad pipeline file: the same with Windows line ends", "[spec]") {
  constexpr std::string_view kMark = "# want ";
  for (const auto& file : bad_files()) {
    INFO(file.filename().string());
    std::string text;
    for (const char c : contents(file)) {
      text += c == '\n' ? "\r\n" : std::string(1, c);
    }
    const std::string want = text.substr(kMark.size(), text.find('\r') - kMark.size());
    const spec::Parsed parsed = spec::parse(text);
    INFO(spec::messages(parsed.findings));
    CHECK(spec::found(parsed.findings) == want);
  }
}
