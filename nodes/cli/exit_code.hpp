#pragma once
// The exit codes of interface.md, and which error gives which. Pure.

#include "base/result.hpp"

namespace sage::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitMissing = 4;
inline constexpr int kExitTimedOut = 6;
inline constexpr int kExitConflict = 7;
inline constexpr int kExitUnavailable = 69;
inline constexpr int kExitInternal = 70;
inline constexpr int kExitIo = 74;
inline constexpr int kExitNotAllowed = 77;
inline constexpr int kExitConfig = 78;
inline constexpr int kExitSignal = 128;  // + number of the signal

int exit_code(ErrorKind kind);
// Of the first error among the findings; kExitOk if there is none.
int exit_code(const Diagnostics& findings);

}  // namespace sage::cli
