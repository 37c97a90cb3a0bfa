#include "base/codes.hpp"

#include "base/codes_table.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sage {
namespace {

std::vector<CodeInfo> join() {
  std::vector<CodeInfo> all;
  for (const auto part : {file_codes(), graph_codes(), plugin_codes(), option_codes(), run_codes(),
                          command_codes()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const CodeInfo& a, const CodeInfo& b) { return a.code < b.code; });
  return all;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::span<const CodeInfo> all_codes() {
  static const std::vector<CodeInfo> kAll = join();
  return kAll;
}

const CodeInfo* find_code(std::string_view code) {
  constexpr std::string_view kPrefix = "SAGE-";
  std::string wanted;
  for (const char c : code.substr(0, 16)) {
    wanted += upper(c);
  }
  if (wanted.starts_with(kPrefix))
    wanted.erase(0, kPrefix.size());
  for (const CodeInfo& info : all_codes()) {
    if (info.code == wanted)
      return &info;
  }
  return nullptr;
}

}  // namespace sage
