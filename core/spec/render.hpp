#pragma once
// Shows a finding to a person: what is wrong, where, the line of the file with the place
// underlined, and what to do. Pure. [any]

#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sage::spec {

struct RenderOptions {
  bool color = false;
  std::size_t width = 100;  // of the source line; longer ones are cut around the place
};

// One line of text as a terminal may show it: what would move the cursor or change colours, and
// what is not UTF-8, is written out (\x1b).
std::string visible(std::string_view text);

// `lines` are those of `file`; a place in another file is shown without its line. Ends with "\n".
std::string render(const Error& error, const std::string& file, std::span<const std::string> lines,
                   const RenderOptions& options);

}  // namespace sage::spec
