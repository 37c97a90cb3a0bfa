// Field types and the C++ types that stand for them.
#pragma once

#include "schema.h"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sage {

enum class Type : std::uint32_t {
  kBool = SAGE_BOOL,
  kInt64 = SAGE_INT64,
  kFloat64 = SAGE_FLOAT64,
  kText = SAGE_TEXT,
  kData = SAGE_DATA,
  kTimestamp = SAGE_TIMESTAMP,
  kListText = SAGE_LIST_TEXT,
  kListInt64 = SAGE_LIST_INT64,
  kListFloat64 = SAGE_LIST_FLOAT64,
  kListFloat32 = SAGE_LIST_FLOAT32
};

inline constexpr std::array<std::string_view, 11> kTypeNames = {
    "",          "bool",       "int64",       "float64",       "text",         "data",
    "timestamp", "list<text>", "list<int64>", "list<float64>", "list<float32>"};

constexpr std::string_view type_name(Type type) {
  const auto i = static_cast<std::size_t>(type);
  return i < kTypeNames.size() ? kTypeNames[i] : std::string_view();
}

constexpr std::optional<Type> parse_type(std::string_view name) {
  for (std::uint32_t i = 1; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i] == name) {
      return static_cast<Type>(i);
    }
  }
  return std::nullopt;
}

constexpr bool is_list(Type type) { return type >= Type::kListText; }
// In the data section (a bit or a word) rather than behind a pointer.
constexpr bool is_scalar(Type type) { return type <= Type::kFloat64 || type == Type::kTimestamp; }

// One field of a schema being put together.
struct FieldSpec {
  std::string name;
  Type type = Type::kText;
  bool operator==(const FieldSpec&) const = default;
};

// int64 nanoseconds since 1970 UTC.
struct Timestamp {
  std::int64_t ns = 0;
  auto operator<=>(const Timestamp&) const = default;
};

using BytesView = std::span<const std::uint8_t>;

inline std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

namespace wire {  // the few facts of the Cap'n Proto encoding that a flat struct needs

inline std::uint64_t load64(const std::uint8_t* p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}
inline void store64(std::uint8_t* p, std::uint64_t word) { std::memcpy(p, &word, sizeof word); }

inline constexpr std::uint64_t kElementByte = 2;
inline constexpr std::uint64_t kElementFour = 4;
inline constexpr std::uint64_t kElementEight = 5;
inline constexpr std::uint64_t kElementPointer = 6;

// A list pointer stored at `at` that points to `target` (both in one buffer).
inline std::uint64_t list_pointer(const std::uint8_t* at, const std::uint8_t* target,
                                  std::uint64_t element, std::uint64_t count) {
  const auto words = static_cast<std::uint64_t>((target - at - 8) / 8);
  return ((words << 2) & 0xffffffffu) | 1u | (element << 32) | (count << 35);
}
inline const std::uint8_t* list_target(const std::uint8_t* at, std::uint64_t pointer) {
  return at + 8 + static_cast<std::int64_t>(static_cast<std::int32_t>(pointer) >> 2) * 8;
}
inline std::uint32_t list_count(std::uint64_t pointer) {
  return static_cast<std::uint32_t>(pointer >> 35);
}
// A null pointer is the empty text; otherwise the count holds the NUL behind it, too.
inline std::string_view text_at(const std::uint8_t* at) {
  const std::uint64_t pointer = load64(at);
  const std::uint32_t count = list_count(pointer);
  return {reinterpret_cast<const char*>(list_target(at, pointer)), count - (count != 0)};
}

}  // namespace wire

// The values of a list field; borrowed from the record.
template <class T>
class ListView {
 public:
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    Iterator() = default;
    Iterator(const std::uint8_t* at) : at_(at) {}
    T operator*() const { return ListView::load(at_); }
    Iterator& operator++() {
      at_ += kStride;
      return *this;
    }
    Iterator operator++(int) {
      Iterator old = *this;
      ++*this;
      return old;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const std::uint8_t* at_ = nullptr;
  };

  ListView() = default;
  ListView(const std::uint8_t* data, std::uint32_t size) : data_(data), size_(size) {}
  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T operator[](std::size_t i) const { return load(data_ + i * kStride); }
  Iterator begin() const { return {data_}; }
  Iterator end() const { return {data_ + size_ * kStride}; }
  const std::uint8_t* bytes() const { return data_; }

  static constexpr std::size_t kStride = std::is_same_v<T, std::string_view> ? 8 : sizeof(T);

 private:
  static T load(const std::uint8_t* at) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      return wire::text_at(at);
    } else {
      T value{};
      std::memcpy(&value, at, sizeof value);
      return value;
    }
  }
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// T: bool, int64_t, double, Timestamp, std::string_view (text), BytesView (data), or ListView of
// std::string_view, int64_t, double, float.
template <class T>
inline constexpr Type kTypeOf = Type{};
template <>
inline constexpr Type kTypeOf<bool> = Type::kBool;
template <>
inline constexpr Type kTypeOf<std::int64_t> = Type::kInt64;
template <>
inline constexpr Type kTypeOf<double> = Type::kFloat64;
template <>
inline constexpr Type kTypeOf<Timestamp> = Type::kTimestamp;
template <>
inline constexpr Type kTypeOf<std::string_view> = Type::kText;
template <>
inline constexpr Type kTypeOf<BytesView> = Type::kData;
template <>
inline constexpr Type kTypeOf<ListView<std::string_view>> = Type::kListText;
template <>
inline constexpr Type kTypeOf<ListView<std::int64_t>> = Type::kListInt64;
template <>
inline constexpr Type kTypeOf<ListView<double>> = Type::kListFloat64;
template <>
inline constexpr Type kTypeOf<ListView<float>> = Type::kListFloat32;

}  // namespace sage
