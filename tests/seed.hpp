#pragma once
// The seed of a test at random. [any]

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace sage::test {

// SAGE_TEST_SEED where it is set, else `usual`; printed, so that every run can be repeated.
inline std::uint32_t seed(std::uint32_t usual) {
  std::uint32_t seed = usual;
  if (const char* const given = std::getenv("SAGE_TEST_SEED"); given != nullptr) {
    char* end = nullptr;
    const unsigned long value = std::strtoul(given, &end, 10);
    if (end == given || *end != '\0' || value > UINT32_MAX)
      throw std::runtime_error("SAGE_TEST_SEED is no number of 32 bits: " + std::string(given));
    seed = static_cast<std::uint32_t>(value);
  }
  std::printf("SAGE_TEST_SEED=%u\n", seed);
  std::fflush(stdout);
  return seed;
}

}  // namespace sage::test
