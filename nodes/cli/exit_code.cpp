#include "exit_code.hpp"

namespace sage::cli {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
      return kExitConfig;
    case ErrorKind::kUsage:
      return kExitUsage;
    case ErrorKind::kMissing:
      return kExitMissing;
    case ErrorKind::kIo:
      return kExitIo;
    case ErrorKind::kNotAllowed:
      return kExitNotAllowed;
    case ErrorKind::kConflict:
      return kExitConflict;
    case ErrorKind::kUnavailable:
      return kExitUnavailable;
    case ErrorKind::kTimedOut:
      return kExitTimedOut;
    case ErrorKind::kFailed:
      return kExitFailed;
    case ErrorKind::kInternal:
      return kExitInternal;
  }
  return kExitInternal;
}

int exit_code(const Diagnostics& findings) {
  for (const Error& finding : findings) {
    if (finding.severity == Severity::kError)
      return exit_code(finding.kind);
  }
  return kExitOk;
}

}  // namespace sage::cli
