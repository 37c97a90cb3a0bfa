#pragma once
// The error codes of this room (base/codes_plugin.cpp explains them) and the Error that refuses a
// file. Constants. [any]

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace sage::plugin {

inline constexpr std::string_view kNoPlugin = "E0301";
inline constexpr std::string_view kNoOperator = "E0302";
inline constexpr std::string_view kNoVersion = "E0303";
inline constexpr std::string_view kNotElf = "E0304";
inline constexpr std::string_view kOtherMachine = "E0305";
inline constexpr std::string_view kDamaged = "E0306";
inline constexpr std::string_view kNoNote = "E0307";
inline constexpr std::string_view kNoEntry = "E0308";
inline constexpr std::string_view kOtherMajor = "E0309";
inline constexpr std::string_view kNeedsNewer = "E0310";
inline constexpr std::string_view kCrashed = "E0311";
inline constexpr std::string_view kHung = "E0312";
inline constexpr std::string_view kBadDescriptor = "E0313";
inline constexpr std::string_view kWorldWritable = "E0314";
inline constexpr std::string_view kNotLoadable = "E0315";
inline constexpr std::string_view kNoScanner = "E0316";
inline constexpr std::string_view kNoCache = "E0317";
inline constexpr std::string_view kUnreadable = "E0318";
inline constexpr std::string_view kNoFile = "E0319";
inline constexpr std::string_view kExecutable = "E0320";
inline constexpr std::string_view kChanged = "E0321";
inline constexpr std::string_view kManyExports = "E0322";
inline constexpr std::string_view kUniqueSymbols = "E0323";
inline constexpr std::string_view kNoteDiffers = "E0324";
inline constexpr std::string_view kDuplicate = "E0325";
inline constexpr std::string_view kRefusedHost = "E0326";
inline constexpr std::string_view kOtherPipeline = "E0327";

inline Error refuse(std::string_view code, std::string message,
                    ErrorKind kind = ErrorKind::kInvalid) {
  return Error{kind, std::string(code), std::move(message), "", {}, Severity::kError};
}

}  // namespace sage::plugin
