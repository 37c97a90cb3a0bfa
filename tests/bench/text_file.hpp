#pragma once
// Input of the word count benchmark: words drawn from a Zipf distribution, the same bytes for the
// same seed on every machine.

#include <cstdint>
#include <string>

namespace sage::bench {

// Writes about `bytes` bytes to `file`; lines of about 60 characters. False: it could not.
bool write_zipf_text(const std::string& file, std::uint64_t bytes, std::uint32_t distinct,
                     std::uint64_t seed);

}  // namespace sage::bench
