#pragma once
// Reads a whole file of bounded size. [any]

#include "base/result.hpp"

#include <cstddef>
#include <string>

namespace sage::spec {

// At most `limit` bytes: a longer file gives `limit + 1`, so that the caller sees it. Errors are
// ErrorKind::kIo with the place 1:1. Anything but a regular file is an error if `regular`.
Result<std::string> read_file(const std::string& path, std::size_t limit, bool regular);

}  // namespace sage::spec
