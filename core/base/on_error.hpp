#pragma once
// What becomes of a record that its stage cannot process, and where dead letters come out.

#include <cstdint>
#include <string_view>

namespace sage {

enum class OnError { kFail, kSkip, kDeadLetter };

// The output port of a stage's dead letters, read as `id.errors`.
inline constexpr std::uint32_t kErrorPort = UINT32_MAX;
inline constexpr std::string_view kErrorPortName = "errors";

}  // namespace sage
