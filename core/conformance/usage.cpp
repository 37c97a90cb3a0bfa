#include "conformance/usage.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>

#include <malloc.h>

// There in a build with the address sanitizer, whose heap is not malloc's.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes()  // NOLINT: theirs
    __attribute__((weak));

namespace sage::conformance {
namespace {

std::int64_t entries(const char* folder) {
  std::error_code failed;
  std::int64_t n = 0;
  for (std::filesystem::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed))
    ++n;
  return n;
}

std::int64_t heap_bytes() {
  if (__sanitizer_get_current_allocated_bytes != nullptr)
    return static_cast<std::int64_t>(__sanitizer_get_current_allocated_bytes());
  const struct mallinfo2 info = ::mallinfo2();
  return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}

}  // namespace

Usage usage_now() {
  Usage usage;
  usage.heap = heap_bytes();
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  usage.resident = pages * ::sysconf(_SC_PAGESIZE);
  usage.descriptors = entries("/proc/self/fd");
  usage.threads = entries("/proc/self/task");
  return usage;
}

}  // namespace sage::conformance
