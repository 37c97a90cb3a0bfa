#include "schema/key.hpp"

#include "base/hash.hpp"

#include <sage/types.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace sage::schema {

namespace {

constexpr std::uint32_t kInlineMax = 15;  // key bytes that fit the 16-byte block
constexpr std::uint32_t kStep = 256;      // records hashed at a time: stays in L1

bool is_bytes(std::uint32_t type) { return type == SAGE_TEXT || type == SAGE_DATA; }

std::string_view bytes_field(const std::uint8_t* body, const sage_field& field,
                             std::uint32_t data_words) {
  const std::uint8_t* at = body + 8 * (std::size_t{data_words} + field.offset);
  if (field.type == SAGE_TEXT)
    return wire::text_at(at);
  const std::uint64_t pointer = wire::load64(at);
  return {reinterpret_cast<const char*>(wire::list_target(at, pointer)), wire::list_count(pointer)};
}

std::uint64_t canonical_word(const std::uint8_t* body, const sage_field& field) {
  if (field.type == SAGE_BOOL)
    return (body[field.offset / 8] >> (field.offset % 8)) & 1u;
  const std::uint64_t word = wire::load64(body + 8 * std::size_t{field.offset});
  if (field.type != SAGE_FLOAT64)
    return word;
  const double value = std::bit_cast<double>(word);
  if (std::isnan(value))
    return std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN());
  return value == 0 ? 0 : word;  // -0.0 as 0.0
}

std::uint8_t* put_field(std::uint8_t* at, const std::uint8_t* body, const sage_field& field,
                        std::uint32_t data_words, bool with_length) {
  if (!is_bytes(field.type)) {
    const std::uint64_t word = canonical_word(body, field);
    std::memcpy(at, &word, 8);
    return at + 8;
  }
  const std::string_view text = bytes_field(body, field, data_words);
  if (with_length) {
    const auto len = static_cast<std::uint32_t>(text.size());
    std::memcpy(at, &len, 4);
    at += 4;
  }
  if (!text.empty())
    std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// The block of a key of at most 15 bytes. 16 bytes from `key` on may be read (buffer slack).
void fill_block(const std::uint8_t* key, std::uint32_t len, std::uint8_t* block) {
  std::uint64_t lo = wire::load64(key);
  std::uint64_t hi = wire::load64(key + 8);
  // Shift in two steps of at most 63 bits: no branch on the length.
  const std::uint32_t lo_bits = 8 * std::min(len, 8u);
  const std::uint32_t hi_bits = 8 * (len - std::min(len, 8u));
  lo &= lo_bits == 64 ? ~0ull : (1ull << lo_bits) - 1;
  hi &= (1ull << hi_bits) - 1;
  hi |= std::uint64_t{len + 1} << 56;
  wire::store64(block, lo);
  wire::store64(block + 8, hi);
}

}  // namespace

std::uint64_t key_hash(std::string_view key) {
  if (key.size() > kInlineMax)
    return hash64(key);
  std::uint8_t block[16] = {};
  if (!key.empty())
    std::memcpy(block, key.data(), key.size());
  block[15] = static_cast<std::uint8_t>(key.size() + 1);
  return hash64({reinterpret_cast<const char*>(block), sizeof block});
}

KeyExtractor::KeyExtractor(const Schema& schema, const std::vector<std::uint32_t>& fields)
    : data_words_(schema.c_table().data_words) {
  for (const std::uint32_t i : fields)
    fields_.push_back(schema.c_table().fields[i]);
  const std::uint32_t type = fields_[0].type;
  if (fields_.size() == 1 && type != SAGE_BOOL && type != SAGE_FLOAT64)
    place_ = is_bytes(type) ? Place::kText : Place::kWord;
}

std::uint64_t KeyExtractor::bytes_needed(std::span<const sage_record> records,
                                         const sage_buffer* buffers) const {
  if (in_place())
    return 0;
  std::uint64_t total = 0;
  for (const sage_record& record : records) {
    const std::uint8_t* body = buffers[record.buf].data + record.off;
    for (const sage_field& field : fields_) {
      total += is_bytes(field.type) ? 4 + bytes_field(body, field, data_words_).size() : 8;
    }
  }
  return total;
}

// Where the key bytes of one record are; assembles them at scratch + used if they are not in place.
template <KeyExtractor::Place kPlace>
inline sage_key KeyExtractor::locate(const std::uint8_t* base, const std::uint8_t* body,
                                     std::uint8_t* scratch, std::uint64_t& used) const {
  if constexpr (kPlace == Place::kWord) {
    const std::uint8_t* word = body + 8 * std::size_t{fields_[0].offset};
    return {static_cast<std::uint32_t>(word - base), 8};
  } else if constexpr (kPlace == Place::kText) {
    const std::string_view text = bytes_field(body, fields_[0], data_words_);
    return {static_cast<std::uint32_t>(reinterpret_cast<const std::uint8_t*>(text.data()) - base),
            static_cast<std::uint32_t>(text.size())};
  } else {
    std::uint8_t* const begin = scratch + used;
    std::uint8_t* end = begin;
    for (const sage_field& field : fields_) {
      end = put_field(end, body, field, data_words_, fields_.size() > 1);
    }
    const sage_key key{static_cast<std::uint32_t>(used), static_cast<std::uint32_t>(end - begin)};
    used += key.len;
    return key;
  }
}

template <KeyExtractor::Place kPlace>
void KeyExtractor::extract_from(std::span<sage_record> records, const sage_buffer* buffers,
                                sage_key* keys, std::uint8_t* scratch) const {
  alignas(16) std::uint8_t blocks[kStep][16];
  std::uint64_t hashes[kStep];
  std::uint64_t used = 0;
  for (std::size_t start = 0; start < records.size(); start += kStep) {
    const std::span<sage_record> step =
        records.subspan(start, std::min<std::size_t>(kStep, records.size() - start));
    sage_key* const key = keys + start;
    for (std::size_t i = 0; i < step.size(); ++i) {
      const std::uint8_t* base = buffers[step[i].buf].data;
      key[i] = locate<kPlace>(base, base + step[i].off, scratch, used);
      const std::uint8_t* const from = kPlace == Place::kScratch ? scratch : base;
      fill_block(from + key[i].off, kPlace == Place::kWord ? 8 : std::min(key[i].len, kInlineMax),
                 blocks[i]);
    }
    hash64_blocks(blocks, static_cast<std::uint32_t>(step.size()), hashes);
    for (std::size_t i = 0; i < step.size(); ++i) {
      step[i].key = hashes[i];
      if (kPlace == Place::kWord || key[i].len <= kInlineMax)
        continue;
      const std::uint8_t* from = kPlace == Place::kScratch ? scratch : buffers[step[i].buf].data;
      step[i].key = hash64({reinterpret_cast<const char*>(from + key[i].off), key[i].len});
    }
  }
}

void KeyExtractor::extract(std::span<sage_record> records, const sage_buffer* buffers,
                           sage_key* keys, std::uint8_t* scratch) const {
  switch (place_) {
    case Place::kWord:
      return extract_from<Place::kWord>(records, buffers, keys, scratch);
    case Place::kText:
      return extract_from<Place::kText>(records, buffers, keys, scratch);
    case Place::kScratch:
      return extract_from<Place::kScratch>(records, buffers, keys, scratch);
  }
}

}  // namespace sage::schema
