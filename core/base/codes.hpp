#pragma once
// Every error code of the engine, with the text that `sage explain` prints. Constant data. [any]

#include <span>
#include <string_view>

namespace sage {

struct CodeInfo {
  std::string_view code;   // "E0107"
  std::string_view title;  // "unknown option"
  std::string_view text;   // why it happens and what to do, a few sentences
};

std::span<const CodeInfo> all_codes();
// Accepts "E0107", "SAGE-E0107", "w0311". nullptr: no such code.
const CodeInfo* find_code(std::string_view code);

}  // namespace sage
