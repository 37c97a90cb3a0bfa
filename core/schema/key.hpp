#pragma once
// Canonical key bytes, key hash and key group (semantics.md 2). Frozen: state and routing depend
// on it. [any]

#include "schema/schema.hpp"

#include <sage/plugin.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sage::schema {

// XXH3-64, seed 0: up to 15 bytes of one 16-byte block (the bytes, zeros, length + 1 last), longer
// keys of the bytes.
std::uint64_t key_hash(std::string_view key);

inline std::uint32_t key_group(std::uint64_t hash, std::uint32_t groups) {
  return static_cast<std::uint32_t>(hash % groups);
}
// The instance that owns a key group: group * parallelism / groups.
inline std::uint32_t group_owner(std::uint32_t group, std::uint32_t parallelism,
                                 std::uint32_t groups) {
  return static_cast<std::uint32_t>(std::uint64_t{group} * parallelism / groups);
}

// Fills in the keys of a batch.
class KeyExtractor {
 public:
  // `fields`: indexes into the schema, none of a list type (checked by plan/).
  KeyExtractor(const Schema& schema, const std::vector<std::uint32_t>& fields);

  // True: the key bytes lie in the payload of each record (a single text, data, int64 or timestamp
  // field); false: extract() must be given a buffer.
  bool in_place() const { return place_ != Place::kScratch; }
  // Bytes of scratch that extract() needs at most for these records.
  std::uint64_t bytes_needed(std::span<const sage_record> records,
                             const sage_buffer* buffers) const;
  // Writes records[i].key and keys[i]. In place: ranges of each record's own buffer. Otherwise:
  // key bytes are written to `scratch` and the ranges count from there.
  void extract(std::span<sage_record> records, const sage_buffer* buffers, sage_key* keys,
               std::uint8_t* scratch) const;

 private:
  // Where the bytes of a key are: in a word of the payload, in a text of it, or put together.
  enum class Place { kWord, kText, kScratch };
  template <Place kPlace>
  sage_key locate(const std::uint8_t* base, const std::uint8_t* body, std::uint8_t* scratch,
                  std::uint64_t& used) const;
  template <Place kPlace>
  void extract_from(std::span<sage_record> records, const sage_buffer* buffers, sage_key* keys,
                    std::uint8_t* scratch) const;

  std::vector<sage_field> fields_;
  std::uint32_t data_words_ = 0;
  Place place_ = Place::kScratch;
};

}  // namespace sage::schema
