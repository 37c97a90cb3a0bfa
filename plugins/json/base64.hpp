#pragma once
// Base64 as RFC 4648 section 4 has it: padded, no white space, unused bits zero.

#include <cstdint>
#include <string_view>
#include <vector>

namespace sage::json {

// Replaces what `bytes` held; false, and `bytes` unspecified, if the text is not base64.
bool decode_base64(std::string_view text, std::vector<std::uint8_t>& bytes);

}  // namespace sage::json
